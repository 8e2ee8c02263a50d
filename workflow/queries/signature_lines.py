"""The signatures of a document, as its page lists them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from workflow.domain.documents import Document
from workflow.domain.refusals import Refusal
from workflow.domain.signatures import SignatureStatus
from workflow.queries.waiting import short_names
from workflow.store.unit_of_work import Repositories


@dataclass(frozen=True)
class SignatureLine:
    """One act of signing; `explanation` says why it does not count. Its report has its own page."""

    signature_id: UUID
    who: str
    at: datetime
    status: SignatureStatus
    training: bool
    explanation: Refusal | None


def signature_lines(tx: Repositories, document: Document) -> tuple[SignatureLine, ...]:
    """Return the signatures over the files that are valid now, in the order they came."""
    fixing = document.fixing
    if fixing is None:
        return ()
    found = [s for s in tx.signatures.of_document(document.id) if s.fixing == fixing.sequence]
    names = short_names(tx, {s.person_id for s in found})
    return tuple(
        SignatureLine(s.id, names[s.person_id], s.received_at, s.status, s.training, s.explanation)
        for s in found
    )
