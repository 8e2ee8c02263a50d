"""Enter what the registry says of a power of attorney; a revocation is looked at everywhere."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime
from uuid import UUID

from workflow.domain.mandates import Actor
from workflow.domain.powers import (
    MOST_WORDS,
    AnswerStatus,
    PowerAnswer,
    PowerOfAttorney,
    check_answer,
    may_answer,
)
from workflow.domain.refusals import N_, Refusal
from workflow.domain.signatures import Signature, SignatureStatus
from workflow.domain.submissions import SubmissionState
from workflow.store.unit_of_work import Transaction
from workflow.usecases import second_look
from workflow.usecases.examine_submission import KIND as EXAMINE
from workflow.usecases.powers.desk import PowerDesk, lay_power
from workflow.usecases.services import Services

LARGEST_ANSWER = 5 * 1024 * 1024
_OPEN = (SignatureStatus.RECEIVED, SignatureStatus.ACCEPTED)


def record_answer(
    services: Services,
    actor: Actor,
    power_id: UUID,
    status: AnswerStatus,
    as_of: datetime,
    revoked_on: date | None = None,
    words: str = "",
    file: bytes = b"",
) -> PowerAnswer | Refusal:
    """Enter the registry's answer as it stood at `as_of`, with its file or words on its source.

    Signatures given by the power are looked at again: those that wait for an answer, and after a
    revocation also those that had been accepted.
    """
    if len(file) > LARGEST_ANSWER:
        return Refusal("power_answer.too_large", N_("The file is larger than 5 MB."))
    words = " ".join(words.split())[:MOST_WORDS]
    kept = services.blobs.put(file) if file else ""
    with services.uow() as tx:
        desk = lay_power(tx, services, actor, power_id)
        now = services.clock()
        refusal = may_answer(desk.actor, desk.power, desk.place, status, desk.today)
        refusal = refusal or check_answer(
            desk.power, status, as_of, revoked_on, bool(words or kept), now, desk.today
        )
        if refusal:
            return refusal
        answer = PowerAnswer(
            id=services.new_id(),
            power_id=desk.power.id,
            organisation_id=desk.answers_for,
            status=status,
            as_of=as_of,
            revoked_on=revoked_on,
            words=words,
            file=kept,
            entered_at=now,
            entered_by=desk.actor.person_id,
        )
        tx.power_answers.add(answer)
        tx.audit.add(desk.power.organisation_id, f"power.{status}", _told(desk, answer))
        look_again(tx, desk.power, str(answer.id))
        tx.commit()
        return answer


def _told(desk: PowerDesk, answer: PowerAnswer) -> dict[str, str]:
    return {
        "power": str(desk.power.id),
        "number": desk.power.number,
        "answer": str(answer.id),
        "as_of": answer.as_of.isoformat(),
        "for": str(answer.organisation_id or ""),
    }


def look_again(tx: Transaction, power: PowerOfAttorney, occasion: str) -> None:
    """Ask for another look at what was signed by the power, and at packages not answered yet."""
    signed = [s for s in tx.signatures.by_power(power.id) if s.status in _OPEN]
    for signature in signed:
        second_look.ask(tx, signature, occasion)
    _examine_packages(tx, signed)


def _examine_packages(tx: Transaction, signed: Iterable[Signature]) -> None:
    carriers = {signature.document_id for signature in signed}
    sent = {
        submission.id: submission
        for carrier in carriers
        for document_id in (carrier, *(d.id for d in tx.documents.approved_by(carrier)))
        for submission in tx.submissions.of_document(document_id)
    }
    for submission in sent.values():
        if submission.state is SubmissionState.EXAMINED:
            tx.submissions.save(replace(submission, examined_at=None), submission)
            tx.outbox.add(EXAMINE, {"submission": str(submission.id)})
