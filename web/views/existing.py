"""An order that exists on paper or as a file is registered with its tasks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from uuid import UUID

from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from web import security
from web.access import signed_in
from web.actor import current_actor
from web.components import Confirmation, Link
from web.current import _, services, surroundings
from web.dates import short_date
from web.form_page import FormPage, Upload, draw, read_fields, read_uploads
from web.forms import change_rows, entered_from, told_by_domain
from web.forms.files import UploadedFile
from workflow.domain.refusals import Refusal
from workflow.domain.regulations import FieldKind, FieldSpec
from workflow.queries.office_board import office_board
from workflow.queries.order_form import OrderForm, order_file, order_form
from workflow.usecases.register_existing import Incomplete, Scanned
from workflow.usecases.register_order import register_order

pages = Blueprint("existing", __name__, url_prefix="/orders")

OWN = ("order_number", "order_date")  # fields of the page itself, none of the type's facts


@pages.route("/new/<uuid:office_id>", methods=["GET", "POST"])
@signed_in
def new(office_id: UUID) -> AnyResponse:
    """Ask for an order with its tasks; register it."""
    asked = order_form(services().work, current_actor(), office_id)
    form = _form(asked)
    if request.method == "GET":
        return draw(form, entered_from(form.fields, asked.proposed), refusal=asked.refusal)
    changed = change_rows(form.fields, request.form)
    if changed is not None:
        return draw(form, changed)
    return _register(asked, form)


def _form(asked: OrderForm) -> FormPage:
    title = _("Register an order with tasks")
    own = (
        FieldSpec(
            "order_number",
            _("Number of the order"),
            FieldKind.TEXT,
            required=True,
            hint=_("as it stands in the order: 789-о/д"),
        ),
        FieldSpec("order_date", _("Date of the order"), FieldKind.DATE, required=True),
    )
    return FormPage(
        title,
        _("Register and set the tasks"),
        (*own, *(_without_articles(spec) for spec in asked.kind.fields)),
        (Link(_("Tasks of the office"), url_for("office.index", all="yes")), Link(title)),
        _("The schools will see their tasks as soon as the order is registered."),
        asked.office,
        (Upload("scan", _("Scan of the order"), (".pdf",), _("PDF, up to 50 MB")),),
    )


def _without_articles(spec: FieldSpec) -> FieldSpec:
    """The item of the order follows from its number and the task's key: nobody types it."""
    return replace(spec, columns=tuple(c for c in spec.columns if c.key != "article"))


def _register(asked: OrderForm, form: FormPage) -> AnyResponse:
    reading = read_fields(form)
    files, wrong = read_uploads(form)
    if reading.errors or wrong:
        return draw(form, request.form, (*wrong, *reading.errors))
    scan = files["scan"]
    assert scan is not None  # otherwise there was an error
    facts = {key: value for key, value in reading.values.items() if key not in OWN}
    scanned = _scanned(reading.values, scan)
    outcome = register_order(
        services().work, current_actor(), asked.office_id, asked.kind.code, scanned, facts
    )
    if isinstance(outcome, Incomplete):
        return draw(form, request.form, told_by_domain(outcome.problems))
    if isinstance(outcome, Refusal):
        return draw(form, request.form, refusal=outcome)
    return redirect(url_for("existing.registered", order_id=outcome.id), code=303)


def _scanned(values: Mapping[str, object], scan: UploadedFile) -> Scanned:
    dated = values["order_date"]
    assert isinstance(dated, date)
    return Scanned(
        number=str(values["order_number"]),
        dated=dated,
        title=str(values["subject"]),
        signed_by=str(values["signer"]),
        signed_by_post="",  # stands in the same line of the form
        file_name=scan.name,
        content=scan.content,
    )


@pages.get("/<uuid:order_id>/registered")
@signed_in
def registered(order_id: UUID) -> str:
    """Say that the tasks are set, and lead to the matrix."""
    board = office_board(services().work, current_actor(), order_id)
    words = surroundings().words
    dated = short_date(board.order.dated) if board.order.dated else ""
    done = Confirmation(
        _("The order has been registered"),
        _("№ {number} of {date}", number=board.order.number, date=dated),
        board.office,
        (
            words.plural(
                "The tasks are set to {n} organisation.",
                "The tasks are set to {n} organisations.",
                len(board.rows),
            ),
            _("The matrix shows who has sent what; it changes by itself as packages come."),
        ),
    )
    back = url_for("office.board", order_id=order_id)
    return render_template("office/done.html", done=done, back=back)


@pages.get("/<uuid:order_id>/file")
@signed_in
def file(order_id: UUID) -> Response:
    """Answer the scan of the order."""
    found = order_file(services().work, current_actor(), order_id)
    security.allow_own_frame()
    response = make_response(found.content)
    response.mimetype = "application/pdf"
    response.headers.set("Content-Disposition", "inline", filename=found.name)
    return response
