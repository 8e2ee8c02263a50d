"""The schedule: what is due lives in SQL, a tick only asks.

A `Due` is a function that asks, in one write transaction, what has come due, and adds outbox rows
(with a `once_key`) or writes states. It is idempotent, so two schedules at once do no harm, and a
tick that was missed is made up by the next one.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from threading import Event

import structlog
from redis.exceptions import RedisError
from sqlalchemy.exc import OperationalError

from queues.health import beat
from queues.relay import Relay
from workflow.store.errors import StoreError
from workflow.store.unit_of_work import Transaction, UnitOfWork

log = structlog.get_logger("queues")

Due = Callable[[Transaction], None]

TICK_SECONDS = 30.0
RELAY_SECONDS = 0.3
_PAUSE_AFTER_ERROR_SECONDS = 2.0


def tick(uow: UnitOfWork, due: Mapping[str, Due]) -> None:
    """Ask every function of `due` once, each in its own transaction."""
    for name, ask in due.items():
        try:
            with uow() as tx:
                ask(tx)
                tx.commit()
        # One broken question must not silence the others (deadlines, re-checks of signatures).
        except Exception as error:
            log.error("a question of the schedule failed", due=name, error=type(error).__name__)


def run(
    relay: Relay, due: Mapping[str, Due], stop: Event, tick_seconds: float = TICK_SECONDS
) -> None:
    """Relay and tick until `stop` is set; a database or Redis that is away is waited for."""
    next_tick = time.monotonic()
    while not stop.is_set():
        try:
            if time.monotonic() >= next_tick:
                next_tick = time.monotonic() + tick_seconds
                tick(relay.uow, due)
                beat(relay.redis)
            rung = relay.ring()
        except (RedisError, OperationalError, StoreError) as error:
            log.warning("the relay waits", error=type(error).__name__)
            stop.wait(_PAUSE_AFTER_ERROR_SECONDS)
        else:
            stop.wait(0 if rung else RELAY_SECONDS)
