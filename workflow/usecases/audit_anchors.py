"""Heads of the audit chains that stand under evidence records: anchors with a proven time.

Whoever holds the database and the key of the trail can write the whole chain anew, consistently.
The head that a timestamp of that night stands over then names an event that is not there.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from workflow.domain.evidence_records import RecordItem
from workflow.domain.refusals import N_, Refusal
from workflow.evidence_records import RecordFacts
from workflow.store.audit import INSTALLATION, ChainHead, ChainHeadError, moments_of
from workflow.store.errors import StoreError
from workflow.usecases.evidence_chain import assembled, way_of
from workflow.usecases.services import Services
from workflow.usecases.trust import trust_view

ANOTHER_HEAD = ("record.record_other_file", "signing.hash_tree_leaf", "signing.record_token")
"""What is answered when neither tree nor timestamp were made over what they are said to cover."""

LONG = timedelta(days=3)
"""Events come under a timestamp the night after; an authority may be silent for a weekend."""


@dataclass(frozen=True)
class StoredAnchor:
    """A head as a night's record covers it."""

    head: ChainHead
    item: RecordItem


@dataclass(frozen=True)
class StoredAnchors:
    """The anchors of a chain, the newest first; `lost` heads could not be read any more."""

    found: tuple[StoredAnchor, ...]
    lost: int

    def telling_of(self, event: int) -> StoredAnchor | None:
        """Return the first anchor that knows this event: its number is not lower."""
        return next((one for one in reversed(self.found) if one.head.number >= event), None)


def anchors_of(services: Services, chain: UUID) -> StoredAnchors:
    """Return the heads of a chain that records cover."""
    with services.uow.reading() as tx:
        items = tx.evidence_records.audit_items(None if chain == INSTALLATION else chain)
    found: list[StoredAnchor] = []
    for item in items:
        head = _head(services, item)
        if head is not None and (head.chain, head.number) == (chain, item.head):
            found.append(StoredAnchor(head, item))
    return StoredAnchors(tuple(found), len(items) - len(found))


def proven(services: Services, anchor: StoredAnchor) -> RecordFacts | Refusal:
    """Judge the record over the anchor: since when it is proven to have existed."""
    try:
        with services.uow.reading() as tx:
            way = way_of(tx, anchor.item)
            trust = trust_view(tx, services)
        record = assembled(services, way)
    except StoreError as error:
        return Refusal(error.code, N_("A file of the evidence record is lost or was changed."))
    if isinstance(record, Refusal):
        return record
    stated = str(anchor.head).encode()
    return services.evidence.examine(record, [stated], trust, services.clock())


def judged(services: Services, stored: StoredAnchors) -> dict[StoredAnchor, RecordFacts | Refusal]:
    """Judge the record over each anchor.

    One that holds says nothing of the others: whoever writes the chain anew can write the older
    heads anew as well, and have a timestamp put over the newest one the night after.
    """
    return {anchor: proven(services, anchor) for anchor in stored.found}


@dataclass(frozen=True)
class Late:
    """Events from `first` to `last` that happened long before a timestamp stood over them."""

    first: int
    last: int
    happened_at: datetime
    since: datetime


def longest_wait(
    services: Services, chain: UUID, facts: Mapping[StoredAnchor, RecordFacts | Refusal]
) -> Late | None:
    """Return the events that waited longest for a timestamp, None when none waited for long.

    Until then they could be written anew: with all anchors taken away, a new one hides nothing
    but the time that passed.
    """
    stamped = sorted(
        (anchor.head.number, found.since)
        for anchor, found in facts.items()
        if isinstance(found, RecordFacts)
    )
    firsts = [1, *(number + 1 for number, _ in stamped)]
    with services.uow.reading() as tx:
        happened = moments_of(tx.connection, chain, firsts)
    waits = [
        Late(first, number, happened[first], since)
        for first, (number, since) in zip(firsts, stamped, strict=False)
        if first in happened and since - happened[first] > LONG
    ]
    return max(waits, key=lambda late: late.since - late.happened_at, default=None)


def is_another(refusal: Refusal) -> bool:
    """Whether the record stands over another head than the one that is stored beside it."""
    return refusal.code in ANOTHER_HEAD


def _head(services: Services, item: RecordItem) -> ChainHead | None:
    try:
        return ChainHead.parse(services.blobs.get(item.pieces[0].blob).decode())
    except (StoreError, ChainHeadError, UnicodeDecodeError):
        return None
