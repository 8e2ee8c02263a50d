"""How the proof of signatures is kept up: the card's line, the files, the operator's page."""

from __future__ import annotations

import io
import zipfile
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest

from marshrut.demonstration.town import PASSWORD
from signing.records.evidence_records import read_record
from tests.integration.web.admin_site import OPERATOR_LOGIN, Site, signed_in
from tests.integration.web.signing_site import (
    Browser,
    browser_of,
    fixed_appointment,
    programme,
    signed,
    site,
)
from tests.integration.workflow.test_evidence_records import YEAR, Stamping, later, stamping
from tests.integration.workflow.test_looks_again import tick
from tests.world import World
from workflow.domain.documents import Document
from workflow.domain.signatures import Signature

DAY = timedelta(days=1)


@pytest.fixture
def authority(world: World, tmp_path: Path) -> Stamping:
    made = stamping(world, tmp_path / "world", YEAR)
    world.services = replace(world.services, timestamps=made)
    return made


@pytest.fixture
def order(world: World, authority: Stamping) -> Document:
    return fixed_appointment(world, programme(world))


@pytest.fixture
def signature(world: World, order: Document) -> Signature:
    return signed(world, order)


def clerk_of(world: World) -> Browser:
    return browser_of(site(world), world, "zaytseva")


def operator_of(world: World) -> Site:
    return signed_in(world, OPERATOR_LOGIN, PASSWORD, world.town.operator_second_factor)


def test_the_card_says_quietly_how_long_the_proof_lasts(world: World, signature: Signature) -> None:
    page = clerk_of(world).read(f"/documents/{signature.document_id}")
    assert "Сохранность" not in page
    tick(world)
    page = clerk_of(world).read(f"/documents/{signature.document_id}")
    assert "Сохранность: свидетельство от 04.05.2026, метка времени 04.05.2026" in page
    assert "действует до 04.05.2027, продлевается само" in page
    assert f"/signatures/{signature.id}/record.ers" in page


def test_the_record_is_given_to_those_who_may_see_the_document(
    world: World, signature: Signature
) -> None:
    tick(world)
    answer = clerk_of(world).client.get(f"/signatures/{signature.id}/record.ers")
    assert answer.status_code == 200
    assert read_record(answer.data).last.algorithm == "sha256"
    assert ".ers" in answer.headers["Content-Disposition"]
    stranger = browser_of(site(world), world, "lapina")
    assert stranger.client.get(f"/signatures/{signature.id}/record.ers").status_code == 404


def test_without_a_record_there_is_nothing_to_take_away(world: World, signature: Signature) -> None:
    answer = clerk_of(world).client.get(f"/signatures/{signature.id}/record.ers")
    assert answer.status_code == 404


def test_the_archive_holds_the_record_beside_the_signature(
    world: World, signature: Signature
) -> None:
    tick(world)
    answer = clerk_of(world).client.get(f"/documents/{signature.document_id}/original.zip")
    with zipfile.ZipFile(io.BytesIO(answer.data)) as archive:
        names = archive.namelist()
    records = [name for name in names if name.endswith(".ers")]
    assert records
    assert all(name.removesuffix(".ers") in names for name in records)


def test_the_report_of_a_signature_names_its_record(world: World, signature: Signature) -> None:
    tick(world)
    page = clerk_of(world).read(f"/signatures/{signature.id}/report")
    assert "Сохранность: свидетельство от 04.05.2026" in page
    assert "Свидетельство сохранности (.ers)" in page


def test_an_interrupted_proof_is_said_on_the_card_and_to_the_operator(
    world: World, signature: Signature, authority: Stamping
) -> None:
    tick(world)
    authority.silent = True
    later(world, YEAR + 10 * DAY)
    tick(world)
    page = clerk_of(world).read(f"/documents/{signature.document_id}")
    assert "прервалось 04.05.2027: свидетельство не продлили вовремя" in page
    operator = operator_of(world)
    assert "Доказательство прервалось" in operator.get("/admin/evidence")
    assert "Прервано" in operator.get("/admin")


def test_the_operator_sees_the_last_nights(world: World, signature: Signature) -> None:
    tick(world)
    page = operator_of(world).get("/admin/evidence")
    assert "Ночное свидетельство" in page
    assert "Установка в целом (журнал событий)" in page
    assert "Сохранность подписей не обеспечена" not in page


def test_the_operator_sees_that_the_authority_is_silent(
    world: World, signature: Signature, authority: Stamping
) -> None:
    authority.silent = True
    tick(world)
    page = operator_of(world).get("/admin/evidence")
    assert "Свидетельство ещё не составлено" in page
    assert "Попыток: 1" in page


def test_the_operator_is_told_that_nobody_gives_timestamps(world: World) -> None:
    world.services = replace(world.services, timestamps=None)
    page = operator_of(world).get("/admin/evidence")
    assert "Сохранность подписей не обеспечена" in page
    assert "MARSHRUT_TSA_URL" in page


def test_nobody_but_the_operator_sees_the_page(world: World) -> None:
    answer = browser_of(site(world), world, "belova").client.get("/admin/evidence")
    assert answer.status_code in (403, 404)


def test_a_signature_that_waited_all_month_is_counted(
    world: World, signature: Signature, authority: Stamping
) -> None:
    assert isinstance(signature.id, UUID)
    authority.silent = True
    later(world, 3 * DAY)
    page = operator_of(world).get("/admin/evidence")
    assert "Подписи за 30 дней без свидетельства" in page
