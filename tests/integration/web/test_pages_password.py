"""A person changes the own password: the old one is asked, other browsers are signed out."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from flask import Flask

from marshrut.demonstration.town import PASSWORD, done
from marshrut.engines.accounts import StoredAccounts
from tests.integration.web.signing_site import Browser, browser_of
from tests.world import World
from workflow.domain.accounts import Account
from workflow.domain.refusals import Refusal
from workflow.domain.simple_signatures import SimpleAgreement
from workflow.store.tables.base import metadata
from workflow.usecases.accounts import FREE_ATTEMPTS, password_is_right, reset_password
from workflow.usecases.change_password import change_password
from workflow.usecases.errors import NotFoundError

NEW = "ромашка у крыльца"
ADDRESS = "/account/password"


@pytest.fixture
def safina(app: Flask, world: World) -> Browser:
    return browser_of(app, world, "safina")


def _account(world: World, key: str = "safina") -> Account:
    with world.services.uow.reading() as tx:
        (account,) = tx.accounts.of_person(world.person(key).person_id)
    return account


def _opens(world: World, password: str) -> bool:
    return password_is_right(world.services, _account(world), password)


def _agreements(world: World) -> list[SimpleAgreement]:
    with world.services.uow.reading() as tx:
        return tx.simple_agreements.of_person(world.person("safina").person_id)


def _events(world: World) -> list[str]:
    events = metadata.tables["audit_events"]
    with world.services.uow.engine.connect() as connection:
        return list(connection.execute(sa.select(events.c.kind)).scalars())


def _send(browser: Browser, old: str = PASSWORD, new: str = NEW, again: str | None = None):  # type: ignore[no-untyped-def]  # werkzeug's TestResponse is not exported
    typed = {"old_password": old, "new_password": new, "new_password_again": again or new}
    return browser.send(ADDRESS, browser.read(ADDRESS), **typed)


def test_new_password_opens_and_ends_every_other_session(
    world: World, app: Flask, safina: Browser
) -> None:
    elsewhere = browser_of(app, world, "safina")
    other_person = browser_of(app, world, "belova")
    assert ADDRESS in safina.read("/account")
    answer = _send(safina)
    assert (answer.status_code, answer.location) == (303, "/account?changed=1")
    assert "Пароль изменён" in safina.read(answer.location)  # this browser is still signed in
    assert elsewhere.status("/account") == 303
    assert other_person.status("/account") == 200
    assert (_opens(world, NEW), _opens(world, PASSWORD)) == (True, False)
    assert "account.password_changed" in _events(world)


def test_own_change_suspends_no_agreement_but_somebody_elses_reset_does(
    world: World, safina: Browser
) -> None:
    assert _send(safina).status_code == 303
    assert [a.suspended_at for a in _agreements(world)] == [None]
    done(reset_password(world.services, world.town.operator, _account(world).id, PASSWORD))
    assert [a.suspended_at is None for a in _agreements(world)] == [False]


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"old": "не тот пароль"}, "old_password"),
        ({"old": ""}, "old_password"),
        ({"new": "короткий"}, "new_password"),
        ({"new": ""}, "new_password"),
        ({"new": PASSWORD}, "new_password"),
        ({"again": "ромашка у забора"}, "new_password_again"),
    ],
)
def test_what_is_typed_wrongly_changes_nothing(
    world: World, safina: Browser, typed: dict[str, str], field: str
) -> None:
    before = _account(world)
    answer = _send(safina, **typed)
    assert answer.status_code == 422
    assert f'href="#f-{field}"' in answer.text
    after = _account(world)
    assert (after.password_hash, after.credentials) == (before.password_hash, before.credentials)
    assert PASSWORD not in answer.text
    assert NEW not in answer.text


def test_guessing_makes_the_account_rest_even_for_the_right_password(
    world: World, safina: Browser
) -> None:
    for _try in range(FREE_ATTEMPTS + 1):
        assert _send(safina, old="не тот пароль").status_code == 422
    rests = _send(safina)
    assert rests.status_code == 409
    assert "Слишком много неверных попыток" in rests.text
    assert _opens(world, PASSWORD)
    accounts = StoredAccounts(world.services)
    assert accounts.locked_until("safina", "10.0.0.1", world.clock()) is not None


def test_second_factor_stays(world: World, safina: Browser) -> None:
    before = _account(world)
    assert _send(safina).status_code == 303
    assert _account(world).totp_secret == before.totp_secret


def test_nobody_changes_the_password_of_another(world: World) -> None:
    account = _account(world)
    with pytest.raises(NotFoundError):
        change_password(world.services, world.actor("belova"), account.id, PASSWORD, NEW)
    with pytest.raises(NotFoundError):
        change_password(world.services, world.town.operator, account.id, PASSWORD, NEW)
    assert _account(world) == account


def test_short_password_is_refused_before_the_old_one_is_tried(world: World) -> None:
    account = _account(world)
    answer = change_password(world.services, world.actor("safina"), account.id, "x", "y")
    assert isinstance(answer, Refusal)
    assert answer.code == "account.password_short"
    assert _account(world).failed_attempts == 0
