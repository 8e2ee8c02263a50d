"""Copies of signed PDFs for long keeping (PAdES-B-LTA), made when the second look is settled.

The signed file stays what was judged; the copy lies beside it, with certificates, lists and one
more timestamp inside. It is kept only if it holds by itself.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

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

KIND = "keep_long_term"
MOST_AT_ONCE = 20


def ask(services: Services) -> Callable[[Transaction], None]:
    """A question of the schedule: does a settled signature lack its copy? Tried once a day."""

    def question(tx: Transaction) -> None:
        if services.timestamps is None:
            return
        today = services.clock().date()

        def ask_for(signature: Signature) -> bool:
            payload = {"signature": str(signature.id)}
            return tx.outbox.add(KIND, payload, once_key=f"{KIND}:{signature.id}:{today}")

        def lacking(skip: int) -> Sequence[Signature]:
            return tx.signatures.without_long_term(limit=MOST_AT_ONCE, skip=skip)

        ask_each(lacking, ask_for, MOST_AT_ONCE)

    return question


def keep_long_term(services: Services, payload: Any) -> Effect:
    """Make the copies of one signature's files, outside any transaction."""
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
    """The file with its copy, or as it is when none can be made today."""
    if one.long_term:
        return one
    content, signed = (services.blobs.get(each) for each in (one.file, one.signature))
    made = services.stamps.preserve(
        ToStamp(content, signed, one.format),
        authority,
        trust,
        services.clock(),
        kept_since=signature.kept_since,
    )
    return one if isinstance(made, Refusal) else replace(one, long_term=services.blobs.put(made))
