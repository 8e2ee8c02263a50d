"""All tables; a new module of tables is named here, so that `metadata` is complete."""

from __future__ import annotations

from workflow.store.tables import (
    accounts,
    audit,
    cases,
    documents,
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
    staff_cards,
    submissions,
    trust,
)
from workflow.store.tables.base import metadata

__all__ = [
    "accounts",
    "audit",
    "cases",
    "documents",
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
    "staff_cards",
    "submissions",
    "trust",
]
