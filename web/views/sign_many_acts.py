"""Signing several documents at once: confirm, sign one after another, see what came of them.

The page's scripts (`static/sign_many*.js`) ask for one document after another; without them a
button does. The one-time key that opens the signer's key lies in a cookie of this list alone.
"""

from __future__ import annotations

import base64
import binascii
from uuid import UUID

from flask import Response, jsonify, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from web.access import signed_in
from web.actor import current_actor
from web.bulk_words import answer_of
from web.components import Confirmation, Mark, Notice
from web.current import _, now, services, settings, surroundings
from web.forms import FieldError
from web.key_words import WRONG_PASSWORD
from web.plugin_words import PLUGIN_TROUBLES
from web.views.on_document import document_address
from web.views.sign import GUESSES, PASSWORD_AT_MOST, key_guesses
from web.views.sign_in_browser import (
    CERTIFICATE_AT_MOST,
    NOT_UNDERSTOOD,
    begun_answer,
    certificates_answer,
    certificates_sent,
    decoded,
    refused_answer,
    signatures_sent,
)
from web.views.sign_many import (
    crumbs_to,
    list_page,
    notice_of,
    plugin_set_up,
    visit,
)
from web.views.sign_many import pages as pages
from workflow.domain.bulk_signing import KEY_SERVES, BulkItem, BulkWay, key_is_locked
from workflow.domain.refusals import N_, Refusal
from workflow.queries.browser_signing import offered_certificates
from workflow.queries.bulk_signing import BulkPage, bulk_line, bulk_page
from workflow.usecases.bulk_signing import KeyOpened, confirm_in_browser, confirm_with_key
from workflow.usecases.errors import NotFoundError
from workflow.usecases.sign_in_bulk import GONE, begin_in_bulk, hand_in_to_bulk, sign_in_bulk

COOKIE = "marshrut-bulk"
COOKIE_AT_MOST = 100  # characters


@pages.post("/<uuid:bulk_id>/confirm")
@signed_in
def confirm(bulk_id: UUID) -> AnyResponse:
    """Confirm the whole list once: with the password of the key kept here, or for the plug-in."""
    work, actor = services().work, current_actor()
    shown = bulk_page(work, actor, visit(), bulk_id)
    if shown.bulk.way is BulkWay.BROWSER:
        confirmed = confirm_in_browser(work, actor, bulk_id, visit())
        return (
            _refused(shown, confirmed) if isinstance(confirmed, Refusal) else _to_signing(bulk_id)
        )
    password = request.form.get("password", "")[:PASSWORD_AT_MOST]
    if not password:
        return _wrong(shown, FieldError("password", N_("Enter the password of the key.")))
    guesses, whose = key_guesses(), str(actor.person_id)
    if guesses.is_reached(whose, now()):
        said = N_("Too many wrong passwords. Try again in ten minutes.")
        response = _wrong(shown, FieldError("password", said), 429)
        response.headers["Retry-After"] = str(int(GUESSES.period.total_seconds()))
        return response
    opened = confirm_with_key(work, actor, bulk_id, password, visit())
    if isinstance(opened, Refusal):
        if opened.code != WRONG_PASSWORD:
            return _refused(shown, opened)
        guesses.record(whose, now())
        return _wrong(shown, FieldError("password", opened.msgid, opened.params))
    guesses.forget(whose)
    return _with_cookie(_to_signing(bulk_id), opened)


def _refused(shown: BulkPage, refusal: Refusal) -> AnyResponse:
    if shown.bulk.confirmed_at is None:
        return list_page(shown, refusal)
    return _signing_page(shown, refusal)


def _wrong(shown: BulkPage, error: FieldError, status: int = 422) -> AnyResponse:
    if shown.bulk.confirmed_at is None:
        return list_page(shown, errors=(error,), status=status)
    return _signing_page(shown, errors=(error,), status=status)


def _to_signing(bulk_id: UUID) -> AnyResponse:
    return redirect(url_for("sign_many.signing", bulk_id=bulk_id), code=303)


