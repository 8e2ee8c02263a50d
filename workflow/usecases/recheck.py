"""Look again at signatures: received ones until they can be decided, accepted ones once more.

An accepted signature is examined again with the first CRL issued after the signing; if the
certificate had been revoked before, the signature is withdrawn and the document waits for a new
one.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from workflow.domain.documents import Verdict
from workflow.domain.mandates import Actor
from workflow.domain.refusals import N_, Refusal
from workflow.domain.regulations import Role, SignatureFormat, Verb
from workflow.domain.routes import DocumentState, Step, steps_of
from workflow.domain.signatures import Signature, SignatureStatus, SignedFile
from workflow.domain.submissions import SubmissionState
from workflow.domain.trust import ProvenTime
from workflow.ports import CheckStatus, ExpectedSigner, TrustView
from workflow.powers import ByPower
from workflow.store.unit_of_work import Repositories, Transaction
from workflow.usecases import desk as desks
from workflow.usecases import withdrawal_mail
from workflow.usecases.desk import Desk
from workflow.usecases.effect import fall_out_of_force, put_in_force
from workflow.usecases.examine import WAITED_FOR, Examined, examine, expected_signer
from workflow.usecases.examine_submission import KIND as EXAMINE
from workflow.usecases.pairs.acts import follow_acts
from workflow.usecases.powers.known import by_power, kept_since, known_powers
from workflow.usecases.render import Effect
from workflow.usecases.services import Services
from workflow.usecases.trust import signer_organisation, trust_view

_OPEN = (SignatureStatus.RECEIVED, SignatureStatus.ACCEPTED)


def recheck(services: Services, payload: Any) -> Effect:
    """Examine a stored signature against what is known now; the effect draws the conclusion."""
    signature_id = UUID(payload["signature"])
    with services.uow.reading() as tx:
        signature = tx.signatures.load(signature_id)
        if signature.status not in _OPEN or signature.format is SignatureFormat.SIMPLE:
            return _nothing  # a sealed statement rests on no certificate that could be revoked
        expected = expected_then(tx, services, signature, signature.received_at)
        trust: TrustView = trust_view(
            tx,
            services,
            signature.kept_since,
            signature.serial,
            organisation=signer_organisation(tx, signature),
            accepted_at=signature.received_at if _is_accepted(signature) else None,
            power_since=kept_since(expected),
        )
    examined = examine(
        services,
        _to_examine(signature),
        trust,
        expected,
        received_at=signature.kept_since,
        stamp_wanted=signature.stamp_wanted and not _is_accepted(signature),
    )

    def effect(tx: Transaction) -> None:
        desks.lock_cases(tx, signature.document_id)
        current = tx.signatures.load(signature_id)
        if current.status in _OPEN and _same_bytes(current, signature):
            _conclude(tx, services, current, examined)

    return effect


def _to_examine(signature: Signature) -> tuple[SignedFile, ...]:
    """Its files; the report and the evidence of an acceptance are kept, others are not."""
    if _is_accepted(signature):
        return signature.files
    return tuple(replace(one, report="", evidence="") for one in signature.files)


def _same_bytes(one: Signature, other: Signature) -> bool:
    """Whether nothing was put in between: after a timestamp another look has been asked for."""
    return [(f.signature, f.long_term) for f in one.files] == [
        (f.signature, f.long_term) for f in other.files
    ]


def _is_accepted(signature: Signature) -> bool:
    return signature.status is SignatureStatus.ACCEPTED


def _nothing(tx: Transaction) -> None:
    """The effect of work that is not wanted any more."""


def expected_then(
    tx: Repositories, services: Services, signature: Signature, card_of: datetime | None
) -> ExpectedSigner:
    """The same expectation as at the signing: the mandate that was used then.

    The person's name and numbers are those of the moment `card_of` (None: now).
    """
    document = tx.documents.load(signature.document_id)
    desk = desks.lay_for_system(tx, services, document, desks.actor_of(tx, signature.person_id))
    mandate = tx.mandates.load(signature.mandate_id) if signature.mandate_id else None
    if mandate is not None and not mandate.in_force(
        desk.organisation.local_day(signature.received_at), signature.received_at
    ):
        mandate = None
    by = power_then(tx, services, desk, signature)
    principal_id = mandate.organisation_id if mandate else by.principal_id if by else None
    represented = tx.organisations.load(principal_id) if principal_id else desk.organisation
    step = _step(desk, signature)
    role: Role | None = step.spec.who.role
    demand = desk.kind.demand(step.spec)
    assert demand is not None
    return expected_signer(tx, signature.person_id, represented, demand, mandate, role, card_of, by)


def power_then(
    tx: Repositories, services: Services, desk: Desk, signature: Signature
) -> ByPower | None:
    """The power of attorney by which it was given; what its codes meant at acceptance stays so."""
    if signature.power_id is None:
        return None
    power = tx.powers.load(signature.power_id)
    (known,) = known_powers(tx, services, [power], desk.kind.code)
    by = by_power(tx, known, desk.kind, desk.around.now, signature.received_at)
    if signature.status is not SignatureStatus.ACCEPTED or not signature.files[0].power:
        return by
    kept = services.signatures.open_power(services.blobs.get(signature.files[0].power))
    return by if isinstance(kept, Refusal) else replace(by, codes=by.codes | kept.codes)


def _step(desk: Desk, signature: Signature) -> Step:
    steps = steps_of(desk.document, desk.kind, desk.around.visa_roles)
    return next(s for s in steps if s.key == signature.step)


def steps_served(desk: Desk, signature: Signature) -> list[tuple[Step, UUID | None]]:
    """The steps at which the signature was counted or received, each with its mandate."""
    by_step = {m.step: m.mandate_id for m in desk.document.marks if m.evidence == str(signature.id)}
    steps = steps_of(desk.document, desk.kind, desk.around.visa_roles)
    return [(step, by_step[step.key]) for step in steps if step.key in by_step]


def _conclude(
    tx: Transaction, services: Services, signature: Signature, examined: Examined
) -> None:
    status = _status(signature, examined)
    proven = examined.time if examined.time.at else ProvenTime(signature.proven_at)
    explanation = None if status is SignatureStatus.ACCEPTED else _explained(signature, examined)
    changed = replace(
        signature,
        proven_at=proven.at,
        time_authority=proven.authority or signature.time_authority,
        status=status,
        files=examined.files,
        checked_at=services.clock() if _is_settled(signature, examined) else signature.checked_at,
        explanation=explanation,
    )
    tx.signatures.save(changed, signature)
    if status is signature.status:
        return
    document = tx.documents.load(signature.document_id)
    actor: Actor = desks.actor_of(tx, signature.person_id)
    desk = desks.lay_for_system(tx, services, document, actor)
    if desk.document.fixing is None or desk.document.fixing.sequence != signature.fixing:
        return
    _mark(tx, services, desk, changed)
    if status is not SignatureStatus.ACCEPTED:
        _examine_packages_again(tx, desk)
    if status in withdrawal_mail.TOLD_ABOUT:
        known = desk.state in (DocumentState.IN_FORCE, DocumentState.AMENDED)
        concerned = _concerned(tx, desk) if known else frozenset()
        withdrawal_mail.ask_to_tell(tx, services, desk.organisation, changed, concerned)
    tx.audit.add(
        desk.organisation.id,
        f"signature.{status}",
        {
            "document": str(document.id),
            "signature": str(signature.id),
            "report": examined.files[0].report_now,
        },
    )


def _explained(signature: Signature, examined: Examined) -> Refusal | None:
    """Why it does not count; in its own words when the proof of its time came too late."""
    proven, until = examined.time.at, signature.valid_until
    if examined.status is CheckStatus.UNDECIDED and examined.reason == WAITED_FOR:
        told = signature.explanation  # what the authority itself has answered is said already
        return told if told is not None and not signature.stamped_at else WAITED_FOR
    late = proven is not None and until is not None and signature.received_at <= until < proven
    if not late or examined.status is not CheckStatus.INVALID:
        return examined.reason
    return Refusal(
        "timestamp.too_late",
        N_(
            "The time-stamping authority answered at {at} only; the certificate had ended by then"
            " ({until}), so the signature does not count."
        ),
        N_("Sign the document anew with a certificate that is in force."),
        {"at": proven, "until": until},
    )


def _concerned(tx: Repositories, desk: Desk) -> frozenset[UUID]:
    """Whom the document is about, and who was to acknowledge it."""
    steps = steps_of(desk.document, desk.kind, desk.around.visa_roles)
    readers = [s.employment_id for s in steps if s.verb is Verb.ACKNOWLEDGE and s.employment_id]
    people = {e.person_id for e in tx.employments.load_many(readers).values()}
    return desk.around.counterparties | people


def _examine_packages_again(tx: Transaction, desk: Desk) -> None:
    """What was sent with the signature and is not answered yet must not be accepted as it was."""
    sent = {
        submission.id: submission
        for document in (desk.document, *(annex.document for annex in desk.annexes))
        for submission in tx.submissions.of_document(document.id)
    }
    for submission in sent.values():
        if submission.state is SubmissionState.EXAMINED:
            tx.submissions.save(replace(submission, examined_at=None), submission)
            tx.outbox.add(EXAMINE, {"submission": str(submission.id)})


def _is_settled(signature: Signature, examined: Examined) -> bool:
    """Whether the list that was used was issued after the signing: the second look is done."""
    issued = examined.facts.revocation_as_of
    return issued is not None and issued > (examined.time.at or signature.exists_since)


def _status(signature: Signature, examined: Examined) -> SignatureStatus:
    """What the new look means; an accepted signature stays so while the answer is unknown."""
    accepted = _is_accepted(signature)
    match examined.status:
        case CheckStatus.VALID:
            return SignatureStatus.ACCEPTED
        case CheckStatus.INVALID:
            return SignatureStatus.WITHDRAWN if accepted else SignatureStatus.REFUSED
        case _:
            return signature.status


def _mark(tx: Transaction, services: Services, desk: Desk, signature: Signature) -> None:
    accepted = _is_accepted(signature)
    verdict = Verdict.SIGNED if accepted else Verdict.WITHDRAWN
    document = desk.document
    for step, mandate_id in steps_served(desk, signature):
        mark = desks.mark(services, desk, step, verdict, evidence=str(signature.id))
        document = document.marked(replace(mark, mandate_id=mandate_id))
    document = desks.save(tx, desk, document)
    became = desks.on_desk(desk, document)
    follow_acts(tx, services, became, signature.received_at)
    # Another signature of the same person may hold already: then nothing follows from this one.
    was, is_now = (d.state is DocumentState.IN_FORCE for d in (desk, became))
    if is_now and not was:
        put_in_force(tx, services, became, _last_received(tx, signature))
    elif was and not is_now:
        fall_out_of_force(tx, services, desk)


def _last_received(tx: Repositories, signature: Signature) -> datetime:
    """When the last of the signatures that put the document in force came in."""
    return max(
        s.received_at
        for s in tx.signatures.of_document(signature.document_id)
        if s.fixing == signature.fixing and s.status is SignatureStatus.ACCEPTED
    )
