"""The certificates under which this installation has sealed simple signatures."""

from __future__ import annotations

import sqlalchemy as sa

from workflow.store.tables.base import metadata
from workflow.store.types import UtcDateTime

known_seals = sa.Table(
    "known_seals",
    metadata,
    sa.Column("fingerprint", sa.String(64), primary_key=True),
    sa.Column("training", sa.Boolean, nullable=False),
    sa.Column("known_since", UtcDateTime, nullable=False),
)
