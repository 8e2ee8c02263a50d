"""Accounts, their sessions, and the keys kept for people."""

from __future__ import annotations

import sqlalchemy as sa

from workflow.domain.regulations import SignatureKind
from workflow.store.tables.base import id_column, metadata, reference, version_column
from workflow.store.tables.manifests import sha256_column
from workflow.store.types import Choice, UtcDateTime

accounts = sa.Table(
    "accounts",
    metadata,
    id_column(),
    version_column(),
    sa.Column("login", sa.Text, nullable=False),
    # `types.folded`: a login is the same in any letter case.
    sa.Column("folded_login", sa.Text, nullable=False, unique=True),
    reference("person_id", "people.id"),
    sa.Column("password_hash", sa.Text, nullable=False),
    sa.Column("totp_secret", sa.LargeBinary),
    sa.Column("totp_step", sa.BigInteger),
    sa.Column("operator", sa.Boolean, nullable=False),
    sa.Column("credentials", sa.Integer, nullable=False),
    sa.Column("failed_attempts", sa.Integer, nullable=False),
    sa.Column("locked_until", UtcDateTime),
    sa.Column("closed_at", UtcDateTime),
)

sessions = sa.Table(
    "sessions",
    metadata,
    sa.Column("token_digest", sa.String(64), primary_key=True),
    reference("account_id", "accounts.id"),
    sa.Column("opened_at", UtcDateTime, nullable=False, index=True),
    sa.Column("ended_at", UtcDateTime),
)

person_keys = sa.Table(
    "person_keys",
    metadata,
    id_column(),
    version_column(),
    reference("person_id", "people.id"),
    sa.Column("sealed", sa.LargeBinary, nullable=False),
    sha256_column("certificate"),
    sa.Column("owner", sa.Text, nullable=False),
    sa.Column("serial", sa.Text, nullable=False),
    sa.Column("valid_from", UtcDateTime, nullable=False),
    sa.Column("valid_until", UtcDateTime, nullable=False),
    sa.Column("kind", Choice(SignatureKind)),
    sa.Column("training", sa.Boolean, nullable=False),
    sa.Column("token", sa.Text),
    sa.Column("added_at", UtcDateTime, nullable=False),
    sa.Column("removed_at", UtcDateTime),
)
