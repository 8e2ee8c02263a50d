"""Run the demonstration in a folder of its own and write what came of it."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from marshrut.demonstration.clock import ZONE, StoryClock, weekdays_before
from marshrut.demonstration.export import Export
from marshrut.demonstration.life import Life
from marshrut.demonstration.stage import Stage, settle
from workflow.usecases.installation import renew_training_crls

STORY_BEGINS = 45
LISTS_LIVE = timedelta(days=120)


def run(out: Path, ends: datetime) -> Mapping[str, Any]:
    """Tell the story that ends at `ends` and export it to `out`; return the report.

    A story that ends now can be judged by outside tools, for its lists and certificates hold now.
    `valid` in the report says that every electronic signature in force is valid.
    """
    last: date = ends.astimezone(ZONE).date()
    out.mkdir(parents=True, exist_ok=True)
    begins = datetime.combine(weekdays_before(last, STORY_BEGINS), time(6), tzinfo=UTC)
    clock = StoryClock(begins)
    with tempfile.TemporaryDirectory(prefix="marshrut-demo-") as scratch:
        stage: Stage = settle(Path(scratch), clock, LISTS_LIVE)
        Life(stage.services, stage.town, clock, stage.work, last).tell()
        clock.now = max(clock.now, ends)
        lists = stage.authorities.crls(clock(), LISTS_LIVE)
        renew_training_crls(stage.services, lists)
        stage.ask_what_is_due()
        stage.work()
        trust = out / "trust"
        stage.authorities.save_trust(trust)
        for number, crl in enumerate(lists, start=1):
            (trust / f"{number}.crl").write_bytes(crl)
        return Export(stage.services, stage.town, out, clock()).write()
