"""The installation itself, overrides of its calendar, the pack versions it has used."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Connection

from workflow.domain.installation import CalendarOverride, Installation, PackVersion
from workflow.store import rows
from workflow.store.errors import MissingRowError
from workflow.store.repositories.base import AT_MOST, Aggregates, within
from workflow.store.tables.installation import calendar_overrides, installation, pack_versions


class Installations(Aggregates[Installation]):
    """The one row; a second one is refused by the database."""

    table = installation
    value = Installation

    def find(self) -> Installation | None:
        """Return what this database is, None before `marshrut init` or `marshrut up`."""
        return self._first(sa.select(installation))

    def _row(self, value: Installation) -> dict[str, Any]:
        return {**super()._row(value), "the_only": True}


class CalendarOverrides(Aggregates[CalendarOverride]):
    """Days that differ from the production calendar."""

    table = calendar_overrides
    value = CalendarOverride

    def of_region(self, region: str) -> list[CalendarOverride]:
        """Return the days of a region alone ("" is the country), in their order."""
        c = calendar_overrides.c
        return self._some(c.region == region, c.organisation_id.is_(None))

    def of_organisation(self, organisation_id: UUID) -> list[CalendarOverride]:
        """Return the days of an organisation alone, in their order."""
        return self._some(calendar_overrides.c.organisation_id == organisation_id)

    def of_many(
        self, regions: Iterable[str], organisation_ids: Iterable[UUID]
    ) -> list[CalendarOverride]:
        """Return the days of these regions alone and of these organisations, in their order."""
        c = calendar_overrides.c
        of_regions = sa.and_(c.organisation_id.is_(None), c.region.in_(list(regions)))
        return self._some(sa.or_(of_regions, c.organisation_id.in_(list(organisation_ids))))

    def all(self) -> list[CalendarOverride]:
        """Return every day that was entered, in their order."""
        return self._some()

    def remove(self, override: CalendarOverride) -> None:
        """Take an override back; raise MissingRowError when it is not there any more."""
        c = calendar_overrides.c
        result = self.connection.execute(
            sa.delete(calendar_overrides).where(c.id == override.id, c.version == override.version)
        )
        if result.rowcount != 1:
            raise MissingRowError(f"there is no row {override.id} in {calendar_overrides.name}")

    def _some(self, *where: sa.ColumnElement[bool]) -> list[CalendarOverride]:
        query = sa.select(calendar_overrides).where(*where)
        return self._read(query.order_by(calendar_overrides.c.day).limit(10 * AT_MOST))


class PackVersions:
    """The sources of packs as they were when first used; never changed."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection

    def add(self, pack: PackVersion) -> bool:
        """Remember a version; False if it was known already."""
        row = {**asdict(pack), "sources": dict(pack.sources)}
        return rows.insert_if_absent(self.connection, pack_versions, row)

    def find(self, name: str, version: str) -> PackVersion | None:
        """Return the sources of a version."""
        query = sa.select(pack_versions).where(
            pack_versions.c.name == name, pack_versions.c.version == version
        )
        row = self.connection.execute(query).one_or_none()
        return None if row is None else within(row, PackVersion)
