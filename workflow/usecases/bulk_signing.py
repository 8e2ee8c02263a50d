"""A list of documents to sign at once: put together, looked at, confirmed.

Nothing is signed here: `sign_in_bulk` signs one document after another when the page asks for it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from uuid import UUID

from workflow.domain.accounts import PersonKey
from workflow.domain.bulk_signing import (
    BULK_UNFIT,
    KEY_SERVES,
    MOST_AT_ONCE,
    Bulk,
    BulkItem,
    BulkWay,
    HeldKey,
    may_change,
    may_confirm,
    may_sign_item,
)
from workflow.domain.documents import Document
from workflow.domain.mandates import Actor
from workflow.domain.permissions import may_sign
from workflow.domain.refusals import N_, Refusal
from workflow.domain.regulations import SignatureKind
from workflow.store.audit import INSTALLATION
from workflow.store.errors import MissingRowError
from workflow.store.tables.bulk_signing import bulk_signings
from workflow.store.unit_of_work import Lock, Repositories, Transaction
from workflow.usecases import desk as desks
from workflow.usecases.accounts import digest_of
from workflow.usecases.agree import may_trust
from workflow.usecases.desk import Desk
from workflow.usecases.errors import NotFoundError
from workflow.usecases.pdf_leases import leased_to_another
from workflow.usecases.services import Services
from workflow.usecases.sign import NO_KEY, demand_of, may_use_stored_key
from workflow.usecases.wording import document_named

NOT_BY_KEY = Refusal(
    "bulk.simple",
    N_("A simple signature is enough for this document."),
    N_("Sign it on its own page, with your password: it is not signed together with others."),
)

ON_TOKEN = Refusal(
    "bulk.key_on_token",
    N_("Your key lies on a token: its PIN is asked for at each signing and is not kept."),
    N_("Sign the documents one by one, or together in the browser."),
)


@dataclass(frozen=True)
class Visit:
    """The signed-in browser that asks: its account and the id of its session."""

    account_id: UUID
    session_id: str = field(repr=False)

    @property
    def session(self) -> str:
        """SHA-256 (hex) under which the session is known."""
        return digest_of(self.session_id)


@dataclass(frozen=True)
class KeyOpened:
    """A key serves for the list until `expires_at`; only `one_time_key` (32 bytes) opens it."""

    bulk: Bulk
    one_time_key: bytes = field(repr=False)
    expires_at: datetime


def may_sign_in_bulk(tx: Repositories, desk: Desk, way: BulkWay) -> Refusal | None:
    """Whether the desk's document may be signed now, together with others and in this way."""
    refusal = may_sign(desk.document, desk.actor, desk.around) or leased_to_another(tx, desk)
    if refusal:
        return refusal
    demand = demand_of(desk)
    if demand is not None and demand.kind is SignatureKind.SIMPLE:
        return NOT_BY_KEY
    if way is BulkWay.BROWSER:
        return None
    return may_use_stored_key(tx, desk) or _lies_on_token(tx, desk.actor)


def _lies_on_token(tx: Repositories, actor: Actor) -> Refusal | None:
    """A key on a token is not held for ten minutes: its PIN is asked for at each signing."""
    return ON_TOKEN if tx.person_keys.of_person(actor.person_id)[0].token else None


def begin_bulk(
    services: Services, actor: Actor, chosen: Sequence[UUID], way: BulkWay, visit: Visit
) -> Bulk | Refusal:
    """Put a list together out of documents that the actor may sign now, in the order given."""
    wanted = list(dict.fromkeys(chosen))
    refusal = _number_of(wanted)
    if refusal:
        return refusal
    with services.uow.reading() as tx:
        manifests = _signable(tx, services, actor, wanted, way)
    if isinstance(manifests, Refusal):
        return manifests
    bulk = Bulk(services.new_id(), visit.account_id, actor.person_id, way, services.clock())
    with services.uow() as tx:
        bulk = tx.bulks.save(bulk)
        for place, (document_id, manifest) in enumerate(zip(wanted, manifests, strict=True)):
            item = BulkItem(services.new_id(), bulk.id, place, document_id, manifest)
            tx.bulk_items.save(item)
        tx.commit()
    return bulk


