"""Is background work being done? For health checks and the operator's page."""

from __future__ import annotations

import socket
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import sqlalchemy as sa
from redis import Redis
from rq import Queue, Worker
from rq.worker_registration import clean_worker_registry, get_keys

from queues.names import QueueName
from workflow.store.outbox import oldest_open
from workflow.store.tables.outbox import outbox
from workflow.store.unit_of_work import UnitOfWork

ALIVE_SECONDS = 120
"""Who has not been heard of for so long counts as dead."""

# A sorted set: host name by the Unix time at which its schedule was last alive.
_SCHEDULES_KEY = "marshrut:schedules"


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
            schedule_alive=redis.zcount(_SCHEDULES_KEY, time.time() - ALIVE_SECONDS, "+inf") > 0,
            waiting_since=oldest_open(snapshot.connection),
            failed=snapshot.connection.execute(failed).scalar_one(),
        )


def beat(redis: Redis) -> None:
    """Say that the schedule of this machine is alive."""
    redis.zadd(_SCHEDULES_KEY, {socket.gethostname(): time.time()})


def schedule_alive_here(redis: Redis) -> bool:
    """Return whether this machine's schedule has been heard of lately."""
    last = redis.zscore(_SCHEDULES_KEY, socket.gethostname())
    return last is not None and last > time.time() - ALIVE_SECONDS


def worker_alive_here(redis: Redis) -> bool:
    """Return whether a worker of this machine has been heard of lately."""
    lately = datetime.now(UTC) - timedelta(seconds=ALIVE_SECONDS)
    return any(
        worker.hostname == socket.gethostname()
        and worker.last_heartbeat is not None
        and worker.last_heartbeat > lately
        for worker in Worker.all(connection=redis)
    )
