"""The one rq job: perform an outbox row."""

from __future__ import annotations

from contextvars import ContextVar
from uuid import UUID

from queues.perform import Performer

PERFORM = "queues.jobs.perform"
"""The name under which the relay enqueues and a worker accepts it."""

performer_of_this_worker: ContextVar[Performer] = ContextVar("performer_of_this_worker")
"""Set by the worker in each work-horse; the entrance gave it to the worker before forking."""


def perform(outbox_id: str) -> None:
    """Perform the row; called by rq in a work-horse."""
    performer_of_this_worker.get().perform(UUID(outbox_id))
