"""Copies of signed PDFs for long keeping (PAdES-B-LTA), made when the second look is settled.

The signed file stays what was judged; the copy lies beside it, with certificates, lists and one
more timestamp inside. It is kept only if it holds by itself, and gets another timestamp before
the authority of the last one ends, as evidence records do.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

import structlog

from workflow.domain.evidence_records import RENEW_BEFORE
from workflow.domain.refusals import Refusal
from workflow.domain.signatures import Signature, SignedFile
from workflow.ports import TrustView
from workflow.store.unit_of_work import Transaction
from workflow.timestamping import TimestampAuthority, ToStamp
from workflow.usecases import desk as desks
from workflow.usecases.render import Effect
from workflow.usecases.second_look import ask_each
from workflow.usecases.services import Services
from workflow.usecases.trust import signer_organisation, trust_view

log = structlog.get_logger("evidence")

KIND = "keep_long_term"
MOST_AT_ONCE = 20


def ask(services: Services) -> Callable[[Transaction], None]:
    """A question of the schedule: which settled signatures lack a copy that lasts? Once a day."""

    def question(tx: Transaction) -> None:
        if services.timestamps is None:
            return
        now = services.clock()

        def ask_for(signature: Signature) -> bool:
            payload = {"signature": str(signature.id)}
            return tx.outbox.add(KIND, payload, once_key=f"{KIND}:{signature.id}:{now.date()}")

        def lacking(skip: int) -> Sequence[Signature]:
            return tx.signatures.without_long_term(limit=MOST_AT_ONCE, skip=skip)

        def ending(skip: int) -> Sequence[Signature]:
            until = now + RENEW_BEFORE
            return tx.signatures.with_ending_copies(now, until, limit=MOST_AT_ONCE, skip=skip)

        ask_each(lacking, ask_for, MOST_AT_ONCE)
        ask_each(ending, ask_for, MOST_AT_ONCE)

    return question


def keep_long_term(services: Services, payload: Any) -> Effect:
    """Make or renew the copies of one signature's files, outside any transaction."""
    signature_id = UUID(payload["signature"])
    authority = services.timestamps
    with services.uow.reading() as tx:
        signature = tx.signatures.load(signature_id)
        if authority is None or not signature.is_settled:
            return _nothing
        trust = trust_view(
            tx,
            services,
            signature.kept_since,
            signature.serial,
            organisation=signer_organisation(tx, signature),
            accepted_at=signature.received_at,
        )
    files = tuple(_kept(services, authority, signature, one, trust) for one in signature.files)

    def effect(tx: Transaction) -> None:
        desks.lock_cases(tx, signature.document_id)
        current = tx.signatures.load(signature_id)
        if current.files != signature.files or files == signature.files:
            return
        tx.signatures.save(replace(current, files=files), current)
        document = tx.documents.load(signature.document_id)
        tx.audit.add(
            document.organisation_id,
            "signature.kept_long_term",
            {"document": str(document.id), "signature": str(signature.id)},
        )

    return effect


def _nothing(tx: Transaction) -> None:
    """The effect of work that is not wanted any more."""


def _kept(
    services: Services,
    authority: TimestampAuthority,
    signature: Signature,
    one: SignedFile,
    trust: TrustView,
) -> SignedFile:
    """The file with its copy, or as it is when none can be made, or need be, today."""
    now, stamps = services.clock(), services.stamps
    if one.long_term and one.long_term_ends and one.long_term_ends > now + RENEW_BEFORE:
        return one
    content, signed = (
        services.blobs.get(each) for each in (one.file, one.long_term or one.signature)
    )
    given = ToStamp(content, signed, one.format)
    made = (
        stamps.renew(given, authority, trust, now, ends=one.long_term_ends)
        if one.long_term
        else stamps.preserve(given, authority, trust, now, kept_since=signature.kept_since)
    )
    if isinstance(made, Refusal):
        log.info("no copy for keeping", signature=str(signature.id), code=made.code)
        return one
    return replace(one, long_term=services.blobs.put(made.content), long_term_ends=made.ends)
