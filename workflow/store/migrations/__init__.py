"""The schema's history: numbered, linear, for SQLite and PostgreSQL alike.

`0001_initial.py` is made from the metadata by `python -m workflow.store.migrations.make` and may
be made anew until the first release; after it, `python -m workflow.store.migrations.make "words"`
writes the next number with what differs between the history and the metadata.
"""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine

from workflow.store.errors import StoreError

FOLDER = Path(__file__).parent
# "marshrut" as a number: two servers that start together migrate one after the other.
_ADVISORY_LOCK = 0x6D61727368727574


class SchemaError(StoreError):
    """The database's schema is not the one this version of the program needs."""

    code = "schema"


def configuration(connection: Connection) -> Config:
    """Return Alembic's configuration for one open connection; there is no alembic.ini."""
    config = Config()
    config.set_main_option("script_location", str(FOLDER))
    config.set_main_option("file_template", "%%(rev)s_%%(slug)s")
    config.attributes["connection"] = connection
    return config


def newest() -> str:
    """Return the number of the last migration this version knows."""
    config = Config()
    config.set_main_option("script_location", str(FOLDER))
    head = ScriptDirectory.from_config(config).get_current_head()
    assert head is not None
    return head


def current(engine: Engine) -> str | None:
    """Return the number of the last migration the database has had; None for an empty one."""
    with engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def upgrade(engine: Engine) -> None:
    """Bring the database to the newest schema in one transaction; do nothing if it is there."""
    with engine.begin() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(sa.text("SET LOCAL statement_timeout = 0"))
            connection.execute(
                sa.text("SELECT pg_advisory_xact_lock(:key)"), {"key": _ADVISORY_LOCK}
            )
        command.upgrade(configuration(connection), "head")


def require_newest(engine: Engine) -> None:
    """Raise SchemaError unless the database has exactly the newest schema."""
    found, wanted = current(engine), newest()
    if found != wanted:
        raise SchemaError(f"the database has schema {found}, this version needs {wanted}")
