"""Evidence records are renewed before the certificate of their authority ends (RFC 4998, 5).

Once a day each record is looked at that ends within ninety days, whose digest has grown weak, or
whose authority could not be judged yet. Renewed is the timestamp (a new one stands over it) or,
with a weak digest, the whole record over its files. What was not renewed in time is *interrupted*:
this is said aloud, and its files get a new record that proves them from now on only.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

import structlog

from workflow.domain.evidence_records import (
    RENEW_BEFORE,
    NightlyRecord,
    Piece,
    RecordItem,
    RecordKind,
    RecordState,
)
from workflow.domain.refusals import N_, Refusal
from workflow.evidence_records import TokenFacts
from workflow.ports import CheckStatus, TrustView
from workflow.store.audit import INSTALLATION
from workflow.store.unit_of_work import Repositories, Transaction
from workflow.timestamping import Timestamp
from workflow.usecases.evidence_chain import assembled, way_of
from workflow.usecases.evidence_night import (
    EvidenceDelayedError,
    grown,
    kept_record,
    stamped,
)
from workflow.usecases.render import Effect
from workflow.usecases.services import Services
from workflow.usecases.trust import trust_view

log = structlog.get_logger("evidence")

KIND = "evidence.renewal"
MOST = 200
"""So many records one run looks after; the next day takes the rest, those that end first first."""


@dataclass(frozen=True)
class Renewed:
    """A new record with what stands under it, and the records that it renews."""

    record: NightlyRecord
    items: tuple[RecordItem, ...]
    before: tuple[NightlyRecord, ...]


def ask(services: Services) -> Callable[[Transaction], None]:
    """A question of the schedule: once a day, wherever there are records or may be.

    Without an authority nothing can be renewed, but what ended is still said.
    """

    def question(tx: Transaction) -> None:
        if services.timestamps is not None or tx.evidence_records.newest(limit=1).items:
            day = services.clock().date().isoformat()
            tx.outbox.add(KIND, {}, once_key=f"{KIND}:{day}")

    return question


def look_after(services: Services, _payload: Any) -> Effect:
    """Renew what is due outside any transaction; the effect keeps it and says what was lost."""
    now = services.clock()
    with services.uow.reading() as tx:
        records = _to_look_after(tx, services, now, MOST)
        trust = trust_view(tx, services)
        whole = _items_of_weak(tx, services, records, now)
    over = [one for one in records if one.is_over(now)]
    due = [one for one in records if one.is_due(now, services.evidence.weak)]
    judged = [_judged(services, one, trust) for one in records if not one.is_over(now)]
    renewed: list[Renewed] = []
    problem: EvidenceDelayedError | None = None
    for group in _groups(due, services.evidence.weak) if services.timestamps else ():
        try:
            renewed.append(_renewed(services, group, whole, trust))
        except EvidenceDelayedError as error:
            problem = error
    if problem is not None and not (renewed or over):
        raise problem

    def effect(tx: Transaction) -> None:
        _interrupt(tx, over)
        for record in judged:
            _remember(tx, record)
        for one in renewed:
            _keep(tx, one)
        if problem is not None:
            day = now.date().isoformat()
            tx.outbox.add(KIND, {}, once_key=f"{KIND}:{day}:rest")

    return effect


def _to_look_after(
    tx: Repositories, services: Services, now: datetime, most: int
) -> list[NightlyRecord]:
    weak = services.evidence.weak
    return tx.evidence_records.to_look_after(now + RENEW_BEFORE, weak, limit=most)


def _groups(
    due: Sequence[NightlyRecord], weak: Iterable[str]
) -> Iterable[tuple[NightlyRecord, ...]]:
    """Return what gets one timestamp together: of one organisation, by one digest.

    A record whose digest is weak is renewed alone, over all its files.
    """
    together: dict[tuple[UUID | None, str], list[NightlyRecord]] = defaultdict(list)
    for record in due:
        if record.digest in weak:
            yield (record,)
        else:
            together[record.organisation_id, record.digest].append(record)
    yield from map(tuple, together.values())


def _renewed(
    services: Services,
    group: tuple[NightlyRecord, ...],
    whole: Mapping[UUID, Sequence[RecordItem]],
    trust: TrustView,
) -> Renewed:
    if group[0].id in whole:
        return _renewed_whole(services, group[0], whole[group[0].id], trust)
    digest = group[0].digest
    leaves = [services.evidence.digest_of(digest, services.blobs.get(one.token)) for one in group]
    tree = grown(services.evidence, digest, [[leaf] for leaf in leaves])
    stamp, facts = _later(stamped(services, tree, trust), group)
    record = kept_record(
        services, group[0].organisation_id, _key(group), RecordKind.TIMESTAMP, tree, stamp, facts
    )
    items = tuple(
        RecordItem(record.id, place, leaf, renews_id=one.id)
        for place, (leaf, one) in enumerate(zip(tree.leaves, group, strict=True))
    )
    return Renewed(record, items, group)


def _renewed_whole(
    services: Services, before: NightlyRecord, items: Sequence[RecordItem], trust: TrustView
) -> Renewed:
    """Renew every group of a record with another digest, over its files and all of its way."""
    digest = services.evidence.digest
    groups = [_pieces(services, item, digest) for item in items]
    tree = grown(services.evidence, digest, [[p.digest for p in pieces] for pieces in groups])
    stamp, facts = stamped(services, tree, trust)
    record = kept_record(
        services, before.organisation_id, _key((before,)), RecordKind.TREE, tree, stamp, facts
    )
    made = tuple(
        replace(item, record_id=record.id, position=place, leaf=leaf, pieces=pieces)
        for place, (item, leaf, pieces) in enumerate(zip(items, tree.leaves, groups, strict=True))
    )
    return Renewed(record, made, (before,))


def _pieces(services: Services, item: RecordItem, digest: str) -> tuple[Piece, ...]:
    """Return the files of a group with their digests over file and record before."""
    files = [services.evidence.digest_of(digest, services.blobs.get(p.blob)) for p in item.pieces]
    made = services.evidence.renewed_pieces(services.blobs.get(item.base), digest, files)
    if isinstance(made, Refusal):
        raise EvidenceDelayedError(made)
    return tuple(replace(piece, digest=new) for piece, new in zip(item.pieces, made, strict=True))


def _items_of_weak(
    tx: Repositories, services: Services, records: Sequence[NightlyRecord], now: datetime
) -> dict[UUID, list[RecordItem]]:
    """Return, for each record with a weak digest, its groups with their records as they are."""
    weak = services.evidence.weak
    found: dict[UUID, list[RecordItem]] = {}
    for record in records:
        if record.digest in weak and record.is_due(now, weak):
            found[record.id] = [
                replace(item, base=_base(tx, services, item), renews_id=record.id)
                for item in _groups_under(tx, record)
            ]
    return found


def _groups_under(tx: Repositories, record: NightlyRecord) -> list[RecordItem]:
    """Return the groups of files whose way ends in this record."""
    items = tx.evidence_records.items(record.id)
    own = [item for item in items if item.pieces]
    for renewed in (item.renews_id for item in items if not item.pieces):
        if renewed is not None:
            own += _groups_under(tx, tx.evidence_records.load(renewed))
    return own


def _base(tx: Repositories, services: Services, item: RecordItem) -> str:
    der = assembled(services, way_of(tx, item))
    if isinstance(der, Refusal):
        raise EvidenceDelayedError(der)
    return services.blobs.put(der)


def _later(
    made: tuple[Timestamp, TokenFacts], group: Sequence[NightlyRecord]
) -> tuple[Timestamp, TokenFacts]:
    """Take a renewal only if its authority lasts longer; raises EvidenceDelayedError."""
    stamp, _ = made
    if stamp.authority_ends <= max(one.ends_at for one in group):
        raise EvidenceDelayedError(
            Refusal(
                "evidence.authority_ends_too",
                N_("The certificate of the time-stamping authority {authority} ends on {until}."),
                N_("Set up an authority with a newer certificate; records are renewed by it."),
                {"authority": stamp.authority, "until": stamp.authority_ends},
            )
        )
    return made


def _key(group: Sequence[NightlyRecord]) -> str:
    """Each record is renewed once."""
    return f"renewal:{min(one.id for one in group)}"


def _judged(services: Services, record: NightlyRecord, trust: TrustView) -> NightlyRecord:
    """Judge a timestamp by what is known now: these lists speak for it when it is renewed.

    What it was judged by is kept when it is good; otherwise why it cannot be judged.
    """
    facts = services.evidence.judge_token(
        services.blobs.get(record.token), record.digest, record.root, trust, services.clock()
    )
    if facts.status is not CheckStatus.VALID:
        return replace(record, doubt=facts.reason)
    return replace(record, doubt=None, evidence=services.blobs.put(facts.evidence))


# --- the effects -----------------------------------------------------------------------------


def _interrupt(tx: Transaction, over: Sequence[NightlyRecord]) -> None:
    for one in over:
        current = tx.evidence_records.load(one.id)
        if current.state is not RecordState.CURRENT:
            continue
        for record in tx.evidence_records.interrupt(current):
            log.error("evidence interrupted", record=str(record.id), ended=str(one.ends_at))
            tx.audit.add(
                record.organisation_id or INSTALLATION,
                "evidence.interrupted",
                {"record": str(record.id), "ended": one.ends_at.isoformat()},
            )


def _remember(tx: Transaction, judged: NightlyRecord) -> None:
    """Keep how the authority was judged."""
    before = tx.evidence_records.load(judged.id)
    if (judged.doubt, judged.evidence) != (before.doubt, before.evidence):
        changed = replace(before, doubt=judged.doubt, evidence=judged.evidence)
        tx.evidence_records.save(changed, before)


def _keep(tx: Transaction, renewed: Renewed) -> None:
    """Keep the renewal if nobody else has renewed any of its records."""
    before = [tx.evidence_records.load(one.id) for one in renewed.before]
    if any(one.state is not RecordState.CURRENT for one in before):
        return
    if tx.evidence_records.add(renewed.record, renewed.items):
        for one in before:
            tx.evidence_records.save(replace(one, state=RecordState.RENEWED), one)
        log.info("evidence renewed", record=str(renewed.record.id), records=len(before))
