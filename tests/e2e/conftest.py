"""A real browser in front of a real server."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Browser, expect
from werkzeug.serving import make_server

from tests.e2e.office import Office, pages_of
from tests.world import World

Apart = Callable[..., object]

# A loaded machine is slow, not wrong: five seconds for an answer are not enough for it.
expect.set_options(timeout=30_000)

CHROMIUM = "/usr/bin/chromium"
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """Use the browser of the system: playwright brings none along."""
    return {**browser_type_launch_args, "executable_path": CHROMIUM, "args": QUIET}


@pytest.fixture
def serve() -> Iterator[Callable[[Flask], str]]:
    """Return a function that serves an application and returns its address."""
    running = []

    def start(app: Flask) -> str:
        server = make_server("127.0.0.1", 0, app, threaded=True)
        thread = threading.Thread(target=server.serve_forever, name="pages")
        thread.start()
        running.append((server, thread))
        return f"http://127.0.0.1:{server.server_port}"

    yield start
    for server, thread in running:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture
def apart() -> Iterator[Apart]:
    """What others do beside the telephone, in a thread of its own: a browser has a loop here."""
    with ThreadPoolExecutor(1) as thread:
        yield lambda act, *known: thread.submit(act, *known).result()


@pytest.fixture
def town(
    browser: Browser, serve: Callable[[Flask], str], kedrovsk: World, tmp_path: Path
) -> Iterator[Office]:
    office = Office(browser, serve(pages_of(kedrovsk, tmp_path)), kedrovsk)
    yield office
    office.close()
