"""A file with workers on its way into the installation."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True)
class StaffImport:
    """An uploaded file: looked at as often as one likes, written once.

    `content` is None as soon as the import was written or given up; `added`, `changed` and
    `unchanged` count the workers once it was written.
    """

    id: UUID
    organisation_id: UUID
    file_name: str
    sha256: str
    uploaded_at: datetime
    uploaded_by: UUID
    content: bytes | None = field(default=None, repr=False)
    confirmed_at: datetime | None = None
    confirmed_by: UUID | None = None
    added: int = 0
    changed: int = 0
    unchanged: int = 0
    version: int = 0
