"""Cases."""

from __future__ import annotations

import sqlalchemy as sa

from workflow.store.tables.base import id_column, metadata, reference, version_column
from workflow.store.types import UtcDateTime

cases = sa.Table(
    "cases",
    metadata,
    id_column(),
    version_column(),
    sa.Column("kind", sa.Text, nullable=False),
    reference("organisation_id", "organisations.id"),
    sa.Column("title", sa.Text, nullable=False),
    sa.Column("school_year", sa.Text, nullable=False),
    sa.Column("pack", sa.Text, nullable=False),
    sa.Column("pack_version", sa.Text, nullable=False),
    sa.Column("opened_at", UtcDateTime, nullable=False),
    reference("opened_by", "people.id"),
    sa.Column("closed_at", UtcDateTime),
)
