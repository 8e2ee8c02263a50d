"""Agreements on simple electronic signatures, entered from paper."""

from __future__ import annotations

import sqlalchemy as sa

from workflow.store.tables.base import id_column, metadata, reference, version_column
from workflow.store.tables.manifests import sha256_column
from workflow.store.types import UtcDateTime

simple_agreements = sa.Table(
    "simple_agreements",
    metadata,
    id_column(),
    version_column(),
    reference("person_id", "people.id"),
    reference("organisation_id", "organisations.id"),
    sa.Column("number", sa.Text, nullable=False),
    sa.Column("dated", sa.Date, nullable=False),
    sha256_column("scan"),
    reference("entered_by", "people.id"),
    sa.Column("entered_at", UtcDateTime, nullable=False),
    sa.Column("suspended_at", UtcDateTime),
    reference("suspended_by", "people.id", nullable=True),
    sa.Column("suspended_reason", sa.Text, nullable=False),
    sa.Column("ended_on", sa.Date),
    reference("ended_by", "people.id", nullable=True),
)