def _number_of(wanted: Sequence[UUID]) -> Refusal | None:
    if not wanted:
        return Refusal(
            "bulk.none_chosen", N_("No document is chosen."), N_("Choose what you want to sign.")
        )
    if len(wanted) > MOST_AT_ONCE:
        return Refusal(
            "bulk.too_many",
            N_("More than {most} documents are chosen."),
            N_("Sign them in several lists."),
            {"most": MOST_AT_ONCE},
        )
    return None


def _signable(
    tx: Repositories, services: Services, actor: Actor, wanted: Sequence[UUID], way: BulkWay
) -> list[str] | Refusal:
    """The digests of the files that lie there now, in the order of the documents."""
    digests = []
    for document_id in wanted:
        desk = desks.lay(tx, services, actor, document_id)
        manifest = desk.document.manifest
        if may_sign_in_bulk(tx, desk, way) or manifest is None:
            return Refusal(
                BULK_UNFIT,
                N_("This document cannot be signed with the others now: {document}."),
                N_("The reason stands beside it in the list. Choose the others."),
                {"document": document_named(desk.document)},
            )
        digests.append(manifest.digest)
    return digests


def look_at(
    services: Services, actor: Actor, bulk_id: UUID, document_id: UUID, seen: str, visit: Visit
) -> BulkItem | Refusal:
    """Note that the actor has looked at the files with this digest: these will be signed."""
    with services.uow() as tx:
        bulk, item = own_item(tx, actor, visit, bulk_id, document_id, locked=True)
        desk = desks.lay(tx, services, actor, document_id)
        refusal = may_change(bulk) or may_trust(desk, seen)
        if refusal:
            return refusal
        if item.seen_at is not None and item.manifest == seen:
            return item
        item = tx.bulk_items.save(
            replace(item, manifest=seen, seen_at=services.clock()),
            item,
        )
        tx.commit()
        return item


def take_out(
    services: Services, actor: Actor, bulk_id: UUID, document_id: UUID, visit: Visit
) -> Refusal | None:
    """Take a document out of a list that has not been confirmed; one that is out stays out."""
    with services.uow() as tx:
        bulk = own_bulk(tx, actor, visit, bulk_id, locked=True)
        item = tx.bulk_items.find(bulk_id, document_id)
        if item is None:
            return None
        refusal = may_change(bulk)
        if refusal:
            return refusal
        tx.bulk_items.remove(item)
        tx.commit()
        return None


def confirm_in_browser(
    services: Services, actor: Actor, bulk_id: UUID, visit: Visit
) -> Bulk | Refusal:
    """Confirm once that everything in the list is to be signed with the key in the browser."""
    with services.uow() as tx:
        bulk = own_bulk(tx, actor, visit, bulk_id, locked=True)
        confirmed = _confirmed(tx, services, bulk, BulkWay.BROWSER)
        if isinstance(confirmed, Bulk):
            tx.commit()
        return confirmed


def confirm_with_key(
    services: Services, actor: Actor, bulk_id: UUID, password: str, visit: Visit
) -> KeyOpened | Refusal:
    """Confirm once that everything in the list is to be signed, and unlock the key kept here.

    What is confirmed already and not signed yet goes on with a new password. Steps that demand a
    qualified signature have no place in such a list.
    """
    with services.uow.reading() as tx:
        bulk = own_bulk(tx, actor, visit, bulk_id)
        refusal = _may_go_on(tx, bulk)
        keys = tx.person_keys.of_person(actor.person_id)
    if refusal:
        return refusal
    if not keys:
        return NO_KEY
    if keys[0].token:
        return ON_TOKEN
    held = _held(services, bulk, keys[0], password, visit)
    if isinstance(held, Refusal):
        return held
    key, one_time_key = held
    with services.uow() as tx:
        bulk = own_bulk(tx, actor, visit, bulk_id, locked=True)
        confirmed = _confirmed(tx, services, bulk, BulkWay.KEY_HERE)
        if isinstance(confirmed, Refusal):
            return confirmed
        tx.held_keys.put(key)
        tx.commit()
    return KeyOpened(confirmed, one_time_key, key.expires_at)


