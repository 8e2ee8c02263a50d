"""Signing in one's own program: files out, signatures in, and what is tried in between."""

from __future__ import annotations

import io
import zipfile
from uuid import UUID, uuid4

import pytest
from flask import Flask
from werkzeug.datastructures import FileStorage

from marshrut.demonstration.town import KEY_PASSWORD
from signing.keys import SigningKey, open_pkcs12
from signing.sign import sign_detached, sign_pdf
from tests.integration.web.signing_site import (
    Browser,
    browser_of,
    fixed_appointment,
    fixed_approval,
    forward,
    load,
    seen_in,
)
from tests.world import World, holder
from web.forms.files import UploadedFile
from web.forms.signed_files import FileToSign, match_detached, match_signed_pdfs
from workflow.domain.documents import Document
from workflow.domain.signatures import Signature, SignatureStatus
from workflow.usecases.fix import fix


def _key(world: World, key: str = "belova", place: str = "school-1") -> SigningKey:
    """A certificate of the person's own, in a program of their own."""
    made = world.authorities.key_file(
        holder(world.person(key), world.place(place)), KEY_PASSWORD, world.clock()
    )
    return open_pkcs12(made, KEY_PASSWORD)


def _begin(head: Browser, document: Document) -> str:
    """Press the button; return the address of the signing."""
    page = head.read(f"/documents/{document.id}/sign")
    answer = head.send(f"/documents/{document.id}/sign/elsewhere", page, seen=seen_in(page))
    assert answer.status_code == 303
    return str(answer.location)


def _files(world: World, document: Document) -> list[bytes]:
    manifest = load(world, document.id).manifest
    assert manifest is not None
    return [world.services.blobs.get(f.pdf) for f in manifest.files]


def _hand_in(head: Browser, address: str, *files: tuple[str, bytes]):  # type: ignore[no-untyped-def]  # werkzeug's TestResponse is not exported
    uploads = [FileStorage(io.BytesIO(content), name) for name, content in files]
    return head.send(address, head.read(address), signatures=uploads)


def _signatures(world: World, document: Document) -> list[Signature]:
    with world.services.uow.reading() as tx:
        return tx.signatures.of_document(document.id)


def test_downloaded_file_signed_elsewhere_puts_the_order_in_force(
    world: World, order: Document, head: Browser
) -> None:
    address = _begin(head, order)
    assert "Загрузите подписи до 09:40" in head.read(address)
    given = head.client.get(f"/documents/{order.id}/fixed/0.pdf?download=1")
    assert given.headers["Content-Disposition"].startswith("attachment")
    signature = sign_detached(given.data, _key(world), world.clock())
    answer = _hand_in(head, address, ("приказ.sig", signature))
    assert (answer.status_code, answer.location) == (303, f"/documents/{order.id}/signed")
    assert [s.status for s in _signatures(world, order)] == [SignatureStatus.ACCEPTED]


def test_archive_of_files_signed_one_by_one_is_taken_in_any_order(
    world: World, case_id: UUID, head: Browser
) -> None:
    order = fixed_approval(world, case_id)
    address = _begin(head, order)
    archive = zipfile.ZipFile(io.BytesIO(head.client.get(f"/documents/{order.id}/fixed.zip").data))
    assert len(archive.namelist()) == 2
    key = _key(world)
    signed = [
        (name.replace(".pdf", "_signed.pdf"), sign_pdf(archive.read(name), key, world.clock()))
        for name in archive.namelist()
    ]
    answer = _hand_in(head, address, *reversed(signed))
    assert answer.status_code == 303
    assert [s.status for s in _signatures(world, order)] == [SignatureStatus.ACCEPTED]


