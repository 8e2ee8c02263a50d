"""Acknowledging, paper, sending, reports, the check for strangers, one's own key."""

from __future__ import annotations

import io
import json
import zipfile
from dataclasses import replace
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from flask import Flask
from werkzeug.datastructures import FileStorage

from marshrut.demonstration.town import KEY_PASSWORD, done
from tests.integration.web.signing_site import (
    SEEN,
    Browser,
    browser_of,
    fixed_appointment,
    fixed_approval,
    forward,
    load,
    programme,
    proof_for,
    seen_in,
    signed,
    signed_letter,
    site,
    stranger,
)
from tests.told_once import told_once
from tests.world import World, holder, one_page_pdf
from workflow.domain.documents import Document, Verdict
from workflow.domain.regulations import Verb
from workflow.domain.submissions import Submission, SubmissionState
from workflow.usecases import desk as desks
from workflow.usecases.accept import accept, return_package
from workflow.usecases.paper import put_on_paper

SCAN = one_page_pdf("scan")


@pytest.fixture
def app(world: World) -> Flask:
    return site(world)


@pytest.fixture
@told_once
def case_id(world: World) -> UUID:
    return programme(world)


@pytest.fixture
def clerk(app: Flask, world: World) -> Browser:
    return browser_of(app, world, "zaytseva")


@pytest.fixture
def head(app: Flask, world: World) -> Browser:
    return browser_of(app, world, "belova")


@pytest.fixture
@told_once
def order(world: World, case_id: UUID) -> Document:
    """Fixed: one file, to be acknowledged by Safina and Ershov once it is signed."""
    return fixed_appointment(world, case_id)


@pytest.fixture
@told_once
def in_force(world: World, order: Document) -> Document:
    signed(world, order)
    return load(world, order.id)


def _upload(content: bytes = SCAN, name: str = "скан.pdf") -> FileStorage:
    return FileStorage(io.BytesIO(content), name)


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
    files = {"scan": _upload()} if scan else {}
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
        scan=_upload(),
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
        scan=_upload(b"<html>"),
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


@pytest.fixture
@told_once
def printed(world: World, order: Document) -> Document:
    """The order was switched to paper; it is signed with a pen."""
    return done(put_on_paper(world.services, world.actor("zaytseva"), order.id, "нет связи"))


def test_an_electronic_document_takes_ink_only_after_the_clerk_has_switched_it(
    world: World, clerk: Browser, order: Document
) -> None:
    address = f"/documents/{order.id}/paper"
    page = clerk.read(address)
    assert 'name="scan"' not in page
    refused = clerk.send(address, page, signed_on="04.05.2026", scan=_upload())
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
    assert clerk.send(address, page, scan=_upload()).status_code == 422
    early = clerk.send(address, page, day_1="03.05.2026", scan=_upload())
    assert (early.status_code, _verdicts(world, in_force)) == (422, [])
    assert "раньше" in early.text
    answer = clerk.send(address, page, day_1="04.05.2026", day_2="04.05.2026", scan=_upload())
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
    answer = clerk.send(address, page, signed_on="04.05.2026", scan=_upload())
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
    files = {"scan": _upload()} if entered.pop("scan", False) else {}
    answer = clerk.send(address, clerk.read(address), **entered, **files)
    assert answer.status_code == 422
    assert f'href="#f-{field}"' in answer.text
    assert load(world, printed.id).marks == printed.marks


def test_head_enters_no_paper_and_nobody_enters_it_twice(
    head: Browser, clerk: Browser, printed: Document
) -> None:
    address = f"/documents/{printed.id}/paper"
    form = head.read("/my-signature")
    refused = head.send(address, form, signed_on="04.05.2026", scan=_upload())
    assert refused.status_code == 409
    page = clerk.read(address)
    assert clerk.send(address, page, signed_on="04.05.2026", scan=_upload()).status_code == 303
    again = clerk.send(address, page, signed_on="04.05.2026", scan=_upload())
    assert again.status_code == 409


# --- Sending -------------------------------------------------------------------------------


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


# --- Reports -------------------------------------------------------------------------------


def _signature_id(world: World, document: Document) -> UUID:
    with world.services.uow.reading() as tx:
        return tx.signatures.of_document(document.id)[-1].id


def test_report_names_all_nine_checks_in_words(
    world: World, head: Browser, in_force: Document
) -> None:
    page = head.read(f"/signatures/{_signature_id(world, in_force)}/report")
    assert page.count("Пройдена") == 9
    assert "9. " in page
    assert "Подпись учебная" in page


