"""The story's own time: it ends today, so that outside judges agree with its certificates."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Europe/Moscow")

#: Holidays that fall on the same day each year, the republic's among them: nobody is at work.
HOLIDAYS = frozenset(
    {(1, day) for day in range(1, 9)}
    | {(2, 23), (3, 8), (5, 1), (5, 9), (6, 12), (8, 30), (11, 4), (11, 6)}
)


@dataclass
class StoryClock:
    """A clock that the story sets; each look at it is a second later than the one before."""

    now: datetime

    def __call__(self) -> datetime:
        self.now += timedelta(seconds=1)
        return self.now

    def on(self, day: date, hour: int = 9) -> None:
        """Go on to a local hour of the day; time never runs backwards."""
        wanted = datetime.combine(day, time(hour), tzinfo=ZONE).astimezone(UTC)
        self.now = max(self.now, wanted)

    def wait(self, seconds: int) -> None:
        """Go on to the next moment that is a whole number of so many seconds."""
        begun = int(self.now.timestamp()) // seconds
        self.now = datetime.fromtimestamp((begun + 1) * seconds, UTC)


def weekdays_before(last: date, number: int) -> date:
    """The day that lies `number` weekdays (Monday to Friday, no holiday) before `last`."""
    day = last
    while number > 0 or not _is_weekday(day):
        day -= timedelta(days=1)
        if number > 0 and _is_weekday(day):
            number -= 1
    return day


def weekdays_after(first: date, number: int) -> date:
    """The day that lies `number` weekdays after `first`."""
    day = first
    while number > 0:
        day += timedelta(days=1)
        number -= _is_weekday(day)
    return day


def months_away(day: date, months: int) -> date:
    """The same day of another month, or its last one where it has no such day."""
    year, month = divmod(12 * day.year + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def _is_weekday(day: date) -> bool:
    return day.weekday() < 5 and (day.month, day.day) not in HOLIDAYS
