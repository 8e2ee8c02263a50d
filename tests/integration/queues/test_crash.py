"""Workers and relays are killed at random moments, Redis is emptied: every effect happens once."""

from __future__ import annotations

import random
import time
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from queues.handlers import Effect, Handler, Handlers, one_by_one
from queues.names import QueueName
from tests.databases import Database
from tests.integration.queues.crashes import storm
from workflow.store.engine import make_engine
from workflow.store.ids import uuid7_ids
from workflow.store.outbox import Task
from workflow.store.tables.outbox import outbox
from workflow.store.unit_of_work import Transaction, UnitOfWork

ROUNDS = 50
TASKS_PER_ROUND = 4
LEASE = timedelta(seconds=3)

# No key and no constraint: what is done twice is written twice.
effects = sa.Table("effects", sa.MetaData(), sa.Column("name", sa.String(40), nullable=False))


def real_clock() -> datetime:
    return datetime.now(UTC)


def counting_work(database_url: str) -> tuple[UnitOfWork, Handlers]:
    """Work that takes a moment, writes one line and asks for an echo, which writes another."""
    uow = UnitOfWork(make_engine(database_url), real_clock, uuid7_ids(real_clock), bytes(32))
    handlers = {
        "count": Handler(one_by_one(_count), QueueName.QUICK, lease=LEASE, attempts=1000),
        "echo": Handler(one_by_one(_echo), QueueName.SLOW, batch=5, lease=LEASE, attempts=1000),
    }
    return uow, handlers


def _count(task: Task) -> Effect:
    time.sleep(random.uniform(0.01, 0.25))

    def effect(tx: Transaction) -> None:
        tx.connection.execute(sa.insert(effects).values(name=task.payload["name"]))
        tx.outbox.add("echo", {"name": f"echo {task.payload['name']}"})

    return effect


def _echo(task: Task) -> Effect:
    time.sleep(0.01)

    def effect(tx: Transaction) -> None:
        tx.connection.execute(sa.insert(effects).values(name=task.payload["name"]))

    return effect


@pytest.mark.timeout(900)
def test_killed_workers_and_a_flushed_redis_lose_nothing_and_double_nothing(
    database: Database, redis_url: str, tmp_path: Path
) -> None:
    with database.engine.begin() as connection:
        effects.create(connection)
    uow, _ = counting_work(database.url)

    def add_tasks(number: int) -> None:
        with uow() as tx:
            for index in range(TASKS_PER_ROUND):
                tx.outbox.add("count", {"name": f"{number}.{index}"})
            tx.commit()

    marks = tmp_path / "marks"
    marks.mkdir()
    work = f"{__name__}:{counting_work.__name__}"
    with storm(work, database, redis_url, marks, seed=789) as blowing:
        blowing.blow(ROUNDS, add_tasks)
        blowing.wait_for_calm(400)
        assert blowing.leases_hit > 0, "no kill hit a running lease: the test has shown nothing"
        assert blowing.relays_killed > 0
        assert blowing.flushed > 0
    uow.engine.dispose()

    names = [f"{number}.{index}" for number in range(ROUNDS) for index in range(TASKS_PER_ROUND)]
    expected = Counter(names + [f"echo {name}" for name in names])
    with database.engine.connect() as connection:
        assert Counter(connection.execute(sa.select(effects.c.name)).scalars()) == expected
        failed = sa.select(outbox.c.last_error).where(outbox.c.failed_at.is_not(None))
        assert connection.execute(failed).all() == []
