"""The pages with everything behind them: what a web server runs."""

from __future__ import annotations

import time
from urllib.parse import urlsplit

import structlog
from flask import Flask, Response, g, request

from marshrut.engines.accounts import StoredAccounts
from marshrut.keys import SecretKeys
from marshrut.settings import Settings
from marshrut.wiring import make_services
from web.app import create_app
from web.services import Services
from web.settings import WebSettings
from web.words import russian
from workflow.ports import Clock
from workflow.usecases import installation
from workflow.usecases.services import Services as WorkServices

log = structlog.get_logger(__name__)

#: This machine asks itself whether the pages answer (health checks).
LOOPBACK_HOSTS = ("localhost", "127.0.0.1", "[::1]")


def make_web(settings: Settings, keys: SecretKeys, clock: Clock) -> Flask:
    """Return the WSGI application of the installation; its database must be migrated."""
    return pages_over(make_services(settings, keys, clock), settings, keys)


def pages_over(work: WorkServices, settings: Settings, keys: SecretKeys) -> Flask:
    """Return the pages over services that are there already."""
    training = installation.is_training(work)
    services = Services(now=work.clock, accounts=StoredAccounts(work), work=work)
    app = create_app(services, russian(), web_settings(settings, keys, training))
    _log_requests(app)
    return app


def web_settings(settings: Settings, keys: SecretKeys, training: bool) -> WebSettings:
    """Return what the pages are told.

    With https a reverse proxy stands in front (gunicorn speaks http here), and its headers name
    the client and the protocol; without it nobody's headers are believed.
    """
    address = urlsplit(settings.base_url)
    secure = address.scheme == "https"
    return WebSettings(
        secret_key=keys.session,
        hosts=tuple(dict.fromkeys((address.hostname or "", *LOOPBACK_HOSTS))),
        secure_cookies=secure,
        proxies=1 if secure else 0,
        training=training,
        cades_plugin=settings.cades_plugin,
    )


def _log_requests(app: Flask) -> None:
    """Log each answer by its rule: ids, searches, addresses of people stand in no log."""

    @app.before_request
    def begin() -> None:
        g.began = time.monotonic()

    @app.after_request
    def end(response: Response) -> Response:
        began: float | None = g.get("began")
        log.info(
            "Request answered",
            method=request.method,
            rule=request.url_rule.rule if request.url_rule else None,
            status=response.status_code,
            milliseconds=None if began is None else round((time.monotonic() - began) * 1000),
        )
        return response
