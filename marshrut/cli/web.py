"""`marshrut web`: serves the pages until it is stopped."""

from __future__ import annotations

import ipaddress

import click
from flask import Flask
from gunicorn import glogging  # type: ignore[import-untyped]  # publishes no types
from gunicorn.app.base import BaseApplication  # type: ignore[import-untyped]  # publishes no types

from marshrut.background import system_clock
from marshrut.cli.click_words import RussianCommand
from marshrut.cli.environment import explained_problems, stop_with
from marshrut.keys import SecretKeys, read_keys
from marshrut.logging import configure_logging
from marshrut.settings import Settings, settings_from_environment
from marshrut.web_app import make_web
from marshrut.wiring import make_services
from workflow.domain.refusals import N_
from workflow.store.migrations import require_newest
from workflow.usecases import installation

REQUEST_SECONDS = 120
#: What a stopping server gives to requests that it is still answering.
GRACE_SECONDS = 20


class SameLog(glogging.Logger):  # type: ignore[misc]  # the base is untyped
    """gunicorn's own words go where all others go, and by the same rules."""

    def setup(self, cfg: object) -> None:
        """Keep the levels, drop the handlers."""
        super().setup(cfg)
        self.error_log.handlers.clear()
        self.error_log.propagate = True


class PageServer(BaseApplication):  # type: ignore[misc]  # the base is untyped
    """gunicorn as a library: one process with threads, so that failed logins count together."""

    def __init__(self, settings: Settings, keys: SecretKeys, bind: str, threads: int) -> None:
        self._settings = settings
        self._keys = keys
        self._options = {
            "bind": bind,
            "worker_class": "gthread",
            "workers": 1,
            "threads": threads,
            "timeout": REQUEST_SECONDS,
            "graceful_timeout": GRACE_SECONDS,
            "loglevel": "warning",
            "logger_class": SameLog,
            "proc_name": "marshrut-web",
            "control_socket_disable": True,
        }
        super().__init__()

    def load_config(self) -> None:
        """Give gunicorn its options; neither its files nor its environment variables are read."""
        for name, value in self._options.items():
            self.cfg.set(name, value)

    def load(self) -> Flask:
        """Make the application after the fork: no database connection is shared."""
        return make_web(self._settings, self._keys, system_clock)


@click.command(
    cls=RussianCommand,
    help="Запустить сайт: страницы для руководителей, делопроизводителей, отдела.",
)
@click.option("--host", default="127.0.0.1", show_default=True, help="На каком адресе слушать.")
@click.option(
    "--port",
    type=click.IntRange(1, 65535),
    default=8000,
    show_default=True,
    help="На каком порту слушать.",
)
@click.option(
    "--threads",
    type=click.IntRange(1, 64),
    default=8,
    show_default=True,
    help="Сколько запросов обрабатывать сразу.",
)
def web(host: str, port: int, threads: int) -> None:
    """Serve the pages in this process until SIGTERM; each answer stands in the log by its rule."""
    with explained_problems():
        settings = settings_from_environment()
        keys = read_keys(settings.keys_dir)
        services = make_services(settings, keys, system_clock)
        require_newest(services.uow.engine)
        if not installation.is_begun(services):
            stop_with(
                N_("Nothing has been set up here yet. Begin with “marshrut init” or “marshrut up”.")
            )
        services.uow.engine.dispose()
    configure_logging()
    PageServer(settings, keys, _bound(host, port), threads).run()


def _bound(host: str, port: int) -> str:
    """Return the address as gunicorn reads it: IPv6 in brackets."""
    try:
        version = ipaddress.ip_address(host).version
    except ValueError:
        version = 4
    return f"[{host}]:{port}" if version == 6 else f"{host}:{port}"
