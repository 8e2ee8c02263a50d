"""A document signed with ink: the clerk closes the step with who, ink date and scan."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from workflow.domain.documents import Document, Verdict
from workflow.domain.mandates import Actor, holder_of
from workflow.domain.permissions import may_enter_paper
from workflow.domain.refusals import N_, Refusal
from workflow.domain.regulations import Verb
from workflow.domain.routes import DocumentState, Step, open_steps
from workflow.store.unit_of_work import Repositories
from workflow.usecases import desk as desks
from workflow.usecases.desk import Desk
from workflow.usecases.effect import put_in_force
from workflow.usecases.services import Services


@dataclass(frozen=True)
class InkSignature:
    """The signed paper: when it was signed, its scan, the number of sheets is in the scan."""

    signed_on: date
    scan: bytes


def enter_ink_signature(
    services: Services, actor: Actor, document_id: UUID, ink: InkSignature
) -> Document | Refusal:
    """Enter that the printed document was signed with ink by whoever the step waits for.

    Shown «на бумаге», never «проверено».
    """
    scan = services.blobs.put(ink.scan) if ink.scan else ""
    with services.uow() as tx:
        desk = desks.lay_locked(tx, services, actor, document_id)
        step = step_to_sign(desk)
        refusal = may_enter_ink(desk) or _complete(desk, ink)
        if refusal or step is None:
            assert refusal is not None
            return refusal
        signer = ink_signer(tx, desk, step, ink.signed_on)
        if isinstance(signer, Refusal):
            return signer
        mark = desks.mark(services, desk, step, Verdict.SIGNED_ON_PAPER, evidence=scan)
        mark = replace(
            mark,
            person_id=signer,
            entered_by=desk.actor.person_id,
            happened_on=ink.signed_on,
        )
        document = replace(desk.document.marked(mark), on_paper=True)
        document = desks.save(tx, desk, document)
        put_in_force(tx, services, desks.on_desk(desk, document))
        tx.audit.add(
            desk.organisation.id,
            "document.signed_on_paper",
            {"document": str(document.id), "scan": scan, "dated": ink.signed_on.isoformat()},
        )
        tx.commit()
        return document


def step_to_sign(desk: Desk) -> Step | None:
    """The signature that the document waits for next."""
    waiting = open_steps(desk.document, desk.kind, desk.around.visa_roles)
    return next((s for s in waiting if s.verb is Verb.SIGN), None)


def may_enter_ink(desk: Desk) -> Refusal | None:
    """Whether the desk's actor may enter an ink signature now."""
    refusal = may_enter_paper(desk.actor, desk.around)
    if refusal:
        return refusal
    if step_to_sign(desk) is None or desk.state is not DocumentState.TO_SIGN:
        return Refusal(
            "paper.not_to_sign",
            N_("The document does not wait for a signature."),
            N_("Make it ready for signature and print it first."),
        )
    return None


def _complete(desk: Desk, ink: InkSignature) -> Refusal | None:
    if not ink.scan:
        return Refusal(
            "paper.scan_missing",
            N_("The scan of the signed document is missing."),
            N_("Scan all its pages and attach the file."),
        )
    if desk.document.dated != ink.signed_on and desk.kind.one_sided:
        return Refusal(
            "paper.another_day",
            N_("The document is dated {date}; the signature bears another date."),
            N_("Renew the date and print the document again, or correct the date you entered."),
            {"date": desk.document.dated},
        )
    return None


def ink_signer(tx: Repositories, desk: Desk, step: Step, on: date) -> UUID | Refusal:
    """The person who held the authority for the step on the day."""
    if step.employment_id is not None:
        return tx.employments.load(step.employment_id).person_id
    place = {
        "founder": desk.organisation.founder_id,
        "addressee": desk.around.addressee_id,
    }.get(step.spec.who.at, desk.organisation.id)
    role = step.spec.who.role
    held = (
        holder_of(tx.mandates.of_organisation(place), role, place, on) if place and role else None
    )
    if held is None:
        return Refusal(
            "authority.nobody",
            N_("Nobody held the authority to sign on that day."),
            N_("Enter the order that gives the authority first."),
        )
    return held.person_id
