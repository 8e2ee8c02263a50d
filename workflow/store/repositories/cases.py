"""Cases."""

from __future__ import annotations

from uuid import UUID

from workflow.domain.cases import Case
from workflow.store.repositories.base import Aggregates, Page
from workflow.store.tables.cases import cases


class Cases(Aggregates[Case]):
    """Programmes of organisations, mentor pairs."""

    table = cases
    value = Case

    def of_organisation(
        self,
        organisation_id: UUID,
        *,
        kind: str | None = None,
        school_year: str | None = None,
        only_open: bool = False,
        limit: int = 50,
        before: UUID | None = None,
    ) -> Page[Case]:
        """Return the organisation's cases, the newest first."""
        where = [cases.c.organisation_id == organisation_id]
        if kind is not None:
            where.append(cases.c.kind == kind)
        if school_year is not None:
            where.append(cases.c.school_year == school_year)
        if only_open:
            where.append(cases.c.closed_at.is_(None))
        return self._page(*where, limit=limit, before=before)
