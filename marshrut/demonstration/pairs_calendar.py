"""The days of the pairs' story: the first pair's whole term ends shortly before the story does."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from marshrut.demonstration.clock import months_away, weekdays_after, weekdays_before

#: The first pair's term, and the others'; the regulation wants six months at least.
FIRST_MONTHS, OTHER_MONTHS = 7, 12
#: Weekdays left for report, approval and package when the first pair's term is over.
AFTER_THE_TERM = 9
BEFORE_THE_TERM = 12
#: The kindergarten's pair had been running for so long when the system came.
RUNNING_BEFORE = timedelta(days=60)


@dataclass(frozen=True)
class PairsCalendar:
    """When it begins and ends: the story (`first`–`last`), the first pair (`since`–`until`)."""

    first: date
    since: date
    until: date
    last: date

    @property
    def others_until(self) -> date:
        """The last day of the other pairs' term."""
        return months_away(self.since, OTHER_MONTHS) - timedelta(days=1)

    @property
    def extended_until(self) -> date:
        return months_away(self.since, OTHER_MONTHS + 6) - timedelta(days=1)

    @property
    def running_since(self) -> date:
        """The first day of the pair that enters the system in mid-life."""
        return weekdays_before(self.first - RUNNING_BEFORE, 0)

    @property
    def running_until(self) -> date:
        return months_away(self.running_since, OTHER_MONTHS) - timedelta(days=1)

    def before_since(self, number: int) -> date:
        """The day `number` weekdays before the pairs begin."""
        return weekdays_before(self.since, number)

    def after_since(self, number: int) -> date:
        return weekdays_after(self.since, number)

    def months_on(self, months: int, weekdays: int = 0) -> date:
        """A weekday so many months after the pairs began, and so many weekdays more."""
        return weekdays_after(weekdays_before(months_away(self.since, months), 0), weekdays)

    def after_until(self, number: int) -> date:
        return weekdays_after(self.until, number)


def calendar_until(last: date) -> PairsCalendar:
    """The days of a story whose last day is `last`."""
    until = weekdays_before(last, AFTER_THE_TERM)
    since = weekdays_before(months_away(until, -FIRST_MONTHS), 0)
    return PairsCalendar(weekdays_before(since, BEFORE_THE_TERM), since, until, last)
