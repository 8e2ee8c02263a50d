"""Begin a signing, and sign with a key kept here under its owner's password."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from workflow.domain.documents import Manifest
from workflow.domain.mandates import Actor
from workflow.domain.permissions import may_sign, steps_for
from workflow.domain.refusals import N_, Refusal
from workflow.domain.regulations import SignatureDemand, SignatureFormat, SignatureKind, Verb
from workflow.domain.signatures import Attempt, PreparedFile, Signature
from workflow.store.unit_of_work import Repositories, Transaction
from workflow.usecases import desk as desks
from workflow.usecases import pdf_leases
from workflow.usecases.agree import may_trust
from workflow.usecases.desk import Desk
from workflow.usecases.record_signature import record_signature
from workflow.usecases.services import Services
from workflow.usecases.sign_steps import steps_of_one_act

ATTEMPT_LIVES = timedelta(minutes=10)

NO_KEY = Refusal(
    "sign.no_key",
    N_("You have no signing key in the system."),
    N_("Add your key file on the page “My signature”, or sign in your own program."),
)


@dataclass(frozen=True)
class Begun:
    """A signing session and the files to sign, in the order of the manifest."""

    attempt: Attempt
    manifest: Manifest
    format: SignatureFormat


def begin_signing(
    services: Services,
    actor: Actor,
    document_id: UUID,
    seen: str,
    certificate: bytes = b"",
    prepared: tuple[PreparedFile, ...] = (),
) -> Begun | Refusal:
    """Open a single-use session for these bytes, this person and, if given, this certificate.

    `seen` is the digest of the manifest on the page; `certificate` (DER or PEM) binds the session
    to it, so that a signature by another certificate is refused. `prepared` are the files with a
    place for a signature inside each: then the actor has the document for three minutes.
    """
    digest: str | Refusal = ""
    if certificate:
        digest = services.signatures.certificate_digest(certificate)
    if isinstance(digest, Refusal):
        return digest
    with services.uow() as tx:
        desk = desks.lay_locked(tx, services, actor, document_id)
        begun = begin_on(tx, services, desk, seen, digest, prepared)
        if isinstance(begun, Begun):
            tx.commit()
        return begun


def begin_on(
    tx: Transaction,
    services: Services,
    desk: Desk,
    seen: str,
    certificate: str = "",
    prepared: tuple[PreparedFile, ...] = (),
) -> Begun | Refusal:
    """The same for a document that lies locked on the desk, inside the caller's transaction.

    `certificate` is the SHA-256 of the certificate to which the session is bound, if any.
    """
    refusal = may_sign(desk.document, desk.actor, desk.around) or may_trust(desk, seen)
    refusal = refusal or pdf_leases.leased_to_another(tx, desk)
    return refusal or _begin(tx, services, desk, certificate, prepared)


def _begin(
    tx: Transaction,
    services: Services,
    desk: Desk,
    certificate: str,
    prepared: tuple[PreparedFile, ...],
) -> Begun:
    manifest, fixing = desk.document.manifest, desk.document.fixing
    step = steps_for(desk.document, Verb.SIGN, desk.actor, desk.around)[0]
    demand = desk.kind.demand(step.spec)
    assert manifest is not None
    assert demand is not None
    assert fixing is not None
    attempt = Attempt(
        id=services.new_id(),
        document_id=desk.document.id,
        fixing=fixing.sequence,
        step=step.key,
        manifest=manifest.digest,
        person_id=desk.actor.person_id,
        certificate=certificate,
        expires_at=desk.around.now + ATTEMPT_LIVES,
        prepared=prepared,
    )
    attempt = tx.attempts.save(attempt, None)
    if prepared:
        pdf_leases.take(tx, desk, attempt)
    tx.audit.add(
        desk.organisation.id,
        "signing.begun",
        {"document": str(desk.document.id), "attempt": str(attempt.id)},
    )
    return Begun(attempt, manifest, demand.format)


def sign_with_stored_key(
    services: Services, actor: Actor, document_id: UUID, seen: str, password: str
) -> Signature | Refusal:
    """Sign all files of the manifest with the actor's key kept here, unlocked for this one act.

    Steps that demand a qualified signature refuse keys on the server.
    """
    with services.uow.reading() as tx:
        desk = desks.lay(tx, services, actor, document_id)
        refusal = may_use_stored_key(tx, desk)
        keys = tx.person_keys.of_person(actor.person_id)
    if refusal:
        return refusal
    begun = begin_signing(services, actor, document_id, seen)
    if isinstance(begun, Refusal):
        return begun
    files = [services.blobs.get(f.pdf) for f in begun.manifest.files]
    signed = services.signatures.sign(
        keys[0].sealed, password, actor.person_id, files, begun.format, services.clock()
    )
    if isinstance(signed, Refusal):
        return signed
    return record_signature(services, actor, begun.attempt.id, signed.outputs)


def demand_of(desk: Desk) -> SignatureDemand | None:
    """What the step demands that waits for the actor; what the type does while none waits."""
    waiting = steps_for(desk.document, Verb.SIGN, desk.actor, desk.around)
    return desk.kind.demand(waiting[0].spec) if waiting else desk.kind.signature


def may_use_stored_key(tx: Repositories, desk: Desk) -> Refusal | None:
    """Whether the actor may sign the desk's document with a key kept on the server.

    Not where the one signature would serve another of the actor's steps that demands a qualified
    one.
    """
    waiting = steps_for(desk.document, Verb.SIGN, desk.actor, desk.around)
    served = steps_of_one_act(desk, waiting[0], lambda _other: True) if waiting else ()
    demands = [desk.kind.demand(step.spec) for step in served] or [desk.kind.signature]
    for demand in demands:
        if demand is not None and demand.kind is SignatureKind.QUALIFIED:
            return not_by_stored_key(demand)
    return None if tx.person_keys.of_person(desk.actor.person_id) else NO_KEY


def not_by_stored_key(demand: SignatureDemand) -> Refusal:
    """Say that a qualified signature is not made here."""
    return Refusal(
        "sign.key_on_server",
        N_("A qualified signature is made with a key that only its owner holds."),
        N_("Download the files, sign them in your own program and upload the signatures."),
        article=demand.article,
    )
