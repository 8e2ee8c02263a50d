"""Lists of documents signed after one confirmation, and the keys that are unlocked for them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Connection

from workflow.domain.bulk_signing import Bulk, BulkItem, HeldKey
from workflow.store import rows
from workflow.store.repositories.base import Aggregates, chunks, within
from workflow.store.tables.bulk_signing import (
    bulk_signing_items,
    bulk_signing_keys,
    bulk_signings,
)

SOME = 20


class Bulks(Aggregates[Bulk]):
    """The lists themselves."""

    table = bulk_signings
    value = Bulk

    def unfinished(self, account_id: UUID, since: datetime) -> list[Bulk]:
        """Return the account's lists opened from `since` on with something left, newest first."""
        left = bulk_signing_items.c.done_at.is_(None)
        open_items = sa.select(bulk_signing_items.c.bulk_id).where(left)
        query = sa.select(bulk_signings).where(
            bulk_signings.c.account_id == account_id,
            bulk_signings.c.opened_at >= since,
            bulk_signings.c.id.in_(open_items),
        )
        return self._read(query.order_by(bulk_signings.c.id.desc()).limit(SOME))

    def remove_opened_before(self, moment: datetime) -> int:
        """Forget lists that are too old to be gone on with; return how many."""
        old = sa.select(bulk_signings.c.id).where(bulk_signings.c.opened_at < moment)
        for table in (bulk_signing_keys, bulk_signing_items):
            self.connection.execute(sa.delete(table).where(table.c.bulk_id.in_(old)))
        result = self.connection.execute(
            sa.delete(bulk_signings).where(bulk_signings.c.opened_at < moment)
        )
        return result.rowcount


class BulkItems(Aggregates[BulkItem]):
    """The documents of the lists, each saved on its own."""

    table = bulk_signing_items
    value = BulkItem

    def of_bulk(self, bulk_id: UUID) -> list[BulkItem]:
        """Return the documents of a list in their places."""
        return self.of_bulks([bulk_id])[bulk_id]

    def of_bulks(self, bulk_ids: Iterable[UUID]) -> dict[UUID, list[BulkItem]]:
        """Return the documents of these lists, each in their places."""
        wanted = list(dict.fromkeys(bulk_ids))
        found: dict[UUID, list[BulkItem]] = {bulk_id: [] for bulk_id in wanted}
        c = bulk_signing_items.c
        for some in chunks(wanted):
            query = sa.select(bulk_signing_items).where(c.bulk_id.in_(some))
            for item in self._read(query.order_by(c.bulk_id, c.place)):
                found[item.bulk_id].append(item)
        return found

    def find(self, bulk_id: UUID, document_id: UUID) -> BulkItem | None:
        """Return a document's place in a list."""
        c = bulk_signing_items.c
        return self._first(
            sa.select(bulk_signing_items).where(c.bulk_id == bulk_id, c.document_id == document_id)
        )

    def remove(self, item: BulkItem) -> None:
        """Take a document out of its list."""
        self.connection.execute(
            sa.delete(bulk_signing_items).where(bulk_signing_items.c.id == item.id)
        )


class HeldKeys:
    """Keys unlocked for lists, encrypted under what only a browser holds."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection

    def put(self, held: HeldKey) -> None:
        """Keep the key of a list instead of an earlier one."""
        self.remove(held.bulk_id)
        rows.insert(self.connection, bulk_signing_keys, asdict(held))

    def find(self, bulk_id: UUID) -> HeldKey | None:
        query = sa.select(bulk_signing_keys).where(bulk_signing_keys.c.bulk_id == bulk_id)
        row = self.connection.execute(query).one_or_none()
        return None if row is None else within(row, HeldKey)

    def remove(self, bulk_id: UUID) -> int:
        return self._remove(bulk_signing_keys.c.bulk_id == bulk_id)

    def remove_of_key(self, person_key_id: UUID) -> int:
        """Forget every copy of somebody's key."""
        return self._remove(bulk_signing_keys.c.person_key_id == person_key_id)

    def remove_expired(self, now: datetime) -> int:
        return self._remove(bulk_signing_keys.c.expires_at <= now)

    def _remove(self, which: sa.ColumnElement[bool]) -> int:
        return self.connection.execute(sa.delete(bulk_signing_keys).where(which)).rowcount
