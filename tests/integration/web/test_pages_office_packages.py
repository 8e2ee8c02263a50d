"""Packages: the receiver's own examination, the answer, the notice."""

from __future__ import annotations

import json
from dataclasses import replace
from uuid import UUID, uuid4

import pytest
from flask import Flask

from marshrut.demonstration.town import done
from tests.integration.web.office_site import KINDERGARTEN, ROADMAP, delivered, ordered
from tests.integration.web.signing_site import Browser, browser_of
from tests.told_once import told_once
from tests.world import World
from workflow.domain.submissions import Submission, SubmissionState
from workflow.usecases.accept import accept


@pytest.fixture
@told_once
def sent(world: World) -> Submission:
    """School 1 has sent its roadmap; the office's examination has not begun."""
    return delivered(world)[1]


@pytest.fixture
def officer(app: Flask, world: World) -> Browser:
    return browser_of(app, world, "gareev")


def _now(world: World, submission_id: UUID) -> Submission:
    with world.services.uow.reading() as tx:
        return tx.submissions.load(submission_id)


def test_while_it_is_examined_the_page_says_so_and_looks_again(
    officer: Browser, sent: Submission
) -> None:
    page = officer.read(f"/submissions/{sent.id}")
    assert "подписи проверяются" in page
    assert 'http-equiv="refresh"' in page
    assert "отчёт о проверке" not in page


def test_nothing_of_the_senders_own_check_is_shown(officer: Browser, sent: Submission) -> None:
    assert all(s.report for item in sent.items for s in item.signatures)
    assert officer.status(f"/submissions/{sent.id}/files/0/0/report") == 404


def test_examined_package_is_accepted_with_a_numbered_notice(
    officer: Browser, sent: Submission, world: World
) -> None:
    world.work()
    page = officer.read(f"/submissions/{sent.id}")
    assert page.count("Подпись действительна") == 3
    answer = officer.send(f"/submissions/{sent.id}/accept", page)
    assert answer.status_code == 303
    notice = officer.read(answer.location)
    assert "УВЕДОМЛЕНИЕ О ПРИЁМЕ" in notice
    assert "№ 1-ув" in notice
    receipt = _now(world, sent.id).receipt
    assert receipt is not None
    assert receipt.hashes
    assert all(sha256 in notice for sha256 in receipt.hashes)
    assert receipt.audit_head in notice


def test_package_is_answered_once(officer: Browser, sent: Submission, world: World) -> None:
    world.work()
    page = officer.read(f"/submissions/{sent.id}")
    assert officer.send(f"/submissions/{sent.id}/accept", page).status_code == 303
    again = officer.send(f"/submissions/{sent.id}/accept", page)
    assert again.status_code == 409
    assert "решение уже принято" in again.text


def test_package_cannot_be_accepted_before_it_is_examined(
    officer: Browser, sent: Submission, world: World
) -> None:
    page = officer.read(f"/submissions/{sent.id}/return")
    refused = officer.send(f"/submissions/{sent.id}/accept", page)
    assert refused.status_code == 409
    assert _now(world, sent.id).receipt is None


def test_return_asks_for_remarks_and_a_day_in_the_future(
    officer: Browser, clerk: Browser, sent: Submission, world: World
) -> None:
    world.work()
    address = f"/submissions/{sent.id}/return"
    page = officer.read(address)
    assert officer.send(address, page, reason="", repair_due="01.06.2026").status_code == 422
    past = officer.send(address, page, reason="Нет срока в п. 3", repair_due="01.05.2026")
    assert past.status_code == 409
    assert "Нет срока в п. 3" in past.text
    answer = officer.send(address, page, reason="Нет срока в п. 3", repair_due="01.06.2026")
    assert answer.status_code == 303
    assert _now(world, sent.id).state is SubmissionState.RETURNED
    notice = officer.read(answer.location)
    assert "УВЕДОМЛЕНИЕ О ВОЗВРАТЕ" in notice
    shown = clerk.read(f"/submissions/{sent.id}")
    assert "Исправьте документы и отправьте их снова" in shown
    assert "Нет срока в п. 3" in shown


def test_report_of_the_receiver_as_page_json_and_pdf(
    officer: Browser, sent: Submission, world: World
) -> None:
    world.work()
    address = f"/submissions/{sent.id}/files/0/0/report"
    assert "Сертификат не отозван" in officer.read(address)
    assert json.loads(officer.client.get(f"{address}.json").data)
    assert officer.client.get(f"{address}.pdf").data.startswith(b"%PDF")
    assert officer.status(f"/submissions/{sent.id}/files/9/0/report") == 404


