"""The one place that turns refusals and errors into pages and statuses."""

from __future__ import annotations

import secrets
import traceback
from dataclasses import dataclass
from typing import TypeVar

import structlog
from flask import Flask, Response, jsonify, make_response, render_template, request
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException, SecurityError

from web.current import _, settings, surroundings
from web.refusals import tell
from workflow.domain.refusals import N_, Refusal
from workflow.usecases.errors import NotFoundError

log = structlog.get_logger(__name__)
Outcome = TypeVar("Outcome")


class RefusedError(Exception):
    """A use case answered with a refusal and the view has no better place to show it."""

    code = "web.refused"

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.code)
        self.refusal = refusal


def unless_refused(outcome: Outcome | Refusal) -> Outcome:
    """Return the outcome; raise RefusedError when it is a refusal (page or 409)."""
    if isinstance(outcome, Refusal):
        raise RefusedError(outcome)
    return outcome


@dataclass(frozen=True)
class ErrorPage:
    """What happened and what to do, as msgids; `code` is what the API answers."""

    status: int
    code: str
    title: str
    todo: str


BAD_REQUEST = ErrorPage(
    400,
    "request.bad",
    N_("The request could not be understood"),
    N_("Go back and try once more."),
)
CSRF = ErrorPage(
    400,
    "request.stale_page",
    N_("The page is out of date"),
    N_("Nothing was changed. Go back, reload the page and repeat what you did."),
)
SERVER = ErrorPage(
    500,
    "server.error",
    N_("Something went wrong on our side"),
    N_("Try once more in a few minutes. Check first whether the action was done."),
)
STALE = ErrorPage(
    409,
    "stale",
    N_("Somebody else has just changed this"),
    N_("Nothing of yours was changed. Go back, reload the page and look at what is new."),
)
BUSY = ErrorPage(
    503,
    "busy",
    N_("The system is busy"),
    N_("Nothing was changed. Try once more in a minute."),
)
PAGES = {
    page.status: page
    for page in (
        BAD_REQUEST,
        ErrorPage(
            401,
            "request.not_signed_in",
            N_("You are not signed in"),
            N_("Sign in and try once more."),
        ),
        ErrorPage(
            404,
            "request.not_found",
            N_("There is no such page"),
            N_("Check the address. The document may belong to another organisation."),
        ),
        ErrorPage(
            405,
            "request.wrong_method",
            N_("This address cannot be opened so"),
            N_("Go back and press the button on the page."),
        ),
        ErrorPage(
            413,
            "request.too_large",
            N_("The file is too large"),
            N_("Choose a smaller file, or scan the pages at 150 to 200 dots per inch."),
        ),
        ErrorPage(
            429,
            "request.too_many",
            N_("Too many attempts"),
            N_("Wait a little and try once more."),
        ),
        SERVER,
    )
}
# Pages do not know the storage; its errors are told by their codes.
STORAGE = {page.code: page for page in (STALE, BUSY)}


def answer_errors(app: Flask) -> None:
    """Register the handlers of `app`."""
    app.register_error_handler(RefusedError, _refused)
    app.register_error_handler(SecurityError, _wrong_host)
    app.register_error_handler(CSRFError, lambda _error: _answer(CSRF))
    app.register_error_handler(NotFoundError, lambda _error: _answer(PAGES[404]))
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(Exception, _unexpected)


def _refused(error: RefusedError) -> Response:
    told = tell(error.refusal, surroundings().words, settings().zone)
    if _for_program():
        return _json(409, error.refusal.code, told.what, told.todo)
    page = render_template(
        "errors/refusal.html", what=told.what, todo=told.todo, article=told.article
    )
    return make_response(page, 409)


def _http(error: HTTPException) -> Response:
    if error.response is not None or error.code is None or error.code < 400:
        return make_response(error.get_response())
    otherwise = SERVER if error.code >= 500 else BAD_REQUEST
    response = _answer(PAGES.get(error.code, otherwise), status=error.code)
    for name, value in error.get_headers():
        if name in ("Allow", "Retry-After"):
            response.headers[name] = value
    return response


def _wrong_host(_error: SecurityError) -> Response:
    # No address can be built for a host that is not ours, so there is no page either.
    return Response("400\n", status=400, mimetype="text/plain")


def _unexpected(error: Exception) -> Response:
    """Log where it happened, not what it said: messages of a database hold personal data."""
    if page := STORAGE.get(getattr(error, "code", "")):
        return _answer(page)
    reference = secrets.token_hex(4).upper()
    log.error(
        "Unexpected error on a page",
        reference=reference,
        endpoint=request.endpoint,
        method=request.method,
        error=f"{type(error).__module__}.{type(error).__qualname__}",
        frames=[
            f"{frame.filename}:{frame.lineno} {frame.name}"
            for frame in traceback.extract_tb(error.__traceback__, limit=-12)
        ],
    )
    return _answer(SERVER, reference=reference)


def _answer(page: ErrorPage, status: int = 0, reference: str = "") -> Response:
    status = status or page.status
    if _for_program():
        return _json(status, page.code, _(page.title), _(page.todo), reference)
    rendered = render_template("errors/page.html", page=page, reference=reference)
    return make_response(rendered, status)


def _json(status: int, code: str, what: str, todo: str, reference: str = "") -> Response:
    body = {"code": code, "message": what, "todo": todo}
    response = jsonify(body | ({"reference": reference} if reference else {}))
    response.status_code = status
    return response


def _for_program() -> bool:
    return request.path.startswith("/api/")
