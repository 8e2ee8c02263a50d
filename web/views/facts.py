"""The facts of a document: page by page, then all of them to be checked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

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
from web.components import Link, Mark, Notice
from web.current import _, services
from web.forms import FieldError, change_rows, entered_from, form_fields, read_form
from web.forms.names import Entered
from web.navigation import stand_in
from web.views.document_words import said
from web.views.fact_sections import MORE, TITLED, Section, relaxed, sections_of
from web.views.on_document import crumbs
from web.views.refusal_notice import refusal_notice
from workflow.domain.facts import FactProblem
from workflow.domain.pairs import ASSIGNMENT
from workflow.domain.refusals import N_, Refusal
from workflow.domain.regulations import PAIR_LINES, FieldKind
from workflow.queries.fact_lines import FactLine
from workflow.queries.facts_page import FactsPage, facts_page
from workflow.queries.my_pair import is_own_paper
from workflow.usecases.prepare import Saved, save_facts

pages = Blueprint("facts", __name__, url_prefix="/documents/<uuid:document_id>/facts")

TITLE = N_("Facts of the document")
LATER = "later"  # the button that keeps what is there, complete or not


def sections(shown: FactsPage) -> tuple[Section, ...]:
    """The pages of the form."""
    return sections_of(shown.kind.fields, personal=bool(shown.kind.author_field))


@dataclass(frozen=True)
class SectionSummary:
    """A section on the page where everything is checked."""

    title: str
    url: str
    lines: tuple[FactLine, ...]
    missing: tuple[str, ...]


def facts_of(document_id: UUID) -> FactsPage:
    """The form of the document, in the part of the site that it belongs to."""
    shown = facts_page(services().work, current_actor(), document_id)
    if shown.kind.case_kind == ASSIGNMENT:
        stand_in("pairs.index")
    return shown


@pages.get("")
@signed_in
def page(document_id: UUID) -> str:
    """Show all facts to be checked; what is missing is named first."""
    shown = facts_of(document_id)
    summaries = [_summary(shown, section) for section in sections(shown)]
    summaries += _taken_from_pairs(shown)
    notices = [refusal_notice(shown.edit)] if shown.edit else []
    if shown.failure:
        notices.append(refusal_notice(shown.failure, N_("The document could not be assembled")))
    if request.args.get("saved"):
        notices.append(Notice(_(N_("What you filled in has been kept.")), mark=Mark.DONE))
    return render_template(
        "facts/page.html",
        shown=shown,
        crumbs=crumbs(shown.heading, TITLE),
        sections=summaries,
        incomplete=[section for section in summaries if section.missing],
        sign_url=_sign_url(shown),
        notices=notices,
        said=said,
    )


def _summary(shown: FactsPage, section: Section) -> SectionSummary:
    keys = {spec.key for spec in section.fields}
    return SectionSummary(
        title=_title(section),
        url=address(shown, section),
        lines=tuple(line for line in shown.lines if line.key in keys),
        missing=tuple(
            _(problem.msgid, **problem.params)
            for problem in shown.problems
            if _field_of(problem) in keys
        ),
    )


def _field_of(problem: FactProblem) -> str:
    return problem.path.partition(".")[0]


def _title(section: Section) -> str:
    return _(section.title) if section.key in TITLED else section.title


def address(shown: FactsPage, section: Section) -> str:
    """Where the section is filled in: the rows of a personal paper one by one, as on a phone."""
    one_by_one = shown.kind.author_field and section.fields[0].kind is FieldKind.ROWS
    name = "facts.rows" if one_by_one else "facts.section"
    return url_for(name, document_id=shown.heading.document_id, key=section.key)


@pages.get("/<key>")
@signed_in
def section(document_id: UUID, key: str) -> Response:
    """Show one page of the form, filled with what is known."""
    shown = facts_of(document_id)
    chosen = section_called(shown, key)
    values = {**shown.proposed, **shown.facts}
    return _section_page(shown, chosen, entered_from(chosen.fields, values))


def _taken_from_pairs(shown: FactsPage) -> list[SectionSummary]:
    """What nobody fills in, for it is taken from the pairs; it is changed on the order's page."""
    taken = {spec.key for spec in shown.kind.fields if spec.source == PAIR_LINES}
    url = url_for("documents.page", document_id=shown.heading.document_id, _anchor="pairs-in-order")
    return [
        SectionSummary(line.label, url, (line,), ()) for line in shown.lines if line.key in taken
    ]


