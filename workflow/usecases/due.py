"""What comes due by itself: the schedule asks these questions, each is idempotent."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

from workflow.domain.refusals import Refusal
from workflow.store.unit_of_work import Transaction
from workflow.usecases import second_look
from workflow.usecases.fix import fix_again_if_unsigned
from workflow.usecases.render import Effect
from workflow.usecases.services import Services

FIX_AGAIN = "fix_again"
MOST_AT_ONCE = 100
ATTEMPTS_KEPT = timedelta(days=1)
SESSIONS_KEPT = timedelta(days=2)
BULKS_KEPT = timedelta(days=30)


def yesterdays_documents(services: Services) -> Callable[[Transaction], None]:
    """Documents dated before today that nobody has signed are dated anew."""

    def ask(tx: Transaction) -> None:
        # The westernmost organisation decides what is surely past; the job asks the own day.
        latest = (services.clock() + timedelta(hours=14)).date()
        for document in tx.documents.to_sign_dated_before(latest, limit=MOST_AT_ONCE):
            organisation = tx.organisations.load(document.organisation_id)
            today = organisation.local_day(services.clock())
            if document.dated is not None and document.dated < today:
                tx.outbox.add(
                    FIX_AGAIN,
                    {"document": str(document.id)},
                    once_key=f"{FIX_AGAIN}:{document.id}:{today}",
                )

    return ask


def fix_again(services: Services, payload: Any) -> Effect:
    """Date one document anew (see `fix_again_if_unsigned`), which commits by itself.

    Doing it twice is doing it once: the second time the document is dated today.
    """
    answer = fix_again_if_unsigned(services, UUID(payload["document"]))
    if isinstance(answer, Refusal):
        return _remember(UUID(payload["document"]), answer)
    return _nothing


def _nothing(tx: Transaction) -> None:
    """All is done already."""


def _remember(document_id: UUID, refusal: Refusal) -> Effect:
    def effect(tx: Transaction) -> None:
        document = tx.documents.load(document_id)
        tx.audit.add(
            document.organisation_id,
            "document.not_fixed_again",
            {"document": str(document_id), "code": refusal.code},
        )

    return effect


def undecided_signatures(services: Services) -> Callable[[Transaction], None]:
    """Received signatures are tried again every hour."""

    def ask(tx: Transaction) -> None:
        hour = services.clock().strftime("%Y-%m-%dT%H")
        second_look.ask_for_all(
            tx,
            lambda skip: tx.signatures.received(limit=MOST_AT_ONCE, skip=skip),
            hour,
            MOST_AT_ONCE,
        )

    return ask


def accepted_signatures(tx: Transaction) -> None:
    """Accepted signatures get a second look with the first revocation list issued after them.

    Every list that is new is an occasion, also one that is older than another issuer's.
    """
    lists = tx.crls.newest_of_each()
    newest = max((crl.this_update for crl in lists), default=None)
    if newest is None:
        return
    known = hashlib.sha256("".join(sorted(crl.blob for crl in lists)).encode()).hexdigest()
    second_look.ask_for_all(
        tx,
        lambda skip: tx.signatures.awaiting_second_look(newest, limit=MOST_AT_ONCE, skip=skip),
        known,
        MOST_AT_ONCE,
    )


def forget_what_is_over(services: Services) -> Callable[[Transaction], None]:
    """Unused signing attempts, old sessions, keys whose minutes are over and old lists go."""

    def ask(tx: Transaction) -> None:
        tx.attempts.remove_expired(services.clock() - ATTEMPTS_KEPT)
        tx.sessions.remove_opened_before(services.clock() - SESSIONS_KEPT)
        tx.held_keys.remove_expired(services.clock())
        tx.bulks.remove_opened_before(services.clock() - BULKS_KEPT)

    return ask
