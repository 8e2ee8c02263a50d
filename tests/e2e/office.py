"""People of the town at their browsers, over a whole installation in this process.

Word and LibreOffice are stood in for (tests/world.py); everything else is real: pages, use cases,
outbox, signatures. What workers would do is done by a thread.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from flask import Flask
from playwright.sync_api import Browser, Page, expect

from marshrut.demonstration.town import PASSWORD
from marshrut.settings import Settings
from marshrut.web_app import pages_over
from tests.world import KEYS, World
from web.second_factor import code_at

PATIENCE = 20_000  # milliseconds


def pages_of(world: World, folder: Path, cades_plugin: Path | None = None) -> Flask:
    """The real pages over the world's services."""
    settings = Settings(
        data_dir=folder,
        database_url="sqlite:////unused",
        redis_url=None,
        keys_dir=folder / "keys",
        base_url="http://127.0.0.1:8000",
        workers=1,
        cades_plugin=cades_plugin,
    )
    return pages_over(world.services, settings, KEYS)


@contextmanager
def working(world: World) -> Iterator[None]:
    """Do what waits in the outbox for as long as the block runs."""
    stop = threading.Event()
    failures: list[BaseException] = []

    def work() -> None:
        while not stop.wait(0.05):
            try:
                world.work()
            except BaseException as error:
                failures.append(error)
                return

    thread = threading.Thread(target=work, name="worker")
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()
    assert failures == []


@dataclass
class Office:
    """Whoever has signed in, each with a browser of their own."""

    browser: Browser
    address: str
    world: World
    signed_in: dict[str, Page] = field(default_factory=dict)

    def at(self, key: str, width: int = 1280, height: int = 900) -> Page:
        """The page of a person, signed in with password and code."""
        if key not in self.signed_in:
            context = self.browser.new_context(
                viewport={"width": width, "height": height}, locale="ru-RU"
            )
            page = context.new_page()
            page.set_default_timeout(PATIENCE)
            self._sign_in(page, key)
            self.signed_in[key] = page
        return self.signed_in[key]

    def _sign_in(self, page: Page, key: str) -> None:
        page.goto(f"{self.address}/login")
        page.get_by_label("Логин").fill(key)
        page.get_by_label("Пароль").fill(PASSWORD)
        page.get_by_role("button", name="Войти").click()
        # A code counts once: the clock goes on between two people's codes.
        self.world.clock.now += timedelta(seconds=31)
        secret = self.world.person(key).second_factor
        page.get_by_label("Код").fill(code_at(secret, self.world.clock()))
        page.locator("button.main-action").click()
        expect(page.get_by_role("heading", name="Что ждёт меня")).to_be_visible()

    def leave(self, key: str) -> None:
        """Somebody closes the browser; the next time they sign in anew."""
        self.signed_in.pop(key).context.close()

    def close(self) -> None:
        for page in self.signed_in.values():
            page.context.close()


def until(page: Page, url: str, shown: Callable[[Page], bool], tries: int = 60) -> None:
    """Open a page again until it shows what workers have done."""
    for _ in range(tries):
        page.goto(url)
        if shown(page):
            return
        page.wait_for_timeout(250)
    raise AssertionError(f"{url} does not show what was waited for:\n{page.inner_text('main')}")
