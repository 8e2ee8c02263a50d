"""The relay rings for what is due, rings again what was lost, and never floods the queue."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

import pytest
from redis import Redis
from redis.exceptions import ConnectionError as RedisAwayError
from rq import Queue
from rq.serializers import JSONSerializer

from queues.handlers import Handler, Handlers, Result
from queues.names import QueueName
from queues.perform import Performer
from queues.relay import Relay
from tests.conftest import TestClock
from workflow.store.outbox import RING_AGAIN_AFTER, Task
from workflow.store.unit_of_work import Transaction, UnitOfWork


def nothing(tx: Transaction) -> None:
    """An effect that writes nothing."""


def work(tasks: Sequence[Task]) -> Sequence[Result]:
    return [nothing] * len(tasks)


HANDLERS: Handlers = {
    "quick": Handler(work, QueueName.QUICK, lease=timedelta(seconds=100)),
    "slow": Handler(work, QueueName.SLOW),
}


@pytest.fixture
def relay(uow: UnitOfWork, redis_url: str) -> Relay:
    return Relay(uow, Redis.from_url(redis_url), HANDLERS)


def ask(uow: UnitOfWork, count: int, kind: str = "quick") -> None:
    with uow() as tx:
        for number in range(count):
            tx.outbox.add(kind, {"number": number})
        tx.commit()


def queue(relay: Relay, name: QueueName = QueueName.QUICK) -> Queue:
    return Queue(name.value, connection=relay.redis, serializer=JSONSerializer)


def pretend_workers(relay: Relay, count: int) -> None:
    """Enter living workers as rq keeps them: a key, and its name in the queue's set."""
    for number in range(count):
        relay.redis.hset(f"rq:worker:{number}", "state", "idle")
        relay.redis.sadd(f"rq:workers:{QueueName.QUICK.value}", f"rq:worker:{number}")


def test_nothing_due_rings_nothing(relay: Relay) -> None:
    assert relay.ring() == 0


def test_a_bell_names_the_row_and_nothing_else(relay: Relay, uow: UnitOfWork) -> None:
    ask(uow, 1)
    with uow() as tx:
        row = tx.outbox.next_due(["quick"])
    assert relay.ring() == 1
    (job,) = queue(relay).jobs
    assert job.func_name == "queues.jobs.perform"
    assert job.args == [str(row)]
    assert job.kwargs == {}
    assert job.timeout == 90


def test_each_kind_rings_in_its_own_queue(relay: Relay, uow: UnitOfWork) -> None:
    ask(uow, 1, "slow")
    relay.ring()
    assert (queue(relay, QueueName.QUICK).count, queue(relay, QueueName.SLOW).count) == (0, 1)


def test_a_rung_row_is_not_rung_again_at_once(relay: Relay, uow: UnitOfWork) -> None:
    ask(uow, 1)
    assert [relay.ring(), relay.ring()] == [1, 0]


def test_a_lost_bell_is_rung_again_after_a_minute(
    relay: Relay, uow: UnitOfWork, clock: TestClock
) -> None:
    ask(uow, 1)
    relay.ring()
    relay.redis.flushall()
    clock.advance(RING_AGAIN_AFTER)
    assert relay.ring() == 0
    clock.advance(timedelta(seconds=1))
    assert relay.ring() == 1


def test_a_row_that_is_being_worked_on_is_not_rung(
    relay: Relay, uow: UnitOfWork, clock: TestClock
) -> None:
    ask(uow, 1)
    relay.ring()
    (job,) = queue(relay).jobs
    with uow() as tx:
        tx.outbox.claim(UUID(job.args[0]), lease=timedelta(minutes=5))
        tx.commit()
    relay.redis.flushall()
    clock.advance(timedelta(minutes=2))
    assert relay.ring() == 0
    clock.advance(timedelta(minutes=4))
    assert relay.ring() == 1


def test_a_done_row_is_not_rung(relay: Relay, uow: UnitOfWork, clock: TestClock) -> None:
    ask(uow, 1)
    relay.ring()
    (job,) = queue(relay).jobs
    Performer(uow, HANDLERS).perform(UUID(job.args[0]))
    clock.advance(timedelta(hours=1))
    assert relay.ring() == 0


@pytest.mark.parametrize(("workers", "deep"), [(0, 2), (1, 2), (5, 10)])
def test_the_queue_is_at_most_twice_the_workers_deep(
    relay: Relay, uow: UnitOfWork, workers: int, deep: int
) -> None:
    pretend_workers(relay, workers)
    ask(uow, 30)
    relay.ring()
    relay.ring()
    assert queue(relay).count == deep


def test_a_dead_worker_does_not_count(relay: Relay, uow: UnitOfWork) -> None:
    pretend_workers(relay, 5)
    for number in range(1, 5):
        relay.redis.delete(f"rq:worker:{number}")
    ask(uow, 30)
    relay.ring()
    assert queue(relay).count == 2


def test_a_redis_that_is_away_does_not_cost_a_minute(uow: UnitOfWork, redis_url: str) -> None:
    class CutOff(Relay):
        def _enqueue(self, queue: Queue, row_id: UUID, kind: str) -> None:
            raise RedisAwayError

    ask(uow, 2)
    with pytest.raises(RedisAwayError):
        CutOff(uow, Redis.from_url(redis_url), HANDLERS).ring()
    assert Relay(uow, Redis.from_url(redis_url), HANDLERS).ring() == 2


def test_two_relays_at_once_ring_each_row_once(relay: Relay, uow: UnitOfWork) -> None:
    pretend_workers(relay, 50)
    ask(uow, 60)
    entered = threading.Barrier(2)
    rung: list[int] = []

    def ring() -> None:
        entered.wait(10)
        rung.append(sum(relay.ring() for _ in range(5)))

    threads = [threading.Thread(target=ring) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    rows = [job.args[0] for job in queue(relay).jobs]
    assert sum(rung) == len(rows) == len(set(rows)) == 60
