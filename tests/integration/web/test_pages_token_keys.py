"""«Моя подпись»: a key on a token of the server is added, asked for its PIN, used and removed."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import pytest
from flask import Flask
from werkzeug.datastructures import FileStorage
from werkzeug.test import TestResponse

from marshrut.demonstration.town import KEY_PASSWORD
from tests.integration.web.signing_site import (
    Browser,
    browser_of,
    fixed_appointment,
    programme,
    seen_in,
    site,
)
from tests.integration.workflow.test_token_keys import TOKEN, WRONG, certified, with_tokens
from tests.softhsm import PIN, SoftHsm, seen_by_this_process, soft_hsm
from tests.world import World
from workflow.domain.signatures import SignatureStatus

ADDRESS = "/my-signature/token"


@pytest.fixture
def hsm(tmp_path: Path) -> Iterator[SoftHsm]:
    made = soft_hsm(tmp_path / "hsm")
    made.make_token(TOKEN)
    with seen_by_this_process(made):
        yield made


@pytest.fixture
def case_id(world: World) -> UUID:
    return programme(world)


@pytest.fixture
def app(world: World, case_id: UUID, hsm: SoftHsm) -> Flask:
    hsm.put(TOKEN, "head", "A1", certified(world), KEY_PASSWORD)
    return site(with_tokens(world))


@pytest.fixture
def head(app: Flask, world: World) -> Browser:
    return browser_of(app, world, "belova")


def add(head: Browser, **given: object) -> TestResponse:
    fields: dict[str, object] = {"token": TOKEN, "pin": PIN, **given}
    answer: TestResponse = head.send(ADDRESS, head.read(ADDRESS), **fields)
    return answer


def test_a_key_on_a_token_is_added_and_shown(head: Browser) -> None:
    assert "Добавить ключ на токене сервера" in head.read("/my-signature")
    answer = add(head)
    assert (answer.status_code, answer.location) == (303, "/my-signature?added_token=1")
    page = head.read(str(answer.location))
    assert "Ключ на токене добавлен" in page
    assert TOKEN in page


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"pin": WRONG}, "ПИН-код токена неверный"),
        ({"pin": ""}, "Введите ПИН-код токена"),
        ({"token": ""}, "Введите название или серийный номер"),
        ({"token": "Школа № 2"}, "Токен «Школа № 2» не подключён"),
        ({"key": "чужой"}, "нет такого ключа"),
    ],
)
def test_what_goes_wrong_stands_beside_its_field(
    given: dict[str, object], words: str, head: Browser
) -> None:
    answer = add(head, **given)
    assert answer.status_code == 422
    assert words in answer.text
    assert PIN not in answer.text
    assert WRONG not in answer.text


def test_a_strange_file_is_no_certificate(head: Browser) -> None:
    for name, content in (("head.exe", b"MZ"), ("head.cer", b"no certificate")):
        answer = add(head, certificate=FileStorage(io.BytesIO(content), name))
        assert answer.status_code == 422
    assert "Ключ на токене добавлен" not in head.read("/my-signature")


def test_pins_are_not_guessed(head: Browser) -> None:
    answers = [add(head, pin=WRONG).status_code for _ in range(6)]
    assert answers == [422] * 5 + [429]
    assert add(head).status_code == 429


def test_a_document_is_signed_under_the_pin(head: Browser, world: World, case_id: UUID) -> None:
    add(head)
    order = fixed_appointment(world, case_id)
    address = f"/documents/{order.id}/sign"
    page = head.read(address)
    assert f"ПИН-код токена «{TOKEN}»" in page
    assert "Подписать ключом на токене" in page
    wrong = head.send(address, page, seen=seen_in(page), password=WRONG)
    assert (wrong.status_code, "ПИН-код токена неверный" in wrong.text) == (422, True)
    empty = head.send(address, page, seen=seen_in(page), password="")
    assert "Введите ПИН-код токена" in empty.text
    signed = head.send(address, page, seen=seen_in(page), password=PIN)
    assert (signed.status_code, signed.location) == (303, f"/documents/{order.id}/signed")
    with world.services.uow.reading() as tx:
        (signature,) = tx.signatures.of_document(order.id)
    assert signature.status is SignatureStatus.ACCEPTED


def test_the_sample_is_signed_under_the_pin(head: Browser) -> None:
    add(head)
    page = head.read("/my-signature/try")
    assert f"ПИН-код токена «{TOKEN}»" in page
    assert head.send("/my-signature/try/key", page, password=WRONG).status_code == 422
    assert head.send("/my-signature/try/key", page, password=PIN).status_code == 200


def test_a_key_on_a_token_is_removed_and_stays_on_its_token(head: Browser) -> None:
    add(head)
    page = head.read("/my-signature")
    remove = page.split('href="/my-signature/')[2].split('"')[0]
    asked = head.read(f"/my-signature/{remove}")
    assert "останется на токене" in asked
    assert head.send(f"/my-signature/{remove}", asked).status_code == 303
    assert TOKEN not in head.read("/my-signature")


def test_a_server_without_tokens_offers_none(world: World) -> None:
    head = browser_of(site(world), world, "belova")
    assert "токене" not in head.read("/my-signature")
    assert head.client.get(ADDRESS).status_code == 404
