"""Sign one document of a confirmed list; the page asks for one after another.

Each is accepted or refused on its own, and the answer stays: a double click, a second tab and a
server that was restarted in between find it. The single-use signing (attempt) that was begun for
a document is noted in the list before anything is signed, so that nothing is ever signed twice.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

from workflow.domain.bulk_signing import (
    Bulk,
    BulkItem,
    BulkWay,
    HeldKey,
    key_is_locked,
    may_sign_item,
    may_use_held_key,
)
from workflow.domain.mandates import Actor
from workflow.domain.refusals import N_, Refusal
from workflow.domain.signatures import Attempt, Signature, SignatureStatus, may_use_attempt
from workflow.store.errors import MissingRowError
from workflow.store.unit_of_work import Repositories
from workflow.usecases import desk as desks
from workflow.usecases.agree import may_trust
from workflow.usecases.bulk_signing import (
    Visit,
    may_sign_in_bulk,
    own_bulk,
    own_item,
    purpose_of,
)
from workflow.usecases.errors import NotFoundError
from workflow.usecases.record_signature import record_signature
from workflow.usecases.services import Services
from workflow.usecases.sign import Begun, begin_on, demand_of
from workflow.usecases.sign_by_hash import (
    BegunByHash,
    begin_signing_by_hash,
    record_by_hash,
)

#: Codes of refusals that say nothing about the document: it is asked for again.
LOCKED = ("signing.held_key_locked",)
PASSING = ("signing.expired",)

GONE = Refusal(
    "bulk.document_gone",
    N_("The document is not there for you any more: your authority may have ended."),
    N_("Ask the clerk who signs it now."),
)


def sign_in_bulk(
    services: Services,
    actor: Actor,
    bulk_id: UUID,
    document_id: UUID,
    one_time_key: bytes,
    visit: Visit,
) -> BulkItem | Refusal:
    """Sign a document with the key that was unlocked for its list; the first answer stays.

    A Refusal says that the key is locked (or the list not confirmed): nothing became of the
    document yet. What becomes of the document itself stands in the BulkItem.
    """
    with services.uow.reading() as tx:
        bulk, item = own_item(tx, actor, visit, bulk_id, document_id)
        if item.is_done:
            return item
        known = _known_answer(tx, bulk, item)
        held = tx.held_keys.find(bulk_id)
        refusal = may_sign_item(bulk, BulkWay.KEY_HERE) or _may_use(tx, services, held, bulk, visit)
    if known:
        return _settled(services, actor, visit, item, known)
    if refusal or held is None:
        return refusal or key_is_locked()
    answer = _signed(services, actor, item, held, one_time_key)
    return _settled(services, actor, visit, item, answer)


def _may_use(
    tx: Repositories, services: Services, held: HeldKey | None, bulk: Bulk, visit: Visit
) -> Refusal | None:
    """Whether the key serves still, and its owner keeps it here still."""
    refusal = may_use_held_key(held, visit.account_id, visit.session, services.clock())
    if refusal or held is None:
        return refusal
    kept = {key.id for key in tx.person_keys.of_person(bulk.person_id)}
    return None if held.person_key_id in kept else key_is_locked()


def _signed(
    services: Services, actor: Actor, item: BulkItem, held: HeldKey, one_time_key: bytes
) -> Signature | Refusal:
    try:
        begun = _begun(services, actor, item)
        if isinstance(begun, Refusal):
            return begun
        signed = services.key_holder.sign(
            held.locked,
            one_time_key,
            purpose_of(held),
            [services.blobs.get(file.pdf) for file in begun.manifest.files],
            begun.format,
            services.clock(),
        )
        if isinstance(signed, Refusal):
            return signed
        return record_signature(services, actor, begun.attempt.id, signed.outputs)
    except NotFoundError:
        return GONE


def _begun(services: Services, actor: Actor, item: BulkItem) -> Begun | Refusal:
    """The signing of this document: the one that was begun before, as long as it is unused."""
    with services.uow() as tx:
        desk = desks.lay_locked(tx, services, actor, item.document_id)
        item = tx.bulk_items.load(item.id)
        refusal = may_sign_in_bulk(tx, desk, BulkWay.KEY_HERE) or may_trust(desk, item.manifest)
        if refusal:
            return refusal
        attempt, manifest, demand = _attempt(tx, item), desk.document.manifest, demand_of(desk)
        now = services.clock()
        if attempt is not None and may_use_attempt(attempt, actor.person_id, now) is None:
            assert manifest is not None
            assert demand is not None
            return Begun(attempt, manifest, demand.format)
        begun = begin_on(tx, services, desk, item.manifest)
        if isinstance(begun, Begun):
            tx.bulk_items.save(replace(item, attempt_id=begun.attempt.id), item)
            tx.commit()
        return begun


def begin_in_bulk(
    services: Services,
    actor: Actor,
    bulk_id: UUID,
    document_id: UUID,
    certificate: bytes,
    visit: Visit,
) -> BegunByHash | BulkItem | Refusal:
    """Begin a document whose key is in the signer's browser: what it has to sign.

    A BulkItem is the answer that the document has got already; a Refusal speaks of the certificate
    or of the list.
    """
    with services.uow.reading() as tx:
        bulk, item = own_item(tx, actor, visit, bulk_id, document_id)
        if item.is_done:
            return item
        known = _known_answer(tx, bulk, item)
        refusal = may_sign_item(bulk, BulkWay.BROWSER)
    if known:
        return _settled(services, actor, visit, item, known)
    if refusal:
        return refusal
    digest = services.signatures.certificate_digest(certificate)
    if isinstance(digest, Refusal):
        return digest
    try:
        begun = begin_signing_by_hash(services, actor, document_id, item.manifest, certificate)
    except NotFoundError:
        begun = GONE
    if isinstance(begun, Refusal):
        return _settled(services, actor, visit, item, begun)
    with services.uow() as tx:
        own_bulk(tx, actor, visit, bulk_id, locked=True)
        item = tx.bulk_items.load(item.id)
        tx.bulk_items.save(replace(item, attempt_id=begun.begun.attempt.id), item)
        tx.commit()
    return begun


def hand_in_to_bulk(
    services: Services,
    actor: Actor,
    bulk_id: UUID,
    document_id: UUID,
    attempt_id: UUID,
    signatures: Sequence[bytes],
    visit: Visit,
) -> BulkItem | Refusal:
    """Take what the signer's browser has signed for a document; the first answer stays."""
    with services.uow.reading() as tx:
        bulk, item = own_item(tx, actor, visit, bulk_id, document_id)
        attempt = _load_attempt(tx, attempt_id)
        if (
            attempt is None
            or attempt.document_id != document_id
            or attempt.manifest != item.manifest
            or attempt.person_id != actor.person_id
        ):
            raise NotFoundError(f"signing {attempt_id} is not of list {bulk_id}")
        if item.is_done:
            return item
        refusal = may_sign_item(bulk, BulkWay.BROWSER)
    if refusal:
        return refusal
    try:
        answer = record_by_hash(services, actor, attempt_id, signatures)
    except NotFoundError:
        answer = GONE
    return _settled(services, actor, visit, item, answer)


