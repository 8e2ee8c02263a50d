"""PDF leases."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from workflow.store import types

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "pdf_leases",
        sa.Column("document_id", types.Id(), nullable=False),
        sa.Column("attempt_id", types.Id(), nullable=False),
        sa.Column("person_id", types.Id(), nullable=False),
        sa.Column("leased_until", types.UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["attempt_id"],
            ["signing_attempts.id"],
            name=op.f("fk_pdf_leases_attempt_id_signing_attempts"),
        ),
        sa.ForeignKeyConstraint(
            ["document_id"], ["documents.id"], name=op.f("fk_pdf_leases_document_id_documents")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_pdf_leases_person_id_people")
        ),
        sa.PrimaryKeyConstraint("document_id", name=op.f("pk_pdf_leases")),
    )
    with op.batch_alter_table("pdf_leases", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_pdf_leases_attempt_id"), ["attempt_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_pdf_leases_person_id"), ["person_id"], unique=False)

    op.create_table(
        "signing_attempt_files",
        sa.Column("attempt_id", types.Id(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("pdf", sa.String(length=64), nullable=False),
        sa.Column("place_start", sa.Integer(), nullable=False),
        sa.Column("place_end", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["attempt_id"],
            ["signing_attempts.id"],
            name=op.f("fk_signing_attempt_files_attempt_id_signing_attempts"),
        ),
        sa.PrimaryKeyConstraint("attempt_id", "position", name=op.f("pk_signing_attempt_files")),
    )


def downgrade() -> None:
    op.drop_table("signing_attempt_files")
    with op.batch_alter_table("pdf_leases", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_pdf_leases_person_id"))
        batch_op.drop_index(batch_op.f("ix_pdf_leases_attempt_id"))

    op.drop_table("pdf_leases")