def section_called(shown: FactsPage, key: str) -> Section:
    found = [one for one in sections(shown) if one.key == key]
    if not found:
        abort(404)
    return found[0]


@pages.post("/<key>")
@signed_in
def save(document_id: UUID, key: str) -> AnyResponse:
    """Keep what was typed, complete or not, and lead on to the next page that is incomplete."""
    work, actor = services().work, current_actor()
    shown = facts_of(document_id)
    chosen = section_called(shown, key)
    changed = change_rows(chosen.fields, request.form)
    if changed is not None:
        return _section_page(shown, chosen, changed)
    kept, unreadable = read_form(relaxed(chosen.fields), request.form, shown.options)
    section = [spec.key for spec in chosen.fields]
    saved = save_facts(work, actor, document_id, {**shown.facts, **kept}, section)
    if isinstance(saved, Refusal):
        notice = refusal_notice(saved)
        return _section_page(shown, chosen, request.form, notice=notice, status=409)
    errors = unreadable
    if LATER not in request.form:
        errors = read_form(chosen.fields, request.form, shown.options).errors
    if errors:
        text = _(N_("What is right has been kept. Mend the rest, or save it and come back later."))
        notice = Notice(text, mark=Mark.WAITING)
        return _section_page(shown, chosen, request.form, errors, notice, 422)
    return redirect(_next(shown, chosen, saved), code=303)


def _next(shown: FactsPage, chosen: Section, saved: Saved) -> str:
    if LATER in request.form:
        return url_for("facts.page", document_id=shown.heading.document_id, saved=1)
    return next_address(shown, chosen, saved.problems)


def next_address(shown: FactsPage, chosen: Section, problems: Sequence[FactProblem]) -> str:
    """Where to go on after a page: the next one with a problem, or all facts to be checked.

    The author of a personal paper is also asked what may be left out, if nothing stands there.
    """
    missing = {_field_of(problem) for problem in problems}
    every = sections(shown)
    after = every[every.index(chosen) + 1 :]
    for one in after:
        keys = {spec.key for spec in one.fields}
        is_untouched = one.key == MORE and not any(shown.facts.get(key) for key in keys)
        if missing & keys or (shown.kind.author_field and is_untouched):
            return address(shown, one)
    return url_for("facts.page", document_id=shown.heading.document_id, saved=1)


def _sign_url(shown: FactsPage) -> str:
    """Where the author of a personal paper finishes it and goes on to the signature."""
    work, actor = services().work, current_actor()
    if shown.edit or is_own_paper(work, actor, shown.heading.document_id) is None:
        return ""
    return url_for("my_pairs.ready", document_id=shown.heading.document_id)


def _section_page(
    shown: FactsPage,
    chosen: Section,
    entered: Entered,
    errors: Sequence[FieldError] = (),
    notice: Notice | None = None,
    status: int = 200,
) -> Response:
    title = _title(chosen)
    here = crumbs(shown.heading, TITLE)
    overview = Link(here[-1].label, url_for("facts.page", document_id=shown.heading.document_id))
    every = sections(shown)
    page = render_template(
        "facts/section.html",
        shown=shown,
        crumbs=(*here[:-1], overview, Link(title)),
        title=title,
        place=every.index(chosen) + 1,
        count=len(every),
        fields=form_fields(chosen.fields, entered, errors, shown.options),
        alone=len(chosen.fields) == 1 and chosen.key not in TITLED,
        url=url_for("facts.section", document_id=shown.heading.document_id, key=chosen.key),
        errors=errors,
        notice=notice or (refusal_notice(shown.edit) if shown.edit else None),
        later=LATER,
    )
    return make_response(page, status)
