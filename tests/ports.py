"""Ports for servers that a test starts as processes and that must be told where to listen."""

from __future__ import annotations

import itertools
import os
import socket

#: Below those that systems give to whoever asks for any (32768 and more on Linux).
LOWEST, OF_ONE_PROCESS, PROCESSES = 20_000, 200, 60

_next = itertools.count()


def free_port() -> int:
    """Return a port where nobody listens, and that no connection is given meanwhile.

    Each test process has ports of its own, by the number that pytest-xdist gave it, and does not
    return to one before it has used the others.
    """
    number = int("0" + os.environ.get("PYTEST_XDIST_WORKER", "").removeprefix("gw")) % PROCESSES
    for _ in range(OF_ONE_PROCESS):
        port = LOWEST + number * OF_ONE_PROCESS + next(_next) % OF_ONE_PROCESS
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    raise RuntimeError("somebody listens at every port of this test process")
