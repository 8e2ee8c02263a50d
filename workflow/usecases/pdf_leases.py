"""The lease under which a document's PDFs are signed inside: who has it, who waits for it."""

from __future__ import annotations

from workflow.domain.pdf_leases import LASTS, PdfLease, may_complete, still_signing
from workflow.domain.refusals import Refusal
from workflow.domain.signatures import Attempt
from workflow.store.unit_of_work import Repositories, Transaction
from workflow.usecases.desk import Desk


def lease_of(tx: Repositories, desk: Desk) -> PdfLease | None:
    """Return the lease on the files that the document has now; those of before hinder nobody."""
    lease, fixing = tx.pdf_leases.of_document(desk.document.id), desk.document.fixing
    if lease is None or fixing is None:
        return None
    return lease if tx.attempts.load(lease.attempt_id).fixing == fixing.sequence else None


def leased_to_another(tx: Repositories, desk: Desk) -> Refusal | None:
    """Whether somebody else signs inside the document's PDFs now."""
    lease = lease_of(tx, desk)
    if lease is None or not lease.keeps_out(desk.actor.person_id, desk.around.now):
        return None
    holder = tx.people.load(lease.person_id).full_name
    return still_signing(lease, holder, desk.organisation.zone)


def may_hand_in(tx: Repositories, desk: Desk, attempt: Attempt) -> Refusal | None:
    """Whether the attempt's signatures may come now, as far as the lease goes."""
    if attempt.prepared:
        return may_complete(lease_of(tx, desk), attempt.id)
    return leased_to_another(tx, desk)


def take(tx: Transaction, desk: Desk, attempt: Attempt) -> None:
    """Give the document to the attempt that has just been prepared; the document is locked."""
    until = desk.around.now + LASTS
    tx.pdf_leases.put(PdfLease(desk.document.id, attempt.id, attempt.person_id, until))
