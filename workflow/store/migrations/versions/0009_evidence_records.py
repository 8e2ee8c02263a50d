"""Evidence records."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from workflow.store import types

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "evidence_records",
        sa.Column("id", types.Id(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("organisation_id", types.Id(), nullable=True),
        sa.Column("once_key", sa.String(length=120), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("digest", sa.String(length=20), nullable=False),
        sa.Column("root", sa.String(length=128), nullable=False),
        sa.Column("token", sa.String(length=64), nullable=False),
        sa.Column("evidence", sa.String(length=64), nullable=False),
        sa.Column("authority", sa.Text(), nullable=False),
        sa.Column("stamped_at", types.UtcDateTime(), nullable=False),
        sa.Column("ends_at", types.UtcDateTime(), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("doubt", sa.Text(), nullable=True),
        sa.Column("audit_number", sa.BigInteger(), server_default="0", nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisations.id"],
            name=op.f("fk_evidence_records_organisation_id_organisations"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evidence_records")),
        sa.UniqueConstraint("once_key", name=op.f("uq_evidence_records_once_key")),
    )
    with op.batch_alter_table("evidence_records", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_evidence_records_organisation_id"), ["organisation_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_evidence_records_organisation_id_audit_number"),
            ["organisation_id", "audit_number"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_evidence_records_state_ends_at"), ["state", "ends_at"], unique=False
        )

    op.create_table(
        "evidence_items",
        sa.Column("record_id", types.Id(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("leaf", sa.String(length=128), nullable=False),
        sa.Column("pieces", sa.Text(), nullable=False),
        sa.Column("signature_id", types.Id(), nullable=True),
        sa.Column("mark_id", types.Id(), nullable=True),
        sa.Column("head", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("renews_id", types.Id(), nullable=True),
        sa.Column("base", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["mark_id"],
            ["document_marks.id"],
            name=op.f("fk_evidence_items_mark_id_document_marks"),
        ),
        sa.ForeignKeyConstraint(
            ["record_id"],
            ["evidence_records.id"],
            name=op.f("fk_evidence_items_record_id_evidence_records"),
        ),
        sa.ForeignKeyConstraint(
            ["renews_id"],
            ["evidence_records.id"],
            name=op.f("fk_evidence_items_renews_id_evidence_records"),
        ),
        sa.ForeignKeyConstraint(
            ["signature_id"],
            ["signatures.id"],
            name=op.f("fk_evidence_items_signature_id_signatures"),
        ),
        sa.PrimaryKeyConstraint("record_id", "position", name=op.f("pk_evidence_items")),
    )
    with op.batch_alter_table("evidence_items", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_evidence_items_mark_id"), ["mark_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_evidence_items_renews_id"), ["renews_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_evidence_items_signature_id"), ["signature_id"], unique=False
        )


def downgrade() -> None:
    with op.batch_alter_table("evidence_items", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_evidence_items_signature_id"))
        batch_op.drop_index(batch_op.f("ix_evidence_items_renews_id"))
        batch_op.drop_index(batch_op.f("ix_evidence_items_mark_id"))

    op.drop_table("evidence_items")
    with op.batch_alter_table("evidence_records", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_evidence_records_state_ends_at"))
        batch_op.drop_index(batch_op.f("ix_evidence_records_organisation_id_audit_number"))
        batch_op.drop_index(batch_op.f("ix_evidence_records_organisation_id"))

    op.drop_table("evidence_records")
