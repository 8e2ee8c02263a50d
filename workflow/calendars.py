"""The production calendar handed to the domain as a value.

The country's days come from `holidays`, which has the official transfers of 2022–2027 and turns
every other year silently into plain weeks: only the years named here are covered. Days of regions
stand here as data, because no library has them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from types import MappingProxyType

import holidays

from workflow.domain.working_days import SATURDAY, CalendarError, DayException, WorkCalendar

COVERED_YEARS = frozenset(range(2022, 2028))
HOLIDAY_SOURCE = "ТК РФ, ст. 112"
TRANSFER_SOURCE = "постановление Правительства РФ о переносе выходных дней в {year} году"
TATARSTAN = "RU-TA"
TATARSTAN_SOURCE = "праздничные и памятные дни Республики Татарстан (tatarstan.ru)"


@dataclass(frozen=True)
class RegionDays:
    """Days off that a region adds, with the years for which all of them are known."""

    region: str
    title: str
    years: frozenset[int]
    days: tuple[DayException, ...]


@dataclass(frozen=True)
class Override:
    """One day that the operator has entered, with the act it rests on."""

    day: date
    working: bool
    source: str


def _tatarstan_day(year: int, month: int, day: int, reason: str) -> DayException:
    return DayException(date(year, month, day), False, reason, TATARSTAN_SOURCE)


REGIONS = {
    TATARSTAN: RegionDays(
        region=TATARSTAN,
        title="Республика Татарстан",
        years=frozenset({2025, 2026}),
        days=(
            _tatarstan_day(2025, 3, 30, "Ураза-байрам"),
            _tatarstan_day(2025, 6, 6, "Курбан-байрам"),
            _tatarstan_day(2025, 8, 30, "День Республики Татарстан"),
            _tatarstan_day(2025, 11, 6, "День Конституции Республики Татарстан"),
            _tatarstan_day(2026, 3, 20, "Ураза-байрам"),
            _tatarstan_day(2026, 5, 27, "Курбан-байрам"),
            _tatarstan_day(2026, 8, 30, "День Республики Татарстан"),
            _tatarstan_day(2026, 11, 6, "День Конституции Республики Татарстан"),
        ),
    ),
}


@cache
def work_calendar(
    region: str = "",
    week: int = 5,
    overrides: tuple[Override, ...] = (),
    region_years: frozenset[int] = frozenset(),
    saturday_transfers: bool = False,
) -> WorkCalendar:
    """Return the calendar of `region` ("" = the country alone) with a week of 5 or 6 days.

    `overrides` go before everything else. `region_years` are years whose regional days have been
    entered completely as overrides. In a six-day week a transfer whose source is a Saturday does
    not apply, because that Saturday is worked anyway; `saturday_transfers` takes the other
    reading. Of a region without an entry in REGIONS nothing is known, so no year of it is covered
    until it is named in `region_years`. Raises CalendarError.
    """
    exceptions = {day.day: day for day in _federal_days(week, saturday_transfers)}
    own = REGIONS.get(region)
    if own is not None:
        exceptions.update((day.day, day) for day in own.days)
    for entered in overrides:
        if not entered.source.strip():
            raise CalendarError(f"the override of {entered.day} names no source")
        exceptions[entered.day] = DayException(
            entered.day, entered.working, "Изменено вручную", entered.source
        )
    return WorkCalendar(
        week=week,
        region=region,
        years=COVERED_YEARS,
        region_years=_known_years(own) | region_years if region else None,
        exceptions=MappingProxyType(exceptions),
    )


def _known_years(own: RegionDays | None) -> frozenset[int]:
    return frozenset() if own is None else own.years


TRANSFERRED_FROM = re.compile(r"перенесено с (\d\d)\.(\d\d)\.(\d{4})")
OBSERVED = re.compile(r"(.+) \(выходной\)")


def _federal_days(week: int, saturday_transfers: bool) -> Iterator[DayException]:
    """Yield the country's days off and, for a five-day week, its working Saturdays."""
    for year in sorted(COVERED_YEARS):
        country = holidays.country_holidays("RU", years=year, language="ru")
        names: dict[date, str] = dict(country.items())
        decree = TRANSFER_SOURCE.format(year=year)
        for day, name in names.items():
            source = _transfer_source(name, names)
            at_saturdays_cost = source is not None and source.weekday() == SATURDAY
            if week == 6 and at_saturdays_cost and not saturday_transfers:
                continue
            act = decree if TRANSFERRED_FROM.search(name) else HOLIDAY_SOURCE
            yield DayException(day, False, _reason(name, source), act)
        if week == 5:
            for day in country.weekend_workdays:
                yield DayException(day, True, "Рабочая суббота", decree)


def _transfer_source(name: str, names: dict[date, str]) -> date | None:
    """Return the day whose rest was moved, read from the library's name of the day off."""
    moved = TRANSFERRED_FROM.search(name)
    if moved:
        day, month, year = map(int, moved.groups())
        return date(year, month, day)
    observed = OBSERVED.fullmatch(name)
    if observed is None:
        return None
    return next(day for day, holiday in names.items() if holiday == observed.group(1))


def _reason(name: str, source: date | None) -> str:
    if source is None:
        return name
    return f"Выходной перенесён с {source:%d.%m.%Y}"
