"""One's own papers: begun from the pair, filled in page by page, finished and signed."""

from __future__ import annotations

from uuid import UUID

from flask import Response, abort, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from web.access import signed_in
from web.actor import current_actor
from web.components import Link, Preview, Progress
from web.current import _, services
from web.errors import unless_refused
from web.views.facts import address, sections
from web.views.my_pairs.blueprint import TITLE, pages
from web.views.my_pairs.blueprint import address as pair_address
from web.views.refusal_notice import refusal_notice
from workflow.domain.documents import Document
from workflow.domain.facts import check_facts
from workflow.domain.refusals import N_, Refusal
from workflow.domain.regulations import DocumentType
from workflow.domain.routes import DocumentState
from workflow.queries.document_page import BEING_PREPARED, DocumentPage, document_page
from workflow.queries.facts_page import facts_page
from workflow.queries.my_pair import is_own_paper, my_pair, own_draft
from workflow.usecases.prepare import save_facts, start_document, submit

_ON_THE_WAY = (DocumentState.AGREED, DocumentState.FIXING)


@pages.post("/<uuid:case_id>/papers/<code>")
@signed_in
def begin(case_id: UUID, code: str) -> AnyResponse:
    """Begin a paper of one's own, filled in from the pair; one that is begun is gone on with."""
    begun = begin_paper(case_id, code)
    return redirect(_first_page(begun), code=303)


def begin_paper(case_id: UUID, code: str, **answers: object) -> UUID:
    """Begin the actor's own paper with these answers, or find the one that is under way."""
    work, actor = services().work, current_actor()
    pair = my_pair(work, actor, case_id).pair
    draft = own_draft(pair, code)
    if draft is not None:
        return draft.line.document_id
    document = unless_refused(start_document(work, actor, case_id, code))
    kind = _kind(document)
    if not kind.author_field:
        abort(404)
    facts = {**document.facts, kind.author_field: str(pair.post), **answers}
    if facts != document.facts or not check_facts(kind.fields, facts):
        unless_refused(save_facts(work, actor, document.id, facts))
    return document.id


def _kind(document: Document) -> DocumentType:
    regulation = services().work.packs.get(document.pack, document.pack_version)
    return regulation.document_types[document.type_code]


def _first_page(document_id: UUID) -> str:
    """Where its author begins: the first page that asks something nobody but the author knows."""
    shown = facts_page(services().work, current_actor(), document_id)
    if shown.edit:
        return url_for("my_pairs.paper", document_id=document_id)
    for section in sections(shown):
        if any(not spec.source for spec in section.fields):
            return address(shown, section)
    return url_for("facts.page", document_id=document_id)


@pages.get("/papers/<uuid:document_id>")
@signed_in
def paper(document_id: UUID) -> AnyResponse:
    """Lead the author on: to what is missing, to the text, to the signature, back to the pair."""
    case_id = _own(document_id)
    shown = document_page(services().work, current_actor(), document_id)
    if shown.assembling or shown.heading.state in _ON_THE_WAY:
        return _page(shown, case_id, _progress(document_id))
    if shown.heading.state in BEING_PREPARED:
        if shown.problems:
            return redirect(url_for("facts.page", document_id=document_id), code=303)
        return _page(shown, case_id)
    if shown.answers.sign is None:
        return redirect(url_for("signing.sign_page", document_id=document_id), code=303)
    return redirect(pair_address(case_id), code=303)


@pages.post("/papers/<uuid:document_id>/ready")
@signed_in
def ready(document_id: UUID) -> AnyResponse:
    """Finish the paper; it can be signed as soon as it is assembled."""
    case_id = _own(document_id)
    done = submit(services().work, current_actor(), document_id)
    if isinstance(done, Refusal):
        shown = document_page(services().work, current_actor(), document_id)
        if not shown.assembling and shown.answers.submit is not None:
            return _page(shown, case_id, refusal=done)
    return redirect(url_for("my_pairs.paper", document_id=document_id), code=303)


@pages.get("/papers/<uuid:document_id>/progress")
@signed_in
def progress(document_id: UUID) -> AnyResponse:
    """Answer a poll: still being assembled, or load the page anew."""
    _own(document_id)
    shown = document_page(services().work, current_actor(), document_id)
    target = url_for("my_pairs.paper", document_id=document_id)
    if not request.headers.get("HX-Request"):
        return redirect(target, code=303)
    if shown.assembling:
        panel = render_template("documents/progress.html", progress=_progress(document_id))
        return make_response(panel)
    return Response(status=200, headers={"HX-Redirect": target})


def _own(document_id: UUID) -> UUID:
    """The pair of the actor's own paper; 404 for a document of somebody else."""
    case_id = is_own_paper(services().work, current_actor(), document_id)
    if case_id is None:
        abort(404)
    return case_id


def _progress(document_id: UUID) -> Progress:
    url = url_for("my_pairs.progress", document_id=document_id)
    return Progress(_(N_("The document is being assembled")), 0, 1, url)


def _page(
    shown: DocumentPage,
    case_id: UUID,
    panel: Progress | None = None,
    refusal: Refusal | None = None,
) -> Response:
    document_id = shown.heading.document_id
    told = refusal or shown.failure
    page = render_template(
        "my_pairs/paper.html",
        shown=shown,
        crumbs=(
            Link(_(TITLE), url_for("my_pairs.index")),
            Link(_(N_("To the pair")), pair_address(case_id)),
            Link(shown.heading.title),
        ),
        progress=panel,
        notice=refusal_notice(told) if told else None,
        preview=None if panel or told else _preview(shown),
        facts_url=url_for("facts.page", document_id=document_id),
        ready_url=url_for("my_pairs.ready", document_id=document_id),
    )
    return make_response(page, 409 if refusal else 200)


def _preview(shown: DocumentPage) -> Preview | None:
    if not shown.files:
        return None
    url = url_for("documents.file", document_id=shown.heading.document_id, place=0, suffix="pdf")
    return Preview(shown.files[0].name.removesuffix(".pdf"), url, _(N_("DRAFT, on the preview")))
