"""`migrate`, `audit verify`, `worker` and `schedule` as an operator runs them."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import pytest
import sqlalchemy as sa
from click.testing import CliRunner, Result
from redis import Redis
from rq import Queue, Worker
from rq.serializers import JSONSerializer

from marshrut.cli import main
from marshrut.engines.simple_seals import Seals
from marshrut.keys import create_keys, read_keys
from queues import audit_heads
from tests.databases import Database
from web.words import russian
from workflow.store import migrations
from workflow.store.engine import make_engine
from workflow.store.ids import uuid7_ids
from workflow.store.repositories.known_seals import KnownSeals
from workflow.store.tables.audit import audit_events
from workflow.store.tables.audit import audit_heads as heads
from workflow.store.tables.outbox import outbox
from workflow.store.unit_of_work import UnitOfWork

SCHOOL = UUID(int=5)


class Installation:
    """A migrated database, keys and Redis as the environment of a command."""

    def __init__(self, folder: Path, database: Database, redis_url: str) -> None:
        self.engine = database.engine
        self.keys = create_keys(folder / "keys")
        self.redis = Redis.from_url(redis_url)
        self.environ = {
            "MARSHRUT_DATA_DIR": str(folder),
            "MARSHRUT_DATABASE_URL": database.url,
            "MARSHRUT_REDIS_URL": redis_url,
            "MARSHRUT_WORKERS": "2",
        }
        clock = lambda: datetime.now(UTC)  # noqa: E731 - the real one: real processes share it
        self.uow = UnitOfWork(self.engine, clock, uuid7_ids(clock), self.keys.audit)

    def run(self, *arguments: str) -> Result:
        return CliRunner(env=self.environ).invoke(main, list(arguments))

    @contextmanager
    def running(self, *arguments: str) -> Iterator[subprocess.Popen[bytes]]:
        """Run a command in a process of its own; it must end by itself after SIGTERM."""
        process = subprocess.Popen(
            [sys.executable, "-c", "from marshrut.cli import main; main()", *arguments],
            env={**os.environ, **self.environ},
        )
        try:
            yield process
            process.send_signal(signal.SIGTERM)
            assert process.wait(20) == 0
        finally:
            process.kill()
            process.wait(10)

    def wait_until_done(self, count: int) -> None:
        done = sa.select(sa.func.count()).where(outbox.c.done_at.is_not(None))
        deadline = time.monotonic() + 30
        while True:
            with self.engine.connect() as connection:
                if connection.execute(done).scalar_one() >= count:
                    return
            assert time.monotonic() < deadline, "the work was not done"
            time.sleep(0.05)


@pytest.fixture
def installation(tmp_path: Path, database: Database, redis_url: str) -> Iterator[Installation]:
    made = Installation(tmp_path, database, redis_url)
    yield made
    made.redis.close()


def test_migrate_makes_a_database_and_says_so(tmp_path: Path) -> None:
    environ = {"MARSHRUT_DATA_DIR": str(tmp_path / "new")}
    first = CliRunner(env=environ).invoke(main, ["migrate"])
    second = CliRunner(env=environ).invoke(main, ["migrate"])
    number = migrations.newest()
    assert first.output == f"Схема базы данных обновлена до номера {number}.\n"
    assert second.output == f"Схема базы данных уже обновлена: номер {number}.\n"
    engine = make_engine(f"sqlite:///{tmp_path / 'new' / 'marshrut.db'}")
    migrations.require_newest(engine)
    engine.dispose()


def test_migrate_keeps_under_which_certificates_statements_are_sealed(tmp_path: Path) -> None:
    environ = {"MARSHRUT_DATA_DIR": str(tmp_path)}
    create_keys(tmp_path / "keys")
    CliRunner(env=environ).invoke(main, ["migrate"], catch_exceptions=False)
    seals = Seals(read_keys(tmp_path / "keys").seal, russian())
    with make_engine(f"sqlite:///{tmp_path / 'marshrut.db'}").connect() as connection:
        known = KnownSeals(connection)
        assert known.knows(seals.fingerprint(training=False), training=False)
        assert known.knows(seals.fingerprint(training=True), training=True)
        assert not known.knows(seals.fingerprint(training=True), training=False)


def test_an_unmigrated_database_is_not_worked_on(tmp_path: Path) -> None:
    create_keys(tmp_path / "keys")
    result = CliRunner(env={"MARSHRUT_DATA_DIR": str(tmp_path)}).invoke(main, ["audit", "verify"])
    assert (result.exit_code, "marshrut migrate" in result.output) == (1, True)


def test_settings_are_explained_and_not_traced(tmp_path: Path) -> None:
    environ = {"MARSHRUT_DATA_DIR": str(tmp_path), "MARSHRUT_WORKERS": "x", "MARSHRUT_TYPO": "1"}
    result = CliRunner(env=environ).invoke(main, ["migrate"])
    assert result.exit_code == 1
    assert len(result.output.splitlines()) == 2


def tell(installation: Installation, *kinds: str) -> None:
    with installation.uow() as tx:
        for kind in kinds:
            tx.audit.add(SCHOOL, kind, {"document": str(UUID(int=9))})
        tx.commit()


def test_an_untouched_trail_is_verified(installation: Installation) -> None:
    tell(installation, "document.fixed", "document.signed")
    result = installation.run("audit", "verify")
    assert result.exit_code == 0
    assert "не изменена, событий: 2" in result.output


def test_the_printed_anchor_shows_a_cut_tail(installation: Installation) -> None:
    tell(installation, "document.fixed")
    earlier = installation.run("audit", "verify").output.split()[-1]
    tell(installation, "document.signed")
    later = installation.run("audit", "verify").output.split()[-1]
    assert installation.run("audit", "verify", "--anchor", earlier).exit_code == 0
    with installation.engine.begin() as connection:
        connection.execute(sa.delete(audit_events).where(audit_events.c.number == 2))
        connection.execute(sa.update(heads).values(number=1, mac=earlier.rpartition(":")[2]))
    assert installation.run("audit", "verify").exit_code == 0
    cut = installation.run("audit", "verify", "--anchor", later)
    assert cut.exit_code == 1
    assert "НАРУШЕНА на событии № 2" in cut.output


def test_a_changed_event_is_found(installation: Installation) -> None:
    tell(installation, "document.fixed", "document.signed")
    with installation.engine.begin() as connection:
        connection.execute(sa.update(audit_events).values(kind="document.lost"))
    result = installation.run("audit", "verify")
    assert result.exit_code == 1
    assert "НАРУШЕНА на событии № 1" in result.output


def test_a_senseless_anchor_is_refused(installation: Installation) -> None:
    result = installation.run("audit", "verify", "--anchor", "5")
    assert (result.exit_code, result.output.count("\n")) == (1, 1)


def test_worker_and_schedule_do_what_is_due_and_end_when_asked(installation: Installation) -> None:
    for command in ("worker", "schedule"):
        assert installation.run(command, "--check").exit_code == 1
    with installation.running("schedule"), installation.running("worker"):
        installation.wait_until_done(1)
        for command in ("worker", "schedule"):
            assert installation.run(command, "--check").exit_code == 0
    with installation.engine.connect() as connection:
        done = connection.execute(sa.select(outbox.c.kind)).scalars().all()
        assert audit_heads.KIND in done


def test_a_job_that_is_not_ours_is_never_run(installation: Installation, tmp_path: Path) -> None:
    """Who can write into Redis cannot make a worker call what they like."""
    victim = tmp_path / "victim"
    victim.touch()
    queue = Queue("marshrut-quick", connection=installation.redis, serializer=JSONSerializer)
    with installation.running("worker", "--workers", "1"):
        queue.enqueue("os.remove", str(victim))
        with installation.uow() as tx:
            audit_heads.ask(tx)
            row = tx.outbox.next_due([audit_heads.KIND])
            tx.commit()
        queue.enqueue("queues.jobs.perform", str(row))
        installation.wait_until_done(1)
    assert victim.exists()


def test_a_worker_that_is_killed_is_replaced(installation: Installation) -> None:
    with installation.running("worker", "--workers", "1"):
        (first,) = wait_for_workers(installation, but=set())
        os.kill(first, signal.SIGKILL)
        assert len(wait_for_workers(installation, but={first})) == 1


def wait_for_workers(installation: Installation, but: set[int]) -> set[int]:
    """Return the process ids of the workers that have registered, without those of `but`."""
    deadline = time.monotonic() + 30
    while True:
        workers = Worker.all(connection=installation.redis)
        if found := {worker.pid for worker in workers if worker.pid is not None} - but:
            return found
        assert time.monotonic() < deadline, "no worker was started"
        time.sleep(0.05)
