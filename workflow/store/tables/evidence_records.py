"""Evidence records: trees with their timestamps, and the groups of files under them."""

from __future__ import annotations

import sqlalchemy as sa

from workflow.domain.evidence_records import RecordKind, RecordState
from workflow.store.tables.base import id_column, metadata, reference, version_column
from workflow.store.tables.manifests import sha256_column
from workflow.store.tables.typed_json import RefusalJson, TypedJson
from workflow.store.types import Choice, Id, UtcDateTime

# A digest of up to 512 bits in hex.
_DIGEST = 128

evidence_records = sa.Table(
    "evidence_records",
    metadata,
    id_column(),
    version_column(),
    # Null for the installation's own chain of events.
    reference("organisation_id", "organisations.id", nullable=True),
    sa.Column("once_key", sa.String(120), nullable=False, unique=True),
    sa.Column("kind", Choice(RecordKind), nullable=False),
    sa.Column("digest", sa.String(20), nullable=False),
    sa.Column("root", sa.String(_DIGEST), nullable=False),
    sha256_column("token"),
    sha256_column("evidence"),
    sa.Column("authority", sa.Text, nullable=False),
    sa.Column("stamped_at", UtcDateTime, nullable=False),
    sa.Column("ends_at", UtcDateTime, nullable=False),
    sa.Column("state", Choice(RecordState), nullable=False),
    sa.Column("doubt", RefusalJson),
    sa.Column("audit_number", sa.BigInteger, nullable=False, server_default="0"),
    sa.Index(None, "organisation_id", "audit_number"),
    sa.Index(None, "state", "ends_at"),
)

evidence_items = sa.Table(
    "evidence_items",
    metadata,
    sa.Column("record_id", Id, sa.ForeignKey("evidence_records.id"), primary_key=True),
    sa.Column("position", sa.Integer, primary_key=True),
    sa.Column("leaf", sa.String(_DIGEST), nullable=False),
    # [role, blob, digest] of each file of the group.
    sa.Column("pieces", TypedJson, nullable=False),
    reference("signature_id", "signatures.id", nullable=True),
    reference("mark_id", "document_marks.id", nullable=True),
    # A copy of a signed PDF for long keeping, by its blob.
    sa.Column("long_term", sa.String(64), nullable=False, server_default="", index=True),
    sa.Column("head", sa.BigInteger, nullable=False, server_default="0"),
    reference("renews_id", "evidence_records.id", nullable=True),
    sha256_column("base"),
)
