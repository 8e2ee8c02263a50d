"""Signatures with their files, the single-use sessions that lead to them, and leases of PDFs."""

from __future__ import annotations

import sqlalchemy as sa

from workflow.domain.regulations import SignatureFormat, SignatureKind
from workflow.domain.signatures import SignatureStatus
from workflow.store.tables.base import id_column, metadata, reference, version_column
from workflow.store.tables.manifests import sha256_column, signed_file_columns
from workflow.store.tables.typed_json import RefusalJson
from workflow.store.types import Choice, Id, UtcDateTime

signatures = sa.Table(
    "signatures",
    metadata,
    id_column(),
    version_column(),
    reference("document_id", "documents.id"),
    sa.Column("fixing", sa.Integer, nullable=False),
    sa.Column("step", sa.Text, nullable=False),
    reference("person_id", "people.id"),
    reference("employment_id", "employments.id", nullable=True),
    reference("mandate_id", "mandates.id", nullable=True),
    reference("power_id", "powers_of_attorney.id", nullable=True),
    sa.Column("format", Choice(SignatureFormat), nullable=False),
    sa.Column("kind", Choice(SignatureKind)),
    sha256_column("manifest"),
    sa.Column("received_at", UtcDateTime, nullable=False),
    sa.Column("status", Choice(SignatureStatus), nullable=False),
    sa.Column("owner", sa.Text, nullable=False),
    sa.Column("serial", sa.Text, nullable=False),
    sa.Column("valid_from", UtcDateTime),
    sa.Column("valid_until", UtcDateTime),
    sa.Column("training", sa.Boolean, nullable=False),
    sa.Column("checked_at", UtcDateTime),
    sa.Column("explanation", RefusalJson),
    sa.Column("stamp_wanted", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.Column("stamped_at", UtcDateTime),
    sa.Column("proven_at", UtcDateTime),
    sa.Column("time_authority", sa.Text, nullable=False, server_default=""),
    sa.Index(None, "status", "checked_at"),
    sa.Index(None, "status", "received_at"),
)

signature_files = sa.Table(
    "signature_files",
    metadata,
    sa.Column("signature_id", Id, sa.ForeignKey("signatures.id"), primary_key=True),
    sa.Column("position", sa.Integer, primary_key=True),
    *signed_file_columns(),
    sa.Index(None, "signature"),
)

signing_attempts = sa.Table(
    "signing_attempts",
    metadata,
    id_column(),
    version_column(),
    reference("document_id", "documents.id"),
    sa.Column("fixing", sa.Integer, nullable=False),
    sa.Column("step", sa.Text, nullable=False),
    sha256_column("manifest"),
    reference("person_id", "people.id"),
    sha256_column("certificate"),
    sa.Column("expires_at", UtcDateTime, nullable=False, index=True),
    sha256_column("answer"),
    reference("signature_id", "signatures.id", nullable=True),
)

signing_attempt_files = sa.Table(
    "signing_attempt_files",
    metadata,
    sa.Column("attempt_id", Id, sa.ForeignKey("signing_attempts.id"), primary_key=True),
    sa.Column("position", sa.Integer, primary_key=True),
    sha256_column("pdf"),
    sa.Column("place_start", sa.Integer, nullable=False),
    sa.Column("place_end", sa.Integer, nullable=False),
)

# One row for a document at most: who prepared its PDFs last and has not handed them in.
pdf_leases = sa.Table(
    "pdf_leases",
    metadata,
    sa.Column("document_id", Id, sa.ForeignKey("documents.id"), primary_key=True),
    reference("attempt_id", "signing_attempts.id"),
    reference("person_id", "people.id"),
    sa.Column("leased_until", UtcDateTime, nullable=False),
)
