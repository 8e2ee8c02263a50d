"""A worker shares no connection with its horses, dies whole, and survives an emptied Redis."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path

import pytest
from redis import Redis
from rq import Queue
from rq.serializers import JSONSerializer
from rq.worker_registration import get_keys

from queues.errors import WarmParentError
from queues.handlers import Effect, Handler, Handlers, one_by_one
from queues.names import QueueName
from queues.perform import Performer
from queues.worker import OutboxWorker, refuse_open_connections
from tests.databases import Database
from tests.integration.queues.crashes import children_of, storm
from tests.integration.queues.test_crash import real_clock
from workflow.store.engine import make_engine
from workflow.store.ids import uuid7_ids
from workflow.store.outbox import Task
from workflow.store.unit_of_work import UnitOfWork


def endless_work(database_url: str) -> tuple[UnitOfWork, Handlers]:
    uow = UnitOfWork(make_engine(database_url), real_clock, uuid7_ids(real_clock), bytes(32))
    return uow, {"endless": Handler(one_by_one(_sleep))}


def _sleep(task: Task) -> Effect:
    time.sleep(60)
    raise AssertionError("somebody should have killed this")


def test_a_parent_with_an_open_connection_does_not_fork(database: Database) -> None:
    uow, handlers = endless_work(database.url)
    performer = Performer(uow, handlers)
    refuse_open_connections(performer)
    with uow.reading():
        pass
    with pytest.raises(WarmParentError):
        refuse_open_connections(performer)
    uow.engine.dispose()
    refuse_open_connections(performer)


def test_a_worker_registers_anew_after_a_flush(redis_url: str, uow: UnitOfWork) -> None:
    redis = Redis.from_url(redis_url)
    queue = Queue(QueueName.QUICK.value, connection=redis, serializer=JSONSerializer)
    worker = OutboxWorker(Performer(uow, {}), [queue], redis)
    worker.heartbeat()
    redis.flushall()
    assert get_keys(queue) == set()
    worker.heartbeat()
    assert get_keys(queue) == {worker.key}
    redis.close()


def test_a_killed_worker_takes_its_horse_along(
    database: Database, redis_url: str, tmp_path: Path
) -> None:
    uow, _ = endless_work(database.url)
    with uow() as tx:
        tx.outbox.add("endless", {})
        tx.commit()
    uow.engine.dispose()
    marks = tmp_path / "marks"
    marks.mkdir()
    with storm(f"{__name__}:endless_work", database, redis_url, marks, seed=1) as blowing:
        worker = _wait_for_mark(marks)
        (horse,) = children_of(worker)
        os.kill(worker, signal.SIGKILL)
        deadline = time.monotonic() + 10
        while Path(f"/proc/{horse}").exists():
            assert time.monotonic() < deadline, "the horse lives on"
            time.sleep(0.05)
        assert worker in blowing.living


def _wait_for_mark(marks: Path) -> int:
    deadline = time.monotonic() + 30
    while True:
        for mark in marks.iterdir():
            if mark.name.isdigit():
                return int(mark.name)
        assert time.monotonic() < deadline, "nobody began to work"
        time.sleep(0.05)
