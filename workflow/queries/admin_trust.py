"""What signatures are examined against, as the operator keeps it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from workflow.domain.mandates import Actor
from workflow.domain.refusals import Refusal
from workflow.domain.trust import (
    LIST_OLD_AFTER,
    UNKNOWN_ISSUER,
    AccreditedList,
    AskedSource,
    StoredCrl,
    TrustAnchor,
)
from workflow.queries.admin import PAGE, is_outdated, operators_reading
from workflow.usecases.services import Services


@dataclass(frozen=True)
class RevocationList:
    """The newest list of an issuer; `outdated` when its successor ought to be here.

    `unproven`: no authority that was known here had signed it when it came.
    """

    issuer: str
    this_update: datetime
    next_update: datetime | None
    stored_at: datetime
    outdated: bool
    unproven: bool = False


@dataclass(frozen=True)
class OwnAnchor:
    """An anchor that counts for one organisation alone, and that organisation's name."""

    anchor: TrustAnchor
    organisation: str


@dataclass(frozen=True)
class TrustPage:
    """Anchors that are trusted, in the order they were added, and the newest lists.

    `accredited_days` is the age of the list of accredited authorities by the ministry's date;
    `accredited_old` says that a newer one ought to be loaded. `stamping` are the anchors that vouch
    for timestamps alone, `asks_for_time` whether an authority is asked for them, `without_time`
    how many signatures wait for one.
    """

    anchors: tuple[TrustAnchor, ...]
    lists: tuple[RevocationList, ...]
    accredited: AccreditedList | None = None
    accredited_days: int = 0
    accredited_old: bool = False
    own: tuple[OwnAnchor, ...] = ()
    stamping: tuple[TrustAnchor, ...] = ()
    asks_for_time: bool = False
    without_time: int = 0


def trust_page(services: Services, actor: Actor) -> TrustPage:
    """Return anchors and lists; the lists' issuers are read from the files themselves."""
    with operators_reading(services, actor) as tx:
        trusted = tx.trust_anchors.trusted_by(None)
        without_time = len(tx.signatures.waiting_for_time())
        stored = tx.crls.newest_of_each()
        accredited = tx.accredited_lists.newest()
        own = tx.trust_anchors.own()
        names = tx.organisations.load_many({a.organisation_id for a in own if a.organisation_id})
    age = services.clock() - accredited.issued_at if accredited else timedelta(0)
    return TrustPage(
        tuple(a for a in trusted if not a.timestamps),
        tuple(_list(services, one) for one in stored),
        accredited,
        accredited_days=age.days,
        accredited_old=age > LIST_OLD_AFTER,
        own=tuple(
            OwnAnchor(a, names[a.organisation_id].short_name) for a in own if a.organisation_id
        ),
        stamping=tuple(a for a in trusted if a.timestamps),
        asks_for_time=services.timestamps is not None,
        without_time=without_time,
    )


def _list(services: Services, stored: StoredCrl) -> RevocationList:
    facts = services.signatures.read_crl(services.blobs.get(stored.blob))
    unproven = stored.issuer == UNKNOWN_ISSUER
    return RevocationList(
        unproven=unproven,
        issuer=stored.issuer if isinstance(facts, Refusal) else facts.issuer_name,
        this_update=stored.this_update,
        next_update=stored.next_update,
        stored_at=stored.stored_at,
        outdated=is_outdated(stored.next_update, services.clock()),
    )


@dataclass(frozen=True)
class ListSource:
    """An address from certificates, how asking it went, and how many signatures wait for it."""

    asked: AskedSource
    waiting: int

    @property
    def succeeded_at(self) -> datetime | None:
        """Return when it last gave what was asked for."""
        fine = None if self.asked.failures else self.asked.asked_at
        return self.asked.succeeded_at or fine  # of earlier answers the time was not kept


@dataclass(frozen=True)
class SourcesPage:
    """Some of the sources, those that fail first; `following` asks for the next ones.

    `fetching` is False where nothing is fetched at all.
    """

    sources: tuple[ListSource, ...]
    fetching: bool
    following: int | None = None


def sources_page(services: Services, actor: Actor, skip: int = 0) -> SourcesPage:
    """Return where lists and answers about revocation come from."""
    with operators_reading(services, actor) as tx:
        found = tx.revocation_sources.page(limit=PAGE + 1, skip=skip)
        waiting = tx.revocation_sources.awaited(one.key for one in found)
    shown = tuple(ListSource(one, waiting.get(one.key, 0)) for one in found[:PAGE])
    following = skip + PAGE if len(found) > PAGE else None
    return SourcesPage(shown, services.status_sources is not None, following)


def confirmed_fingerprints(services: Services, actor: Actor) -> frozenset[str]:
    """Return the fingerprints of all certificates that count for everybody."""
    with operators_reading(services, actor) as tx:
        trusted = tx.trust_anchors.trusted_by(None)
        return frozenset(one.fingerprint for one in trusted if not one.timestamps)


def anchor_card(services: Services, actor: Actor, anchor_id: UUID) -> TrustAnchor:
    """Return one anchor; NotFoundError when there is none."""
    with operators_reading(services, actor) as tx:
        return tx.trust_anchors.load(anchor_id)
