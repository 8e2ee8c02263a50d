"""Consents, statements and petitions written by hand: the clerk enters them for their pair."""

from __future__ import annotations

import io
from datetime import date

import pytest
from werkzeug.datastructures import FileStorage

from tests.integration.pairs import deeds
from tests.integration.web.pairs_site import (
    Browse,
    begun_pair,
    browsers,
    document_in,
    proposed_pair,
)
from tests.integration.web.signing_site import load
from tests.world import World, one_page_pdf
from workflow.domain.documents import Verdict
from workflow.domain.pairs import PairStatus


@pytest.fixture
def browse(kedrovsk: World) -> Browse:
    return browsers(kedrovsk)


def _scan(content: bytes = b"") -> FileStorage:
    return FileStorage(io.BytesIO(content or one_page_pdf("scan")), "согласие.pdf")


def _address(case_id: object, code: str) -> str:
    return f"/pairs/{case_id}/handwritten/{code}"


def _consent(world: World, **changed: object) -> dict[str, object]:
    said: dict[str, object] = {
        "mentor": str(world.employment("zotova")),
        "handwritten_on": "04.05.2026",
        "mentees": [str(world.employment("golubeva"))],
        "since": "18.05.2026",
        "until": "17.05.2027",
        "mentees_elsewhere": "0",
        "scan": _scan(),
    }
    return {**said, **changed}


def test_consent_on_paper_opens_the_gate_of_the_order(kedrovsk: World, browse: Browse) -> None:
    case_id = proposed_pair(kedrovsk, "zotova", "golubeva")
    clerk = browse("titova")
    assert f"/pairs/{case_id}/handwritten" in clerk.read(f"/pairs/{case_id}")
    choice = clerk.read(f"/pairs/{case_id}/handwritten")
    assert _address(case_id, "D09") in choice
    assert _address(case_id, "D13") not in choice  # both sides sign an agreement
    assert _address(case_id, "D42E") not in choice  # answers of workers have their own page
    page = clerk.read(_address(case_id, "D09"))
    assert "18.05.2026" in page  # the pair knows the term
    assert "Зотова" in page
    answer = clerk.send(_address(case_id, "D09"), page, **_consent(kedrovsk))
    assert answer.status_code == 303
    shown = clerk.read(answer.location)
    assert "Документ внесён" in shown
    entered = load(kedrovsk, document_in(answer.location))
    assert entered.existing is not None
    assert (entered.on_paper, entered.dated) == (True, date(2026, 5, 4))
    assert "Согласие наставника: Зотова Н. Л." not in browse("kuzina").read("/pairs")


def test_incomplete_entry_keeps_what_was_typed_and_enters_nothing(
    kedrovsk: World, browse: Browse
) -> None:
    case_id = proposed_pair(kedrovsk, "zotova", "golubeva")
    clerk, address = browse("titova"), _address(case_id, "D09")
    page = clerk.read(address)
    before = deeds.everything(kedrovsk)
    for changed, field in (
        ({"scan": _scan(b"<html>")}, "scan"),
        ({"scan": None}, "scan"),
        ({"handwritten_on": ""}, "handwritten_on"),
        ({"mentor": ""}, "mentor"),
        ({"mentor": str(kedrovsk.employment("golubeva"))}, "mentor"),
        ({"since": ""}, "since"),
    ):
        said = {k: v for k, v in _consent(kedrovsk, **changed).items() if v is not None}
        answer = clerk.send(address, page, **said)
        assert answer.status_code == 422, changed
        assert f'href="#f-{field}"' in answer.text
        assert "17.05.2027" in answer.text
    future = clerk.send(address, page, **_consent(kedrovsk, handwritten_on="05.05.2026"))
    assert future.status_code == 409
    assert "Дата ещё не наступила" in future.text
    assert deeds.everything(kedrovsk) == before


def test_only_the_clerk_enters_papers_and_others_read_why(kedrovsk: World, browse: Browse) -> None:
    case_id = proposed_pair(kedrovsk, "zotova", "golubeva")
    head = browse("sedova")
    page = head.read(f"/pairs/{case_id}")
    assert 'aria-disabled="true"' in page
    assert "вносит делопроизводитель" in page
    assert _address(case_id, "D09") not in head.read(f"/pairs/{case_id}/handwritten")
    before = deeds.everything(kedrovsk)
    answer = head.send(_address(case_id, "D09"), head.read("/my-signature"), **_consent(kedrovsk))
    assert answer.status_code == 409
    assert deeds.everything(kedrovsk) == before


def test_strangers_and_agreements_of_two_sides_are_not_there(
    kedrovsk: World, browse: Browse
) -> None:
    case_id = proposed_pair(kedrovsk, "zotova", "golubeva")
    assert browse("titova").status(_address(case_id, "D13")) == 404
    assert browse("titova").status(_address(case_id, "D99")) == 404
    assert browse("golubeva").status(_address(case_id, "D09")) in (403, 404)


def _resignation(world: World, **changed: str) -> dict[str, object]:
    said = {
        "mentor": str(world.employment("zotova")),
        "handwritten_on": "04.05.2026",
        "mentees": [str(world.employment("golubeva"))],
        "effective": "08.05.2026",
    }
    return {**said, **changed, "scan": _scan()}


def test_resignation_on_paper_ends_the_time_with_the_pair_and_keeps_the_notice(
    kedrovsk: World, browse: Browse
) -> None:
    case_id = begun_pair(kedrovsk, "zotova", "golubeva")
    clerk, address = browse("titova"), _address(case_id, "D21")
    page = clerk.read(address)
    early = clerk.send(address, page, **_resignation(kedrovsk, effective="07.05.2026"))
    assert early.status_code == 409
    assert "ст. 351.8" in early.text or "рабочих дня" in early.text
    answer = clerk.send(address, page, **_resignation(kedrovsk))
    assert answer.status_code == 303, answer.text
    turn = deeds.life(kedrovsk, case_id).ended_by
    assert turn is not None
    assert turn.day == date(2026, 5, 8)


def test_petition_on_paper_is_resolved_by_the_head(kedrovsk: World, browse: Browse) -> None:
    case_id = begun_pair(kedrovsk, "zotova", "golubeva")
    deeds.on_day(kedrovsk, date(2026, 5, 19))
    browse = browsers(kedrovsk)
    clerk, address = browse("titova"), _address(case_id, "D22")
    said = {
        "mentee": str(kedrovsk.employment("golubeva")),
        "mentor": str(kedrovsk.employment("zotova")),
        "handwritten_on": "19.05.2026",
        "ground": "no_contact",
    }
    answer = clerk.send(address, clerk.read(address), **said, scan=_scan())
    assert answer.status_code == 303, answer.text
    petition = document_in(answer.location)
    head = browse("sedova")
    resolution = f"/documents/{petition}/resolve"
    assert resolution in head.read(f"/documents/{petition}")
    form = head.read(resolution)
    assert head.send(resolution, form, verdict="granted", seen=_seen(form)).status_code == 303
    assert load(kedrovsk, petition).marks[-1].verdict is Verdict.GRANTED
    assert deeds.life(kedrovsk, case_id).status is PairStatus.RUNNING


def _seen(page: str) -> str:
    return page.partition('name="seen" value="')[2].partition('"')[0]
