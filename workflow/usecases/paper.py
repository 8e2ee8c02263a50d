"""A document signed with ink: the clerk closes the steps with who, ink date and scan."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from uuid import UUID

from workflow.domain import paper_acts
from workflow.domain.calling import is_for_the_head
from workflow.domain.documents import Document, Verdict
from workflow.domain.mandates import Actor, holder_of
from workflow.domain.paper import switched
from workflow.domain.paper_acts import (
    InkEntry,
    check_ink_date,
    may_enter_again,
    may_put_back,
    may_put_on_paper,
    signatures_waited_for,
)
from workflow.domain.refusals import N_, Refusal
from workflow.domain.routes import Step
from workflow.domain.signatures import AGAIN as AGAIN
from workflow.store.unit_of_work import Repositories, Transaction
from workflow.usecases import desk as desks
from workflow.usecases.desk import Desk
from workflow.usecases.effect import put_in_force
from workflow.usecases.originals import with_original
from workflow.usecases.services import Services


@dataclass(frozen=True)
class InkSignature:
    """The signed paper: when it was signed, its scan, the number of sheets is in the scan."""

    signed_on: date
    scan: bytes


@dataclass(frozen=True)
class InkSigner:
    """Whose signature a step waits for, and by which mandate (None: in their own name)."""

    person_id: UUID
    mandate_id: UUID | None = None


def enter_ink_signature(
    services: Services, actor: Actor, document_id: UUID, ink: InkSignature
) -> Document | Refusal:
    """Enter the next ink signature that the document waits for."""
    with services.uow.reading() as tx:
        desk = desks.lay(tx, services, actor, document_id)
        step = step_to_sign(desk)
    entry = InkEntry(step.key if step else "", ink.signed_on)
    return enter_ink_signatures(services, actor, document_id, (entry,), ink.scan)


def enter_ink_signatures(
    services: Services,
    actor: Actor,
    document_id: UUID,
    entries: Sequence[InkEntry],
    scan: bytes,
) -> Document | Refusal:
    """Enter that the printed document was signed with ink: each signature with its date.

    One scan serves all of them. They are entered in the order of the route; whoever signs in two
    roles signs once. Shown «на бумаге», never «проверено».
    """
    kept = services.blobs.put(scan) if scan else ""
    with services.uow() as tx:
        desk = desks.lay_locked(tx, services, actor, document_id)
        refusal = may_enter_ink(desk) or _complete(entries, kept)
        if refusal:
            return refusal
        signed = _signed(tx, services, desk, entries, kept)
        if isinstance(signed, Refusal):
            return signed
        document = desks.save(tx, desk, signed)
        latest = max(entry.signed_on for entry in entries)
        put_in_force(tx, services, desks.on_desk(desk, document), _moment(desk, latest))
        tx.audit.add(
            desk.organisation.id,
            "document.signed_on_paper",
            {
                "document": str(document.id),
                "scan": kept,
                "dated": [entry.signed_on.isoformat() for entry in entries],
            },
        )
        tx.commit()
        return document


def step_to_sign(desk: Desk) -> Step | None:
    """The signature that the document waits for next."""
    return next(iter(signatures_waited_for(desk.document, desk.around)), None)


def may_enter_ink(desk: Desk) -> Refusal | None:
    """Whether the desk's actor may enter an ink signature now."""
    return paper_acts.may_enter_ink(desk.document, desk.actor, desk.around)


def _complete(entries: Sequence[InkEntry], scan: str) -> Refusal | None:
    if not scan:
        return Refusal(
            "paper.scan_missing",
            N_("The scan of the signed document is missing."),
            N_("Scan all its pages and attach the file."),
        )
    if not entries:
        return Refusal(
            "paper.no_signature",
            N_("No signature was entered."),
            N_("Enter the date beside at least one signature."),
        )
    return None


def _signed(
    tx: Repositories, services: Services, desk: Desk, entries: Sequence[InkEntry], scan: str
) -> Document | Refusal:
    """The document with all the signatures, or why one of them cannot be."""
    waiting = list(entries)
    while waiting:
        turn = signatures_waited_for(desk.document, desk.around)
        found = [(step, e) for step in turn for e in waiting if e.step == step.key]
        if not found:
            return Refusal(
                "paper.not_their_turn",
                N_("A signature is entered that the document does not wait for yet."),
                N_("Enter the signatures in the order of the route."),
            )
        step, entry = found[0]
        waiting.remove(entry)
        signer = _checked_signer(tx, desk, step, entry.signed_on)
        if isinstance(signer, Refusal):
            return signer
        desk = _with_mark(services, desk, step, signer, entry.signed_on, scan)
        desk, also = _in_other_roles(tx, services, desk, signer, entry.signed_on, scan)
        waiting = [e for e in waiting if e.step not in also]
    return desk.document


