"""What signatures are examined against: anchors and revocation lists of this installation."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

from workflow.domain.administration import may_administer
from workflow.domain.mandates import Actor
from workflow.domain.refusals import N_, Refusal
from workflow.domain.regulations import Role, SignatureKind
from workflow.domain.trust import StoredCrl, TrustAnchor
from workflow.ports import CrlFacts, TrustView
from workflow.store.audit import INSTALLATION
from workflow.store.errors import MissingRowError
from workflow.store.unit_of_work import Repositories, Transaction
from workflow.usecases import desk as desks
from workflow.usecases import second_look
from workflow.usecases.errors import NotFoundError
from workflow.usecases.services import Services

LARGEST_CRL = 50 * 1024 * 1024
LARGEST_CERTIFICATE = 64 * 1024
#: A list may be dated so far ahead of our clock.
CLOCKS_DIFFER = timedelta(minutes=5)


def trust_view(
    tx: Repositories, services: Services, received_at: datetime | None = None, serial: str = ""
) -> TrustView:
    """The anchors and the newest lists of each issuer; with `received_at` the first later ones.

    With the number of a certificate (`serial`) also what responders answered about it.
    """
    crls = tuple(services.blobs.get(crl.blob) for crl in tx.crls.to_judge_by(received_at))
    answers = tx.ocsp_answers.to_judge_by(serial) if serial else []
    ocsp = tuple(services.blobs.get(answer.blob) for answer in answers)
    newest = tx.accredited_lists.newest()
    accredited = services.blobs.get(newest.compact) if newest else b""
    return TrustView(trusted_anchors(tx), crls, ocsp, accredited)


def trusted_anchors(tx: Repositories) -> tuple[TrustAnchor, ...]:
    """The anchors that count here; those for training only where the database was made for it."""
    installation = tx.installations.find()
    training = installation is not None and installation.training
    trusted = tx.trust_anchors.trusted_by(None)
    return tuple(a for a in trusted if training or not a.training)


def add_anchor(
    services: Services, actor: Actor, certificate: bytes, kind: SignatureKind
) -> TrustAnchor | Refusal:
    """Trust a CA certificate (PEM or DER) for one kind of signature; the operator's act.

    A training certificate can never be trusted this way: training anchors are fixed when the
    database is made.
    """
    if len(certificate) > LARGEST_CERTIFICATE:
        return Refusal("anchor.too_large", N_("The file is too large to be a certificate."))
    facts = services.signatures.read_anchor(certificate)
    if isinstance(facts, Refusal):
        return facts
    if facts.training:
        return Refusal(
            "anchor.training",
            N_("This is a training certificate: it can only be trusted by a training database."),
            N_("Ask the certification authority for its real certificate."),
        )
    with services.uow() as tx:
        known = desks.actor_of(tx, actor.person_id)
        refusal = may_administer(known)
        if refusal:
            return refusal
        if any(a.fingerprint == facts.fingerprint for a in tx.trust_anchors.trusted_by(None)):
            return Refusal("anchor.known", N_("This certificate is trusted already."))
        anchor = TrustAnchor(
            id=services.new_id(),
            organisation_id=None,
            pem=facts.pem,
            fingerprint=facts.fingerprint,
            subject=facts.subject,
            kind=kind,
            added_at=services.clock(),
            added_by=known.person_id,
        )
        anchor = tx.trust_anchors.save(anchor, None)
        tx.audit.add(INSTALLATION, "anchor.added", {"fingerprint": facts.fingerprint})
        tx.commit()
        return anchor


def remove_anchor(services: Services, actor: Actor, anchor_id: UUID) -> TrustAnchor | Refusal:
    """Trust a certificate for new signatures no longer; accepted ones keep their evidence."""
    with services.uow() as tx:
        known = desks.actor_of(tx, actor.person_id)
        refusal = may_administer(known)
        if refusal:
            return refusal
        try:
            before = tx.trust_anchors.load(anchor_id)
        except MissingRowError as error:
            raise NotFoundError(str(error)) from error
        after = replace(before, removed_at=services.clock())
        after = tx.trust_anchors.save(after, before)
        tx.audit.add(INSTALLATION, "anchor.removed", {"fingerprint": before.fingerprint})
        tx.commit()
        return after


def import_crl(services: Services, actor: Actor, crl: bytes) -> StoredCrl | Refusal:
    """Take a revocation list from a file; the operator's or an officer's act.

    Its signature is checked against the chain of each certificate that it is used for. Signatures
    that wait for it are tried again at once.
    """
    if len(crl) > LARGEST_CRL:
        return Refusal("crl.too_large", N_("The revocation list is larger than 50 MB."))
    facts = services.signatures.read_crl(crl)
    if isinstance(facts, Refusal):
        return facts
    if facts.this_update > services.clock() + CLOCKS_DIFFER:
        return Refusal(
            "crl.in_future",
            N_("The revocation list is dated in the future: {date}."),
            N_("Check the file and the clock of the server."),
            {"date": facts.this_update},
        )
    with services.uow() as tx:
        known = desks.actor_of(tx, actor.person_id)
        today = services.clock().date()
        officer = any(m.role is Role.OFFICER and m.in_force(today) for m in known.mandates)
        refusal = None if officer else may_administer(known)
        if refusal:
            return refusal
        stored = keep_crl(tx, services, facts)
        tx.audit.add(INSTALLATION, "crl.imported", {"issuer": facts.issuer, "file": stored.blob})
        tx.commit()
        return stored


def keep_crl(tx: Transaction, services: Services, facts: CrlFacts) -> StoredCrl:
    """Store a list that was read, and ask for a second look at what it may change."""
    stored = StoredCrl(
        id=services.new_id(),
        issuer=facts.issuer,
        blob=services.blobs.put(facts.der),
        this_update=facts.this_update,
        next_update=facts.next_update,
        stored_at=services.clock(),
    )
    if tx.crls.add(stored):
        for signature in tx.signatures.received():
            second_look.ask(tx, signature, stored.blob)
    return stored
