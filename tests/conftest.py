"""Fixtures that every test may ask for.

`database` runs a test on SQLite and on PostgreSQL; `uow` begins transactions in it; `clock` is
the test's own time; `valkey` is a real server (its URL).
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import hypothesis
import pytest

from marshrut.demonstration.cast_yurga import KEDROVSK
from marshrut.embedded import embedded_valkey
from tests.databases import (
    Database,
    PostgresDatabases,
    PostgresServer,
    SqliteDatabases,
    postgres_server,
)
from tests.told_once import is_told_once
from tests.world import World, copy_world, make_world
from workflow.store.ids import uuid7_ids
from workflow.store.unit_of_work import UnitOfWork

AUDIT_KEY = bytes(range(32))

# A loaded machine is slow, not wrong; and CI must say the same of the same commit twice.
PATIENT = {"deadline": None, "suppress_health_check": [hypothesis.HealthCheck.too_slow]}
hypothesis.settings.register_profile("house", **PATIENT)
hypothesis.settings.register_profile("ci", **PATIENT, derandomize=True)
hypothesis.settings.load_profile("ci" if os.environ.get("CI") else "house")


class TestClock:
    """A clock that a test sets; it begins on Monday 13 January 2025, 9:00 in Moscow."""

    __test__ = False

    def __init__(self) -> None:
        self.now = datetime(2025, 1, 13, 6, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def advance(self, by: timedelta) -> None:
        self.now += by


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Stories come before browsers: they are taken up only in a world that nobody has touched."""
    for item in items:
        if isinstance(item, pytest.Function):
            item.fixturenames.sort(key=lambda name: not is_told_once(item.module, name))


@pytest.fixture
def clock() -> TestClock:
    return TestClock()


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    with postgres_server() as server:
        yield server


@pytest.fixture(scope="session")
def sqlite_databases(tmp_path_factory: pytest.TempPathFactory) -> SqliteDatabases:
    return SqliteDatabases(tmp_path_factory.mktemp("sqlite"))


@pytest.fixture(scope="session")
def postgres_databases(postgres: PostgresServer) -> PostgresDatabases:
    return PostgresDatabases(postgres)


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """A fresh, migrated database; the test runs once on each kind."""
    if request.param == "sqlite":
        files: SqliteDatabases = request.getfixturevalue("sqlite_databases")
        with files.fresh(tmp_path) as fresh:
            yield fresh
    else:
        databases: PostgresDatabases = request.getfixturevalue("postgres_databases")
        with databases.fresh() as fresh:
            yield fresh


@pytest.fixture
def uow(database: Database, clock: TestClock) -> UnitOfWork:
    return UnitOfWork(database.engine, clock, uuid7_ids(clock), AUDIT_KEY)


@pytest.fixture(scope="session")
def valkey(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The URL of a real Valkey server of this test process."""
    with embedded_valkey(tmp_path_factory.mktemp("valkey")) as url:
        yield url


@pytest.fixture
def redis_url(valkey: str) -> str:
    """The URL of the server, emptied."""
    from redis import Redis

    with Redis.from_url(valkey) as client:
        client.flushall()
    return valkey


@pytest.fixture(scope="session")
def world_template(tmp_path_factory: pytest.TempPathFactory) -> tuple[World, Path]:
    """The town, built once; tests get copies (see `world`)."""
    folder = tmp_path_factory.mktemp("town")
    # In a thread of its own: signatures are checked with asyncio, and a browser test already has
    # a loop in this one.
    with ThreadPoolExecutor(1) as apart:
        return apart.submit(make_world, folder).result(), folder


@pytest.fixture
def world(world_template: tuple[World, Path], tmp_path: Path) -> Iterator[World]:
    """A municipality of its own with everybody in it; see tests/world.py."""
    copied = copy_world(*world_template, tmp_path / "world")
    yield copied
    copied.services.uow.engine.dispose()


@pytest.fixture(scope="session")
def kedrovsk_template(tmp_path_factory: pytest.TempPathFactory) -> tuple[World, Path]:
    """The municipality of the mentor pairs, built once; tests get copies (see `kedrovsk`)."""
    folder = tmp_path_factory.mktemp("kedrovsk")
    with ThreadPoolExecutor(1) as apart:
        return apart.submit(make_world, folder, cast=KEDROVSK).result(), folder


@pytest.fixture
def kedrovsk(kedrovsk_template: tuple[World, Path], tmp_path: Path) -> Iterator[World]:
    """A municipality by the regulation of Yurga; see marshrut/demonstration/cast_yurga.py."""
    copied = copy_world(*kedrovsk_template, tmp_path / "kedrovsk")
    yield copied
    copied.services.uow.engine.dispose()
