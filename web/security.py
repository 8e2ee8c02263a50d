"""Headers, cookies, sizes, hosts: what every answer has, whatever its view does."""

from __future__ import annotations

from datetime import timedelta

from flask import Flask, Response, g, request
from flask_wtf import CSRFProtect
from werkzeug.middleware.proxy_fix import ProxyFix

from web.settings import MEBIBYTE, WebSettings

# No inline script or style at all, so neither nonces nor hashes are needed.
POLICY = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self'",
    "connect-src": "'self'",
    "frame-src": "'self'",
    "form-action": "'self'",
    "frame-ancestors": "'none'",
    "base-uri": "'none'",
}
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}
# Read by htmx from a meta tag: no eval, no injected style, no page kept in the browser.
HTMX = {
    "allowEval": False,
    "allowScriptTags": False,
    "includeIndicatorStyles": False,
    "selfRequestsOnly": True,
    "historyEnabled": False,
    "historyCacheSize": 0,
    "timeout": 20000,
}
STATIC_FOR = timedelta(days=365)  # the address of a static file changes with its content


def harden(app: Flask, settings: WebSettings) -> None:
    """Apply cookies, limits, CSRF, host names and headers to `app`."""
    if len(settings.secret_key) < 32:
        raise ValueError("the secret key has fewer than 32 bytes")
    app.secret_key = settings.secret_key
    app.config.update(
        SESSION_COOKIE_NAME="__Host-marshrut" if settings.secure_cookies else "marshrut",
        SESSION_COOKIE_SECURE=settings.secure_cookies,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        PERMANENT_SESSION_LIFETIME=settings.session_longest,
        SEND_FILE_MAX_AGE_DEFAULT=STATIC_FOR,
        MAX_CONTENT_LENGTH=settings.request_bytes,
        MAX_FORM_MEMORY_SIZE=2 * MEBIBYTE,
        MAX_FORM_PARTS=5000,  # a long table of a form has many cells
        TRUSTED_HOSTS=list(settings.hosts) or None,
        WTF_CSRF_TIME_LIMIT=None,  # a token lives as long as its session
        WTF_CSRF_SSL_STRICT=settings.secure_cookies,
    )
    if settings.proxies:
        n = settings.proxies
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign]  # as Flask documents it
            app.wsgi_app, x_for=n, x_proto=n, x_host=n
        )
    CSRFProtect(app)
    app.after_request(lambda response: _with_headers(response, settings))


def allow_own_frame() -> None:
    """Let the answer at hand stand in a frame of our own pages (a PDF preview)."""
    g.own_frame = True


def _with_headers(response: Response, settings: WebSettings) -> Response:
    policy = POLICY | ({"frame-ancestors": "'self'"} if g.get("own_frame") else {})
    response.headers["Content-Security-Policy"] = "; ".join(f"{k} {v}" for k, v in policy.items())
    response.headers["X-Frame-Options"] = "SAMEORIGIN" if g.get("own_frame") else "DENY"
    response.headers.update(HEADERS)
    if request.endpoint != "files.static":
        response.headers["Cache-Control"] = "no-store"
    if settings.secure_cookies:
        response.headers["Strict-Transport-Security"] = "max-age=31536000"
    return response
