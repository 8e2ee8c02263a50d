"""Signing and acknowledging with a simple signature: read the sentence, say password and code."""

from __future__ import annotations

from uuid import UUID

from flask import Response, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from web.access import signed_in
from web.actor import current_actor
from web.auth import current_visitor
from web.components import Fact
from web.current import _, services, surroundings
from web.dates import moment
from web.errors import unless_refused
from web.forms import FieldError
from web.refusals import tell
from web.views.on_document import crumbs, notice_of
from web.views.sign import DIGEST_LENGTH, NOT_ACCEPTED, PASSWORD_AT_MOST
from web.views.sign import TITLE as SIGNING
from workflow.domain.refusals import N_, Refusal
from workflow.domain.simple_signatures import SimpleAct
from workflow.queries.acknowledgement_sheet import acknowledgement_page
from workflow.queries.signing_page import signing_page
from workflow.queries.simple_page import SimplePage, simple_page
from workflow.usecases.acknowledge_simply import acknowledge_simply
from workflow.usecases.prove import Proof
from workflow.usecases.sign_simply import begin_simple_signing, sign_simply

ACKNOWLEDGING = N_("Acknowledging")
CODE_AT_MOST = 20  # characters
TITLES = {SimpleAct.SIGN: SIGNING, SimpleAct.ACKNOWLEDGE: ACKNOWLEDGING}
LABELS = {
    SimpleAct.SIGN: N_("Sign with a simple signature"),
    SimpleAct.ACKNOWLEDGE: N_("Confirm that I have read it"),
}
LEADS = {
    SimpleAct.SIGN: N_("This sentence is signed. Your password stands for your signature."),
    SimpleAct.ACKNOWLEDGE: N_("This sentence is signed and kept with the acknowledgement sheet."),
}
#: Refusals that belong to an input of the form.
FIELDS = {"proof.wrong_password": "password", "proof.wrong_code": "code"}


@signed_in
def begin_to_sign(document_id: UUID) -> AnyResponse:
    """Open a single-use signing of ten minutes for the files that were seen."""
    work, actor = services().work, current_actor()
    seen = request.form.get("seen", "")[:DIGEST_LENGTH]
    begun = begin_simple_signing(work, actor, document_id, seen)
    if isinstance(begun, Refusal):
        mine = signing_page(work, actor, document_id).mine
        if mine is not None and mine.manifest == seen:
            return _to_result(document_id, SimpleAct.SIGN)
        unless_refused(begun)
    assert not isinstance(begun, Refusal)  # it was raised just now
    return redirect(
        url_for("signing.sign_simply_page", document_id=document_id, attempt_id=begun.attempt.id),
        code=303,
    )


@signed_in
def sign_page(document_id: UUID, attempt_id: UUID) -> AnyResponse:
    """Show the sentence that will be signed, and ask for the password."""
    return _show(document_id, attempt_id, SimpleAct.SIGN)


@signed_in
def acknowledge_page(document_id: UUID, attempt_id: UUID) -> AnyResponse:
    """The same for acknowledging."""
    return _show(document_id, attempt_id, SimpleAct.ACKNOWLEDGE)


@signed_in
def sign(document_id: UUID, attempt_id: UUID) -> AnyResponse:
    """Sign; whoever sends the form twice finds what came of the first time."""
    return _act(document_id, attempt_id, SimpleAct.SIGN)


@signed_in
def acknowledge(document_id: UUID, attempt_id: UUID) -> AnyResponse:
    """Acknowledge; the same form again finds the confirmation."""
    return _act(document_id, attempt_id, SimpleAct.ACKNOWLEDGE)


def _show(document_id: UUID, attempt_id: UUID, act: SimpleAct) -> AnyResponse:
    shown = _read(document_id, attempt_id, act)
    return _to_result(document_id, act) if _is_done(shown, act) else _page(shown, act)


def _read(document_id: UUID, attempt_id: UUID, act: SimpleAct) -> SimplePage:
    return simple_page(
        services().work, current_actor(), document_id, attempt_id, _account_id(), act
    )


def _account_id() -> UUID:
    visitor = current_visitor()
    assert visitor is not None  # the guard let nobody else in
    return UUID(visitor.account.id)


def _is_done(shown: SimplePage, act: SimpleAct) -> bool:
    """Whether this session was used: its result is shown, nothing is done again."""
    if not shown.is_answered:
        return False
    work, actor, document_id = services().work, current_actor(), shown.heading.document_id
    if act is SimpleAct.SIGN:
        return signing_page(work, actor, document_id).mine is not None
    return acknowledgement_page(work, actor, document_id).mark is not None


def _act(document_id: UUID, attempt_id: UUID, act: SimpleAct) -> AnyResponse:
    shown = _read(document_id, attempt_id, act)
    if _is_done(shown, act):
        return _to_result(document_id, act)
    errors = _empty(shown)
    if errors:
        return _page(shown, act, errors=errors)
    do = sign_simply if act is SimpleAct.SIGN else acknowledge_simply
    said = request.form.get("said", "")[:DIGEST_LENGTH]
    done = do(services().work, current_actor(), attempt_id, _proof(), said)
    if not isinstance(done, Refusal):
        return _to_result(document_id, act)
    if done.code in FIELDS:
        told = tell(done, surroundings().words)
        text = " ".join(part for part in (told.what, told.todo) if part)
        return _page(shown, act, errors=(FieldError(FIELDS[done.code], text),))
    return _page(_read(document_id, attempt_id, act), act, refusal=done)


def _proof() -> Proof:
    visitor = current_visitor()
    assert visitor is not None  # the guard let nobody else in
    return Proof(
        password=request.form.get("password", "")[:PASSWORD_AT_MOST],
        code=request.form.get("code", "")[:CODE_AT_MOST],
        account_id=UUID(visitor.account.id),
        session=visitor.session_id,
    )


def _empty(shown: SimplePage) -> tuple[FieldError, ...]:
    wrong = []
    if not request.form.get("password"):
        wrong.append(FieldError("password", N_("Enter your password.")))
    if shown.has_code and not request.form.get("code", "").strip():
        wrong.append(FieldError("code", N_("Enter the code from the application.")))
    return tuple(wrong)


def _to_result(document_id: UUID, act: SimpleAct) -> AnyResponse:
    name = "signing.result" if act is SimpleAct.SIGN else "signing.acknowledge_page"
    return redirect(url_for(name, document_id=document_id), code=303)


def _page(
    shown: SimplePage,
    act: SimpleAct,
    errors: tuple[FieldError, ...] = (),
    refusal: Refusal | None = None,
) -> Response:
    closed = refusal or shown.refusal
    back = "signing.sign_page" if act is SimpleAct.SIGN else "signing.acknowledge_page"
    page = render_template(
        "signing/simple.html",
        shown=shown,
        title=_(TITLES[act]),
        label=_(LABELS[act]),
        lead=_(LEADS[act]),
        crumbs=crumbs(shown.heading, TITLES[act]),
        notices=(notice_of(closed, shown.heading, NOT_ACCEPTED),) if closed else (),
        facts=(Fact(_(N_("Valid until")), moment(shown.expires_at, shown.heading.zone)),),
        errors=errors,
        back=url_for(back, document_id=shown.heading.document_id),
    )
    return make_response(page, 422 if errors else 409 if refusal else 200)
