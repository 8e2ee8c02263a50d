"""Registering one's key on a token of the server; its PIN is asked for once and not kept."""

from __future__ import annotations

from collections.abc import Mapping

from flask import (
    Blueprint,
    Response,
    abort,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from werkzeug.wrappers import Response as AnyResponse

from web.access import signed_in
from web.actor import current_actor
from web.components import Link
from web.current import _, now, services
from web.forms import FieldError
from web.forms.files import read_file
from web.key_words import WRONG_PIN
from web.views.my_signature import TOO_MANY_TRIES, key_tries
from web.views.sign import GUESSES, PASSWORD_AT_MOST, key_guesses
from workflow.domain.refusals import N_, Refusal
from workflow.token_keys import TokenRequest
from workflow.usecases.token_keys import add_token_key

pages = Blueprint("token_keys", __name__, url_prefix="/my-signature/token")

SUFFIXES = (".cer", ".crt", ".der", ".pem")
NAME_AT_MOST = 200  # characters
CERTIFICATE_AT_MOST = 64 * 1024
TITLE = N_("Key on a token")
TOKEN, KEY, CERTIFICATE, PIN = "token", "key", "certificate", "pin"
#: Which field a refusal speaks of; all others speak of the token.
FIELDS: Mapping[str, str] = {
    WRONG_PIN: PIN,
    "signing.pin_locked": PIN,
    "signing.pin_last_try": PIN,
    "signing.pin_expired": PIN,
    "signing.token_key_absent": KEY,
    "signing.several_token_keys": KEY,
    "signing.token_key_kind": KEY,
    "signing.key_not_allowed": KEY,
    "signing.token_certificate_absent": CERTIFICATE,
    "signing.token_other_key": CERTIFICATE,
    "signing.certificate_unreadable": CERTIFICATE,
    "key.certificate_too_large": CERTIFICATE,
}


@pages.get("")
@signed_in
def page() -> Response:
    """Ask which key on which token."""
    _demand_tokens()
    return _page()


@pages.post("")
@signed_in
def add() -> AnyResponse:
    """Have the key sign a trial under its PIN, and remember where it lies."""
    _demand_tokens()
    upload, error = read_file(
        request.files.get(CERTIFICATE), CERTIFICATE, SUFFIXES, CERTIFICATE_AT_MOST, required=False
    )
    asked = TokenRequest(
        token=request.form.get(TOKEN, "").strip()[:NAME_AT_MOST],
        pin=request.form.get(PIN, "")[:PASSWORD_AT_MOST],
        key=request.form.get(KEY, "").strip()[:NAME_AT_MOST],
        certificate=upload.content if upload else b"",
    )
    errors = _missing(asked) + ([error] if error else [])
    if errors:
        return _page(asked, errors)
    guesses, whose = key_guesses(), str(current_actor().person_id)
    if guesses.is_reached(whose, now()):
        return _too_many(asked)
    if not key_tries().allow(whose, now()):
        return _too_many(asked)
    kept = add_token_key(services().work, current_actor(), asked)
    if not isinstance(kept, Refusal):
        guesses.forget(whose)
        return redirect(url_for("my_signature.page", added_token=1), code=303)
    if kept.code == WRONG_PIN:
        guesses.record(whose, now())
    field = FIELDS.get(kept.code, TOKEN)
    return _page(asked, [FieldError(field, kept.msgid, kept.params)])


def _demand_tokens() -> None:
    if services().work.token_keys is None:
        abort(404)


def _missing(asked: TokenRequest) -> list[FieldError]:
    errors = []
    if not asked.token:
        errors.append(FieldError(TOKEN, N_("Enter the name or the serial number of the token.")))
    if not asked.pin:
        errors.append(FieldError(PIN, N_("Enter the PIN of the token.")))
    return errors


def _too_many(asked: TokenRequest) -> Response:
    error = FieldError(PIN, TOO_MANY_TRIES)
    response = _page(asked, [error])
    response.status_code = 429
    response.headers["Retry-After"] = str(int(GUESSES.period.total_seconds()))
    return response


def _page(asked: TokenRequest | None = None, errors: list[FieldError] | None = None) -> Response:
    crumbs = (Link(_(N_("My signature")), url_for("my_signature.page")), Link(_(TITLE)))
    shown = render_template(
        "my_signature/token.html",
        crumbs=crumbs,
        asked=asked or TokenRequest("", ""),
        accept=",".join(SUFFIXES),
        errors=errors or (),
    )
    return make_response(shown, 422 if errors else 200)