# --- The cookie ----------------------------------------------------------------------------


def cookie_name() -> str:
    """A browser takes a name with this beginning over an encrypted connection only."""
    return f"__Secure-{COOKIE}" if settings().secure_cookies else COOKIE


def _with_cookie(response: AnyResponse, opened: KeyOpened) -> AnyResponse:
    """Give the browser the only key that opens the signer's key, for this list alone."""
    response.set_cookie(
        cookie_name(),
        base64.urlsafe_b64encode(opened.one_time_key).decode(),
        max_age=KEY_SERVES,
        path=url_for("sign_many.page", bulk_id=opened.bulk.id),
        secure=settings().secure_cookies,
        httponly=True,
        samesite="Strict",
    )
    return response


def _one_time_key() -> bytes:
    """What the cookie holds; empty when there is none."""
    try:
        return base64.urlsafe_b64decode(request.cookies.get(cookie_name(), "")[:COOKIE_AT_MOST])
    except (binascii.Error, ValueError):
        return b""


def _without_cookie(response: AnyResponse, bulk_id: UUID) -> AnyResponse:
    response.delete_cookie(
        cookie_name(),
        path=url_for("sign_many.page", bulk_id=bulk_id),
        secure=settings().secure_cookies,
        httponly=True,
        samesite="Strict",
    )
    return response


# --- Signing -------------------------------------------------------------------------------


@pages.get("/<uuid:bulk_id>/signing")
@signed_in
def signing(bulk_id: UUID) -> AnyResponse:
    """Show how far the signing is; the page goes on with it, also after a pause."""
    shown = bulk_page(services().work, current_actor(), visit(), bulk_id)
    if shown.bulk.confirmed_at is None:
        return redirect(url_for("sign_many.page", bulk_id=bulk_id), code=303)
    if not shown.left:
        return redirect(url_for("sign_many.result", bulk_id=bulk_id), code=303)
    return _signing_page(shown)


def _signing_page(
    shown: BulkPage,
    refusal: Refusal | None = None,
    errors: tuple[FieldError, ...] = (),
    status: int = 0,
) -> AnyResponse:
    by_key = shown.bulk.way is BulkWay.KEY_HERE
    serves = bool(shown.key_serves_until and _one_time_key())
    page = render_template(
        "sign_many/signing.html" if by_key else "sign_many/signing_in_browser.html",
        shown=shown,
        crumbs=crumbs_to(N_("Signing")),
        notice=notice_of(refusal, N_("Signing is not possible now")) if refusal else None,
        errors=errors,
        answers=[answer_of(line) for line in shown.lines],
        serves=serves and not errors,
        until=_until(shown),
        first=shown.left[0].item.document_id if shown.left else None,
        is_set_up=plugin_set_up(),
        troubles=PLUGIN_TROUBLES,
    )
    return make_response(page, status or (422 if errors else 409 if refusal else 200))


def _until(shown: BulkPage) -> str:
    """Until when the key is unlocked («14:32»), or ""."""
    until = shown.key_serves_until
    return f"{until.astimezone(settings().zone):%H:%M}" if until else ""


@pages.post("/<uuid:bulk_id>/documents/<uuid:document_id>/sign")
@signed_in
def sign(bulk_id: UUID, document_id: UUID) -> AnyResponse:
    """Sign one document with the key that was unlocked; asked again, find the first answer."""
    answer = sign_in_bulk(
        services().work, current_actor(), bulk_id, document_id, _one_time_key(), visit()
    )
    if _for_script():
        return _told(bulk_id, document_id, answer)
    if isinstance(answer, Refusal) and answer.code != key_is_locked().code:
        return _refused(bulk_page(services().work, current_actor(), visit(), bulk_id), answer)
    return _to_signing(bulk_id)


