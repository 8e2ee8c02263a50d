"""Programmes: the list, a new one, and each as a task list."""

from __future__ import annotations

from datetime import date
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

from web.access import needs, signed_in
from web.actor import current_actor
from web.buttons import Action, button
from web.components import Cell, Link, Mark, Table, Tag
from web.current import _, services, surroundings
from web.errors import unless_refused
from web.forms import FieldError
from web.views.document_words import term_phrase, tied
from web.views.programme_tasks import duty_lines, next_step, task_groups
from web.views.refusal_notice import refusal_notice
from workflow.domain.facts import check_facts
from workflow.domain.pairs import ASSIGNMENT
from workflow.domain.refusals import N_, Refusal
from workflow.queries.case_list import CaseList, case_list
from workflow.queries.case_page import case_page
from workflow.usecases.open_case import open_case
from workflow.usecases.prepare import save_facts, start_document

pages = Blueprint("cases", __name__)

YEARS_OFFERED = 2  # the school year that runs, and the next one
SCHOOL_YEAR_BEGINS = 9  # month
CHOICE_SEPARATOR = "|"


WORKERS = ("head", "acting_head", "deputy", "curator", "clerk")


@pages.get("/programmes")
@needs(*WORKERS)
def programmes() -> str:
    """Show the programmes of the person's organisations."""
    shown = case_list(services().work, current_actor())
    return render_template("programmes/list.html", shown=shown, table=_table(shown))


def _table(shown: CaseList) -> Table:
    rows = tuple(
        (
            Cell(line.title, url_for("cases.page", case_id=line.case_id)),
            Cell(line.school_year),
            Cell(line.organisation),
            Cell(
                tag=Tag(
                    _(N_("In force: {n} of {all}"), n=line.in_force, all=line.types),
                    Mark.DONE if line.in_force == line.types else Mark.NEUTRAL,
                )
            ),
        )
        for line in shown.cases
    )
    columns = (
        N_("Programme"),
        N_("School year"),
        N_("Organisation of the programme"),
        N_("Documents of the programme"),
    )
    empty = _(N_("No programme has been opened yet."))
    return Table(_(N_("Programmes")), tuple(_(name) for name in columns), rows, empty)


@pages.get("/programmes/new")
@needs(*WORKERS)
def new() -> Response:
    """Ask for which organisation and school year a programme is opened."""
    return _new_page(case_list(services().work, current_actor()))


@pages.post("/programmes/new")
@needs(*WORKERS)
def open_new() -> AnyResponse:
    """Open the programme and show its task list."""
    work, actor = services().work, current_actor()
    shown = case_list(work, actor)
    place, year = request.form.get("place", ""), request.form.get("year", "")
    chosen = [c for c in shown.choices if _key(c.organisation_id, c.kind) == place]
    errors = []
    if not chosen:
        errors.append(FieldError("place", N_("Choose one of the list.")))
    if year not in {y for choice in shown.choices for y in school_years(choice.today)}:
        errors.append(FieldError("year", N_("Choose the school year.")))
    if errors:
        return _new_page(shown, errors=tuple(errors), place=place, year=year, status=422)
    case = open_case(work, actor, chosen[0].organisation_id, chosen[0].kind, year)
    if isinstance(case, Refusal):
        return _new_page(shown, refusal=case, place=place, year=year, status=409)
    return redirect(url_for("cases.page", case_id=case.id, opened=1), code=303)


def _new_page(
    shown: CaseList,
    errors: tuple[FieldError, ...] = (),
    refusal: Refusal | None = None,
    place: str = "",
    year: str = "",
    status: int = 200,
) -> Response:
    places = [
        (_key(c.organisation_id, c.kind), f"{c.organisation}: {c.title}") for c in shown.choices
    ]
    years = sorted({y for choice in shown.choices for y in school_years(choice.today)})
    page = render_template(
        "programmes/new.html",
        places=places,
        years=[(year, year) for year in years],
        place=place or (places[0][0] if len(places) == 1 else ""),
        year=year or (years[0] if years else ""),
        errors=errors,
        notice=refusal_notice(refusal) if refusal else None,
    )
    return make_response(page, status)


def _key(organisation_id: UUID, kind: str) -> str:
    return f"{organisation_id}{CHOICE_SEPARATOR}{kind}"


def school_years(today: date) -> tuple[str, ...]:
    """Return «2025/2026» for the school year that runs on the day, and for the next one."""
    first = today.year if today.month >= SCHOOL_YEAR_BEGINS else today.year - 1
    return tuple(f"{year}/{year + 1}" for year in range(first, first + YEARS_OFFERED))


@pages.get("/programmes/<uuid:case_id>")
@signed_in
def page(case_id: UUID) -> str | AnyResponse:
    """Show the programme as a task list with its next step."""
    shown = case_page(services().work, current_actor(), case_id)
    if shown.case.kind == ASSIGNMENT:  # a pair has a page of its own
        return redirect(url_for("pairs.page", case_id=case_id), code=303)
    crumbs = (
        Link(_(N_("Programmes")), url_for("cases.programmes")),
        Link(f"{shown.case.title}, {shown.case.school_year}"),
    )
    return render_template(
        "programmes/page.html",
        shown=shown,
        crumbs=crumbs,
        step=next_step(shown),
        groups=task_groups(shown),
        duties=duty_lines(shown),
        opened=bool(request.args.get("opened")),
    )


@pages.get("/programmes/<uuid:case_id>/documents/<code>")
@signed_in
def begin(case_id: UUID, code: str) -> str:
    """Say what document is about to be begun and by which rule."""
    shown = case_page(services().work, current_actor(), case_id)
    line = next((t for s in shown.stages for t in s.types if t.code == code), None)
    if line is None:
        abort(404)
    start_url = url_for("cases.start", case_id=case_id, code=code)
    action = Action(N_("Begin the document"), start_url, line.refusal, main=True)
    crumbs = (
        Link(_(N_("Programmes")), url_for("cases.programmes")),
        Link(f"{shown.case.title}, {shown.case.school_year}", _address(case_id)),
        Link(line.title),
    )
    return render_template(
        "programmes/begin.html",
        shown=shown,
        line=line,
        crumbs=crumbs,
        act=button(action, surroundings().words),
        terms=[(term.title, tied(term.article), term_phrase(term)) for term in line.terms],
    )


def _address(case_id: UUID) -> str:
    return url_for("cases.page", case_id=case_id)


@pages.post("/programmes/<uuid:case_id>/documents/<code>")
@signed_in
def start(case_id: UUID, code: str) -> AnyResponse:
    """Begin a document of the programme and lead to its facts."""
    work, actor = services().work, current_actor()
    document = unless_refused(start_document(work, actor, case_id, code))
    regulation = work.packs.get(document.pack, document.pack_version)
    if not check_facts(regulation.document_types[code].fields, document.facts):
        # Everything is known already: the draft can be made at once.
        unless_refused(save_facts(work, actor, document.id, document.facts))
    return redirect(url_for("facts.page", document_id=document.id), code=303)
