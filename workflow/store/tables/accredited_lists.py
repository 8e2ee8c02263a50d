"""Verified lists of accredited authorities; old ones are kept."""

from __future__ import annotations

import sqlalchemy as sa

from workflow.store.tables.base import id_column, metadata, reference
from workflow.store.tables.manifests import sha256_column
from workflow.store.types import UtcDateTime

accredited_lists = sa.Table(
    "accredited_lists",
    metadata,
    id_column(),
    sa.Column("list_version", sa.BigInteger, nullable=False),
    sa.Column("issued_at", UtcDateTime, nullable=False),
    sha256_column("file"),
    sha256_column("compact"),
    sa.Column("authorities", sa.Integer, nullable=False),
    sa.Column("stored_at", UtcDateTime, nullable=False),
    reference("stored_by", "people.id"),
    sa.UniqueConstraint("file"),
    sa.Index(None, "list_version", "stored_at"),
)
