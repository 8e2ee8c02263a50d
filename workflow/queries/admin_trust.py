"""What signatures are examined against, as the operator keeps it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from workflow.domain.mandates import Actor
from workflow.domain.refusals import Refusal
from workflow.domain.trust import AccreditedList, StoredCrl, TrustAnchor
from workflow.queries.admin import is_outdated, operators_reading
from workflow.usecases.services import Services


@dataclass(frozen=True)
class RevocationList:
    """The newest list of an issuer; `outdated` when its successor ought to be here."""

    issuer: str
    this_update: datetime
    next_update: datetime | None
    stored_at: datetime
    outdated: bool


@dataclass(frozen=True)
class TrustPage:
    """Anchors that are trusted, in the order they were added, and the newest lists."""

    anchors: tuple[TrustAnchor, ...]
    lists: tuple[RevocationList, ...]
    accredited: AccreditedList | None = None


def trust_page(services: Services, actor: Actor) -> TrustPage:
    """Return anchors and lists; the lists' issuers are read from the files themselves."""
    with operators_reading(services, actor) as tx:
        anchors = tuple(tx.trust_anchors.trusted_by(None))
        stored = tx.crls.newest_of_each()
        accredited = tx.accredited_lists.newest()
    return TrustPage(anchors, tuple(_list(services, one) for one in stored), accredited)


def _list(services: Services, stored: StoredCrl) -> RevocationList:
    facts = services.signatures.read_crl(services.blobs.get(stored.blob))
    return RevocationList(
        issuer=stored.issuer if isinstance(facts, Refusal) else facts.issuer_name,
        this_update=stored.this_update,
        next_update=stored.next_update,
        stored_at=stored.stored_at,
        outdated=is_outdated(stored.next_update, services.clock()),
    )


def anchor_card(services: Services, actor: Actor, anchor_id: UUID) -> TrustAnchor:
    """Return one anchor; NotFoundError when there is none."""
    with operators_reading(services, actor) as tx:
        return tx.trust_anchors.load(anchor_id)
