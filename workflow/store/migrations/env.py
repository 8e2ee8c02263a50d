"""Alembic's entry: runs migrations on the connection that `migrations.upgrade` gives."""

from __future__ import annotations

from typing import Any, Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext
from sqlalchemy import DefaultClause
from sqlalchemy.sql.elements import False_, True_

from workflow.store import types
from workflow.store.tables import metadata


def render_item(kind: str, item: Any, autogen: AutogenContext) -> str | Literal[False]:
    """Write our column types into a migration so that later code cannot change what it means."""
    if kind == "server_default" and isinstance(item, DefaultClause):
        # Each database writes yes and no in its own way.
        if isinstance(item.arg, False_ | True_):
            return f"sa.{str(item.arg).lower()}()"
        return False
    if kind != "type":
        return False
    match item:
        case types.Id() | types.UtcDateTime():
            autogen.imports.add("from workflow.store import types")
            return f"types.{type(item).__name__}()"
        case types.CanonicalJson():
            return "sa.Text()"
        case types.Choice():
            return f"sa.String(length={types.CHOICE_LENGTH})"
    return False


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_item=render_item,
    compare_type=True,
    # SQLite changes a column by copying the table; elsewhere this is a plain ALTER.
    render_as_batch=True,
)
with context.begin_transaction():
    context.run_migrations()
