"""Verified lists of accredited authorities; the newest one is judged by."""

from __future__ import annotations

from dataclasses import asdict

import sqlalchemy as sa
from sqlalchemy import Connection

from workflow.domain.trust import AccreditedList
from workflow.store import rows
from workflow.store.repositories.base import within
from workflow.store.tables.accredited_lists import accredited_lists


class AccreditedLists:
    """Lists by their version; none is ever changed or removed."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection

    def add(self, made: AccreditedList) -> bool:
        """Remember a list; False if this file was known already."""
        return rows.insert_if_absent(self.connection, accredited_lists, asdict(made))

    def newest(self) -> AccreditedList | None:
        """Return the list with the highest version, of two the one that came later."""
        c = accredited_lists.c
        query = (
            sa.select(accredited_lists)
            .order_by(c.list_version.desc(), c.stored_at.desc(), c.id.desc())
            .limit(1)
        )
        row = self.connection.execute(query).one_or_none()
        return None if row is None else within(row, AccreditedList)