def _held(
    services: Services, bulk: Bulk, key: PersonKey, password: str, visit: Visit
) -> tuple[HeldKey, bytes] | Refusal:
    """The actor's key, unlocked for the list and locked again under a fresh one-time key."""
    held = HeldKey(
        bulk_id=bulk.id,
        account_id=visit.account_id,
        person_key_id=key.id,
        session=visit.session,
        certificate=key.certificate,
        locked=b"",
        expires_at=services.clock() + KEY_SERVES,
    )
    locked = services.key_holder.hold(key.sealed, password, bulk.person_id, purpose_of(held))
    if isinstance(locked, Refusal):
        return locked
    return replace(held, locked=locked.locked), locked.one_time_key


def purpose_of(held: HeldKey) -> str:
    """What the lock of a held key is bound to: account, session, list and certificate."""
    return f"bulk:{held.account_id}:{held.session}:{held.bulk_id}:{held.certificate}"


def _may_go_on(tx: Repositories, bulk: Bulk) -> Refusal | None:
    """Whether everything was looked at as it lies there now, and something is left."""
    items = tx.bulk_items.of_bulk(bulk.id)
    if bulk.confirmed_at is None:
        documents = tx.documents.load_many(item.document_id for item in items)
        items = [
            item if is_seen(item, documents[item.document_id]) else replace(item, seen_at=None)
            for item in items
        ]
    return may_confirm(items)


def is_seen(item: BulkItem, document: Document) -> bool:
    """Whether the files that lie there now have been looked at."""
    manifest = document.manifest
    same = manifest is not None and manifest.digest == item.manifest
    return same and item.seen_at is not None


def _confirmed(tx: Transaction, services: Services, bulk: Bulk, way: BulkWay) -> Bulk | Refusal:
    """The locked list, confirmed if it may be; the audit trail remembers once what exactly was."""
    refusal = _may_go_on(tx, bulk)
    if refusal:
        return refusal
    confirmed = _noted(tx, services, bulk)
    return may_sign_item(confirmed, way) or confirmed


def _noted(tx: Transaction, services: Services, bulk: Bulk) -> Bulk:
    if bulk.confirmed_at is not None:
        return bulk
    items = tx.bulk_items.of_bulk(bulk.id)
    digests = "".join(item.manifest for item in items)
    tx.audit.add(
        INSTALLATION,
        "signing.bulk_confirmed",
        {
            "bulk": str(bulk.id),
            "documents": str(len(items)),
            "manifests": hashlib.sha256(digests.encode()).hexdigest(),
        },
    )
    return tx.bulks.save(replace(bulk, confirmed_at=services.clock()), bulk)


def own_bulk(
    tx: Repositories, actor: Actor, visit: Visit, bulk_id: UUID, locked: bool = False
) -> Bulk:
    """The actor's own list, begun from the same account; NotFoundError for any other.

    `locked` needs a Transaction: two acts on one list wait for each other.
    """
    try:
        if locked:
            assert isinstance(tx, Transaction)
            tx.lock(Lock.BULK, bulk_signings, [bulk_id])
        bulk = tx.bulks.load(bulk_id)
    except MissingRowError as error:
        raise NotFoundError(f"list {bulk_id}") from error
    if bulk.person_id != actor.person_id or bulk.account_id != visit.account_id:
        raise NotFoundError(f"list {bulk_id} is not of {actor.person_id}")
    return bulk


def own_item(
    tx: Repositories,
    actor: Actor,
    visit: Visit,
    bulk_id: UUID,
    document_id: UUID,
    locked: bool = False,
) -> tuple[Bulk, BulkItem]:
    """A document of the actor's own list; NotFoundError for any other."""
    bulk = own_bulk(tx, actor, visit, bulk_id, locked)
    item = tx.bulk_items.find(bulk_id, document_id)
    if item is None:
        raise NotFoundError(f"document {document_id} is not in list {bulk_id}")
    return bulk, item
