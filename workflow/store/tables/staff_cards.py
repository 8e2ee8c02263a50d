"""Staff cards: one for an employment, with the history of its parts."""

from __future__ import annotations

import sqlalchemy as sa

from workflow.domain.staff_cards import (
    CardPart,
    CategoryKind,
    Education,
    ExperienceKind,
    StatusKind,
)
from workflow.store.tables.base import id_column, metadata, reference, version_column
from workflow.store.tables.typed_json import TypedJson
from workflow.store.types import Choice, Id, UtcDateTime

staff_cards = sa.Table(
    "staff_cards",
    metadata,
    id_column(),
    version_column(),
    sa.Column("employment_id", Id, sa.ForeignKey("employments.id"), nullable=False, unique=True),
    sa.Column("hired_on", sa.Date),
    sa.Column("subject", sa.Text, nullable=False),
    sa.Column("education", Choice(Education), nullable=False),
)

staff_card_categories = sa.Table(
    "staff_card_categories",
    metadata,
    sa.Column("card_id", Id, sa.ForeignKey("staff_cards.id"), primary_key=True),
    sa.Column("kind", Choice(CategoryKind), primary_key=True),
    sa.Column("position", sa.Integer, nullable=False),
    sa.Column("given_on", sa.Date),
    sa.Column("order", sa.Text, nullable=False),
    sa.Column("until", sa.Date),
)

staff_card_experience = sa.Table(
    "staff_card_experience",
    metadata,
    sa.Column("card_id", Id, sa.ForeignKey("staff_cards.id"), primary_key=True),
    sa.Column("kind", Choice(ExperienceKind), primary_key=True),
    sa.Column("position", sa.Integer, nullable=False),
    sa.Column("years", sa.Integer, nullable=False),
    sa.Column("months", sa.Integer, nullable=False),
    sa.Column("as_of", sa.Date, nullable=False),
)

staff_card_statuses = sa.Table(
    "staff_card_statuses",
    metadata,
    sa.Column("card_id", Id, sa.ForeignKey("staff_cards.id"), primary_key=True),
    sa.Column("kind", Choice(StatusKind), primary_key=True),
    sa.Column("position", sa.Integer, nullable=False),
    sa.Column("order", sa.Text, nullable=False),
    sa.Column("certificate", sa.Text, nullable=False),
    sa.Column("until", sa.Date),
)

staff_card_trainings = sa.Table(
    "staff_card_trainings",
    metadata,
    sa.Column("card_id", Id, sa.ForeignKey("staff_cards.id"), primary_key=True),
    sa.Column("position", sa.Integer, primary_key=True),
    sa.Column("title", sa.Text, nullable=False),
    sa.Column("finished_on", sa.Date, nullable=False),
    sa.Column("place", sa.Text, nullable=False),
    sa.Column("hours", sa.Integer),
    sa.Column("certificate", sa.Text, nullable=False),
)

staff_card_changes = sa.Table(
    "staff_card_changes",
    metadata,
    sa.Column("card_id", Id, sa.ForeignKey("staff_cards.id"), primary_key=True),
    sa.Column("position", sa.Integer, primary_key=True),
    sa.Column("part", Choice(CardPart), nullable=False),
    sa.Column("made_at", UtcDateTime, nullable=False),
    reference("made_by", "people.id"),
    sa.Column("before", TypedJson, nullable=False),
)
