"""The list of work to be done after a commit (DESIGN.md, "Outbox")."""

from __future__ import annotations

import sqlalchemy as sa

from workflow.store.tables.base import id_column, metadata
from workflow.store.types import CanonicalJson, Id, UtcDateTime

outbox = sa.Table(
    "outbox",
    metadata,
    id_column(),
    sa.Column("kind", sa.String(60), nullable=False),
    sa.Column("payload", CanonicalJson, nullable=False),
    # Rows of one bulk act; its progress is a count over them.
    sa.Column("batch_id", Id, index=True),
    # A second row with the same key is not added: what is due today is asked for only once.
    sa.Column("once_key", sa.String(200), unique=True),
    sa.Column("created_at", UtcDateTime, nullable=False),
    sa.Column("not_before", UtcDateTime, nullable=False),
    sa.Column("sent_at", UtcDateTime),
    sa.Column("token", Id, index=True),
    sa.Column("lease_until", UtcDateTime),
    sa.Column("attempts", sa.Integer, nullable=False),
    sa.Column("done_at", UtcDateTime),
    sa.Column("failed_at", UtcDateTime, index=True),
    sa.Column("last_error", sa.String(500)),
)

still_open = outbox.c.done_at.is_(None) & outbox.c.failed_at.is_(None)

# Done rows are most of the table; the relay looks at the open ones several times a second.
sa.Index(
    "ix_outbox_open",
    outbox.c.not_before,
    outbox.c.id,
    sqlite_where=sa.text("done_at IS NULL AND failed_at IS NULL"),
    postgresql_where=sa.text("done_at IS NULL AND failed_at IS NULL"),
)
