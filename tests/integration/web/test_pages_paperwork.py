"""Pages of paper beside electronic: how originals are kept, consents, existing documents."""

from __future__ import annotations

import io
from uuid import UUID

import pytest
from flask import Flask

from tests.integration.web.signing_site import Browser, browser_of, load, programme
from tests.world import Clock, World
from workflow.domain.paper import Answer

SCAN = b"%PDF-1.4 scan"


def upload(name: str = "скан.pdf", content: bytes = SCAN) -> tuple[io.BytesIO, str]:
    return io.BytesIO(content), name


def regime_page(world: World) -> str:
    return f"/paperwork/{world.place('school-1').id}"


def test_the_clerk_reads_since_when_originals_are_electronic(world: World, clerk: Browser) -> None:
    page = clerk.read(regime_page(world))
    assert "Кадровые документы (КЭДО)" in page
    assert "с учётом мнения профсоюза" in page
    assert "согласие не требуется" in page
    assert clerk.client.get("/paperwork").location == regime_page(world)


@pytest.mark.parametrize("who", ["petrov", "ershov", "safina"])
def test_for_others_there_is_no_such_page(world: World, app: Flask, who: str) -> None:
    assert browser_of(app, world, who).status(regime_page(world)) == 404
    employee = f"/paperwork/employees/{world.employment('safina')}"
    assert browser_of(app, world, who).status(employee) == 404


def test_a_regime_is_taken_back_and_introduced_again(world: World, clerk: Browser) -> None:
    address = regime_page(world)
    page = clerk.read(address)
    assert clerk.send(f"{address}/keep/labour", page).status_code == 303
    assert "на бумаге: электронный документооборот не введён" in clerk.read(address)
    form = f"{address}/introduce/labour"
    missing = clerk.send(form, clerk.read(form), since="01.09.2026", act="")
    assert missing.status_code == 422
    entered = {"since": "01.09.2026", "act": "приказ от 01.06.2026 № 15"}
    assert clerk.send(form, clerk.read(form), **entered).status_code == 303
    assert "на бумаге; с 01.09.2026 — электронные" in clerk.read(address)
    assert clerk.status(f"{address}/introduce/secret") == 404


def test_a_type_is_switched_to_paper_and_back(world: World, clerk: Browser) -> None:
    address = regime_page(world)
    assert clerk.send(f"{address}/types/D06/paper", clerk.read(address)).status_code == 303
    assert f"{address}/types/D06/electronic" in clerk.read(address)
    assert clerk.send(f"{address}/types/D06/electronic", clerk.read(address)).status_code == 303
    assert clerk.send(f"{address}/types/D01/paper", clerk.read(address)).status_code == 404


def test_a_consent_needs_its_scan_and_a_refusal_does_not(world: World, clerk: Browser) -> None:
    assert isinstance(world.clock, Clock)
    world.clock.advance(minutes=1)
    address = f"/paperwork/employees/{world.employment('safina')}"
    page = clerk.read(address)
    entered = {"answer": "consented", "dated": "04.05.2026"}
    assert clerk.send(address, page, **entered).status_code == 409
    wrong = clerk.send(address, page, **entered, scan=upload(content=b"<html>"))
    assert wrong.status_code == 422
    assert clerk.send(address, page, **entered, scan=upload()).status_code == 303
    world.clock.advance(minutes=1)
    refused = {"answer": "refused", "dated": "04.05.2026"}
    assert clerk.send(address, page, **refused).status_code == 303
    assert "отказался: на бумаге" in clerk.read(regime_page(world))
    with world.services.uow.reading() as tx:
        history = tx.employee_answers.history(world.person("safina").employment_id)
    answers = [a.answer for a in history]
    assert answers == [Answer.REFUSED, Answer.CONSENTED, Answer.NOT_NEEDED]
    scan = f"{address}/scans/{history[1].scan}.pdf"
    assert clerk.client.get(scan).data == SCAN
    assert clerk.status(scan.replace(history[1].scan, "0" * 64)) == 404


def test_an_existing_order_is_entered_from_the_programme(world: World, clerk: Browser) -> None:
    case_id = programme(world)
    assert f"/cases/{case_id}/existing" in clerk.read(f"/programmes/{case_id}")
    choice = clerk.read(f"/cases/{case_id}/existing")
    assert "Приказ о назначении куратора" in choice
    assert "D33" not in choice
    address = f"/cases/{case_id}/existing/D06"
    page = clerk.read(address)
    own = {
        "existing_number": "7-л/с",
        "existing_dated": "01.09.2025",
        "existing_signed_by": "Белова Яна Николаевна",
        "existing_in_journal": "yes",
        "curator": world.employment("safina"),
    }
    incomplete = clerk.send(address, page, **{**own, "existing_dated": ""}, scan=upload())
    assert incomplete.status_code == 422
    assert "7-л/с" in incomplete.text
    answer = clerk.send(address, page, **own, scan=upload())
    assert answer.status_code == 303
    shown = clerk.read(answer.location)
    assert "Документ внесён и действует со своей даты" in shown
    assert "На бумаге" in shown
    again = clerk.send(address, page, **own, scan=upload())
    assert again.status_code == 409  # the number is taken


def test_only_the_clerk_of_the_school_enters_an_existing_document(world: World, app: Flask) -> None:
    case_id = programme(world)
    address = f"/cases/{case_id}/existing/D06"
    assert browser_of(app, world, "petrov").status(address) == 404
    head = browser_of(app, world, "belova")
    own = {
        "existing_number": "7-л/с",
        "existing_dated": "01.09.2025",
        "existing_signed_by": "Белова Яна Николаевна",
        "existing_in_journal": "no",
    }
    answer = head.send(address, head.read("/my-signature"), **own, scan=upload())
    assert answer.status_code == 409
    assert "делопроизводитель" in answer.text


def test_the_document_page_says_on_paper_and_why(world: World, clerk: Browser) -> None:
    address = regime_page(world)
    clerk.send(f"{address}/types/D06/paper", clerk.read(address))
    case_id = programme(world)
    page = clerk.read(f"/programmes/{case_id}/documents/D06")
    begun = clerk.send(f"/programmes/{case_id}/documents/D06", page)
    document_id = begun.location.split("/documents/")[1].split("/")[0]
    shown = clerk.read(f"/documents/{document_id}")
    assert "Документы этого вида организация ведёт на бумаге" in shown
    assert load(world, UUID(document_id)).on_paper
