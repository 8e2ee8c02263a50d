"""initial."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from workflow.store import types

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "audit_events",
        sa.Column("chain", types.Id(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("happened_at", types.UtcDateTime(), nullable=False),
        sa.Column("kind", sa.String(length=80), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("mac", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("chain", "number", name=op.f("pk_audit_events")),
    )
    op.create_table(
        "audit_heads",
        sa.Column("chain", types.Id(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("mac", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("chain", name=op.f("pk_audit_heads")),
    )
    op.create_table(
        "crls",
        sa.Column("id", types.Id(), nullable=False),
        sa.Column("issuer", sa.String(length=64), nullable=False),
        sa.Column("blob", sa.String(length=64), nullable=False),
        sa.Column("this_update", types.UtcDateTime(), nullable=False),
        sa.Column("next_update", types.UtcDateTime(), nullable=True),
        sa.Column("stored_at", types.UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_crls")),
        sa.UniqueConstraint("issuer", "blob", name=op.f("uq_crls_issuer_blob")),
    )
    op.create_index(
        op.f("ix_crls_issuer_this_update"), "crls", ["issuer", "this_update"], unique=False
    )
    op.create_table(
        "installation",
        sa.Column("id", types.Id(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("the_only", sa.Boolean(), nullable=False),
        sa.Column("created_at", types.UtcDateTime(), nullable=False),
        sa.Column("training", sa.Boolean(), nullable=False),
        sa.Column("settings", sa.Text(), nullable=False),
        sa.CheckConstraint("the_only", name=op.f("ck_installation_the_only")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_installation")),
        sa.UniqueConstraint("the_only", name=op.f("uq_installation_the_only")),
    )
    op.create_table(
        "organisations",
        sa.Column("id", types.Id(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("inn", sa.Text(), nullable=False),
        sa.Column("kpp", sa.Text(), nullable=False),
        sa.Column("ogrn", sa.Text(), nullable=False),
        sa.Column("okpo", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("phone", sa.Text(), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("site", sa.Text(), nullable=False),
        sa.Column("time_zone", sa.Text(), nullable=False),
        sa.Column("week", sa.SmallInteger(), nullable=False),
        sa.Column("region", sa.Text(), nullable=False),
        sa.Column("founder_id", types.Id(), nullable=True),
        sa.Column("office_id", types.Id(), nullable=True),
        sa.Column("pack", sa.Text(), nullable=False),
        sa.Column("visa_roles", sa.Text(), nullable=False),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("successor_id", types.Id(), nullable=True),
        sa.ForeignKeyConstraint(
            ["founder_id"],
            ["organisations.id"],
            name=op.f("fk_organisations_founder_id_organisations"),
        ),
        sa.ForeignKeyConstraint(
            ["office_id"],
            ["organisations.id"],
            name=op.f("fk_organisations_office_id_organisations"),
        ),
        sa.ForeignKeyConstraint(
            ["successor_id"],
            ["organisations.id"],
            name=op.f("fk_organisations_successor_id_organisations"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organisations")),
    )
    op.create_index(
        op.f("ix_organisations_founder_id"), "organisations", ["founder_id"], unique=False
    )
    op.create_index(op.f("ix_organisations_inn"), "organisations", ["inn"], unique=False)
    op.create_index(op.f("ix_organisations_kind"), "organisations", ["kind"], unique=False)
    op.create_index(
        op.f("ix_organisations_office_id"), "organisations", ["office_id"], unique=False
    )
    op.create_index(
        op.f("ix_organisations_successor_id"), "organisations", ["successor_id"], unique=False
    )
    op.create_table(
        "outbox",
        sa.Column("id", types.Id(), nullable=False),
        sa.Column("kind", sa.String(length=60), nullable=False),
        sa.Column("payload", sa.Text(), nullable=False),
        sa.Column("batch_id", types.Id(), nullable=True),
        sa.Column("once_key", sa.String(length=200), nullable=True),
        sa.Column("created_at", types.UtcDateTime(), nullable=False),
        sa.Column("not_before", types.UtcDateTime(), nullable=False),
        sa.Column("sent_at", types.UtcDateTime(), nullable=True),
        sa.Column("token", types.Id(), nullable=True),
        sa.Column("lease_until", types.UtcDateTime(), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("done_at", types.UtcDateTime(), nullable=True),
        sa.Column("failed_at", types.UtcDateTime(), nullable=True),
        sa.Column("last_error", sa.String(length=500), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox")),
        sa.UniqueConstraint("once_key", name=op.f("uq_outbox_once_key")),
    )
    op.create_index(op.f("ix_outbox_batch_id"), "outbox", ["batch_id"], unique=False)
    op.create_index(op.f("ix_outbox_failed_at"), "outbox", ["failed_at"], unique=False)
    op.create_index(
        "ix_outbox_open",
        "outbox",
        ["not_before", "id"],
        unique=False,
        sqlite_where=sa.text("done_at IS NULL AND failed_at IS NULL"),
        postgresql_where=sa.text("done_at IS NULL AND failed_at IS NULL"),
    )
    op.create_index(op.f("ix_outbox_token"), "outbox", ["token"], unique=False)
    op.create_table(
        "pack_versions",
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("version", sa.String(length=64), nullable=False),
        sa.Column("sources", sa.Text(), nullable=False),
        sa.Column("first_used_at", types.UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("name", "version", name=op.f("pk_pack_versions")),
    )
    op.create_table(
        "people",
        sa.Column("id", types.Id(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("last", sa.Text(), nullable=False),
        sa.Column("first", sa.Text(), nullable=False),
        sa.Column("middle", sa.Text(), nullable=False),
        sa.Column("gender", sa.String(length=40), nullable=False),
        sa.Column("snils", sa.Text(), nullable=False),
        sa.Column("inn", sa.Text(), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("forms", sa.Text(), nullable=False),
        sa.Column("folded_name", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_people")),
    )
    op.create_index(op.f("ix_people_folded_name"), "people", ["folded_name"], unique=False)
    op.create_index(op.f("ix_people_snils"), "people", ["snils"], unique=False)
    op.create_table(
        "accounts",
        sa.Column("id", types.Id(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("login", sa.Text(), nullable=False),
        sa.Column("folded_login", sa.Text(), nullable=False),
        sa.Column("person_id", types.Id(), nullable=False),
        sa.Column("password_hash", sa.Text(), nullable=False),
        sa.Column("totp_secret", sa.LargeBinary(), nullable=True),
        sa.Column("totp_step", sa.BigInteger(), nullable=True),
        sa.Column("operator", sa.Boolean(), nullable=False),
        sa.Column("credentials", sa.Integer(), nullable=False),
        sa.Column("failed_attempts", sa.Integer(), nullable=False),
        sa.Column("locked_until", types.UtcDateTime(), nullable=True),
        sa.Column("closed_at", types.UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_accounts_person_id_people")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_accounts")),
        sa.UniqueConstraint("folded_login", name=op.f("uq_accounts_folded_login")),
    )
    op.create_index(op.f("ix_accounts_person_id"), "accounts", ["person_id"], unique=False)
    op.create_table(
        "calendar_overrides",
        sa.Column("id", types.Id(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("region", sa.Text(), nullable=False),
        sa.Column("organisation_id", types.Id(), nullable=True),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("working", sa.Boolean(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("added_at", types.UtcDateTime(), nullable=False),
        sa.Column("added_by", types.Id(), nullable=True),
        sa.ForeignKeyConstraint(
            ["added_by"], ["people.id"], name=op.f("fk_calendar_overrides_added_by_people")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisations.id"],
            name=op.f("fk_calendar_overrides_organisation_id_organisations"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calendar_overrides")),
        sa.UniqueConstraint(
            "organisation_id", "day", name=op.f("uq_calendar_overrides_organisation_id_day")
        ),
    )
    op.create_index(
        op.f("ix_calendar_overrides_added_by"), "calendar_overrides", ["added_by"], unique=False
    )
    op.create_index(
        "ix_calendar_overrides_of_region",
        "calendar_overrides",
        ["region", "day"],
        unique=True,
        sqlite_where=sa.text("organisation_id IS NULL"),
        postgresql_where=sa.text("organisation_id IS NULL"),
    )
    op.create_index(
        op.f("ix_calendar_overrides_organisation_id"),
        "calendar_overrides",
        ["organisation_id"],
        unique=False,
    )
    op.create_table(
        "cases",
        sa.Column("id", types.Id(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("organisation_id", types.Id(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("school_year", sa.Text(), nullable=False),
        sa.Column("pack", sa.Text(), nullable=False),
        sa.Column("pack_version", sa.Text(), nullable=False),
        sa.Column("opened_at", types.UtcDateTime(), nullable=False),
        sa.Column("opened_by", types.Id(), nullable=False),
        sa.Column("closed_at", types.UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["opened_by"], ["people.id"], name=op.f("fk_cases_opened_by_people")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisations.id"],
            name=op.f("fk_cases_organisation_id_organisations"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cases")),
    )
    op.create_index(op.f("ix_cases_opened_by"), "cases", ["opened_by"], unique=False)
    op.create_index(op.f("ix_cases_organisation_id"), "cases", ["organisation_id"], unique=False)
    op.create_table(
        "documents",
        sa.Column("id", types.Id(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("type_code", sa.Text(), nullable=False),
        sa.Column("organisation_id", types.Id(), nullable=False),
        sa.Column("pack", sa.Text(), nullable=False),
        sa.Column("pack_version", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("created_at", types.UtcDateTime(), nullable=False),
        sa.Column("created_by", types.Id(), nullable=False),
        sa.Column("on_paper", sa.Boolean(), nullable=False),
        sa.Column("approved_by", types.Id(), nullable=True),
        sa.Column("existing_signed_by", sa.Text(), nullable=True),
        sa.Column("existing_post", sa.Text(), nullable=True),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("dated", sa.Date(), nullable=True),
        sa.Column("fixed_digest", sa.String(length=64), nullable=True),
        sa.ForeignKeyConstraint(
            ["approved_by"], ["documents.id"], name=op.f("fk_documents_approved_by_documents")
        ),
        sa.ForeignKeyConstraint(
            ["created_by"], ["people.id"], name=op.f("fk_documents_created_by_people")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisations.id"],
            name=op.f("fk_documents_organisation_id_organisations"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_documents")),
    )
    op.create_index(op.f("ix_documents_approved_by"), "documents", ["approved_by"], unique=False)
    op.create_index(op.f("ix_documents_created_by"), "documents", ["created_by"], unique=False)
    op.create_index(
        op.f("ix_documents_organisation_id"), "documents", ["organisation_id"], unique=False
    )
    op.create_index(
        op.f("ix_documents_organisation_id_type_code_state"),
        "documents",
        ["organisation_id", "type_code", "state"],
        unique=False,
    )
    op.create_index(op.f("ix_documents_state_dated"), "documents", ["state", "dated"], unique=False)
    op.create_table(
        "employments",
        sa.Column("id", types.Id(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("person_id", types.Id(), nullable=False),
        sa.Column("organisation_id", types.Id(), nullable=False),
        sa.Column("post", sa.Text(), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("forms", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisations.id"],
            name=op.f("fk_employments_organisation_id_organisations"),
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_employments_person_id_people")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_employments")),
    )
    op.create_index(
        op.f("ix_employments_organisation_id"), "employments", ["organisation_id"], unique=False
    )
    op.create_index(op.f("ix_employments_person_id"), "employments", ["person_id"], unique=False)
    op.create_table(
        "organisation_names",
        sa.Column("organisation_id", types.Id(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("full", sa.Text(), nullable=False),
        sa.Column("short", sa.Text(), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("forms", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisations.id"],
            name=op.f("fk_organisation_names_organisation_id_organisations"),
        ),
        sa.PrimaryKeyConstraint("organisation_id", "position", name=op.f("pk_organisation_names")),
    )
    op.create_table(
        "person_keys",
        sa.Column("id", types.Id(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("person_id", types.Id(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("certificate", sa.String(length=64), nullable=False),
        sa.Column("owner", sa.Text(), nullable=False),
        sa.Column("serial", sa.Text(), nullable=False),
        sa.Column("valid_from", types.UtcDateTime(), nullable=False),
        sa.Column("valid_until", types.UtcDateTime(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=True),
        sa.Column("training", sa.Boolean(), nullable=False),
        sa.Column("added_at", types.UtcDateTime(), nullable=False),
        sa.Column("removed_at", types.UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_person_keys_person_id_people")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person_keys")),
    )
    op.create_index(op.f("ix_person_keys_person_id"), "person_keys", ["person_id"], unique=False)
    op.create_table(
        "registers",
        sa.Column("id", types.Id(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("organisation_id", types.Id(), nullable=False),
        sa.Column("key", sa.String(length=120), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("mask", sa.Text(), nullable=False),
        sa.Column("numbering", sa.String(length=40), nullable=False),
        sa.Column("next_number", sa.Integer(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=True),
        sa.Column("nomenclature", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisations.id"],
            name=op.f("fk_registers_organisation_id_organisations"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_registers")),
        sa.UniqueConstraint(
            "organisation_id", "key", name=op.f("uq_registers_organisation_id_key")
        ),
    )
    op.create_index(
        op.f("ix_registers_organisation_id"), "registers", ["organisation_id"], unique=False
    )
    op.create_table(
        "trust_anchors",
        sa.Column("id", types.Id(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("organisation_id", types.Id(), nullable=True),
        sa.Column("pem", sa.Text(), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("added_at", types.UtcDateTime(), nullable=False),
        sa.Column("added_by", types.Id(), nullable=True),
        sa.Column("training", sa.Boolean(), nullable=False),
        sa.Column("stands_for", sa.String(length=40), nullable=True),
        sa.Column("removed_at", types.UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["added_by"], ["people.id"], name=op.f("fk_trust_anchors_added_by_people")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisations.id"],
            name=op.f("fk_trust_anchors_organisation_id_organisations"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_trust_anchors")),
    )
    op.create_index(op.f("ix_trust_anchors_added_by"), "trust_anchors", ["added_by"], unique=False)
    op.create_index(
        op.f("ix_trust_anchors_organisation_id"), "trust_anchors", ["organisation_id"], unique=False
    )
    op.create_table(
        "document_files",
        sa.Column("document_id", types.Id(), nullable=False),
        sa.Column("stage", sa.String(length=40), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("role", sa.String(length=40), nullable=False),
        sa.Column("text_of", types.Id(), nullable=False),
        sa.Column("pdf", sa.String(length=64), nullable=False),
        sa.Column("content", sa.String(length=64), nullable=False),
        sa.Column("docx", sa.String(length=64), nullable=False),
        sa.Column("template", sa.Text(), nullable=False),
        sa.Column("pages", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["document_id"], ["documents.id"], name=op.f("fk_document_files_document_id_documents")
        ),
        sa.PrimaryKeyConstraint(
            "document_id", "stage", "number", "position", name=op.f("pk_document_files")
        ),
    )
    op.create_index(op.f("ix_document_files_pdf"), "document_files", ["pdf"], unique=False)
    op.create_table(
        "document_lines",
        sa.Column("document_id", types.Id(), nullable=False),
        sa.Column("case_id", types.Id(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("cancelled_by", types.Id(), nullable=True),
        sa.ForeignKeyConstraint(
            ["cancelled_by"],
            ["documents.id"],
            name=op.f("fk_document_lines_cancelled_by_documents"),
        ),
        sa.ForeignKeyConstraint(
            ["case_id"], ["cases.id"], name=op.f("fk_document_lines_case_id_cases")
        ),
        sa.ForeignKeyConstraint(
            ["document_id"], ["documents.id"], name=op.f("fk_document_lines_document_id_documents")
        ),
        sa.PrimaryKeyConstraint("document_id", "case_id", name=op.f("pk_document_lines")),
    )
    op.create_index(
        op.f("ix_document_lines_cancelled_by"), "document_lines", ["cancelled_by"], unique=False
    )
    op.create_index(op.f("ix_document_lines_case_id"), "document_lines", ["case_id"], unique=False)
    op.create_table(
        "document_revisions",
        sa.Column("document_id", types.Id(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("facts", sa.Text(), nullable=False),
        sa.Column("created_at", types.UtcDateTime(), nullable=False),
        sa.Column("created_by", types.Id(), nullable=False),
        sa.Column("draft_digest", sa.String(length=64), nullable=True),
        sa.Column("failure", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["created_by"], ["people.id"], name=op.f("fk_document_revisions_created_by_people")
        ),
        sa.ForeignKeyConstraint(
            ["document_id"],
            ["documents.id"],
            name=op.f("fk_document_revisions_document_id_documents"),
        ),
        sa.PrimaryKeyConstraint("document_id", "number", name=op.f("pk_document_revisions")),
    )
    op.create_index(
        op.f("ix_document_revisions_created_by"), "document_revisions", ["created_by"], unique=False
    )
    op.create_table(
        "mandates",
        sa.Column("id", types.Id(), nullable=False),
        sa.Column("person_id", types.Id(), nullable=False),
        sa.Column("employment_id", types.Id(), nullable=False),
        sa.Column("organisation_id", types.Id(), nullable=False),
        sa.Column("role", sa.String(length=40), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("ground", sa.Text(), nullable=False),
        sa.Column("recorded_at", types.UtcDateTime(), nullable=False),
        sa.Column("withdrawn_at", types.UtcDateTime(), nullable=True),
        sa.Column("ground_document_id", types.Id(), nullable=True),
        sa.Column("confirmed_by", types.Id(), nullable=True),
        sa.ForeignKeyConstraint(
            ["confirmed_by"], ["people.id"], name=op.f("fk_mandates_confirmed_by_people")
        ),
        sa.ForeignKeyConstraint(
            ["employment_id"],
            ["employments.id"],
            name=op.f("fk_mandates_employment_id_employments"),
        ),
        sa.ForeignKeyConstraint(
            ["ground_document_id"],
            ["documents.id"],
            name=op.f("fk_mandates_ground_document_id_documents"),
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisations.id"],
            name=op.f("fk_mandates_organisation_id_organisations"),
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_mandates_person_id_people")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mandates")),
    )
    op.create_index(op.f("ix_mandates_confirmed_by"), "mandates", ["confirmed_by"], unique=False)
    op.create_index(op.f("ix_mandates_employment_id"), "mandates", ["employment_id"], unique=False)
    op.create_index(
        op.f("ix_mandates_ground_document_id"), "mandates", ["ground_document_id"], unique=False
    )
    op.create_index(
        op.f("ix_mandates_organisation_id"), "mandates", ["organisation_id"], unique=False
    )
    op.create_index(op.f("ix_mandates_person_id"), "mandates", ["person_id"], unique=False)
    op.create_table(
        "obligations",
        sa.Column("id", types.Id(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=120), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("debtor_id", types.Id(), nullable=False),
        sa.Column("creditor_id", types.Id(), nullable=False),
        sa.Column("evidence", sa.String(length=40), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("type_code", sa.Text(), nullable=False),
        sa.Column("source_document_id", types.Id(), nullable=True),
        sa.Column("case_id", types.Id(), nullable=True),
        sa.Column("article", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("due_now_on", sa.Date(), nullable=True),
        sa.Column("first_arrival_at", types.UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["case_id"], ["cases.id"], name=op.f("fk_obligations_case_id_cases")
        ),
        sa.ForeignKeyConstraint(
            ["creditor_id"],
            ["organisations.id"],
            name=op.f("fk_obligations_creditor_id_organisations"),
        ),
        sa.ForeignKeyConstraint(
            ["debtor_id"], ["organisations.id"], name=op.f("fk_obligations_debtor_id_organisations")
        ),
        sa.ForeignKeyConstraint(
            ["source_document_id"],
            ["documents.id"],
            name=op.f("fk_obligations_source_document_id_documents"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_obligations")),
    )
    op.create_index(op.f("ix_obligations_case_id"), "obligations", ["case_id"], unique=False)
    op.create_index(
        op.f("ix_obligations_creditor_id"), "obligations", ["creditor_id"], unique=False
    )
    op.create_index(
        op.f("ix_obligations_creditor_id_state"),
        "obligations",
        ["creditor_id", "state"],
        unique=False,
    )
    op.create_index(op.f("ix_obligations_debtor_id"), "obligations", ["debtor_id"], unique=False)
    op.create_index(
        op.f("ix_obligations_debtor_id_state_type_code"),
        "obligations",
        ["debtor_id", "state", "type_code"],
        unique=False,
    )
    op.create_index(
        op.f("ix_obligations_source_document_id"),
        "obligations",
        ["source_document_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_obligations_source_document_id_key"),
        "obligations",
        ["source_document_id", "key"],
        unique=False,
    )
    op.create_index(
        op.f("ix_obligations_state_due_now_on"),
        "obligations",
        ["state", "due_now_on"],
        unique=False,
    )
    op.create_table(
        "open_steps",
        sa.Column("document_id", types.Id(), nullable=False),
        sa.Column("step_key", sa.String(length=120), nullable=False),
        sa.Column("verb", sa.String(length=40), nullable=False),
        sa.Column("role", sa.String(length=40), nullable=True),
        sa.Column("organisation_id", types.Id(), nullable=True),
        sa.Column("employment_id", types.Id(), nullable=True),
        sa.ForeignKeyConstraint(
            ["document_id"], ["documents.id"], name=op.f("fk_open_steps_document_id_documents")
        ),
        sa.ForeignKeyConstraint(
            ["employment_id"],
            ["employments.id"],
            name=op.f("fk_open_steps_employment_id_employments"),
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisations.id"],
            name=op.f("fk_open_steps_organisation_id_organisations"),
        ),
        sa.PrimaryKeyConstraint("document_id", "step_key", name=op.f("pk_open_steps")),
    )
    op.create_index(
        op.f("ix_open_steps_employment_id"), "open_steps", ["employment_id"], unique=False
    )
    op.create_index(
        op.f("ix_open_steps_organisation_id"), "open_steps", ["organisation_id"], unique=False
    )
    op.create_index(
        op.f("ix_open_steps_organisation_id_role"),
        "open_steps",
        ["organisation_id", "role"],
        unique=False,
    )
    op.create_table(
        "public_checks",
        sa.Column("token", sa.String(length=64), nullable=False),
        sa.Column("document_id", types.Id(), nullable=False),
        sa.Column("fixing", sa.Integer(), nullable=False),
        sa.Column("made_at", types.UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["document_id"], ["documents.id"], name=op.f("fk_public_checks_document_id_documents")
        ),
        sa.PrimaryKeyConstraint("token", name=op.f("pk_public_checks")),
        sa.UniqueConstraint(
            "document_id", "fixing", name=op.f("uq_public_checks_document_id_fixing")
        ),
    )
    op.create_table(
        "register_entries",
        sa.Column("id", types.Id(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("register_id", types.Id(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("folded_number", sa.Text(), nullable=False),
        sa.Column("dated", sa.Date(), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("document_id", types.Id(), nullable=True),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("entered_at", types.UtcDateTime(), nullable=False),
        sa.Column("entered_by", types.Id(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["document_id"],
            ["documents.id"],
            name=op.f("fk_register_entries_document_id_documents"),
        ),
        sa.ForeignKeyConstraint(
            ["entered_by"], ["people.id"], name=op.f("fk_register_entries_entered_by_people")
        ),
        sa.ForeignKeyConstraint(
            ["register_id"],
            ["registers.id"],
            name=op.f("fk_register_entries_register_id_registers"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_register_entries")),
        sa.UniqueConstraint(
            "register_id",
            "year",
            "folded_number",
            name=op.f("uq_register_entries_register_id_year_folded_number"),
        ),
    )
    op.create_index(
        op.f("ix_register_entries_document_id"), "register_entries", ["document_id"], unique=False
    )
    op.create_index(
        op.f("ix_register_entries_entered_by"), "register_entries", ["entered_by"], unique=False
    )
    op.create_index(
        op.f("ix_register_entries_register_id"), "register_entries", ["register_id"], unique=False
    )
    op.create_index(
        op.f("ix_register_entries_register_id_year_sequence"),
        "register_entries",
        ["register_id", "year", "sequence"],
        unique=False,
    )
    op.create_table(
        "sessions",
        sa.Column("token_digest", sa.String(length=64), nullable=False),
        sa.Column("account_id", types.Id(), nullable=False),
        sa.Column("opened_at", types.UtcDateTime(), nullable=False),
        sa.Column("ended_at", types.UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_sessions_account_id_accounts")
        ),
        sa.PrimaryKeyConstraint("token_digest", name=op.f("pk_sessions")),
    )
    op.create_index(op.f("ix_sessions_account_id"), "sessions", ["account_id"], unique=False)
    op.create_index(op.f("ix_sessions_opened_at"), "sessions", ["opened_at"], unique=False)
    op.create_table(
        "submissions",
        sa.Column("id", types.Id(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("sender_id", types.Id(), nullable=False),
        sa.Column("receiver_id", types.Id(), nullable=False),
        sa.Column("letter_id", types.Id(), nullable=True),
        sa.Column("sent_at", types.UtcDateTime(), nullable=False),
        sa.Column("sent_by", types.Id(), nullable=False),
        sa.Column("arrived_at", types.UtcDateTime(), nullable=False),
        sa.Column("reason_late", sa.Text(), nullable=False),
        sa.Column("on_paper", sa.Boolean(), nullable=False),
        sa.Column("incoming_number", sa.Text(), nullable=False),
        sa.Column("examined_at", types.UtcDateTime(), nullable=True),
        sa.Column("previous_id", types.Id(), nullable=True),
        sa.Column("receipt_number", sa.Text(), nullable=True),
        sa.Column("receipt_at", types.UtcDateTime(), nullable=True),
        sa.Column("receipt_by", types.Id(), nullable=True),
        sa.Column("receipt_accepted", sa.Boolean(), nullable=True),
        sa.Column("receipt_reason", sa.Text(), nullable=True),
        sa.Column("receipt_repair_on", sa.Date(), nullable=True),
        sa.Column("receipt_hashes", sa.Text(), nullable=True),
        sa.Column("receipt_audit_head", sa.Text(), nullable=True),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(
            ["letter_id"], ["documents.id"], name=op.f("fk_submissions_letter_id_documents")
        ),
        sa.ForeignKeyConstraint(
            ["previous_id"], ["submissions.id"], name=op.f("fk_submissions_previous_id_submissions")
        ),
        sa.ForeignKeyConstraint(
            ["receipt_by"], ["people.id"], name=op.f("fk_submissions_receipt_by_people")
        ),
        sa.ForeignKeyConstraint(
            ["receiver_id"],
            ["organisations.id"],
            name=op.f("fk_submissions_receiver_id_organisations"),
        ),
        sa.ForeignKeyConstraint(
            ["sender_id"], ["organisations.id"], name=op.f("fk_submissions_sender_id_organisations")
        ),
        sa.ForeignKeyConstraint(
            ["sent_by"], ["people.id"], name=op.f("fk_submissions_sent_by_people")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_submissions")),
    )
    op.create_index(op.f("ix_submissions_letter_id"), "submissions", ["letter_id"], unique=False)
    op.create_index(
        op.f("ix_submissions_previous_id"), "submissions", ["previous_id"], unique=False
    )
    op.create_index(op.f("ix_submissions_receipt_by"), "submissions", ["receipt_by"], unique=False)
    op.create_index(
        op.f("ix_submissions_receiver_id"), "submissions", ["receiver_id"], unique=False
    )
    op.create_index(
        op.f("ix_submissions_receiver_id_state"),
        "submissions",
        ["receiver_id", "state"],
        unique=False,
    )
    op.create_index(op.f("ix_submissions_sender_id"), "submissions", ["sender_id"], unique=False)
    op.create_index(
        op.f("ix_submissions_sender_id_state"), "submissions", ["sender_id", "state"], unique=False
    )
    op.create_index(op.f("ix_submissions_sent_by"), "submissions", ["sent_by"], unique=False)
    op.create_table(
        "visual_copies",
        sa.Column("id", types.Id(), nullable=False),
        sa.Column("document_id", types.Id(), nullable=False),
        sa.Column("fixing", sa.Integer(), nullable=False),
        sa.Column("file", sa.String(length=64), nullable=False),
        sa.Column("copy", sa.String(length=64), nullable=False),
        sa.Column("made_at", types.UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["document_id"], ["documents.id"], name=op.f("fk_visual_copies_document_id_documents")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_visual_copies")),
    )
    op.create_index(
        op.f("ix_visual_copies_document_id"), "visual_copies", ["document_id"], unique=False
    )
    op.create_index(
        op.f("ix_visual_copies_document_id_fixing_file_made_at"),
        "visual_copies",
        ["document_id", "fixing", "file", "made_at"],
        unique=False,
    )
    op.create_table(
        "document_fixings",
        sa.Column("document_id", types.Id(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("printed_number", sa.Text(), nullable=False),
        sa.Column("printed_on", sa.Date(), nullable=False),
        sa.Column("fixed_at", types.UtcDateTime(), nullable=False),
        sa.Column("fixed_by", types.Id(), nullable=True),
        sa.Column("entry_id", types.Id(), nullable=True),
        sa.Column("manifest_digest", sa.String(length=64), nullable=True),
        sa.Column("failure", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["document_id"],
            ["documents.id"],
            name=op.f("fk_document_fixings_document_id_documents"),
        ),
        sa.ForeignKeyConstraint(
            ["entry_id"],
            ["register_entries.id"],
            name=op.f("fk_document_fixings_entry_id_register_entries"),
        ),
        sa.ForeignKeyConstraint(
            ["fixed_by"], ["people.id"], name=op.f("fk_document_fixings_fixed_by_people")
        ),
        sa.PrimaryKeyConstraint("document_id", "sequence", name=op.f("pk_document_fixings")),
    )
    op.create_index(
        op.f("ix_document_fixings_entry_id"), "document_fixings", ["entry_id"], unique=False
    )
    op.create_index(
        op.f("ix_document_fixings_fixed_by"), "document_fixings", ["fixed_by"], unique=False
    )
    op.create_table(
        "document_marks",
        sa.Column("id", types.Id(), nullable=False),
        sa.Column("document_id", types.Id(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("step", sa.Text(), nullable=False),
        sa.Column("verdict", sa.String(length=40), nullable=False),
        sa.Column("made_at", types.UtcDateTime(), nullable=False),
        sa.Column("person_id", types.Id(), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("fixing", sa.Integer(), nullable=False),
        sa.Column("bound", sa.String(length=64), nullable=False),
        sa.Column("remark", sa.Text(), nullable=False),
        sa.Column("evidence", sa.Text(), nullable=False),
        sa.Column("entered_by", types.Id(), nullable=True),
        sa.Column("happened_on", sa.Date(), nullable=True),
        sa.Column("employment_id", types.Id(), nullable=True),
        sa.Column("mandate_id", types.Id(), nullable=True),
        sa.ForeignKeyConstraint(
            ["document_id"], ["documents.id"], name=op.f("fk_document_marks_document_id_documents")
        ),
        sa.ForeignKeyConstraint(
            ["employment_id"],
            ["employments.id"],
            name=op.f("fk_document_marks_employment_id_employments"),
        ),
        sa.ForeignKeyConstraint(
            ["entered_by"], ["people.id"], name=op.f("fk_document_marks_entered_by_people")
        ),
        sa.ForeignKeyConstraint(
            ["mandate_id"], ["mandates.id"], name=op.f("fk_document_marks_mandate_id_mandates")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_document_marks_person_id_people")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_document_marks")),
        sa.UniqueConstraint(
            "document_id", "position", name=op.f("uq_document_marks_document_id_position")
        ),
    )
    op.create_index(
        op.f("ix_document_marks_document_id"), "document_marks", ["document_id"], unique=False
    )
    op.create_index(
        op.f("ix_document_marks_employment_id"), "document_marks", ["employment_id"], unique=False
    )
    op.create_index(
        op.f("ix_document_marks_entered_by"), "document_marks", ["entered_by"], unique=False
    )
    op.create_index(
        op.f("ix_document_marks_mandate_id"), "document_marks", ["mandate_id"], unique=False
    )
    op.create_index(
        op.f("ix_document_marks_person_id"), "document_marks", ["person_id"], unique=False
    )
    op.create_table(
        "obligation_changes",
        sa.Column("obligation_id", types.Id(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("made_at", types.UtcDateTime(), nullable=False),
        sa.Column("made_by", types.Id(), nullable=True),
        sa.Column("ground", sa.Text(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["made_by"], ["people.id"], name=op.f("fk_obligation_changes_made_by_people")
        ),
        sa.ForeignKeyConstraint(
            ["obligation_id"],
            ["obligations.id"],
            name=op.f("fk_obligation_changes_obligation_id_obligations"),
        ),
        sa.PrimaryKeyConstraint("obligation_id", "position", name=op.f("pk_obligation_changes")),
    )
    op.create_index(
        op.f("ix_obligation_changes_made_by"), "obligation_changes", ["made_by"], unique=False
    )
    op.create_table(
        "obligation_fulfilments",
        sa.Column("obligation_id", types.Id(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("arrived_at", types.UtcDateTime(), nullable=False),
        sa.Column("evidence", sa.Text(), nullable=False),
        sa.Column("submission_id", types.Id(), nullable=True),
        sa.Column("document_id", types.Id(), nullable=True),
        sa.Column("on_paper", sa.Boolean(), nullable=False),
        sa.Column("accepted_at", types.UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["document_id"],
            ["documents.id"],
            name=op.f("fk_obligation_fulfilments_document_id_documents"),
        ),
        sa.ForeignKeyConstraint(
            ["obligation_id"],
            ["obligations.id"],
            name=op.f("fk_obligation_fulfilments_obligation_id_obligations"),
        ),
        sa.ForeignKeyConstraint(
            ["submission_id"],
            ["submissions.id"],
            name=op.f("fk_obligation_fulfilments_submission_id_submissions"),
        ),
        sa.PrimaryKeyConstraint(
            "obligation_id", "position", name=op.f("pk_obligation_fulfilments")
        ),
    )
    op.create_index(
        op.f("ix_obligation_fulfilments_document_id"),
        "obligation_fulfilments",
        ["document_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_obligation_fulfilments_submission_id"),
        "obligation_fulfilments",
        ["submission_id"],
        unique=False,
    )
    op.create_table(
        "signatures",
        sa.Column("id", types.Id(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("document_id", types.Id(), nullable=False),
        sa.Column("fixing", sa.Integer(), nullable=False),
        sa.Column("step", sa.Text(), nullable=False),
        sa.Column("person_id", types.Id(), nullable=False),
        sa.Column("employment_id", types.Id(), nullable=True),
        sa.Column("mandate_id", types.Id(), nullable=True),
        sa.Column("format", sa.String(length=40), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=True),
        sa.Column("manifest", sa.String(length=64), nullable=False),
        sa.Column("received_at", types.UtcDateTime(), nullable=False),
        sa.Column("status", sa.String(length=40), nullable=False),
        sa.Column("owner", sa.Text(), nullable=False),
        sa.Column("serial", sa.Text(), nullable=False),
        sa.Column("valid_from", types.UtcDateTime(), nullable=True),
        sa.Column("valid_until", types.UtcDateTime(), nullable=True),
        sa.Column("training", sa.Boolean(), nullable=False),
        sa.Column("checked_at", types.UtcDateTime(), nullable=True),
        sa.Column("explanation", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["document_id"], ["documents.id"], name=op.f("fk_signatures_document_id_documents")
        ),
        sa.ForeignKeyConstraint(
            ["employment_id"],
            ["employments.id"],
            name=op.f("fk_signatures_employment_id_employments"),
        ),
        sa.ForeignKeyConstraint(
            ["mandate_id"], ["mandates.id"], name=op.f("fk_signatures_mandate_id_mandates")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_signatures_person_id_people")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_signatures")),
    )
    op.create_index(op.f("ix_signatures_document_id"), "signatures", ["document_id"], unique=False)
    op.create_index(
        op.f("ix_signatures_employment_id"), "signatures", ["employment_id"], unique=False
    )
    op.create_index(op.f("ix_signatures_mandate_id"), "signatures", ["mandate_id"], unique=False)
    op.create_index(op.f("ix_signatures_person_id"), "signatures", ["person_id"], unique=False)
    op.create_index(
        op.f("ix_signatures_status_checked_at"),
        "signatures",
        ["status", "checked_at"],
        unique=False,
    )
    op.create_index(
        op.f("ix_signatures_status_received_at"),
        "signatures",
        ["status", "received_at"],
        unique=False,
    )
    op.create_table(
        "submission_files",
        sa.Column("submission_id", types.Id(), nullable=False),
        sa.Column("item", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("role", sa.String(length=40), nullable=False),
        sa.Column("text_of", types.Id(), nullable=False),
        sa.Column("pdf", sa.String(length=64), nullable=False),
        sa.Column("content", sa.String(length=64), nullable=False),
        sa.Column("docx", sa.String(length=64), nullable=False),
        sa.Column("template", sa.Text(), nullable=False),
        sa.Column("pages", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["submission_id"],
            ["submissions.id"],
            name=op.f("fk_submission_files_submission_id_submissions"),
        ),
        sa.PrimaryKeyConstraint(
            "submission_id", "item", "position", name=op.f("pk_submission_files")
        ),
    )
    op.create_table(
        "submission_items",
        sa.Column("submission_id", types.Id(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("document_id", types.Id(), nullable=False),
        sa.Column("type_code", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("dated", sa.Date(), nullable=True),
        sa.Column("on_paper", sa.Boolean(), nullable=False),
        sa.Column("verdict", sa.Text(), nullable=False),
        sa.Column("report", sa.String(length=64), nullable=False),
        sa.Column("explanation", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["document_id"],
            ["documents.id"],
            name=op.f("fk_submission_items_document_id_documents"),
        ),
        sa.ForeignKeyConstraint(
            ["submission_id"],
            ["submissions.id"],
            name=op.f("fk_submission_items_submission_id_submissions"),
        ),
        sa.PrimaryKeyConstraint("submission_id", "position", name=op.f("pk_submission_items")),
    )
    op.create_index(
        op.f("ix_submission_items_document_id"), "submission_items", ["document_id"], unique=False
    )
    op.create_table(
        "submission_signatures",
        sa.Column("submission_id", types.Id(), nullable=False),
        sa.Column("item", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("file", sa.String(length=64), nullable=False),
        sa.Column("signature", sa.String(length=64), nullable=False),
        sa.Column("format", sa.String(length=40), nullable=False),
        sa.Column("report", sa.String(length=64), nullable=False),
        sa.Column("evidence", sa.String(length=64), nullable=False),
        sa.Column("report_now", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["submission_id"],
            ["submissions.id"],
            name=op.f("fk_submission_signatures_submission_id_submissions"),
        ),
        sa.PrimaryKeyConstraint(
            "submission_id", "item", "position", name=op.f("pk_submission_signatures")
        ),
    )
    op.create_table(
        "signature_files",
        sa.Column("signature_id", types.Id(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("file", sa.String(length=64), nullable=False),
        sa.Column("signature", sa.String(length=64), nullable=False),
        sa.Column("format", sa.String(length=40), nullable=False),
        sa.Column("report", sa.String(length=64), nullable=False),
        sa.Column("evidence", sa.String(length=64), nullable=False),
        sa.Column("report_now", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["signature_id"],
            ["signatures.id"],
            name=op.f("fk_signature_files_signature_id_signatures"),
        ),
        sa.PrimaryKeyConstraint("signature_id", "position", name=op.f("pk_signature_files")),
    )
    op.create_index(
        op.f("ix_signature_files_signature"), "signature_files", ["signature"], unique=False
    )
    op.create_table(
        "signing_attempts",
        sa.Column("id", types.Id(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("document_id", types.Id(), nullable=False),
        sa.Column("fixing", sa.Integer(), nullable=False),
        sa.Column("step", sa.Text(), nullable=False),
        sa.Column("manifest", sa.String(length=64), nullable=False),
        sa.Column("person_id", types.Id(), nullable=False),
        sa.Column("certificate", sa.String(length=64), nullable=False),
        sa.Column("expires_at", types.UtcDateTime(), nullable=False),
        sa.Column("answer", sa.String(length=64), nullable=False),
        sa.Column("signature_id", types.Id(), nullable=True),
        sa.ForeignKeyConstraint(
            ["document_id"],
            ["documents.id"],
            name=op.f("fk_signing_attempts_document_id_documents"),
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_signing_attempts_person_id_people")
        ),
        sa.ForeignKeyConstraint(
            ["signature_id"],
            ["signatures.id"],
            name=op.f("fk_signing_attempts_signature_id_signatures"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_signing_attempts")),
    )
    op.create_index(
        op.f("ix_signing_attempts_document_id"), "signing_attempts", ["document_id"], unique=False
    )
    op.create_index(
        op.f("ix_signing_attempts_expires_at"), "signing_attempts", ["expires_at"], unique=False
    )
    op.create_index(
        op.f("ix_signing_attempts_person_id"), "signing_attempts", ["person_id"], unique=False
    )
    op.create_index(
        op.f("ix_signing_attempts_signature_id"), "signing_attempts", ["signature_id"], unique=False
    )


def downgrade() -> None:
    op.drop_index(op.f("ix_signing_attempts_signature_id"), table_name="signing_attempts")
    op.drop_index(op.f("ix_signing_attempts_person_id"), table_name="signing_attempts")
    op.drop_index(op.f("ix_signing_attempts_expires_at"), table_name="signing_attempts")
    op.drop_index(op.f("ix_signing_attempts_document_id"), table_name="signing_attempts")
    op.drop_table("signing_attempts")
    op.drop_index(op.f("ix_signature_files_signature"), table_name="signature_files")
    op.drop_table("signature_files")
    op.drop_table("submission_signatures")
    op.drop_index(op.f("ix_submission_items_document_id"), table_name="submission_items")
    op.drop_table("submission_items")
    op.drop_table("submission_files")
    op.drop_index(op.f("ix_signatures_status_received_at"), table_name="signatures")
    op.drop_index(op.f("ix_signatures_status_checked_at"), table_name="signatures")
    op.drop_index(op.f("ix_signatures_person_id"), table_name="signatures")
    op.drop_index(op.f("ix_signatures_mandate_id"), table_name="signatures")
    op.drop_index(op.f("ix_signatures_employment_id"), table_name="signatures")
    op.drop_index(op.f("ix_signatures_document_id"), table_name="signatures")
    op.drop_table("signatures")
    op.drop_index(
        op.f("ix_obligation_fulfilments_submission_id"), table_name="obligation_fulfilments"
    )
    op.drop_index(
        op.f("ix_obligation_fulfilments_document_id"), table_name="obligation_fulfilments"
    )
    op.drop_table("obligation_fulfilments")
    op.drop_index(op.f("ix_obligation_changes_made_by"), table_name="obligation_changes")
    op.drop_table("obligation_changes")
    op.drop_index(op.f("ix_document_marks_person_id"), table_name="document_marks")
    op.drop_index(op.f("ix_document_marks_mandate_id"), table_name="document_marks")
    op.drop_index(op.f("ix_document_marks_entered_by"), table_name="document_marks")
    op.drop_index(op.f("ix_document_marks_employment_id"), table_name="document_marks")
    op.drop_index(op.f("ix_document_marks_document_id"), table_name="document_marks")
    op.drop_table("document_marks")
    op.drop_index(op.f("ix_document_fixings_fixed_by"), table_name="document_fixings")
    op.drop_index(op.f("ix_document_fixings_entry_id"), table_name="document_fixings")
    op.drop_table("document_fixings")
    op.drop_index(
        op.f("ix_visual_copies_document_id_fixing_file_made_at"), table_name="visual_copies"
    )
    op.drop_index(op.f("ix_visual_copies_document_id"), table_name="visual_copies")
    op.drop_table("visual_copies")
    op.drop_index(op.f("ix_submissions_sent_by"), table_name="submissions")
    op.drop_index(op.f("ix_submissions_sender_id_state"), table_name="submissions")
    op.drop_index(op.f("ix_submissions_sender_id"), table_name="submissions")
    op.drop_index(op.f("ix_submissions_receiver_id_state"), table_name="submissions")
    op.drop_index(op.f("ix_submissions_receiver_id"), table_name="submissions")
    op.drop_index(op.f("ix_submissions_receipt_by"), table_name="submissions")
    op.drop_index(op.f("ix_submissions_previous_id"), table_name="submissions")
    op.drop_index(op.f("ix_submissions_letter_id"), table_name="submissions")
    op.drop_table("submissions")
    op.drop_index(op.f("ix_sessions_opened_at"), table_name="sessions")
    op.drop_index(op.f("ix_sessions_account_id"), table_name="sessions")
    op.drop_table("sessions")
    op.drop_index(
        op.f("ix_register_entries_register_id_year_sequence"), table_name="register_entries"
    )
    op.drop_index(op.f("ix_register_entries_register_id"), table_name="register_entries")
    op.drop_index(op.f("ix_register_entries_entered_by"), table_name="register_entries")
    op.drop_index(op.f("ix_register_entries_document_id"), table_name="register_entries")
    op.drop_table("register_entries")
    op.drop_table("public_checks")
    op.drop_index(op.f("ix_open_steps_organisation_id_role"), table_name="open_steps")
    op.drop_index(op.f("ix_open_steps_organisation_id"), table_name="open_steps")
    op.drop_index(op.f("ix_open_steps_employment_id"), table_name="open_steps")
    op.drop_table("open_steps")
    op.drop_index(op.f("ix_obligations_state_due_now_on"), table_name="obligations")
    op.drop_index(op.f("ix_obligations_source_document_id_key"), table_name="obligations")
    op.drop_index(op.f("ix_obligations_source_document_id"), table_name="obligations")
    op.drop_index(op.f("ix_obligations_debtor_id_state_type_code"), table_name="obligations")
    op.drop_index(op.f("ix_obligations_debtor_id"), table_name="obligations")
    op.drop_index(op.f("ix_obligations_creditor_id_state"), table_name="obligations")
    op.drop_index(op.f("ix_obligations_creditor_id"), table_name="obligations")
    op.drop_index(op.f("ix_obligations_case_id"), table_name="obligations")
    op.drop_table("obligations")
    op.drop_index(op.f("ix_mandates_person_id"), table_name="mandates")
    op.drop_index(op.f("ix_mandates_organisation_id"), table_name="mandates")
    op.drop_index(op.f("ix_mandates_ground_document_id"), table_name="mandates")
    op.drop_index(op.f("ix_mandates_employment_id"), table_name="mandates")
    op.drop_index(op.f("ix_mandates_confirmed_by"), table_name="mandates")
    op.drop_table("mandates")
    op.drop_index(op.f("ix_document_revisions_created_by"), table_name="document_revisions")
    op.drop_table("document_revisions")
    op.drop_index(op.f("ix_document_lines_case_id"), table_name="document_lines")
    op.drop_index(op.f("ix_document_lines_cancelled_by"), table_name="document_lines")
    op.drop_table("document_lines")
    op.drop_index(op.f("ix_document_files_pdf"), table_name="document_files")
    op.drop_table("document_files")
    op.drop_index(op.f("ix_trust_anchors_organisation_id"), table_name="trust_anchors")
    op.drop_index(op.f("ix_trust_anchors_added_by"), table_name="trust_anchors")
    op.drop_table("trust_anchors")
    op.drop_index(op.f("ix_registers_organisation_id"), table_name="registers")
    op.drop_table("registers")
    op.drop_index(op.f("ix_person_keys_person_id"), table_name="person_keys")
    op.drop_table("person_keys")
    op.drop_table("organisation_names")
    op.drop_index(op.f("ix_employments_person_id"), table_name="employments")
    op.drop_index(op.f("ix_employments_organisation_id"), table_name="employments")
    op.drop_table("employments")
    op.drop_index(op.f("ix_documents_state_dated"), table_name="documents")
    op.drop_index(op.f("ix_documents_organisation_id_type_code_state"), table_name="documents")
    op.drop_index(op.f("ix_documents_organisation_id"), table_name="documents")
    op.drop_index(op.f("ix_documents_created_by"), table_name="documents")
    op.drop_index(op.f("ix_documents_approved_by"), table_name="documents")
    op.drop_table("documents")
    op.drop_index(op.f("ix_cases_organisation_id"), table_name="cases")
    op.drop_index(op.f("ix_cases_opened_by"), table_name="cases")
    op.drop_table("cases")
    op.drop_index(op.f("ix_calendar_overrides_organisation_id"), table_name="calendar_overrides")
    op.drop_index(
        "ix_calendar_overrides_of_region",
        table_name="calendar_overrides",
        sqlite_where=sa.text("organisation_id IS NULL"),
        postgresql_where=sa.text("organisation_id IS NULL"),
    )
    op.drop_index(op.f("ix_calendar_overrides_added_by"), table_name="calendar_overrides")
    op.drop_table("calendar_overrides")
    op.drop_index(op.f("ix_accounts_person_id"), table_name="accounts")
    op.drop_table("accounts")
    op.drop_index(op.f("ix_people_snils"), table_name="people")
    op.drop_index(op.f("ix_people_folded_name"), table_name="people")
    op.drop_table("people")
    op.drop_table("pack_versions")
    op.drop_index(op.f("ix_outbox_token"), table_name="outbox")
    op.drop_index(
        "ix_outbox_open",
        table_name="outbox",
        sqlite_where=sa.text("done_at IS NULL AND failed_at IS NULL"),
        postgresql_where=sa.text("done_at IS NULL AND failed_at IS NULL"),
    )
    op.drop_index(op.f("ix_outbox_failed_at"), table_name="outbox")
    op.drop_index(op.f("ix_outbox_batch_id"), table_name="outbox")
    op.drop_table("outbox")
    op.drop_index(op.f("ix_organisations_successor_id"), table_name="organisations")
    op.drop_index(op.f("ix_organisations_office_id"), table_name="organisations")
    op.drop_index(op.f("ix_organisations_kind"), table_name="organisations")
    op.drop_index(op.f("ix_organisations_inn"), table_name="organisations")
    op.drop_index(op.f("ix_organisations_founder_id"), table_name="organisations")
    op.drop_table("organisations")
    op.drop_table("installation")
    op.drop_index(op.f("ix_crls_issuer_this_update"), table_name="crls")
    op.drop_table("crls")
    op.drop_table("audit_heads")
    op.drop_table("audit_events")
