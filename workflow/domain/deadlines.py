"""Deadlines as people say them: "5 working days after case.ends", "every half-year".

How a term is counted (ТК РФ, ст. 14, and the readings that offices dispute about):

- A term in days begins on the day after its event (`count_from: next_day`, the default) or on the
  day itself (`same_day`). The article lets rights begin "with the calendar date" and end from the
  next day; which reading a regulation means is its author's choice, so it is a key.
- A term in weeks or months ends on the matching date of the last week or month, or on the last
  day of a month that has no such date; `count_from` does not touch it.
- Calendar days include days off; if the last day is a day off, the term ends on the next working
  day (`day_off: next`) unless the regulation says otherwise (`previous`, `keep`).
- «До 30 января» includes that day (`inclusive`).
"""

from __future__ import annotations

import calendar as months_of
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from workflow.domain.refusals import N_
from workflow.domain.working_days import ONE_DAY, Known, SkippedDay, Unknown, WorkCalendar


class Unit(StrEnum):
    """What a term is counted in."""

    WORKING_DAYS = "working_days"
    CALENDAR_DAYS = "calendar_days"
    WEEKS = "weeks"
    MONTHS = "months"


class CountFrom(StrEnum):
    """Whether the day of the event itself counts as the first."""

    NEXT_DAY = "next_day"
    SAME_DAY = "same_day"


class DayOff(StrEnum):
    """Where a last day goes that is a day off."""

    NEXT = "next"
    PREVIOUS = "previous"
    KEEP = "keep"


class Whose(StrEnum):
    """Whose calendar counts: the document's organisation, its addressee, its founder."""

    OWN = "own"
    ADDRESSEE = "addressee"
    FOUNDER = "founder"


class Every(StrEnum):
    """How often a periodic duty comes."""

    MONTH = "month"
    QUARTER = "quarter"
    HALF_YEAR = "half-year"
    YEAR = "year"


@dataclass(frozen=True)
class DeadlineRule:
    """When something is due, counted from an event of a case or document.

    `after` names the event (`case.ends`, `D02.signed`), `amount` and `unit` the term. `debtor` is
    the key of the role that owes it, `met_by` the step of the route whose act meets it (then
    whoever the step waits for is the debtor). With `inclusive` false the day reached is itself
    too late.
    """

    key: str
    after: str
    amount: int
    unit: Unit
    article: str = ""
    count_from: CountFrom = CountFrom.NEXT_DAY
    inclusive: bool = True
    day_off: DayOff = DayOff.NEXT
    calendar_of: Whose = Whose.OWN
    debtor: str = ""
    met_by: str = ""


@dataclass(frozen=True)
class PeriodicRule:
    """Something due by the last day of every period, as long as a case lives."""

    key: str
    every: Every
    article: str = ""
    day_off: DayOff = DayOff.NEXT
    calendar_of: Whose = Whose.OWN
    debtor: str = ""


@dataclass(frozen=True)
class Due:
    """The last day on which the act is in time.

    `skipped` are the days left out of the count, `moved_from` the day named when it was a day
    off. `checked` is false for a date taken as written because its year is not covered.
    """

    day: date
    skipped: tuple[SkippedDay, ...] = ()
    moved_from: date | None = None
    checked: bool = True


@dataclass(frozen=True)
class NotYetKnown:
    """No date yet, because `event` has not happened."""

    event: str
    reason: str = N_("The date will be known when the event it is counted from has happened.")


@dataclass(frozen=True)
class Uncovered:
    """No date, because the calendar of `year` (or its days of `region`) is not approved yet."""

    year: int
    region: str = ""
    reason: str = N_("The date will be known when the working calendar of {year} is approved.")


DueAnswer = Due | NotYetKnown | Uncovered


def due(rule: DeadlineRule, event: date | None, calendar: WorkCalendar) -> DueAnswer:
    """Return the last day in time for `rule`, whose event happened on the local day `event`.

    `calendar` is the one that `rule.calendar_of` asks for.
    """
    if event is None:
        return NotYetKnown(rule.after)
    if rule.unit is Unit.WORKING_DAYS:
        return _due_in_working_days(rule, event, calendar)
    last = _last_calendar_day(rule, event)
    if not rule.inclusive:
        last -= ONE_DAY
    return settle(last, rule.day_off, calendar)


