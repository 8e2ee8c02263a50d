"""Signing in and out, as a browser does it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from datetime import timedelta

import pytest
from werkzeug.test import TestResponse

from tests.unit.web.fakes import CLERK, HEAD, PASSWORDS, SECRET, FakeAccounts, FakeClock, make_app
from web.second_factor import code_at


@dataclass
class Browser:
    """A browser in front of the pages."""

    accounts: FakeAccounts = field(default_factory=FakeAccounts)
    clock: FakeClock = field(default_factory=FakeClock)

    def __post_init__(self) -> None:
        self.app = make_app(self.accounts, self.clock)
        self.client = self.app.test_client()

    def post(self, address: str, **entered: str) -> TestResponse:
        page = self.client.get("/login/code" if address == "/login/code" else "/login?next=")
        if page.status_code != 200:  # signed in already, or no code is awaited
            page = self.client.get("/account", follow_redirects=True)
        token = re.search(r'name="csrf_token" value="([^"]+)"', page.text)
        assert token
        return self.client.post(address, data={"csrf_token": token[1], **entered})

    def sign_in(self, login: str, **entered: str) -> TestResponse:
        return self.post("/login", login=login, password=PASSWORDS[login], **entered)

    def enter_code(self) -> TestResponse:
        return self.post("/login/code", code=code_at(SECRET, self.clock()))

    @property
    def is_signed_in(self) -> bool:
        return self.client.get("/account").status_code == 200


@pytest.fixture
def browser() -> Browser:
    return Browser()


def test_stranger_is_led_to_the_login_and_back(browser: Browser) -> None:
    asked = browser.client.get("/account")
    assert asked.status_code == 303
    assert asked.location == "/login?next=/account"
    arrived = browser.sign_in("zaitseva", next="/account")
    assert arrived.location == "/account"
    assert browser.is_signed_in


def test_password_alone_is_enough_where_no_second_factor_is_set(browser: Browser) -> None:
    assert browser.sign_in("zaitseva").status_code == 303
    assert browser.accounts.successes == [CLERK.id]


def test_login_ignores_letter_case_and_spaces_around(browser: Browser) -> None:
    browser.post("/login", login="  Zaitseva ", password=PASSWORDS["zaitseva"])
    assert browser.is_signed_in


def test_password_does_not_sign_in_somebody_with_a_second_factor(browser: Browser) -> None:
    assert browser.sign_in("belova").location == "/login/code"
    assert not browser.is_signed_in
    assert browser.accounts.successes == []


def test_code_after_the_password_signs_in(browser: Browser) -> None:
    browser.sign_in("belova", next="/account")
    assert browser.enter_code().location == "/account"
    assert browser.is_signed_in


def test_code_counts_once(browser: Browser) -> None:
    browser.sign_in("belova")
    browser.enter_code()
    browser.post("/logout")
    browser.sign_in("belova")
    again = browser.enter_code()
    assert again.status_code == 422
    assert "Код не подошёл или уже использован" in again.text


def test_code_that_comes_too_late_wants_the_password_again(browser: Browser) -> None:
    browser.sign_in("belova")
    page = browser.client.get("/login/code")
    browser.clock.forward(timedelta(minutes=6))
    token = re.search(r'name="csrf_token" value="([^"]+)"', page.text)
    assert token
    late = browser.client.post(
        "/login/code", data={"csrf_token": token[1], "code": code_at(SECRET, browser.clock())}
    )
    assert late.location == "/login?late=1"
    assert not browser.is_signed_in
    assert "Время для ввода кода истекло" in browser.client.get(late.location).text


def test_code_page_without_a_password_before_leads_to_the_login(browser: Browser) -> None:
    assert browser.client.get("/login/code").location == "/login?late=1"


def test_changed_password_voids_an_awaited_code(browser: Browser) -> None:
    browser.sign_in("belova")
    browser.accounts.change(HEAD)
    assert browser.client.get("/login/code").status_code == 303


@pytest.mark.parametrize("login", ["zaitseva", "nobody"])
def test_wrong_password_and_unknown_login_read_the_same(browser: Browser, login: str) -> None:
    answer = browser.post("/login", login=login, password="неверный")
    assert answer.status_code == 422
    assert "Логин или пароль не подходит" in answer.text
    assert f'value="{login}"' in answer.text
    assert browser.accounts.failures[0][:2] == (login, "127.0.0.1")


def test_closed_account_reads_like_a_wrong_password(browser: Browser) -> None:
    browser.accounts.change(CLERK, closed=True)
    assert "Логин или пароль не подходит" in browser.sign_in("zaitseva").text


def test_empty_fields_are_named_and_linked(browser: Browser) -> None:
    answer = browser.post("/login", login="", password="")
    assert answer.status_code == 422
    assert 'href="#f-login"' in answer.text
    assert 'href="#f-password"' in answer.text
    assert browser.accounts.failures == []


def test_too_many_failures_close_the_login_for_a_while(browser: Browser) -> None:
    for _ in range(3):
        browser.post("/login", login="zaitseva", password="неверный")
    locked = browser.sign_in("zaitseva")
    assert locked.status_code == 429
    assert locked.headers["Retry-After"] == "600"
    assert "Вход закрыт до 04.05.2026, 09:40" in locked.text  # Moscow time
    browser.clock.forward(timedelta(minutes=11))
    assert browser.sign_in("zaitseva").status_code == 303


def test_wrong_codes_close_the_login_too(browser: Browser) -> None:
    browser.sign_in("belova")
    for _ in range(3):
        assert browser.post("/login/code", code="000000").status_code == 422
    assert browser.enter_code().status_code == 429


def test_logout_ends_the_session_on_the_server(browser: Browser) -> None:
    browser.sign_in("zaitseva")
    cookie = browser.client.get_cookie("marshrut")
    assert cookie
    answer = browser.post("/logout")
    assert "cache" in answer.headers["Clear-Site-Data"]
    assert not browser.is_signed_in
    browser.client.set_cookie("marshrut", cookie.value)  # a copy of the old cookie
    assert not browser.is_signed_in


def test_logout_by_a_link_is_not_possible(browser: Browser) -> None:
    browser.sign_in("zaitseva")
    assert browser.client.get("/logout").status_code == 405
    assert browser.is_signed_in


def test_changed_account_ends_its_sessions(browser: Browser) -> None:
    browser.sign_in("zaitseva")
    browser.accounts.change(CLERK)
    assert not browser.is_signed_in


def test_closed_account_ends_its_sessions(browser: Browser) -> None:
    browser.sign_in("zaitseva")
    browser.accounts.accounts[CLERK.id] = replace(CLERK, closed=True)
    assert not browser.is_signed_in


def test_idle_session_ends(browser: Browser) -> None:
    browser.sign_in("zaitseva")
    browser.clock.forward(timedelta(hours=1, minutes=59))
    assert browser.is_signed_in
    browser.clock.forward(timedelta(hours=2, minutes=1))
    assert not browser.is_signed_in


def test_session_in_use_ends_after_its_longest_time(browser: Browser) -> None:
    browser.sign_in("zaitseva")
    for _ in range(12):
        browser.clock.forward(timedelta(minutes=59))
        assert browser.is_signed_in
    browser.clock.forward(timedelta(minutes=59))
    assert not browser.is_signed_in


def test_session_is_new_after_the_login(browser: Browser) -> None:
    browser.client.get("/login")
    before = browser.client.get_cookie("marshrut")
    browser.sign_in("zaitseva")
    after = browser.client.get_cookie("marshrut")
    assert before
    assert after
    with browser.client.session_transaction() as session:
        assert "pending" not in session
        assert "csrf_token" not in session  # the stranger's token is worth nothing now
    assert before.value != after.value


@pytest.mark.parametrize(
    "target",
    [
        "https://evil.example/",
        "//evil.example",
        "/\\evil.example",
        "/\t/evil.example",
        "//[",
        "javascript:alert(1)",
    ],
)
def test_login_leads_nowhere_outside(browser: Browser, target: str) -> None:
    assert browser.sign_in("zaitseva", next=target).location == "/"
