"""What repositories have in common: one aggregate by id, many in few queries, pages."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, fields, replace
from functools import cache
from typing import Any, ClassVar, Generic, Protocol, TypeVar
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Connection, Table

from workflow.store import rows
from workflow.store.errors import MissingRowError, StoreError
from workflow.store.rows import Row

AT_ONCE = 500
"""How many ids one query names; both databases allow more, none is faster with more."""
AT_MOST = 1000
"""How many values a finder without pages returns."""


class HistoryError(StoreError):
    """Something that is only ever added was changed or removed (a programming mistake)."""

    code = "history"


class Aggregate(Protocol):
    """A frozen dataclass with an identity and a count of saves."""

    __dataclass_fields__: ClassVar[dict[str, Any]]

    @property
    def id(self) -> UUID: ...

    @property
    def version(self) -> int: ...


ValueT = TypeVar("ValueT", bound=Aggregate)
ItemT = TypeVar("ItemT")


@dataclass(frozen=True)
class Page(Generic[ItemT]):
    """Some of a longer list, the newest first; `following` (None: this is the end) asks for more.

    Hand it back as `before` to get the next page.
    """

    items: tuple[ItemT, ...]
    following: UUID | None = None


class Aggregates(Generic[ValueT]):
    """A repository of one aggregate; the columns are the fields unless a subclass says more.

    A subclass with children overrides `_values`, `_row` and `_save_children`; one with derived
    columns adds them in `_row`.
    """

    table: ClassVar[Table]
    value: type[ValueT]

    def __init__(self, connection: Connection) -> None:
        self.connection = connection

    def load(self, identity: UUID) -> ValueT:
        """Return the aggregate; raise MissingRowError when there is none."""
        return self.load_many([identity])[identity]

    def load_many(self, identities: Iterable[UUID]) -> dict[UUID, ValueT]:
        """Return the aggregates by id, in the order asked for, in few queries for all of them.

        Raises MissingRowError when one is not there.
        """
        wanted = list(dict.fromkeys(identities))
        found: dict[UUID, ValueT] = {}
        for some in chunks(wanted):
            rows_of_some = self.connection.execute(_named(self.table), {"ids": some}).all()
            found |= {value.id: value for value in self._values(rows_of_some)}
        for identity in wanted:
            if identity not in found:
                raise MissingRowError(f"there is no row {identity} in {self.table.name}")
        return {identity: found[identity] for identity in wanted}

    def save(self, new: ValueT, loaded: ValueT | None = None) -> ValueT:
        """Insert `new`, or write what differs from `loaded`; return it with its new version.

        Raises StaleError when somebody saved it after `loaded` was loaded.
        """
        self._save_row(new, loaded)
        self._save_children(new, loaded)
        return replace(new, version=(loaded.version if loaded else 0) + 1)

    def _save_row(self, new: ValueT, loaded: ValueT | None, **derived: Any) -> None:
        if loaded is None:
            rows.insert(self.connection, self.table, {**self._row(new), **derived})
        else:
            # What the caller derived is always written: nobody compares it.
            before = {**self._row(loaded), **dict.fromkeys(derived, _UNLIKE_ANYTHING)}
            rows.update(self.connection, self.table, {**self._row(new), **derived}, before)

    def _row(self, value: ValueT) -> dict[str, Any]:
        """Return the columns of the aggregate's own row, derived ones beside."""
        return {field.name: getattr(value, field.name) for field in fields(value)}

    def _values(self, found: Sequence[sa.Row[Any]]) -> list[ValueT]:
        """Return the values of some rows, their children read in one query for each table."""
        names = [field.name for field in fields(self.value)]
        return [self.value(**{name: row._mapping[name] for name in names}) for row in found]

    def _save_children(self, new: ValueT, loaded: ValueT | None) -> None:
        """Write the rows of other tables that belong to the aggregate."""

    def _read(self, query: sa.Select[Any]) -> list[ValueT]:
        return self._values(self.connection.execute(query).all())

    def _first(self, query: sa.Select[Any]) -> ValueT | None:
        return next(iter(self._read(query.limit(1))), None)

    def _page(
        self, *where: sa.ColumnElement[bool], limit: int, before: UUID | None
    ) -> Page[ValueT]:
        """Return a page by falling id, which is the time of making (UUIDv7)."""
        query = sa.select(self.table).where(*where).order_by(self.table.c.id.desc())
        if before is not None:
            query = query.where(self.table.c.id < before)
        found = self._read(query.limit(limit + 1))
        return Page(tuple(found[:limit]), found[limit - 1].id if len(found) > limit else None)


_UNLIKE_ANYTHING = object()


def chunks(wanted: Sequence[ItemT]) -> Iterator[Sequence[ItemT]]:
    """Yield `wanted` in parts that one query can name."""
    for start in range(0, len(wanted), AT_ONCE):
        yield wanted[start : start + AT_ONCE]


@cache
def _named(table: Table) -> sa.Select[Any]:
    """The query for the rows named by `ids`, written once."""
    return sa.select(table).where(table.c.id.in_(sa.bindparam("ids", expanding=True)))


def children(
    connection: Connection, table: Table, parent: str, identities: Iterable[UUID]
) -> dict[UUID, list[sa.Row[Any]]]:
    """Return the child rows of each parent, in the order of their key or `position`."""
    wanted = list(identities)
    query = _children_of(table, parent)
    found: dict[UUID, list[sa.Row[Any]]] = {identity: [] for identity in wanted}
    for some in chunks(wanted):
        for row in connection.execute(query, {"parents": some}):
            found[row._mapping[parent]].append(row)
    return found


@cache
def _children_of(table: Table, parent: str) -> sa.Select[Any]:
    """The query for `parents`: written once, because nearly every page and act asks it."""
    order = [table.c.position] if "position" in table.c else []
    these = table.c[parent].in_(sa.bindparam("parents", expanding=True))
    return sa.select(table).where(these).order_by(*order, *table.primary_key)


def append(
    connection: Connection,
    table: Table,
    *,
    after: Sequence[Row],
    before: Sequence[Row],
    changeable: frozenset[str] = frozenset(),
) -> None:
    """Insert the child rows that are new; of the others only `changeable` columns may differ.

    Raises HistoryError when a row is gone or anything else of it differs.
    """
    key = [column.name for column in table.primary_key]
    kept = {tuple(row[name] for name in key): row for row in after}
    for old in before:
        new = kept.get(tuple(old[name] for name in key))
        if new is None:
            raise HistoryError(f"a row of {table.name} would be removed")
        touched = {name for name in old if old[name] != new[name]} - changeable
        if touched:
            raise HistoryError(f"{', '.join(sorted(touched))} of {table.name} would be changed")
    rows.replace_children(connection, table, after=after, before=before)


def within(row: sa.Row[Any], kind: type[ItemT], **named: Any) -> ItemT:
    """Return the dataclass `kind` from the columns named like its fields; `named` go before."""
    columns = row._mapping
    given = {f.name: columns[f.name] for f in fields(kind) if f.name in columns}  # type: ignore[arg-type]  # every caller gives a dataclass
    return kind(**{**given, **named})
