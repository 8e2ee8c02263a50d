"""Powers of attorney (МЧД), the registry's answers, what their codes and words mean."""

from __future__ import annotations

import sqlalchemy as sa

from workflow.domain.powers import AnswerStatus
from workflow.store.tables.base import id_column, metadata, reference, version_column
from workflow.store.tables.manifests import sha256_column
from workflow.store.tables.typed_json import TypedJson
from workflow.store.types import Choice, UtcDateTime

powers_of_attorney = sa.Table(
    "powers_of_attorney",
    metadata,
    id_column(),
    version_column(),
    reference("organisation_id", "organisations.id"),
    reference("representative_id", "people.id"),
    sa.Column("number", sa.String(36), nullable=False),
    sa.Column("own_number", sa.Text, nullable=False),
    sa.Column("issued", sa.Date, nullable=False),
    sa.Column("until", sa.Date, nullable=False),
    sa.Column("signed_by", sa.Text, nullable=False),
    sa.Column("coded", sa.Boolean, nullable=False),
    sa.Column("alone", sa.Boolean, nullable=False),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("codes", TypedJson, nullable=False),
    sha256_column("file"),
    sha256_column("signature"),
    sa.Column("kept_at", UtcDateTime, nullable=False),
    reference("kept_by", "people.id"),
    sa.UniqueConstraint("organisation_id", "number"),
    sa.Index(None, "number"),
)

power_answers = sa.Table(
    "power_answers",
    metadata,
    id_column(),
    reference("power_id", "powers_of_attorney.id"),
    reference("organisation_id", "organisations.id", nullable=True),
    sa.Column("status", Choice(AnswerStatus), nullable=False),
    sa.Column("as_of", UtcDateTime, nullable=False),
    sa.Column("revoked_on", sa.Date),
    sa.Column("words", sa.Text, nullable=False),
    sha256_column("file"),
    sa.Column("entered_at", UtcDateTime, nullable=False),
    reference("entered_by", "people.id"),
    sa.Index(None, "power_id", "as_of"),
)

power_readings = sa.Table(
    "power_readings",
    metadata,
    id_column(),
    reference("power_id", "powers_of_attorney.id"),
    reference("organisation_id", "organisations.id", nullable=True),
    sa.Column("type_code", sa.Text, nullable=False),
    sa.Column("words", sa.Text, nullable=False),
    sa.Column("read_at", UtcDateTime, nullable=False),
    reference("read_by", "people.id"),
)

code_meanings = sa.Table(
    "code_meanings",
    metadata,
    id_column(),
    version_column(),
    reference("organisation_id", "organisations.id", nullable=True),
    sa.Column("code", sa.String(80), nullable=False),
    sa.Column("types", TypedJson, nullable=False),
    sa.Column("said_at", UtcDateTime, nullable=False),
    reference("said_by", "people.id"),
    sa.UniqueConstraint("organisation_id", "code"),
)
