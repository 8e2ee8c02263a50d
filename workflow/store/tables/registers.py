"""Registers and their rows."""

from __future__ import annotations

import sqlalchemy as sa

from workflow.domain.registers import EntryState, Numbering
from workflow.store.tables.base import id_column, metadata, reference, version_column
from workflow.store.types import Choice, UtcDateTime

registers = sa.Table(
    "registers",
    metadata,
    id_column(),
    version_column(),
    reference("organisation_id", "organisations.id"),
    sa.Column("key", sa.String(120), nullable=False),
    sa.Column("title", sa.Text, nullable=False),
    sa.Column("mask", sa.Text, nullable=False),
    sa.Column("numbering", Choice(Numbering), nullable=False),
    sa.Column("next_number", sa.Integer, nullable=False),
    sa.Column("year", sa.Integer),
    sa.Column("nomenclature", sa.Text, nullable=False),
    sa.UniqueConstraint("organisation_id", "key"),
)

register_entries = sa.Table(
    "register_entries",
    metadata,
    id_column(),
    version_column(),
    reference("register_id", "registers.id"),
    sa.Column("sequence", sa.Integer, nullable=False),
    sa.Column("year", sa.Integer, nullable=False),
    sa.Column("number", sa.Text, nullable=False),
    # `types.folded`: "12-О/Д" is the number "12-о/д".
    sa.Column("folded_number", sa.Text, nullable=False),
    sa.Column("dated", sa.Date, nullable=False),
    sa.Column("state", Choice(EntryState), nullable=False),
    reference("document_id", "documents.id", nullable=True),
    sa.Column("summary", sa.Text, nullable=False),
    # `types.folded`, for the search: SQLite compares no Cyrillic without case.
    sa.Column("folded_summary", sa.Text, nullable=False),
    sa.Column("entered_at", UtcDateTime, nullable=False),
    reference("entered_by", "people.id", nullable=True),
    sa.Column("reason", sa.Text, nullable=False),
    # The last word on doubles, whoever asks first.
    sa.UniqueConstraint("register_id", "year", "folded_number"),
    sa.Index(None, "register_id", "year", "sequence"),
)
