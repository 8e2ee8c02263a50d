"""Run the demonstration in a folder of its own and write what came of it."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from marshrut.demonstration.clock import ZONE, StoryClock
from marshrut.demonstration.export import Export
from marshrut.demonstration.stage import LISTS_LIVE, Stage, settle, write_lists
from marshrut.demonstration.stories import Story

#: The story's clock goes on with every look at it; timestamps of the last work are not ahead of us.
LAST_WORK_TAKES = timedelta(minutes=10)


def run(story: Story, out: Path, ends: datetime) -> Mapping[str, Any]:
    """Tell the story that ends at `ends` and export it to `out`; return the report.

    A story that ends now can be judged by outside tools, for its lists and certificates hold now.
    `valid` in the report says that every electronic signature in force is valid.
    """
    last: date = ends.astimezone(ZONE).date()
    out.mkdir(parents=True, exist_ok=True)
    begins = datetime.combine(story.begins(last), time(6), tzinfo=UTC)
    clock = StoryClock(begins)
    with tempfile.TemporaryDirectory(prefix="marshrut-demo-") as scratch:
        stage: Stage = settle(Path(scratch), clock, story.lists_live, story.cast)
        story.tell(stage, clock, last)
        clock.now = max(clock.now, ends - LAST_WORK_TAKES)
        lists = stage.renew_lists(LISTS_LIVE)
        # The second look first; what it has settled is copied for keeping.
        for _ in range(2):
            stage.ask_what_is_due()
            stage.work()
        trust = out / "trust"
        stage.authorities.save_trust(trust)
        write_lists(trust, lists)
        return Export(stage.services, stage.town, out, clock()).write()
