"""Accept a signature: read, examine outside any transaction, check again, write.

Refused signatures change nothing. What cannot be decided now (no CRL) is *received*: stored and
timed, not counted, tried again; its time of receipt meets the deadline if it is accepted later.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from workflow.domain.calling import power_for
from workflow.domain.documents import Manifest, Verdict
from workflow.domain.mandates import Actor, Mandate
from workflow.domain.permissions import may_sign, steps_for
from workflow.domain.refusals import N_, Refusal
from workflow.domain.regulations import SignatureDemand, Verb
from workflow.domain.routes import Step
from workflow.domain.signatures import (
    Attempt,
    Signature,
    SignatureStatus,
    SignedFile,
    may_use_attempt,
)
from workflow.domain.trust import TrustAnchor
from workflow.ports import CheckStatus, ExpectedSigner, TrustView
from workflow.store.errors import MissingRowError
from workflow.store.unit_of_work import Repositories, Transaction
from workflow.usecases import desk as desks
from workflow.usecases import fetch_lists, pdf_leases, stamp
from workflow.usecases.desk import Desk
from workflow.usecases.effect import put_in_force
from workflow.usecases.errors import NotFoundError
from workflow.usecases.examine import Examined, examine, expected_signer, mandate_for, signs_for
from workflow.usecases.handed_in import completes, of_one_certificate, one_for_each
from workflow.usecases.powers.known import by_power, kept_since
from workflow.usecases.services import Services
from workflow.usecases.sign_steps import marked_at, steps_of_one_act
from workflow.usecases.trust import timestamp_anchors, trust_view, trusted_anchors


@dataclass(frozen=True)
class _Other:
    """Another step of the same person that the signature serves, if it holds there as well."""

    step: Step
    expected: ExpectedSigner
    anchors: tuple[TrustAnchor, ...]


@dataclass(frozen=True)
class _Given:
    """What was read before the examination began."""

    attempt: Attempt
    manifest: Manifest
    demand: SignatureDemand
    step: Step
    mandate: Mandate | None
    expected: ExpectedSigner
    organisation: UUID
    anchors: tuple[TrustAnchor, ...]
    timestamping: tuple[TrustAnchor, ...]
    others: tuple[_Other, ...] = ()


def record_signature(
    services: Services, actor: Actor, attempt_id: UUID, outputs: Sequence[bytes]
) -> Signature | Refusal:
    """Hand in what was signed for an attempt: one `.sig` or signed PDF for each file, in order.

    The same bytes again get the first answer; other bytes for a used attempt are refused.
    """
    answer = hashlib.sha256(b"".join(hashlib.sha256(o).digest() for o in outputs)).hexdigest()
    with services.uow.reading() as tx:
        given = _read(tx, services, actor, attempt_id, answer)
        if not isinstance(given, _Given):
            return given
        since = kept_since(given.expected)
        trust = trust_view(tx, services, organisation=given.organisation, power_since=since)
    refusal = one_for_each(given.manifest.files, outputs)
    refusal = refusal or completes(services.blobs, given.attempt.prepared, outputs)
    if refusal:
        return refusal
    signed = [
        SignedFile(file.pdf, services.blobs.put(output), given.demand.format)
        for file, output in zip(given.manifest.files, outputs, strict=True)
    ]
    wanted = services.timestamps is not None
    examined = examine(services, signed, trust, given.expected, stamp_wanted=wanted)
    if examined.status is not CheckStatus.INVALID and examined.time.at is None:
        examined = _stamped(services, given, signed, trust, examined)
    if examined.status is CheckStatus.INVALID:
        return _refused(services, given, examined)
    refusal = _one_certificate(given, examined)
    if refusal:
        return refusal
    served = _served(services, given, examined.files, trust, examined)
    with services.uow() as tx:
        recorded = _record(tx, services, actor, given, examined, served, answer)
        if isinstance(recorded, Signature):
            if recorded.status is SignatureStatus.RECEIVED:
                fetch_lists.ask_soon(tx, services, recorded)
            tx.commit()
        return recorded


def _stamped(
    services: Services,
    given: _Given,
    signed: Sequence[SignedFile],
    trust: TrustView,
    examined: Examined,
) -> Examined:
    """Have the time proven where an authority for timestamps is set up, and examine that."""
    if services.timestamps is None:
        return examined
    stamped = stamp.stamp_files(services, services.timestamps, signed, trust)
    if stamped.anything:
        examined = examine(services, stamped.files, trust, given.expected, stamp_wanted=True)
    return stamp.told(examined, stamped.refusal)


def _read(
    tx: Repositories, services: Services, actor: Actor, attempt_id: UUID, answer: str
) -> _Given | Signature | Refusal:
    try:
        attempt = tx.attempts.load(attempt_id)
    except MissingRowError as error:
        raise NotFoundError(f"signing {attempt_id}") from error
    if attempt.person_id == actor.person_id and attempt.answer == answer and attempt.signature_id:
        return tx.signatures.load(attempt.signature_id)
    desk = desks.lay(tx, services, actor, attempt.document_id)
    refusal = may_use_attempt(attempt, actor.person_id, desk.around.now)
    refusal = refusal or may_sign(desk.document, desk.actor, desk.around)
    refusal = refusal or _same_files(desk, attempt) or pdf_leases.may_hand_in(tx, desk, attempt)
    if refusal:
        return refusal
    waiting = steps_for(desk.document, Verb.SIGN, desk.actor, desk.around)
    step = next((s for s in waiting if s.key == attempt.step), None)
    if step is None:
        return _changed_meanwhile()
    manifest, demand = desk.document.manifest, desk.kind.demand(step.spec)
    assert manifest is not None
    assert demand is not None
    return _Given(
        attempt=attempt,
        manifest=manifest,
        demand=demand,
        step=step,
        mandate=mandate_for(step, desk.actor, desk.around),
        expected=expected_at(tx, desk, step),
        organisation=signs_for(step, desk.actor, desk.around),
        anchors=_anchors_at(tx, desk, step),
        timestamping=timestamp_anchors(tx),
        others=_others(tx, desk, step, demand),
    )


def expected_at(tx: Repositories, desk: Desk, step: Step) -> ExpectedSigner:
    """For whom a signature of the desk's actor at the step is examined."""
    demand, mandate = desk.kind.demand(step.spec), mandate_for(step, desk.actor, desk.around)
    assert demand is not None
    represented = tx.organisations.load(signs_for(step, desk.actor, desk.around))
    known = power_for(step, desk.actor, desk.around)
    by = by_power(tx, known, desk.kind, desk.around.now) if known else None
    role = step.spec.who.role
    return expected_signer(tx, desk.actor.person_id, represented, demand, mandate, role, power=by)


