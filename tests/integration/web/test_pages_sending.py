"""Sending a package, the answer to it, and sending it again."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest
from flask import Flask

from marshrut.demonstration.town import done
from tests.integration.web.signing_site import (
    Browser,
    browser_of,
    fixed_approval,
    forward,
    signed_letter,
)
from tests.told_once import told_once
from tests.world import World
from workflow.domain.documents import Document
from workflow.domain.submissions import Submission, SubmissionState
from workflow.usecases.accept import accept, return_package


@pytest.fixture
@told_once
def letter(world: World, case_id: UUID) -> Document:
    return signed_letter(world, case_id)


def _delivery(letter: Document) -> str:
    return f"/documents/{letter.id}/delivery"


def _submissions(world: World, letter: Document) -> list[Submission]:
    with world.services.uow.reading() as tx:
        return [s for s in tx.submissions.of_document(letter.id) if s.letter_id == letter.id]


def test_package_is_shown_with_what_it_meets_and_sent_once(
    world: World, clerk: Browser, letter: Document
) -> None:
    page = clerk.read(_delivery(letter))
    for said in ("Приказ об утверждении", "Отдел образования", "осталось"):
        assert said in page
    for _click in range(2):
        assert clerk.send(_delivery(letter), page).status_code == 303
    (sent,) = _submissions(world, letter)
    after = clerk.read(_delivery(letter))
    assert "Документы отправлены" in after
    assert sent.number in after
    assert sent.incoming_number in after


def test_only_the_clerk_sends(world: World, head: Browser, letter: Document) -> None:
    assert 'aria-disabled="true"' in head.read(_delivery(letter))
    answer = head.send(_delivery(letter), head.read("/my-signature"))
    assert answer.status_code == 409
    assert _submissions(world, letter) == []


def test_after_the_term_a_reason_is_asked_for_and_kept(
    world: World, app: Flask, letter: Document
) -> None:
    forward(world, days=31)
    clerk = browser_of(app, world, "zaytseva")
    page = clerk.read(_delivery(letter))
    assert 'name="reason"' in page
    silent = clerk.send(_delivery(letter), page, reason="  ")
    assert silent.status_code == 422
    assert _submissions(world, letter) == []
    told = clerk.send(_delivery(letter), page, reason="Болезнь делопроизводителя")
    assert told.status_code == 303
    assert _submissions(world, letter)[0].reason_late == "Болезнь делопроизводителя"
    assert "Болезнь делопроизводителя" in clerk.read(_delivery(letter))


def test_unsigned_letter_cannot_be_sent(world: World, clerk: Browser, case_id: UUID) -> None:
    order = fixed_approval(world, case_id)
    page = clerk.read(_delivery(order))
    assert 'aria-disabled="true"' in page
    assert clerk.send(_delivery(order), clerk.read("/my-signature")).status_code == 409


def test_receipt_is_shown_with_its_number(world: World, clerk: Browser, letter: Document) -> None:
    clerk.send(_delivery(letter), clerk.read(_delivery(letter)))
    world.work()
    accepted = done(
        accept(world.services, world.actor("gareev"), _submissions(world, letter)[0].id)
    )
    assert accepted.receipt is not None
    page = clerk.read(_delivery(letter))
    assert "Отправка принята" in page
    assert accepted.receipt.number in page


def test_returned_package_is_sent_again_with_a_new_letter(
    world: World, clerk: Browser, letter: Document
) -> None:
    clerk.send(_delivery(letter), clerk.read(_delivery(letter)))
    world.work()
    submission = _submissions(world, letter)[0]
    repair = world.clock().date() + timedelta(days=7)
    officer = world.actor("gareev")
    done(return_package(world.services, officer, submission.id, "Нет сроков в плане.", repair))
    page = clerk.read(_delivery(letter))
    for said in ("Нет сроков в плане.", "11\N{NO-BREAK SPACE}мая", "Отправить повторно"):
        assert said in page
    answer = clerk.send(f"{_delivery(letter)}/again", page)
    assert answer.status_code == 303
    with world.services.uow.reading() as tx:
        letters = [d for d in tx.documents.of_case(letter.lines[0].case_id) if d.type_code == "D33"]
    new = next(d for d in letters if d.id != letter.id)
    assert tuple(new.facts["package"]) == tuple(letter.facts["package"])  # type: ignore[arg-type]  # ids
    assert _submissions(world, letter)[0].state is SubmissionState.RETURNED


def test_nothing_is_sent_again_that_was_not_returned(
    world: World, clerk: Browser, head: Browser, letter: Document
) -> None:
    page = clerk.read(_delivery(letter))
    assert clerk.send(f"{_delivery(letter)}/again", page).status_code == 409
