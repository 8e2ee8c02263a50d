"""The database engine: SQLite embedded by default, PostgreSQL by setting.

A connection is either a writer or a reader (`WRITER`, `READER`: execution options); the unit of
work sets it. Writers on SQLite begin IMMEDIATE, so that they wait in line at the beginning
instead of failing in the middle; readers see one snapshot on both databases.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from sqlite3 import Connection as SqliteConnection
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection, Engine, event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import OperationalError

from workflow.store.errors import BusyError, StoreError

WRITER: Mapping[str, Any] = {"marshrut_writer": True}
READER: Mapping[str, Any] = {"marshrut_writer": False}
WAIT_SECONDS = 10
"""How long a transaction waits for a lock before it raises BusyError."""
STATEMENT_SECONDS = 30

# PostgreSQL: lock_not_available, deadlock_detected, serialization_failure, query_canceled.
_BUSY_STATES = {"55P03", "40P01", "40001", "57014"}


class DatabaseUrlError(StoreError, ValueError):
    """The database address is neither SQLite nor PostgreSQL."""

    code = "database_url"


def make_engine(url: str | URL) -> Engine:
    """Return an engine that has opened no connection yet (so it may be carried over a fork).

    `url`: `sqlite:////absolute/path.db` or `postgresql://user:password@host/name`. Raises
    DatabaseUrlError for anything else. Error messages of the engine never show parameters:
    they are personal data.
    """
    address = make_url(url)
    match address.get_backend_name():
        case "sqlite" if address.database not in (None, "", ":memory:"):
            return _sqlite_engine(address)
        case "postgresql":
            return _postgresql_engine(address)
    raise DatabaseUrlError("the database address must be sqlite:////path or postgresql://…")


def _sqlite_engine(address: URL) -> Engine:
    engine = sa.create_engine(
        address.set(drivername="sqlite+pysqlite"),
        connect_args={"isolation_level": None, "timeout": WAIT_SECONDS},
        hide_parameters=True,
    )
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: SqliteConnection, _record: object) -> None:
    cursor = connection.cursor()
    cursor.execute(f"PRAGMA busy_timeout = {WAIT_SECONDS * 1000}")
    cursor.execute("PRAGMA journal_mode = WAL")
    # A number that was given out must survive a power cut: not NORMAL.
    cursor.execute("PRAGMA synchronous = FULL")
    cursor.execute("PRAGMA foreign_keys = ON")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    writer = connection.get_execution_options().get("marshrut_writer", True)
    connection.exec_driver_sql(f"PRAGMA query_only = {'OFF' if writer else 'ON'}")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writer else "BEGIN")


def _postgresql_engine(address: URL) -> Engine:
    limits = (
        f"-c lock_timeout={WAIT_SECONDS}s -c statement_timeout={STATEMENT_SECONDS}s"
        " -c idle_in_transaction_session_timeout=60s -c timezone=UTC"
    )
    return sa.create_engine(
        address.set(drivername="postgresql+psycopg"),
        connect_args={"options": limits, "connect_timeout": WAIT_SECONDS},
        pool_pre_ping=True,
        hide_parameters=True,
    )


def writing(engine: Engine) -> Connection:
    """Open a connection whose transaction may write (READ COMMITTED and row locks)."""
    return engine.connect().execution_options(**WRITER)


def reading(engine: Engine) -> Connection:
    """Open a connection whose transaction sees one snapshot and cannot write."""
    connection = engine.connect().execution_options(**READER)
    if engine.dialect.name == "postgresql":
        connection = connection.execution_options(
            isolation_level="REPEATABLE READ", postgresql_readonly=True
        )
    return connection


@contextmanager
def busy_as_error() -> Iterator[None]:
    """Turn the databases' different words for "somebody holds the lock" into BusyError."""
    try:
        yield
    except OperationalError as error:
        if _is_busy(error):
            raise BusyError("another transaction holds what this one needs") from error
        raise


def _is_busy(error: OperationalError) -> bool:
    state = getattr(error.orig, "sqlstate", None)
    name = getattr(error.orig, "sqlite_errorname", "")
    return state in _BUSY_STATES or name.startswith(("SQLITE_BUSY", "SQLITE_LOCKED"))
