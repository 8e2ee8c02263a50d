"""Once a day the head of every audit chain goes into the log: a cut tail shows against it.

`marshrut audit verify --anchor` takes the line's `head`.
"""

from __future__ import annotations

from collections.abc import Sequence

import structlog

from queues.handlers import Handler, Result
from workflow.store.audit import read_chains, read_head
from workflow.store.outbox import Task
from workflow.store.unit_of_work import Transaction, UnitOfWork

log = structlog.get_logger("audit")

KIND = "audit.heads"


def ask(tx: Transaction) -> None:
    """Ask for today's heads (UTC), once."""
    tx.outbox.add(KIND, {}, once_key=f"{KIND}:{tx.clock().date().isoformat()}")


def handler(uow: UnitOfWork) -> Handler:
    """Return the handler that logs the heads."""

    def work(tasks: Sequence[Task]) -> Sequence[Result]:
        with uow.reading() as snapshot:
            heads = [read_head(snapshot.connection, c) for c in read_chains(snapshot.connection)]
        for head in heads:
            log.info("audit head", head=str(head))
        return [_nothing] * len(tasks)

    return Handler(work)


def _nothing(tx: Transaction) -> None:
    """The log is the effect."""
