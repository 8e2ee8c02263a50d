"""Organisations and the names they have borne."""

from __future__ import annotations

import sqlalchemy as sa

from workflow.domain.organisations import OrganisationKind
from workflow.store.tables.base import id_column, metadata, reference, version_column
from workflow.store.tables.typed_json import TypedJson
from workflow.store.types import Choice, Id

organisations = sa.Table(
    "organisations",
    metadata,
    id_column(),
    version_column(),
    sa.Column("kind", Choice(OrganisationKind), nullable=False, index=True),
    sa.Column("inn", sa.Text, nullable=False, index=True),
    sa.Column("kpp", sa.Text, nullable=False),
    sa.Column("ogrn", sa.Text, nullable=False),
    sa.Column("okpo", sa.Text, nullable=False),
    sa.Column("address", sa.Text, nullable=False),
    sa.Column("place", sa.Text, nullable=False),
    sa.Column("phone", sa.Text, nullable=False),
    sa.Column("email", sa.Text, nullable=False),
    sa.Column("site", sa.Text, nullable=False),
    sa.Column("time_zone", sa.Text, nullable=False),
    sa.Column("week", sa.SmallInteger, nullable=False),
    sa.Column("region", sa.Text, nullable=False),
    reference("founder_id", "organisations.id", nullable=True),
    reference("office_id", "organisations.id", nullable=True),
    sa.Column("pack", sa.Text, nullable=False),
    sa.Column("visa_roles", TypedJson, nullable=False),
    sa.Column("closed_on", sa.Date),
    reference("successor_id", "organisations.id", nullable=True),
)

organisation_names = sa.Table(
    "organisation_names",
    metadata,
    sa.Column("organisation_id", Id, sa.ForeignKey("organisations.id"), primary_key=True),
    sa.Column("position", sa.Integer, primary_key=True),
    sa.Column("full", sa.Text, nullable=False),
    sa.Column("short", sa.Text, nullable=False),
    sa.Column("since", sa.Date, nullable=False),
    sa.Column("forms", TypedJson, nullable=False),
    sa.Column("forms_confirmed", sa.Boolean, nullable=False, server_default=sa.false()),
)
