"""What the request at hand works with: services, settings, words, the moment."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import cast

from flask import Flask, current_app

from web.services import Services
from web.settings import WebSettings
from web.words import Words

_KEY = "marshrut"


@dataclass(frozen=True)
class Surroundings:
    """What `create_app` was given."""

    services: Services
    words: Words
    settings: WebSettings


def surround(app: Flask, surroundings: Surroundings) -> None:
    """Give `app` what its views will ask for."""
    app.extensions[_KEY] = surroundings


def surroundings() -> Surroundings:
    return cast(Surroundings, current_app.extensions[_KEY])


def services() -> Services:
    return surroundings().services


def settings() -> WebSettings:
    return surroundings().settings


def now() -> datetime:
    """Return the present moment, UTC."""
    return services().now()


def today() -> date:
    """Return the local day of the installation."""
    return now().astimezone(settings().zone).date()


def _(msgid: str, /, **params: object) -> str:
    """Return the Russian sentence for `msgid` with its placeholders filled."""
    return surroundings().words.text(msgid, **params)
