"""An act at a step meets what its author owes; a withdrawn signature makes it owed again."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, time
from uuid import UUID

from workflow.domain.obligations import Evidence, Fulfilment, Obligation
from workflow.domain.regulations import StepSpec, Verb
from workflow.domain.routes import Step, is_done, last_mark, steps_of
from workflow.store.unit_of_work import Transaction
from workflow.usecases.desk import Desk
from workflow.usecases.pairs.duties import APPROVAL
from workflow.usecases.services import Services


def follow_acts(
    tx: Transaction, services: Services, desk: Desk, received_at: datetime | None = None
) -> None:
    """Meet what the done steps of the desk's document meet, and take back what they do no longer.

    `received_at`: when a signature came that is decided only now; it is what meets the term.
    """
    document = desk.document
    if not document.lines or not document.revisions:
        return
    steps = steps_of(document, desk.kind, desk.around.visa_roles)
    for line in document.lines:
        owed = [
            o
            for o in tx.obligations.of_case(line.case_id)
            if o.evidence is Evidence.STEP and o.type_code == desk.kind.code
        ]
        for step in steps:
            for obligation in owed:
                if _is_about(obligation, step):
                    _compare(tx, services, desk, obligation, step, received_at)
        if owed:
            _ask_for_approval(tx, services, desk, line.case_id, steps, owed)


def _is_about(owed: Obligation, step: Step) -> bool:
    if owed.step != step.spec.key:
        return False
    if owed.employment_id is not None:
        return owed.employment_id == step.employment_id
    return owed.role is not None and owed.role is step.spec.who.role


def _compare(
    tx: Transaction,
    services: Services,
    desk: Desk,
    owed: Obligation,
    step: Step,
    received_at: datetime | None,
) -> None:
    document_id = desk.document.id
    if owed.key.startswith(APPROVAL) and not owed.key.endswith(str(document_id)):
        return
    mine = [f for f in owed.fulfilments if f.document_id == document_id and f.accepted_at]
    if is_done(desk.document, step):
        if not mine:
            at = received_at or _moment(desk, step)
            met = Fulfilment(
                at, str(document_id), document_id=document_id, accepted_at=services.clock()
            )
            tx.obligations.save(replace(owed, fulfilments=(*owed.fulfilments, met)), owed)
    elif mine:
        kept = tuple(
            replace(f, accepted_at=None) if f.document_id == document_id else f
            for f in owed.fulfilments
        )
        tx.obligations.save(replace(owed, fulfilments=kept), owed)


def _moment(desk: Desk, step: Step) -> datetime:
    """When the act was done: with ink by its own date, in an existing document by the document's.

    Never later than now: somebody may enter in the morning what was signed today.
    """
    mark = last_mark(desk.document, step)
    day = mark.happened_on if mark else desk.document.dated
    if day is None:
        return mark.at if mark else desk.around.now
    return min(datetime.combine(day, time(12), tzinfo=desk.organisation.zone), desk.around.now)


def _ask_for_approval(
    tx: Transaction,
    services: Services,
    desk: Desk,
    case_id: UUID,
    steps: tuple[Step, ...],
    owed: list[Obligation],
) -> None:
    """The head's approval of a signed report is the head's own obligation, without a date."""
    specs = {o.step for o in owed}
    signed = {s.spec.key for s in steps if s.verb is Verb.SIGN and is_done(desk.document, s)}
    for step in steps:
        waits = step.verb is Verb.SIGN and step.spec.who.role and step.spec.key not in specs
        if not waits or not set(step.spec.after) & signed & specs:
            continue
        key = f"{APPROVAL}{step.spec.key}:{desk.document.id}"
        if all(o.key != key for o in tx.obligations.of_case(case_id)):
            tx.obligations.save(_approval(services, desk, case_id, key, step.spec), None)


def _approval(
    services: Services, desk: Desk, case_id: UUID, key: str, spec: StepSpec
) -> Obligation:
    organisation = desk.organisation
    above = organisation.founder_id if desk.document.by_founder else None
    return Obligation(
        id=services.new_id(),
        key=key,
        title=desk.kind.title,
        debtor_id=above or organisation.id,
        creditor_id=organisation.id,
        evidence=Evidence.STEP,
        due=None,
        type_code=desk.kind.code,
        case_id=case_id,
        article=spec.article or desk.kind.article,
        role=spec.who.role,
        step=spec.key,
    )
