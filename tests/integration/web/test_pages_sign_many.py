"""Signing several documents at once: the pages, the cookie, and what somebody may try there."""

from __future__ import annotations

import base64
from dataclasses import replace
from pathlib import Path

import pytest
import structlog
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from flask import Flask
from redis import Redis
from rq import Queue, Worker
from rq.serializers import JSONSerializer

from marshrut.demonstration.town import KEY_PASSWORD, done
from marshrut.wiring import make_handlers
from queues.names import QueueName
from queues.relay import Relay
from signing.keys import SigningKey, open_pkcs12
from tests.integration.web.bulk_pages import (
    COOKIE,
    ask,
    chosen,
    confirmed,
    cookie_in,
    looked_at,
    press,
)
from tests.integration.web.bulk_site import HEAD, fixed_appointments, signatures_of
from tests.integration.web.signing_site import (
    Browser,
    browser_of,
    forward,
    programme,
    site,
    stranger,
)
from tests.integration.workflow.bulk_town import held_rows
from tests.told_once import told_once
from tests.world import World, holder, services_in
from web import current
from workflow.domain.documents import Document
from workflow.domain.signatures import SignatureStatus
from workflow.usecases.keys import add_key
from workflow.usecases.return_for_rework import return_for_rework

COUNT = 3
OWN_PASSWORD = "слова, которых больше нигде нет"


@pytest.fixture
@told_once
def orders(world: World) -> list[Document]:
    return fixed_appointments(world, programme(world), COUNT)


# --- Choosing and looking ------------------------------------------------------------------


def test_inbox_leads_to_signing_several_when_there_are_several(
    head: Browser, orders: list[Document], app: Flask, world: World
) -> None:
    inbox = head.read("/inbox")
    assert "Вашей подписи ждут 3 документа" in inbox
    assert 'href="/sign-many"' in inbox
    assert "/sign-many" not in browser_of(app, world, "zaytseva").read("/inbox")


def test_page_shows_number_whom_it_concerns_and_files(
    head: Browser, orders: list[Document]
) -> None:
    page = head.read("/sign-many")
    assert "Ждут вашей подписи: 3" in page
    assert "№\N{NO-BREAK SPACE}1-л/с" in page
    assert "Касается: Ершов" in page
    assert f"/documents/{orders[0].id}/fixed/0.pdf" in page
    assert "checked" not in page
    assert head.read("/sign-many?all=1").count("checked") == COUNT


def test_what_cannot_be_signed_now_is_grey_with_the_reason(
    head: Browser, orders: list[Document], world: World
) -> None:
    forward(world, hours=18)
    page = browser_of(site(world), world, HEAD).read("/sign-many?all=1")
    assert page.count("disabled") == COUNT
    assert "checked" not in page
    assert "К документу" in page


def test_nobody_but_the_signatory_sees_the_documents(
    app: Flask, world: World, orders: list[Document]
) -> None:
    for key in ("petrov", "zaytseva"):
        browser = browser_of(app, world, key)
        page = browser.read("/sign-many")
        assert "Сейчас ни один документ не ждёт вашей подписи" in page
    form = browser_of(app, world, "petrov")
    answer = form.send("/sign-many", form.read("/my-signature"), document=[str(orders[0].id)])
    assert answer.status_code == 404
    assert stranger(app).client.get("/sign-many").status_code == 303


def test_choosing_nothing_or_nonsense_is_told(head: Browser, orders: list[Document]) -> None:
    page = head.read("/sign-many")
    nothing = head.send("/sign-many", page, way="key_here")
    assert nothing.status_code == 409
    assert "Не отмечен ни один документ" in nothing.text
    assert head.send("/sign-many", page, document=["нет"]).status_code == 404
    many = head.send("/sign-many", page, document=[str(orders[0].id)] * 500)
    assert "Отмечено больше 100 документов" in many.text


def test_each_has_to_be_looked_at_and_it_stays_noted(
    head: Browser, orders: list[Document], app: Flask, world: World
) -> None:
    at = chosen(head, orders)
    page = head.read(at)
    assert "Пароль ключа" not in page
    assert "Просмотрено: 0 из 3" in page
    answer = press(head, head.read(f"{at}/documents/{orders[0].id}"), "/seen")
    assert answer.location == f"{at}/documents/{orders[1].id}"
    again = browser_of(app, world, HEAD)
    assert "Просмотрено: 1 из 3" in again.read(at)
    assert "Вы уже начали подписывать список" in again.read("/sign-many")
    early = again.send(f"{at}/confirm", again.read("/my-signature"), password=KEY_PASSWORD)
    assert early.status_code == 409
    assert "Ещё не просмотрено документов: 2" in early.text
    assert signatures_of(world, orders) == []


