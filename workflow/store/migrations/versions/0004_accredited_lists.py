"""Accredited lists."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from workflow.store import types

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "accredited_lists",
        sa.Column("id", types.Id(), nullable=False),
        sa.Column("list_version", sa.BigInteger(), nullable=False),
        sa.Column("issued_at", types.UtcDateTime(), nullable=False),
        sa.Column("file", sa.String(length=64), nullable=False),
        sa.Column("compact", sa.String(length=64), nullable=False),
        sa.Column("authorities", sa.Integer(), nullable=False),
        sa.Column("stored_at", types.UtcDateTime(), nullable=False),
        sa.Column("stored_by", types.Id(), nullable=False),
        sa.ForeignKeyConstraint(
            ["stored_by"], ["people.id"], name=op.f("fk_accredited_lists_stored_by_people")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_accredited_lists")),
        sa.UniqueConstraint("file", name=op.f("uq_accredited_lists_file")),
    )
    with op.batch_alter_table("accredited_lists", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_accredited_lists_list_version_stored_at"),
            ["list_version", "stored_at"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_accredited_lists_stored_by"), ["stored_by"], unique=False
        )


def downgrade() -> None:
    with op.batch_alter_table("accredited_lists", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_accredited_lists_stored_by"))
        batch_op.drop_index(batch_op.f("ix_accredited_lists_list_version_stored_at"))

    op.drop_table("accredited_lists")
