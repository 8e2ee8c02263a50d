"""What people read of the proven time of a signature, and of one that waits for its timestamp."""

from __future__ import annotations

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
    forward,
    programme,
    site,
)
from tests.world import PASSWORD_OF_CA, World
from workflow.domain.documents import Document
from workflow.domain.refusals import Refusal
from workflow.domain.signatures import Signature, SignatureStatus
from workflow.timestamping import Timestamp
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
        assert "УЧЕБНЫЙ служба меток времени" in page
    report = head.read(f"/signatures/{signature.id}/report")
    assert "подтверждено меткой времени" in report
    assert "Время подтверждено." in report


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
    world.services = replace(world.services, timestamps=None)
    forward(world, minutes=1)  # a code of the second factor counts once
    operator = signed_in(world, OPERATOR_LOGIN, PASSWORD, world.town.operator_second_factor)
    assert "убран из настроек сервера" in operator.get("/admin/trust")
