"""Bulk signing."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from workflow.store import types

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "bulk_signings",
        sa.Column("id", types.Id(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("account_id", types.Id(), nullable=False),
        sa.Column("person_id", types.Id(), nullable=False),
        sa.Column("way", sa.String(length=40), nullable=False),
        sa.Column("opened_at", types.UtcDateTime(), nullable=False),
        sa.Column("confirmed_at", types.UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_bulk_signings_account_id_accounts")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_bulk_signings_person_id_people")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bulk_signings")),
    )
    with op.batch_alter_table("bulk_signings", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_bulk_signings_account_id"), ["account_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_bulk_signings_opened_at"), ["opened_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_bulk_signings_person_id"), ["person_id"], unique=False)

    op.create_table(
        "bulk_signing_keys",
        sa.Column("bulk_id", types.Id(), nullable=False),
        sa.Column("account_id", types.Id(), nullable=False),
        sa.Column("person_key_id", types.Id(), nullable=False),
        sa.Column("session", sa.String(length=64), nullable=False),
        sa.Column("certificate", sa.String(length=64), nullable=False),
        sa.Column("locked", sa.LargeBinary(), nullable=False),
        sa.Column("expires_at", types.UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_bulk_signing_keys_account_id_accounts")
        ),
        sa.ForeignKeyConstraint(
            ["bulk_id"],
            ["bulk_signings.id"],
            name=op.f("fk_bulk_signing_keys_bulk_id_bulk_signings"),
        ),
        sa.ForeignKeyConstraint(
            ["person_key_id"],
            ["person_keys.id"],
            name=op.f("fk_bulk_signing_keys_person_key_id_person_keys"),
        ),
        sa.PrimaryKeyConstraint("bulk_id", name=op.f("pk_bulk_signing_keys")),
    )
    with op.batch_alter_table("bulk_signing_keys", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_bulk_signing_keys_account_id"), ["account_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_bulk_signing_keys_expires_at"), ["expires_at"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_bulk_signing_keys_person_key_id"), ["person_key_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_bulk_signing_keys_session"), ["session"], unique=False)

    op.create_table(
        "bulk_signing_items",
        sa.Column("id", types.Id(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("bulk_id", types.Id(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("document_id", types.Id(), nullable=False),
        sa.Column("manifest", sa.String(length=64), nullable=False),
        sa.Column("seen_at", types.UtcDateTime(), nullable=True),
        sa.Column("attempt_id", types.Id(), nullable=True),
        sa.Column("signature_id", types.Id(), nullable=True),
        sa.Column("refusal", sa.Text(), nullable=True),
        sa.Column("done_at", types.UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["bulk_id"],
            ["bulk_signings.id"],
            name=op.f("fk_bulk_signing_items_bulk_id_bulk_signings"),
        ),
        sa.ForeignKeyConstraint(
            ["document_id"],
            ["documents.id"],
            name=op.f("fk_bulk_signing_items_document_id_documents"),
        ),
        sa.ForeignKeyConstraint(
            ["signature_id"],
            ["signatures.id"],
            name=op.f("fk_bulk_signing_items_signature_id_signatures"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bulk_signing_items")),
        sa.UniqueConstraint(
            "bulk_id", "document_id", name=op.f("uq_bulk_signing_items_bulk_id_document_id")
        ),
    )
    with op.batch_alter_table("bulk_signing_items", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_bulk_signing_items_bulk_id"), ["bulk_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_bulk_signing_items_document_id"), ["document_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_bulk_signing_items_signature_id"), ["signature_id"], unique=False
        )


def downgrade() -> None:
    with op.batch_alter_table("bulk_signing_items", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_bulk_signing_items_signature_id"))
        batch_op.drop_index(batch_op.f("ix_bulk_signing_items_document_id"))
        batch_op.drop_index(batch_op.f("ix_bulk_signing_items_bulk_id"))

    op.drop_table("bulk_signing_items")
    with op.batch_alter_table("bulk_signing_keys", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_bulk_signing_keys_session"))
        batch_op.drop_index(batch_op.f("ix_bulk_signing_keys_person_key_id"))
        batch_op.drop_index(batch_op.f("ix_bulk_signing_keys_expires_at"))
        batch_op.drop_index(batch_op.f("ix_bulk_signing_keys_account_id"))

    op.drop_table("bulk_signing_keys")
    with op.batch_alter_table("bulk_signings", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_bulk_signings_person_id"))
        batch_op.drop_index(batch_op.f("ix_bulk_signings_opened_at"))
        batch_op.drop_index(batch_op.f("ix_bulk_signings_account_id"))

    op.drop_table("bulk_signings")
