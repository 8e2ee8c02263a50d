"""The operator in front of the pages of a small world."""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import unescape
from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.applications import pages_over
from tests.world import World
from web.second_factor import code_at
from web.settings import WebSettings

OPERATOR_LOGIN = "operator"


@dataclass
class Site:
    """Somebody's browser; forms are sent without the CSRF token, which has tests of its own."""

    world: World
    browser: FlaskClient

    def get(self, address: str) -> str:
        answer = self.browser.get(address)
        assert answer.status_code == 200, (address, answer.status_code)
        return unescape(answer.text)

    def post(self, address: str, **fields: Any) -> TestResponse:
        return self.browser.post(address, data=fields)

    def sent(self, address: str, **fields: Any) -> str:
        """Send a form that is accepted; return where it leads."""
        answer = self.post(address, **fields)
        assert answer.status_code == 303, unescape(answer.text)
        return str(answer.location)

    def refused(self, address: str, **fields: Any) -> str:
        """Send a form that is refused; return the page that says why."""
        answer = self.post(address, **fields)
        assert answer.status_code in (409, 422), answer.status_code
        return unescape(answer.text)


def site(world: World) -> Site:
    """Return a browser in which nobody is signed in."""
    settings = WebSettings(secret_key=b"s" * 32, secure_cookies=False, training=True)
    app = pages_over(world, settings)
    app.config["WTF_CSRF_ENABLED"] = False
    return Site(world, app.test_client())


def signed_in(world: World, login: str, password: str, second_factor: bytes) -> Site:
    """Return a browser in which `login` has signed in."""
    made = site(world)
    made.sent("/login", login=login, password=password)
    made.sent("/login/code", code=code_at(second_factor, world.clock()))
    return made


def shown_password(page: str) -> str:
    """Return the password on the page that shows it once."""
    found = re.search(r"<code>([a-z0-9-]{20,})</code>", page)
    assert found
    return found[1]


def shown_secret(page: str) -> str:
    """Return the key of the second factor as it is to be typed."""
    found = re.search(r"<code>([A-Z2-7 ]{20,})</code>", page)
    assert found
    return found[1].replace(" ", "")
