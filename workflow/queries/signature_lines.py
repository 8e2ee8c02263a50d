"""The signatures of a document, as its page lists them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from workflow.domain.documents import Document
from workflow.domain.refusals import Refusal
from workflow.domain.signatures import SignatureStatus
from workflow.queries.preservation import Preservation, preservation_of
from workflow.queries.waiting import short_names
from workflow.store.unit_of_work import Repositories


@dataclass(frozen=True)
class SignatureLine:
    """One act of signing; `explanation` says why it does not count. Its report has its own page.

    `preserved` is how its proof is kept up, None without an evidence record. `proven_at` is the
    time that a timestamp of `time_authority` proves, None without one.
    """

    signature_id: UUID
    who: str
    at: datetime
    status: SignatureStatus
    training: bool
    explanation: Refusal | None
    preserved: Preservation | None = None
    proven_at: datetime | None = None
    time_authority: str = ""


def signature_lines(tx: Repositories, document: Document) -> tuple[SignatureLine, ...]:
    """Return the signatures over the files that are valid now, in the order they came."""
    fixing = document.fixing
    if fixing is None:
        return ()
    found = [s for s in tx.signatures.of_document(document.id) if s.fixing == fixing.sequence]
    names = short_names(tx, {s.person_id for s in found})
    kept = preservation_of(tx, [s.id for s in found])
    return tuple(
        SignatureLine(
            signature_id=s.id,
            who=names[s.person_id],
            at=s.received_at,
            status=s.status,
            training=s.training,
            explanation=s.explanation,
            preserved=kept.get(s.id),
            proven_at=s.proven_at,
            time_authority=s.time_authority,
        )
        for s in found
    )
