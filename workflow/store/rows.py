"""Writing what differs: the few functions that every repository is made of.

A repository is a class that takes a connection and turns rows into frozen dataclasses:

    class Documents:
        def __init__(self, connection: Connection) -> None:
            self.connection = connection

        def load(self, document_id: UUID) -> Document: ...

        def save(self, new: Document, loaded: Document | None = None) -> Document:
            if loaded is None:
                rows.insert(self.connection, documents, _row(new))
            else:
                rows.update(self.connection, documents, _row(new), _row(loaded))
            rows.replace_children(
                self.connection, document_lines,
                after=_lines(new), before=_lines(loaded) if loaded else [],
            )
            return replace(new, version=(loaded.version if loaded else 0) + 1)

`_row` is a plain function from the dataclass to `{column name: value}`; derived states that
queries need are written beside in the same row.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection, Table
from sqlalchemy.dialects import postgresql, sqlite

from workflow.store.errors import MissingRowError, StaleError

Row = Mapping[str, Any]


def insert(connection: Connection, table: Table, row: Row) -> None:
    """Insert a new aggregate; its `version` becomes 1 if the table has one."""
    versioned = {"version": 1} if "version" in table.c else {}
    connection.execute(sa.insert(table).values({**row, **versioned}))


def insert_if_absent(connection: Connection, table: Table, row: Row) -> bool:
    """Insert `row` unless one with the same key exists; return whether it was inserted."""
    dialect = sqlite if connection.dialect.name == "sqlite" else postgresql
    statement = dialect.insert(table).values(dict(row)).on_conflict_do_nothing()
    # psycopg gives no count of rows for it; a row that was not inserted returns nothing.
    returned = connection.execute(statement.returning(*table.primary_key))
    return returned.first() is not None


def update(connection: Connection, table: Table, after: Row, before: Row) -> None:
    """Write the columns that differ and raise the version, if the row is still as it was loaded.

    `before["version"]` is the version that was loaded. The version is raised even if only children
    differ, so that two people changing the same aggregate always notice each other. Raises
    StaleError when somebody saved it in between.
    """
    changed = {name: value for name, value in after.items() if before[name] != value}
    changed["version"] = before["version"] + 1
    result = connection.execute(
        sa.update(table)
        .where(table.c.id == before["id"], table.c.version == before["version"])
        .values(changed)
    )
    if result.rowcount != 1:
        raise StaleError(f"{table.name} {before['id']} was changed after it had been loaded")


def replace_children(
    connection: Connection, table: Table, *, after: Sequence[Row], before: Sequence[Row]
) -> None:
    """Insert, update and delete the child rows that differ, told apart by their primary key."""
    key = [column.name for column in table.primary_key]
    old = {tuple(row[name] for name in key): row for row in before}
    new = {tuple(row[name] for name in key): row for row in after}
    for gone in old.keys() - new.keys():
        connection.execute(sa.delete(table).where(*_is(table, key, gone)))
    for identity, row in new.items():
        if identity not in old:
            connection.execute(sa.insert(table).values(dict(row)))
        elif row != old[identity]:
            changed = {name: value for name, value in row.items() if old[identity][name] != value}
            connection.execute(sa.update(table).where(*_is(table, key, identity)).values(changed))


def one(connection: Connection, query: sa.Select[Any], what: str) -> sa.Row[Any]:
    """Return the only row of `query`; raise MissingRowError saying that there is no `what`."""
    row = connection.execute(query).one_or_none()
    if row is None:
        raise MissingRowError(f"there is no {what}")
    return row


def _is(table: Table, key: Sequence[str], identity: Sequence[Any]) -> list[Any]:
    return [table.c[name] == value for name, value in zip(key, identity, strict=True)]
