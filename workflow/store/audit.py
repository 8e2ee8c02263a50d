"""The audit trail: append-only, one chain per organisation.

Each event carries an HMAC-SHA256 over its body and its predecessor's; the key lives outside the
database, so who can write the database still cannot forge an event. A cut tail is a valid shorter
chain: it shows against a head (an *anchor*) that was kept elsewhere (receipts, the daily log).
Bodies hold ids and hashes, no personal data.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Connection

from workflow.ports import Clock
from workflow.store import rows
from workflow.store.errors import NaiveTimeError, StoreError
from workflow.store.tables.audit import audit_events, audit_heads
from workflow.store.types import canonical_json

INSTALLATION = UUID(int=0)
"""The chain of events that belong to no organisation (accounts, anchors, settings)."""

Body = Mapping[str, Any]

_SEED = "marshrut audit 1"
# An id, a hash, a code, a number, a time: Latin, without spaces. A name of a person is none.
_PLAIN_WORD = re.compile(r"[A-Za-z0-9_.:+/=-]{1,128}")


class AuditBodyError(StoreError, ValueError):
    """The body of an event holds something else than ids, hashes, codes, numbers and times."""

    code = "audit.body"


class ChainHeadError(StoreError, ValueError):
    """A head's text is not `chain:number:mac`."""

    code = "audit.head"


@dataclass(frozen=True)
class ChainHead:
    """A chain's head as it once was: the number of its last event and that event's MAC."""

    chain: UUID
    number: int
    mac: str

    def __str__(self) -> str:
        return f"{self.chain}:{self.number}:{self.mac}"

    @classmethod
    def parse(cls, text: str) -> ChainHead:
        """Read `chain:number:mac`; raise ChainHeadError for anything else."""
        match = re.fullmatch(r"([0-9a-f-]{36}):([1-9][0-9]{0,17}):([0-9a-f]{64})", text.strip())
        try:
            if match is not None:
                return cls(UUID(match[1]), int(match[2]), match[3])
        except ValueError:
            pass
        raise ChainHeadError("a head reads chain:number:mac")


@dataclass(frozen=True)
class AuditEvent:
    """One line of the trail; `number` counts from 1 without gaps."""

    chain: UUID
    number: int
    happened_at: datetime
    kind: str
    body: Body
    mac: str


@dataclass(frozen=True)
class Intact:
    """The chain holds; `head` is None while it has no events."""

    chain: UUID
    head: ChainHead | None


@dataclass(frozen=True)
class Broken:
    """The chain breaks at event `at`; `why` is a code: see `verify`."""

    chain: UUID
    at: int
    why: str


def mac_of(key: bytes, event: AuditEvent, previous: str) -> str:
    """Return the HMAC-SHA256 (hex) of everything in `event` but its own MAC, after `previous`."""
    text = canonical_json(
        {
            "seed": _SEED,
            "chain": str(event.chain),
            "number": event.number,
            "happened_at": _instant(event.happened_at),
            "kind": event.kind,
            "body": event.body,
            "previous": previous,
        }
    )
    return hmac.new(key, text.encode(), hashlib.sha256).hexdigest()


def verify(
    key: bytes,
    chain: UUID,
    events: Iterable[AuditEvent],
    head: ChainHead | None,
    anchors: Iterable[ChainHead] = (),
) -> Intact | Broken:
    """Follow `events` (ascending by number) and compare them with `head` and kept `anchors`.

    Reasons of Broken: `gap` (an event is missing or stands elsewhere), `mac` (an event was
    changed or made without the key), `head` (the head does not name the last event),
    `cut` (events that an anchor knows are gone), `anchor` (an anchor knows another event).
    """
    kept: dict[int, set[str]] = {}
    for anchor in anchors:
        if anchor.chain == chain:  # two anchors of one number contradict each other
            kept.setdefault(anchor.number, set()).add(anchor.mac)
    last, mac = 0, ""
    for event in events:
        if event.number != last + 1 or event.chain != chain:
            return Broken(chain, last + 1, "gap")
        if not hmac.compare_digest(event.mac, mac_of(key, event, mac)):
            return Broken(chain, event.number, "mac")
        last, mac = event.number, event.mac
        if kept.get(last, {mac}) != {mac}:
            return Broken(chain, last, "anchor")
    if max(kept, default=0) > last:
        return Broken(chain, last + 1, "cut")
    if (head.number, head.mac) != (last, mac) if head else last != 0:
        return Broken(chain, max(last, 1), "head")
    return Intact(chain, head)


