"""Sign with a simple signature: a password and a code, once, over the files that were shown."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

from workflow.domain.documents import Verdict
from workflow.domain.mandates import Actor
from workflow.domain.refusals import Refusal
from workflow.domain.regulations import SignatureFormat, SignatureKind
from workflow.domain.routes import Step
from workflow.domain.signatures import Attempt, Signature, SignatureStatus, SignedFile
from workflow.domain.simple_signatures import SimpleAct, SimpleStatement, may_be_simple
from workflow.store.unit_of_work import Transaction
from workflow.usecases import desk as desks
from workflow.usecases.desk import Desk
from workflow.usecases.effect import put_in_force
from workflow.usecases.examine import mandate_for
from workflow.usecases.own_seals import remember_seal
from workflow.usecases.prove import Proof, Proven, prove, still_proven
from workflow.usecases.services import Services
from workflow.usecases.sign_steps import marked_at, steps_of_one_act
from workflow.usecases.simple_session import (
    BegunSimply,
    Ground,
    begin,
    changed_meanwhile,
    digest_of_text,
    statement,
    taken_up,
)

CODE_LENGTH = 12


def begin_simple_signing(
    services: Services, actor: Actor, document_id: UUID, seen: str
) -> BegunSimply | Refusal:
    """Open a single-use session for signing what has the digest `seen`."""
    return begin(services, actor, document_id, seen, SimpleAct.SIGN)


def sign_simply(
    services: Services, actor: Actor, attempt_id: UUID, proof: Proof, text_seen: str
) -> Signature | Refusal:
    """Seal the statement and set the mark at every step that it serves.

    `text_seen` is the SHA-256 (hex) of the sentence that the person was shown. A session that was
    used, is another person's, or whose document changed is refused and nothing changes.
    """
    with services.uow.reading() as tx:
        taken = taken_up(tx, services, actor, attempt_id, SimpleAct.SIGN)
    if isinstance(taken, Refusal):
        return taken
    proven = prove(services, actor, proof)
    if isinstance(proven, Refusal):
        return proven
    with services.uow() as tx:
        desks.lock_cases(tx, taken[1].document_id)
        refusal = still_proven(tx, actor, proven, proof)
        again = refusal or taken_up(tx, services, actor, attempt_id, SimpleAct.SIGN)
        if isinstance(again, Refusal):
            return again
        desk, attempt, ground = again
        said = _said(tx, services, desk, ground, attempt, proven)
        if digest_of_text(said.text) != text_seen:
            return changed_meanwhile()
        signature = _record(tx, services, desk, ground, attempt, said)
        tx.commit()
        return signature


def _said(
    tx: Transaction,
    services: Services,
    desk: Desk,
    ground: Ground,
    attempt: Attempt,
    proven: Proven,
) -> SimpleStatement:
    now, act = desk.around.now, SimpleAct.SIGN
    return statement(tx, services, desk, ground, act, attempt, proven.recognised, now)


def _record(
    tx: Transaction,
    services: Services,
    desk: Desk,
    ground: Ground,
    attempt: Attempt,
    said: SimpleStatement,
) -> Signature:
    sealed = services.blobs.put(services.simple_seals.seal(said))
    remember_seal(tx, services, said.training)
    signature = tx.signatures.save(_signature(services, desk, ground, said, sealed), None)
    tx.attempts.save(replace(attempt, answer=sealed, signature_id=signature.id), attempt)
    document = desk.document
    for step in steps_of_one_act(desk, ground.step, lambda s: _serves(desk, ground, s)):
        verdict, evidence = Verdict.SIGNED, str(signature.id)
        document = marked_at(services, desk, document, step, verdict, evidence)
    document = desks.save(tx, desk, document)
    put_in_force(tx, services, desks.on_desk(desk, document))
    tx.audit.add(
        desk.organisation.id,
        "signature.accepted",
        {
            "document": str(document.id),
            "signature": str(signature.id),
            "manifest": signature.manifest,
            "statement": sealed,
        },
    )
    return signature


def _serves(desk: Desk, ground: Ground, step: Step) -> bool:
    """Whether the statement is enough for another step: demanded simple, for the same place."""
    mandate = mandate_for(step, desk.actor, desk.around)
    place = mandate.organisation_id if mandate else desk.organisation.id
    return place == ground.place.id and may_be_simple(desk.kind.demand(step.spec)) is None


def _signature(
    services: Services, desk: Desk, ground: Ground, said: SimpleStatement, sealed: str
) -> Signature:
    return Signature(
        id=services.new_id(),
        document_id=desk.document.id,
        fixing=desk.document.fixing.sequence if desk.document.fixing else 0,
        step=ground.step.key,
        person_id=desk.actor.person_id,
        employment_id=(
            ground.mandate.employment_id if ground.mandate else ground.step.employment_id
        ),
        mandate_id=ground.mandate.id if ground.mandate else None,
        format=SignatureFormat.SIMPLE,
        kind=SignatureKind.SIMPLE,
        files=tuple(SignedFile(f.sha256, sealed, SignatureFormat.SIMPLE) for f in said.files),
        manifest=said.manifest,
        received_at=said.signed_at,
        status=SignatureStatus.ACCEPTED,
        owner=said.person,
        serial=code_of(sealed),
        valid_from=None,
        valid_until=None,
        training=said.training,
        checked_at=said.signed_at,
    )


def code_of(sealed: str) -> str:
    """The code by which a sealed statement (its SHA-256 in hex) is found again: `7F2C-91AB-…`."""
    code = sealed[:CODE_LENGTH].upper()
    return "-".join(code[i : i + 4] for i in range(0, CODE_LENGTH, 4))
