"""A document's page and its files."""

from __future__ import annotations

import io
from collections.abc import Mapping
from uuid import UUID

from flask import (
    Blueprint,
    Response,
    make_response,
    redirect,
    render_template,
    request,
    send_file,
    url_for,
)
from werkzeug.wrappers import Response as AnyResponse

from web import security
from web.access import signed_in
from web.actor import current_actor
from web.buttons import button
from web.components import Link, Mark, Notice, Preview, Progress
from web.current import _, services, surroundings
from web.errors import unless_refused
from web.navigation import stand_in
from web.views.document_actions import document_actions, next_step
from web.views.document_story import route_rows, signature_rows, timeline
from web.views.document_words import numbered, said, state_tag, term_phrase, tied
from web.views.existing_words import existing_notice
from web.views.on_document import safe_name
from web.views.pairs.blueprint import TITLE as PAIRS
from web.views.pairs.order_lines import line_block
from web.views.paper import paper_notice
from web.views.preservation_words import preservation_line
from web.views.refusal_notice import refusal_notice
from workflow.domain.pairs import ASSIGNMENT
from workflow.domain.refusals import N_
from workflow.domain.routes import DocumentState
from workflow.queries.document_files import document_file
from workflow.queries.document_page import DocumentPage, document_page
from workflow.queries.facts_page import facts_page
from workflow.usecases.prepare import save_facts
from workflow.usecases.prepare import submit as submit_document

pages = Blueprint("documents", __name__, url_prefix="/documents/<uuid:document_id>")

#: What has just been done, by the word in the address after a redirect.
_DONE: Mapping[str, str] = {
    "entered": N_("The document has been entered; it is in force from its own date."),
    "submitted": N_("The draft has been sent on its way. Below is whom it waits for."),
    "agreed": N_("You have agreed the document."),
    "remarked": N_("You have agreed the document with remarks; they are in its history."),
    "returned": N_("The document has been returned for rework, a new revision has begun."),
    "granted": N_(
        "The petition is granted. What comes next: propose another mentor and prepare the order."
    ),
    "denied": N_("The petition is denied; whoever asked sees the reason."),
    "mediation": N_("Both sides will be heard first; the resolution stands in the history."),
}
_DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_IN_FORCE = (DocumentState.IN_FORCE, DocumentState.AMENDED)
_OVER = (DocumentState.CANCELLED, DocumentState.REPEALED)


@pages.get("")
@signed_in
def page(document_id: UUID) -> str:
    """Show where the document stands, what comes next, its text and its history."""
    shown = document_page(services().work, current_actor(), document_id)
    if shown.kind.case_kind == ASSIGNMENT:
        stand_in("pairs.index" if shown.case_title else "my_pairs.index")
    words = surroundings().words
    actions = document_actions(shown)
    progress = _progress(shown)
    step = None if progress else next_step(shown, actions)
    pressed = step.button.url if step and step.button else None
    return render_template(
        "documents/page.html",
        shown=shown,
        crumbs=_crumbs(shown),
        state=state_tag(shown.heading.state),
        registered=_registered(shown),
        notices=_notices(shown, request.args.get("done", "")),
        progress=progress,
        step=step,
        buttons=[button(a, words) for a in actions if a.refusal or a.url != pressed],
        preview=_preview(shown),
        route=route_rows(shown),
        signatures=signature_rows(shown),
        preserved=preservation_line((s.preserved for s in shown.signatures), shown.zone),
        happened=timeline(shown),
        terms=[(term.title, tied(term.article), term_phrase(term)) for term in shown.terms],
        said=said,
        state_tag=state_tag,
        line_block=line_block(document_id),
        file_address=_file_address,
    )


def _crumbs(shown: DocumentPage) -> tuple[Link, ...]:
    links = [Link(_(N_("What waits for me")), url_for("inbox.page"))]
    if shown.kind.case_kind == ASSIGNMENT and shown.case_title:
        links.append(Link(_(PAIRS), url_for("pairs.index")))
        if len(shown.case_ids) == 1:
            url = url_for("pairs.page", case_id=shown.case_ids[0])
            links.append(Link(shown.case_title, url))
    elif shown.heading.case_id and shown.case_title:
        url = url_for("cases.page", case_id=shown.heading.case_id)
        links.append(Link(shown.case_title, url))
    return (*links, Link(shown.heading.title))


def _registered(shown: DocumentPage) -> str:
    number = numbered(shown.heading.number, shown.heading.dated)
    return " · ".join(part for part in (number, shown.register) if part)


