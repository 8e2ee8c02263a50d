"""Give a document its number and printed date and have its files made for signature.

DESIGN, "Fix": one transaction reserves the number and sets the printed date; main file and
annexes are then rendered again with both. Only a fixed revision can be signed.
"""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

from workflow.domain.documents import Document, Fixing, Verdict
from workflow.domain.mandates import Actor
from workflow.domain.permissions import is_partly_signed, may_be_fixed, may_fix
from workflow.domain.refusals import Refusal
from workflow.domain.registers import Entry
from workflow.domain.regulations import Origin, Verb
from workflow.domain.routes import ORDER_FIX, DocumentState
from workflow.store.unit_of_work import Repositories, Transaction
from workflow.usecases import desk as desks
from workflow.usecases import render
from workflow.usecases.desk import Desk
from workflow.usecases.numbers import Registration, keep_or_renew, lock_register, take_number
from workflow.usecases.originals import with_original
from workflow.usecases.services import Services


def fix(
    services: Services,
    actor: Actor,
    document_id: UUID,
    number: str = "",
    seen: int | None = None,
) -> Document | Refusal:
    """Make the document ready for signature today; or renew its date if it was ready before.

    `number` is what the clerk types where the register is kept by hand. `seen` is the sequence of
    the last fixing that the person knew of (0: none): if there is a later one already, as after a
    double click, nothing is done and the document is returned as it is.
    """
    with services.uow() as tx:
        desk = desks.lay_locked(tx, services, actor, document_id)
        last = desk.document.fixing.sequence if desk.document.fixing else 0
        if seen is not None and last > seen:
            return desk.document
        desk = with_changes(tx, services, desk)
        refusal = may_fix(desk.document, desk.actor, desk.around)
        if refusal:
            return refusal
        document = _fix(tx, services, desk, desk.actor.person_id, number)
        if not isinstance(document, Refusal):
            tx.commit()
        return document


def fix_again_if_unsigned(services: Services, document_id: UUID) -> Document | Refusal | None:
    """After local midnight: date the document anew, if nobody has signed it (a job).

    None when there is nothing to do: it was signed, returned, or dated today already. A document
    in a hand-kept register keeps its number; where it may not, the clerk has to type a new one.
    """
    with services.uow() as tx:
        desks.lock_cases(tx, document_id)
        document = tx.documents.load(document_id)
        actor = desks.actor_of(tx, document.created_by)
        desk = desks.lay_for_system(tx, services, document, actor)
        desk = with_changes(tx, services, desk)
        fixing = document.fixing
        if desk.state not in (DocumentState.TO_SIGN, DocumentState.FIXING) or fixing is None:
            return None
        if fixing.printed_date == desk.around.today or not desk.kind.one_sided:
            return None
        if is_partly_signed(document) or document.on_paper:
            # What was printed may bear a signature that the clerk has not entered yet.
            return None
        refusal = may_be_fixed(desk.around)
        if refusal:
            return refusal
        fixed = _fix(tx, services, desk, None, "")
        if not isinstance(fixed, Refusal):
            tx.commit()
        return fixed


def fix_if_nobody_does(tx: Transaction, services: Services, desk: Desk) -> Document:
    """Make a paper without a number ready as soon as it is agreed; return it as it is now.

    A route without a step “fix” waits for nobody there. What keeps the paper back (a document that
    must be in force first) leaves it agreed, and whoever prepared it tries again.
    """
    routed = any(step.verb is Verb.FIX for step in desk.kind.route)
    made = desk.kind.origin is Origin.MADE
    if routed or not made or desk.state is not DocumentState.AGREED:
        return desk.document
    if may_be_fixed(with_changes(tx, services, desk).around):
        return desk.document
    fixed = _fix(tx, services, desk, desk.actor.person_id, "")
    return desk.document if isinstance(fixed, Refusal) else fixed


def with_changes(tx: Repositories, services: Services, desk: Desk) -> Desk:
    """Compare what the files would say now with what the visas saw."""
    draft = desk.document.revision.draft if desk.document.revisions else None
    if draft is None:
        return desk
    unfixed = desks.on_desk(desk, replace(desk.document, fixings=()))
    now = render.content_now(tx, services, unfixed)
    return replace(desk, around=replace(desk.around, changed=now != draft.content))


def _fix(
    tx: Transaction, services: Services, desk: Desk, by: UUID | None, typed: str
) -> Document | Refusal:
    document = desk.document
    entry = _number(tx, services, desk, by, typed)
    if isinstance(entry, Refusal):
        return entry
    fixing = Fixing(
        sequence=document.fixings[-1].sequence + 1 if document.fixings else 1,
        revision=document.revision.number,
        printed_number=entry.number if entry else "",
        printed_date=desk.around.today,
        fixed_at=desk.around.now,
        fixed_by=by,
        entry_id=entry.id if entry else None,
    )
    document = with_original(tx, document, desk.kind, desk.organisation, desk.around.today)
    document = desks.save(tx, desk, document.with_fixing(fixing))
    _fix_annexes(tx, services, desks.on_desk(desk, document), fixing)
    render.ask(tx, document)
    tx.audit.add(
        desk.organisation.id,
        "document.fixed",
        {
            "document": str(document.id),
            "fixing": fixing.sequence,
            "entry": str(fixing.entry_id) if fixing.entry_id else None,
            "dated": fixing.printed_date.isoformat(),
        },
    )
    return document


def _number(
    tx: Transaction, services: Services, desk: Desk, by: UUID | None, typed: str
) -> Entry | Refusal | None:
    if not desk.kind.register:
        return None
    register = lock_register(tx, desk.organisation.id, desk.kind.register)
    addressee = (
        tx.organisations.load(desk.around.addressee_id) if desk.around.addressee_id else None
    )
    wanted = Registration(
        desk.document.id,
        desk.document.title,
        desk.around.today,
        by,
        correspondent=addressee.short_name if addressee else "",
    )
    before = desk.document.fixing
    if before is None or before.entry_id is None:
        return take_number(tx, services, register, wanted, typed)
    held = tx.entries.load(before.entry_id)
    return keep_or_renew(tx, services, register, held, wanted, typed)


def _fix_annexes(tx: Transaction, services: Services, desk: Desk, fixing: Fixing) -> None:
    """What the order approves is fixed with it; its own history says so."""
    for annex in desk.annexes:
        place = desks.on_desk(desk, annex.document)
        mark = desks.mark(
            services,
            place,
            ORDER_FIX,
            Verdict.DONE,
            evidence=f"{desk.document.id}:{fixing.sequence}",
        )
        kept = replace(
            annex.document,
            on_paper=desk.document.on_paper,
            paper_reason=desk.document.paper_reason,
        )
        desks.save_annex(tx, services, desk, kept.marked(mark))
