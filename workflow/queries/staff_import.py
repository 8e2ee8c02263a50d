"""An uploaded file of workers as its page shows it: what is new, changed, unchanged, wrong."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from workflow.domain.mandates import Actor
from workflow.domain.staff_import_plan import Fate, PlannedRow
from workflow.domain.staff_imports import StaffImport
from workflow.usecases.import_staff import digest_of, planned_rows, sheet_of
from workflow.usecases.services import Services
from workflow.usecases.staff_desk import missing_is_not_found, staff_reading


@dataclass(frozen=True)
class ImportPage:
    """A file and what it would do; no rows once it was written or forgotten.

    `unread` are headings of columns that nobody reads, `digest` says what was looked at.
    """

    uploaded: StaffImport
    organisation: str
    rows: tuple[PlannedRow, ...]
    unread: tuple[str, ...]
    counts: Mapping[Fate, int]
    digest: str


def import_page(services: Services, actor: Actor, import_id: UUID) -> ImportPage:
    """Return the page; NotFoundError for other eyes and for what is not there."""
    with services.uow.reading() as tx, missing_is_not_found():
        place = tx.staff_imports.load(import_id).organisation_id
    with staff_reading(services, actor, place) as (tx, desk):
        uploaded = tx.staff_imports.load(import_id)
        kept = uploaded.content is not None
        rows = planned_rows(tx, services, desk.organisation, uploaded) if kept else ()
    fates = [row.fate for row in rows]
    return ImportPage(
        uploaded=uploaded,
        organisation=desk.organisation.short_name,
        rows=rows,
        unread=sheet_of(uploaded).unread if kept else (),
        counts={fate: fates.count(fate) for fate in Fate},
        digest=digest_of(rows),
    )


@dataclass(frozen=True)
class ImportPlace:
    """The organisation into which a file is taken."""

    id: UUID
    name: str


def import_place(services: Services, actor: Actor, organisation_id: UUID) -> ImportPlace:
    """Return the organisation; NotFoundError for whoever does not keep its workers."""
    with staff_reading(services, actor, organisation_id) as (_tx, desk):
        return ImportPlace(organisation_id, desk.organisation.short_name)
