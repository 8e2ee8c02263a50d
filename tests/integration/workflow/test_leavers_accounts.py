"""Whoever leaves the last post can no longer sign in from the next day of the organisation on."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from marshrut.demonstration.town import done
from marshrut.engines.accounts import StoredAccounts
from marshrut.wiring import make_due
from queues.schedule import tick
from tests.world import World
from workflow.domain.accounts import Account
from workflow.usecases import leavers, staff
from workflow.usecases.accounts import open_account
from workflow.usecases.end_employment import end_employment, transfer

LAST_DAY = date(2026, 6, 5)
ORDER = "приказ от 01.06.2026 № 14-л/с"


def _leaves(world: World, key: str = "zotova", last_day: date = LAST_DAY) -> None:
    post = world.person(key).employment_id
    clerk = world.actor("titova")
    done(end_employment(world.services, clerk, post, last_day, ORDER))


def _accounts(world: World, key: str = "zotova") -> list[Account]:
    with world.services.uow.reading() as tx:
        return tx.accounts.of_person(world.person(key).person_id)


def _open(world: World, key: str = "zotova") -> list[bool]:
    return [account.closed_at is None for account in _accounts(world, key)]


def _at(world: World, day: int, hour: int) -> None:
    """It is that hour (UTC) of a day in June; the schedule asks and the workers work."""
    world.clock.now = datetime(2026, 6, day, hour, tzinfo=UTC)
    due = make_due(world.services)
    tick(world.services.uow, {"leavers_of_today": due["leavers_of_today"]})
    world.work()


def test_account_is_closed_on_the_day_after_the_last_one(kedrovsk: World) -> None:
    accounts = StoredAccounts(kedrovsk.services)
    account = accounts.find("zotova")
    assert account is not None
    session = accounts.open_session(account, kedrovsk.clock())
    _leaves(kedrovsk)
    kedrovsk.work()
    _at(kedrovsk, 5, 16)  # 23:00 of the last day in Kedrovsk
    assert _open(kedrovsk) == [True]
    assert accounts.session_is_open(session)
    _at(kedrovsk, 5, 17)  # midnight there
    assert _open(kedrovsk) == [False]
    assert not accounts.session_is_open(session)


def test_closing_happens_once_and_a_later_account_stays_open(kedrovsk: World) -> None:
    _leaves(kedrovsk)
    _at(kedrovsk, 6, 3)
    (closed,) = _accounts(kedrovsk)
    _at(kedrovsk, 6, 4)
    assert _accounts(kedrovsk) == [closed]
    person = kedrovsk.person("zotova").person_id
    operator = kedrovsk.town.operator
    done(open_account(kedrovsk.services, operator, person, "zotova-2", "сирень под окном"))
    _at(kedrovsk, 7, 3)
    assert _open(kedrovsk) == [False, True]


def test_account_opened_after_a_dismissal_of_yesterday_stays_open(kedrovsk: World) -> None:
    _at(kedrovsk, 8, 3)
    _leaves(kedrovsk)
    assert _open(kedrovsk) == [False]  # at once
    kedrovsk.work()
    person = kedrovsk.person("zotova").person_id
    operator = kedrovsk.town.operator
    done(open_account(kedrovsk.services, operator, person, "zotova-2", "сирень под окном"))
    _at(kedrovsk, 8, 4)
    assert _open(kedrovsk) == [False, True]


@pytest.mark.parametrize("place", ["school-7", "kindergarten-3"])
def test_another_post_keeps_the_account(kedrovsk: World, place: str) -> None:
    person = kedrovsk.person("zotova").person_id
    done(
        staff.employ(
            kedrovsk.services,
            kedrovsk.town.operator,
            staff.NewEmployment(person, kedrovsk.place(place).id, "педагог", date(2026, 6, 20)),
        )
    )
    _leaves(kedrovsk)
    _at(kedrovsk, 6, 3)
    assert _open(kedrovsk) == [True]


def test_transfer_keeps_the_account(kedrovsk: World) -> None:
    post = kedrovsk.person("zotova").employment_id
    clerk = kedrovsk.actor("titova")
    done(transfer(kedrovsk.services, clerk, post, "методист", date(2026, 6, 6), ORDER))
    _at(kedrovsk, 6, 3)
    assert _open(kedrovsk) == [True]


def test_last_day_that_was_put_off_is_asked_anew(kedrovsk: World) -> None:
    _leaves(kedrovsk)
    _leaves(kedrovsk, last_day=date(2026, 6, 10))
    _at(kedrovsk, 6, 3)
    assert _open(kedrovsk) == [True]
    _at(kedrovsk, 11, 3)
    assert _open(kedrovsk) == [False]


def test_job_that_comes_late_looks_at_the_last_day_again(kedrovsk: World) -> None:
    _leaves(kedrovsk)
    kedrovsk.clock.now = datetime(2026, 6, 6, 3, tzinfo=UTC)
    tick(kedrovsk.services.uow, {"leavers": leavers.leavers_of_today(kedrovsk.services)})
    with kedrovsk.services.uow() as tx:
        before = tx.employments.load(kedrovsk.person("zotova").employment_id)
        tx.employments.save(replace(before, until=None, departure=None, end_ground=""), before)
        tx.commit()
    kedrovsk.work()
    assert _open(kedrovsk) == [True]
