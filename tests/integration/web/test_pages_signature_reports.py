"""Reports of signatures, and the check for strangers."""

from __future__ import annotations

import io
import json
import zipfile
from dataclasses import replace
from uuid import UUID, uuid4

import pytest
from flask import Flask

from tests.integration.web.signing_site import (
    Browser,
    browser_of,
    forward,
    load,
    stranger,
    upload,
)
from tests.world import World
from workflow.domain.documents import Document
from workflow.usecases import desk as desks

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
    same = somebody.send(address, page, file=upload(original))
    assert "Файлы совпадают" in same.text
    other = somebody.send(address, page, file=upload(original + b" "))
    assert "Файлы не совпадают" in other.text
    assert somebody.send(address, page).status_code == 422
    assert somebody.send(address, page, file=upload(b"x", "a.exe")).status_code == 422


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
    clerk.send(address, clerk.read(address), signed_on="04.05.2026", scan=upload())
    world.work()
    page = stranger(app).read(_check(world, load(world, printed.id)))
    assert "Документ на бумаге" in page
    assert "Подпись действительна" not in page
