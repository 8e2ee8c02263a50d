"""The signing keys of people that are kept here, encrypted, until their owners remove them."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

from workflow.domain.accounts import PersonKey
from workflow.domain.mandates import Actor
from workflow.domain.refusals import N_, Refusal
from workflow.ports import SealedKey, TrustView
from workflow.store.audit import INSTALLATION
from workflow.store.errors import MissingRowError
from workflow.store.unit_of_work import Repositories, Transaction
from workflow.usecases.desk import actor_of
from workflow.usecases.errors import NotFoundError
from workflow.usecases.services import Services
from workflow.usecases.trust import trust_view, trusted_anchors

LARGEST_KEY = 1024 * 1024


def add_key(services: Services, actor: Actor, p12: bytes, password: str) -> PersonKey | Refusal:
    """Keep the actor's PKCS#12, encrypted at rest; it opens with its owner's password only.

    The same key once more (under a new password) takes the place of the one kept before.
    """
    if len(p12) > LARGEST_KEY:
        return Refusal(
            "key.too_large",
            N_("The file is too large to be a key file."),
            N_("Choose the file that ends in .p12 or .pfx."),
        )
    with services.uow.reading() as tx:
        trust = trusted_anywhere(tx, services, actor)
    sealed = services.signatures.seal_key(p12, password, actor.person_id, trust, services.clock())
    if isinstance(sealed, Refusal):
        return sealed
    return keep_key(services, actor, sealed)


def keep_key(
    services: Services, actor: Actor, sealed: SealedKey, token: str | None = None
) -> PersonKey:
    """Keep what was sealed, in place of an earlier key with the same certificate.

    `token` is what the token is called on which the key lies, None for a key that lies here.
    """
    key = PersonKey(
        id=services.new_id(),
        person_id=actor.person_id,
        sealed=sealed.sealed,
        certificate=sealed.certificate,
        owner=sealed.owner,
        serial=sealed.serial,
        valid_from=sealed.valid_from,
        valid_until=sealed.valid_until,
        kind=sealed.kind,
        training=sealed.training,
        added_at=services.clock(),
        token=token,
    )
    with services.uow() as tx:
        for same in tx.person_keys.of_person(actor.person_id):
            if same.certificate == key.certificate:
                _remove(tx, services, same)
        key = tx.person_keys.save(key, None)
        tx.audit.add(INSTALLATION, "key.added", {"key": str(key.id), "serial": key.serial})
        tx.commit()
    return key


def trusted_anywhere(tx: Repositories, services: Services, actor: Actor) -> TrustView:
    """What is trusted at any of the actor's posts: the kind of a key is only told by it."""
    posts = actor_of(tx, actor.person_id).employments
    anchors = [a for post in posts for a in trusted_anchors(tx, post.organisation_id)]
    shared = trust_view(tx, services)
    return replace(shared, anchors=tuple(dict.fromkeys((*shared.anchors, *anchors))))


def remove_key(services: Services, actor: Actor, key_id: UUID) -> None:
    """Remove one's own key; NotFoundError for anybody else's."""
    with services.uow() as tx:
        try:
            key = tx.person_keys.load(key_id)
        except MissingRowError as error:
            raise NotFoundError(str(error)) from error
        if key.person_id != actor.person_id:
            raise NotFoundError(f"key {key_id} is not of {actor.person_id}")
        _remove(tx, services, key)
        tx.audit.add(INSTALLATION, "key.removed", {"key": str(key_id)})
        tx.commit()


def _remove(tx: Transaction, services: Services, key: PersonKey) -> None:
    tx.held_keys.remove_of_key(key.id)
    tx.person_keys.save(replace(key, removed_at=services.clock(), sealed=b""), key)
