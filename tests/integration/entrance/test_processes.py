"""The commands of docker-compose.yml without containers: real processes, PostgreSQL and Valkey."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from marshrut.keys import create_keys
from tests.compose import Part, our_parts, read_compose
from tests.databases import PostgresServer
from tests.ports import free_port

PARTS = ("web", "worker", "schedule")
PORT = "8000"
HEALTHY_SECONDS = 60
STOP_SECONDS = 30
DATABASE = "marshrut_containers"


@dataclass(frozen=True)
class Containers:
    """The parts of the compose file on this machine; folders, servers and port are the test's."""

    parts: Mapping[str, Part]
    folder: Path
    port: str
    own: Mapping[str, str]

    def environment(self, name: str) -> dict[str, str]:
        """What docker would give to the part, with the places of this machine."""
        programs = {"PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}"}
        return {**os.environ, **self.parts[name].environment, **self.own, **programs}

    def command(self, words: Sequence[str]) -> list[str]:
        """The same words; the port alone may be taken on this machine."""
        return [word.replace(PORT, self.port) for word in words]

    def run(self, name: str) -> subprocess.CompletedProcess[str]:
        """Run a part that ends by itself."""
        return subprocess.run(
            self.command(["marshrut", *self.parts[name].command]),
            env=self.environment(name),
            capture_output=True,
            text=True,
            timeout=120,
        )

    def start(self, name: str) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            self.command(["marshrut", *self.parts[name].command]),
            env=self.environment(name),
            stdout=self.log(name).open("wb"),
            stderr=subprocess.STDOUT,
        )

    def log(self, name: str) -> Path:
        return self.folder / f"{name}.log"

    def events(self, name: str) -> list[dict[str, Any]]:
        """What a part has logged; every line must be JSON."""
        return [json.loads(line) for line in self.log(name).read_text().splitlines()]

    def is_healthy(self, name: str) -> bool:
        """Ask as docker does: the health check's own command."""
        how, *words = self.parts[name].healthcheck
        assert how == "CMD"
        asked = subprocess.run(
            self.command(words), env=self.environment(name), capture_output=True, timeout=60
        )
        return asked.returncode == 0

    def wait_until_healthy(self, name: str, process: subprocess.Popen[bytes]) -> None:
        deadline = time.monotonic() + HEALTHY_SECONDS
        while not self.is_healthy(name):
            assert process.poll() is None, f"{name} ended: {self.log(name).read_text()}"
            assert time.monotonic() < deadline, f"{name} is not healthy"
            time.sleep(0.3)


@pytest.fixture
def containers(tmp_path: Path, postgres: PostgresServer, redis_url: str) -> Iterator[Containers]:
    secrets = {"POSTGRES_PASSWORD": "not asked for", "REDIS_PASSWORD": "0a1b"}
    compose = read_compose({**secrets, "MARSHRUT_BASE_URL": "https://marshrut.example.org"})
    postgres.run(f"CREATE DATABASE {DATABASE}")
    own = {
        "MARSHRUT_DATA_DIR": str(tmp_path / "data"),
        "MARSHRUT_KEYS_DIR": str(tmp_path / "keys"),
        "MARSHRUT_DATABASE_URL": postgres.url(DATABASE),
        "MARSHRUT_REDIS_URL": redis_url,
        # Asked for at the terminal otherwise.
        "MARSHRUT_OPERATOR_NAME": "Орлова Вера Петровна",
        "MARSHRUT_OPERATOR_LOGIN": "orlova",
        "MARSHRUT_OPERATOR_PASSWORD": "сирень под окном",
    }
    yield Containers(our_parts(compose), tmp_path, str(free_port()), own)
    postgres.run(f"DROP DATABASE {DATABASE} WITH (FORCE)")


def test_what_the_containers_run_works_and_ends_when_asked(containers: Containers) -> None:
    migrated = containers.run("migrate")
    assert migrated.returncode == 0, migrated.stderr
    begun = containers.run("init")
    assert begun.returncode == 0, begun.stderr
    assert containers.run("init").returncode == 1
    assert not any(containers.is_healthy(name) for name in PARTS)
    processes = {name: containers.start(name) for name in PARTS}
    try:
        for name, process in processes.items():
            containers.wait_until_healthy(name, process)
        login = f"http://127.0.0.1:{containers.port}/login"
        with urllib.request.urlopen(login, timeout=10) as response:
            assert "Маршрут" in response.read().decode()
        asked = time.monotonic()
        for process in processes.values():
            process.send_signal(signal.SIGTERM)
        ended = {name: process.wait(STOP_SECONDS) for name, process in processes.items()}
    finally:
        for process in processes.values():
            process.kill()
            process.wait(10)
    assert ended == dict.fromkeys(PARTS, 0)
    assert time.monotonic() - asked < STOP_SECONDS
    assert not containers.is_healthy("web")
    logged = {name: containers.events(name) for name in PARTS}
    assert "Орлова" not in str(logged)
    assert "/login" in {event.get("rule") for event in logged["web"]}


def test_nothing_is_served_before_the_database_is_migrated(containers: Containers) -> None:
    create_keys(Path(containers.own["MARSHRUT_KEYS_DIR"]))
    for name in PARTS:
        ended = containers.run(name)
        assert ended.returncode == 1
        assert "marshrut migrate" in ended.stderr


def test_a_second_migration_does_no_harm(containers: Containers) -> None:
    assert [containers.run("migrate").returncode for _ in range(2)] == [0, 0]
