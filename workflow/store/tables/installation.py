"""The installation itself, overrides of its calendar, the pack versions it has used."""

from __future__ import annotations

import sqlalchemy as sa

from workflow.store.tables.base import id_column, metadata, reference, version_column
from workflow.store.tables.typed_json import TypedJson
from workflow.store.types import CanonicalJson, UtcDateTime

installation = sa.Table(
    "installation",
    metadata,
    id_column(),
    version_column(),
    # Unique and always true: there is one row.
    sa.Column("the_only", sa.Boolean, nullable=False, unique=True),
    sa.Column("created_at", UtcDateTime, nullable=False),
    sa.Column("training", sa.Boolean, nullable=False),
    sa.Column("settings", TypedJson, nullable=False),
    sa.CheckConstraint("the_only", name="the_only"),
)

calendar_overrides = sa.Table(
    "calendar_overrides",
    metadata,
    id_column(),
    version_column(),
    sa.Column("region", sa.Text, nullable=False),
    reference("organisation_id", "organisations.id", nullable=True),
    sa.Column("day", sa.Date, nullable=False),
    sa.Column("working", sa.Boolean, nullable=False),
    sa.Column("source", sa.Text, nullable=False),
    sa.Column("added_at", UtcDateTime, nullable=False),
    reference("added_by", "people.id", nullable=True),
    sa.UniqueConstraint("organisation_id", "day"),
)

# Rows of organisations stand aside: null is unlike null in a unique constraint.
sa.Index(
    "ix_calendar_overrides_of_region",
    calendar_overrides.c.region,
    calendar_overrides.c.day,
    unique=True,
    sqlite_where=sa.text("organisation_id IS NULL"),
    postgresql_where=sa.text("organisation_id IS NULL"),
)

pack_versions = sa.Table(
    "pack_versions",
    metadata,
    sa.Column("name", sa.String(120), primary_key=True),
    sa.Column("version", sa.String(64), primary_key=True),
    sa.Column("sources", CanonicalJson, nullable=False),
    sa.Column("first_used_at", UtcDateTime, nullable=False),
)
