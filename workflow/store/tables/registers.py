"""Registers and their rows."""

from __future__ import annotations

import sqlalchemy as sa

from workflow.domain.registers import EntryState, Numbering
from workflow.store.tables.base import id_column, metadata, reference, version_column
from workflow.store.tables.typed_json import TypedJson
from workflow.store.types import Choice, Id, UtcDateTime

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
    # All words of the row, `types.folded`: SQLite compares no Cyrillic without case.
    sa.Column("folded_summary", sa.Text, nullable=False),
    sa.Column("entered_at", UtcDateTime, nullable=False),
    reference("entered_by", "people.id", nullable=True),
    sa.Column("reason", sa.Text, nullable=False),
    *(
        sa.Column(name, sa.Text, nullable=False, server_default="")
        for name in ("correspondent", "their_number", "signed_by", "executor", "note", "scan")
    ),
    sa.Column("by_hand", sa.Boolean, nullable=False, server_default=sa.false()),
    # The last word on doubles, whoever asks first.
    sa.UniqueConstraint("register_id", "year", "folded_number"),
    sa.Index(None, "register_id", "year", "sequence"),
)

# Only added to: what a row written by hand said before it was corrected.
register_entry_changes = sa.Table(
    "register_entry_changes",
    metadata,
    sa.Column("entry_id", Id, sa.ForeignKey("register_entries.id"), primary_key=True),
    sa.Column("position", sa.Integer, primary_key=True),
    sa.Column("made_at", UtcDateTime, nullable=False),
    reference("made_by", "people.id"),
    sa.Column("before", TypedJson, nullable=False),
)
