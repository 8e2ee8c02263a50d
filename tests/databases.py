"""Databases and servers for tests: each is the real thing, in a folder of the test's own.

Every pytest process (also each of pytest-xdist's) has its own PostgreSQL server and templates, so
tests of several processes never meet. A fresh database is a copy of a migrated template.
"""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
from sqlalchemy import Engine, event

from workflow.store.engine import make_engine
from workflow.store.migrations import upgrade

TEMPLATE = "marshrut_template"


@dataclass(frozen=True)
class PostgresServer:
    """A running server; `folder` holds its socket."""

    folder: Path

    def url(self, database: str) -> str:
        return f"postgresql+psycopg://postgres@/{database}?host={self.folder}"

    def run(self, statement: str) -> None:
        """Run one statement outside any transaction in the maintenance database."""
        with psycopg.connect(
            host=str(self.folder), user="postgres", dbname="postgres", autocommit=True
        ) as connection:
            connection.execute(statement.encode())


@contextmanager
def postgres_server() -> Iterator[PostgresServer]:
    """Start a PostgreSQL server of our own; it dies with this process."""
    programs = max(Path("/usr/lib/postgresql").glob("*/bin"))
    # The path of a socket must stay below 107 characters: not in pytest's tmp_path.
    folder = Path(tempfile.mkdtemp(prefix="marshrut-pg-"))
    as_owner = _as_owner(folder)
    cluster = folder / "cluster"
    subprocess.run(
        [
            *(*as_owner, str(programs / "initdb"), "-D", str(cluster), "-U", "postgres"),
            *("--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync"),
        ],
        check=True,
        capture_output=True,
        timeout=60,
    )
    settings = {"listen_addresses": "", "unix_socket_directories": str(folder), "fsync": "off"}
    settings |= {"shared_buffers": "32MB", "max_connections": "60", "full_page_writes": "off"}
    options = [f"-c{name}={value}" for name, value in settings.items()]
    server = subprocess.Popen(
        [*as_owner, str(programs / "postgres"), "-D", str(cluster), *options],
        stdout=subprocess.DEVNULL,
        stderr=(folder / "log").open("wb"),
        cwd=folder,
    )
    try:
        running = PostgresServer(folder)
        _wait_until_ready(running, server)
        yield running
    finally:
        server.terminate()
        try:
            server.wait(timeout=10)
        except subprocess.TimeoutExpired:
            server.kill()
        shutil.rmtree(folder, ignore_errors=True)


def _as_owner(folder: Path) -> list[str]:
    """Return the words before a server's command: not as root, and never longer than we live."""
    command = ["setpriv", "--pdeathsig", "INT"]
    if os.geteuid() != 0:
        return command
    owner = pwd.getpwnam("postgres")
    os.chown(folder, owner.pw_uid, owner.pw_gid)
    return [*command, f"--reuid={owner.pw_uid}", f"--regid={owner.pw_gid}", "--clear-groups"]


def _wait_until_ready(server: PostgresServer, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 30
    while True:
        try:
            server.run("SELECT 1")
        except psycopg.OperationalError:
            if process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError((server.folder / "log").read_text()) from None
            time.sleep(0.02)
        else:
            return


@dataclass(frozen=True)
class Database:
    """A fresh, migrated database of one test; another process may open `url`, too."""

    name: str
    url: str
    engine: Engine


class SqliteDatabases:
    """Makes fresh SQLite files out of one migrated template."""

    def __init__(self, folder: Path) -> None:
        self.template = folder / "template.db"
        _migrate(f"sqlite:///{self.template}")

    @contextmanager
    def fresh(self, folder: Path) -> Iterator[Database]:
        path = folder / "marshrut.db"
        shutil.copy(self.template, path)
        with _opened("sqlite", f"sqlite:///{path}") as database:
            yield database


class PostgresDatabases:
    """Makes fresh PostgreSQL databases out of one migrated template."""

    def __init__(self, server: PostgresServer) -> None:
        self.server = server
        self.count = 0
        server.run(f"CREATE DATABASE {TEMPLATE}")
        _migrate(server.url(TEMPLATE))

    @contextmanager
    def fresh(self) -> Iterator[Database]:
        self.count += 1
        name = f"marshrut_{self.count}"
        self.server.run(f"CREATE DATABASE {name} TEMPLATE {TEMPLATE}")
        try:
            with _opened("postgresql", self.server.url(name)) as database:
                yield database
        finally:
            self.server.run(f"DROP DATABASE {name} WITH (FORCE)")


def forgetful(engine: Engine) -> Engine:
    """The engine without waiting for the disk: after a power cut nobody misses a test."""
    if engine.dialect.name == "sqlite":
        event.listen(
            engine, "connect", lambda opened, _: opened.execute("PRAGMA synchronous = OFF")
        )
    return engine


@contextmanager
def _opened(name: str, url: str) -> Iterator[Database]:
    engine = forgetful(make_engine(url))
    try:
        yield Database(name, url, engine)
    finally:
        engine.dispose()


def _migrate(url: str) -> None:
    engine = make_engine(url)
    upgrade(engine)
    engine.dispose()
