"""Heads of the audit chains that stand under evidence records: anchors with a proven time.

Whoever holds the database and the key of the trail can write the whole chain anew, consistently.
The head that a timestamp of that night stands over then names an event that is not there.
"""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from workflow.domain.evidence_records import RecordItem
from workflow.domain.refusals import N_, Refusal
from workflow.evidence_records import RecordFacts
from workflow.store.audit import INSTALLATION, ChainHead, ChainHeadError
from workflow.store.errors import StoreError
from workflow.usecases.evidence_chain import assembled, way_of
from workflow.usecases.services import Services
from workflow.usecases.trust import trust_view

ANOTHER_HEAD = ("record.record_other_file", "signing.hash_tree_leaf", "signing.record_token")
"""What is answered when neither tree nor timestamp were made over what they are said to cover."""


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


def unproven(services: Services, stored: StoredAnchors) -> dict[StoredAnchor, Refusal]:
    """Return the anchors that their records do not prove, and why.

    One that holds says nothing of the others: whoever writes the chain anew can write the older
    heads anew as well, and have a timestamp put over the newest one the night after.
    """
    judged = {anchor: proven(services, anchor) for anchor in stored.found}
    return {anchor: facts for anchor, facts in judged.items() if isinstance(facts, Refusal)}


def is_another(refusal: Refusal) -> bool:
    """Whether the record stands over another head than the one that is stored beside it."""
    return refusal.code in ANOTHER_HEAD


def _head(services: Services, item: RecordItem) -> ChainHead | None:
    try:
        return ChainHead.parse(services.blobs.get(item.pieces[0].blob).decode())
    except (StoreError, ChainHeadError, UnicodeDecodeError):
        return None
