"""The same story with its clock in other years, over fast fake documents and real signatures."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import pytest

from marshrut.demonstration.clock import ZONE, StoryClock, weekdays_before
from marshrut.demonstration.export import Export
from marshrut.demonstration.life import Life
from tests.world import make_world


@pytest.mark.parametrize(
    "last", [date(2026, 11, 20), date(2027, 3, 12), date(2028, 2, 29)], ids=str
)
def test_the_story_holds_whenever_it_ends(last: date, tmp_path: Path) -> None:
    begins = datetime.combine(weekdays_before(last, 45), time(6), tzinfo=UTC)
    clock = StoryClock(begins)
    world = make_world(tmp_path / "world", clock=clock, lists_live=timedelta(days=120))
    Life(world.services, world.town, clock, world.work, last).tell()
    clock.now = max(clock.now, datetime.combine(last, time(12), tzinfo=ZONE).astimezone(UTC))
    out = tmp_path / "out"
    world.authorities.save_trust(out / "trust")
    for number, crl in enumerate(world.authorities.crls(clock(), timedelta(days=7))):
        (out / "trust" / f"{number}.crl").write_bytes(crl)
    report = Export(world.services, world.town, out, clock()).write()
    assert report["problems"] == []
    assert len(report["documents"]) == 22
