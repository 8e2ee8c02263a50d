"""Mentor pairs: mentees, proposals of a mentor, reasons, turns, meetings."""

from __future__ import annotations

import sqlalchemy as sa

from workflow.domain.meetings import MeetingForm
from workflow.domain.pairs import Cause, PairStatus, TurnKind
from workflow.store.tables.base import id_column, metadata, reference, version_column
from workflow.store.types import Choice, Id, UtcDateTime

pairs = sa.Table(
    "pairs",
    metadata,
    sa.Column("id", Id, sa.ForeignKey("cases.id"), primary_key=True),
    version_column(),
    reference("organisation_id", "organisations.id"),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("form", sa.Text, nullable=False),
    sa.Column("need", sa.Text, nullable=False),
    sa.Column("since", sa.Date, nullable=False),
    sa.Column("until", sa.Date, nullable=False),
    sa.Column("requested_at", UtcDateTime, nullable=False),
    reference("requested_by", "people.id"),
    sa.Column("clause", sa.Text, nullable=False),
    reference("clause_mentor", "employments.id", nullable=True),
    sa.Column("early_start_reason", sa.Text, nullable=False),
    # Derived on the day of the last change, written beside for queries.
    sa.Column("status", Choice(PairStatus), nullable=False),
    reference("mentor_id", "employments.id", nullable=True),
    sa.Column("begins_on", sa.Date),
    sa.Column("ends_on", sa.Date),
    sa.Column("changes_on", sa.Date, index=True),
    sa.Index(None, "organisation_id", "status"),
)

pair_mentees = sa.Table(
    "pair_mentees",
    metadata,
    sa.Column("pair_id", Id, sa.ForeignKey("pairs.id"), primary_key=True),
    sa.Column("position", sa.Integer, primary_key=True),
    reference("employment_id", "employments.id"),
)

pair_proposals = sa.Table(
    "pair_proposals",
    metadata,
    sa.Column("pair_id", Id, sa.ForeignKey("pairs.id"), primary_key=True),
    sa.Column("position", sa.Integer, primary_key=True),
    reference("mentor", "employments.id"),
    sa.Column("since", sa.Date, nullable=False),
    sa.Column("until", sa.Date, nullable=False),
    sa.Column("made_at", UtcDateTime, nullable=False),
    reference("made_by", "people.id"),
    sa.Column("note", sa.Text, nullable=False),
    sa.Column("withdrawn_at", UtcDateTime),
)

pair_reasons = sa.Table(
    "pair_reasons",
    metadata,
    sa.Column("pair_id", Id, sa.ForeignKey("pairs.id"), primary_key=True),
    sa.Column("position", sa.Integer, primary_key=True),
    sa.Column("check_key", sa.Text, nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
    reference("given_by", "people.id"),
    sa.Column("given_at", UtcDateTime, nullable=False),
)

pair_turns = sa.Table(
    "pair_turns",
    metadata,
    id_column(),
    reference("pair_id", "pairs.id"),
    sa.Column("position", sa.Integer, nullable=False),
    sa.Column("kind", Choice(TurnKind), nullable=False),
    sa.Column("day_on", sa.Date, nullable=False),
    sa.Column("cause", Choice(Cause), nullable=False),
    sa.Column("recorded_at", UtcDateTime, nullable=False),
    reference("document_id", "documents.id", nullable=True),
    reference("recorded_by", "people.id", nullable=True),
    reference("mentor", "employments.id", nullable=True),
    reference("mentee", "employments.id", nullable=True),
    sa.Column("until_on", sa.Date),
    sa.Column("ordered_on", sa.Date),
    sa.Column("ground", sa.Text, nullable=False),
    sa.Column("withdrawn_at", UtcDateTime),
    sa.UniqueConstraint("pair_id", "position"),
)

meetings = sa.Table(
    "meetings",
    metadata,
    id_column(),
    version_column(),
    reference("case_id", "cases.id"),
    reference("mentor", "employments.id"),
    sa.Column("held_on", sa.Date, nullable=False),
    sa.Column("form", Choice(MeetingForm), nullable=False),
    sa.Column("topic", sa.Text, nullable=False),
    sa.Column("recommendations", sa.Text, nullable=False),
    sa.Column("entered_at", UtcDateTime, nullable=False),
    reference("entered_by", "people.id"),
    sa.Column("removed_at", UtcDateTime),
    sa.Index(None, "case_id", "held_on"),
)
