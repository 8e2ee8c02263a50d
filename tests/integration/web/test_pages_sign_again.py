"""The page on which somebody whose signature is lost signs the same files again."""

from __future__ import annotations

import io
from uuid import UUID

import pytest
from flask import Flask
from werkzeug.datastructures import FileStorage

from marshrut.demonstration.town import KEY_PASSWORD
from tests.integration.web.signing_site import (
    Browser,
    browser_of,
    fixed_appointment,
    forward,
    programme,
    signed,
)
from tests.told_once import told_once
from tests.world import World
from workflow.domain.signatures import Signature, SignatureStatus
from workflow.store.blobs import FolderBlobs


@pytest.fixture
@told_once
def signature(world: World) -> Signature:
    return signed(world, fixed_appointment(world, programme(world)))


@pytest.fixture
def lost(world: World, signature: Signature) -> Signature:
    """The same, its `.sig` is not in the storage any more."""
    blobs = world.services.blobs
    assert isinstance(blobs, FolderBlobs)
    for file in signature.files:
        sha256 = file.signature
        (blobs.root / sha256[:2] / sha256[2:4] / sha256).unlink()
    forward(world, minutes=1)  # which signature is the newer one must not be a coin's toss
    return signature


def _report(signature: Signature) -> str:
    return f"/signatures/{signature.id}/report"


def _again(signature: Signature) -> str:
    return f"/signatures/{signature.id}/again"


def _statuses(world: World, document_id: UUID) -> list[SignatureStatus]:
    with world.services.uow.reading() as tx:
        return [s.status for s in tx.signatures.of_document(document_id)]


def test_head_is_led_from_the_report_and_signs_again(
    world: World, head: Browser, lost: Signature
) -> None:
    report = head.read(_report(lost))
    assert "Подпись утрачена" in report
    assert _again(lost) in report
    page = head.read(_again(lost))
    answer = head.send(f"{_again(lost)}/key", page, seen=lost.manifest, password=KEY_PASSWORD)
    assert answer.status_code == 303
    assert "Подписано" in head.read(answer.location)
    assert _statuses(world, lost.document_id) == [
        SignatureStatus.WITHDRAWN,
        SignatureStatus.ACCEPTED,
    ]
    card = head.read(f"/documents/{lost.document_id}")
    assert "Подписано повторно" in card
    assert "Файл подписи утрачен" in card
    assert "больше не учитывается" in head.read(_again(lost))


def test_wrong_password_and_something_else_than_signatures_change_nothing(
    world: World, head: Browser, lost: Signature
) -> None:
    page = head.read(_again(lost))
    for password in ("", "не тот пароль"):
        wrong = head.send(f"{_again(lost)}/key", page, seen=lost.manifest, password=password)
        assert wrong.status_code == 422
        assert 'href="#f-password"' in wrong.text
    nothing = head.send(f"{_again(lost)}/files", page, seen=lost.manifest)
    assert nothing.status_code == 422
    rubbish = FileStorage(io.BytesIO(b"no signature"), "file.sig")
    refused = head.send(f"{_again(lost)}/files", page, seen=lost.manifest, signatures=rubbish)
    assert refused.status_code in (409, 422)
    assert _statuses(world, lost.document_id) == [SignatureStatus.ACCEPTED]


def test_others_read_why_they_cannot_and_strangers_find_nothing(
    world: World, app: Flask, lost: Signature
) -> None:
    clerk = browser_of(app, world, "zaytseva")
    report = clerk.read(_report(lost))
    assert 'aria-disabled="true"' in report
    assert "только тот, кто подписывал" in report
    form = clerk.read("/my-signature")
    refused = clerk.send(f"{_again(lost)}/key", form, seen=lost.manifest, password="x")
    assert refused.status_code == 409
    assert browser_of(app, world, "petrov").status(_again(lost)) == 404
    assert _statuses(world, lost.document_id) == [SignatureStatus.ACCEPTED]


def test_whole_signature_offers_nothing(world: World, head: Browser, signature: Signature) -> None:
    assert _again(signature) not in head.read(_report(signature))
    page = head.read(_again(signature))
    assert "подписывать повторно нечего" in page
    assert 'name="password"' not in page
    form = head.read("/my-signature")
    refused = head.send(
        f"{_again(signature)}/key", form, seen=signature.manifest, password=KEY_PASSWORD
    )
    assert refused.status_code == 409
    assert _statuses(world, signature.document_id) == [SignatureStatus.ACCEPTED]
