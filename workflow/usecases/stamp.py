"""Timestamps for signatures: asked for while somebody signs, and again by a job until they come.

A signature that is to carry one does not count without it: it is received, its deadline is met by
the receipt, and it is judged for the time that the authority gives. No clock of ours stands in.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from workflow.domain.refusals import Refusal
from workflow.domain.signatures import Signature, SignedFile
from workflow.ports import CheckStatus, TrustView
from workflow.store.unit_of_work import Transaction
from workflow.timestamping import TimestampAuthority, ToStamp
from workflow.usecases import desk as desks
from workflow.usecases import second_look
from workflow.usecases.examine import WAITED_FOR, Examined
from workflow.usecases.render import Effect
from workflow.usecases.services import Services
from workflow.usecases.trust import signer_organisation, trust_view

KIND = "stamp_signature"
MOST_AT_ONCE = 20
#: For the first hour an authority is asked often, then as often as other undecided things.
SOON, LATER, AN_HOUR = timedelta(minutes=5), timedelta(hours=1), timedelta(hours=1)


@dataclass(frozen=True)
class Stamped:
    """The files with the timestamps that came, and why the rest have none."""

    files: tuple[SignedFile, ...]
    refusal: Refusal | None = None

    @property
    def anything(self) -> bool:
        """Whether a timestamp was put into any of them, now or before."""
        return any(one.handed_in for one in self.files)


def stamp_files(
    services: Services,
    authority: TimestampAuthority,
    files: Sequence[SignedFile],
    trust: TrustView,
) -> Stamped:
    """Put the timestamps that they lack into signatures, outside any transaction.

    It ends with the first refusal, so that a silent authority is waited for once.
    """
    stamped: list[SignedFile] = []
    refusal: Refusal | None = None
    for one in files:
        given = refusal or _completed(services, authority, one, trust)
        if isinstance(given, Refusal):
            refusal = replace(given, todo=WAITED_FOR.todo)
            stamped.append(one)
        else:
            stamped.append(given)
    return Stamped(tuple(stamped), refusal)


def _completed(
    services: Services, authority: TimestampAuthority, one: SignedFile, trust: TrustView
) -> SignedFile | Refusal:
    before = services.blobs.get(one.signature)
    to_stamp = ToStamp(services.blobs.get(one.file), before, one.format)
    given = services.stamps.complete(to_stamp, authority, trust, services.clock())
    if isinstance(given, Refusal) or given == before:
        return given if isinstance(given, Refusal) else one
    return replace(
        one, signature=services.blobs.put(given), handed_in=one.handed_in or one.signature
    )


def told(examined: Examined, refusal: Refusal | None) -> Examined:
    """The examination, with the authority's own reason where nothing but the time is missing."""
    waits = examined.status is CheckStatus.UNDECIDED and examined.reason == WAITED_FOR
    if refusal is None or not waits:
        return examined
    return replace(examined, facts=replace(examined.facts, reason=refusal))


def ask(services: Services) -> Callable[[Transaction], None]:
    """A question of the schedule: is a timestamp waited for? Then the authority is asked again."""

    def question(tx: Transaction) -> None:
        if services.timestamps is None:
            return
        now = services.clock()

        def ask_for(signature: Signature) -> bool:
            once_key = f"{KIND}:{signature.id}:{_slot(signature, now)}"
            return tx.outbox.add(KIND, {"signature": str(signature.id)}, once_key=once_key)

        def waiting(skip: int) -> Sequence[Signature]:
            return tx.signatures.waiting_for_time(limit=MOST_AT_ONCE, skip=skip)

        second_look.ask_each(waiting, ask_for, MOST_AT_ONCE)

    return question


def _slot(signature: Signature, now: datetime) -> int:
    every = SOON if now - signature.received_at < AN_HOUR else LATER
    return int(now.timestamp() // every.total_seconds())


def stamp_signature(services: Services, payload: Any) -> Effect:
    """Ask once more for the timestamp of a signature that waits for one.

    Judging what came is left to the second look, which needs no network.
    """
    signature_id = UUID(payload["signature"])
    authority = services.timestamps
    with services.uow.reading() as tx:
        signature = tx.signatures.load(signature_id)
        if authority is None or not signature.waits_for_time:
            return _nothing
        whose = signer_organisation(tx, signature)
        trust = trust_view(tx, services, signature.received_at, organisation=whose)
    stamped = stamp_files(services, authority, signature.files, trust)

    def effect(tx: Transaction) -> None:
        desks.lock_cases(tx, signature.document_id)
        current = tx.signatures.load(signature_id)
        if current.waits_for_time and current.files == signature.files:
            _keep(tx, services, current, stamped)

    return effect


def _nothing(tx: Transaction) -> None:
    """The effect of work that is not wanted any more."""


def _keep(tx: Transaction, services: Services, current: Signature, stamped: Stamped) -> None:
    if stamped.files == current.files:
        if stamped.refusal not in (None, current.explanation):
            tx.signatures.save(replace(current, explanation=stamped.refusal), current)
        return
    changed = replace(current, files=stamped.files, stamped_at=services.clock())
    changed = tx.signatures.save(changed, current)
    document = tx.documents.load(current.document_id)
    tx.audit.add(
        document.organisation_id,
        "signature.stamped",
        {"document": str(document.id), "signature": str(current.id)},
    )
    occasion = "".join(one.signature for one in changed.files).encode()
    second_look.ask(tx, changed, hashlib.sha256(occasion).hexdigest())
