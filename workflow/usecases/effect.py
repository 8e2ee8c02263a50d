"""What follows when a document comes into force, and when that turns out to be untrue."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from uuid import UUID

from workflow.domain.documents import Document, Verdict
from workflow.domain.obligations import Evidence, Fulfilment, Obligation, ObligationState, state_of
from workflow.domain.routes import ORDER_SIGN, DocumentState
from workflow.store.unit_of_work import Transaction
from workflow.usecases import desk as desks
from workflow.usecases.desk import Desk
from workflow.usecases.numbers import register_number
from workflow.usecases.services import Services

VISUAL_COPY = "visual_copy"


def put_in_force(tx: Transaction, services: Services, desk: Desk) -> None:
    """Register the number, put the annexes in force, meet what is met by it; if it is in force.

    `desk` holds the document as it was just saved. Nothing happens while signatures are missing.
    """
    document, fixing = desk.document, desk.document.fixing
    if desk.state is not DocumentState.IN_FORCE or fixing is None:
        return
    register_number(tx, fixing.entry_id)
    for annex in desk.annexes:
        place = desks.on_desk(desk, annex.document)
        mark = desks.mark(services, place, ORDER_SIGN, Verdict.SIGNED, evidence=str(document.id))
        desks.save_annex(tx, services, desk, annex.document.marked(mark))
    meet_by_being_in_force(tx, services, [document, *(a.document for a in desk.annexes)])
    ask_for_visual_copy(tx, document)
    tx.audit.add(
        desk.organisation.id,
        "document.in_force",
        {"document": str(document.id), "entry": str(fixing.entry_id or "")},
    )


def ask_for_visual_copy(tx: Transaction, document: Document) -> None:
    """Ask for a new copy for the eye: after a signature, an acknowledgement."""
    tx.outbox.add(VISUAL_COPY, {"document": str(document.id), "marks": len(document.marks)})


def meet_by_being_in_force(
    tx: Transaction, services: Services, documents: Iterable[Document]
) -> None:
    """Meet the tasks that ask for a document to be in force at its own organisation."""
    for document in documents:
        owed = tx.obligations.open_for(document.organisation_id, document.type_code)
        for obligation in owed:
            if obligation.evidence is Evidence.IN_FORCE:
                _meet(tx, services, obligation, document.id)


def _meet(tx: Transaction, services: Services, owed: Obligation, document_id: UUID) -> None:
    if state_of(owed) is ObligationState.MET:
        return
    now = services.clock()
    met = Fulfilment(now, str(document_id), document_id=document_id, accepted_at=now)
    tx.obligations.save(replace(owed, fulfilments=(*owed.fulfilments, met)), owed)


def fall_out_of_force(tx: Transaction, services: Services, desk: Desk) -> None:
    """The signature did not hold: the annexes wait for a new one together with their order."""
    for annex in desk.annexes:
        place = desks.on_desk(desk, annex.document)
        mark = desks.mark(services, place, ORDER_SIGN, Verdict.WITHDRAWN)
        desks.save_annex(tx, services, desk, annex.document.marked(mark))
