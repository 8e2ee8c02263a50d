"""The fourth way to sign: an attempt on the page, `marshrut sign` at home, the upload."""

from __future__ import annotations

import io
import zipfile
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest
from werkzeug.datastructures import FileStorage

from marshrut.demonstration.town import KEY_PASSWORD
from marshrut.training import subject_of
from signing.training.certificates import KeyAlgorithm
from tests.commands import marshrut
from tests.integration.web.signing_site import (
    Browser,
    fixed_appointment,
    fixed_approval,
    seen_in,
)
from tests.softhsm import LIBRARY, PIN, soft_hsm
from tests.world import World, holder
from workflow.domain.documents import Document
from workflow.domain.signatures import Signature, SignatureStatus

TOKEN = "Флешка"
BY_PASSWORD = {"MARSHRUT_P12_PASSWORD": KEY_PASSWORD}


def key_file(world: World, algorithm: KeyAlgorithm) -> bytes:
    """The head's own key, valid by the world's clock and by the real one of the command."""
    authority = world.authorities._authorities["advanced"]
    facts = subject_of(holder(world.person("belova"), world.place("school-1")))
    since = min(world.clock(), datetime.now(UTC)) - timedelta(days=1)
    until = max(world.clock(), datetime.now(UTC)) + timedelta(days=1)
    return authority.issue(facts, since, until, algorithm).pkcs12(KEY_PASSWORD)


def begin(head: Browser, document: Document) -> str:
    page = head.read(f"/documents/{document.id}/sign")
    answer = head.send(f"/documents/{document.id}/sign/elsewhere", page, seen=seen_in(page))
    assert answer.status_code == 303
    return str(answer.location)


def download(head: Browser, document: Document, folder: Path) -> list[Path]:
    """All files of the document in a folder of their own, as the page gives them."""
    archive = head.client.get(f"/documents/{document.id}/fixed.zip").data
    folder.mkdir()
    with zipfile.ZipFile(io.BytesIO(archive)) as files:
        files.extractall(folder)
    return sorted(folder.iterdir())


def hand_in(head: Browser, address: str, files: list[Path]) -> int:
    uploads = [FileStorage(io.BytesIO(file.read_bytes()), file.name) for file in files]
    return int(head.send(address, head.read(address), signatures=uploads).status_code)


def signatures(world: World, document: Document) -> list[Signature]:
    with world.services.uow.reading() as tx:
        return tx.signatures.of_document(document.id)


@pytest.mark.parametrize("algorithm", [KeyAlgorithm.GOST_2012_256, KeyAlgorithm.RSA_2048])
def test_a_detached_signature_by_the_command_is_accepted(
    algorithm: KeyAlgorithm, world: World, case_id: UUID, head: Browser, tmp_path: Path
) -> None:
    order = fixed_appointment(world, case_id)
    address = begin(head, order)
    files = download(head, order, tmp_path / "files")
    (tmp_path / "head.p12").write_bytes(key_file(world, algorithm))
    done = marshrut(
        *("sign", *[f.name for f in files], "--p12", tmp_path / "head.p12"),
        folder=tmp_path / "files",
        environment=BY_PASSWORD,
    )
    assert done.returncode == 0, done.stderr
    assert hand_in(head, address, sorted((tmp_path / "files").glob("*.sig"))) == 303
    assert [s.status for s in signatures(world, order)] == [SignatureStatus.ACCEPTED]


def test_signed_pdfs_by_a_token_are_taken_for_an_order_of_two_files(
    world: World, case_id: UUID, head: Browser, tmp_path: Path
) -> None:
    hsm = soft_hsm(tmp_path / "hsm")
    hsm.make_token(TOKEN)
    hsm.put(TOKEN, "head", "A0", key_file(world, KeyAlgorithm.ECDSA_P256), KEY_PASSWORD)
    order = fixed_approval(world, case_id)
    address = begin(head, order)
    files = download(head, order, tmp_path / "files")
    assert len(files) == 2
    token = ("--pkcs11", LIBRARY, "--token", TOKEN)
    done = marshrut(
        *("sign", *[f.name for f in files], "--format", "pades", *token),
        folder=tmp_path / "files",
        environment={**hsm.environment, "MARSHRUT_TOKEN_PIN": PIN},
    )
    assert done.returncode == 0, done.stderr
    assert hand_in(head, address, sorted((tmp_path / "files").glob("*_signed.pdf"))) == 303
    assert [s.status for s in signatures(world, order)] == [SignatureStatus.ACCEPTED]


def test_what_the_command_signs_for_another_document_is_refused(
    world: World, case_id: UUID, head: Browser, tmp_path: Path
) -> None:
    order = fixed_appointment(world, case_id)
    address = begin(head, order)
    (tmp_path / "other.pdf").write_bytes(b"%PDF-1.7 another")
    (tmp_path / "head.p12").write_bytes(key_file(world, KeyAlgorithm.GOST_2012_256))
    done = marshrut(
        *("sign", "other.pdf", "--p12", "head.p12"), folder=tmp_path, environment=BY_PASSWORD
    )
    assert done.returncode == 0, done.stderr
    assert hand_in(head, address, [tmp_path / "other.pdf.sig"]) != 303
    assert SignatureStatus.ACCEPTED not in [s.status for s in signatures(world, order)]
