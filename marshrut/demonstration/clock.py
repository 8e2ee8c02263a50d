"""The story's own time: it ends today, so that outside judges agree with its certificates."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Europe/Moscow")


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


def weekdays_before(last: date, number: int) -> date:
    """The day that lies `number` weekdays (Monday to Friday) before `last`."""
    day = last
    while number > 0 or day.weekday() >= 5:
        day -= timedelta(days=1)
        if day.weekday() < 5 and number > 0:
            number -= 1
    return day