def due_on(named: date, calendar: WorkCalendar, day_off: DayOff = DayOff.NEXT) -> Due:
    """Return the last day in time for a date that an order names once, that day included.

    A day off moves to the next working day unless the order says otherwise. In a year that is
    not covered the date stands as written, not checked.
    """
    settled = settle(named, day_off, calendar)
    return Due(named, checked=False) if isinstance(settled, Uncovered) else settled


def _due_in_working_days(rule: DeadlineRule, event: date, calendar: WorkCalendar) -> DueAnswer:
    start = event if rule.count_from is CountFrom.NEXT_DAY else event - ONE_DAY
    last = calendar.add_working_days(start, rule.amount)
    if isinstance(last, Known) and not rule.inclusive:
        before = calendar.previous_working_day(last.day)
        last = before if isinstance(before, Unknown) else Known(before.day, last.skipped)
    if isinstance(last, Unknown):
        return Uncovered(last.year, last.region)
    return Due(last.day, last.skipped)


def _last_calendar_day(rule: DeadlineRule, event: date) -> date:
    if rule.unit is Unit.MONTHS:
        return add_months(event, rule.amount)
    if rule.unit is Unit.WEEKS:
        return event + timedelta(weeks=rule.amount)
    counted = rule.amount if rule.count_from is CountFrom.NEXT_DAY else rule.amount - 1
    return event + timedelta(days=counted)


def settle(last: date, day_off: DayOff, calendar: WorkCalendar) -> Due | Uncovered:
    """Return the last day of a term, moved as `day_off` says when it is a day off."""
    if day_off is DayOff.KEEP:
        return Due(last)
    move = calendar.on_or_after if day_off is DayOff.NEXT else calendar.on_or_before
    found = move(last)
    if isinstance(found, Unknown):
        return Uncovered(found.year, found.region)
    return Due(found.day, found.skipped, last if found.day != last else None)


def add_months(day: date, months: int) -> date:
    """Return the matching date `months` later, or the last day of a shorter month."""
    years, month = divmod(day.month - 1 + months, 12)
    return date_in(day.year + years, month + 1, day.day)


def date_in(year: int, month: int, day: int) -> date:
    """Return the date, or the last day of a month that is too short for it."""
    return date(year, month, min(day, months_of.monthrange(year, month)[1]))


@dataclass(frozen=True)
class InTime:
    """It came on the last day or before."""


@dataclass(frozen=True)
class Late:
    """It came `working_days` working days after the last day.

    Zero: on a day off, before the next working day had come.
    """

    working_days: int


@dataclass(frozen=True)
class LateUncounted:
    """It came late; by how many working days cannot be said, `year` is not covered."""

    year: int
    region: str = ""


Lateness = InTime | Late | LateUncounted


def lateness(last: date, arrived: date, calendar: WorkCalendar) -> Lateness:
    """Compare the local day of arrival with the last day in time."""
    if arrived <= last:
        return InTime()
    count = calendar.working_days_between(last, arrived)
    if isinstance(count, Unknown):
        return LateUncounted(count.year, count.region)
    return Late(count)


class Left(StrEnum):
    """How a deadline stands today; pages colour by it and say the words beside."""

    AHEAD = "ahead"
    LAST_DAY = "last_day"
    OVERDUE = "overdue"


@dataclass(frozen=True)
class Remaining:
    """«Осталось 3 рабочих дня»: how far a last day is from today.

    `working_days` are those left, the last one included, when AHEAD; those gone by when OVERDUE;
    None when a year on the way is not covered. `one` and `many` are the msgids of a counted
    sentence with `{n}`, `plain` the one to show when there is no count.
    """

    state: Left
    working_days: int | None
    one: str = ""
    many: str = ""
    plain: str = ""


def remaining(last: date, today: date, calendar: WorkCalendar) -> Remaining:
    """Return how the last day `last` stands on the local day `today`."""
    if last == today:
        return Remaining(Left.LAST_DAY, 0, plain=N_("today is the last day"))
    early, late = sorted((last, today))
    count = calendar.working_days_between(early, late)
    number = None if isinstance(count, Unknown) else count
    if last < today:
        return Remaining(
            Left.OVERDUE,
            number,
            one=N_("overdue by {n} working day"),
            many=N_("overdue by {n} working days"),
            plain=N_("overdue"),
        )
    return Remaining(
        Left.AHEAD,
        number,
        one=N_("{n} working day left"),
        many=N_("{n} working days left"),
        plain=N_("the working days left cannot be counted: the calendar is not approved yet"),
    )
