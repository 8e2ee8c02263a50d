"""The outbox: the list of work to be done after a commit; rq is only the bell.

A row is added in the transaction that needs the work. It is *rung* (sent to a worker) as often as
need be, *claimed* by one worker at a time under a token and a lease, and *done* in the same commit
as its effect, `WHERE token = mine`: killed workers and lost bells repeat the work, never
the effect.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Connection

from workflow.ports import Clock, NewId
from workflow.store import rows
from workflow.store.errors import LeaseLostError
from workflow.store.tables.outbox import outbox, still_open

RING_AGAIN_AFTER = timedelta(seconds=60)
"""What is not done so long after its bell is rung again."""

ERROR_LENGTH = 500


@dataclass(frozen=True)
class Task:
    """An outbox row as its handler sees it; `attempt` counts from 1.

    `token` is the claim's: the effect is written only while the row still carries it.
    """

    id: UUID
    kind: str
    payload: Any
    attempt: int
    token: UUID


@dataclass(frozen=True)
class Progress:
    """How far a bulk act is; `total` is `done` + `failed` + what still waits."""

    total: int
    done: int
    failed: int


@dataclass(frozen=True)
class FailedTask:
    """A row that was given up, for the operator's page; it can be rung again."""

    id: UUID
    kind: str
    attempts: int
    failed_at: datetime
    last_error: str


@dataclass(frozen=True)
class WaitingTask:
    """A row whose last attempt failed and that is tried again at `next_at`."""

    id: UUID
    kind: str
    attempts: int
    next_at: datetime
    last_error: str


class Outbox:
    """The outbox inside one write transaction."""

    def __init__(self, connection: Connection, clock: Clock, new_id: NewId) -> None:
        self._connection = connection
        self._clock = clock
        self._new_id = new_id

    def add(
        self,
        kind: str,
        payload: Any,
        *,
        batch_id: UUID | None = None,
        not_before: datetime | None = None,
        once_key: str | None = None,
    ) -> bool:
        """Ask for work of `kind` after this transaction; return False if `once_key` was used.

        `payload` is canonical JSON: ids and hashes, no secrets and no personal data.
        """
        now = self._clock()
        row = {
            "id": self._new_id(),
            "kind": kind,
            "payload": payload,
            "batch_id": batch_id,
            "once_key": once_key,
            "created_at": now,
            "not_before": not_before or now,
            "attempts": 0,
        }
        if once_key is not None:
            return rows.insert_if_absent(self._connection, outbox, row)
        rows.insert(self._connection, outbox, row)
        return True

    def due_to_ring(
        self, kinds: Sequence[str], limit: int, ring_again_after: timedelta
    ) -> list[UUID]:
        """Mark up to `limit` rows as sent now and return their ids; commit before ringing.

        Due is an open row of `kinds` that nobody works on and whose last bell, if any, is older
        than `ring_again_after`. Rows that another relay is looking at are left to it.
        """
        now = self._clock()
        due = unrung(kinds, now, ring_again_after).limit(limit).with_for_update(skip_locked=True)
        ids = list(self._connection.execute(due).scalars())
        self._connection.execute(sa.update(outbox).where(outbox.c.id.in_(ids)).values(sent_at=now))
        return ids

    def not_rung(self, ids: Sequence[UUID]) -> None:
        """Take back that rows were sent: the bell was not there."""
        self._connection.execute(sa.update(outbox).where(outbox.c.id.in_(ids)).values(sent_at=None))

    def claim(self, row_id: UUID, lease: timedelta, batch: int = 1) -> list[Task]:
        """Take row `row_id` and up to `batch` - 1 further due rows of its kind under one token.

        Empty if the row is done, failed, not due yet or leased by somebody else.
        """
        first = self._take([row_id], lease)
        if not first or batch == 1:
            return first
        others = (
            sa.select(outbox.c.id)
            .where(_claimable(self._clock()), outbox.c.kind == first[0].kind)
            .order_by(outbox.c.not_before, outbox.c.id)
            .limit(batch - 1)
            .with_for_update(skip_locked=True)
        )
        ids = list(self._connection.execute(others).scalars())
        return first + self._take(ids, lease, token=first[0].token)

    def next_due(self, kinds: Sequence[str]) -> UUID | None:
        """Return the claimable row of `kinds` that waits longest."""
        query = (
            sa.select(outbox.c.id)
            .where(_claimable(self._clock()), outbox.c.kind.in_(kinds))
            .order_by(outbox.c.not_before, outbox.c.id)
            .limit(1)
        )
        return self._connection.execute(query).scalar_one_or_none()

    def kind_of(self, row_id: UUID) -> str | None:
        """Return the kind of a row, None if there is no such row."""
        query = sa.select(outbox.c.kind).where(outbox.c.id == row_id)
        return self._connection.execute(query).scalar_one_or_none()

    def finish(self, task: Task) -> None:
        """Mark the task done; raise LeaseLostError if the row is no longer ours."""
        self._close(task, done_at=self._clock(), last_error=None)

    def retry(self, task: Task, error: str, delay: timedelta) -> None:
        """Give the row back, to be tried again after `delay`."""
        again = {"not_before": self._clock() + delay, "sent_at": None}
        self._close(task, last_error=error[:ERROR_LENGTH], **again)

    def give_up(self, task: Task, error: str) -> None:
        """Mark the task failed: it stays visible with its reason until somebody rings again."""
        self._close(task, failed_at=self._clock(), last_error=error[:ERROR_LENGTH])

    def ring_again(self, row_id: UUID) -> bool:
        """Open a failed row anew, as if it had never been tried; False if it has not failed."""
        result = self._connection.execute(
            sa.update(outbox)
            .where(outbox.c.id == row_id, outbox.c.failed_at.is_not(None))
            .values(failed_at=None, sent_at=None, attempts=0, not_before=self._clock())
        )
        return result.rowcount == 1

    def _take(self, ids: Sequence[UUID], lease: timedelta, token: UUID | None = None) -> list[Task]:
        token = token or self._new_id()
        taken = self._connection.execute(
            sa.update(outbox)
            .where(outbox.c.id.in_(ids), _claimable(self._clock()))
            .values(
                token=token,
                lease_until=self._clock() + lease,
                attempts=outbox.c.attempts + 1,
            )
            .returning(outbox.c.id, outbox.c.kind, outbox.c.payload, outbox.c.attempts)
        ).all()
        return [Task(row.id, row.kind, row.payload, row.attempts, token) for row in sorted(taken)]

    def _close(self, task: Task, **values: Any) -> None:
        result = self._connection.execute(
            sa.update(outbox)
            .where(outbox.c.id == task.id, outbox.c.token == task.token, still_open)
            .values(token=None, lease_until=None, **values)
        )
        if result.rowcount != 1:
            raise LeaseLostError(f"outbox row {task.id} belongs to somebody else now")