class AuditTrail:
    """Collects a transaction's events and appends them when it commits."""

    def __init__(
        self,
        connection: Connection,
        clock: Clock,
        key: bytes,
        before_lock: Callable[[UUID], None],
    ) -> None:
        self._connection = connection
        self._clock = clock
        self._key = key
        self._before_lock = before_lock
        self._waiting: list[AuditEvent] = []

    def add(self, chain: UUID, kind: str, body: Body) -> None:
        """Remember an event of organisation `chain`; it is numbered and written by commit.

        `body`: ids and hashes as text, codes, whole numbers, ISO times, lists and dicts of these.
        Raises AuditBodyError for anything that could be personal data.
        """
        _refuse_personal(body, kind)
        self._waiting.append(AuditEvent(chain, 0, self._clock(), kind, body, mac=""))

    def anchor(self, chain: UUID) -> ChainHead | None:
        """Write the events so far and return the chain's head (for a receipt).

        Takes the lock of the head: nothing of a lower rank can be locked afterwards.
        """
        self.write(also=chain)
        return read_head(self._connection, chain)

    def write(self, also: UUID | None = None) -> None:
        """Append the waiting events, chain by chain in a fixed order; lock each head."""
        chains = {event.chain for event in self._waiting} | ({also} if also is not None else set())
        for chain in sorted(chains):
            self._before_lock(chain)
            number, mac = self._locked_head(chain)
            for event in (waiting for waiting in self._waiting if waiting.chain == chain):
                number += 1
                mac = self._append(replace(event, number=number), mac)
            self._connection.execute(
                sa.update(audit_heads)
                .where(audit_heads.c.chain == chain)
                .values(number=number, mac=mac)
            )
        self._waiting.clear()

    def _append(self, event: AuditEvent, previous: str) -> str:
        mac = mac_of(self._key, event, previous)
        self._connection.execute(
            sa.insert(audit_events).values(
                chain=event.chain,
                number=event.number,
                happened_at=event.happened_at,
                kind=event.kind,
                body=event.body,
                mac=mac,
            )
        )
        return mac

    def _locked_head(self, chain: UUID) -> tuple[int, str]:
        rows.insert_if_absent(
            self._connection, audit_heads, {"chain": chain, "number": 0, "mac": ""}
        )
        row = self._connection.execute(
            sa.select(audit_heads).where(audit_heads.c.chain == chain).with_for_update()
        ).one()
        return row.number, row.mac


def read_head(connection: Connection, chain: UUID) -> ChainHead | None:
    """Return the head of a chain, None while it has no events."""
    row = connection.execute(
        sa.select(audit_heads).where(audit_heads.c.chain == chain, audit_heads.c.number > 0)
    ).one_or_none()
    return None if row is None else ChainHead(row.chain, row.number, row.mac)


def newest_event_at(connection: Connection, chain: UUID) -> datetime | None:
    """Return the moment of a chain's last event, None while it has none."""
    events = audit_events.c
    query = sa.select(events.happened_at).where(events.chain == chain)
    return connection.execute(query.order_by(events.number.desc()).limit(1)).scalar()


def moments_of(connection: Connection, chain: UUID, numbers: Iterable[int]) -> dict[int, datetime]:
    """Return when these events of a chain happened, by number; those that are there."""
    events = audit_events.c
    query = sa.select(events.number, events.happened_at)
    query = query.where(events.chain == chain, events.number.in_(sorted(set(numbers))))
    return {row.number: row.happened_at for row in connection.execute(query)}


def read_chains(connection: Connection) -> list[UUID]:
    """Return every chain that has a head or events (a head may have been removed)."""
    chains = sa.union(sa.select(audit_heads.c.chain), sa.select(audit_events.c.chain))
    return sorted(connection.execute(chains).scalars())


def read_events(connection: Connection, chain: UUID) -> Iterable[AuditEvent]:
    """Yield the events of a chain by number, without holding them all."""
    query = (
        sa.select(audit_events)
        .where(audit_events.c.chain == chain)
        .order_by(audit_events.c.number)
        .execution_options(yield_per=500)
    )
    for row in connection.execute(query):
        yield AuditEvent(row.chain, row.number, row.happened_at, row.kind, row.body, row.mac)


def _instant(moment: datetime) -> str:
    if moment.utcoffset() is None:
        raise NaiveTimeError(f"{moment!r} has no time zone")
    return moment.astimezone(UTC).isoformat(timespec="microseconds")


def _refuse_personal(value: Any, path: str) -> None:
    match value:
        case None | bool() | int():
            return
        case str() if _PLAIN_WORD.fullmatch(value):
            return
        case dict():
            for key, inner in value.items():
                _refuse_personal(key, path)
                _refuse_personal(inner, f"{path}.{key}")
        case list() | tuple():
            for inner in value:
                _refuse_personal(inner, path)
        case _:
            raise AuditBodyError(f"{path} holds something else than an id, a hash, a code, a time")
