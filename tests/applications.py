"""The real pages for tests, over services of their own, in applications that were built once.

To build one takes a tenth of a second, and each of them compiles its templates anew.
"""

from __future__ import annotations

import weakref
from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from flask import Flask

from marshrut.engines.accounts import StoredAccounts
from tests.world import World
from web import current
from web.app import create_app
from web.current import Surroundings
from web.services import Services
from web.settings import WebSettings
from web.words import russian


@dataclass(frozen=True)
class Lendable:
    """An application, and what it knew before any test touched it."""

    app: Flask
    config: dict[str, Any] = field(repr=False)
    extensions: dict[str, Any] = field(repr=False)

    def as_new(self) -> Flask:
        """Without what a test has set, and without anybody's counted tries."""
        for now, then in ((self.app.config, self.config), (self.app.extensions, self.extensions)):
            now.clear()
            now.update(then)
        return self.app


_idle: dict[WebSettings, list[Lendable]] = defaultdict(list)


def pages_over(world: World, settings: WebSettings) -> Flask:
    """The application over the world's services; another world may have it when this one is gone.

    Each call gives another one, with failed logins and sessions of its own. A test may change
    its `config`; whoever adds views builds an application with `create_app`.
    """
    services = Services(
        now=world.services.clock, accounts=StoredAccounts(world.services), work=world.services
    )
    idle = _idle[settings]
    lent = idle.pop() if idle else _built(services, settings)
    app = lent.as_new()
    current.surround(app, Surroundings(services, russian(), settings))
    weakref.finalize(world, idle.append, lent)
    return app


def _built(services: Services, settings: WebSettings) -> Lendable:
    app = create_app(services, russian(), settings)
    return Lendable(app, dict(app.config), dict(app.extensions))
