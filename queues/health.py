"""Is background work being done? For health checks and the operator's page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from redis import Redis
from rq import Queue
from rq.worker_registration import clean_worker_registry, get_keys

from queues.names import QueueName
from workflow.store.outbox import oldest_open
from workflow.store.tables.outbox import outbox
from workflow.store.unit_of_work import UnitOfWork

SCHEDULE_ALIVE_KEY = "marshrut:schedule:alive"
SCHEDULE_ALIVE_SECONDS = 120


@dataclass(frozen=True)
class Health:
    """`workers`: living ones by queue; `waiting_since`: when the oldest open task came due."""

    workers: Mapping[QueueName, int]
    schedule_alive: bool
    waiting_since: datetime | None
    failed: int


def health(uow: UnitOfWork, redis: Redis) -> Health:
    """Look; raise RedisError or a database error when one of them is away."""
    workers = {}
    for name in QueueName:
        queue = Queue(name.value, connection=redis)
        clean_worker_registry(queue)
        workers[name] = len(get_keys(queue))
    with uow.reading() as snapshot:
        failed = sa.select(sa.func.count()).where(outbox.c.failed_at.is_not(None))
        return Health(
            workers=workers,
            schedule_alive=bool(redis.exists(SCHEDULE_ALIVE_KEY)),
            waiting_since=oldest_open(snapshot.connection),
            failed=snapshot.connection.execute(failed).scalar_one(),
        )
