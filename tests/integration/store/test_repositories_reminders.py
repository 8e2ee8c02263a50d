"""Reminders are kept once for ever; what is to be reminded of is found by its days."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

import pytest

from tests import factories as make
from tests.factories import MORNING, Town
from tests.stored import store_town
from workflow.domain.obligations import Change, ChangeKind, Fulfilment, Obligation
from workflow.domain.refusals import Refusal
from workflow.domain.reminders import Reminder, ReminderKind
from workflow.store.errors import StaleError
from workflow.store.unit_of_work import Transaction, UnitOfWork

DAY = timedelta(days=1)
LAST = date(2025, 1, 30)


@pytest.fixture
def tx(uow: UnitOfWork) -> Iterator[Transaction]:
    with uow() as transaction:
        yield transaction


@pytest.fixture
def town(tx: Transaction) -> Town:
    return store_town(tx, make.town())


def reminder(town: Town, owed: Obligation, **changed: object) -> Reminder:
    made = Reminder(
        make.new_id(), owed.id, ReminderKind.BEFORE, town.mentor.person.id, LAST, MORNING
    )
    return replace(made, **changed)  # type: ignore[arg-type]  # a test names real fields


def test_a_reminder_comes_back_as_it_was_kept(tx: Transaction, town: Town) -> None:
    owed = tx.obligations.save(make.obligation(town))
    new = reminder(town, owed)
    assert tx.reminders.add(new)
    kept = tx.reminders.load(new.id)
    assert kept == replace(new, version=1)
    failure = Refusal("mail.address", "No address: {name}.", params={"name": "…"})
    told = replace(kept, sent_at=MORNING, message_id="<1@example>", failure=failure)
    tx.reminders.save(told, kept)
    assert tx.reminders.load(new.id) == replace(told, version=2)
    with pytest.raises(StaleError):
        tx.reminders.save(told, kept)


def test_nobody_is_reminded_twice_of_the_same(tx: Transaction, town: Town) -> None:
    owed = tx.obligations.save(make.obligation(town))
    first = reminder(town, owed)
    assert tx.reminders.add(first)
    assert not tx.reminders.add(replace(first, id=make.new_id(), created_at=MORNING + DAY))
    others = [
        replace(first, id=make.new_id(), kind=ReminderKind.OVERDUE),
        replace(first, id=make.new_id(), recipient_id=town.head.person.id),
        replace(first, id=make.new_id(), last=LAST + DAY),
    ]
    assert all(tx.reminders.add(other) for other in others)
    assert len(tx.reminders.of_obligations([owed.id])) == 4


def test_a_person_finds_own_reminders_of_terms_that_are_not_long_past(
    tx: Transaction, town: Town
) -> None:
    owed = tx.obligations.save(make.obligation(town))
    mine = [
        reminder(town, owed, last=LAST + n * DAY, created_at=MORNING + n * DAY) for n in range(3)
    ]
    for one in (*mine, reminder(town, owed, recipient_id=town.head.person.id)):
        tx.reminders.add(one)
    found = tx.reminders.of_person(town.mentor.person.id, LAST + DAY)
    assert [r.last for r in found] == [LAST + 2 * DAY, LAST + DAY]


def stored(tx: Transaction, town: Town, **changed: object) -> UUID:
    return tx.obligations.save(make.obligation(town, **changed)).id


def test_what_ends_in_some_days_is_found_with_what_has_to_be_repaired(
    tx: Transaction, town: Town
) -> None:
    arrived = Fulfilment(MORNING, "package")
    sent_back = Change(ChangeKind.RETURNED, MORNING + DAY, None, "нет подписи", LAST)
    cancelled = Change(ChangeKind.CANCELLED, MORNING, None, "приказ отменён")
    wanted = [
        stored(tx, town, due=LAST),
        stored(tx, town, due=LAST + DAY),
        stored(tx, town, due=LAST - 90 * DAY, fulfilments=(arrived,), changes=(sent_back,)),
    ]
    stored(tx, town, due=LAST - DAY)
    stored(tx, town, due=LAST + 2 * DAY)
    stored(tx, town, due=None)
    stored(tx, town, due=LAST, fulfilments=(arrived,))
    stored(tx, town, due=LAST, changes=(cancelled,))
    found = tx.obligations.ending_between(LAST, LAST + DAY)
    assert [o.id for o in found] == wanted
    assert [
        o.id for o in tx.obligations.ending_between(LAST, LAST + DAY, after=wanted[0], limit=1)
    ] == wanted[1:2]
