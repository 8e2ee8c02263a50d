"""Papers that come into force are cited by orders which are still being written."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from workflow.domain.routes import DocumentState
from workflow.store.unit_of_work import Transaction

KIND = "refresh_order"
_BEING_WRITTEN = (DocumentState.DRAFT, DocumentState.REWORK)


def ask(tx: Transaction, case_ids: Collection[UUID], but: UUID) -> None:
    """Have the drafts of these pairs take their rows anew (all but the document `but`).

    It is a job of its own: such a draft serves other pairs, too, which are not locked here.
    """
    headings = tx.documents.headings_of_cases(list(case_ids))
    for document_id in {
        heading.id
        for found in headings.values()
        for heading in found
        if heading.state in _BEING_WRITTEN and heading.id != but
    }:
        tx.outbox.add(KIND, {"document": str(document_id)})
