"""Acknowledging on a page and on paper; a document that is signed with a pen."""

from __future__ import annotations

import pytest
from flask import Flask

from tests.integration.web.signing_site import (
    SCAN,
    SEEN,
    Browser,
    browser_of,
    load,
    proof_for,
    seen_in,
    signed,
    upload,
)
from tests.world import World
from workflow.domain.documents import Document, Verdict
from workflow.domain.regulations import Verb


def _verdicts(world: World, document: Document) -> list[Verdict]:
    marks = load(world, document.id).marks
    return [m.verdict for m in marks if m.step.startswith(Verb.ACKNOWLEDGE)]


# --- Acknowledging -------------------------------------------------------------------------


def test_named_employee_reads_and_acknowledges(
    world: World, app: Flask, in_force: Document
) -> None:
    safina = browser_of(app, world, "safina")
    address = f"/documents/{in_force.id}/acknowledge"
    page = safina.read(address)
    assert f"/documents/{in_force.id}/fixed/0.pdf" in page
    begun = safina.send(address, page, seen=seen_in(page))
    assert begun.status_code == 303
    form = safina.read(begun.location)
    assert "с документом ознакомлен(а)" in form
    for _click in range(2):
        done = safina.send(begun.location, form, **proof_for(world, "safina", form))
        assert (done.status_code, done.location) == (303, address)
    assert "Вы ознакомились с документом" in safina.read(address)
    assert _verdicts(world, in_force) == [Verdict.ACKNOWLEDGED]


def test_order_is_not_there_for_the_named_before_it_is_signed(
    world: World, app: Flask, order: Document
) -> None:
    ershov = browser_of(app, world, "ershov")
    assert ershov.status(f"/documents/{order.id}/acknowledge") == 404
    signed(world, order)
    assert ershov.status(f"/documents/{order.id}/acknowledge") == 200


def test_tampered_digest_acknowledges_nothing(world: World, app: Flask, in_force: Document) -> None:
    ershov = browser_of(app, world, "ershov")
    address = f"/documents/{in_force.id}/acknowledge"
    answer = ershov.send(address, ershov.read(address), seen="0" * 64)
    assert answer.status_code == 409
    assert _verdicts(world, in_force) == []


def test_whoever_is_not_named_is_told_so(world: World, head: Browser, in_force: Document) -> None:
    page = head.read(f"/documents/{in_force.id}/acknowledge")
    assert SEEN.search(page) is None
    form = head.read("/my-signature")
    manifest = in_force.manifest
    assert manifest is not None
    answer = head.send(f"/documents/{in_force.id}/acknowledge", form, seen=manifest.digest)
    assert answer.status_code == 409
    assert _verdicts(world, in_force) == []


def _entry(world: World, document: Document, key: str = "ershov") -> str:
    return f"/documents/{document.id}/acknowledgements/{world.employment(key)}"


@pytest.mark.parametrize(
    ("verdict", "scan", "words"),
    [
        ("acknowledged_on_paper", True, "на бумаге"),
        ("absent", False, "отсутствует"),
        ("refused", True, "отказ от ознакомления"),
    ],
)
def test_clerk_enters_what_happened_on_paper(
    world: World, clerk: Browser, in_force: Document, verdict: str, scan: bool, words: str
) -> None:
    address = _entry(world, in_force)
    files = {"scan": upload()} if scan else {}
    answer = clerk.send(
        address,
        clerk.read(address),
        verdict=verdict,
        happened_on="04.05.2026",
        remark="до пятницы",
        **files,
    )
    assert answer.status_code == 303
    sheet = clerk.read(f"/documents/{in_force.id}/acknowledgements")
    assert words in sheet
    assert "до пятницы" in sheet
    assert _verdicts(world, in_force) == [Verdict(verdict)]


