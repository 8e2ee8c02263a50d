"""Reminders: one row for a person, a term and what it says of it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from workflow.domain.reminders import Reminder
from workflow.store import rows
from workflow.store.repositories.base import AT_MOST, Aggregates, chunks, within
from workflow.store.tables.reminders import reminders


class Reminders(Aggregates[Reminder]):
    """Who was reminded of what, and what became of the mail."""

    table = reminders
    value = Reminder

    def add(self, new: Reminder) -> bool:
        """Insert the reminder unless the person has it already; return whether it is new."""
        return rows.insert_if_absent(self.connection, reminders, {**self._row(new), "version": 1})

    def of_obligations(self, obligation_ids: Iterable[UUID]) -> list[Reminder]:
        """Return every reminder of these obligations, the oldest first for each of them."""
        found: list[Reminder] = []
        for some in chunks(list(dict.fromkeys(obligation_ids))):
            query = sa.select(reminders).where(reminders.c.obligation_id.in_(some))
            found += self._read(query.order_by(reminders.c.created_at, reminders.c.id))
        return found

    def of_person(self, person_id: UUID, since: date, *, limit: int = AT_MOST) -> list[Reminder]:
        """Return the person's reminders of terms ending on `since` or later, the newest first."""
        query = sa.select(reminders).where(
            reminders.c.recipient_id == person_id, reminders.c.last_on >= since
        )
        newest = query.order_by(reminders.c.created_at.desc(), reminders.c.id.desc())
        return self._read(newest.limit(limit))

    def _row(self, value: Reminder) -> dict[str, Any]:
        row = super()._row(value)
        row["last_on"] = row.pop("last")
        return row

    def _values(self, found: Sequence[sa.Row[Any]]) -> list[Reminder]:
        return [within(row, Reminder, last=row.last_on) for row in found]