def _others(
    tx: Repositories, desk: Desk, step: Step, demand: SignatureDemand
) -> tuple[_Other, ...]:
    def serves(other: Step) -> bool:
        wanted = desk.kind.demand(other.spec)
        return wanted is not None and wanted.format is demand.format

    steps = steps_of_one_act(desk, step, serves)[1:]
    return tuple(_Other(s, expected_at(tx, desk, s), _anchors_at(tx, desk, s)) for s in steps)


def _anchors_at(tx: Repositories, desk: Desk, step: Step) -> tuple[TrustAnchor, ...]:
    return trusted_anchors(tx, signs_for(step, desk.actor, desk.around))


def _served(
    services: Services,
    given: _Given,
    signed: Sequence[SignedFile],
    trust: TrustView,
    examined: Examined,
) -> tuple[Step, ...]:
    """The steps at which the signature counts: the one begun, and others where it is as good.

    What cannot be decided yet is received for the step begun alone. A step that is taken for
    another organisation goes by what is trusted there.
    """
    good = [given.step]
    for other in given.others if examined.status is CheckStatus.VALID else ():
        same = (other.expected, other.anchors) == (given.expected, given.anchors)
        there = replace(trust, anchors=other.anchors)
        wanted = services.timestamps is not None
        answer = (
            examined
            if same
            else examine(services, signed, there, other.expected, stamp_wanted=wanted)
        )
        if answer.status is CheckStatus.VALID:
            good.append(other.step)
    return tuple(good)


def _changed_meanwhile() -> Refusal:
    return Refusal(
        "signing.circumstances_changed",
        N_("Your authority, your card or what is trusted here changed during the check."),
        N_("Open the document and begin anew. Your signature has not been used."),
    )


def _one_certificate(given: _Given, examined: Examined) -> Refusal | None:
    """One act of signing is made with one certificate: the chosen one, if one was chosen."""
    chosen = given.attempt.certificate
    if chosen and examined.certificates != {chosen}:
        return Refusal(
            "signing.another_certificate",
            N_("The signature was made with another certificate than the one you chose."),
            N_("Begin anew and choose the certificate that you sign with."),
        )
    return of_one_certificate(examined)


