"""The office answers a package: a numbered receipt, or a return with reason and repair date."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from uuid import UUID

from workflow.domain.documents import Verdict
from workflow.domain.exchange import may_accept, may_return_package
from workflow.domain.mandates import Actor
from workflow.domain.obligations import Change, ChangeKind, Obligation
from workflow.domain.organisations import Organisation
from workflow.domain.refusals import N_, Refusal
from workflow.domain.registers import EntryState
from workflow.domain.regulations import Verb
from workflow.domain.routes import steps_of
from workflow.domain.submissions import Receipt, Submission
from workflow.store.errors import MissingRowError
from workflow.store.unit_of_work import Transaction
from workflow.usecases import desk as desks
from workflow.usecases.errors import NotFoundError
from workflow.usecases.numbers import Registration, lock_register, take_number
from workflow.usecases.services import Services

RECEIPTS = "receipts"


def accept(services: Services, actor: Actor, submission_id: UUID) -> Submission | Refusal:
    """Accept the package: a numbered notice (уведомление о приёме) that names every hash."""
    with services.uow() as tx:
        submission, office, known = _lay(tx, services, actor, submission_id)
        today = office.local_day(services.clock())
        refusal = may_accept(submission, known, office, today)
        if refusal:
            return refusal
        answered = _answer(tx, services, submission, office, known, accepted=True)
        if isinstance(answered, Refusal):
            return answered
        for owed in tx.obligations.met_by([submission.id]):
            tx.obligations.save(_accepted(owed, submission.id, services), owed)
        _mark_letter(tx, services, answered, known)
        tx.commit()
        return answered


def return_package(
    services: Services, actor: Actor, submission_id: UUID, reason: str, repair_due: date
) -> Submission | Refusal:
    """Return the package with a reason and a date for repair; the first arrival still counts."""
    with services.uow() as tx:
        submission, office, known = _lay(tx, services, actor, submission_id)
        today = office.local_day(services.clock())
        refusal = may_return_package(submission, known, office, today)
        refusal = refusal or _complete(reason, repair_due, today)
        if refusal:
            return refusal
        answered = _answer(
            tx,
            services,
            submission,
            office,
            known,
            accepted=False,
            reason=reason.strip(),
            repair_due=repair_due,
        )
        if isinstance(answered, Refusal):
            return answered
        for owed in tx.obligations.met_by([submission.id]):
            change = Change(
                ChangeKind.RETURNED, services.clock(), known.person_id, reason.strip(), repair_due
            )
            tx.obligations.save(replace(owed, changes=(*owed.changes, change)), owed)
        tx.commit()
        return answered


def _lay(
    tx: Transaction, services: Services, actor: Actor, submission_id: UUID
) -> tuple[Submission, Organisation, Actor]:
    try:
        submission = tx.submissions.load(submission_id)
    except MissingRowError as error:
        raise NotFoundError(f"package {submission_id}") from error
    office = tx.organisations.load(submission.receiver_id)
    known = desks.actor_of(tx, actor.person_id)
    if not known.works_in(office.id, office.local_day(services.clock())):
        raise NotFoundError(f"package {submission_id} is not for {actor.person_id}")
    return submission, office, known


def _complete(reason: str, repair_due: date, today: date) -> Refusal | None:
    if not reason.strip():
        return Refusal(
            "return.reason_missing",
            N_("The reason is missing: nobody can mend what is not named."),
            N_("Write what has to be changed."),
        )
    if repair_due <= today:
        return Refusal(
            "return.repair_date",
            N_("The date for repair must lie in the future."),
            N_("Leave the school a few working days."),
        )
    return None


def _answer(
    tx: Transaction,
    services: Services,
    submission: Submission,
    office: Organisation,
    officer: Actor,
    *,
    accepted: bool,
    reason: str = "",
    repair_due: date | None = None,
) -> Submission | Refusal:
    now = services.clock()
    register = lock_register(tx, office.id, RECEIPTS)
    sender = tx.organisations.load(submission.sender_id).short_name
    wanted = Registration(
        submission.letter_id,
        f"{submission.items[0].title}, входящий № {submission.incoming_number}",
        office.local_day(now),
        officer.person_id,
        correspondent=sender,
    )
    entry = take_number(tx, services, register, wanted, state=EntryState.REGISTERED)
    if isinstance(entry, Refusal):
        return entry
    # The audit chain's head as it is before this answer is written into it; locked last.
    head = tx.audit.anchor(office.id)
    receipt = Receipt(
        number=entry.number,
        at=now,
        by=officer.person_id,
        accepted=accepted,
        reason=reason,
        repair_due=repair_due,
        hashes=tuple(
            dict.fromkeys(f.pdf for item in submission.items for f in item.manifest.files)
        ),
        audit_head=str(head) if head else "",
    )
    answered = tx.submissions.save(replace(submission, receipt=receipt), submission)
    tx.audit.add(
        office.id,
        "package.accepted" if accepted else "package.returned",
        {"submission": str(submission.id), "receipt": str(entry.id)},
    )
    return answered


def _accepted(owed: Obligation, submission_id: UUID, services: Services) -> Obligation:
    """The arrivals with this submission are accepted."""
    return replace(
        owed,
        fulfilments=tuple(
            replace(f, accepted_at=services.clock()) if f.submission_id == submission_id else f
            for f in owed.fulfilments
        ),
    )


def _mark_letter(
    tx: Transaction, services: Services, submission: Submission, officer: Actor
) -> None:
    """The covering letter's last step is the acceptance."""
    if submission.letter_id is None:
        return
    document = tx.documents.load(submission.letter_id)
    desk = desks.lay_for_system(tx, services, document, officer)
    for step in steps_of(document, desk.kind, desk.around.visa_roles):
        if step.verb is Verb.ACCEPT:
            mark = desks.mark(services, desk, step, Verdict.ACCEPTED, evidence=str(submission.id))
            document = document.marked(mark)
    desks.save(tx, desk, document)
