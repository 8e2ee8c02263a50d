"""Visas: agree, agree with remarks, return for rework."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from web.access import signed_in
from web.actor import current_actor
from web.current import services
from web.errors import unless_refused
from web.forms import FieldError
from web.views.on_document import crumbs
from web.views.refusal_notice import refusal_notice
from workflow.domain.refusals import N_, Refusal
from workflow.queries.visa_page import visa_page
from workflow.usecases.agree import agree as agree_document
from workflow.usecases.return_for_rework import return_for_rework

pages = Blueprint("visas", __name__, url_prefix="/documents/<uuid:document_id>")

REMARK_AT_MOST = 4000  # characters
WITH_REMARKS = N_("Agree with remarks")
RETURN = N_("Return for rework")


@pages.post("/agree")
@signed_in
def agree(document_id: UUID) -> AnyResponse:
    """Put the visa on the text that the page showed (`seen` is its digest)."""
    seen = request.args.get("seen", "")
    unless_refused(agree_document(services().work, current_actor(), document_id, seen))
    return _back(document_id, "agreed")


@pages.get("/agree/remarks")
@signed_in
def remarks_page(document_id: UUID) -> Response:
    """Ask for the remarks."""
    return _remarks_page(document_id)


@pages.post("/agree/remarks")
@signed_in
def agree_with_remarks(document_id: UUID) -> AnyResponse:
    """Put the visa with the remarks that were typed."""
    remark = request.form.get("remark", "").replace("\r\n", "\n").strip()
    error = _wrong(remark, "remark", N_("Write the remarks, or agree without them."))
    if error:
        return _remarks_page(document_id, remark, error=error, status=422)
    seen = request.form.get("seen", "")
    done = agree_document(services().work, current_actor(), document_id, seen, remark)
    if isinstance(done, Refusal):
        return _remarks_page(document_id, remark, refusal=done, status=409)
    return _back(document_id, "remarked")


@pages.get("/return")
@signed_in
def return_page(document_id: UUID) -> Response:
    """Ask for the reason and say which visas fall."""
    return _return_page(document_id)


@pages.post("/return")
@signed_in
def return_document(document_id: UUID) -> AnyResponse:
    """Return the document for rework with the reason that was typed."""
    reason = request.form.get("reason", "").replace("\r\n", "\n").strip()
    error = _wrong(reason, "reason", N_("Write what has to be changed."))
    if error:
        return _return_page(document_id, reason, error=error, status=422)
    done = return_for_rework(services().work, current_actor(), document_id, reason)
    if isinstance(done, Refusal):
        return _return_page(document_id, reason, refusal=done, status=409)
    return _back(document_id, "returned")


def _wrong(text: str, name: str, missing: str) -> FieldError | None:
    if not text:
        return FieldError(name, missing)
    if len(text) > REMARK_AT_MOST:
        message = N_("Shorten the text: {most} characters at most.")
        return FieldError(name, message, {"most": REMARK_AT_MOST})
    if any(ord(sign) < ord(" ") and sign not in "\n\t" for sign in text):
        return FieldError(name, N_("The text holds invisible characters. Type it anew."))
    return None


def _back(document_id: UUID, done: str) -> AnyResponse:
    return redirect(url_for("documents.page", document_id=document_id, done=done), code=303)


def _remarks_page(
    document_id: UUID,
    remark: str = "",
    error: FieldError | None = None,
    refusal: Refusal | None = None,
    status: int = 200,
) -> Response:
    shown = visa_page(services().work, current_actor(), document_id)
    refusal = refusal or shown.agree
    page = render_template(
        "visas/remarks.html",
        shown=shown,
        crumbs=crumbs(shown.heading, WITH_REMARKS),
        remark=remark,
        errors=(error,) if error else (),
        notice=refusal_notice(refusal) if refusal else None,
        possible=shown.agree is None,
    )
    return make_response(page, status)


def _return_page(
    document_id: UUID,
    reason: str = "",
    error: FieldError | None = None,
    refusal: Refusal | None = None,
    status: int = 200,
) -> Response:
    shown = visa_page(services().work, current_actor(), document_id)
    refusal = refusal or shown.return_
    page = render_template(
        "visas/return.html",
        shown=shown,
        crumbs=crumbs(shown.heading, RETURN),
        reason=reason,
        errors=(error,) if error else (),
        notice=refusal_notice(refusal) if refusal else None,
        possible=shown.return_ is None,
    )
    return make_response(page, status)
