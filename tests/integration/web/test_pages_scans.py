"""A lost scan of an ink signature is entered once more: by the clerk, for the same signature."""

from __future__ import annotations

import io
from uuid import UUID

import pytest
from flask import Flask
from werkzeug.datastructures import FileStorage

from marshrut.demonstration.town import done
from tests.integration.web.signing_site import (
    Browser,
    browser_of,
    fixed_appointment,
    load,
)
from tests.told_once import told_once
from tests.world import World, one_page_pdf
from workflow.domain.documents import Document
from workflow.usecases.paper import InkSignature, enter_ink_signature, put_on_paper

FIRST, SECOND = one_page_pdf("the first scan"), one_page_pdf("the second scan")


@pytest.fixture
@told_once
def printed(world: World, case_id: UUID) -> Document:
    """Switched to paper and not signed yet."""
    order = fixed_appointment(world, case_id)
    return done(put_on_paper(world.services, world.actor("zaytseva"), order.id, "нет связи"))


@pytest.fixture
@told_once
def signed_with_ink(world: World, printed: Document) -> Document:
    ink = InkSignature(world.clock().date(), FIRST)
    return done(enter_ink_signature(world.services, world.actor("zaytseva"), printed.id, ink))


def _again(document: Document) -> str:
    return f"/documents/{document.id}/paper/again/sign"


def _scan(content: bytes = SECOND) -> FileStorage:
    return FileStorage(io.BytesIO(content), "скан.pdf")


def test_clerk_enters_a_lost_scan_again_and_both_stay(
    world: World, clerk: Browser, signed_with_ink: Document
) -> None:
    assert f"/documents/{signed_with_ink.id}/paper" in clerk.read(
        f"/documents/{signed_with_ink.id}"
    )
    assert _again(signed_with_ink) in clerk.read(f"/documents/{signed_with_ink.id}/paper")
    page = clerk.read(_again(signed_with_ink))
    assert "Белова Яна Николаевна" in page
    assert "4 мая 2026" in page.replace("\N{NO-BREAK SPACE}", " ")
    answer = clerk.send(_again(signed_with_ink), page, scan=_scan())
    assert answer.status_code == 303
    assert "внесён повторно" in clerk.read(answer.location)
    assert "Повторно внесён скан" in clerk.read(f"/documents/{signed_with_ink.id}")
    first, second = load(world, signed_with_ink.id).marks[-2:]
    assert (first.person_id, first.happened_on) == (second.person_id, second.happened_on)
    kept = f"/documents/{signed_with_ink.id}/acknowledgements/scans"
    assert clerk.client.get(f"{kept}/{first.evidence}.pdf").data == FIRST
    assert clerk.client.get(f"{kept}/{second.evidence}.pdf").data == SECOND


def test_without_a_scan_or_with_something_else_nothing_is_entered(
    world: World, clerk: Browser, signed_with_ink: Document
) -> None:
    page = clerk.read(_again(signed_with_ink))
    for files in ({}, {"scan": _scan(b"<html>")}):
        answer = clerk.send(_again(signed_with_ink), page, **files)
        assert answer.status_code == 422
        assert 'href="#f-scan"' in answer.text
    assert load(world, signed_with_ink.id).marks == signed_with_ink.marks


def test_head_sees_why_only_the_clerk_enters_it(
    world: World, app: Flask, signed_with_ink: Document
) -> None:
    head = browser_of(app, world, "belova")
    page = head.read(f"/documents/{signed_with_ink.id}/paper")
    assert 'aria-disabled="true"' in page
    assert "вносит делопроизводитель" in page
    assert 'name="scan"' not in head.read(_again(signed_with_ink))
    answer = head.send(_again(signed_with_ink), head.read("/my-signature"), scan=_scan())
    assert answer.status_code == 409
    assert load(world, signed_with_ink.id).marks == signed_with_ink.marks


def test_there_is_nothing_to_repeat_before_anybody_has_signed(
    clerk: Browser, printed: Document
) -> None:
    assert "/paper/again/" not in clerk.read(f"/documents/{printed.id}/paper")
    assert clerk.status(_again(printed)) == 404


def test_another_schools_people_find_nothing(
    world: World, app: Flask, signed_with_ink: Document
) -> None:
    assert browser_of(app, world, "petrov").status(_again(signed_with_ink)) == 404