def test_files_are_served_as_they_were_signed(
    officer: Browser, sent: Submission, world: World
) -> None:
    served = officer.client.get(f"/submissions/{sent.id}/files/0/0")
    assert served.mimetype == "application/pdf"
    assert served.data == world.services.blobs.get(sent.items[0].signatures[0].signature)
    assert officer.status(f"/submissions/{sent.id}/files/0/0/signature") == 404  # PAdES
    assert officer.status(f"/submissions/{sent.id}/files/0/7") == 404


def test_late_package_shows_the_senders_reason(app: Flask, world: World) -> None:
    _town, sent = delivered(world, days_later=32, reason="Отключали электричество")
    world.work()
    page = browser_of(app, world, "gareev").read(f"/submissions/{sent.id}")
    assert "Отправлено с опозданием" in page
    assert "Отключали электричество" in page
    assert "с опозданием на 2 рабочих дня" in page


def test_unconfirmed_head_is_said_and_after_confirming_it_is_examined_again(
    officer: Browser, sent: Submission, world: World
) -> None:
    mandate = _forget_confirmation(world)
    world.work()
    page = officer.read(f"/submissions/{sent.id}")
    assert "не подтверждён отделом" in page
    head = officer.read(f"/office/heads/{mandate}")
    assert "л/с" in head
    assert officer.send(f"/office/heads/{mandate}", head).status_code == 303
    answer = officer.send(f"/submissions/{sent.id}/again", page)
    assert answer.status_code == 303
    assert "подписи проверяются" in officer.read(f"/submissions/{sent.id}")
    world.work()
    assert officer.read(f"/submissions/{sent.id}").count("Подпись действительна") == 3


def _forget_confirmation(world: World) -> UUID:
    """The head of school 1 as if the office had never confirmed her."""
    with world.services.uow() as tx:
        held = tx.mandates.of_person(world.person("belova").person_id)
        tx.mandates.save(replace(held[0], confirmed_by=None), held[0])
        tx.commit()
    return held[0].id


def test_confirmed_package_is_not_examined_again(
    officer: Browser, sent: Submission, world: World
) -> None:
    world.work()
    page = officer.read(f"/submissions/{sent.id}")
    assert officer.send(f"/submissions/{sent.id}/again", page).status_code == 409
    assert _now(world, sent.id).state is SubmissionState.EXAMINED


def test_another_school_sees_nothing_of_a_package(
    app: Flask, sent: Submission, world: World
) -> None:
    world.work()
    stranger = browser_of(app, world, "petrov")
    pages = ("", "/notice", "/return", "/files/0/0", "/files/0/0/report")
    assert {stranger.status(f"/submissions/{sent.id}{page}") for page in pages} == {404}
    assert stranger.status(f"/submissions/{uuid4()}") == 404
    assert str(sent.id) not in stranger.read("/submissions")


def test_sender_sees_its_package_and_cannot_answer_it(
    clerk: Browser, sent: Submission, world: World
) -> None:
    world.work()
    page = clerk.read(f"/submissions/{sent.id}")
    assert "Принять" not in page
    assert clerk.status(f"/submissions/{sent.id}/return") == 404
    token = clerk.read("/programmes")
    assert clerk.send(f"/submissions/{sent.id}/accept", token).status_code == 404
    assert _now(world, sent.id).receipt is None


def test_list_is_narrowed_by_the_answer(officer: Browser, sent: Submission, world: World) -> None:
    world.work()
    assert str(sent.id) in officer.read("/submissions?show=open")
    done(accept(world.services, world.actor("gareev"), sent.id))
    assert str(sent.id) not in officer.read("/submissions?show=open")
    accepted = officer.read("/submissions?show=accepted")
    assert "уведомление № 1-ув" in accepted


def test_long_list_comes_in_pages(officer: Browser, world: World) -> None:
    town = ordered(world)
    sent = [town.came_on_paper(KINDERGARTEN, ROADMAP, world.clock().date()) for _n in range(31)]
    first = officer.read("/submissions")
    assert sum(str(one.id) in first for one in sent) == 30
    following = first.partition("before=")[2].partition('"')[0]
    second = officer.read(f"/submissions?before={following}")
    assert sum(str(one.id) in second for one in sent) == 1
    assert officer.status("/submissions?before=nonsense") == 404


def test_task_leads_to_the_package(clerk: Browser, world: World, sent: Submission) -> None:
    with world.services.uow.reading() as tx:
        owed = tx.obligations.met_by([sent.id])
    assert f"/submissions/{sent.id}" in clerk.read(f"/tasks/{owed[0].id}")
