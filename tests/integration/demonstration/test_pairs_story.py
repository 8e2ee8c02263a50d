"""The pairs' story with its clock in other years and seasons, over fast fake documents."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest

from marshrut.demonstration.cast_yurga import KEDROVSK
from marshrut.demonstration.clock import ZONE, StoryClock
from marshrut.demonstration.export import Export
from marshrut.demonstration.pairs_calendar import calendar_until
from marshrut.demonstration.pairs_story import PairsStory
from marshrut.demonstration.stage import Stage
from tests.world import make_world


@dataclass(frozen=True)
class Told:
    """What came of a story that ended on `last`."""

    last: date
    report: dict[str, Any]


def tell(last: date, folder: Path) -> Told:
    days = calendar_until(last)
    clock = StoryClock(datetime.combine(days.first, time(6), tzinfo=UTC))
    lives = timedelta(days=30)
    world = make_world(folder / "world", clock=clock, lists_live=lives, cast=KEDROVSK)
    stage = Stage(world.services, world.town, world.authorities)
    PairsStory(stage, clock, days).tell()
    clock.now = max(clock.now, datetime.combine(last, time(12), tzinfo=ZONE).astimezone(UTC))
    out = folder / "out"
    world.authorities.save_trust(out / "trust")
    for number, crl in enumerate(stage.renew_lists()):
        (out / "trust" / f"{number}.crl").write_bytes(crl)
    return Told(last, Export(world.services, world.town, out, clock()).write())


#: Autumn, winter, a leap day, the end of summer: holidays and term ends fall differently.
ENDS = [date(2026, 11, 20), date(2027, 1, 15), date(2028, 2, 29), date(2027, 8, 31)]


@pytest.fixture(params=ENDS, ids=str, scope="module")
def told(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Told:
    return tell(request.param, tmp_path_factory.mktemp("story"))


def test_the_story_holds_whenever_it_ends(told: Told) -> None:
    assert told.report["problems"] == []
