"""Background work, put together: the database, what each kind of task does, what is asked daily.

A new kind of task is named in `handlers`, a new question of the schedule in `due`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from redis import Redis

from marshrut.cli.environment import stop_with
from marshrut.keys import SecretKeys
from marshrut.settings import Settings
from marshrut.training import AUTHORITIES, TrainingAuthorities, renewal
from marshrut.wiring import make_due, make_handlers, make_services, warm_up
from queues.handlers import Handlers
from queues.perform import Performer
from queues.schedule import Due
from workflow.domain.refusals import N_
from workflow.ports import Clock
from workflow.store.engine import make_engine
from workflow.store.ids import uuid7_ids
from workflow.store.unit_of_work import UnitOfWork
from workflow.usecases.services import Services

REDIS_SECONDS = 10


@dataclass(frozen=True)
class Background:
    """What relay, workers and schedule need. No database connection is open yet."""

    uow: UnitOfWork
    handlers: Handlers
    due: Mapping[str, Due]
    warm_up: Callable[[], None]

    @property
    def performer(self) -> Performer:
        return Performer(self.uow, self.handlers)


def system_clock() -> datetime:
    """The present moment, UTC."""
    return datetime.now(UTC)


def unit_of_work(settings: Settings, keys: SecretKeys, clock: Clock = system_clock) -> UnitOfWork:
    """Return what begins transactions in the installation's database."""
    return UnitOfWork(make_engine(settings.database_url), clock, uuid7_ids(clock), keys.audit)


def background(settings: Settings, keys: SecretKeys) -> Background:
    """Put the background work of an installation together."""
    services = make_services(settings, keys, system_clock)
    return Background(
        uow=services.uow,
        handlers=make_handlers(services),
        due={**make_due(services), **_training_due(services, settings, keys)},
        warm_up=warm_up,
    )


def _training_due(services: Services, settings: Settings, keys: SecretKeys) -> Mapping[str, Due]:
    """An installation for training renews the lists of its own authorities."""
    folder = settings.keys_dir / AUTHORITIES
    if not TrainingAuthorities.exist(folder):
        return {}
    return {
        "training_lists": renewal(
            services, lambda: TrainingAuthorities.load(folder, keys.at_rest.hex())
        )
    }


def redis_client(settings: Settings) -> Redis:
    """Return a client of the installation's Redis; every call is bounded in time."""
    if settings.redis_url is None:
        stop_with(
            N_(
                "MARSHRUT_REDIS_URL is not set. Start everything with “marshrut up”, or name the"
                " Redis server that all parts use."
            )
        )
    return Redis.from_url(
        settings.redis_url, socket_timeout=REDIS_SECONDS, socket_connect_timeout=REDIS_SECONDS
    )
