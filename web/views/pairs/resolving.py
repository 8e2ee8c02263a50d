"""The head's resolution on a petition or representation."""

from __future__ import annotations

from uuid import UUID

from flask import Response, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from web.access import signed_in
from web.actor import current_actor
from web.current import _, services
from web.forms import FieldError, entered_from, form_fields, read_form
from web.forms.names import Entered
from web.views.document_words import said
from web.views.on_document import crumbs
from web.views.pairs.blueprint import pages
from web.views.refusal_notice import refusal_notice
from workflow.domain.documents import Verdict
from workflow.domain.refusals import N_, Refusal
from workflow.domain.regulations import Choice, FieldKind, FieldSpec
from workflow.queries.resolve_page import ResolvePage, resolve_page
from workflow.usecases.resolve import resolve

TITLE = N_("Resolution")
VERDICT, REASON = "verdict", "reason"


@pages.get("/documents/<uuid:document_id>/resolve")
@signed_in
def resolution_page(document_id: UUID) -> Response:
    """Show what is asked for, and ask for the resolution."""
    shown = resolve_page(services().work, current_actor(), document_id)
    return _page(shown, entered_from(_fields(), {}))


@pages.post("/documents/<uuid:document_id>/resolve")
@signed_in
def resolution_send(document_id: UUID) -> AnyResponse:
    """Write the resolution on the text that the page showed (`seen` is its digest)."""
    work, actor = services().work, current_actor()
    shown = resolve_page(work, actor, document_id)
    values, errors = read_form(_fields(), request.form)
    if errors:
        return _page(shown, request.form, errors)
    verdict, reason = str(values[VERDICT]), str(values[REASON] or "")
    done = resolve(work, actor, document_id, request.form.get("seen", ""), verdict, reason)
    if isinstance(done, Refusal):
        return _page(shown, request.form, refusal=done)
    return redirect(url_for("documents.page", document_id=document_id, done=verdict), code=303)


def _fields() -> tuple[FieldSpec, ...]:
    choices = (
        Choice(Verdict.GRANTED.value, _(N_("Grant it"))),
        Choice(Verdict.MEDIATION.value, _(N_("Hear both sides first"))),
        Choice(Verdict.DENIED.value, _(N_("Deny it"))),
    )
    reason_hint = _(N_("Obligatory when it is denied: whoever asked will read it."))
    return (
        FieldSpec(VERDICT, _(N_("Your decision")), FieldKind.CHOICE, True, choices=choices),
        FieldSpec(REASON, _(N_("Reason or instruction")), FieldKind.LONG_TEXT, hint=reason_hint),
    )


def _page(
    shown: ResolvePage,
    entered: Entered,
    errors: tuple[FieldError, ...] = (),
    refusal: Refusal | None = None,
) -> Response:
    told = refusal or shown.resolve
    page = render_template(
        "pairs/resolve.html",
        shown=shown,
        crumbs=crumbs(shown.heading, TITLE),
        fields=form_fields(_fields(), entered, errors),
        errors=errors,
        notice=refusal_notice(told) if told else None,
        said=said,
        text_url=url_for(
            "documents.file", document_id=shown.heading.document_id, place=0, suffix="pdf"
        )
        if shown.files
        else "",
    )
    return make_response(page, 422 if errors else 409 if refusal else 200)