def test_report_as_json_and_pdf(world: World, head: Browser, in_force: Document) -> None:
    base = f"/signatures/{_signature_id(world, in_force)}"
    answer = head.client.get(f"{base}/report.json")
    assert answer.mimetype == "application/json"
    (file,) = json.loads(answer.data)["files"]
    assert file["report_now"]["verdict"] == "valid"
    assert len(file["report_now"]["signatures"][0]["checks"]) == 9
    pdf = head.client.get(f"{base}/report-0.pdf")
    assert pdf.data.startswith(b"%PDF")
    assert head.status(f"{base}/report-1.pdf") == 404


def test_report_gives_away_no_personal_numbers(
    world: World, head: Browser, in_force: Document
) -> None:
    base = f"/signatures/{_signature_id(world, in_force)}"
    person = world.person("belova")
    for address in (f"{base}/report", f"{base}/report.json"):
        said = head.read(address)
        assert person.snils not in said
        assert person.inn not in said


def test_archive_holds_the_original_and_its_signature(
    world: World, head: Browser, in_force: Document
) -> None:
    answer = head.client.get(f"/documents/{in_force.id}/original.zip")
    archive = zipfile.ZipFile(io.BytesIO(answer.data))
    pdf, sig = sorted(archive.namelist())
    assert sig == f"{pdf}.sig"
    manifest = in_force.manifest
    assert manifest is not None
    assert archive.read(pdf) == world.services.blobs.get(manifest.main.pdf)


def test_visual_copy_can_be_downloaded(head: Browser, in_force: Document) -> None:
    answer = head.client.get(f"/documents/{in_force.id}/copy-0.pdf?download=1")
    assert answer.data.startswith(b"%PDF")
    assert answer.headers["Content-Disposition"].startswith("attachment")


def test_reports_of_another_school_are_not_there(
    world: World, app: Flask, in_force: Document
) -> None:
    base = f"/signatures/{_signature_id(world, in_force)}"
    petrov = browser_of(app, world, "petrov")
    for address in (f"{base}/report", f"{base}/report.json", f"{base}/report-0.pdf"):
        assert petrov.status(address) == 404
    assert petrov.status(f"/signatures/{uuid4()}/report") == 404


# --- The check for strangers ---------------------------------------------------------------


def _check(world: World, document: Document) -> str:
    with world.services.uow.reading() as tx:
        found = tx.public_checks.of_fixing(document.id, document.fixings[-1].sequence)
    assert found is not None
    return f"/check/{found.token}"


def test_stranger_reads_the_verdict_and_no_content(
    world: World, app: Flask, in_force: Document
) -> None:
    answer = stranger(app).client.get(_check(world, in_force))
    assert answer.status_code == 200
    for said in ("Подпись действительна", "1-л/с", "УЧЕБНЫЙ", "Белова Яна Николаевна"):
        assert said in answer.text
    for hidden in ("Сафина", ".pdf", world.person("belova").snils, str(in_force.id)):
        assert hidden not in answer.text.replace('accept=".pdf,.sig,.p7s,.json"', "")
    assert "noindex" in answer.headers["X-Robots-Tag"]
    assert 'content="noindex' in answer.text


def test_stranger_compares_a_file(world: World, app: Flask, in_force: Document) -> None:
    somebody = stranger(app)
    address = _check(world, in_force)
    manifest = in_force.manifest
    assert manifest is not None
    original = world.services.blobs.get(manifest.main.pdf)
    page = somebody.read(address)
    same = somebody.send(address, page, file=_upload(original))
    assert "Файлы совпадают" in same.text
    other = somebody.send(address, page, file=_upload(original + b" "))
    assert "Файлы не совпадают" in other.text
    assert somebody.send(address, page).status_code == 422
    assert somebody.send(address, page, file=_upload(b"x", "a.exe")).status_code == 422


@pytest.mark.parametrize("token", ["x", "a" * 32, "A" * 500, "..%2f", "%00" * 30])
def test_guessed_addresses_lead_nowhere(app: Flask, token: str) -> None:
    assert stranger(app).status(f"/check/{token}") == 404


def test_check_is_slowed_down_for_whoever_asks_too_often(
    world: World, app: Flask, in_force: Document
) -> None:
    somebody = stranger(app)
    answers = [somebody.status("/check/" + "a" * 32) for _ in range(61)]
    assert answers[:60] == [404] * 60
    assert answers[60] == 429
    assert somebody.status(_check(world, in_force)) == 429
    forward(world, minutes=1)
    assert somebody.status(_check(world, in_force)) == 200