def _known_answer(tx: Repositories, bulk: Bulk, item: BulkItem) -> Signature | None:
    """The signature that exists already, although the list does not say so yet.

    The one of the signing that was begun for it, or another of the same person over the same
    files: the server was stopped in between, or another page was quicker.
    """
    attempt = _attempt(tx, item)
    if attempt is not None and attempt.signature_id is not None:
        return tx.signatures.load(attempt.signature_id)
    own = [
        signature
        for signature in tx.signatures.of_document(item.document_id)
        if signature.person_id == bulk.person_id
        and signature.manifest == item.manifest
        and signature.received_at >= bulk.opened_at
        and signature.status in (SignatureStatus.ACCEPTED, SignatureStatus.RECEIVED)
    ]
    return own[-1] if own else None


def _attempt(tx: Repositories, item: BulkItem) -> Attempt | None:
    return None if item.attempt_id is None else _load_attempt(tx, item.attempt_id)


def _load_attempt(tx: Repositories, attempt_id: UUID) -> Attempt | None:
    try:
        return tx.attempts.load(attempt_id)
    except MissingRowError:
        return None  # unused ones are removed after a day


def _settled(
    services: Services, actor: Actor, visit: Visit, item: BulkItem, answer: Signature | Refusal
) -> BulkItem | Refusal:
    """Note the answer, once; with the last one the key is gone."""
    if isinstance(answer, Refusal) and answer.code in LOCKED:
        return key_is_locked()
    with services.uow() as tx:
        bulk = own_bulk(tx, actor, visit, item.bulk_id, locked=True)
        item = tx.bulk_items.load(item.id)
        if item.is_done:
            return item
        known = _known_answer(tx, bulk, item) if isinstance(answer, Refusal) else answer
        if known is None and isinstance(answer, Refusal):
            if answer.code in PASSING:
                return answer
            done = replace(item, refusal=answer, done_at=services.clock())
        else:
            assert known is not None
            done = replace(item, signature_id=known.id, done_at=services.clock())
        done = tx.bulk_items.save(done, item)
        if all(one.is_done for one in tx.bulk_items.of_bulk(bulk.id)):
            tx.held_keys.remove(bulk.id)
        tx.commit()
        return done
