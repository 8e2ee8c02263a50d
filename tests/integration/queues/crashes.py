"""A storm of SIGKILLs and flushes over real workers and relays, whatever their work is.

To point it at other work: a function `f(database_url) -> (UnitOfWork, Handlers)` of a test module,
`with storm("module:f", …) as blowing`, `blowing.blow(rounds, before_each)` where `before_each` asks
for work, `blowing.wait_for_calm(seconds)`, and then look at what must hold.
"""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

import sqlalchemy as sa
from redis import Redis

from tests.databases import Database
from workflow.store.tables.outbox import outbox, still_open

WORKERS, RELAYS = 3, 2


@dataclass
class Storm:
    """Living processes by role and what the storm has done so far.

    `leases_hit`: claims that were held at the moment their worker was killed and were neither
    finished nor given back.
    """

    database: Database
    redis: Redis
    folder: Path
    launcher: subprocess.Popen[str]
    random: random.Random
    living: dict[int, str] = field(default_factory=dict)
    leases_hit: int = 0
    relays_killed: int = 0
    flushed: int = 0

    def launch(self, role: str) -> None:
        stdin, stdout = _pipes(self.launcher)
        stdin.write(f"{role}\n")
        stdin.flush()
        self.living[int(stdout.readline())] = role

    def blow(self, rounds: int, before_each: Callable[[int], None]) -> None:
        """Kill something at a random moment, `rounds` times; replace it at once."""
        for number in range(rounds):
            before_each(number)
            time.sleep(self.random.uniform(0.05, 0.45))
            if self.random.random() < 0.3:
                self.redis.flushall()
                self.flushed += 1
            for victim in self.random.sample(sorted(self.living), self.random.randint(1, 3)):
                self.kill(victim)

    def kill(self, pid: int) -> None:
        role = self.living.pop(pid)
        horse_alone = role == "worker" and self.random.random() < 0.3
        for target in children_of(pid) if horse_alone else [pid]:
            kill_if_there(target)
        if role == "worker":
            self.leases_hit += self._held_by(pid)
        else:
            self.relays_killed += 1
        if horse_alone:
            self.living[pid] = role
        else:
            self.launch(role)

    def _held_by(self, worker: int) -> int:
        mark = self.folder / str(worker)
        try:  # the task may end, and take its mark away, at this very moment
            tokens = [line for line in mark.read_text().splitlines() if line]
        except FileNotFoundError:
            return 0
        mark.unlink(missing_ok=True)
        held = sa.select(sa.func.count()).where(
            still_open, sa.cast(outbox.c.token, sa.String).in_(tokens)
        )
        with self.database.engine.connect() as connection:
            return int(connection.execute(held).scalar_one())

    def wait_for_calm(self, seconds: float) -> None:
        """Wait until the outbox has nothing open; fail with what is left."""
        deadline = time.monotonic() + seconds
        left = sa.select(outbox.c.id, outbox.c.attempts, outbox.c.last_error).where(still_open)
        while True:
            with self.database.engine.connect() as connection:
                open_rows = connection.execute(left).all()
            if not open_rows:
                return
            assert time.monotonic() < deadline, f"left undone: {open_rows}"
            time.sleep(0.1)


@contextmanager
def storm(
    work: str, database: Database, redis_url: str, folder: Path, seed: int
) -> Iterator[Storm]:
    """Start workers and relays for `work` (`module:function`, see crew.py); end them all."""
    launcher = subprocess.Popen(
        [
            *(sys.executable, "-m", "tests.integration.queues.crew"),
            *(work, database.url, redis_url, str(folder)),
        ],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=(folder / "log").open("w"),
        text=True,
    )
    try:
        with Redis.from_url(redis_url) as redis:
            blowing = Storm(database, redis, folder, launcher, random.Random(seed))
            for role in ["worker"] * WORKERS + ["relay"] * RELAYS:
                blowing.launch(role)
            yield blowing
    finally:
        launcher.kill()
        launcher.wait(10)
        for pipe in _pipes(launcher):
            pipe.close()


def kill_if_there(pid: int) -> None:
    """Send SIGKILL to `pid`, which may have ended by itself."""
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        return


def children_of(pid: int) -> list[int]:
    """Return the pids of the children of `pid`, none if it has ended."""
    try:
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text()
    except FileNotFoundError:
        return []
    return [int(child) for child in children.split()]


def _pipes(process: subprocess.Popen[str]) -> tuple[IO[str], IO[str]]:
    assert process.stdin is not None
    assert process.stdout is not None
    return process.stdin, process.stdout
