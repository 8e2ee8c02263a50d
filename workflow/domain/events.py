"""One line of the audit trail: who did what to which thing; ids and hashes, no personal data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True)
class Event:
    """`name` is dotted (`document.fixed`); `body` holds ids, numbers and hashes only."""

    organisation_id: UUID
    name: str
    at: datetime
    actor_id: UUID | None
    subject_id: UUID
    body: Mapping[str, str | int | bool | None]