def test_scan_can_be_opened_by_the_staff_and_by_nobody_else(
    world: World, app: Flask, clerk: Browser, in_force: Document
) -> None:
    address = _entry(world, in_force)
    clerk.send(
        address,
        clerk.read(address),
        verdict="acknowledged_on_paper",
        happened_on="04.05.2026",
        scan=upload(),
    )
    sha256 = load(world, in_force.id).marks[-1].evidence
    scan = f"/documents/{in_force.id}/acknowledgements/scans/{sha256}.pdf"
    assert clerk.client.get(scan).data == SCAN
    assert browser_of(app, world, "petrov").status(scan) == 404
    manifest = in_force.manifest
    assert manifest is not None
    for other in (manifest.main.docx, "0" * 64, "..%2F..%2Fsecret"):
        assert clerk.status(scan.replace(sha256, other)) == 404


@pytest.mark.parametrize(
    ("entered", "field"),
    [
        ({"verdict": "acknowledged_on_paper", "happened_on": "04.05.2026"}, "scan"),
        ({"verdict": "refused", "happened_on": "04.05.2026"}, "scan"),
        ({"verdict": "absent", "happened_on": "05.05.2026"}, "happened_on"),
        ({"verdict": "absent", "happened_on": "03.05.2026"}, "happened_on"),
        ({"verdict": "absent", "happened_on": "вчера"}, "happened_on"),
        ({"happened_on": "04.05.2026"}, "verdict"),
        ({"verdict": "acknowledged", "happened_on": "04.05.2026"}, "verdict"),
        ({"verdict": "signed", "happened_on": "04.05.2026"}, "verdict"),
    ],
)
def test_incomplete_entry_keeps_what_was_typed_and_enters_nothing(
    world: World, clerk: Browser, in_force: Document, entered: dict[str, str], field: str
) -> None:
    address = _entry(world, in_force)
    answer = clerk.send(address, clerk.read(address), remark="в отпуске", **entered)
    assert answer.status_code == 422
    assert f'href="#f-{field}"' in answer.text
    assert "в отпуске" in answer.text
    assert _verdicts(world, in_force) == []


def test_scan_that_is_no_pdf_is_refused(world: World, clerk: Browser, in_force: Document) -> None:
    address = _entry(world, in_force)
    answer = clerk.send(
        address,
        clerk.read(address),
        verdict="refused",
        happened_on="04.05.2026",
        scan=upload(b"<html>"),
    )
    assert answer.status_code == 422
    assert _verdicts(world, in_force) == []


def test_only_the_clerk_enters_for_others(
    world: World, app: Flask, head: Browser, in_force: Document
) -> None:
    sheet = head.read(f"/documents/{in_force.id}/acknowledgements")
    assert 'aria-disabled="true"' in sheet
    answer = head.send(
        _entry(world, in_force),
        head.read("/my-signature"),
        verdict="absent",
        happened_on="04.05.2026",
    )
    assert answer.status_code == 409
    assert _verdicts(world, in_force) == []


def test_nothing_is_entered_twice_or_for_somebody_who_is_not_named(
    world: World, clerk: Browser, in_force: Document
) -> None:
    page = clerk.read(_entry(world, in_force))
    entered = {"verdict": "absent", "happened_on": "04.05.2026"}
    assert clerk.send(_entry(world, in_force), page, **entered).status_code == 303
    assert clerk.send(_entry(world, in_force), page, **entered).status_code == 409
    assert clerk.send(_entry(world, in_force, "mironova"), page, **entered).status_code == 404
    assert _verdicts(world, in_force) == [Verdict.ABSENT]


# --- Paper ---------------------------------------------------------------------------------


def test_an_electronic_document_takes_ink_only_after_the_clerk_has_switched_it(
    world: World, clerk: Browser, order: Document
) -> None:
    address = f"/documents/{order.id}/paper"
    page = clerk.read(address)
    assert 'name="scan"' not in page
    refused = clerk.send(address, page, signed_on="04.05.2026", scan=upload())
    assert refused.status_code == 409
    nothing = clerk.send(f"{address}/switch", page, reason=" ")
    assert nothing.status_code == 422
    assert not load(world, order.id).on_paper
    assert clerk.send(f"{address}/switch", page, reason="отказ").status_code == 303
    assert "Делопроизводитель перевёл документ на бумагу: отказ" in clerk.read(address)
    assert "Делопроизводитель перевёл" in clerk.read(f"/documents/{order.id}")
    assert clerk.send(f"{address}/back", clerk.read(address)).status_code == 303
    assert not load(world, order.id).on_paper


