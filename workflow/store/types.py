"""Column types that mean the same on SQLite and PostgreSQL.

Use these in every table: `Id`, `UtcDateTime`, `CanonicalJson`, `Choice`; for a local day without
a time (a document's printed date) plain `sqlalchemy.Date`.
"""

from __future__ import annotations

import json
import uuid
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator

from workflow.store.errors import NaiveTimeError, NotCanonicalError

CHOICE_LENGTH = 40

ChoiceT = TypeVar("ChoiceT", bound=StrEnum)


class UtcDateTime(TypeDecorator[datetime]):
    """A moment: aware in, aware UTC out; microseconds. A naive one raises NaiveTimeError."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.utcoffset() is None:
            raise NaiveTimeError(f"{value!r} has no time zone")
        moment = value.astimezone(UTC)
        # SQLite keeps text of a fixed width, so that comparing text compares moments.
        return moment.replace(tzinfo=None) if dialect.name == "sqlite" else moment

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Id(TypeDecorator[uuid.UUID]):
    """A `uuid.UUID`: native on PostgreSQL, the usual 36 characters on SQLite."""

    impl = sa.Uuid()
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> sa.types.TypeEngine[Any]:
        if dialect.name == "sqlite":
            return dialect.type_descriptor(sa.CHAR(36))
        return dialect.type_descriptor(sa.Uuid())

    def process_bind_param(self, value: uuid.UUID | None, dialect: Dialect) -> Any:
        if value is None:
            return None
        if not isinstance(value, uuid.UUID):
            raise TypeError(f"an id is a uuid.UUID, not {type(value).__name__}")
        return str(value) if dialect.name == "sqlite" else value

    def process_result_value(self, value: Any, dialect: Dialect) -> uuid.UUID | None:
        return uuid.UUID(value) if isinstance(value, str) else value


class CanonicalJson(TypeDecorator[Any]):
    """JSON kept as its canonical text, so that the bytes that were hashed stay the same bytes."""

    impl = sa.Text()
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:
        return None if value is None else canonical_json(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> Any:
        return None if value is None else json.loads(value)


class Choice(TypeDecorator[ChoiceT]):
    """A member of a `StrEnum`, kept as its value: `Column("state", Choice(State))`."""

    impl = sa.String(CHOICE_LENGTH)
    cache_ok = True

    def __init__(self, members: type[ChoiceT]) -> None:
        super().__init__()
        self.members = members

    def process_bind_param(self, value: ChoiceT | None, dialect: Dialect) -> str | None:
        return None if value is None else self.members(value).value

    def process_result_value(self, value: str | None, dialect: Dialect) -> ChoiceT | None:
        return None if value is None else self.members(value)


def canonical_json(value: object) -> str:
    """Return the one JSON text of `value`: keys sorted, no spaces, Cyrillic unescaped.

    The value is made of dict with text keys, list, tuple, str, int, bool and None; times, ids and
    amounts are written as text by whoever calls. Raises NotCanonicalError for anything else:
    floats print differently from machine to machine.
    """
    _refuse_ambiguous(value, "$")
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def _refuse_ambiguous(value: object, path: str) -> None:
    match value:
        case None | bool() | int():
            return
        case str():
            try:
                value.encode()
            except UnicodeEncodeError:
                raise NotCanonicalError(f"{path} is not valid Unicode text") from None
        case dict():
            for key, inner in value.items():
                if not isinstance(key, str):
                    raise NotCanonicalError(f"{path} has a key that is not text: {key!r}")
                _refuse_ambiguous(inner, f"{path}.{key}")
        case list() | tuple():
            for index, inner in enumerate(value):
                _refuse_ambiguous(inner, f"{path}[{index}]")
        case _:
            raise NotCanonicalError(f"{path} is a {type(value).__name__}")


def folded(text: str) -> str:
    """Return `text` as it is compared in a search: without case, «ё» as «е», single spaces.

    SQLite's `lower()` and LIKE know no Cyrillic: keep this beside the original and search there.
    """
    return " ".join(text.casefold().replace("ё", "е").split())
