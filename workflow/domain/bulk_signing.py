"""Several documents signed after one confirmation, each accepted or refused on its own.

A bulk is a list that somebody put together: which documents, with which files. Each is looked at;
then everything is confirmed at once, and the page asks for one signature after another.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from workflow.domain.refusals import N_, Refusal

#: So many documents at once: what somebody can look at in one sitting.
MOST_AT_ONCE = 100

#: How long an unlocked key serves after its password was typed.
KEY_SERVES = timedelta(minutes=10)

BULK_UNFIT = "bulk.unfit"


class BulkWay(StrEnum):
    """With which key all documents of a bulk are signed."""

    KEY_HERE = "key_here"  # kept here, unlocked with its password
    BROWSER = "browser"  # in the signer's own program, through its browser plug-in


@dataclass(frozen=True)
class Bulk:
    """A list of documents that one person signs from one account."""

    id: UUID
    account_id: UUID
    person_id: UUID
    way: BulkWay
    opened_at: datetime
    confirmed_at: datetime | None = None
    version: int = 0


@dataclass(frozen=True)
class BulkItem:
    """A document of a bulk, at its place (from 0).

    `manifest` is the digest of the files that were shown; nothing else is ever signed for it.
    `attempt_id` is the single-use signing that was begun for it: whatever is asked again finds
    what became of that one. `signature_id` or `refusal` is the answer, given at `done_at`.
    """

    id: UUID
    bulk_id: UUID
    place: int
    document_id: UUID
    manifest: str
    seen_at: datetime | None = None
    attempt_id: UUID | None = None
    signature_id: UUID | None = None
    refusal: Refusal | None = None
    done_at: datetime | None = None
    version: int = 0

    @property
    def is_done(self) -> bool:
        return self.done_at is not None


@dataclass(frozen=True)
class HeldKey:
    """A key unlocked for one bulk, encrypted under a key that only the signer's browser holds.

    It serves for this bulk, in this session of the browser (`session` is the SHA-256 of its id),
    until `expires_at`. `certificate` is the SHA-256 of the certificate.
    """

    bulk_id: UUID
    account_id: UUID
    person_key_id: UUID
    session: str
    certificate: str
    locked: bytes = field(repr=False)
    expires_at: datetime


def may_change(bulk: Bulk) -> Refusal | None:
    """Whether documents may still be looked at anew or taken out: not after the confirmation."""
    if bulk.confirmed_at is None:
        return None
    return Refusal(
        "bulk.confirmed",
        N_("The signing of these documents has been confirmed already."),
        N_("Go on with it, or make a new list of documents."),
    )


def may_confirm(items: Sequence[BulkItem]) -> Refusal | None:
    """Whether everything in the list has been looked at and something is left to sign."""
    unseen = sum(item.seen_at is None for item in items)
    if unseen:
        return Refusal(
            "bulk.not_seen",
            N_("Documents that you have not looked at yet: {count}."),
            N_("Look at each of them or take it out of the list."),
            {"count": unseen},
        )
    if all(item.is_done for item in items):
        return Refusal(
            "bulk.nothing_left",
            N_("Nothing is left to sign in this list."),
            N_("Make a new list of documents."),
        )
    return None


def may_sign_item(bulk: Bulk, way: BulkWay) -> Refusal | None:
    """Whether documents of the list may be signed in this way now."""
    if bulk.confirmed_at is not None and bulk.way is way:
        return None
    return Refusal(
        "bulk.not_confirmed",
        N_("The signing of these documents has not been confirmed."),
        N_("Look at the documents and confirm them all at once."),
    )


def may_use_held_key(
    held: HeldKey | None, account_id: UUID, session: str, now: datetime
) -> Refusal | None:
    """Whether the key still serves: this account, this session, ten minutes."""
    good = (
        held is not None
        and held.account_id == account_id
        and held.session == session
        and now < held.expires_at
    )
    return None if good else key_is_locked()


def key_is_locked() -> Refusal:
    """Say that the password is needed once more; what is signed stays signed."""
    return Refusal(
        "bulk.key_locked",
        N_("The key is locked again: it serves for ten minutes after the password."),
        N_("Enter the password of the key for the rest. What is signed already stays signed."),
    )
