"""Files with workers that were uploaded: looked at first, written when confirmed."""

from __future__ import annotations

import sqlalchemy as sa

from workflow.store.tables.base import id_column, metadata, reference, version_column
from workflow.store.types import UtcDateTime

staff_imports = sa.Table(
    "staff_imports",
    metadata,
    id_column(),
    version_column(),
    reference("organisation_id", "organisations.id"),
    sa.Column("file_name", sa.Text, nullable=False),
    # Personal data: erased as soon as the import is written or given up.
    sa.Column("content", sa.LargeBinary),
    sa.Column("sha256", sa.Text, nullable=False),
    sa.Column("uploaded_at", UtcDateTime, nullable=False),
    reference("uploaded_by", "people.id"),
    sa.Column("confirmed_at", UtcDateTime),
    reference("confirmed_by", "people.id", nullable=True),
    sa.Column("added", sa.Integer, nullable=False),
    sa.Column("changed", sa.Integer, nullable=False),
    sa.Column("unchanged", sa.Integer, nullable=False),
)
