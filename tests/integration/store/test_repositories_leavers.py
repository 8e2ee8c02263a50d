"""Who has left lately and can still sign in."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

from tests import factories
from tests.factories import MORNING, Town, Worker
from workflow.store.unit_of_work import UnitOfWork

SINCE, BEFORE = date(2026, 5, 1), date(2026, 6, 1)


def _leaves(
    uow: UnitOfWork,
    who: Worker,
    last_day: date,
    operator: bool = False,
    closed_at: datetime | None = None,
) -> None:
    account = factories.account(
        who.person, login=who.person.last, operator=operator, closed_at=closed_at
    )
    with uow() as tx:
        before = tx.employments.load(who.employment.id)
        tx.employments.save(replace(before, until=last_day), before)
        tx.accounts.save(account, None)
        tx.commit()


def test_open_accounts_of_those_who_left_in_the_days_asked_for_are_found(
    uow: UnitOfWork, town: Town
) -> None:
    _leaves(uow, town.mentor, date(2026, 5, 31))
    _leaves(uow, town.head, date(2026, 5, 1))
    _leaves(uow, town.deputy, date(2026, 4, 30))
    _leaves(uow, town.curator, BEFORE)
    _leaves(uow, town.clerk, date(2026, 5, 20), operator=True)
    _leaves(uow, town.officer, date(2026, 5, 20), closed_at=MORNING)
    with uow.reading() as tx:
        found = tx.employments.left_with_account(SINCE, BEFORE, limit=9)
        first = tx.employments.left_with_account(SINCE, BEFORE, limit=1)
    assert [e.id for e in found] == [town.head.employment.id, town.mentor.employment.id]
    assert first == found[:1]


def test_whoever_has_no_account_is_not_asked_about(uow: UnitOfWork, town: Town) -> None:
    with uow() as tx:
        before = tx.employments.load(town.mentor.employment.id)
        tx.employments.save(replace(before, until=date(2026, 5, 20)), before)
        tx.commit()
    with uow.reading() as tx:
        assert tx.employments.left_with_account(SINCE, BEFORE, limit=9) == []