def test_the_printed_form_holds_the_document_and_is_for_its_organisation_alone(
    world: World, app: Flask, clerk: Browser, printed: Document
) -> None:
    answer = clerk.client.get(f"/documents/{printed.id}/print.pdf")
    assert answer.data.startswith(b"%PDF-")
    assert answer.mimetype == "application/pdf"
    assert browser_of(app, world, "petrov").status(f"/documents/{printed.id}/print.pdf") == 404


def test_a_signed_sheet_is_entered_for_several_people_at_once(
    world: World, clerk: Browser, in_force: Document
) -> None:
    address = f"/documents/{in_force.id}/acknowledgements/sheet"
    assert clerk.client.get(f"{address}.pdf").data.startswith(b"%PDF-")
    page = clerk.read(address)
    assert clerk.send(address, page, scan=upload()).status_code == 422
    early = clerk.send(address, page, day_1="03.05.2026", scan=upload())
    assert (early.status_code, _verdicts(world, in_force)) == (422, [])
    assert "раньше" in early.text
    answer = clerk.send(address, page, day_1="04.05.2026", day_2="04.05.2026", scan=upload())
    assert answer.status_code == 303
    assert _verdicts(world, in_force) == [Verdict.ACKNOWLEDGED_ON_PAPER] * 2
    assert len({mark.evidence for mark in load(world, in_force.id).marks[-2:]}) == 1
    assert clerk.status(f"{address}.pdf") == 409  # nobody is missing any more


def test_clerk_enters_an_ink_signature_which_is_never_called_checked(
    world: World, clerk: Browser, printed: Document
) -> None:
    order = printed
    address = f"/documents/{order.id}/paper"
    page = clerk.read(address)
    assert "Белова Яна Николаевна" in page
    answer = clerk.send(address, page, signed_on="04.05.2026", scan=upload())
    assert answer.status_code == 303
    assert "подписан на бумаге" in clerk.read(answer.location)
    document = load(world, order.id)
    assert document.on_paper
    assert document.marks[-1].verdict is Verdict.SIGNED_ON_PAPER


@pytest.mark.parametrize(
    ("entered", "field"),
    [
        ({"signed_on": "04.05.2026"}, "scan"),
        ({"signed_on": "", "scan": True}, "signed_on"),
        ({"signed_on": "03.05.2026", "scan": True}, "signed_on"),
        ({"signed_on": "05.05.2026", "scan": True}, "signed_on"),
    ],
)
def test_ink_signature_needs_its_day_and_its_scan(
    world: World, clerk: Browser, printed: Document, entered: dict[str, object], field: str
) -> None:
    address = f"/documents/{printed.id}/paper"
    files = {"scan": upload()} if entered.pop("scan", False) else {}
    answer = clerk.send(address, clerk.read(address), **entered, **files)
    assert answer.status_code == 422
    assert f'href="#f-{field}"' in answer.text
    assert load(world, printed.id).marks == printed.marks


def test_head_enters_no_paper_and_nobody_enters_it_twice(
    head: Browser, clerk: Browser, printed: Document
) -> None:
    address = f"/documents/{printed.id}/paper"
    form = head.read("/my-signature")
    refused = head.send(address, form, signed_on="04.05.2026", scan=upload())
    assert refused.status_code == 409
    page = clerk.read(address)
    assert clerk.send(address, page, signed_on="04.05.2026", scan=upload()).status_code == 303
    again = clerk.send(address, page, signed_on="04.05.2026", scan=upload())
    assert again.status_code == 409
