"""How a training installation begins: the municipality, and the order that sets the tasks."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from marshrut.demonstration.cast import SCHOOL_1
from marshrut.demonstration.clock import ZONE, StoryClock, weekdays_before
from marshrut.demonstration.life import Life
from marshrut.demonstration.stage import Stage, furnish, holder_of
from marshrut.demonstration.town import KEY_PASSWORD
from marshrut.keys import SecretKeys
from marshrut.settings import Settings
from marshrut.training import CRL_LIVES
from workflow.usecases.services import Services

#: The story's tasks are spread over six weeks from today on.
WEEKS_AHEAD = timedelta(weeks=6)
#: The folder beside the database with key files to practise with.
PRACTICE_FILES = "practice-keys"


def furnish_for_practice(services: Services, settings: Settings, keys: SecretKeys) -> None:
    """Make authorities, people and the office's order; schools have everything before them."""
    stage = furnish(services, settings, keys, services.clock, CRL_LIVES)
    now = services.clock()
    last = weekdays_before((now + WEEKS_AHEAD).astimezone(ZONE).date(), 0)
    life = Life(services, stage.town, StoryClock(now), stage.work, last)
    life.order_the_district()
    stage.work()
    leave_practice_files(stage, settings.data_dir / PRACTICE_FILES)


def leave_practice_files(stage: Stage, folder: Path) -> None:
    """Leave key files of one head, to practise signing in a program of one's own.

    Some of them must be refused; the lists are made anew, for one of them is revoked.
    """
    place = stage.town.places[SCHOOL_1.key]
    head = place.holding("head")
    now = stage.services.clock()
    folder.mkdir(mode=0o700, exist_ok=True)
    files = stage.authorities.practice_files(holder_of(head, place), KEY_PASSWORD, now)
    for name, content in files.items():
        path = folder / f"{head.key}-{name}.p12"
        path.touch(mode=0o600)
        path.write_bytes(content)
    stage.authorities.save_trust(folder / "trust")
    stage.renew_lists()
