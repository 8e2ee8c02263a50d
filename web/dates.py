"""Days and deadlines as people say them: «до пятницы, 8 мая (осталось 3 рабочих дня)»."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from enum import StrEnum

from babel.dates import format_date, format_datetime

from web.words import Words
from workflow.domain.deadlines import (
    Late,
    Lateness,
    LateUncounted,
    Left,
    NotYetKnown,
    Remaining,
    Uncovered,
)
from workflow.domain.refusals import N_

LOCALE = "ru"
NBSP = "\N{NO-BREAK SPACE}"

# In Russian these stand in the genitive, after «до».
WEEKDAYS = (
    N_("Monday, {date}"),
    N_("Tuesday, {date}"),
    N_("Wednesday, {date}"),
    N_("Thursday, {date}"),
    N_("Friday, {date}"),
    N_("Saturday, {date}"),
    N_("Sunday, {date}"),
)
SOON = 2  # working days


class Tone(StrEnum):
    """How a deadline is shown; its words say the same."""

    CALM = "calm"
    SOON = "soon"
    OVERDUE = "overdue"
    MET = "met"


@dataclass(frozen=True)
class DeadlinePhrase:
    """A deadline in words."""

    text: str
    tone: Tone


def short_date(day: date) -> str:
    """Return «08.05.2026», as tables and forms have it."""
    return format_date(day, "dd.MM.yyyy", locale=LOCALE)


def long_date(day: date, today: date | None = None) -> str:
    """Return «8 мая 2026 г.», without the year when it is that of `today`."""
    this_year = today is not None and today.year == day.year
    pattern = "d MMMM" if this_year else "d MMMM y 'г'."
    return format_date(day, pattern, locale=LOCALE).replace(" ", NBSP)


def moment(at: datetime, zone: tzinfo) -> str:
    """Return «08.05.2026, 14:05» in `zone`; `at` is timezone-aware."""
    if at.tzinfo is None:
        raise ValueError("a naive moment cannot be shown")
    return format_datetime(at.astimezone(zone), "dd.MM.yyyy, HH:mm", locale=LOCALE)


def open_deadline(words: Words, last: date, left: Remaining, today: date) -> DeadlinePhrase:
    """Say when something that is not done yet is due: `last` is the last day in time."""
    if left.state is Left.OVERDUE:
        return DeadlinePhrase(_overdue(words, last, left, today), Tone.OVERDUE)
    day = words.text(WEEKDAYS[last.weekday()], date=long_date(last, today))
    text = words.text(N_("by {day} ({left})"), day=day, left=_left(words, left))
    is_soon = left.working_days is not None and left.working_days <= SOON
    return DeadlinePhrase(text, Tone.SOON if is_soon else Tone.CALM)


def deadline_without_date(words: Words, unknown: NotYetKnown | Uncovered) -> DeadlinePhrase:
    """Say why there is no date yet."""
    params = {"year": unknown.year} if isinstance(unknown, Uncovered) else {}
    return DeadlinePhrase(words.text(unknown.reason, **params), Tone.CALM)


def met_deadline(
    words: Words, met_on: date, lateness: Lateness | None, today: date
) -> DeadlinePhrase:
    """Say when something was done and how late; `lateness` is None where nothing was due."""
    on = long_date(met_on, today)
    match lateness:
        case Late(working_days=number) if number:
            text = words.plural(
                "done on {date}, {n} working day late",
                "done on {date}, {n} working days late",
                number,
                date=on,
            )
        case Late() | LateUncounted():
            text = words.text(N_("done late, on {date}"), date=on)
        case _:
            text = words.text(N_("done on {date}"), date=on)
    return DeadlinePhrase(text, Tone.MET)


def _overdue(words: Words, last: date, left: Remaining, today: date) -> str:
    on = long_date(last, today)
    if not left.working_days:  # not to be counted, or on a day off just after
        return words.text(N_("was due on {date}"), date=on)
    return words.plural(
        "was due on {date}, {n} working day late",
        "was due on {date}, {n} working days late",
        left.working_days,
        date=on,
    )


def _left(words: Words, left: Remaining) -> str:
    if left.working_days is None or not left.one:
        return words.text(left.plain)
    return words.plural(left.one, left.many, left.working_days)
