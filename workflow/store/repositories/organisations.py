"""Organisations with their names."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, fields
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from workflow.domain.organisations import Organisation, OrganisationName, Requisites
from workflow.store import rows
from workflow.store.repositories.base import AT_MOST, Aggregates, Page, children, within
from workflow.store.tables.organisations import organisation_names, organisations


class Organisations(Aggregates[Organisation]):
    """All organisations of the installation."""

    table = organisations
    value = Organisation

    def page(self, *, limit: int = 50, before: UUID | None = None) -> Page[Organisation]:
        """Return all organisations, those entered last first."""
        return self._page(limit=limit, before=before)

    def reporting_to(self, office_id: UUID, *, limit: int = AT_MOST) -> list[Organisation]:
        """Return the organisations whose office this is, in the order they were entered."""
        query = sa.select(organisations).where(organisations.c.office_id == office_id)
        return self._read(query.order_by(organisations.c.id).limit(limit))

    def founded_by(self, founder_id: UUID, *, limit: int = AT_MOST) -> list[Organisation]:
        """Return the organisations with this founder, in the order they were entered."""
        query = sa.select(organisations).where(organisations.c.founder_id == founder_id)
        return self._read(query.order_by(organisations.c.id).limit(limit))

    def _row(self, value: Organisation) -> dict[str, Any]:
        row = super()._row(value)
        del row["names"], row["requisites"]
        return {**row, **asdict(value.requisites)}

    def _values(self, found: Sequence[sa.Row[Any]]) -> list[Organisation]:
        ids = [row.id for row in found]
        names = children(self.connection, organisation_names, "organisation_id", ids)
        return [
            within(
                row,
                Organisation,
                names=tuple(within(name, OrganisationName) for name in names[row.id]),
                requisites=within(row, Requisites),
            )
            for row in found
        ]

    def _save_children(self, new: Organisation, loaded: Organisation | None) -> None:
        before = _names(loaded) if loaded else []
        rows.replace_children(self.connection, organisation_names, after=_names(new), before=before)


def _names(organisation: Organisation) -> list[dict[str, Any]]:
    names = [f.name for f in fields(OrganisationName)]
    return [
        {
            "organisation_id": organisation.id,
            "position": position,
            **{field: getattr(name, field) for field in names},
        }
        for position, name in enumerate(organisation.names)
    ]
