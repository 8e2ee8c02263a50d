"""The embedded server starts, keeps its bells over a restart and dies with its parent."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from redis import Redis

from marshrut.embedded import EmbeddedValkeyError, embedded_valkey

PARENT = """
import sys, time
from pathlib import Path
from marshrut.embedded import embedded_valkey
with embedded_valkey(Path(sys.argv[1])) as url:
    print(url, flush=True)
    time.sleep(60)
"""


def test_what_was_written_is_there_after_a_restart(tmp_path: Path) -> None:
    with embedded_valkey(tmp_path / "valkey") as url, Redis.from_url(url) as redis:
        redis.rpush("bells", "one")
    with embedded_valkey(tmp_path / "valkey") as url, Redis.from_url(url) as redis:
        assert redis.lrange("bells", 0, -1) == [b"one"]


def test_nobody_else_may_reach_it(tmp_path: Path) -> None:
    with embedded_valkey(tmp_path / "valkey") as url, Redis.from_url(url) as redis:
        socket = Path(url.removeprefix("unix://"))
        assert socket.stat().st_mode & 0o777 == 0o700
        assert redis.config_get("port") == {"port": "0"}


def test_it_is_stopped_at_the_end(tmp_path: Path) -> None:
    with embedded_valkey(tmp_path / "valkey") as url, Redis.from_url(url) as redis:
        pid = redis.info("server")["process_id"]
    assert not Path(f"/proc/{pid}").exists()


def test_a_second_one_in_the_same_folder_is_refused(tmp_path: Path) -> None:
    with (
        embedded_valkey(tmp_path / "valkey"),
        pytest.raises(EmbeddedValkeyError),
        embedded_valkey(tmp_path / "valkey"),
    ):
        pass


def test_a_folder_too_deep_for_a_socket_is_no_obstacle(tmp_path: Path) -> None:
    deep = tmp_path / ("d" * 120)
    with embedded_valkey(deep) as url, Redis.from_url(url) as redis:
        assert redis.ping()


def test_a_broken_data_file_is_told_with_its_own_words(tmp_path: Path) -> None:
    folder = tmp_path / "valkey"
    (folder / "appendonlydir").mkdir(parents=True)
    (folder / "appendonlydir" / "appendonly.aof.manifest").write_text("nonsense")
    with pytest.raises(EmbeddedValkeyError, match="AOF manifest"), embedded_valkey(folder):
        pass


def test_it_dies_with_its_parent_even_if_that_is_killed(tmp_path: Path) -> None:
    parent = subprocess.Popen(
        [sys.executable, "-c", PARENT, str(tmp_path / "valkey")], stdout=subprocess.PIPE, text=True
    )
    with parent:
        assert parent.stdout is not None
        with Redis.from_url(parent.stdout.readline().strip()) as redis:
            server = redis.info("server")["process_id"]
        os.kill(parent.pid, signal.SIGKILL)
    deadline = time.monotonic() + 10
    while _lives(server):
        assert time.monotonic() < deadline, "the server outlived its parent"
        time.sleep(0.05)


def _lives(pid: int) -> bool:
    try:
        status = Path(f"/proc/{pid}/stat").read_text()
    except FileNotFoundError:
        return False
    return status.rpartition(")")[2].split()[0] != "Z"