@pages.post("/<uuid:bulk_id>/certificates")
@signed_in
def certificates(bulk_id: UUID) -> AnyResponse:
    """Answer which of the browser's certificates will do, by the first document that waits."""
    work, actor, found = services().work, current_actor(), certificates_sent()
    refusal = GONE
    for line in bulk_page(work, actor, visit(), bulk_id).left:
        try:
            offered = offered_certificates(work, actor, line.item.document_id, found)
        except NotFoundError:
            continue
        if offered.refusal is None:
            return certificates_answer(offered)
        refusal = offered.refusal
    return refused_answer(refusal)


@pages.post("/<uuid:bulk_id>/documents/<uuid:document_id>/begin")
@signed_in
def begin_by_plugin(bulk_id: UUID, document_id: UUID) -> AnyResponse:
    """Begin one document for the chosen certificate; answer what its key has to sign."""
    chosen = decoded(request.form.get("certificate", ""), CERTIFICATE_AT_MOST)
    if not chosen:
        return refused_answer(NOT_UNDERSTOOD)
    begun = begin_in_bulk(services().work, current_actor(), bulk_id, document_id, chosen, visit())
    if isinstance(begun, BulkItem | Refusal):
        return _told(bulk_id, document_id, begun)
    hand_in = url_for(
        "sign_many.hand_in",
        bulk_id=bulk_id,
        document_id=document_id,
        attempt_id=begun.begun.attempt.id,
    )
    return begun_answer(begun, hand_in)


@pages.post("/<uuid:bulk_id>/documents/<uuid:document_id>/signatures/<uuid:attempt_id>")
@signed_in
def hand_in(bulk_id: UUID, document_id: UUID, attempt_id: UUID) -> AnyResponse:
    """Take the signatures of one document; the same ones again find the first answer."""
    signatures = signatures_sent()
    if isinstance(signatures, Refusal):
        return refused_answer(signatures)
    answer = hand_in_to_bulk(
        services().work,
        current_actor(),
        bulk_id,
        document_id,
        attempt_id,
        signatures,
        visit(),
    )
    return _told(bulk_id, document_id, answer)


def _for_script() -> bool:
    return request.accept_mimetypes.best == "application/json"


def _told(bulk_id: UUID, document_id: UUID, answer: BulkItem | Refusal) -> Response:
    """Tell the script what became of one document, in words that it only has to show."""
    if isinstance(answer, Refusal):
        return refused_answer(answer)
    line = bulk_line(services().work, current_actor(), visit(), bulk_id, document_id)
    told = answer_of(line)
    return jsonify(mark=told.tag.mark.value, label=told.tag.label, note=told.note)


# --- What came of it -----------------------------------------------------------------------


@pages.get("/<uuid:bulk_id>/result")
@signed_in
def result(bulk_id: UUID) -> AnyResponse:
    """Say what came of every document, and what to do about those that are not signed."""
    shown = bulk_page(services().work, current_actor(), visit(), bulk_id)
    if shown.left or not shown.lines:
        return redirect(url_for("sign_many.page", bulk_id=bulk_id), code=303)
    answers = [answer_of(line) for line in shown.lines]
    refused = [one for one in answers if one.is_refused]
    page = render_template(
        "sign_many/result.html",
        crumbs=crumbs_to(N_("What came of it")),
        done=_confirmation(sum(one.is_signed for one in answers), len(answers)),
        notice=_not_all(len(refused)) if refused else None,
        refused=refused,
        received=[one for one in answers if not one.is_refused and not one.is_signed],
        signed=[one for one in answers if one.is_signed],
        address=document_address,
        again=url_for("sign_many.choose", way=shown.bulk.way.value),
    )
    return _without_cookie(make_response(page), bulk_id)


def _confirmation(signed: int, total: int) -> Confirmation | None:
    if signed < total:
        return None
    words = surroundings().words
    return Confirmation(words.plural("{n} document is signed", "{n} documents are signed", total))


def _not_all(refused: int) -> Notice:
    title = surroundings().words.plural(
        "{n} document is not signed", "{n} documents are not signed", refused
    )
    return Notice(
        _(N_("The reason and what to do stand beside each. They do not carry your signature.")),
        title,
        Mark.PROBLEM,
    )
