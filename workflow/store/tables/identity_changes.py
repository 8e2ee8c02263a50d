"""Changes of names and identifiers, decided by a second person."""

from __future__ import annotations

import sqlalchemy as sa

from workflow.domain.identity_changes import IdentityDecision
from workflow.store.tables.base import id_column, metadata, reference, version_column
from workflow.store.tables.typed_json import TypedJson
from workflow.store.types import Choice, UtcDateTime

identity_changes = sa.Table(
    "identity_changes",
    metadata,
    id_column(),
    version_column(),
    reference("person_id", "people.id"),
    reference("organisation_id", "organisations.id"),
    sa.Column("before", TypedJson, nullable=False),
    sa.Column("after", TypedJson, nullable=False),
    sa.Column("since", sa.Date, nullable=False),
    sa.Column("ground", sa.Text, nullable=False),
    sa.Column("scan", sa.Text, nullable=False),
    sa.Column("scan_name", sa.Text, nullable=False),
    sa.Column("proposed_at", UtcDateTime, nullable=False),
    reference("proposed_by", "people.id"),
    sa.Column("decision", Choice(IdentityDecision), nullable=False),
    sa.Column("decided_at", UtcDateTime),
    reference("decided_by", "people.id", nullable=True),
    sa.Column("reason", sa.Text, nullable=False),
    # One open proposal for a person: two at once would undo each other.
    sa.Index(
        "uq_identity_changes_pending",
        "person_id",
        unique=True,
        sqlite_where=sa.text("decision = 'pending'"),
        postgresql_where=sa.text("decision = 'pending'"),
    ),
)
