"""All tables; a new module of tables is named here, so that `metadata` is complete."""

from __future__ import annotations

from workflow.store.tables import (
    accounts,
    accredited_lists,
    audit,
    cases,
    documents,
    identity_changes,
    installation,
    obligations,
    organisations,
    outbox,
    pairs,
    paperwork,
    people,
    registers,
    reminders,
    signatures,
    simple_agreements,
    staff_cards,
    staff_imports,
    submissions,
    trust,
)
from workflow.store.tables.base import metadata

__all__ = [
    "accounts",
    "accredited_lists",
    "audit",
    "cases",
    "documents",
    "identity_changes",
    "installation",
    "metadata",
    "obligations",
    "organisations",
    "outbox",
    "pairs",
    "paperwork",
    "people",
    "registers",
    "reminders",
    "signatures",
    "simple_agreements",
    "staff_cards",
    "staff_imports",
    "submissions",
    "trust",
]
