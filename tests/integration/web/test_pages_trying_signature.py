"""«Проверить мою подпись»: the page, both ways to try, what is answered, how often."""

from __future__ import annotations

import io
from datetime import timedelta

import pytest
from flask import Flask
from werkzeug.datastructures import FileStorage

from marshrut.demonstration.town import KEY_PASSWORD
from signing.keys import open_pkcs12
from signing.sign import sign_detached, sign_pdf
from tests.integration.web.signing_site import (
    Browser,
    browser_of,
    fixed_appointment,
    forward,
    programme,
    site,
    stranger,
)
from tests.world import World, holder
from web.views.try_signature import TRIES

PAGE = "/my-signature/try"


@pytest.fixture
def app(world: World) -> Flask:
    return site(world)


@pytest.fixture
def head(app: Flask, world: World) -> Browser:
    return browser_of(app, world, "belova")


def _with_key(browser: Browser, password: str = KEY_PASSWORD):  # type: ignore[no-untyped-def]  # werkzeug's TestResponse is not exported
    return browser.send(f"{PAGE}/key", browser.read(PAGE), password=password)


def _with_file(browser: Browser, content: bytes, name: str = "marshrut-sample.txt.sig"):  # type: ignore[no-untyped-def]  # the same
    upload = FileStorage(io.BytesIO(content), name)
    return browser.send(f"{PAGE}/file", browser.read(PAGE), signature=upload)


def _signature(world: World, sample: bytes, key: str = "belova") -> bytes:
    made = world.authorities.key_file(
        holder(world.person(key), world.place("school-1")), KEY_PASSWORD, world.clock()
    )
    return sign_detached(sample, open_pkcs12(made, KEY_PASSWORD), world.clock())


def test_it_is_offered_in_the_account_and_where_one_signs(world: World, head: Browser) -> None:
    order = fixed_appointment(world, programme(world))
    for address in ("/account", "/my-signature", f"/documents/{order.id}/sign"):
        assert f'href="{PAGE}"' in head.read(address)


def test_a_stranger_has_to_sign_in(app: Flask) -> None:
    for address in (PAGE, f"{PAGE}/marshrut-sample.txt"):
        assert stranger(app).status(address) == 303


def test_the_page_says_as_whom_one_signs(head: Browser, world: World) -> None:
    page = head.read(PAGE)
    assert "Кем вы подписываете" in page
    assert world.place("school-1").short in page
    assert "усиленная неквалифицированная" in page


def test_the_stored_key_will_do(head: Browser) -> None:
    answer = _with_key(head)
    assert answer.status_code == 200
    assert "Подпись подойдёт" in answer.text
    assert "Все девять проверок пройдены." in answer.text
    assert all(f"{number}. " in answer.text for number in range(1, 10))


def test_a_wrong_password_stands_beside_its_field(head: Browser) -> None:
    answer = _with_key(head, "не тот")
    assert answer.status_code == 422
    assert "has-error" in answer.text
    assert "не тот" not in answer.text


def test_an_empty_password_is_asked_for(head: Browser) -> None:
    assert _with_key(head, "").status_code == 422


def test_wrong_passwords_are_counted_together_with_those_of_signing(
    world: World, head: Browser
) -> None:
    order = fixed_appointment(world, programme(world))
    for _guess in range(5):
        assert _with_key(head, "не тот").status_code == 422
    stopped = _with_key(head)
    assert stopped.status_code == 429
    assert stopped.headers["Retry-After"] == "600"
    address = f"/documents/{order.id}/sign"
    assert head.send(address, head.read(address), password=KEY_PASSWORD).status_code == 429


def test_a_sample_signed_elsewhere_will_do(world: World, head: Browser) -> None:
    given = head.client.get(f"{PAGE}/marshrut-sample.txt")
    assert given.headers["Content-Disposition"].startswith("attachment")
    answer = _with_file(head, _signature(world, given.data))
    assert answer.status_code == 200
    assert "Подпись подойдёт" in answer.text


def test_a_colleagues_signature_will_not_do_and_it_says_what_to_do(
    world: World, head: Browser
) -> None:
    given = head.client.get(f"{PAGE}/marshrut-sample.txt").data
    answer = _with_file(head, _signature(world, given, "zaytseva"))
    assert "Подпись не подойдёт" in answer.text
    assert "Возьмите свой сертификат" in answer.text
    assert "Подпись подойдёт" not in answer.text


def test_without_a_new_list_it_cannot_be_checked_now(world: World, app: Flask) -> None:
    forward(world, days=61)
    answer = _with_key(browser_of(app, world, "belova"))
    assert "Сейчас проверить нельзя" in answer.text
    assert "загрузить свежий список отозванных сертификатов" in answer.text


def test_another_kind_of_file_is_not_taken(head: Browser) -> None:
    assert _with_file(head, b"PK", "a.docx").status_code == 422


def test_the_sample_is_signed_inside_the_pdf_too(world: World, head: Browser) -> None:
    given = head.client.get(f"{PAGE}/marshrut-sample.pdf")
    assert given.headers["Content-Type"] == "application/pdf"
    made = world.authorities.key_file(
        holder(world.person("belova"), world.place("school-1")), KEY_PASSWORD, world.clock()
    )
    signed = sign_pdf(given.data, open_pkcs12(made, KEY_PASSWORD), world.clock())
    assert "Подпись подойдёт" in _with_file(head, signed, "marshrut-sample.pdf").text
    assert "Подпись не подойдёт" in _with_file(head, given.data, "marshrut-sample.pdf").text


def test_tries_are_bounded_and_go_on_after_ten_minutes(world: World, head: Browser) -> None:
    for _try in range(TRIES.count):
        assert _with_file(head, b"no signature").status_code == 200
    assert _with_file(head, b"no signature").status_code == 429
    forward(world, seconds=TRIES.period / timedelta(seconds=1))
    assert _with_file(head, b"no signature").status_code == 200


def test_without_a_key_the_way_of_ones_own_program_is_the_main_one(
    app: Flask, world: World
) -> None:
    page = browser_of(app, world, "zaytseva").read(PAGE)
    assert 'name="password"' not in page
    assert "От своего имени" in page
