"""A signature whose file is lost is made again: with the key kept here, or in one's own program."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from web.access import signed_in
from web.actor import current_actor
from web.components import Fact, Link, Notice
from web.current import _, now, services, surroundings
from web.dates import moment
from web.forms import FieldError
from web.forms.signed_files import DETACHED, SIGNED_PDF
from web.key_words import WRONG_SECRETS, secret_label, secret_missing
from web.refusals import tell
from web.views.on_document import crumbs, notice_of
from web.views.own_program import downloads, read_signatures
from web.views.sign import (
    DIGEST_LENGTH,
    NOT_ACCEPTED,
    PASSWORD_AT_MOST,
    key_guesses,
)
from workflow.domain.refusals import N_, Refusal
from workflow.domain.regulations import SignatureFormat
from workflow.domain.signatures import Signature
from workflow.queries.sign_again_page import SignAgainPage, sign_again_page
from workflow.usecases.sign_again import sign_again, sign_again_with_stored_key

pages = Blueprint("sign_again", __name__, url_prefix="/signatures/<uuid:signature_id>/again")

TITLE = N_("Sign again")
TOO_MANY = N_("Too many wrong passwords. Try again in ten minutes.")


@pages.get("")
@signed_in
def page(signature_id: UUID) -> Response:
    """Show the files that were signed, and why they may or may not be signed again."""
    return _page(sign_again_page(services().work, current_actor(), signature_id))


@pages.post("/key")
@signed_in
def with_key(signature_id: UUID) -> AnyResponse:
    """Sign again with the key kept here."""
    work, actor = services().work, current_actor()
    shown = sign_again_page(work, actor, signature_id)
    password = request.form.get("password", "")[:PASSWORD_AT_MOST]
    if not password:
        return _page(shown, errors=(FieldError("password", secret_missing(shown.key)),))
    guesses, whose = key_guesses(), str(actor.person_id)
    if guesses.is_reached(whose, now()):
        return _page(shown, errors=(FieldError("password", TOO_MANY),))
    made = sign_again_with_stored_key(work, actor, signature_id, _seen(), password)
    if isinstance(made, Refusal) and made.code in WRONG_SECRETS:
        guesses.record(whose, now())
        return _page(shown, errors=(FieldError("password", made.msgid, made.params),))
    return _answer(shown, made)


@pages.post("/files")
@signed_in
def with_files(signature_id: UUID) -> AnyResponse:
    """Take signatures that were made in a program of one's own."""
    work, actor = services().work, current_actor()
    shown = sign_again_page(work, actor, signature_id)
    outputs, errors = read_signatures(shown.files, _is_inside(shown))
    if errors:
        return _page(shown, errors=errors)
    return _answer(shown, sign_again(work, actor, signature_id, _seen(), outputs))


def _seen() -> str:
    return request.form.get("seen", "")[:DIGEST_LENGTH]


def _answer(shown: SignAgainPage, made: Signature | Refusal) -> AnyResponse:
    if isinstance(made, Refusal):
        return _page(shown, refusal=made)
    return redirect(url_for("signing.result", document_id=made.document_id), code=303)


def _is_inside(shown: SignAgainPage) -> bool:
    return shown.format is SignatureFormat.PADES


def _page(
    shown: SignAgainPage, errors: tuple[FieldError, ...] = (), refusal: Refusal | None = None
) -> Response:
    key_refusal = shown.key_refusal
    page = render_template(
        "signing/sign_again.html",
        shown=shown,
        crumbs=(*crumbs(shown.heading, TITLE)[:-1], _report(shown), Link(_(TITLE))),
        notices=_notices(shown, refusal),
        facts=(
            Fact(_(N_("Signatory")), shown.signer),
            Fact(_(N_("Signed")), moment(shown.signed_at, shown.heading.zone)),
        ),
        files=downloads(shown.heading, shown.files),
        is_inside=_is_inside(shown),
        accept=",".join(SIGNED_PDF if _is_inside(shown) else DETACHED),
        secret=secret_label(shown.key),
        key_refusal=tell(key_refusal, surroundings().words) if key_refusal else None,
        errors=errors,
    )
    return make_response(page, 422 if errors else 409 if refusal else 200)


def _report(shown: SignAgainPage) -> Link:
    url = url_for("reports.page", signature_id=shown.signature_id)
    return Link(_(N_("Report on the check")), url)


def _notices(shown: SignAgainPage, refusal: Refusal | None) -> tuple[Notice, ...]:
    if refusal:
        return (notice_of(refusal, shown.heading, NOT_ACCEPTED),)
    if shown.refusal:
        return (notice_of(shown.refusal, shown.heading),)
    return ()