def unrung(kinds: Sequence[str], now: datetime, ring_again_after: timedelta) -> sa.Select[UUID]:
    """Return the query for rows whose bell is due, the longest waiting first."""
    return (
        sa.select(outbox.c.id)
        .where(
            _claimable(now),
            outbox.c.kind.in_(kinds),
            sa.or_(outbox.c.sent_at.is_(None), outbox.c.sent_at < now - ring_again_after),
        )
        .order_by(outbox.c.not_before, outbox.c.id)
    )


def _claimable(now: datetime) -> sa.ColumnElement[bool]:
    free = sa.or_(outbox.c.lease_until.is_(None), outbox.c.lease_until < now)
    return sa.and_(still_open, outbox.c.not_before <= now, free)


def progress(connection: Connection, batch_id: UUID) -> Progress:
    """Count the rows of a bulk act."""
    query = sa.select(
        sa.func.count(),
        sa.func.count(outbox.c.done_at),
        sa.func.count(outbox.c.failed_at),
    ).where(outbox.c.batch_id == batch_id)
    return Progress(*connection.execute(query).one())


def failed_tasks(connection: Connection, limit: int = 100) -> list[FailedTask]:
    """Return what was given up, the latest first."""
    query = (
        sa.select(
            outbox.c.id, outbox.c.kind, outbox.c.attempts, outbox.c.failed_at, outbox.c.last_error
        )
        .where(outbox.c.failed_at.is_not(None))
        .order_by(outbox.c.failed_at.desc())
        .limit(limit)
    )
    return [FailedTask(*row) for row in connection.execute(query)]


def waiting_tasks(
    connection: Connection, kinds: Sequence[str], limit: int = 100
) -> list[WaitingTask]:
    """Return open rows of these kinds whose last attempt failed, the next to be tried first."""
    query = (
        sa.select(
            outbox.c.id, outbox.c.kind, outbox.c.attempts, outbox.c.not_before, outbox.c.last_error
        )
        .where(still_open, outbox.c.kind.in_(kinds), outbox.c.last_error.is_not(None))
        .order_by(outbox.c.not_before)
        .limit(limit)
    )
    return [WaitingTask(*row) for row in connection.execute(query)]


def oldest_open(connection: Connection) -> datetime | None:
    """Return since when the longest waiting due row waits (health: minutes mean no worker)."""
    query = sa.select(sa.func.min(outbox.c.not_before)).where(still_open)
    moment: datetime | None = connection.execute(query).scalar()
    return moment
