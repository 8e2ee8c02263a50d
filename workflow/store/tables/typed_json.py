"""JSON that gives back the Python values it was made of: dates, ids, tuples, mappings, refusals."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any  # what a JSON text holds has no better type
from uuid import UUID

from sqlalchemy.engine import Dialect

from workflow.domain.refusals import Refusal
from workflow.store.errors import NaiveTimeError, NotCanonicalError
from workflow.store.types import CanonicalJson


class TypedJson(CanonicalJson):
    """A typed value as canonical text: facts of a revision, case forms, lists of hashes.

    In: text, whole numbers, booleans, None, dates, aware moments, UUIDs, tuples or lists, mappings
    with text keys, in any nesting. Out: the same; a moment comes back in UTC, a list as a tuple, a
    mapping as a dict. Raises NaiveTimeError for a moment without a zone, NotCanonicalError for
    anything else.
    """

    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:
        return None if value is None else super().process_bind_param(encoded(value), dialect)

    def process_result_value(self, value: str | None, dialect: Dialect) -> Any:
        return None if value is None else decoded(super().process_result_value(value, dialect))


class RefusalJson(TypedJson):
    """A refusal kept with what it was about: why a file could not be made, a signature counted."""

    cache_ok = True

    def process_bind_param(self, value: Refusal | None, dialect: Dialect) -> str | None:
        return None if value is None else super().process_bind_param(vars(value), dialect)

    def process_result_value(self, value: str | None, dialect: Dialect) -> Refusal | None:
        return None if value is None else Refusal(**super().process_result_value(value, dialect))


def encoded(value: object) -> object:
    """Return `value` made of plain JSON values; dates and ids become tagged objects.

    A key of the caller's own that begins with `$` gets another one, so that it is no tag.
    """
    match value:
        case datetime():
            if value.utcoffset() is None:
                raise NaiveTimeError(f"{value!r} has no time zone")
            return {"$at": value.astimezone(UTC).isoformat()}
        case date():
            return {"$date": value.isoformat()}
        case UUID():
            return {"$id": str(value)}
        case list() | tuple():
            return [encoded(item) for item in value]
        case Mapping():
            return {_key_out(key): encoded(item) for key, item in value.items()}
        case _:
            return value


def decoded(value: Any) -> object:
    """Return what `encoded` was given."""
    match value:
        case {"$date": str(day)}:
            return date.fromisoformat(day)
        case {"$at": str(moment)}:
            return datetime.fromisoformat(moment)
        case {"$id": str(identity)}:
            return UUID(identity)
        case list():
            return tuple(decoded(item) for item in value)
        case dict():
            return {_key_in(key): decoded(item) for key, item in value.items()}
        case _:
            return value


def _key_out(key: object) -> str:
    if not isinstance(key, str):
        raise NotCanonicalError(f"a key is not text: {key!r}")
    return f"${key}" if key.startswith("$") else key


def _key_in(key: str) -> str:
    return key.removeprefix("$")
