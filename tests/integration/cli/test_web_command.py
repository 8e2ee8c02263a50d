"""`marshrut web` as a process: it answers, logs no personal data, and ends when asked to."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
import urllib.request
from datetime import UTC, datetime
from pathlib import Path
from urllib.error import URLError

from marshrut.keys import create_keys
from marshrut.settings import read_settings
from marshrut.wiring import make_services
from tests.ports import free_port
from workflow.store.migrations import upgrade
from workflow.usecases import installation
from workflow.usecases.staff import NewPerson

COMMAND = [sys.executable, "-c", "from marshrut.cli import main; main()", "web"]


def begin(folder: Path) -> dict[str, str]:
    """Begin an installation in `folder`; return the environment that leads to it."""
    environ = {"MARSHRUT_DATA_DIR": str(folder)}
    services = make_services(
        read_settings(environ, folder, 1), create_keys(folder / "keys"), lambda: datetime.now(UTC)
    )
    upgrade(services.uow.engine)
    begun = installation.begin(
        services, NewPerson("Орлова", "Вера", "Петровна"), "operator", "сирень под окном"
    )
    assert isinstance(begun, installation.Begun)
    services.uow.engine.dispose()
    return {**os.environ, **environ}


def answer(address: str) -> str:
    deadline = time.monotonic() + 30
    while True:
        try:
            with urllib.request.urlopen(address, timeout=10) as response:
                return str(response.read().decode())
        except URLError:
            assert time.monotonic() < deadline, "the pages did not answer"
            time.sleep(0.1)


def test_pages_are_served_until_the_process_is_asked_to_stop(tmp_path: Path) -> None:
    port = free_port()
    process = subprocess.Popen(
        [*COMMAND, "--port", str(port), "--threads", "2"],
        env=begin(tmp_path),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        assert "Маршрут" in answer(f"http://127.0.0.1:{port}/login?next=/people/belova")
        process.send_signal(signal.SIGTERM)
        logged, _ = process.communicate(timeout=30)
    finally:
        process.kill()
        process.wait(10)
    assert process.returncode == 0
    assert "/login" in logged
    assert "belova" not in logged
    assert "127.0.0.1" not in logged


def test_pages_of_nothing_are_not_served(tmp_path: Path) -> None:
    environ = {"MARSHRUT_DATA_DIR": str(tmp_path)}
    services = make_services(
        read_settings(environ, tmp_path, 1),
        create_keys(tmp_path / "keys"),
        lambda: datetime.now(UTC),
    )
    upgrade(services.uow.engine)
    services.uow.engine.dispose()
    ended = subprocess.run(
        COMMAND,
        env={**os.environ, **environ},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert ended.returncode == 1
    assert "marshrut init" in ended.stderr
