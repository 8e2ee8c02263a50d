"""The audit trail: one chain of events per organisation and the chain's head."""

from __future__ import annotations

import sqlalchemy as sa

from workflow.store.tables.base import metadata
from workflow.store.types import CanonicalJson, Id, UtcDateTime

# `chain` is the organisation's id without a foreign key: the trail outlives what it tells about,
# and the installation itself has a chain, too.
audit_events = sa.Table(
    "audit_events",
    metadata,
    sa.Column("chain", Id, primary_key=True),
    sa.Column("number", sa.Integer, primary_key=True),
    sa.Column("happened_at", UtcDateTime, nullable=False),
    sa.Column("kind", sa.String(80), nullable=False),
    sa.Column("body", CanonicalJson, nullable=False),
    sa.Column("mac", sa.String(64), nullable=False),
)

audit_heads = sa.Table(
    "audit_heads",
    metadata,
    sa.Column("chain", Id, primary_key=True),
    sa.Column("number", sa.Integer, nullable=False),
    sa.Column("mac", sa.String(64), nullable=False),
)
