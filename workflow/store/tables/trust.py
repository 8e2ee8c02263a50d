"""Trust anchors, revocation lists and answers, public checks, visual copies."""

from __future__ import annotations

import sqlalchemy as sa

from workflow.domain.regulations import SignatureKind
from workflow.store.tables.base import id_column, metadata, reference, version_column
from workflow.store.tables.manifests import sha256_column
from workflow.store.tables.typed_json import RefusalJson
from workflow.store.types import Choice, Id, UtcDateTime

trust_anchors = sa.Table(
    "trust_anchors",
    metadata,
    id_column(),
    version_column(),
    reference("organisation_id", "organisations.id", nullable=True),
    sa.Column("pem", sa.Text, nullable=False),
    sha256_column("fingerprint"),
    sa.Column("subject", sa.Text, nullable=False),
    sa.Column("kind", Choice(SignatureKind), nullable=False),
    sa.Column("added_at", UtcDateTime, nullable=False),
    reference("added_by", "people.id", nullable=True),
    sa.Column("training", sa.Boolean, nullable=False),
    sa.Column("stands_for", Choice(SignatureKind)),
    sa.Column("removed_at", UtcDateTime),
    sa.Column("timestamps", sa.Boolean, nullable=False, server_default=sa.false()),
)

crls = sa.Table(
    "crls",
    metadata,
    id_column(),
    sha256_column("issuer"),
    sha256_column("blob"),
    sa.Column("this_update", UtcDateTime, nullable=False),
    sa.Column("next_update", UtcDateTime),
    sa.Column("stored_at", UtcDateTime, nullable=False),
    sa.UniqueConstraint("issuer", "blob"),
    sa.Index(None, "issuer", "this_update"),
)

ocsp_answers = sa.Table(
    "ocsp_answers",
    metadata,
    id_column(),
    sa.Column("serial", sa.String(80), nullable=False),
    sha256_column("blob"),
    sa.Column("this_update", UtcDateTime, nullable=False),
    sa.Column("next_update", UtcDateTime),
    sa.Column("stored_at", UtcDateTime, nullable=False),
    sa.UniqueConstraint("serial", "blob"),
    sa.Index(None, "serial", "this_update"),
)

revocation_sources = sa.Table(
    "revocation_sources",
    metadata,
    sa.Column("key", sa.String(64), primary_key=True),
    sa.Column("address", sa.Text, nullable=False),
    sa.Column("asked_at", UtcDateTime, nullable=False),
    sa.Column("next_at", UtcDateTime, nullable=False),
    sa.Column("failures", sa.Integer, nullable=False, server_default="0"),
    sa.Column("problem", sa.String(80), nullable=False, server_default=""),
    sa.Column("this_update", UtcDateTime),
    sa.Column("succeeded_at", UtcDateTime),
    sa.Column("failed_at", UtcDateTime),
    sa.Column("failure", RefusalJson),
    sa.Index(None, "failures", "key"),
)

# Which sources the certificates of a signature name; whether it still waits says the signature.
awaited_sources = sa.Table(
    "awaited_sources",
    metadata,
    sa.Column("signature_id", Id, sa.ForeignKey("signatures.id"), primary_key=True),
    sa.Column("key", sa.String(64), primary_key=True),
    sa.Index(None, "key"),
)

public_checks = sa.Table(
    "public_checks",
    metadata,
    sa.Column("token", sa.String(64), primary_key=True),
    sa.Column("document_id", Id, sa.ForeignKey("documents.id"), nullable=False),
    sa.Column("fixing", sa.Integer, nullable=False),
    sa.Column("made_at", UtcDateTime, nullable=False),
    sa.UniqueConstraint("document_id", "fixing"),
)

visual_copies = sa.Table(
    "visual_copies",
    metadata,
    id_column(),
    reference("document_id", "documents.id"),
    sa.Column("fixing", sa.Integer, nullable=False),
    sha256_column("file"),
    sha256_column("copy"),
    sa.Column("made_at", UtcDateTime, nullable=False),
    sa.Column("of_version", sa.Integer, nullable=False, server_default="0"),
    sa.Index(None, "document_id", "fixing", "file", "made_at"),
)