def test_document_is_taken_out_of_the_list(head: Browser, orders: list[Document]) -> None:
    at = chosen(head, orders)
    page = head.read(f"{at}/documents/{orders[0].id}")
    answer = press(head, page, "/out", next="1")
    assert answer.location == f"{at}/documents/{orders[1].id}"
    assert head.status(f"{at}/documents/{orders[0].id}") == 404
    for one in orders[1:]:
        press(head, head.read(at), f"{one.id}/out")
    assert "Из списка убраны все документы" in head.read(at)


def test_document_that_changed_on_the_way_is_looked_at_anew(
    head: Browser, orders: list[Document], world: World
) -> None:
    at = chosen(head, orders[:2])
    page = head.read(f"{at}/documents/{orders[0].id}")
    done(return_for_rework(world.services, world.actor("zaytseva"), orders[0].id, "Ошибка"))
    assert press(head, page, "/seen").status_code == 409
    shown = head.read(f"{at}/documents/{orders[0].id}")
    assert "Убрать из списка" in shown
    assert "/seen" not in shown


# --- Confirming and signing ----------------------------------------------------------------


def test_the_key_lies_in_a_strict_cookie_of_this_list_alone(
    head: Browser, orders: list[Document]
) -> None:
    at = looked_at(head, orders)
    answer = confirmed(head, at)
    assert (answer.status_code, answer.location) == (303, f"{at}/signing")
    cookie = cookie_in(answer)
    assert "HttpOnly" in cookie
    assert "SameSite=Strict" in cookie
    assert "Max-Age=600" in cookie
    assert f"Path={at}" in cookie
    value = cookie.partition("=")[2].partition(";")[0]
    assert len(base64.urlsafe_b64decode(value)) == 32
    assert value not in head.read(f"{at}/signing")


def test_over_https_the_cookie_is_for_encrypted_connections_only(
    world: World, orders: list[Document]
) -> None:
    app = site(world)
    with app.app_context():
        around = current.surroundings()
    encrypted = replace(around.settings, secure_cookies=True)
    current.surround(app, replace(around, settings=encrypted))
    head = browser_of(app, world, HEAD)
    answer = confirmed(head, looked_at(head, orders))
    (cookie,) = [
        c for c in answer.headers.getlist("Set-Cookie") if c.startswith(f"__Secure-{COOKIE}=")
    ]
    assert "Secure;" in cookie


def test_script_asks_for_one_document_after_another(
    head: Browser, orders: list[Document], world: World
) -> None:
    at = looked_at(head, orders)
    confirmed(head, at)
    page = head.read(f"{at}/signing")
    assert page.count("data-ask=") == COUNT
    for one in orders:
        answer = ask(head, at, one, page)
        assert (answer.status_code, answer.json) == (
            200,
            {"mark": "done", "label": "подписано", "note": ""},
        )
    assert [s.status for s in signatures_of(world, orders)] == [SignatureStatus.ACCEPTED] * COUNT
    result = head.read(f"{at}/result")
    assert "Подписано 3 документа" in result
    assert head.client.get(at).location == f"{at}/signing"
    assert head.client.get(f"{at}/signing").location == f"{at}/result"


def test_the_last_page_takes_the_cookie_away(head: Browser, orders: list[Document]) -> None:
    at = looked_at(head, orders[:1])
    confirmed(head, at)
    ask(head, at, orders[0])
    assert "Max-Age=0" in cookie_in(head.client.get(f"{at}/result"))


def test_without_javascript_a_button_signs_the_next_one(
    head: Browser, orders: list[Document], world: World
) -> None:
    at = looked_at(head, orders)
    confirmed(head, at)
    for left in range(COUNT, 0, -1):
        page = head.read(f"{at}/signing")
        assert page.count("data-ask=") == left
        answer = press(head, page, "/sign")
        assert (answer.status_code, answer.location) == (303, f"{at}/signing")
        assert press(head, page, "/sign").status_code == 303  # pressed twice
    assert len(signatures_of(world, orders)) == COUNT
    assert "Подписано 3 документа" in head.read(f"{at}/result")