def _same_files(desk: Desk, attempt: Attempt) -> Refusal | None:
    manifest, fixing = desk.document.manifest, desk.document.fixing
    same = fixing is not None and fixing.sequence == attempt.fixing
    if same and manifest is not None and manifest.digest == attempt.manifest:
        return None
    return Refusal(
        "signing.document_changed",
        N_("The document was made ready anew after the signing had begun."),
        N_("Open it again and sign what is there now. Your signature has not been used."),
    )


def _refused(services: Services, given: _Given, examined: Examined) -> Refusal:
    """Nothing changes but the audit trail, which remembers that it was tried."""
    with services.uow() as tx:
        document = tx.documents.load(given.attempt.document_id)
        tx.audit.add(
            document.organisation_id,
            "signature.refused",
            {
                "document": str(document.id),
                "attempt": str(given.attempt.id),
                "code": examined.reason.code if examined.reason else "invalid",
                "report": examined.files[0].report_now,
            },
        )
        tx.commit()
    assert examined.reason is not None
    return examined.reason


def _record(
    tx: Transaction,
    services: Services,
    actor: Actor,
    given: _Given,
    examined: Examined,
    served: tuple[Step, ...],
    answer: str,
) -> Signature | Refusal:
    """Check everything again where it is written, then write it all in one transaction."""
    desk = desks.lay_locked(tx, services, actor, given.attempt.document_id)
    again = _read(tx, services, actor, given.attempt.id, answer)
    if not isinstance(again, _Given):
        return again
    if again != given:
        return _changed_meanwhile()
    attempt = again.attempt
    accepted = examined.status is CheckStatus.VALID
    signature = _signature(services, desk, given, examined)
    signature = tx.signatures.save(signature, None)
    tx.attempts.save(replace(attempt, answer=answer, signature_id=signature.id), attempt)
    tx.pdf_leases.remove(desk.document.id)
    verdict = Verdict.SIGNED if accepted else Verdict.RECEIVED
    document = desk.document
    for step in served:
        document = marked_at(services, desk, document, step, verdict, str(signature.id))
    document = desks.save(tx, desk, document)
    if accepted:
        put_in_force(tx, services, desks.on_desk(desk, document))
    tx.audit.add(
        desk.organisation.id,
        "signature.accepted" if accepted else "signature.received",
        {
            "document": str(document.id),
            "signature": str(signature.id),
            "manifest": signature.manifest,
            "serial": signature.serial,
            "report": signature.files[0].report,
        },
    )
    return signature


def _post_of(desk: Desk, step: Step) -> UUID | None:
    """The post that the step names; of the holder of a power of attorney the own one there."""
    if step.employment_id is not None:
        return step.employment_id
    place, today = signs_for(step, desk.actor, desk.around), desk.around.today
    held = (e for e in desk.actor.employments if e.organisation_id == place and e.held_on(today))
    return next((e.id for e in held), None)


def _signature(services: Services, desk: Desk, given: _Given, examined: Examined) -> Signature:
    facts = examined.facts
    accepted = examined.status is CheckStatus.VALID
    power = power_for(given.step, desk.actor, desk.around)
    return Signature(
        id=services.new_id(),
        document_id=desk.document.id,
        fixing=given.attempt.fixing,
        step=given.step.key,
        person_id=desk.actor.person_id,
        employment_id=given.mandate.employment_id if given.mandate else _post_of(desk, given.step),
        mandate_id=given.mandate.id if given.mandate else None,
        power_id=power.power.id if power else None,
        format=given.demand.format,
        kind=facts.kind,
        files=examined.files,
        manifest=given.manifest.digest,
        received_at=desk.around.now,
        status=SignatureStatus.ACCEPTED if accepted else SignatureStatus.RECEIVED,
        owner=facts.owner,
        serial=facts.serial,
        valid_from=facts.valid_from,
        valid_until=facts.valid_until,
        training=facts.training,
        checked_at=desk.around.now,
        explanation=None if accepted else examined.reason,
        stamp_wanted=services.timestamps is not None,
        stamped_at=desk.around.now if any(f.handed_in for f in examined.files) else None,
        proven_at=examined.time.at,
        time_authority=examined.time.authority,
    )
