"""Signing in over the accounts of the database, through the real pages."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from html import unescape
from pathlib import Path
from uuid import UUID

import pytest
from flask.testing import FlaskClient

from marshrut.engines.accounts import StoredAccounts
from marshrut.engines.secrets import Argon2Passwords
from marshrut.keys import create_keys
from marshrut.settings import Settings, read_settings
from marshrut.web_app import make_web, pages_over, web_settings
from marshrut.wiring import make_services
from tests import factories
from tests.conftest import TestClock
from tests.databases import Database
from tests.stored import store_town
from tests.world import LIGHT
from web.second_factor import code_at
from workflow.domain.regulations import Role
from workflow.usecases import accounts, installation
from workflow.usecases.accounts import NewAccount
from workflow.usecases.staff import NewPerson

PASSWORD = "сирень под окном"
ADDRESS = "192.0.2.7"


class Begun:
    """A begun installation with a town whose head has an account."""

    def __init__(self, folder: Path, database: Database, clock: TestClock) -> None:
        self.clock = clock
        self.keys = create_keys(folder / "keys")
        environ = {"MARSHRUT_DATA_DIR": str(folder), "MARSHRUT_DATABASE_URL": database.url}
        self.settings: Settings = read_settings(environ, folder, 1)
        services = make_services(self.settings, self.keys, clock)
        self.work = replace(services, passwords=Argon2Passwords(LIGHT))
        begun = installation.begin(
            self.work, NewPerson("Орлова", "Вера", "Петровна"), "operator", PASSWORD
        )
        assert isinstance(begun, installation.Begun)
        self.begun = begun
        with self.work.uow() as tx:
            self.town = store_town(tx, factories.town())
            tx.commit()
        self.head = self.open("belova", self.town.head)
        self.accounts = StoredAccounts(self.work)

    def open(self, login: str, worker: factories.Worker) -> NewAccount:
        made = accounts.open_account(
            self.work, self.begun.operator, worker.person.id, login, PASSWORD
        )
        assert isinstance(made, NewAccount)
        return made

    def code(self) -> str:
        return code_at(self.head.second_factor, self.clock())

    def client(self) -> FlaskClient:
        app = pages_over(self.work, self.settings, self.keys)
        app.config["WTF_CSRF_ENABLED"] = False
        return app.test_client()


@pytest.fixture
def installed(tmp_path: Path, database: Database, clock: TestClock) -> Begun:
    return Begun(tmp_path, database, clock)


def test_head_signs_in_with_password_and_code_and_out(installed: Begun) -> None:
    browser = installed.client()
    typed = {"login": " BELOVA ", "password": PASSWORD}
    assert browser.post("/login", data=typed).location == "/login/code"
    assert browser.post("/login/code", data={"code": installed.code()}).status_code == 303
    page = browser.get("/account")
    assert installed.town.head.person.short_name in unescape(page.text)
    browser.post("/logout")
    assert browser.get("/account").status_code == 303


def test_code_counts_once(installed: Begun) -> None:
    head = installed.accounts.find("belova")
    assert head is not None
    assert installed.accounts.check_second_factor(head, installed.code(), installed.clock())
    assert not installed.accounts.check_second_factor(head, installed.code(), installed.clock())


def test_roles_are_the_mandates_of_today(installed: Begun) -> None:
    head = installed.accounts.find("belova")
    assert head is not None
    assert head.roles == {"head"}
    assert head.person_id == installed.town.head.person.id
    mandate = installed.town.head.mandate
    with installed.work.uow() as tx:
        tx.mandates.save(replace(mandate, until=installed.clock().date()), mandate)
        tx.commit()
    installed.clock.advance(timedelta(hours=14, minutes=59))  # 23:59 in Moscow
    assert installed.accounts.get(head.id) == head
    installed.clock.advance(timedelta(minutes=1))
    later = installed.accounts.get(head.id)
    assert later is not None
    assert later.roles == frozenset()


def test_acting_head_is_a_head_and_the_operator_an_operator(installed: Begun) -> None:
    deputy = installed.town.deputy
    with installed.work.uow() as tx:
        tx.mandates.save(factories.mandate(deputy.employment, Role.ACTING_HEAD))
        tx.commit()
    installed.open("gromova", deputy)
    acting = installed.accounts.find("gromova")
    operator = installed.accounts.find("operator")
    assert acting is not None
    assert operator is not None
    assert acting.roles == {"head", "acting_head", "deputy"}
    assert operator.roles == {"operator"}


def test_signer_without_a_second_factor_does_not_get_in(installed: Begun) -> None:
    with installed.work.uow() as tx:
        stored = tx.accounts.load(installed.head.account.id)
        tx.accounts.save(replace(stored, totp_secret=None), stored)
        tx.commit()
    head = installed.accounts.find("belova")
    assert head is not None
    assert head.second_factor
    assert not installed.accounts.check_second_factor(head, "000000", installed.clock())


def test_closed_account_ends_its_sessions_and_lets_nobody_in(installed: Begun) -> None:
    head = installed.accounts.find("belova")
    assert head is not None
    session = installed.accounts.open_session(head, installed.clock())
    assert installed.accounts.session_is_open(session)
    accounts.close_account(installed.work, installed.begun.operator, installed.head.account.id)
    closed = installed.accounts.get(head.id)
    assert closed is not None
    assert closed.closed
    assert closed.version > head.version
    assert not installed.accounts.session_is_open(session)
    assert not installed.accounts.check_password(closed, PASSWORD)


@pytest.mark.parametrize("login", ["belova", "nobody"])
def test_sixth_failure_locks_a_login_whether_it_exists_or_not(installed: Begun, login: str) -> None:
    for _ in range(5):
        installed.accounts.record_failure(login, "", installed.clock())
    assert installed.accounts.locked_until(login, ADDRESS, installed.clock()) is None
    installed.accounts.record_failure(login, "", installed.clock())
    until = installed.accounts.locked_until(login.upper(), ADDRESS, installed.clock())
    assert until == installed.clock() + timedelta(seconds=30)
    browser = installed.client()
    if login == "belova":  # another process knows the lock from the database
        answer = browser.post("/login", data={"login": login, "password": PASSWORD})
        assert answer.status_code == 429


def test_address_that_tries_many_logins_is_locked(installed: Begun) -> None:
    for number in range(31):
        installed.accounts.record_failure(f"login-{number}", ADDRESS, installed.clock())
    assert installed.accounts.locked_until("belova", ADDRESS, installed.clock()) is not None
    assert installed.accounts.locked_until("belova", "192.0.2.8", installed.clock()) is None


def test_own_sign_in_does_not_forgive_the_address(installed: Begun) -> None:
    head = installed.accounts.find("belova")
    assert head is not None
    for number in range(31):
        installed.accounts.record_failure(f"login-{number}", ADDRESS, installed.clock())
    installed.accounts.record_success(head, ADDRESS, installed.clock())
    assert installed.accounts.locked_until("belova", ADDRESS, installed.clock()) is not None


@pytest.mark.parametrize("account_id", ["", "a1", str(UUID(int=1))])
def test_account_that_is_not_there_is_nobody(installed: Begun, account_id: str) -> None:
    assert installed.accounts.get(account_id) is None
    assert installed.accounts.find("nobody") is None
    assert not installed.accounts.check_password(None, PASSWORD)


def test_pages_over_https_believe_one_proxy_and_guard_their_cookies(installed: Begun) -> None:
    over_https = replace(installed.settings, base_url="https://marshrut.example.ru")
    told = web_settings(over_https, installed.keys, training=False)
    assert told.secure_cookies
    assert told.proxies == 1
    assert "marshrut.example.ru" in told.hosts
    plain = web_settings(installed.settings, installed.keys, training=False)
    assert not plain.secure_cookies
    assert plain.proxies == 0


def test_pages_answer_only_to_their_own_name(installed: Begun) -> None:
    app = make_web(installed.settings, installed.keys, installed.clock)
    assert app.test_client().get("/login").status_code == 200
    assert app.test_client().get("/login", base_url="http://evil.example").status_code == 400
    assert app.test_client().get("/ui").status_code == 404  # no training installation
