"""The stories that can be told, one for each pack that has one."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from marshrut.demonstration.cast import LESNOGORSK, Cast
from marshrut.demonstration.cast_yurga import KEDROVSK
from marshrut.demonstration.clock import StoryClock, weekdays_before
from marshrut.demonstration.life import Life
from marshrut.demonstration.pairs_calendar import calendar_until
from marshrut.demonstration.pairs_story import PairsStory
from marshrut.demonstration.stage import Stage

#: The district's story is told in so many weekdays.
DISTRICT_BEGINS = 45


@dataclass(frozen=True)
class Story:
    """Who lives it, on which day it begins if it ends on another, and who tells it.

    The first revocation lists live for `lists_live`; a story that lasts longer renews them.
    """

    cast: Cast
    begins: Callable[[date], date]
    tell: Callable[[Stage, StoryClock, date], None]
    lists_live: timedelta


def _district_begins(last: date) -> date:
    return weekdays_before(last, DISTRICT_BEGINS)


def _tell_of_the_district(stage: Stage, clock: StoryClock, last: date) -> None:
    Life(stage.services, stage.town, clock, stage.work, last).tell()


def _pairs_begin(last: date) -> date:
    return calendar_until(last).first


def _tell_of_the_pairs(stage: Stage, clock: StoryClock, last: date) -> None:
    PairsStory(stage, clock, calendar_until(last)).tell()


#: By the name of the pack.
STORIES: Mapping[str, Story] = {
    "tetyushi": Story(LESNOGORSK, _district_begins, _tell_of_the_district, timedelta(days=120)),
    "yurga": Story(KEDROVSK, _pairs_begin, _tell_of_the_pairs, timedelta(days=30)),
}
