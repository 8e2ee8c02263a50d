"""Uploaded files with workers."""

from __future__ import annotations

from uuid import UUID

import sqlalchemy as sa

from workflow.domain.staff_imports import StaffImport
from workflow.store.repositories.base import Aggregates
from workflow.store.tables.staff_imports import staff_imports


class StaffImports(Aggregates[StaffImport]):
    """Imports of an organisation; files are kept only until they are decided."""

    table = staff_imports
    value = StaffImport

    def undecided(self, organisation_id: UUID) -> list[StaffImport]:
        """Return the imports of the organisation whose files are still kept."""
        query = sa.select(staff_imports).where(
            staff_imports.c.organisation_id == organisation_id,
            staff_imports.c.content.is_not(None),
        )
        return self._read(query.order_by(staff_imports.c.id))