def test_one_signature_for_two_files_is_not_enough(
    world: World, case_id: UUID, head: Browser
) -> None:
    order = fixed_approval(world, case_id)
    address = _begin(head, order)
    key = _key(world)
    signed = [sign_pdf(file, key, world.clock()) for file in _files(world, order)]
    one = _hand_in(head, address, ("1.pdf", signed[0]))
    assert one.status_code == 422
    assert "Нет подписи к файлу" in one.text
    twice = _hand_in(head, address, ("1.pdf", signed[0]), ("2.pdf", signed[0]))
    assert twice.status_code == 422
    assert _signatures(world, order) == []
    assert _hand_in(head, address, ("1.pdf", signed[0]), ("2.pdf", signed[1])).status_code == 303


def test_same_signatures_again_find_the_first_answer(
    world: World, order: Document, head: Browser
) -> None:
    address = _begin(head, order)
    page = head.read(address)
    signature = sign_detached(_files(world, order)[0], _key(world), world.clock())
    for _click in range(2):
        upload = FileStorage(io.BytesIO(signature), "a.sig")
        assert head.send(address, page, signatures=[upload]).status_code == 303
    assert len(_signatures(world, order)) == 1


def test_other_signature_for_a_used_attempt_is_refused(
    world: World, order: Document, head: Browser
) -> None:
    address = _begin(head, order)
    page = head.read(address)
    key, file = _key(world), _files(world, order)[0]
    first = sign_detached(file, key, world.clock())
    assert _hand_in(head, address, ("a.sig", first)).status_code == 303
    forward(world, seconds=1)
    second = FileStorage(io.BytesIO(sign_detached(file, key, world.clock())), "a.sig")
    assert head.send(address, page, signatures=[second]).status_code == 409
    assert len(_signatures(world, order)) == 1


def test_signature_of_another_documents_file_is_refused(
    world: World, case_id: UUID, order: Document, head: Browser
) -> None:
    other = fixed_appointment(world, case_id)
    foreign = sign_detached(_files(world, other)[0], _key(world), world.clock())
    answer = _hand_in(head, _begin(head, order), ("a.sig", foreign))
    assert answer.status_code == 409
    assert "Подпись не принята" in answer.text
    assert _signatures(world, order) == []


def test_signature_by_another_persons_certificate_is_refused_by_name(
    world: World, order: Document, head: Browser
) -> None:
    by_petrov = sign_detached(
        _files(world, order)[0], _key(world, "petrov", "school-2"), world.clock()
    )
    answer = _hand_in(head, _begin(head, order), ("a.sig", by_petrov))
    assert answer.status_code == 409
    assert "Петров" in answer.text
    assert "Документ не изменён" in answer.text
    assert _signatures(world, order) == []


def test_after_ten_minutes_the_signing_is_begun_anew(
    world: World, order: Document, head: Browser
) -> None:
    address = _begin(head, order)
    page = head.read(address)
    signature = sign_detached(_files(world, order)[0], _key(world), world.clock())
    forward(world, minutes=10)
    late = head.send(address, page, signatures=[FileStorage(io.BytesIO(signature), "a.sig")])
    assert late.status_code == 409
    assert "Начать заново" in head.read(address)
    assert _signatures(world, order) == []


def test_attempt_of_another_person_or_document_is_not_there(
    world: World, app: Flask, case_id: UUID, order: Document, head: Browser
) -> None:
    address = _begin(head, order)
    attempt = address.rsplit("/", 1)[1]
    clerk = browser_of(app, world, "zaytseva")
    form = clerk.read("/my-signature")
    signature = sign_detached(_files(world, order)[0], _key(world), world.clock())
    assert clerk.status(address) == 404
    upload = FileStorage(io.BytesIO(signature), "a.sig")
    assert clerk.send(address, form, signatures=[upload]).status_code == 404
    other = fixed_appointment(world, case_id)
    assert head.status(f"/documents/{other.id}/sign/elsewhere/{attempt}") == 404
    assert head.status(f"/documents/{order.id}/sign/elsewhere/{uuid4()}") == 404
    assert _signatures(world, order) == []


