"""Lists of documents signed after one confirmation, and the keys that are unlocked for them."""

from __future__ import annotations

import sqlalchemy as sa

from workflow.domain.bulk_signing import BulkWay
from workflow.store.tables.base import id_column, metadata, reference, version_column
from workflow.store.tables.manifests import sha256_column
from workflow.store.tables.typed_json import RefusalJson
from workflow.store.types import Choice, Id, UtcDateTime

bulk_signings = sa.Table(
    "bulk_signings",
    metadata,
    id_column(),
    version_column(),
    reference("account_id", "accounts.id"),
    reference("person_id", "people.id"),
    sa.Column("way", Choice(BulkWay), nullable=False),
    sa.Column("opened_at", UtcDateTime, nullable=False, index=True),
    sa.Column("confirmed_at", UtcDateTime),
)

bulk_signing_items = sa.Table(
    "bulk_signing_items",
    metadata,
    id_column(),
    version_column(),
    reference("bulk_id", "bulk_signings.id"),
    sa.Column("place", sa.Integer, nullable=False),
    reference("document_id", "documents.id"),
    sha256_column("manifest"),
    sa.Column("seen_at", UtcDateTime),
    # No foreign key: attempts that nobody used are removed after a day.
    sa.Column("attempt_id", Id),
    reference("signature_id", "signatures.id", nullable=True),
    sa.Column("refusal", RefusalJson),
    sa.Column("done_at", UtcDateTime),
    sa.UniqueConstraint("bulk_id", "document_id"),
)

# One row for a bulk at most. Useless without the key in the signer's cookie, and short-lived.
bulk_signing_keys = sa.Table(
    "bulk_signing_keys",
    metadata,
    sa.Column("bulk_id", Id, sa.ForeignKey("bulk_signings.id"), primary_key=True),
    reference("account_id", "accounts.id"),
    reference("person_key_id", "person_keys.id"),
    sa.Column("session", sa.String(64), nullable=False, index=True),
    sha256_column("certificate"),
    sa.Column("locked", sa.LargeBinary, nullable=False),
    sa.Column("expires_at", UtcDateTime, nullable=False, index=True),
)
