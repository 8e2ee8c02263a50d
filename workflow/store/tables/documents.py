"""Documents with their revisions, fixings, marks, lines and files; their open steps."""

from __future__ import annotations

from enum import StrEnum

import sqlalchemy as sa

from workflow.domain.documents import Verdict
from workflow.domain.regulations import Role, Verb
from workflow.domain.routes import DocumentState
from workflow.store.tables.base import id_column, metadata, reference, version_column
from workflow.store.tables.manifests import manifest_file_columns, sha256_column
from workflow.store.tables.typed_json import RefusalJson, TypedJson
from workflow.store.types import Choice, Id, UtcDateTime


class Stage(StrEnum):
    """Whose files they are: a revision's draft, a fixing's, or those of an existing document."""

    DRAFT = "draft"
    FIXED = "fixed"
    EXISTING = "existing"


documents = sa.Table(
    "documents",
    metadata,
    id_column(),
    version_column(),
    sa.Column("type_code", sa.Text, nullable=False),
    reference("organisation_id", "organisations.id"),
    sa.Column("pack", sa.Text, nullable=False),
    sa.Column("pack_version", sa.Text, nullable=False),
    sa.Column("title", sa.Text, nullable=False),
    sa.Column("created_at", UtcDateTime, nullable=False),
    reference("created_by", "people.id"),
    sa.Column("on_paper", sa.Boolean, nullable=False),
    sa.Column("paper_reason", RefusalJson),
    sa.Column("by_founder", sa.Boolean, nullable=False, server_default=sa.false()),
    reference("approved_by", "documents.id", nullable=True),
    # Set for a document made elsewhere; its number and date are `number` and `dated`.
    sa.Column("existing_signed_by", sa.Text),
    sa.Column("existing_post", sa.Text),
    # … and what became of the `.sig` that it brought: hashes, verdict, owner.
    sa.Column("existing_signature", TypedJson),
    # Derived, written beside for queries.
    sa.Column("state", Choice(DocumentState), nullable=False),
    sa.Column("number", sa.Text, nullable=False),
    sa.Column("dated", sa.Date),
    sa.Column("fixed_digest", sa.String(64)),
    sa.Index(None, "organisation_id", "type_code", "state"),
    sa.Index(None, "state", "dated"),
)

document_lines = sa.Table(
    "document_lines",
    metadata,
    sa.Column("document_id", Id, sa.ForeignKey("documents.id"), primary_key=True),
    sa.Column("case_id", Id, sa.ForeignKey("cases.id"), primary_key=True, index=True),
    sa.Column("position", sa.Integer, nullable=False),
    reference("cancelled_by", "documents.id", nullable=True),
)

document_revisions = sa.Table(
    "document_revisions",
    metadata,
    sa.Column("document_id", Id, sa.ForeignKey("documents.id"), primary_key=True),
    sa.Column("number", sa.Integer, primary_key=True),
    sa.Column("facts", TypedJson, nullable=False),
    sa.Column("created_at", UtcDateTime, nullable=False),
    reference("created_by", "people.id"),
    sa.Column("draft_digest", sa.String(64)),
    sa.Column("failure", RefusalJson),
)

document_fixings = sa.Table(
    "document_fixings",
    metadata,
    sa.Column("document_id", Id, sa.ForeignKey("documents.id"), primary_key=True),
    sa.Column("sequence", sa.Integer, primary_key=True),
    sa.Column("revision", sa.Integer, nullable=False),
    sa.Column("printed_number", sa.Text, nullable=False),
    sa.Column("printed_on", sa.Date, nullable=False),
    sa.Column("fixed_at", UtcDateTime, nullable=False),
    reference("fixed_by", "people.id", nullable=True),
    reference("entry_id", "register_entries.id", nullable=True),
    sa.Column("manifest_digest", sa.String(64)),
    sa.Column("failure", RefusalJson),
)

# `number` is that of the revision or the sequence of the fixing; 0 for an existing document.
document_files = sa.Table(
    "document_files",
    metadata,
    sa.Column("document_id", Id, sa.ForeignKey("documents.id"), primary_key=True),
    sa.Column("stage", Choice(Stage), primary_key=True),
    sa.Column("number", sa.Integer, primary_key=True),
    sa.Column("position", sa.Integer, primary_key=True),
    *manifest_file_columns(),
    sa.Index(None, "pdf"),
)

document_marks = sa.Table(
    "document_marks",
    metadata,
    id_column(),
    reference("document_id", "documents.id"),
    sa.Column("position", sa.Integer, nullable=False),
    sa.Column("step", sa.Text, nullable=False),
    sa.Column("verdict", Choice(Verdict), nullable=False),
    sa.Column("made_at", UtcDateTime, nullable=False),
    reference("person_id", "people.id", nullable=True),
    sa.Column("revision", sa.Integer, nullable=False),
    sa.Column("fixing", sa.Integer, nullable=False),
    sha256_column("bound"),
    sa.Column("remark", sa.Text, nullable=False),
    sa.Column("evidence", sa.Text, nullable=False),
    reference("entered_by", "people.id", nullable=True),
    sa.Column("happened_on", sa.Date),
    reference("employment_id", "employments.id", nullable=True),
    reference("mandate_id", "mandates.id", nullable=True),
    sa.UniqueConstraint("document_id", "position"),
)

# Derived, written beside for inboxes: whom each document waits for.
open_steps = sa.Table(
    "open_steps",
    metadata,
    sa.Column("document_id", Id, sa.ForeignKey("documents.id"), primary_key=True),
    sa.Column("step_key", sa.String(120), primary_key=True),
    sa.Column("verb", Choice(Verb), nullable=False),
    sa.Column("role", Choice(Role)),
    reference("organisation_id", "organisations.id", nullable=True),
    reference("employment_id", "employments.id", nullable=True),
    sa.Index(None, "organisation_id", "role"),
)
