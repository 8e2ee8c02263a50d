"""Packages sent to another organisation, with their files and the answer."""

from __future__ import annotations

import sqlalchemy as sa

from workflow.domain.submissions import SubmissionState
from workflow.store.tables.base import id_column, metadata, reference, version_column
from workflow.store.tables.manifests import (
    manifest_file_columns,
    sha256_column,
    signed_file_columns,
)
from workflow.store.tables.typed_json import RefusalJson, TypedJson
from workflow.store.types import Choice, Id, UtcDateTime

submissions = sa.Table(
    "submissions",
    metadata,
    id_column(),
    version_column(),
    sa.Column("number", sa.Text, nullable=False),
    reference("sender_id", "organisations.id"),
    reference("receiver_id", "organisations.id"),
    reference("letter_id", "documents.id", nullable=True),
    sa.Column("sent_at", UtcDateTime, nullable=False),
    reference("sent_by", "people.id"),
    sa.Column("arrived_at", UtcDateTime, nullable=False),
    sa.Column("reason_late", sa.Text, nullable=False),
    sa.Column("on_paper", sa.Boolean, nullable=False),
    sa.Column("incoming_number", sa.Text, nullable=False),
    sa.Column("examined_at", UtcDateTime),
    reference("previous_id", "submissions.id", nullable=True),
    # The receipt; all of it is null until there is one.
    sa.Column("receipt_number", sa.Text),
    sa.Column("receipt_at", UtcDateTime),
    reference("receipt_by", "people.id", nullable=True),
    sa.Column("receipt_accepted", sa.Boolean),
    sa.Column("receipt_reason", sa.Text),
    sa.Column("receipt_repair_on", sa.Date),
    sa.Column("receipt_hashes", TypedJson),
    sa.Column("receipt_audit_head", sa.Text),
    # Derived, written beside for queries.
    sa.Column("state", Choice(SubmissionState), nullable=False),
    sa.Index(None, "receiver_id", "state"),
    sa.Index(None, "sender_id", "state"),
)

submission_items = sa.Table(
    "submission_items",
    metadata,
    sa.Column("submission_id", Id, sa.ForeignKey("submissions.id"), primary_key=True),
    sa.Column("position", sa.Integer, primary_key=True),
    # No foreign key: what came on paper from a school without the system is no document here.
    sa.Column("document_id", Id, nullable=False, index=True),
    sa.Column("type_code", sa.Text, nullable=False),
    sa.Column("title", sa.Text, nullable=False),
    sa.Column("number", sa.Text, nullable=False),
    sa.Column("dated", sa.Date),
    sa.Column("on_paper", sa.Boolean, nullable=False),
    sa.Column("verdict", sa.Text, nullable=False),
    sha256_column("report"),
    sa.Column("explanation", RefusalJson),
)

# `item` is the position of the item, `position` the file's in its manifest.
submission_files = sa.Table(
    "submission_files",
    metadata,
    sa.Column("submission_id", Id, sa.ForeignKey("submissions.id"), primary_key=True),
    sa.Column("item", sa.Integer, primary_key=True),
    sa.Column("position", sa.Integer, primary_key=True),
    *manifest_file_columns(),
)

submission_signatures = sa.Table(
    "submission_signatures",
    metadata,
    sa.Column("submission_id", Id, sa.ForeignKey("submissions.id"), primary_key=True),
    sa.Column("item", sa.Integer, primary_key=True),
    sa.Column("position", sa.Integer, primary_key=True),
    *signed_file_columns(),
)
