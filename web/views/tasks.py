"""A task of one organisation: its own list, its page, the office's decisions, the answer."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from web.access import needs, signed_in
from web.actor import current_actor
from web.cell_words import cell_notes, cell_tag
from web.components import Link, Task, TaskGroup
from web.current import _, services, surroundings
from web.form_page import FormPage, Upload, draw, read_fields, read_uploads
from web.forms import entered_from
from web.task_words import decision_buttons, happenings, step_of, task_facts
from web.words import Words
from workflow.domain.mandates import Actor
from workflow.domain.obligations import Evidence, Obligation
from workflow.domain.refusals import Refusal
from workflow.domain.regulations import FieldKind, FieldSpec
from workflow.queries.office_board import office_orders
from workflow.queries.task_page import OwnTasks, TaskPage, own_tasks, task_page
from workflow.usecases import tasks as deeds
from workflow.usecases.errors import NotFoundError

pages = Blueprint("tasks", __name__, url_prefix="/tasks")

ANSWER_FIELDS = {
    Evidence.LINK: FieldKind.LINK,
    Evidence.NUMBER: FieldKind.NUMBER,
    Evidence.TEXT: FieldKind.LONG_TEXT,
}


@pages.get("")
@needs("head", "acting_head", "deputy", "curator", "clerk", "officer")
def index() -> AnyResponse | str:
    """Show what the visitor's organisations owe; lead somebody of an office to its matrix."""
    actor = current_actor()
    own = own_tasks(services().work, actor)
    if not own and office_orders(services().work, actor):
        return redirect(url_for("office.index"), code=303)
    words = surroundings().words
    return render_template("tasks/index.html", groups=[_group(words, one) for one in own])


def _group(words: Words, own: OwnTasks) -> TaskGroup:
    return TaskGroup(
        own.organisation,
        tuple(
            Task(
                cell.obligation.title,
                cell_tag(words, cell),
                url_for("tasks.page", obligation_id=cell.obligation.id),
                "; ".join(cell_notes(words, cell, own.today)),
            )
            for cell in own.cells
        ),
    )


@pages.get("/<uuid:obligation_id>")
@signed_in
def page(obligation_id: UUID) -> str:
    """Show a task with its history and what may be done about it."""
    words = surroundings().words
    task = task_page(services().work, current_actor(), obligation_id)
    return render_template(
        "tasks/page.html",
        task=task,
        tag=cell_tag(words, task.cell),
        facts=task_facts(words, task),
        step=step_of(words, task),
        buttons=decision_buttons(words, task) if task.is_office else (),
        happenings=happenings(words, task),
        crumbs=_crumbs(task),
    )


def _crumbs(task: TaskPage, last: str = "") -> tuple[Link, ...]:
    number = task.order.number if task.order else ""
    if task.is_office and task.order:
        above = Link(
            _("Order № {number}", number=number),
            url_for("office.board", order_id=task.order.document_id),
        )
    else:
        above = Link(_("Tasks set by the office"), url_for("tasks.index"))
    if not last:
        return (above, Link(task.debtor))
    own = url_for("tasks.page", obligation_id=task.obligation.id)
    return (above, Link(task.debtor, own), Link(last))


def _ground() -> FieldSpec:
    return FieldSpec(
        "ground",
        _("Ground"),
        FieldKind.LONG_TEXT,
        required=True,
        hint=_("the letter or the decision, with its number and date"),
    )


Deed = Callable[[Actor, UUID, str, date | None], Obligation | Refusal]


def _decide(obligation_id: UUID, form: FormPage, deed: Deed) -> AnyResponse:
    """Read a decision of the office and carry it out; show the form again when it fails."""
    reading = read_fields(form)
    if reading.errors:
        return draw(form, request.form, reading.errors)
    due = reading.values.get("due")
    assert due is None or isinstance(due, date)
    ground = str(reading.values["ground"])
    outcome = deed(current_actor(), obligation_id, ground, due)
    if isinstance(outcome, Refusal):
        return draw(form, request.form, refusal=outcome)
    return _back(obligation_id)


def _back(obligation_id: UUID) -> AnyResponse:
    return redirect(url_for("tasks.page", obligation_id=obligation_id), code=303)


def _office_task(obligation_id: UUID) -> TaskPage:
    """The task, for somebody of the office alone."""
    task = task_page(services().work, current_actor(), obligation_id)
    if not task.is_office:
        raise NotFoundError(f"task {obligation_id} is decided by the office")
    return task


def _form(task: TaskPage, title: str, label: str, lead: str, *fields: FieldSpec) -> FormPage:
    above = f"{task.debtor} · {task.obligation.title}"
    return FormPage(title, label, fields, _crumbs(task, title), lead, above)


@pages.route("/<uuid:obligation_id>/postpone", methods=["GET", "POST"])
@signed_in
def postpone(obligation_id: UUID) -> AnyResponse:
    """Ask for another day and its ground; set it."""
    task = _office_task(obligation_id)
    due = FieldSpec("due", _("New date"), FieldKind.DATE, required=True)
    form = _form(
        task,
        _("Postpone the term"),
        _("Set the new date"),
        _("The new date counts for this organisation alone; that day is still in time."),
        due,
        _ground(),
    )
    if request.method == "GET":
        return draw(form, entered_from(form.fields, {}))

    def deed(actor: Actor, task_id: UUID, ground: str, day: date | None) -> Obligation | Refusal:
        assert day is not None  # the form asks for it
        return deeds.postpone(services().work, actor, task_id, day, ground)

    return _decide(obligation_id, form, deed)