def _in_other_roles(
    tx: Repositories, services: Services, desk: Desk, signer: InkSigner, on: date, scan: str
) -> tuple[Desk, frozenset[str]]:
    """Close the other signatures of the same person, too; their keys are returned."""
    closed: set[str] = set()
    while True:
        for step in signatures_waited_for(desk.document, desk.around):
            other = _checked_signer(tx, desk, step, on)
            if not isinstance(other, Refusal) and other.person_id == signer.person_id:
                desk = _with_mark(services, desk, step, other, on, scan)
                closed.add(step.key)
                break
        else:
            return desk, frozenset(closed)


def _with_mark(
    services: Services, desk: Desk, step: Step, signer: InkSigner, on: date, scan: str
) -> Desk:
    mark = desks.mark(services, desk, step, Verdict.SIGNED_ON_PAPER, evidence=scan)
    mark = replace(
        mark,
        person_id=signer.person_id,
        mandate_id=signer.mandate_id,
        entered_by=desk.actor.person_id,
        happened_on=on,
    )
    return desks.on_desk(desk, desk.document.marked(mark))


def _checked_signer(tx: Repositories, desk: Desk, step: Step, on: date) -> InkSigner | Refusal:
    refusal = check_ink_date(desk.document, step, on, desk.around)
    if refusal:
        return refusal
    signer = ink_signer(tx, desk, step, on)
    if isinstance(signer, Refusal) or step.employment_id is not None:
        return signer
    if is_for_the_head(step) and signer.person_id in desk.around.counterparties:
        return Refusal(
            "sign.towards_oneself",
            N_("Nobody signs for the employer towards oneself."),
            N_("It is signed by the founder, or by an acting head."),
            article=desk.kind.article,
        )
    return signer


def ink_signer(tx: Repositories, desk: Desk, step: Step, on: date) -> InkSigner | Refusal:
    """The person who held the authority for the step on the day."""
    if step.employment_id is not None:
        return InkSigner(tx.employments.load(step.employment_id).person_id)
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
    return InkSigner(held.person_id, held.id)


def _moment(desk: Desk, day: date) -> datetime:
    """The moment that stands for an ink date: noon of the day, or now on the day itself."""
    if day == desk.around.today:
        return desk.around.now
    return datetime.combine(day, time(12), tzinfo=desk.organisation.zone)


def enter_scan_again(
    services: Services, actor: Actor, document_id: UUID, entry: InkEntry, scan: bytes
) -> Document | Refusal:
    """Enter the scan of an ink signature once more, because the first is lost or unreadable.

    Who signed, the date and the bytes that were printed stay; it is marked «повторная».
    """
    kept = services.blobs.put(scan) if scan else ""
    with services.uow() as tx:
        desk = desks.lay_locked(tx, services, actor, document_id)
        refusal = may_enter_again(
            desk.document, entry.step, entry.signed_on, desk.actor, desk.around
        ) or _complete((entry,), kept)
        if refusal:
            return refusal
        first = next(
            m
            for m in reversed(desk.document.marks)
            if m.step == entry.step and m.verdict is Verdict.SIGNED_ON_PAPER
        )
        again = replace(
            first,
            id=services.new_id(),
            at=desk.around.now,
            evidence=kept,
            remark=AGAIN,
            entered_by=desk.actor.person_id,
        )
        document = desks.save(tx, desk, desk.document.marked(again))
        tx.audit.add(
            desk.organisation.id,
            "document.scanned_again",
            {"document": str(document.id), "scan": kept},
        )
        tx.commit()
        return document


def put_on_paper(
    services: Services, actor: Actor, document_id: UUID, reason: str
) -> Document | Refusal:
    """Switch an electronic document to paper before anybody has signed it, with the reason."""
    with services.uow() as tx:
        desk = desks.lay_locked(tx, services, actor, document_id)
        refusal = may_put_on_paper(desk.document, desk.actor, desk.around)
        if refusal:
            return refusal
        if not reason.strip():
            return Refusal(
                "paper.no_reason",
                N_("The reason is missing."),
                N_("Write why the document is made on paper."),
            )
        document = replace(desk.document, on_paper=True, paper_reason=switched(reason))
        return _kept(tx, services, desk, document)


def put_back(services: Services, actor: Actor, document_id: UUID) -> Document | Refusal:
    """Take the clerk's switch back: the original becomes what the organisation's rules say."""
    with services.uow() as tx:
        desk = desks.lay_locked(tx, services, actor, document_id)
        refusal = may_put_back(desk.document, desk.actor, desk.around)
        if refusal:
            return refusal
        freed = replace(desk.document, paper_reason=None)
        document = with_original(tx, freed, desk.kind, desk.organisation, desk.around.today)
        return _kept(tx, services, desk, document)


def _kept(tx: Transaction, services: Services, desk: Desk, document: Document) -> Document:
    """Write what the original is now; what an order approves follows its order."""
    document = desks.save(tx, desk, document)
    for annex in desk.annexes:
        as_order = replace(
            annex.document, on_paper=document.on_paper, paper_reason=document.paper_reason
        )
        desks.save_annex(tx, services, desk, as_order)
    tx.audit.add(
        desk.organisation.id,
        "document.original_switched",
        {"document": str(document.id), "paper": document.on_paper},
    )
    tx.commit()
    return document
