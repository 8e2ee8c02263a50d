"""Days pass: a pair begins or its term runs out without anybody doing anything."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

from workflow.domain.pairs import Pair
from workflow.store.unit_of_work import Transaction
from workflow.usecases.pairs import turning
from workflow.usecases.services import Services
from workflow.usecases.wording import document_named

MOST_AT_ONCE = 100


def pairs_of_today(services: Services) -> Callable[[Transaction], None]:
    """Write the status anew that lists show, and find days that a new calendar makes known."""

    def refresh(tx: Transaction) -> None:
        # The easternmost organisation is the first to have tomorrow; each is asked its own day.
        latest = (services.clock() + timedelta(hours=14)).date()
        for pair in tx.pairs.stale(latest, limit=MOST_AT_ONCE):
            turning.save_pair(tx, services, pair, pair, _ground(tx, pair, latest))
        # A calendar is approved in the year before; what it makes known is then written down.
        waiting = tx.obligations.awaiting_calendar(latest.year + 1, limit=MOST_AT_ONCE)
        case_ids = {owed.case_id for owed in waiting if owed.case_id}
        for pair in tx.pairs.find(sorted(case_ids)).values():
            turning.save_pair(tx, services, pair, pair)

    return refresh


def _ground(tx: Transaction, pair: Pair, today: date) -> str:
    """Why the day changes something: the newest turn whose day has come, by word or document."""
    come = [turn for turn in pair.held if turn.day <= today]
    newest = max(come, key=lambda turn: (turn.day, turn.recorded_at), default=None)
    if newest is None or newest.ground or newest.document_id is None:
        return newest.ground if newest else ""
    return document_named(tx.documents.load(newest.document_id))
