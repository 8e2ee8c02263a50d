"""People, the posts they hold, their mandates."""

from __future__ import annotations

import sqlalchemy as sa

from workflow.domain.people import AbsenceKind, Departure, Gender
from workflow.domain.regulations import Role
from workflow.store.tables.base import id_column, metadata, reference, version_column
from workflow.store.tables.typed_json import TypedJson
from workflow.store.types import Choice, UtcDateTime

people = sa.Table(
    "people",
    metadata,
    id_column(),
    version_column(),
    sa.Column("last", sa.Text, nullable=False),
    sa.Column("first", sa.Text, nullable=False),
    sa.Column("middle", sa.Text, nullable=False),
    sa.Column("gender", Choice(Gender), nullable=False),
    sa.Column("snils", sa.Text, nullable=False, index=True),
    sa.Column("inn", sa.Text, nullable=False),
    sa.Column("email", sa.Text, nullable=False),
    sa.Column("forms", TypedJson, nullable=False),
    sa.Column("forms_confirmed", sa.Boolean, nullable=False, server_default=sa.false()),
    # `types.folded` of the full name: SQLite compares no Cyrillic without case.
    sa.Column("folded_name", sa.Text, nullable=False, index=True),
)

employments = sa.Table(
    "employments",
    metadata,
    id_column(),
    version_column(),
    reference("person_id", "people.id"),
    reference("organisation_id", "organisations.id"),
    sa.Column("post", sa.Text, nullable=False),
    sa.Column("since", sa.Date, nullable=False),
    sa.Column("until", sa.Date, index=True),
    sa.Column("forms", TypedJson, nullable=False),
    sa.Column("forms_confirmed", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.Column("departure", Choice(Departure)),
    sa.Column("end_ground", sa.Text, nullable=False, server_default=""),
)

absences = sa.Table(
    "absences",
    metadata,
    id_column(),
    version_column(),
    reference("employment_id", "employments.id"),
    sa.Column("kind", Choice(AbsenceKind), nullable=False),
    sa.Column("since", sa.Date, nullable=False),
    sa.Column("until", sa.Date),
    sa.Column("ground", sa.Text, nullable=False),
    sa.Column("recorded_at", UtcDateTime, nullable=False),
    reference("recorded_by", "people.id"),
    sa.Column("withdrawn_at", UtcDateTime),
)

mandates = sa.Table(
    "mandates",
    metadata,
    id_column(),
    reference("person_id", "people.id"),
    reference("employment_id", "employments.id"),
    reference("organisation_id", "organisations.id"),
    sa.Column("role", Choice(Role), nullable=False),
    sa.Column("since", sa.Date, nullable=False),
    sa.Column("until", sa.Date),
    sa.Column("ground", sa.Text, nullable=False),
    sa.Column("recorded_at", UtcDateTime, nullable=False),
    sa.Column("withdrawn_at", UtcDateTime),
    reference("ground_document_id", "documents.id", nullable=True),
    reference("confirmed_by", "people.id", nullable=True),
)