def test_a_second_click_and_a_second_tab_get_the_first_answer(
    head: Browser, orders: list[Document], world: World
) -> None:
    at = looked_at(head, orders[:1])
    confirmed(head, at)
    answers = [ask(head, at, orders[0]) for _click in range(3)]
    assert [a.json for a in answers] == [answers[0].json] * 3
    assert len(signatures_of(world, orders)) == 1


def test_restarted_pages_go_on_with_the_same_cookie(
    head: Browser, orders: list[Document], world: World
) -> None:
    at = looked_at(head, orders)
    confirmed(head, at)
    first = ask(head, at, orders[0])
    world.services.uow.engine.dispose()
    url = world.services.uow.engine.url.render_as_string(hide_password=False)
    folder = Path(str(world.services.uow.engine.url.database)).parent
    again = replace(world, services=services_in(folder, world.clock, url))
    client = site(again).test_client()
    for cookie in head.client._cookies.values():  # type: ignore[union-attr]  # a browser that stays open
        client.set_cookie(cookie.key, cookie.value, path=cookie.path, domain=cookie.domain)
    browser = Browser(client)
    assert ask(browser, at, orders[0]).json == first.json
    for one in orders[1:]:
        assert ask(browser, at, one).json["mark"] == "done"
    assert len(signatures_of(again, orders)) == COUNT
    again.services.uow.engine.dispose()


def test_after_ten_minutes_the_password_is_asked_for_the_rest(
    head: Browser, orders: list[Document], world: World
) -> None:
    at = looked_at(head, orders)
    confirmed(head, at)
    ask(head, at, orders[0])
    forward(world, minutes=10)
    late = ask(head, at, orders[1])
    assert (late.status_code, late.json["code"]) == (409, "bulk.key_locked")
    page = head.read(f"{at}/signing")
    assert "Осталось документов: 2" in page
    assert "sign_many.js" not in page
    wrong = press(head, page, "/confirm", password="не тот")
    assert wrong.status_code == 422
    assert press(head, page, "/confirm", password=KEY_PASSWORD).location == f"{at}/signing"
    for one in orders[1:]:
        assert ask(head, at, one).json["mark"] == "done"
    assert len(signatures_of(world, orders)) == COUNT


def test_signing_out_locks_the_key(
    head: Browser, orders: list[Document], world: World, app: Flask
) -> None:
    at = looked_at(head, orders[:1])
    value = cookie_in(confirmed(head, at)).partition("=")[2].partition(";")[0]
    head.send("/logout", head.read("/my-signature"))
    assert held_rows(world) == 0
    again = browser_of(app, world, HEAD)
    again.client.set_cookie(COOKIE, value, path=at)
    assert ask(again, at, orders[0]).json["code"] == "bulk.key_locked"
    assert signatures_of(world, orders) == []


def test_another_account_finds_no_list_with_somebodys_cookie(
    head: Browser, orders: list[Document], world: World, app: Flask
) -> None:
    at = looked_at(head, orders[:1])
    value = cookie_in(confirmed(head, at)).partition("=")[2].partition(";")[0]
    for key in ("petrov", "zaytseva"):
        other = browser_of(app, world, key)
        other.client.set_cookie(COOKIE, value, path=at)
        assert ask(other, at, orders[0]).status_code == 404
        for page in ("", "/signing", "/result", f"/documents/{orders[0].id}"):
            assert other.status(f"{at}{page}") == 404
    assert signatures_of(world, orders) == []


@pytest.mark.parametrize("value", ["", "AAAA", "не base64", "A" * 2000, "A" * 44])
def test_without_the_right_cookie_nothing_is_signed(
    head: Browser, orders: list[Document], world: World, value: str
) -> None:
    at = looked_at(head, orders[:1])
    confirmed(head, at)
    head.client.set_cookie(COOKIE, value, path=at)
    answer = ask(head, at, orders[0])
    assert (answer.status_code, answer.json["code"]) == (409, "bulk.key_locked")
    assert signatures_of(world, orders) == []


