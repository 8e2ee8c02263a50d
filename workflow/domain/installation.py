"""What is said once for a whole installation."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID


@dataclass(frozen=True)
class Installation:
    """The one row that says what this database is.

    `training` is fixed when the database is made. `settings` hold no secrets: text, numbers,
    yes/no, dates, lists of these.
    """

    id: UUID
    created_at: datetime
    training: bool
    settings: Mapping[str, object] = field(default_factory=dict)
    version: int = 0


@dataclass(frozen=True)
class CalendarOverride:
    """A day that differs from the production calendar, with its source («распоряжение …»).

    It holds for one organisation, or for a whole region ("" is the country).
    """

    id: UUID
    region: str
    organisation_id: UUID | None
    day: date
    working: bool
    source: str
    added_at: datetime
    added_by: UUID | None
    version: int = 0


@dataclass(frozen=True)
class PackVersion:
    """The sources of a pack as they were when first used: path of a file → its text.

    `version` is the SHA-256 (hex) over them (see `Regulation.version`).
    """

    name: str
    version: str
    sources: Mapping[str, str]
    first_used_at: datetime
