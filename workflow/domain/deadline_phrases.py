"""Deadlines in words: `5 working days after case.ends`, `every half-year`, `until 30 January`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from workflow.domain.deadlines import Every, Unit, date_in
from workflow.domain.refusals import DomainError

LONGEST_AMOUNT = 3_660  # in any unit; ten years of days


class PhraseError(DomainError):
    """A deadline phrase cannot be read."""

    code = "deadline.phrase"


@dataclass(frozen=True)
class OneOff:
    """A date named once, by an order: «до 30 января» (`year` is None when the order names none)."""

    day: int
    month: int
    year: int | None = None

    def on_or_after(self, ordered: date) -> date:
        """Return the date itself; without a year, the first such date from the order's day on."""
        if self.year is not None:
            return date(self.year, self.month, self.day)
        this_year = date_in(ordered.year, self.month, self.day)
        if this_year >= ordered:
            return this_year
        return date_in(ordered.year + 1, self.month, self.day)


@dataclass(frozen=True)
class Term:
    """A counted phrase: so many units after an event."""

    amount: int
    unit: Unit
    after: str


@dataclass(frozen=True)
class Recurrence:
    """A recurring phrase."""

    every: Every


COUNTED = re.compile(
    r"(?P<amount>\d{1,4}) (?P<unit>working days?|calendar days?|days?|weeks?|months?|years?)"
    r" after (?P<event>[A-Za-z0-9_]+\.[a-z_]+)"
)
EVERY = re.compile(r"every (?P<period>month|quarter|half-year|year)")
UNTIL = re.compile(r"until (?P<day>\d{1,2}) (?P<month>[A-Z][a-z]+)(?: (?P<year>\d{4}))?")
UNITS = {
    "working day": (Unit.WORKING_DAYS, 1),
    "calendar day": (Unit.CALENDAR_DAYS, 1),
    "day": (Unit.CALENDAR_DAYS, 1),
    "week": (Unit.WEEKS, 1),
    "month": (Unit.MONTHS, 1),
    "year": (Unit.MONTHS, 12),
}
# Not calendar.month_name: that one follows the locale of the process.
MONTHS = (
    "January", "February", "March", "April", "May", "June", "July",
    "August", "September", "October", "November", "December",
)  # fmt: skip


def read_phrase(text: str) -> Term | Recurrence | OneOff:
    """Read a deadline as a regulation or an order writes it; raise PhraseError.

    `5 working days after case.ends`, `10 days after D02.signed`, `2 weeks after …`,
    `3 months after …`, `every month|quarter|half-year|year`, `until 30 January [2027]`.
    """
    words = " ".join(text.split())
    if match := COUNTED.fullmatch(words):
        return _term(match)
    if match := EVERY.fullmatch(words):
        return Recurrence(Every(match["period"]))
    if match := UNTIL.fullmatch(words):
        return _one_off(match)
    raise PhraseError(f"the deadline {text!r} cannot be read")


def _term(match: re.Match[str]) -> Term:
    unit, times = UNITS[match["unit"].removesuffix("s")]
    amount = int(match["amount"]) * times
    if not 1 <= amount <= LONGEST_AMOUNT:
        raise PhraseError(f"a term of {amount} {unit} cannot be meant")
    return Term(amount, unit, match["event"])


def _one_off(match: re.Match[str]) -> OneOff:
    if match["month"] not in MONTHS:
        raise PhraseError(f"there is no month {match['month']!r}")
    year = int(match["year"]) if match["year"] else None
    found = OneOff(int(match["day"]), MONTHS.index(match["month"]) + 1, year)
    try:
        # 29 February is a date of an order that names no year: 2024 has it.
        date(year if year is not None else 2024, found.month, found.day)
    except ValueError as wrong:
        raise PhraseError(f"there is no day {match[0]!r}") from wrong
    return found
