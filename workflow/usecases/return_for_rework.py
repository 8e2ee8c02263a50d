"""Send a document back: a new revision begins, and it is said which visas fall."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from workflow.domain.documents import Document, Revision, Verdict
from workflow.domain.mandates import Actor
from workflow.domain.permissions import is_called, may_return, visas_that_fall
from workflow.domain.refusals import N_, Refusal
from workflow.domain.regulations import Verb
from workflow.domain.routes import ORDER_FIX, steps_of
from workflow.store.unit_of_work import Transaction
from workflow.usecases import desk as desks
from workflow.usecases import render
from workflow.usecases.numbers import annul_number
from workflow.usecases.services import Services


@dataclass(frozen=True)
class Returned:
    """The document with its new revision, and the keys of the visas that fell."""

    document: Document
    fallen: tuple[str, ...]


def return_for_rework(
    services: Services, actor: Actor, document_id: UUID, reason: str
) -> Returned | Refusal:
    """Begin a new revision with the same facts; a number already given is annulled.

    The `reason` is shown to the person who prepares the document and stays in its history.
    """
    if not reason.strip():
        return Refusal(
            "return.reason_missing",
            N_("The reason is missing: nobody can mend what is not named."),
            N_("Write what has to be changed."),
        )
    with services.uow() as tx:
        desk = desks.lay_locked(tx, services, actor, document_id)
        refusal = may_return(desk.document, desk.actor, desk.around)
        if refusal:
            return refusal
        fallen = tuple(step.key for step in visas_that_fall(desk.document, desk.around))
        document = _returned(tx, services, desk, reason.strip())
        document = desks.save(tx, desk, document)
        render.ask(tx, document)
        tx.audit.add(
            desk.organisation.id,
            "document.returned",
            {"document": str(document.id), "revision": document.revision.number},
        )
        tx.commit()
        return Returned(document, fallen)


def _returned(tx: Transaction, services: Services, desk: desks.Desk, reason: str) -> Document:
    document = desk.document
    steps = steps_of(document, desk.kind, desk.around.visa_roles)
    mine = [
        s
        for s in steps
        if s.verb in (Verb.AGREE, Verb.SIGN) and is_called(s.spec.who, s, desk.actor, desk.around)
    ]
    place = mine[0] if mine else "clerk"
    document = document.marked(desks.mark(services, desk, place, Verdict.RETURNED, remark=reason))
    if document.fixing is not None:
        annul_number(tx, document.fixing.entry_id, reason)
        _let_annexes_go(tx, services, desk)
    return document.with_revision(
        Revision(
            number=document.revision.number + 1,
            facts=document.facts,
            created_at=desk.around.now,
            created_by=document.revision.created_by,
        )
    )


def _let_annexes_go(tx: Transaction, services: Services, desk: desks.Desk) -> None:
    """Annexes fixed with the order are agreed texts again, nothing more."""
    for annex in desk.annexes:
        place = desks.on_desk(desk, annex.document)
        mark = desks.mark(services, place, ORDER_FIX, Verdict.WITHDRAWN)
        desks.save_annex(tx, services, desk, annex.document.marked(mark))
