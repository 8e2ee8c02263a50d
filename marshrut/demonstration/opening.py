"""How a training installation begins: the municipality, and the order that sets the tasks."""

from __future__ import annotations

from datetime import timedelta

from marshrut.demonstration.clock import ZONE, StoryClock, weekdays_before
from marshrut.demonstration.life import Life
from marshrut.demonstration.stage import furnish
from marshrut.keys import SecretKeys
from marshrut.settings import Settings
from marshrut.training import CRL_LIVES
from workflow.usecases.services import Services

#: The story's tasks are spread over six weeks from today on.
WEEKS_AHEAD = timedelta(weeks=6)


def furnish_for_practice(services: Services, settings: Settings, keys: SecretKeys) -> None:
    """Make authorities, people and the office's order; schools have everything before them."""
    stage = furnish(services, settings, keys, services.clock, CRL_LIVES)
    now = services.clock()
    last = weekdays_before((now + WEEKS_AHEAD).astimezone(ZONE).date(), 0)
    life = Life(services, stage.town, StoryClock(now), stage.work, last)
    life.order_the_district()
    stage.work()
