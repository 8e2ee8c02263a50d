"""Reminders: each once for ever, with what became of its mail."""

from __future__ import annotations

import sqlalchemy as sa

from workflow.domain.reminders import ReminderKind
from workflow.store.tables.base import id_column, metadata, version_column
from workflow.store.tables.typed_json import RefusalJson
from workflow.store.types import Choice, Id, UtcDateTime

reminders = sa.Table(
    "reminders",
    metadata,
    id_column(),
    version_column(),
    sa.Column("obligation_id", Id, sa.ForeignKey("obligations.id"), nullable=False),
    sa.Column("kind", Choice(ReminderKind), nullable=False),
    sa.Column("recipient_id", Id, sa.ForeignKey("people.id"), nullable=False),
    sa.Column("last_on", sa.Date, nullable=False),
    sa.Column("created_at", UtcDateTime, nullable=False),
    sa.Column("sent_at", UtcDateTime),
    sa.Column("message_id", sa.Text, nullable=False),
    sa.Column("failure", RefusalJson),
    sa.UniqueConstraint("obligation_id", "kind", "recipient_id", "last_on"),
    sa.Index(None, "recipient_id", "last_on"),
)
