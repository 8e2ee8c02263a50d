"""A person's own signing keys, without the keys."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from workflow.domain.accounts import PersonKey
from workflow.domain.mandates import Actor
from workflow.domain.regulations import SignatureKind
from workflow.usecases.services import Services

#: A new certificate takes weeks to get.
ENDS_SOON = timedelta(days=30)


class KeyTerm(StrEnum):
    """How a certificate stands towards its validity."""

    NOT_YET = "not_yet"
    CURRENT = "current"
    ENDS_SOON = "ends_soon"
    ENDED = "ended"


@dataclass(frozen=True)
class KeyCard:
    """What a key's certificate says; `is_used` marks the one that signs (the newest).

    `token` is what the token is called on which the key lies, None for a key that lies here.
    """

    id: UUID
    owner: str
    serial: str
    valid_from: datetime
    valid_until: datetime
    kind: SignatureKind | None
    training: bool
    added_at: datetime
    term: KeyTerm
    is_used: bool = False
    token: str | None = None


def my_keys(services: Services, actor: Actor) -> tuple[KeyCard, ...]:
    """Return the actor's keys that were not removed, the newest first."""
    now = services.clock()
    with services.uow.reading() as tx:
        keys = tx.person_keys.of_person(actor.person_id)
    return tuple(key_card(key, now, is_used=place == 0) for place, key in enumerate(keys))


def key_card(key: PersonKey, now: datetime, is_used: bool = True) -> KeyCard:
    return KeyCard(
        id=key.id,
        owner=key.owner,
        serial=key.serial,
        valid_from=key.valid_from,
        valid_until=key.valid_until,
        kind=key.kind,
        training=key.training,
        added_at=key.added_at,
        term=_term(key, now),
        is_used=is_used,
        token=key.token,
    )


def _term(key: PersonKey, now: datetime) -> KeyTerm:
    if now < key.valid_from:
        return KeyTerm.NOT_YET
    if now > key.valid_until:
        return KeyTerm.ENDED
    return KeyTerm.ENDS_SOON if key.valid_until - now < ENDS_SOON else KeyTerm.CURRENT
