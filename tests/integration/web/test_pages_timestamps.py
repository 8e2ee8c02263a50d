"""What people read of the proven time of a signature, and of one that waits for its timestamp."""

from __future__ import annotations

import io
import zipfile
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

import pytest

from marshrut.demonstration.town import KEY_PASSWORD, PASSWORD, done
from marshrut.engines.timestamps import TrainingTimestamps
from marshrut.training import TIMESTAMPS_KEY
from tests.integration.web.admin_site import OPERATOR_LOGIN, signed_in
from tests.integration.web.signing_site import (
    browser_of,
    fixed_appointment,
    fixed_approval,
    forward,
    programme,
    signed,
    site,
)
from tests.world import PASSWORD_OF_CA, World
from workflow.domain.documents import Document
from workflow.domain.refusals import Refusal
from workflow.domain.signatures import Signature, SignatureStatus
from workflow.timestamping import Timestamp
from workflow.usecases.installation import renew_training_crls
from workflow.usecases.long_term import keep_long_term
from workflow.usecases.recheck import recheck
from workflow.usecases.sign import sign_with_stored_key

SILENCE = Refusal(
    "signing.timestamp_authority_silent",
    "The time-stamping authority {host} does not answer; the time is not proven yet.",
    params={"host": "tsa.example.ru"},
)


@dataclass
class Silent:
    def stamp(self, digest_name: str, digest: bytes, now: datetime) -> Timestamp | Refusal:
        return SILENCE


@pytest.fixture
def stamped_world(world: World, tmp_path: Path) -> World:
    """The world with the authority for timestamps of its training installation."""
    file = tmp_path / "world" / "keys" / TIMESTAMPS_KEY
    authority = TrainingTimestamps(file, PASSWORD_OF_CA)
    world.services = replace(world.services, timestamps=authority)
    return world


def signed_now(world: World) -> tuple[Document, Signature]:
    document = fixed_appointment(world, programme(world))
    assert document.manifest is not None
    head, digest = world.actor("belova"), document.manifest.digest
    return document, done(
        sign_with_stored_key(world.services, head, document.id, digest, KEY_PASSWORD)
    )


def test_document_and_report_say_who_proves_the_time(stamped_world: World) -> None:
    document, signature = signed_now(stamped_world)
    assert signature.status is SignatureStatus.ACCEPTED
    head = browser_of(site(stamped_world), stamped_world, "belova")
    for address in (f"/documents/{document.id}", f"/signatures/{signature.id}/report"):
        page = head.read(address)
        assert "Время подтверждено меткой времени: 04.05.2026" in page.replace("\xa0", " ")
        assert "УЧЕБНЫЙ сервер меток времени" in page
    report = head.read(f"/signatures/{signature.id}/report")
    assert "подтверждено меткой времени" in report
    assert "Время подтверждено." in report


def test_copy_for_long_keeping_is_offered_to_those_who_see_the_document(
    stamped_world: World,
) -> None:
    world = stamped_world
    order = fixed_approval(world, programme(world))
    signature = signed(world, order)
    app = site(world)
    head = browser_of(app, world, "belova")
    address = f"/signatures/{signature.id}/long-term-0.pdf"
    assert "PAdES-B-LTA" not in head.read(f"/signatures/{signature.id}/report")
    assert head.status(address) == 404
    forward(world, days=1)
    assert renew_training_crls(world.services, world.authorities.crls(world.clock())) is None
    with world.services.uow() as tx:
        recheck(world.services, {"signature": str(signature.id)})(tx)
        tx.commit()
    with world.services.uow() as tx:
        keep_long_term(world.services, {"signature": str(signature.id)})(tx)
        tx.commit()
    head = browser_of(app, world, "belova")
    assert address in head.read(f"/signatures/{signature.id}/report")
    copy = head.client.get(address)
    assert (copy.status_code, copy.data[:5]) == (200, b"%PDF-")
    assert head.status(f"/signatures/{signature.id}/long-term-7.pdf") == 404
    archive = head.client.get(f"/documents/{order.id}/original.zip").data
    names = zipfile.ZipFile(io.BytesIO(archive)).namelist()
    assert sum(name.endswith("-lta.pdf") for name in names) == len(signature.files)
    assert browser_of(app, world, "petrov").status(address) == 404


def test_whoever_signed_reads_that_the_authority_is_waited_for(world: World) -> None:
    world.services = replace(world.services, timestamps=Silent())
    document, signature = signed_now(world)
    assert signature.status is SignatureStatus.RECEIVED
    head = browser_of(site(world), world, "belova")
    page = head.read(f"/documents/{document.id}")
    assert "Служба меток времени tsa.example.ru не отвечает" in page
    assert "Время подтверждено" not in page
    report = head.read(f"/signatures/{signature.id}/report")
    assert "Подписывать заново не нужно" in report
    operator = signed_in(world, OPERATOR_LOGIN, PASSWORD, world.town.operator_second_factor)
    trust = operator.get("/admin/trust")
    assert "1 подпись ждёт метки времени" in trust
    assert "1 подпись ждёт метки времени" in operator.get("/admin")
    world.services = replace(world.services, timestamps=None)
    forward(world, minutes=1)  # a code of the second factor counts once
    operator = signed_in(world, OPERATOR_LOGIN, PASSWORD, world.town.operator_second_factor)
    assert "убран из настроек сервера" in operator.get("/admin/trust")
