"""How organisations keep their originals, and what their employees answered."""

from __future__ import annotations

import sqlalchemy as sa

from workflow.domain.paper import Answer
from workflow.store.tables.base import id_column, metadata, reference, version_column
from workflow.store.tables.manifests import sha256_column
from workflow.store.tables.typed_json import TypedJson
from workflow.store.types import Choice, Id, UtcDateTime

paper_regimes = sa.Table(
    "paper_regimes",
    metadata,
    id_column(),
    version_column(),
    sa.Column(
        "organisation_id", Id, sa.ForeignKey("organisations.id"), nullable=False, unique=True
    ),
    sa.Column("labour_since", sa.Date),
    sa.Column("labour_act", sa.Text),
    sa.Column("other_since", sa.Date),
    sa.Column("other_act", sa.Text),
    sa.Column("paper_types", TypedJson, nullable=False),
)

# Only added to: the newest answer of an employment counts.
employee_answers = sa.Table(
    "employee_answers",
    metadata,
    id_column(),
    reference("employment_id", "employments.id"),
    sa.Column("answer", Choice(Answer), nullable=False),
    sa.Column("dated", sa.Date, nullable=False),
    sa.Column("entered_at", UtcDateTime, nullable=False),
    reference("entered_by", "people.id"),
    sha256_column("scan"),
    sa.Column("remark", sa.Text, nullable=False),
)