def test_attempt_begun_before_the_date_was_renewed_is_over(
    world: World, order: Document, head: Browser
) -> None:
    forward(world, hours=14, minutes=25)  # five minutes to midnight
    late = browser_of(head.client.application, world, "belova")
    address = _begin(late, order)
    page = late.read(address)
    signature = sign_detached(_files(world, order)[0], _key(world), world.clock())
    forward(world, minutes=6)
    fix(world.services, world.actor("belova"), order.id)
    world.work()
    assert late.status(address) == 404
    upload = FileStorage(io.BytesIO(signature), "a.sig")
    assert late.send(address, page, signatures=[upload]).status_code == 404
    assert _signatures(world, order) == []


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.exe", b"MZ"),
        ("a.sig", b""),
        ("a.sig", b"x" * (1024 * 1024 + 1)),
    ],
    ids=["a program", "empty", "too large"],
)
def test_what_cannot_be_a_signature_is_told_at_its_field(
    world: World, order: Document, head: Browser, name: str, content: bytes
) -> None:
    answer = _hand_in(head, _begin(head, order), (name, content))
    assert answer.status_code == 422
    assert 'href="#f-signatures"' in answer.text
    assert _signatures(world, order) == []


def test_nothing_chosen_and_too_much_chosen_are_told(
    world: World, order: Document, head: Browser
) -> None:
    address = _begin(head, order)
    assert _hand_in(head, address).status_code == 422
    many = [(f"{n}.sig", b"0") for n in range(50)]
    assert _hand_in(head, address, *many).status_code == 422


def test_upload_without_bound_is_cut_off(
    world: World, app: Flask, order: Document, head: Browser
) -> None:
    app.config["MAX_CONTENT_LENGTH"] = 100_000
    answer = _hand_in(head, _begin(head, order), ("a.sig", b"x" * 200_000))
    assert answer.status_code == 413
    assert _signatures(world, order) == []


@pytest.mark.parametrize("content", [b"\x30\x80" * 5000, b"\x30\x84\xff\xff\xff\xff", b"%PDF-1.7"])
def test_malformed_signature_is_refused_and_changes_nothing(
    world: World, order: Document, head: Browser, content: bytes
) -> None:
    answer = _hand_in(head, _begin(head, order), ("a.sig", content))
    assert answer.status_code == 409
    assert _signatures(world, order) == []


def test_begin_with_a_digest_that_was_not_shown_is_refused(
    world: World, order: Document, head: Browser
) -> None:
    page = head.read(f"/documents/{order.id}/sign")
    answer = head.send(f"/documents/{order.id}/sign/elsewhere", page, seen="0" * 64)
    assert answer.status_code == 409


# --- Which signature belongs to which file -------------------------------------------------

WANTED = (FileToSign("01 Приказ.pdf", b"%PDF-1 order"), FileToSign("02 План.pdf", b"%PDF-1 plan"))


@pytest.mark.parametrize(
    "names",
    [
        ("02 План.pdf.sig", "01 Приказ.pdf.sig"),
        ("02 план.sig", "01_Приказ.pdf.p7s"),
        ("02 План.pdf (1).sig", "01 Приказ (2).pdf.sgn"),
    ],
)
def test_detached_signatures_are_matched_by_name(names: tuple[str, str]) -> None:
    uploads = [UploadedFile(name, name[:2].encode()) for name in names]
    assert match_detached(WANTED, uploads, "f") == ((b"01", b"02"), ())


def test_signature_with_a_strange_name_is_named() -> None:
    uploads = [UploadedFile("01 Приказ.pdf.sig", b"1"), UploadedFile("акт.sig", b"2")]
    outputs, errors = match_detached(WANTED, uploads, "f")
    assert outputs == ()
    assert [e.params["file"] for e in errors] == ["02 План.pdf", "акт.sig"]


def test_signed_pdfs_are_matched_by_their_bytes_and_not_by_name() -> None:
    uploads = [
        UploadedFile("01 Приказ.pdf", b"%PDF-1 plan, signed"),
        UploadedFile("02 План.pdf", b"%PDF-1 order, signed"),
    ]
    outputs, errors = match_signed_pdfs(WANTED, uploads, "f")
    assert outputs == (b"%PDF-1 order, signed", b"%PDF-1 plan, signed")
    assert errors == ()
