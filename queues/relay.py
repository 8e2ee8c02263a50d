"""The relay: rings rq's bell for what the outbox lists.

Two relays at once do no harm: they skip each other's rows, and a row that is rung twice is claimed
once.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

import structlog
from redis import Redis
from redis.exceptions import RedisError
from rq import Queue
from rq.serializers import JSONSerializer
from rq.worker_registration import clean_worker_registry, get_keys

from queues.handlers import Handlers
from queues.jobs import PERFORM
from queues.names import QueueName
from workflow.store.outbox import RING_AGAIN_AFTER, unrung
from workflow.store.unit_of_work import UnitOfWork

log = structlog.get_logger("queues")

# A bell that nobody heard is worth nothing after a while: the row will be rung again.
_BELL_SECONDS = 600


@dataclass(frozen=True)
class Relay:
    """Rings for one installation; `ring` is called several times a second."""

    uow: UnitOfWork
    redis: Redis
    handlers: Handlers
    ring_again_after: timedelta = RING_AGAIN_AFTER

    def ring(self) -> int:
        """Send what is due to the workers; return how many bells were rung.

        Never more than twice as many wait in a queue as it has workers: the list stays in the
        database, where a lost Redis cannot lose it. Raises RedisError when the server is away.
        """
        return sum(self._ring_queue(name) for name in QueueName)

    def _ring_queue(self, name: QueueName) -> int:
        kinds = [kind for kind, handler in self.handlers.items() if handler.queue == name]
        if not kinds or not self._anything_due(kinds):
            return 0
        queue = Queue(name.value, connection=self.redis, serializer=JSONSerializer)
        room = 2 * workers_of(queue) - queue.count
        if room <= 0:
            return 0
        with self.uow() as tx:
            ids = tx.outbox.due_to_ring(kinds, room, self.ring_again_after)
            kind_by_id = {row_id: tx.outbox.kind_of(row_id) for row_id in ids}
            tx.commit()
        for position, row_id in enumerate(ids):
            try:
                self._enqueue(queue, row_id, kind_by_id[row_id] or "")
            except RedisError:
                self._take_back(ids[position:])
                raise
        return len(ids)

    def _anything_due(self, kinds: Sequence[str]) -> bool:
        query = unrung(kinds, self.uow.clock(), self.ring_again_after).limit(1)
        with self.uow.reading() as snapshot:
            return snapshot.connection.execute(query).first() is not None

    def _enqueue(self, queue: Queue, row_id: UUID, kind: str) -> None:
        queue.enqueue_call(
            PERFORM,
            args=(str(row_id),),
            timeout=self.handlers[kind].time_limit,
            ttl=_BELL_SECONDS,
            result_ttl=0,
            failure_ttl=_BELL_SECONDS,
        )

    def _take_back(self, ids: Sequence[UUID]) -> None:
        with self.uow() as tx:
            tx.outbox.not_rung(ids)
            tx.commit()


def workers_of(queue: Queue) -> int:
    """Return how many living workers watch `queue`, at least 1."""
    clean_worker_registry(queue)
    return max(1, len(get_keys(queue)))
