"""Fetch the revocation lists and answers that signatures wait for.

Certificates say where their issuer publishes lists and answers questions. The schedule asks for a
run while signatures are *received* or wait for their second look; a run asks a few addresses, keeps
what came and remembers how it went. What is new asks for a second look (`second_look`), so that a
received signature becomes accepted with its own time of receipt. Running twice does no harm.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from workflow.domain.refusals import Refusal
from workflow.domain.regulations import SignatureFormat
from workflow.domain.signatures import Signature
from workflow.domain.trust import AskedSource, StoredAnswer
from workflow.ports import CrlFacts, TrustView
from workflow.status_sources import AnswerFacts, SourceKind, StatusSource, StatusSources
from workflow.store.blobs import BlobChangedError, BlobMissingError
from workflow.store.unit_of_work import Repositories, Transaction
from workflow.usecases import second_look
from workflow.usecases.render import Effect
from workflow.usecases.services import Services
from workflow.usecases.trust import keep_crl, signer_organisation, trust_view, trusted_anchors

KIND = "fetch_lists"
MOST_ASKED = 10
"""So many addresses one run asks; with half a minute for each it ends well within its lease."""
MOST_SIGNATURES = 1000
RUN_EVERY = timedelta(minutes=10)
SOONEST = timedelta(hours=1)
LATEST = timedelta(hours=6)
FIRST_DELAY = timedelta(minutes=10)
LONGEST_DELAY = timedelta(hours=12)


@dataclass(frozen=True)
class _Wanted:
    """A source, how asking it went so far, and since when something newer is wanted from it."""

    key: str
    source: StatusSource
    since: datetime


@dataclass(frozen=True)
class _Asked:
    """What a source gave, and how this is remembered."""

    came: CrlFacts | AnswerFacts | Refusal
    remembered: AskedSource


def ask(services: Services) -> Callable[[Transaction], None]:
    """A question of the schedule: does a signature wait for a list? Then a run is due."""

    def question(tx: Transaction) -> None:
        if services.status_sources is not None and _waiting(tx, services.clock(), 1):
            slot = int(services.clock().timestamp() // RUN_EVERY.total_seconds())
            tx.outbox.add(KIND, {}, once_key=f"{KIND}:{slot}")

    return question


def ask_soon(tx: Transaction, services: Services, signature: Signature) -> None:
    """Have the lists of a signature that was just received fetched without waiting for a turn."""
    if services.status_sources is not None:
        tx.outbox.add(KIND, {}, once_key=f"{KIND}:{signature.id}")


def fetch_lists(services: Services, _payload: Any) -> Effect:
    """Ask the addresses that are due, outside any transaction; the effect keeps what came."""
    sources = services.status_sources
    if sources is None:
        return _nothing
    now = services.clock()
    with services.uow.reading() as tx:
        trust = trust_view(tx, services)
        waiting = _by_certificate(_waiting(tx, now, MOST_SIGNATURES))
        newest = [some[-1] for some in waiting]
        powers = tx.powers.load_many(one.power_id for one in newest if one.power_id)
        files = {power.id: power.signature for power in powers.values()}
        wanted, named = _wanted(services, sources, newest, _views(tx, trust, newest), files)
        known = tx.revocation_sources.by_keys(wanted)
    due = sorted(
        (one for one in wanted.values() if _is_due(known.get(one.key), one.since, now)),
        key=lambda one: known[one.key].next_at if one.key in known else one.since,
    )
    asked = []
    for one in due[:MOST_ASKED]:
        came = sources.ask(one.source, trust, now)
        if not isinstance(came, Refusal):
            services.blobs.put(came.der)
        asked.append(_Asked(came, _remembered(one, known.get(one.key), came, now)))

    def effect(tx: Transaction) -> None:
        tx.revocation_sources.await_at(
            {one.id: named[some[-1].id] for some in waiting for one in some}
        )
        for one in asked:
            tx.revocation_sources.put(one.remembered)
            if isinstance(one.came, CrlFacts):
                keep_crl(tx, services, one.came)
            elif isinstance(one.came, AnswerFacts):
                _keep_answer(tx, services, one.came)

    return effect


def _nothing(tx: Transaction) -> None:
    """Nothing is fetched here."""


def _waiting(tx: Repositories, now: datetime, most: int) -> list[Signature]:
    """The signatures that wait for a list, the received ones first."""
    received = tx.signatures.received(limit=most)
    accepted = tx.signatures.awaiting_second_look(now, limit=most)
    return [*received, *accepted][:most]


def _by_certificate(waiting: Sequence[Signature]) -> list[list[Signature]]:
    """The signatures with one certificate at one post together, the newest last.

    What was issued after the newest serves the others too.
    """
    together: dict[object, list[Signature]] = defaultdict(list)
    for signature in sorted(waiting, key=lambda one: one.received_at):
        if signature.format is not SignatureFormat.SIMPLE:
            post = signature.mandate_id or signature.employment_id
            together[signature.owner, signature.serial, post].append(signature)
    return list(together.values())


def _views(
    tx: Repositories, trust: TrustView, waiting: Sequence[Signature]
) -> Mapping[UUID, TrustView]:
    """By what each waiting signature is judged: its organisation's own authorities as well."""
    whose = {signature.id: signer_organisation(tx, signature) for signature in waiting}
    anchors = {one: trusted_anchors(tx, one) for one in set(whose.values())}
    return {id: replace(trust, anchors=anchors[one]) for id, one in whose.items()}


