"""What is due is asked for once, however many schedules run and whatever breaks."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
import sqlalchemy as sa
from redis import Redis
from structlog.testing import capture_logs

from queues import audit_heads, schedule
from queues.health import health, schedule_alive_here
from queues.perform import Performer, drain
from queues.relay import Relay
from tests.conftest import AUDIT_KEY, TestClock
from workflow.store.audit import INSTALLATION, ChainHead, Intact, read_events, read_head, verify
from workflow.store.tables.outbox import outbox
from workflow.store.unit_of_work import Transaction, UnitOfWork


def count(uow: UnitOfWork) -> int:
    with uow.reading() as snapshot:
        return snapshot.connection.execute(
            sa.select(sa.func.count()).select_from(outbox)
        ).scalar_one()


def broken(tx: Transaction) -> None:
    raise ZeroDivisionError


def test_two_schedules_that_tick_at_once_ask_once(uow: UnitOfWork) -> None:
    entered = threading.Barrier(2)

    def tick() -> None:
        entered.wait(10)
        for _ in range(5):
            schedule.tick(uow, {"heads": audit_heads.ask})

    threads = [threading.Thread(target=tick) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert count(uow) == 1


def test_the_next_day_is_asked_for_again(uow: UnitOfWork, clock: TestClock) -> None:
    schedule.tick(uow, {"heads": audit_heads.ask})
    clock.advance(timedelta(days=1))
    schedule.tick(uow, {"heads": audit_heads.ask})
    assert count(uow) == 2


def test_a_broken_question_does_not_silence_the_others(uow: UnitOfWork) -> None:
    with capture_logs() as lines:
        schedule.tick(uow, {"broken": broken, "heads": audit_heads.ask})
    assert count(uow) == 1
    assert [(line["due"], line["error"]) for line in lines] == [("broken", "ZeroDivisionError")]


def test_the_daily_line_of_the_log_is_an_anchor(uow: UnitOfWork) -> None:
    with uow() as tx:
        tx.audit.add(INSTALLATION, "key.made", {})
        tx.commit()
    schedule.tick(uow, {"heads": audit_heads.ask})
    with capture_logs() as lines:
        drain(Performer(uow, {audit_heads.KIND: audit_heads.handler(uow)}))
    kept = ChainHead.parse(next(line["head"] for line in lines if line["event"] == "audit head"))
    with uow.reading() as snapshot:
        events = list(read_events(snapshot.connection, INSTALLATION))
        head = read_head(snapshot.connection, INSTALLATION)
    assert isinstance(verify(AUDIT_KEY, INSTALLATION, events, head, [kept]), Intact)


@pytest.fixture
def relay(uow: UnitOfWork, redis_url: str) -> Relay:
    return Relay(uow, Redis.from_url(redis_url), {audit_heads.KIND: audit_heads.handler(uow)})


def test_a_running_schedule_ticks_rings_and_stops(relay: Relay, uow: UnitOfWork) -> None:
    stop = threading.Event()
    asked = threading.Event()

    def ask(tx: Transaction) -> None:
        audit_heads.ask(tx)
        asked.set()

    assert not schedule_alive_here(relay.redis)
    thread = threading.Thread(target=schedule.run, args=(relay, {"heads": ask}, stop))
    thread.start()
    try:
        assert asked.wait(10)
        wait_until_rung(relay)
    finally:
        stop.set()
        thread.join(10)
    assert not thread.is_alive()
    assert schedule_alive_here(relay.redis)
    seen = health(uow, relay.redis)
    assert seen.schedule_alive
    assert set(seen.workers.values()) == {0}
    assert seen.waiting_since == uow.clock()


def wait_until_rung(relay: Relay) -> None:
    for _ in range(200):
        if relay.redis.llen("rq:queue:marshrut-quick") == 1:
            return
        threading.Event().wait(0.05)
    raise AssertionError("the bell was not rung")
