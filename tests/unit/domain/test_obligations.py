"""Who owes what by when: arrivals, returns, postponements, what is not required."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from tests import factories as make
from workflow.domain.obligations import (
    Change,
    ChangeKind,
    Fulfilment,
    Obligation,
    ObligationState,
    state_of,
)

OWED = make.obligation(make.town())
DAY = timedelta(days=1)
FEBRUARY = date(2025, 2, 10)


def arrived(owed: Obligation, after: timedelta, accepted: bool = False) -> Obligation:
    """The same with evidence that came `after` the morning."""
    at = make.MORNING + after
    arrival = Fulfilment(at, "package", accepted_at=at + DAY if accepted else None)
    return replace(owed, fulfilments=(*owed.fulfilments, arrival))


def changed(
    owed: Obligation, kind: ChangeKind, after: timedelta = DAY, due: date | None = None
) -> Obligation:
    decision = Change(kind, make.MORNING + after, None, "письмо школы", due)
    return replace(owed, changes=(*owed.changes, decision))


def test_a_task_is_open_until_something_arrives() -> None:
    assert state_of(OWED) is ObligationState.OPEN
    assert OWED.first_arrival is None


def test_what_arrived_waits_for_the_office_and_is_met_when_accepted() -> None:
    assert state_of(arrived(OWED, DAY)) is ObligationState.ARRIVED
    assert state_of(arrived(OWED, DAY, accepted=True)) is ObligationState.MET


def test_a_return_sets_a_day_for_repair_until_something_newer_arrives() -> None:
    sent_back = changed(arrived(OWED, DAY), ChangeKind.RETURNED, 2 * DAY, FEBRUARY)
    assert state_of(sent_back) is ObligationState.RETURNED
    assert sent_back.repair_due == FEBRUARY
    repaired = arrived(sent_back, 3 * DAY)
    assert state_of(repaired) is ObligationState.ARRIVED
    assert repaired.repair_due is None


def test_what_is_returned_the_moment_it_comes_is_returned() -> None:
    sent_back = changed(arrived(OWED, DAY), ChangeKind.RETURNED, DAY, FEBRUARY)
    assert state_of(sent_back) is ObligationState.RETURNED


def test_the_last_return_counts() -> None:
    once = changed(arrived(OWED, DAY), ChangeKind.RETURNED, 2 * DAY, FEBRUARY)
    twice = changed(
        arrived(once, 3 * DAY), ChangeKind.RETURNED, 4 * DAY, FEBRUARY + timedelta(days=7)
    )
    assert twice.repair_due == date(2025, 2, 17)


def test_the_first_arrival_decides_in_time_whatever_came_after_it() -> None:
    sent_back = changed(arrived(OWED, DAY), ChangeKind.RETURNED, 2 * DAY, FEBRUARY)
    repaired = arrived(sent_back, 30 * DAY, accepted=True)
    assert repaired.first_arrival == make.MORNING + DAY
    assert state_of(repaired) is ObligationState.MET


def test_postponements_move_the_term_and_keep_the_first_one() -> None:
    later = changed(OWED, ChangeKind.POSTPONED, due=FEBRUARY)
    latest = changed(later, ChangeKind.POSTPONED, due=date(2025, 3, 3))
    assert (latest.due, latest.due_now) == (date(2025, 1, 30), date(2025, 3, 3))
    assert state_of(latest) is ObligationState.OPEN


def test_a_repair_date_does_not_move_the_term() -> None:
    sent_back = changed(arrived(OWED, DAY), ChangeKind.RETURNED, due=FEBRUARY)
    assert sent_back.due_now == date(2025, 1, 30)


def test_a_term_may_be_unknown() -> None:
    unknown = replace(OWED, due=None)
    assert unknown.due_now is None
    assert changed(unknown, ChangeKind.POSTPONED, due=FEBRUARY).due_now == FEBRUARY


def test_what_is_not_required_is_not_owed_whatever_arrived() -> None:
    waived = changed(OWED, ChangeKind.NOT_REQUIRED)
    assert state_of(waived) is ObligationState.NOT_REQUIRED
    assert state_of(arrived(waived, 2 * DAY, accepted=True)) is ObligationState.NOT_REQUIRED


def test_what_is_required_again_stands_where_it_stood() -> None:
    again = changed(changed(OWED, ChangeKind.NOT_REQUIRED), ChangeKind.REQUIRED_AGAIN, 2 * DAY)
    assert state_of(again) is ObligationState.OPEN
    assert state_of(arrived(again, 3 * DAY, accepted=True)) is ObligationState.MET


def test_a_cancelled_task_is_cancelled_and_a_postponement_does_not_revive_it() -> None:
    cancelled = changed(OWED, ChangeKind.CANCELLED)
    assert state_of(cancelled) is ObligationState.CANCELLED
    postponed = changed(cancelled, ChangeKind.POSTPONED, 2 * DAY, FEBRUARY)
    assert state_of(postponed) is ObligationState.CANCELLED
