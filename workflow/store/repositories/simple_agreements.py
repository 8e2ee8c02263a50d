"""Agreements on simple electronic signatures."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

import sqlalchemy as sa

from workflow.domain.simple_signatures import SimpleAgreement
from workflow.store.repositories.base import Aggregates, Page, chunks
from workflow.store.tables.simple_agreements import simple_agreements


class SimpleAgreements(Aggregates[SimpleAgreement]):
    """What people have agreed to on paper; nothing is ever removed."""

    table = simple_agreements
    value = SimpleAgreement

    def of_person(self, person_id: UUID) -> list[SimpleAgreement]:
        """Return the person's agreements with every organisation, ended ones too."""
        return self.of_people([person_id])

    def of_people(self, person_ids: Iterable[UUID]) -> list[SimpleAgreement]:
        """Return the agreements of these people in the order in which they were entered."""
        found: list[SimpleAgreement] = []
        for some in chunks(list(dict.fromkeys(person_ids))):
            query = sa.select(simple_agreements).where(simple_agreements.c.person_id.in_(some))
            found += self._read(query.order_by(simple_agreements.c.id))
        return found

    def page_of(
        self, organisation_id: UUID, *, limit: int = 50, before: UUID | None = None
    ) -> Page[SimpleAgreement]:
        """Return the organisation's agreements, the newest first."""
        return self._page(
            simple_agreements.c.organisation_id == organisation_id, limit=limit, before=before
        )
