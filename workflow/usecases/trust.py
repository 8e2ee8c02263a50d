"""What signatures are examined against: anchors and revocation lists of this installation.

An organisation may have anchors of its own beside those of the installation. They count where a
signature is judged for it: of its own people at its steps, and in packages that it receives.
"""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

from workflow.domain.administration import may_administer
from workflow.domain.mandates import Actor
from workflow.domain.refusals import N_, Refusal
from workflow.domain.regulations import Role, SignatureKind
from workflow.domain.signatures import Signature, SignedFile
from workflow.domain.trust import MOST_OF_UNKNOWN, UNKNOWN_ISSUER, StoredCrl, TrustAnchor
from workflow.ports import CrlFacts, TrustView
from workflow.revocation_lists import StoredSignature
from workflow.store.audit import INSTALLATION
from workflow.store.blobs import BlobChangedError, BlobMissingError
from workflow.store.errors import MissingRowError
from workflow.store.unit_of_work import Repositories, Transaction
from workflow.usecases import desk as desks
from workflow.usecases import second_look
from workflow.usecases.errors import NotFoundError
from workflow.usecases.services import Services

LARGEST_CRL = 50 * 1024 * 1024
LARGEST_CERTIFICATE = 64 * 1024
#: In so many of the newest signatures it is looked for the authority that signed a list.
MOST_LOOKED_INTO = 300
#: A list may be dated so far ahead of our clock.
CLOCKS_DIFFER = timedelta(minutes=5)


def trust_view(
    tx: Repositories,
    services: Services,
    received_at: datetime | None = None,
    serial: str = "",
    *,
    organisation: UUID | None = None,
    accepted_at: datetime | None = None,
    power_since: datetime | None = None,
) -> TrustView:
    """The anchors and the newest lists of each issuer; with `received_at` the first later ones.

    With the number of a certificate (`serial`) also what responders answered about it. The own
    anchors of `organisation` count as well: it is the one whose step is signed
    (`signer_organisation`) or that received the package. For a signature that was accepted at
    `accepted_at` the anchors count that were removed later: to trust an authority no longer says
    nothing against what it had vouched for. `power_since` is when the power of attorney came here
    by which somebody signs: the first lists after it tell of the head's certificate.
    """
    moments = (received_at,) if power_since is None else (received_at, power_since)
    lists = dict.fromkeys(crl.blob for at in moments for crl in tx.crls.to_judge_by(at))
    crls = tuple(services.blobs.get(blob) for blob in lists)
    answers = tx.ocsp_answers.to_judge_by(serial) if serial else []
    ocsp = tuple(services.blobs.get(answer.blob) for answer in answers)
    newest = tx.accredited_lists.newest()
    accredited = services.blobs.get(newest.compact) if newest else b""
    anchors = trusted_anchors(tx, organisation, accepted_at)
    return TrustView(anchors, crls, ocsp, accredited, timestamp_anchors(tx, accepted_at))


def trusted_anchors(
    tx: Repositories, organisation: UUID | None = None, since: datetime | None = None
) -> tuple[TrustAnchor, ...]:
    """The anchors that count here; those for training only where the database was made for it.

    An organisation's own ones vouch for advanced signatures and for nothing else. With `since`
    those that were removed later count as well.
    """
    installation = tx.installations.find()
    training = installation is not None and installation.training
    trusted = tx.trust_anchors.trusted_by(organisation, since)
    signing = (a for a in trusted if not a.timestamps)
    return tuple(a for a in signing if (training or not a.training) and _in_its_place(a))


def timestamp_anchors(tx: Repositories, since: datetime | None = None) -> tuple[TrustAnchor, ...]:
    """The anchors that the operator named for timestamps: they vouch for nothing else.

    Beside them the authorities of the accredited list vouch for timestamps, and in a training
    database those for training. With `since` those that were removed later count as well.
    """
    return tuple(a for a in tx.trust_anchors.trusted_by(None, since) if a.timestamps)


def _in_its_place(anchor: TrustAnchor) -> bool:
    own = anchor.organisation_id is not None
    other_use = anchor.training or anchor.timestamps
    return not own or (anchor.kind is SignatureKind.ADVANCED and not other_use)


def signer_organisation(tx: Repositories, signature: Signature) -> UUID:
    """For which organisation somebody signed: by its mandate, as its employee, on its document."""
    if signature.mandate_id is not None:
        return tx.mandates.load(signature.mandate_id).organisation_id
    if signature.power_id is not None:
        return tx.powers.load(signature.power_id).organisation_id
    if signature.employment_id is not None:
        return tx.employments.load(signature.employment_id).organisation_id
    return tx.documents.load(signature.document_id).organisation_id


