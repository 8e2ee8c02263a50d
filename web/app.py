"""The application: rooms put together, nothing decided."""

from __future__ import annotations

import hashlib
import json
from functools import cache
from pathlib import Path

from flask import Flask, url_for
from jinja2 import StrictUndefined

from web import access, auth, current, errors, security
from web.auth import Lifetime
from web.current import Surroundings
from web.navigation import navigation
from web.services import Services
from web.settings import WebSettings
from web.views import BLUEPRINTS, TRAINING_BLUEPRINTS
from web.words import Words

STATIC = Path(__file__).parent / "static"


def create_app(services: Services, words: Words, settings: WebSettings) -> Flask:
    """Return the WSGI application; raises ValueError for a weak secret key."""
    app = Flask("web", static_folder=None)
    current.surround(app, Surroundings(services, words, settings))
    security.harden(app, settings)
    lifetime = Lifetime(settings.session_idle, settings.session_longest)
    auth.guard_sessions(app, lambda: current.services().accounts, current.now, lifetime)
    access.guard_views(app)
    errors.answer_errors(app)
    _teach_templates(app, words, settings)
    for blueprint in BLUEPRINTS + (TRAINING_BLUEPRINTS if settings.training else ()):
        app.register_blueprint(blueprint)
    return app


def _teach_templates(app: Flask, words: Words, settings: WebSettings) -> None:
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.filters["hash_id"] = _short_hash
    app.jinja_env.globals.update(
        _=words.text,
        ngettext=words.plural,
        asset=asset,
        visitor=auth.current_visitor,
        navigation=navigation,
        training=settings.training,
        htmx_config=json.dumps(security.HTMX),
    )


def asset(name: str) -> str:
    """Return the address of a static file, which changes with its content."""
    return url_for("files.static", filename=name, v=_content_hash(name))


@cache
def _content_hash(name: str) -> str:
    return hashlib.sha256((STATIC / name).read_bytes()).hexdigest()[:12]


def _short_hash(text: str) -> str:
    """Return an id for an element that is the same for the same words."""
    return hashlib.sha256(text.encode()).hexdigest()[:8]
