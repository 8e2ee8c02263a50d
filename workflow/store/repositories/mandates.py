"""Mandates. They are recorded and withdrawn, never rewritten."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import fields
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Connection

from workflow.domain.mandates import Mandate
from workflow.store import rows
from workflow.store.errors import MissingRowError, StaleError
from workflow.store.repositories.base import HistoryError, chunks, within
from workflow.store.tables.people import mandates

_CHANGEABLE = frozenset({"until", "withdrawn_at", "confirmed_by"})


class Mandates:
    """Roles held from–to; what was known when stays known."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection

    def load(self, mandate_id: UUID) -> Mandate:
        """Return the mandate; raise MissingRowError when there is none."""
        return self.load_many([mandate_id])[mandate_id]

    def load_many(self, mandate_ids: Iterable[UUID]) -> dict[UUID, Mandate]:
        """Return the mandates by id; raise MissingRowError when one is not there."""
        wanted = list(dict.fromkeys(mandate_ids))
        found = {m.id: m for m in self._where(mandates.c.id, wanted)}
        missing = [identity for identity in wanted if identity not in found]
        if missing:
            raise MissingRowError(f"there is no row {missing[0]} in {mandates.name}")
        return {identity: found[identity] for identity in wanted}

    def save(self, new: Mandate, loaded: Mandate | None = None) -> Mandate:
        """Record `new`, or write its end, withdrawal or confirmation.

        Raises HistoryError for any other change, StaleError when one of these is no longer as it
        was loaded.
        """
        if loaded is None:
            rows.insert(self.connection, mandates, _row(new))
            return new
        before, after = _row(loaded), _row(new)
        changed = {name: after[name] for name in after if after[name] != before[name]}
        if not changed.keys() <= _CHANGEABLE:
            raise HistoryError(f"{', '.join(sorted(changed))} of a mandate would be changed")
        if changed:
            self._update(new.id, changed, before)
        return new

    def of_person(self, person_id: UUID) -> list[Mandate]:
        """Return every mandate of the person, the oldest first."""
        return self._where(mandates.c.person_id, [person_id])

    def of_organisation(self, organisation_id: UUID) -> list[Mandate]:
        """Return every mandate in the organisation, the oldest first."""
        return self._where(mandates.c.organisation_id, [organisation_id])

    def of_organisations(self, organisation_ids: Iterable[UUID]) -> list[Mandate]:
        """Return every mandate in these organisations, the oldest first in each."""
        return self._where(mandates.c.organisation_id, list(dict.fromkeys(organisation_ids)))

    def _update(self, mandate_id: UUID, changed: dict[str, Any], before: dict[str, Any]) -> None:
        # A mandate has no version: what is changed must still be as it was loaded.
        unchanged = [
            mandates.c[name].is_(None) if before[name] is None else mandates.c[name] == before[name]
            for name in _CHANGEABLE
        ]
        result = self.connection.execute(
            sa.update(mandates).where(mandates.c.id == mandate_id, *unchanged).values(changed)
        )
        if result.rowcount != 1:
            raise StaleError(f"{mandates.name} {mandate_id} was changed after it had been loaded")

    def _where(self, column: sa.Column[Any], values: Sequence[UUID]) -> list[Mandate]:
        found: list[Mandate] = []
        for some in chunks(values):
            query = sa.select(mandates).where(column.in_(some))
            ordered = query.order_by(mandates.c.since, mandates.c.id)
            found += [within(row, Mandate) for row in self.connection.execute(ordered)]
        return found


def _row(mandate: Mandate) -> dict[str, Any]:
    return {field.name: getattr(mandate, field.name) for field in fields(mandate)}