def _notices(shown: DocumentPage, done: str) -> tuple[Notice, ...]:
    notices = []
    if done in _DONE:
        notices.append(Notice(_(_DONE[done]), _(N_("It is done")), Mark.DONE))
    if shown.failure:
        notices.append(refusal_notice(shown.failure, N_("The document could not be assembled")))
    if shown.returned:
        notices.append(_return_notice(shown))
    if shown.heading.on_paper:
        notices.append(paper_notice(shown.heading.paper_reason))
    if shown.confirm_forms_in:
        notices.append(_forms_notice(shown.confirm_forms_in))
    if shown.existing_signature:
        notices.append(existing_notice(shown.existing_signature))
    return tuple(notices)


def _forms_notice(organisation_id: UUID) -> Notice:
    link = Link(
        _(N_("Look at the case forms")), url_for("staff.forms", organisation_id=organisation_id)
    )
    text = _(N_("The document prints names whose case forms nobody has confirmed."))
    return Notice(text, _(N_("Confirm the case forms")), Mark.WAITING, link)


def _return_notice(shown: DocumentPage) -> Notice:
    assert shown.returned is not None  # the caller looked
    text = _(N_("{who} wrote: {reason}"), who=shown.returned.who, reason=shown.returned.note)
    if shown.fallen:
        names = ", ".join(shown.fallen)
        text += " " + _(
            N_("These visas have fallen and are asked for again: {names}."), names=names
        )
    return Notice(text, _(N_("Returned for rework")), Mark.PROBLEM)


def _progress(shown: DocumentPage) -> Progress | None:
    if not shown.assembling:
        return None
    title = _(N_("The document is being assembled"))
    url = url_for("documents.progress", document_id=shown.heading.document_id)
    return Progress(title, 0, 1, url)


@pages.get("/progress")
@signed_in
def progress(document_id: UUID) -> AnyResponse:
    """Answer a poll: still being assembled, or load the page anew."""
    shown = document_page(services().work, current_actor(), document_id)
    panel = _progress(shown)
    if not request.headers.get("HX-Request"):
        return redirect(url_for("documents.page", document_id=document_id), code=303)
    if panel is None:
        return Response(status=200, headers={"HX-Refresh": "true"})
    return make_response(render_template("documents/progress.html", progress=panel))


def _preview(shown: DocumentPage) -> Preview | None:
    if not shown.files:
        return None
    state = shown.heading.state
    if state in _OVER:
        mark = state_tag(state).label.upper()
    else:
        mark = "" if state in _IN_FORCE else _(N_("DRAFT, on the preview"))
    document_id = shown.heading.document_id
    return Preview(
        title=shown.files[0].name.removesuffix(".pdf"),
        url=_file_address(document_id, 0, "pdf"),
        mark=mark,
        download_url=_file_address(document_id, 0, "pdf", download=1),
    )


def _file_address(
    document_id: UUID,
    place: int,
    suffix: str,
    revision: int | None = None,
    download: int | None = None,
) -> str:
    return url_for(
        "documents.file",
        document_id=document_id,
        place=place,
        suffix=suffix,
        revision=revision,
        download=download,
    )


@pages.get("/text/<int:place>.<any(pdf, docx):suffix>")
@signed_in
def file(document_id: UUID, place: int, suffix: str) -> Response:
    """Answer a file of the document; `revision` asks for the draft of an older one."""
    revision = request.args.get("revision", type=int)
    stored = document_file(services().work, current_actor(), document_id, place, suffix, revision)
    shown_in_page = stored.is_pdf and not request.args.get("download")
    if shown_in_page:
        security.allow_own_frame()
    return send_file(
        io.BytesIO(services().work.blobs.get(stored.sha256)),
        mimetype="application/pdf" if stored.is_pdf else _DOCX,
        as_attachment=not shown_in_page,
        download_name=safe_name(stored.name),
    )


@pages.post("/submit")
@signed_in
def submit(document_id: UUID) -> AnyResponse:
    """Send the draft to those who agree it."""
    unless_refused(submit_document(services().work, current_actor(), document_id))
    return redirect(url_for("documents.page", document_id=document_id, done="submitted"), code=303)


@pages.post("/assemble")
@signed_in
def assemble(document_id: UUID) -> AnyResponse:
    """Try once more to assemble a draft that could not be made; its facts stay as they are."""
    work, actor = services().work, current_actor()
    facts = facts_page(work, actor, document_id).facts
    unless_refused(save_facts(work, actor, document_id, facts))
    return redirect(url_for("documents.page", document_id=document_id), code=303)