def test_check_of_files_that_were_made_anew_says_so(
    world: World, app: Flask, in_force: Document
) -> None:
    old = _check(world, in_force)
    document = load(world, in_force.id)
    fixing = document.fixings[-1]
    with world.services.uow() as tx:
        desk = desks.lay(tx, world.services, world.actor("zaytseva"), document.id)
        desks.save(tx, desk, document.with_fixing(replace(fixing, sequence=fixing.sequence + 1)))
        tx.commit()
    page = stranger(app).read(old)
    assert "Копия устарела" in page


def test_paper_document_is_never_called_valid(
    world: World, app: Flask, clerk: Browser, printed: Document
) -> None:
    address = f"/documents/{printed.id}/paper"
    clerk.send(address, clerk.read(address), signed_on="04.05.2026", scan=_upload())
    world.work()
    page = stranger(app).read(_check(world, load(world, printed.id)))
    assert "Документ на бумаге" in page
    assert "Подпись действительна" not in page


# --- One's own key -------------------------------------------------------------------------


def _key_file(world: World, key: str, place: str = "school-1") -> bytes:
    return world.authorities.key_file(
        holder(world.person(key), world.place(place)), KEY_PASSWORD, world.clock()
    )


def _add(browser: Browser, content: bytes, password: str = KEY_PASSWORD, name: str = "key.p12"):  # type: ignore[no-untyped-def]  # werkzeug's TestResponse is not exported
    page = browser.read("/my-signature")
    return browser.send("/my-signature", page, key=_upload(content, name), password=password)


def test_key_is_added_shown_and_removed(world: World, clerk: Browser) -> None:
    assert _add(clerk, _key_file(world, "zaytseva")).status_code == 303
    page = clerk.read("/my-signature")
    for said in ("Зайцева Тамара Кирилловна", "УЧЕБНАЯ", "используется при подписании"):
        assert said in page
    with world.services.uow.reading() as tx:
        (key,) = tx.person_keys.of_person(world.person("zaytseva").person_id)
    question = clerk.read(f"/my-signature/{key.id}/remove")
    assert clerk.send(f"/my-signature/{key.id}/remove", question).status_code == 303
    with world.services.uow.reading() as tx:
        assert tx.person_keys.of_person(world.person("zaytseva").person_id) == []
        assert tx.person_keys.load(key.id).sealed == b""


def test_same_key_again_is_kept_once(world: World, clerk: Browser) -> None:
    content = _key_file(world, "zaytseva")
    for _click in range(2):
        assert _add(clerk, content).status_code == 303
    with world.services.uow.reading() as tx:
        assert len(tx.person_keys.of_person(world.person("zaytseva").person_id)) == 1


@pytest.mark.parametrize(
    ("content", "password", "name", "field"),
    [
        (None, "не тот", "key.p12", "password"),
        (b"nothing of the kind", KEY_PASSWORD, "key.p12", "key"),
        (b"x" * (1024 * 1024 + 1), KEY_PASSWORD, "key.pfx", "key"),
        (b"", KEY_PASSWORD, "key.p12", "key"),
        (b"x", KEY_PASSWORD, "key.pem", "key"),
    ],
    ids=["wrong password", "no key", "too large", "empty", "another kind"],
)
def test_bad_key_files_are_told_at_their_field(
    world: World, clerk: Browser, content: bytes | None, password: str, name: str, field: str
) -> None:
    made = _key_file(world, "zaytseva") if content is None else content
    answer = _add(clerk, made, password, name)
    assert answer.status_code == 422
    assert f'href="#f-{field}"' in answer.text
    assert password not in answer.text
    with world.services.uow.reading() as tx:
        assert tx.person_keys.of_person(world.person("zaytseva").person_id) == []


def test_keys_of_others_are_not_there(world: World, clerk: Browser, head: Browser) -> None:
    with world.services.uow.reading() as tx:
        (key,) = tx.person_keys.of_person(world.person("belova").person_id)
    answer = clerk.send(f"/my-signature/{key.id}/remove", clerk.read("/my-signature"))
    assert answer.status_code == 404
    with world.services.uow.reading() as tx:
        assert len(tx.person_keys.of_person(key.person_id)) == 1


def test_page_says_what_to_do_when_a_certificate_ends_soon(world: World, app: Flask) -> None:
    forward(world, days=3 * 365 - 20)
    page = browser_of(app, world, "belova").read("/my-signature")
    assert "Пора получить новый сертификат" in page