def _wanted(
    services: Services,
    sources: StatusSources,
    waiting: Sequence[Signature],
    views: Mapping[UUID, TrustView],
    powers: Mapping[UUID, str],
) -> tuple[dict[str, _Wanted], dict[UUID, frozenset[str]]]:
    """The sources that the certificates of these signatures name, by key, and each one's keys.

    The signatures of the powers of attorney by which they were given (`powers`: the SHA-256 by id)
    wait with them.
    """
    since: dict[str, datetime] = {}
    named: dict[str, StatusSource] = {}
    keys: dict[UUID, frozenset[str]] = {}
    for signature in waiting:
        view, at = views[signature.id], signature.received_at
        try:
            first = services.blobs.get(signature.files[0].signature)
            found = [*sources.named_by(first, signature.format, view, at)]
            if signature.power_id is not None:
                beside = services.blobs.get(powers[signature.power_id])
                found += sources.named_by(beside, SignatureFormat.CADES, view, at)
        except (BlobMissingError, BlobChangedError):
            found = []  # its loss is told where it is looked at; the others' lists are fetched
        by_key = {_key(source): source for source in found}
        keys[signature.id] = frozenset(by_key)
        for key, source in by_key.items():
            named.setdefault(key, source)
            since[key] = max(at, since.get(key, at))
    wanted = {key: _Wanted(key, source, since[key]) for key, source in named.items()}
    return wanted, keys


def _key(source: StatusSource) -> str:
    """A list serves everybody whose issuer is the same, an answer one certificate."""
    about = source.certificate if source.kind is SourceKind.ANSWER else source.issuer
    parts = (source.kind.encode(), source.address.encode(), about)
    return hashlib.sha256(b"".join(hashlib.sha256(part).digest() for part in parts)).hexdigest()


def _is_due(known: AskedSource | None, since: datetime, now: datetime) -> bool:
    if known is None:
        return True
    has_newer = known.this_update is not None and known.this_update > since
    return not has_newer and now >= known.next_at


def _remembered(
    wanted: _Wanted,
    known: AskedSource | None,
    came: CrlFacts | AnswerFacts | Refusal,
    now: datetime,
) -> AskedSource:
    """How asking went, and when to ask again: a failure waits twice as long as the one before."""
    if isinstance(came, Refusal):
        failures = 1 if known is None else known.failures + 1
        delay = min(FIRST_DELAY * (1 << min(failures - 1, 16)), LONGEST_DELAY)
        issued = None if known is None else known.this_update
        return AskedSource(
            wanted.key,
            wanted.source.address,
            asked_at=now,
            next_at=now + delay,
            failures=failures,
            problem=came.code,
            this_update=issued,
            succeeded_at=None if known is None else known.succeeded_at,
            failed_at=now,
            failure=came,
        )
    next_at = min(max(came.next_update or now, now + SOONEST), now + LATEST)
    decides = not (isinstance(came, AnswerFacts) and came.unknown)
    issued = came.this_update if decides else None
    return AskedSource(
        wanted.key,
        wanted.source.address,
        asked_at=now,
        next_at=next_at,
        this_update=issued,
        succeeded_at=now,
        failed_at=None if known is None else known.failed_at,
        failure=None if known is None else known.failure,
    )


def _keep_answer(tx: Transaction, services: Services, facts: AnswerFacts) -> None:
    """Store an answer, and ask for a second look at the signatures that it is about."""
    stored = StoredAnswer(
        id=services.new_id(),
        serial=facts.serial,
        blob=services.blobs.put(facts.der),
        this_update=facts.this_update,
        next_update=facts.next_update,
        stored_at=services.clock(),
    )
    if tx.ocsp_answers.add(stored):
        for signature in _waiting(tx, services.clock(), MOST_SIGNATURES):
            if signature.serial == facts.serial:
                second_look.ask(tx, signature, stored.blob)
