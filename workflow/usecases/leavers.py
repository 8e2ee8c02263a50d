"""Whoever has left the last post can no longer sign in; what they signed stays."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from workflow.domain.people import Employment
from workflow.store.audit import INSTALLATION
from workflow.store.unit_of_work import Transaction
from workflow.usecases.render import Effect
from workflow.usecases.services import Services

KIND = "close_accounts"
MOST_AT_ONCE = 100
#: How long after a last day it is still asked about: longer than anybody lets a server rest.
ASKED_FOR = timedelta(days=92)


def leavers_of_today(services: Services) -> Callable[[Transaction], None]:
    """Have the accounts closed of those whose last day, entered ahead, is over now."""

    def ask_for_them(tx: Transaction) -> None:
        now = services.clock()
        # The easternmost organisation is the first to have tomorrow; each is asked its own day.
        latest = (now + timedelta(hours=14)).date()
        left = tx.employments.left_with_account(latest - ASKED_FOR, latest, limit=MOST_AT_ONCE)
        places = tx.organisations.load_many(e.organisation_id for e in left)
        for employment in left:
            if _is_over(employment, places[employment.organisation_id].local_day(now)):
                ask(tx, employment)

    return ask_for_them


def ask(tx: Transaction, employment: Employment) -> None:
    """Ask once for each last day: an account that is opened after it stays open."""
    payload = {"employment": str(employment.id), "until": str(employment.until)}
    tx.outbox.add(KIND, payload, once_key=f"{KIND}:{employment.id}:{employment.until}")


def close_accounts(services: Services, payload: Any) -> Effect:
    """Close the accounts of one leaver (a job); a last day that was corrected is asked anew."""
    employment_id, until = UUID(payload["employment"]), date.fromisoformat(payload["until"])

    def effect(tx: Transaction) -> None:
        employment = tx.employments.load(employment_id)
        if employment.until == until:
            close_accounts_of_leaver(tx, services, employment.person_id)

    return effect


def close_accounts_of_leaver(tx: Transaction, services: Services, person_id: UUID) -> None:
    """Close the person's accounts unless a post is held still, or will be; not an operator's."""
    posts = tx.employments.of_person(person_id)
    places = tx.organisations.load_many(e.organisation_id for e in posts)
    now = services.clock()
    if any(not _is_over(e, places[e.organisation_id].local_day(now)) for e in posts):
        return
    for account in tx.accounts.of_person(person_id):
        if account.closed_at is None and not account.operator:
            closed = replace(account, closed_at=now, credentials=account.credentials + 1)
            tx.accounts.save(closed, account)
            tx.sessions.end_all(account.id, now)
            tx.audit.add(INSTALLATION, "account.closed", {"account": str(account.id)})


def _is_over(employment: Employment, today: date) -> bool:
    return employment.until is not None and employment.until < today
