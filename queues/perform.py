"""Doing what the outbox lists: claim, work outside any transaction, write effect and end together.

Workers and `drain` (the demonstration, tests) run the same code.
"""

from __future__ import annotations

import traceback
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

import structlog

from queues.errors import FinalError, QueueError
from queues.handlers import Handler, Handlers, Result, delay_before
from workflow.store.errors import LeaseLostError
from workflow.store.outbox import Task
from workflow.store.unit_of_work import UnitOfWork

log = structlog.get_logger("queues")


@dataclass(frozen=True)
class Performer:
    """Performs outbox rows. Opens no database connection before the first row."""

    uow: UnitOfWork
    handlers: Handlers

    def perform(self, row_id: UUID) -> int:
        """Claim the row (and more of its kind, if its handler takes batches) and do it.

        Returns how many tasks were done. Nothing happens if the row is done, failed, put off or
        leased by another worker. Failures are written to the rows, never raised.
        """
        kind, tasks = self._claim(row_id)
        if not tasks:
            return 0
        handler = self.handlers[kind]
        results = _results(handler, tasks)
        pairs = zip(tasks, results, strict=True)
        return sum(self._close(handler, task, result) for task, result in pairs)

    def _claim(self, row_id: UUID) -> tuple[str, list[Task]]:
        with self.uow() as tx:
            kind = tx.outbox.kind_of(row_id)
            handler = self.handlers.get(kind or "")
            if kind is None or handler is None:
                log.warning("outbox row has no handler", row=str(row_id), kind=kind)
                return "", []
            tasks = tx.outbox.claim(row_id, handler.lease, handler.batch)
            for task in tasks:
                if task.attempt > handler.attempts:
                    tx.outbox.give_up(task, "every worker that tried it was stopped or died")
            tx.commit()
        return kind, [task for task in tasks if task.attempt <= handler.attempts]

    def _close(self, handler: Handler, task: Task, result: Result) -> bool:
        if isinstance(result, Exception):
            self._fail(handler, task, result)
            return False
        try:
            with self.uow() as tx:
                tx.outbox.finish(task)
                result(tx)
                tx.commit()
        except LeaseLostError:
            log.warning("lease was lost, effect was not written", row=str(task.id), kind=task.kind)
            return False
        # Whatever stops the effect, the row must say so and be tried again: this is the edge.
        except Exception as error:
            self._fail(handler, task, error)
            return False
        return True

    def _fail(self, handler: Handler, task: Task, error: Exception) -> None:
        final = isinstance(error, FinalError) or task.attempt >= handler.attempts
        log.warning(
            "task failed",
            row=str(task.id),
            kind=task.kind,
            attempt=task.attempt,
            final=final,
            error=type(error).__name__,
            code=getattr(error, "code", None),
            # Places only: the message of an error may hold personal data.
            places=traceback.format_tb(error.__traceback__)[-4:],
        )
        try:
            with self.uow() as tx:
                if final:
                    tx.outbox.give_up(task, described(error))
                else:
                    tx.outbox.retry(task, described(error), delay_before(task.attempt))
                tx.commit()
        except LeaseLostError:
            log.warning("lease was lost, failure was not written", row=str(task.id), kind=task.kind)


def drain(performer: Performer) -> int:
    """Perform everything that is due, and what comes of it, in this process; return how much.

    What failed and waits for its next attempt, or was given up, stays in the outbox.
    """
    kinds = list(performer.handlers)
    done = 0
    while True:
        with performer.uow() as tx:
            row_id = tx.outbox.next_due(kinds)
        if row_id is None:
            return done
        done += performer.perform(row_id)


def described(error: Exception) -> str:
    """Return the reason that the operator reads beside a failed task."""
    if isinstance(error, FinalError):
        return error.reason
    return f"{getattr(error, 'code', type(error).__name__)}: {error}"


def _results(handler: Handler, tasks: Sequence[Task]) -> Sequence[Result]:
    try:
        results = handler.work(tasks)
    # A handler's error of any kind is the result of its tasks: written down, tried again.
    except Exception as error:
        return [error] * len(tasks)
    if len(results) != len(tasks):
        return [QueueError("the handler returned too few or too many results")] * len(tasks)
    return results
