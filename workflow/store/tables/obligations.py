"""Obligations with the decisions about them and what has arrived."""

from __future__ import annotations

import sqlalchemy as sa

from workflow.domain.obligations import ChangeKind, Evidence, ObligationState
from workflow.domain.regulations import Role
from workflow.store.tables.base import id_column, metadata, reference, version_column
from workflow.store.types import Choice, Id, UtcDateTime

obligations = sa.Table(
    "obligations",
    metadata,
    id_column(),
    version_column(),
    sa.Column("key", sa.String(120), nullable=False),
    sa.Column("title", sa.Text, nullable=False),
    reference("debtor_id", "organisations.id"),
    reference("creditor_id", "organisations.id"),
    sa.Column("evidence", Choice(Evidence), nullable=False),
    sa.Column("due_on", sa.Date),
    sa.Column("type_code", sa.Text, nullable=False),
    reference("source_document_id", "documents.id", nullable=True),
    reference("case_id", "cases.id", nullable=True),
    sa.Column("article", sa.Text, nullable=False),
    reference("employment_id", "employments.id", nullable=True),
    sa.Column("role", Choice(Role)),
    sa.Column("step", sa.Text, nullable=False, server_default=""),
    sa.Column("counted_from", sa.Date),
    sa.Column("uncovered_year", sa.Integer),
    # Derived, written beside for queries.
    sa.Column("state", Choice(ObligationState), nullable=False),
    sa.Column("due_now_on", sa.Date),
    sa.Column("first_arrival_at", UtcDateTime),
    sa.Index(None, "debtor_id", "state", "type_code"),
    sa.Index(None, "creditor_id", "state"),
    sa.Index(None, "state", "due_now_on"),
    sa.Index(None, "source_document_id", "key"),
)

obligation_changes = sa.Table(
    "obligation_changes",
    metadata,
    sa.Column("obligation_id", Id, sa.ForeignKey("obligations.id"), primary_key=True),
    sa.Column("position", sa.Integer, primary_key=True),
    sa.Column("kind", Choice(ChangeKind), nullable=False),
    sa.Column("made_at", UtcDateTime, nullable=False),
    reference("made_by", "people.id", nullable=True),
    sa.Column("ground", sa.Text, nullable=False),
    sa.Column("due_on", sa.Date),
)

obligation_fulfilments = sa.Table(
    "obligation_fulfilments",
    metadata,
    sa.Column("obligation_id", Id, sa.ForeignKey("obligations.id"), primary_key=True),
    sa.Column("position", sa.Integer, primary_key=True),
    sa.Column("arrived_at", UtcDateTime, nullable=False),
    sa.Column("evidence", sa.Text, nullable=False),
    reference("submission_id", "submissions.id", nullable=True),
    reference("document_id", "documents.id", nullable=True),
    sa.Column("on_paper", sa.Boolean, nullable=False),
    sa.Column("accepted_at", UtcDateTime),
)