def test_one_bad_among_many_is_told_and_the_others_are_signed(
    head: Browser, orders: list[Document], world: World
) -> None:
    at = looked_at(head, orders)
    confirmed(head, at)
    done(return_for_rework(world.services, world.actor("zaytseva"), orders[1].id, "Ошибка"))
    marks = [ask(head, at, one).json["mark"] for one in orders]
    assert marks == ["done", "problem", "done"]
    result = head.read(f"{at}/result")
    assert "Не подписан 1 документ" in result
    assert "возвращён на доработку" in result
    assert f"/documents/{orders[1].id}/sign" in result


def test_signature_that_waits_for_a_list_is_received(
    head: Browser, orders: list[Document], world: World
) -> None:
    at = looked_at(head, orders[:1])
    forward(world, days=0)
    with world.services.uow() as tx:
        tx.connection.exec_driver_sql("DELETE FROM crls")
        tx.commit()
    confirmed(head, at)
    assert ask(head, at, orders[0]).json["mark"] == "waiting"
    assert "Подпись получена и проверяется" in head.read(f"{at}/result")


def test_wrong_passwords_are_counted_as_on_the_page_of_one_document(
    head: Browser, orders: list[Document]
) -> None:
    at = looked_at(head, orders[:1])
    assert confirmed(head, at, password="").status_code == 422
    for _guess in range(5):
        assert confirmed(head, at, password="не тот").status_code == 422
    late = confirmed(head, at)
    assert late.status_code == 429
    assert COOKIE not in str(late.headers)


def test_neither_key_nor_password_is_left_anywhere(
    head: Browser,
    orders: list[Document],
    world: World,
    caplog: pytest.LogCaptureFixture,
    redis_url: str,
) -> None:
    key = kept_key(world)
    at = looked_at(head, orders)
    with structlog.testing.capture_logs() as said:
        value = cookie_in(confirmed(head, at, OWN_PASSWORD)).partition("=")[2].partition(";")[0]
        for one in orders[:2]:
            ask(head, at, one)
    one_time_key = base64.urlsafe_b64decode(value)
    secrets = [OWN_PASSWORD.encode(), value.encode(), one_time_key, one_time_key.hex().encode()]
    secrets += [one_time_key.hex().upper().encode(), *private_parts(key)]
    assert_nowhere(secrets, database_bytes(world))
    assert_nowhere(secrets, outbox_text(world).encode())
    assert_nowhere(secrets, (repr(said) + caplog.text).encode())
    assert_nowhere(secrets, rung(world, redis_url))
    ask(head, at, orders[2])
    assert held_rows(world) == 0


def kept_key(world: World) -> SigningKey:
    """A key that the head adds under a password that stands nowhere else in the world."""
    owner = holder(world.person(HEAD), world.place("school-1"))
    file = world.authorities.key_file(owner, OWN_PASSWORD, world.clock())
    done(add_key(world.services, world.actor(HEAD), file, OWN_PASSWORD))
    return open_pkcs12(file, OWN_PASSWORD)


def private_parts(key: SigningKey) -> list[bytes]:
    """Pieces of the private number, as they stand in PKCS#8, and in hexadecimal."""
    assert isinstance(key.private_key, ec.EllipticCurvePrivateKey)
    secret = key.private_key.private_numbers().private_value.to_bytes(32, "big")
    plain = key.private_key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    assert secret in plain
    return [secret[:16], secret[-16:], secret.hex().encode()]


def database_bytes(world: World) -> bytes:
    """The files of the database as they lie on the disk."""
    folder = Path(str(world.services.uow.engine.url.database)).parent
    return b"".join(path.read_bytes() for path in sorted(folder.glob("world.db*")))


def outbox_text(world: World) -> str:
    with world.services.uow.reading() as tx:
        return repr(tx.connection.exec_driver_sql("SELECT * FROM outbox").all())


def rung(world: World, redis_url: str) -> bytes:
    """All that stands in Redis after the bells for everything that was signed."""
    with Redis.from_url(redis_url) as redis:
        queues = [Queue(name.value, connection=redis) for name in QueueName]
        for _each in range(10):
            Worker(queues, connection=redis, serializer=JSONSerializer).register_birth()  # type: ignore[no-untyped-call]  # rq has no types here
        handlers = make_handlers(world.services)
        assert Relay(world.services.uow, redis, handlers).ring() > 0
        return b"".join(key + (redis.dump(key) or b"") for key in redis.scan_iter())


def assert_nowhere(secrets: list[bytes], haystack: bytes) -> None:
    assert haystack
    assert [secret for secret in secrets if secret in haystack] == []
