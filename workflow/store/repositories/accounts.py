"""Accounts, sessions, keys of people."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Connection

from workflow.domain.accounts import Account, PersonKey, Session
from workflow.store import rows
from workflow.store.repositories.base import AT_MOST, Aggregates, Page, chunks, within
from workflow.store.tables.accounts import accounts, person_keys, sessions
from workflow.store.tables.bulk_signing import bulk_signing_keys
from workflow.store.types import folded


class Accounts(Aggregates[Account]):
    """Who may sign in."""

    table = accounts
    value = Account

    def find(self, login: str) -> Account | None:
        """Return the account of this login in any letter case, closed or not."""
        return self._first(sa.select(accounts).where(accounts.c.folded_login == folded(login)))

    def of_person(self, person_id: UUID) -> list[Account]:
        """Return the person's accounts, closed ones too, the oldest first."""
        query = sa.select(accounts).where(accounts.c.person_id == person_id)
        return self._read(query.order_by(accounts.c.id).limit(AT_MOST))

    def page(self, *, limit: int = 50, before: UUID | None = None) -> Page[Account]:
        """Return all accounts, the newest first."""
        return self._page(limit=limit, before=before)

    def _row(self, value: Account) -> dict[str, Any]:
        return {**super()._row(value), "folded_login": folded(value.login)}


class Sessions:
    """Signed-in browsers, so that a session can be ended on the server."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection

    def add(self, session: Session) -> None:
        rows.insert(self.connection, sessions, asdict(session))

    def find(self, token_digest: str) -> Session | None:
        """Return the session, ended or not."""
        query = sa.select(sessions).where(sessions.c.token_digest == token_digest)
        row = self.connection.execute(query).one_or_none()
        return None if row is None else within(row, Session)

    def end(self, token_digest: str, at: datetime) -> bool:
        """End a session with the keys unlocked in it; False if there is none that is open."""
        self._lock_keys(bulk_signing_keys.c.session == token_digest)
        return self._end(at, sessions.c.token_digest == token_digest) == 1

    def end_all(self, account_id: UUID, at: datetime) -> int:
        """End every open session of the account with its unlocked keys; return how many."""
        self._lock_keys(bulk_signing_keys.c.account_id == account_id)
        return self._end(at, sessions.c.account_id == account_id)

    def remove_opened_before(self, moment: datetime) -> int:
        """Forget sessions that are too old to be open; return how many."""
        result = self.connection.execute(sa.delete(sessions).where(sessions.c.opened_at < moment))
        return result.rowcount

    def _lock_keys(self, which: sa.ColumnElement[bool]) -> None:
        self.connection.execute(sa.delete(bulk_signing_keys).where(which))

    def _end(self, at: datetime, which: sa.ColumnElement[bool]) -> int:
        still_open = sessions.c.ended_at.is_(None)
        result = self.connection.execute(
            sa.update(sessions).where(which, still_open).values(ended_at=at)
        )
        return result.rowcount


class PersonKeys(Aggregates[PersonKey]):
    """Keys kept for people, encrypted before they come here."""

    table = person_keys
    value = PersonKey

    def of_person(self, person_id: UUID) -> list[PersonKey]:
        """Return the person's keys that were not removed, the newest first."""
        query = sa.select(person_keys).where(
            person_keys.c.person_id == person_id, person_keys.c.removed_at.is_(None)
        )
        return self._read(query.order_by(person_keys.c.id.desc()).limit(AT_MOST))

    def newest_of_people(self, person_ids: Iterable[UUID]) -> dict[UUID, PersonKey]:
        """Return the key that each of these people signs with, the newest not removed, if any."""
        found: dict[UUID, PersonKey] = {}
        for some in chunks(list(dict.fromkeys(person_ids))):
            query = sa.select(person_keys).where(
                person_keys.c.person_id.in_(some), person_keys.c.removed_at.is_(None)
            )
            for key in self._read(query.order_by(person_keys.c.id)):
                found[key.person_id] = key
        return found