def add_anchor(
    services: Services,
    actor: Actor,
    certificate: bytes,
    kind: SignatureKind,
    organisation: UUID | None = None,
    *,
    timestamps: bool = False,
) -> TrustAnchor | Refusal:
    """Trust a CA certificate (PEM or DER) for one kind of signature; the operator's act.

    With an `organisation` it is trusted for the advanced signatures of that one alone, with
    `timestamps` for timestamps and for no signature, whatever `kind` says. A training certificate
    can never be trusted this way: training anchors are fixed when the database is made.
    NotFoundError for an organisation that is not there.
    """
    if timestamps and organisation is not None:
        return Refusal(
            "anchor.timestamps_for_all",
            N_("An authority for timestamps is trusted for all organisations or for none."),
            N_("Leave the organisation out."),
        )
    kind = SignatureKind.ADVANCED if timestamps else kind
    if organisation is not None and kind is not SignatureKind.ADVANCED:
        return Refusal(
            "anchor.own_is_advanced",
            N_("An organisation’s own authority vouches for advanced signatures only."),
            N_("Choose the advanced kind, or trust the certificate for all organisations."),
        )
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
        if organisation is not None:
            _known_organisation(tx, organisation)
        trusted = tx.trust_anchors.trusted_by(organisation)
        if (facts.fingerprint, timestamps) in {(a.fingerprint, a.timestamps) for a in trusted}:
            return Refusal("anchor.known", N_("This certificate is trusted already."))
        anchor = TrustAnchor(
            id=services.new_id(),
            organisation_id=organisation,
            pem=facts.pem,
            fingerprint=facts.fingerprint,
            subject=facts.subject,
            kind=kind,
            added_at=services.clock(),
            added_by=known.person_id,
            timestamps=timestamps,
        )
        anchor = tx.trust_anchors.save(anchor, None)
        tx.audit.add(organisation or INSTALLATION, "anchor.added", _told(anchor))
        tx.commit()
        return anchor


def _known_organisation(tx: Repositories, organisation: UUID) -> None:
    try:
        tx.organisations.load(organisation)
    except MissingRowError as error:
        raise NotFoundError(str(error)) from error


def _told(anchor: TrustAnchor) -> dict[str, str]:
    purpose = "timestamps" if anchor.timestamps else anchor.kind.value
    return {"fingerprint": anchor.fingerprint, "kind": purpose}


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
        whose = before.organisation_id or INSTALLATION
        tx.audit.add(whose, "anchor.removed", _told(before))
        tx.commit()
        return after


def import_crl(services: Services, actor: Actor, crl: bytes) -> StoredCrl | Refusal:
    """Take a revocation list from a file; the operator's or an officer's act.

    One that an authority known here has signed counts to the lists of that authority. Any other is
    kept apart, where it takes the place of no list; when too many are, it is refused. Its signature
    is checked again with the chain of each certificate that it is used for. Signatures that wait
    for it are tried again at once.
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
    with services.uow.reading() as tx:
        refusal = _may_import(tx, services, actor)
        if refusal:
            return refusal
        own = _of_known(tx, services, facts.der)
    with services.uow() as tx:
        refusal = _may_import(tx, services, actor)
        if refusal:
            return refusal
        if own is None and _is_one_too_many(tx, facts.der):
            return Refusal(
                "crl.of_unknown",
                N_("No authority known here has signed the list of {issuer}."),
                N_(
                    "Trust the certificate of the authority that issued the list, or first hand in "
                    "a signature with it; then import the list again."
                ),
                {"issuer": facts.issuer_name},
            )
        stored = keep_crl(tx, services, own or replace(facts, issuer=UNKNOWN_ISSUER))
        tx.audit.add(INSTALLATION, "crl.imported", {"issuer": facts.issuer, "file": stored.blob})
        tx.commit()
        return stored


def _may_import(tx: Repositories, services: Services, actor: Actor) -> Refusal | None:
    known = desks.actor_of(tx, actor.person_id)
    today = services.clock().date()
    officer = any(m.role is Role.OFFICER and m.in_force(today) for m in known.mandates)
    return None if officer else may_administer(known)


def _of_known(tx: Repositories, services: Services, crl: bytes) -> CrlFacts | None:
    """The list with the key that signed it, if that is of any authority known here.

    Whom somebody trusts, or trusted once, is known, and who stands above a stored signature.
    """
    listed = tx.accredited_lists.newest()
    anchors = tx.trust_anchors.all()
    trust = TrustView(
        tuple(a for a in anchors if not a.timestamps),
        crls=(),
        accredited=services.blobs.get(listed.compact) if listed else b"",
        timestamping=tuple(a for a in anchors if a.timestamps),
    )
    by_certificate = {
        (one.owner, one.serial): one.files[0]
        for one in tx.signatures.newest_certified(limit=MOST_LOOKED_INTO)
        if one.files
    }
    stored = [found for one in by_certificate.values() if (found := _stored(services, one))]
    return services.signatures.list_of_known(crl, trust, stored, services.clock())


def _stored(services: Services, one: SignedFile) -> StoredSignature | None:
    """The signature, None when its file is lost: that keeps no list away."""
    try:
        return StoredSignature(services.blobs.get(one.signature), one.format)
    except (BlobMissingError, BlobChangedError):
        return None


def _is_one_too_many(tx: Repositories, crl: bytes) -> bool:
    kept = {one.blob for one in tx.crls.of_unknown()}
    return hashlib.sha256(crl).hexdigest() not in kept and len(kept) >= MOST_OF_UNKNOWN


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
