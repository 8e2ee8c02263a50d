"""Working days as a value: which days an organisation works, and how many lie between two dates.

The calendar knows which years it covers. A year that is not covered is said (`Unknown`), never
guessed: a plain Monday–Friday year looks right and is wrong by a week in January and May.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from types import MappingProxyType

from workflow.domain.refusals import N_, DomainError

SATURDAY = 5
SUNDAY = 6
ONE_DAY = timedelta(days=1)
LONGEST_COUNT = 10_000  # working days; forty years, beyond any deadline of an office
SATURDAY_OFF = N_("Saturday")
SUNDAY_OFF = N_("Sunday")


class CalendarError(DomainError):
    """A calendar is built or asked wrongly."""

    code = "calendar"


class UncoveredYearError(CalendarError):
    """A day was asked about whose year the calendar does not cover."""

    code = "calendar.uncovered"

    def __init__(self, unknown: Unknown) -> None:
        super().__init__(f"{unknown.year} is not covered (region {unknown.region or 'none'})")
        self.unknown = unknown


@dataclass(frozen=True)
class DayException:
    """A day that differs from its weekday: a holiday, a transfer, an override.

    `reason` and `source` are Russian texts of the calendar's own, shown as they are
    («День Победы»; «постановление Правительства РФ …»).
    """

    day: date
    working: bool
    reason: str
    source: str


@dataclass(frozen=True)
class SkippedDay:
    """A day left out of a count. `why` is a msgid (Saturday, Sunday) or the exception's reason."""

    day: date
    why: str
    source: str = ""


@dataclass(frozen=True)
class Known:
    """The date found, and the days off passed over on the way, in the order of counting."""

    day: date
    skipped: tuple[SkippedDay, ...] = ()


@dataclass(frozen=True)
class Unknown:
    """The count ran into `year`, which is not covered.

    `region` is empty when the country's transfers of that year are not approved yet; otherwise
    the country is covered and the days of this region alone are missing.
    """

    year: int
    region: str = ""


Days = Callable[[date], Iterator[date]]
_NO_EXCEPTIONS: Mapping[date, DayException] = MappingProxyType({})


@dataclass(frozen=True)
class WorkCalendar:
    """The working days of one week length (5 or 6) in one region of the country.

    `years` are covered by official transfers; `region_years` (None: the region has no days of its
    own) by the region's days. Six-day weeks work on Saturdays; Sundays are off in both.
    """

    week: int = 5
    region: str = ""
    years: frozenset[int] = frozenset()
    region_years: frozenset[int] | None = None
    exceptions: Mapping[date, DayException] = field(default_factory=lambda: _NO_EXCEPTIONS)

    def __post_init__(self) -> None:
        if self.week not in (5, 6):
            raise CalendarError(f"a working week has 5 or 6 days, not {self.week}")

    def gap(self, year: int) -> Unknown | None:
        """Return what is missing to speak about `year`, None when nothing is."""
        if year not in self.years:
            return Unknown(year)
        if self.region_years is not None and year not in self.region_years:
            return Unknown(year, self.region)
        return None

    def day_off(self, day: date) -> SkippedDay | None:
        """Return why `day` is off, None for a working day; raise UncoveredYearError."""
        missing = self.gap(day.year)
        if missing is not None:
            raise UncoveredYearError(missing)
        exception = self.exceptions.get(day)
        if exception is not None:
            if exception.working:
                return None
            return SkippedDay(day, exception.reason, exception.source)
        if day.weekday() == SUNDAY:
            return SkippedDay(day, SUNDAY_OFF)
        if day.weekday() == SATURDAY and self.week == 5:
            return SkippedDay(day, SATURDAY_OFF)
        return None

    def is_working(self, day: date) -> bool:
        """Tell whether `day` is worked; raise UncoveredYearError when its year is not covered."""
        return self.day_off(day) is None

    def add_working_days(self, start: date, number: int) -> Known | Unknown:
        """Return the `number`-th working day after `start`; `start` itself is not counted.

        Zero returns `start`, working or not. Raises CalendarError for a negative number or one
        above LONGEST_COUNT.
        """
        if not 0 <= number <= LONGEST_COUNT:
            raise CalendarError(f"{number} working days cannot be counted")
        return self._walk(start, number, _days_after)

    def next_working_day(self, day: date) -> Known | Unknown:
        """Return the first working day after `day`."""
        return self._walk(day, 1, _days_after)

    def previous_working_day(self, day: date) -> Known | Unknown:
        """Return the last working day before `day`."""
        return self._walk(day, 1, _days_before)

    def on_or_after(self, day: date) -> Known | Unknown:
        """Return `day`, or the next working day when it is off (ТК РФ, ст. 14, ч. 4)."""
        return self._walk(day - ONE_DAY, 1, _days_after)

    def on_or_before(self, day: date) -> Known | Unknown:
        """Return `day`, or the last working day before it when it is off."""
        return self._walk(day + ONE_DAY, 1, _days_before)

    def working_days_between(self, start: date, end: date) -> int | Unknown:
        """Count the working days after `start` up to and including `end`.

        Monday to Friday of one plain week is 4. Raises CalendarError when `end` precedes `start`.
        """
        if end < start:
            raise CalendarError(f"{end} lies before {start}")
        for year in range(start.year, end.year + 1):
            missing = self.gap(year)
            # 31 December to the new year touches no day of the old one.
            if missing is not None and (start + ONE_DAY).year <= year:
                return missing
        span = (end - start).days
        return sum(self.is_working(start + timedelta(days=n)) for n in range(1, span + 1))

    def free_after_notice(self, given: date, full_days: int) -> Known | Unknown:
        """Return the first day after `full_days` full working days have passed since `given`.

        «Не менее чем за три рабочих дня» (ТК РФ, ст. 351.8): three whole working days lie between
        the day of the notice and the day it takes effect, which may itself be a day off.
        """
        last = self.add_working_days(given, full_days)
        if isinstance(last, Unknown):
            return last
        return Known(last.day + ONE_DAY, last.skipped)

    def _walk(self, start: date, number: int, days: Days) -> Known | Unknown:
        found, skipped = start, []
        following = days(start)
        while number:
            found = next(following)
            missing = self.gap(found.year)
            if missing is not None:
                return missing
            off = self.day_off(found)
            if off is None:
                number -= 1
            else:
                skipped.append(off)
        return Known(found, tuple(skipped))


def _days_after(day: date) -> Iterator[date]:
    while True:
        day += ONE_DAY
        yield day


def _days_before(day: date) -> Iterator[date]:
    while True:
        day -= ONE_DAY
        yield day
