"""What comes again and again: the periods of a case's life and the day each is due."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from workflow.domain.deadlines import DueAnswer, Every, PeriodicRule, add_months, settle
from workflow.domain.working_days import ONE_DAY, WorkCalendar

MONTHS_IN = {Every.MONTH: 1, Every.QUARTER: 3, Every.HALF_YEAR: 6, Every.YEAR: 12}


@dataclass(frozen=True)
class Period:
    """A month, quarter, half-year or year, cut to the life of a case; both ends included."""

    key: str
    starts: date
    ends: date


@dataclass(frozen=True)
class PeriodDue:
    """A period and the day on which what is owed for it is due."""

    period: Period
    due: DueAnswer


def periods(every: Every, starts: date, ends: date) -> tuple[Period, ...]:
    """Return the calendar periods that touch `starts`–`ends`; none when `ends` comes first.

    Half-years and quarters are those of the calendar year; the keys are `2027-01`, `2027-Q1`,
    `2027-H1`, `2027`.
    """
    length = MONTHS_IN[every]
    found = []
    first = date(starts.year, (starts.month - 1) // length * length + 1, 1)
    while first <= ends and starts <= ends:
        following = add_months(first, length)
        period = Period(
            _period_key(every, first), max(first, starts), min(following - ONE_DAY, ends)
        )
        found.append(period)
        first = following
    return tuple(found)


def _period_key(every: Every, first: date) -> str:
    match every:
        case Every.MONTH:
            return f"{first:%Y-%m}"
        case Every.QUARTER:
            return f"{first.year}-Q{(first.month + 2) // 3}"
        case Every.HALF_YEAR:
            return f"{first.year}-H{1 if first.month == 1 else 2}"
        case Every.YEAR:
            return str(first.year)


def series(
    rule: PeriodicRule, starts: date, ends: date, calendar: WorkCalendar
) -> tuple[PeriodDue, ...]:
    """Return each period of a case's life with the day its duty is due: the period's last."""
    return tuple(
        PeriodDue(period, settle(period.ends, rule.day_off, calendar))
        for period in periods(rule.every, starts, ends)
    )
