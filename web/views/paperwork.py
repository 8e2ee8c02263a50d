"""How an organisation keeps its originals: what was introduced, types, consents of employees."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from flask import Blueprint, Response, redirect, render_template, request, url_for
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response as AnyResponse

from web.access import OPERATOR, needs, signed_in
from web.actor import current_actor
from web.buttons import Action, Button, button
from web.components import Cell, Fact, Link, Mark, Paging, Table, Tag
from web.current import _, services, surroundings
from web.dates import short_date
from web.errors import unless_refused
from web.form_page import FormPage, Upload, draw, read_fields, read_uploads
from web.forms.scans import check_scan
from web.views.on_document import stored_file
from workflow.domain.paper import Answer, Area, EmployeeAnswer
from workflow.domain.refusals import N_, Refusal
from workflow.domain.regulations import Choice, FieldKind, FieldSpec
from workflow.queries.paperwork import (
    EmployeeLine,
    EmployeePage,
    PaperworkPage,
    TypeLine,
    employee_page,
    paperwork_page,
    paperwork_places,
)
from workflow.usecases.errors import NotFoundError
from workflow.usecases.paperwork import (
    EnteredAnswer,
    enter_answer,
    introduce_electronic,
    keep_on_paper,
    switch_type,
)

pages = Blueprint("paperwork", __name__, url_prefix="/paperwork")

TITLE = N_("How originals are kept")
AREAS = {
    Area.LABOUR: N_("Labour documents"),
    Area.OTHER: N_("All other documents"),
}
GROUNDS = {
    Area.LABOUR: N_("Local act on electronic labour documents, with the opinion of the union"),
    Area.OTHER: N_("Decision on electronic documents, agreed with the founder"),
}
ARTICLES = {Area.LABOUR: "ТК РФ, ст. 22.2", Area.OTHER: "273-ФЗ, ст. 28 ч. 8"}
ANSWERS = {
    Answer.CONSENTED: (N_("has agreed"), Mark.DONE),
    Answer.REFUSED: (N_("has refused: on paper"), Mark.PAPER),
    Answer.NOT_NEEDED: (N_("consent is not needed"), Mark.DONE),
}
CHOICES = (
    (Answer.CONSENTED, N_("Has agreed to electronic labour documents (a scan of the consent)")),
    (Answer.REFUSED, N_("Has refused")),
    (Answer.NOT_NEEDED, N_("Consent is not needed: hired after 2021, first employment")),
)


@pages.get("")
@needs("head", "acting_head", "clerk", OPERATOR)
def index() -> AnyResponse:
    """Lead to the only organisation, or list those that the person speaks for."""
    places = paperwork_places(services().work, current_actor())
    if len(places) == 1:
        return redirect(
            url_for("paperwork.page", organisation_id=places[0].organisation_id), code=303
        )
    rows = tuple(
        (Cell(p.name, url_for("paperwork.page", organisation_id=p.organisation_id)),)
        for p in places
    )
    table = Table(_(TITLE), (_(N_("Organisation")),), rows, _(N_("There is no organisation here.")))
    return Response(render_template("paperwork/index.html", table=table))


@pages.get("/<uuid:organisation_id>")
@signed_in
def page(organisation_id: UUID) -> str:
    """Show what was introduced, the types on paper, and the employees with their answers."""
    number = request.args.get("page", 1, type=int)
    shown = paperwork_page(services().work, current_actor(), organisation_id, number)
    return render_template(
        "paperwork/page.html",
        shown=shown,
        crumbs=(Link(_(TITLE)),),
        areas=[_area(shown, area) for area in Area],
        types=[(line.title, _type_tag(line), _type_button(shown, line)) for line in shown.types],
        people=_people(shown),
        paging=_paging(shown),
    )


def _area(shown: PaperworkPage, area: Area) -> tuple[str, tuple[Fact, ...], list[Button]]:
    introduced = shown.regime.introduction(area) if shown.regime else None
    place, words = shown.organisation_id, surroundings().words
    enter = url_for("paperwork.introduce", organisation_id=place, area=area.value)
    if introduced is None:
        state = Fact(_(N_("Originals")), _(N_("on paper: not introduced yet")))
        return _(AREAS[area]), (state,), [button(Action(N_("Introduce"), enter, opens=True), words)]
    told = N_("electronic since {date}")
    if introduced.since > shown.today:
        told = N_("on paper until {date}, then electronic")
    facts = (
        Fact(_(N_("Originals")), _(told, date=short_date(introduced.since))),
        Fact(_(N_("By which act")), introduced.act),
    )
    keep_url = url_for("paperwork.keep", organisation_id=place, area=area.value)
    back = Action(N_("Keep on paper again"), keep_url, grave=True)
    change = Action(N_("Correct"), enter, opens=True)
    return _(AREAS[area]), facts, [button(change, words), button(back, words)]


def _type_tag(line: TypeLine) -> Tag:
    if line.on_paper:
        return Tag(_(N_("on paper")), Mark.PAPER)
    return Tag(_(N_("as all labour documents") if line.labour else N_("as all other documents")))


def _type_button(shown: PaperworkPage, line: TypeLine) -> Button:
    address = url_for(
        "paperwork.switch",
        organisation_id=shown.organisation_id,
        code=line.code,
        how="electronic" if line.on_paper else "paper",
    )
    label = N_("As all others") if line.on_paper else N_("Keep on paper")
    return button(Action(label, address), surroundings().words)


def _people(shown: PaperworkPage) -> Table:
    columns = (N_("Name"), N_("Electronic labour documents"), N_("Date"), N_("Post"))
    return Table(
        _(N_("Employees")),
        tuple(_(name) for name in columns),
        tuple(_person(line) for line in shown.people),
        _(N_("Nobody works here.")),
    )


def _person(line: EmployeeLine) -> tuple[Cell, ...]:
    address = url_for("paperwork.employee", employment_id=line.employment_id)
    tag = _answer_tag(line.answer)
    when = short_date(line.answer.dated) if line.answer else ""
    return (Cell(line.name, address), Cell(tag=tag), Cell(when), Cell(line.post))


def _answer_tag(answer: EmployeeAnswer | None) -> Tag:
    if answer is None:
        return Tag(_(N_("has not answered: on paper")), Mark.PAPER)
    label, mark = ANSWERS[answer.answer]
    return Tag(_(label), mark)


def _paging(shown: PaperworkPage) -> Paging:
    def address(number: int) -> str:
        if not 1 <= number <= shown.pages:
            return ""
        return url_for("paperwork.page", organisation_id=shown.organisation_id, page=number)

    return Paging(shown.page, shown.pages, address(shown.page - 1), address(shown.page + 1))


def _area_of(area: str) -> Area:
    """The area of an address; there is no page for another one."""
    if area not in {known.value for known in Area}:
        raise NotFoundError(f"area {area}")
    return Area(area)


@pages.route("/<uuid:organisation_id>/introduce/<area>", methods=["GET", "POST"])
@signed_in
def introduce(organisation_id: UUID, area: str) -> AnyResponse:
    """Ask since when, and by which act, originals are electronic."""
    which = _area_of(area)
    shown = paperwork_page(services().work, current_actor(), organisation_id)
    form = _introduction_form(shown, which)
    if request.method == "GET":
        introduced = shown.regime.introduction(which) if shown.regime else None
        since = short_date(introduced.since if introduced else shown.today)
        act = introduced.act if introduced else ""
        return draw(form, MultiDict({"since": since, "act": act}))
    reading = read_fields(form)
    if reading.errors:
        return draw(form, request.form, reading.errors)
    day = reading.values["since"]
    assert isinstance(day, date)  # otherwise there was an error
    done = introduce_electronic(
        services().work,
        current_actor(),
        organisation_id,
        which.value,
        day,
        str(reading.values["act"]),
    )
    if isinstance(done, Refusal):
        return draw(form, request.form, refusal=done)
    return redirect(url_for("paperwork.page", organisation_id=organisation_id), code=303)


def _introduction_form(shown: PaperworkPage, area: Area) -> FormPage:
    title = _(AREAS[area])
    since = _(N_("Electronic since"))
    article = ARTICLES[area]
    return FormPage(
        title,
        _(N_("Introduce")),
        (
            FieldSpec("since", since, FieldKind.DATE, required=True, article=article),
            FieldSpec(
                "act",
                _(N_("By which act")),
                FieldKind.TEXT,
                required=True,
                hint=_(N_("kind, date and number: order of 01.09.2026 № 15")),
            ),
        ),
        _crumbs(shown.organisation_id, title),
        _(GROUNDS[area]),
        shown.organisation,
    )


def _crumbs(organisation_id: UUID, here: str) -> tuple[Link, ...]:
    return (Link(_(TITLE), url_for("paperwork.page", organisation_id=organisation_id)), Link(here))


@pages.post("/<uuid:organisation_id>/keep/<area>")
@signed_in
def keep(organisation_id: UUID, area: str) -> AnyResponse:
    """Keep the originals of an area on paper again."""
    which = _area_of(area).value
    unless_refused(keep_on_paper(services().work, current_actor(), organisation_id, which))
    return redirect(url_for("paperwork.page", organisation_id=organisation_id), code=303)


@pages.post("/<uuid:organisation_id>/types/<code>/<any(paper, electronic):how>")
@signed_in
def switch(organisation_id: UUID, code: str, how: str) -> AnyResponse:
    """Keep a type of document on paper, or as the rest of its area."""
    work, actor = services().work, current_actor()
    unless_refused(switch_type(work, actor, organisation_id, code, how == "paper"))
    return redirect(url_for("paperwork.page", organisation_id=organisation_id), code=303)


@pages.route("/employees/<uuid:employment_id>", methods=["GET", "POST"])
@signed_in
def employee(employment_id: UUID) -> AnyResponse:
    """Ask what an employee answered about electronic labour documents."""
    work, actor = services().work, current_actor()
    shown = employee_page(work, actor, employment_id)
    form = _employee_form(shown)
    if request.method == "GET":
        return draw(form, MultiDict({"dated": short_date(shown.today)}))
    reading = read_fields(form)
    files, wrong = read_uploads(form)
    file = files["scan"]
    scan, no_pdf = check_scan(file) if file else (b"", ())
    if reading.errors or wrong or no_pdf:
        return draw(form, request.form, (*wrong, *no_pdf, *reading.errors))
    day = reading.values["dated"]
    assert isinstance(day, date)  # otherwise there was an error
    remark = str(reading.values["remark"] or "")
    entered = EnteredAnswer(str(reading.values["answer"]), day, scan, remark)
    done = enter_answer(work, actor, employment_id, entered)
    if isinstance(done, Refusal):
        return draw(form, request.form, refusal=done)
    return redirect(url_for("paperwork.page", organisation_id=shown.organisation_id), code=303)


def _employee_form(shown: EmployeePage) -> FormPage:
    choices = tuple(Choice(answer.value, _(label)) for answer, label in CHOICES)
    known = _answer_tag(shown.history[0] if shown.history else None).label
    lead = _(
        N_("{post}, works here since {since}. Now: {answer}."),
        post=shown.post,
        since=short_date(shown.since),
        answer=known,
    )
    return FormPage(
        shown.name,
        _(N_("Enter the answer")),
        (
            FieldSpec(
                "answer",
                _(N_("What the employee answered")),
                FieldKind.CHOICE,
                required=True,
                choices=choices,
                article=ARTICLES[Area.LABOUR],
                hint=_(N_("who has not answered is treated as having refused")),
            ),
            FieldSpec("dated", _(N_("Date of the answer")), FieldKind.DATE, required=True),
            FieldSpec("remark", _(N_("Note of the clerk")), FieldKind.TEXT),
        ),
        _crumbs(shown.organisation_id, shown.name),
        lead,
        shown.organisation,
        (
            Upload(
                "scan",
                _(N_("Scan of the consent or refusal")),
                (".pdf",),
                _(N_("PDF, up to 50 MB; needed for a consent")),
                required=False,
            ),
        ),
    )


@pages.get("/employees/<uuid:employment_id>/scans/<sha256>.pdf")
@signed_in
def scan(employment_id: UUID, sha256: str) -> Response:
    """Answer the scan of an answer that was entered for the employee."""
    shown = employee_page(services().work, current_actor(), employment_id)
    if sha256 not in {answer.scan for answer in shown.history if answer.scan}:
        raise NotFoundError(f"scan {sha256} of {employment_id}")
    return stored_file(sha256, f"{shown.name}.pdf")
