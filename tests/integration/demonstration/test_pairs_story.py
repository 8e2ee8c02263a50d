"""The pairs' story with its clock in other years and seasons, over fast fake documents."""

from __future__ import annotations

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
from workflow.domain.pairs import months_of

#: In school, in the winter holidays, on a leap day: term ends fall differently.
ENDS = [date(2026, 11, 20), date(2027, 1, 15), date(2028, 2, 29)]


def tell(last: date, folder: Path) -> dict[str, Any]:
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
    return Export(world.services, world.town, out, clock()).write()


@pytest.mark.parametrize("last", ENDS, ids=str)
def test_the_story_of_pairs_holds_whenever_it_ends(last: date, tmp_path: Path) -> None:
    report = tell(last, tmp_path)
    assert report["problems"] == []
    statuses = [str(pair["status"]) for pair in report["pairs"]]
    assert statuses == ["term_over", "running", "running", "suspended", "cancelled", "running"]
    assert [s["state"] for s in report["submissions"]] == ["accepted"]


@pytest.mark.parametrize("last", [*ENDS, date(2027, 8, 31), date(2026, 5, 12)], ids=str)
def test_the_terms_of_the_story_keep_the_limits_of_the_regulation(last: date) -> None:
    days = calendar_until(last)
    assert days.first < days.since < days.until < last
    assert months_of(days.since, days.until)[0] >= 6
    assert months_of(days.since, days.extended_until)[0] <= 36
    assert days.running_since < days.first < days.running_until
