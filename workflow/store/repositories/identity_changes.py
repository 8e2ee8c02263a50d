"""Changes of names and identifiers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from workflow.domain.identity_changes import Identity, IdentityChange, IdentityDecision
from workflow.store.repositories.base import AT_MOST, Aggregates, chunks, within
from workflow.store.tables.identity_changes import identity_changes


class IdentityChanges(Aggregates[IdentityChange]):
    """Proposals with what became of them; nothing is removed."""

    table = identity_changes
    value = IdentityChange

    def of_person(self, person_id: UUID) -> list[IdentityChange]:
        """Return everything that was proposed for the person, the oldest first."""
        return self._some(identity_changes.c.person_id == person_id)

    def pending(self, organisation_ids: Iterable[UUID]) -> list[IdentityChange]:
        """Return what waits for a decision in these organisations, the oldest first."""
        found: list[IdentityChange] = []
        for some in chunks(list(dict.fromkeys(organisation_ids))):
            found += self._some(
                identity_changes.c.organisation_id.in_(some),
                identity_changes.c.decision == IdentityDecision.PENDING,
            )
        return found

    def _some(self, *where: sa.ColumnElement[bool]) -> list[IdentityChange]:
        query = sa.select(identity_changes).where(*where)
        return self._read(query.order_by(identity_changes.c.id).limit(AT_MOST))

    def _row(self, value: IdentityChange) -> dict[str, Any]:
        row = super()._row(value)
        return {**row, "before": asdict(value.before), "after": asdict(value.after)}

    def _values(self, found: Sequence[sa.Row[Any]]) -> list[IdentityChange]:
        return [
            within(row, IdentityChange, before=Identity(**row.before), after=Identity(**row.after))
            for row in found
        ]
