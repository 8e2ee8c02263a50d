"""One's own key on «Моя подпись»."""

from __future__ import annotations

import pytest
from flask import Flask

from marshrut.demonstration.town import KEY_PASSWORD
from marshrut.training import GOST
from signing.keys import open_pkcs12
from tests.integration.web.signing_site import (
    Browser,
    browser_of,
    forward,
    upload,
)
from tests.world import World, holder


def _key_file(world: World, key: str, place: str = "school-1") -> bytes:
    return world.authorities.key_file(
        holder(world.person(key), world.place(place)), KEY_PASSWORD, world.clock()
    )


def _add(browser: Browser, content: bytes, password: str = KEY_PASSWORD, name: str = "key.p12"):  # type: ignore[no-untyped-def]  # werkzeug's TestResponse is not exported
    page = browser.read("/my-signature")
    return browser.send("/my-signature", page, key=upload(content, name), password=password)


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


def test_a_key_without_a_password_is_not_kept(world: World, clerk: Browser) -> None:
    facts = holder(world.person("zaytseva"), world.place("school-1"))
    bare = world.authorities.key_file(facts, "", world.clock(), algorithm=GOST)
    assert open_pkcs12(bare, "").certificate
    answer = _add(clerk, bare, "")
    assert answer.status_code == 422
    assert "Введите пароль ключа." in answer.text
    with world.services.uow.reading() as tx:
        assert tx.person_keys.of_person(world.person("zaytseva").person_id) == []


def test_who_tries_one_file_after_another_is_told_to_wait(world: World, clerk: Browser) -> None:
    for _try in range(20):
        assert _add(clerk, b"nothing of the kind").status_code == 422
    late = _add(clerk, _key_file(world, "zaytseva"))
    assert late.status_code == 429
    assert "Слишком много попыток подряд." in late.text
