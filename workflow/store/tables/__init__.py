"""All tables; a new module of tables is named here, so that `metadata` is complete."""

from __future__ import annotations

from workflow.store.tables import audit, outbox
from workflow.store.tables.base import metadata

__all__ = ["audit", "metadata", "outbox"]