@pages.route("/<uuid:obligation_id>/waive", methods=["GET", "POST"])
@signed_in
def waive(obligation_id: UUID) -> AnyResponse:
    """Ask for the ground on which a task is not required; mark it so."""
    task = _office_task(obligation_id)
    form = _form(
        task,
        _("The task is not required"),
        _("Mark as not required"),
        _("The organisation will see that nothing is expected of it, and why."),
        _ground(),
    )
    if request.method == "GET":
        return draw(form, entered_from(form.fields, {}))
    return _decide(
        obligation_id,
        form,
        lambda actor, task_id, ground, _day: deeds.waive(services().work, actor, task_id, ground),
    )


@pages.route("/<uuid:obligation_id>/require", methods=["GET", "POST"])
@signed_in
def require(obligation_id: UUID) -> AnyResponse:
    """Ask for the ground on which a task is required after all; take the waiver back."""
    task = _office_task(obligation_id)
    form = _form(
        task,
        _("Require the task after all"),
        _("Require the task"),
        _("The term that was set before counts again."),
        _ground(),
    )
    if request.method == "GET":
        return draw(form, entered_from(form.fields, {}))
    return _decide(
        obligation_id,
        form,
        lambda actor, task_id, ground, _day: deeds.require_again(
            services().work, actor, task_id, ground
        ),
    )


@pages.route("/<uuid:obligation_id>/answer", methods=["GET", "POST"])
@signed_in
def answer(obligation_id: UUID) -> AnyResponse:
    """Ask for the address, the number or the text that meets a task; hand it to the office."""
    task = task_page(services().work, current_actor(), obligation_id)
    kind = ANSWER_FIELDS.get(task.obligation.evidence)
    if kind is None:
        raise NotFoundError(f"task {obligation_id} is met by a document")
    labels = {
        FieldKind.LINK: _("Address of the page"),
        FieldKind.NUMBER: _("The number asked for"),
        FieldKind.LONG_TEXT: _("Answer"),
    }
    hint = _("for example, https://school.example/mentoring") if kind is FieldKind.LINK else ""
    form = _form(
        task,
        task.obligation.title,
        _("Send to the office"),
        _("The office will see the answer at once, with today's date."),
        FieldSpec("answer", labels[kind], kind, required=True, hint=hint),
    )
    if request.method == "GET":
        return draw(form, entered_from(form.fields, {}), refusal=task.answer)
    reading = read_fields(form)
    if reading.errors:
        return draw(form, request.form, reading.errors)
    given = reading.values["answer"]
    assert isinstance(given, str | int)
    outcome = deeds.give_evidence(services().work, current_actor(), obligation_id, given)
    if isinstance(outcome, Refusal):
        return draw(form, request.form, refusal=outcome)
    return _back(obligation_id)


@pages.route("/<uuid:obligation_id>/paper", methods=["GET", "POST"])
@signed_in
def paper(obligation_id: UUID) -> AnyResponse:
    """Ask for what came on paper or by mail; enter it into the journal of incoming documents."""
    task = _office_task(obligation_id)
    form = _paper_form(task)
    if request.method == "GET":
        return draw(form, entered_from(form.fields, {"arrived_on": task.today}))
    return _enter_paper(obligation_id, form)


def _paper_form(task: TaskPage) -> FormPage:
    title = _("Enter what came on paper or by mail")
    return FormPage(
        title,
        _("Enter the arrival"),
        (
            FieldSpec("arrived_on", _("Date of arrival"), FieldKind.DATE, required=True),
            FieldSpec(
                "incoming",
                _("Incoming number"),
                FieldKind.TEXT,
                hint=_("leave empty: the next number of the journal will be given"),
            ),
            FieldSpec(
                "title",
                _("What came"),
                FieldKind.TEXT,
                required=True,
                hint=_("the title of the document or letter"),
            ),
            FieldSpec("number", _("Number of the document"), FieldKind.TEXT),
            FieldSpec("dated", _("Date of the document"), FieldKind.DATE),
        ),
        _crumbs(task, title),
        _("The day of arrival decides whether the task is done in time."),
        f"{task.debtor} · {task.obligation.title}",
        (
            Upload("scan", _("Scan or file"), (".pdf",), _("PDF, up to 50 MB")),
            Upload(
                "signature",
                _("Signature file"),
                (".sig", ".p7s"),
                _("if it came with the file: it will be checked"),
                required=False,
            ),
        ),
    )


def _enter_paper(obligation_id: UUID, form: FormPage) -> AnyResponse:
    reading = read_fields(form)
    files, wrong = read_uploads(form)
    if reading.errors or wrong:
        return draw(form, request.form, (*wrong, *reading.errors))
    values, scan, signature = reading.values, files["scan"], files["signature"]
    arrived_on, dated = values["arrived_on"], values.get("dated")
    assert scan is not None  # otherwise there was an error
    assert isinstance(arrived_on, date)
    assert dated is None or isinstance(dated, date)
    arrival = deeds.PaperArrival(
        arrived_on=arrived_on,
        title=str(values["title"]),
        number=str(values.get("number") or ""),
        dated=dated,
        file_name=scan.name,
        content=scan.content,
        incoming_number=str(values.get("incoming") or ""),
        signature=signature.content if signature else b"",
    )
    entered = deeds.enter_paper_arrival(services().work, current_actor(), obligation_id, arrival)
    if isinstance(entered, Refusal):
        return draw(form, request.form, refusal=entered)
    return redirect(url_for("submissions.page", submission_id=entered.id), code=303)
