"""The office's side: orders with tasks, the matrix organisations × tasks, the register of heads."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from web import sheets
from web.access import signed_in
from web.actor import current_actor
from web.board_table import BoardFilter, board_table, filter_choices, sheet_of, sums_line
from web.buttons import Action, button
from web.components import Confirmation, Fact, Link, NextStep
from web.current import _, services, surroundings
from web.dates import long_date, short_date
from web.errors import unless_refused
from web.head_words import head_facts, head_table
from workflow.domain.refusals import N_
from workflow.queries.cells import Standing
from workflow.queries.heads import head_row, heads_of
from workflow.queries.office_board import Board, office_board, office_orders
from workflow.usecases.errors import NotFoundError
from workflow.usecases.staff import confirm_head

pages = Blueprint("office", __name__, url_prefix="/office")


@pages.get("")
@signed_in
def index() -> AnyResponse | str:
    """Show the office's orders; with a single one lead to its matrix at once."""
    offices = office_orders(services().work, current_actor())
    if not offices:
        raise NotFoundError("the visitor works in no office")
    orders = [order for office in offices for order in office.orders]
    if len(orders) == 1 and "all" not in request.args:
        return redirect(url_for("office.board", order_id=orders[0].document_id), code=303)
    words = surroundings().words
    buttons = {
        office.office_id: button(
            Action(
                N_("Register an order"),
                url_for("existing.new", office_id=office.office_id),
                office.refusal,
                opens=True,
                main=not office.orders,
            ),
            words,
        )
        for office in offices
    }
    return render_template("office/index.html", offices=offices, buttons=buttons)


@pages.get("/orders/<uuid:order_id>")
@signed_in
def board(order_id: UUID) -> str:
    """Show the matrix, narrowed by standing and task."""
    words = surroundings().words
    shown = office_board(services().work, current_actor(), order_id)
    chosen = BoardFilter.of(request.args, shown)
    return render_template(
        "office/board.html",
        board=shown,
        crumbs=_crumbs(shown),
        table=board_table(words, shown, chosen),
        chosen=chosen,
        choices=filter_choices(words, shown),
        sums=sums_line(words, shown.sums),
        step=_step(shown),
        query=request.args.to_dict(),
    )


def _crumbs(shown: Board) -> tuple[Link, ...]:
    return (
        Link(_("Tasks of the office"), url_for("office.index", all="yes")),
        Link(_("Order № {number}", number=shown.order.number)),
    )


def _step(shown: Board) -> NextStep | None:
    """What the officer has to do now: answer the packages that have come."""
    waiting = shown.sums.get(Standing.CHECKING, 0)
    if not waiting:
        return None
    words = surroundings().words
    return NextStep(
        words.plural("{n} task waits for your answer", "{n} tasks wait for your answer", waiting),
        _("Look at the packages that have come: accept them or return them with a reason."),
        button=button(
            Action(N_("Open the packages"), url_for("submissions.index"), opens=True, main=True),
            words,
        ),
    )


@pages.get("/orders/<uuid:order_id>/print")
@signed_in
def board_printed(order_id: UUID) -> str:
    """Show the matrix as it goes to the printer."""
    words = surroundings().words
    shown = office_board(services().work, current_actor(), order_id)
    chosen = BoardFilter.of(request.args, shown)
    return render_template(
        "office/board_printed.html",
        board=shown,
        table=board_table(words, shown, chosen, links=False),
        on=long_date(shown.today),
        sums=sums_line(words, shown.sums),
    )


@pages.get("/orders/<uuid:order_id>/matrix.xlsx")
@signed_in
def board_sheet(order_id: UUID) -> Response:
    """Answer the matrix as a workbook."""
    words = surroundings().words
    shown = office_board(services().work, current_actor(), order_id)
    chosen = BoardFilter.of(request.args, shown)
    content = sheet_of(words, shown, chosen)
    return as_download(content, f"matrix-{short_date(shown.today)}.xlsx", sheets.MIME)


def as_download(content: bytes, name: str, mimetype: str) -> Response:
    """Answer bytes that the browser saves under `name`."""
    response = make_response(content)
    response.mimetype = mimetype
    response.headers.set("Content-Disposition", "attachment", filename=name)
    return response


@pages.get("/heads")
@signed_in
def heads() -> str:
    """Show who heads the organisations below the office, those to be confirmed first."""
    words = surroundings().words
    lists = heads_of(services().work, current_actor())
    if not lists:
        raise NotFoundError("the visitor works in no office")
    tables = [(one.office, head_table(words, one)) for one in lists]
    unconfirmed = sum(not row.confirmed_by for one in lists for row in one.rows)
    return render_template("office/heads.html", tables=tables, unconfirmed=unconfirmed)


@pages.get("/heads/<uuid:mandate_id>")
@signed_in
def head(mandate_id: UUID) -> str:
    """Show one head with the ground, to be confirmed."""
    words = surroundings().words
    row = head_row(services().work, current_actor(), mandate_id)
    facts: tuple[Fact, ...] = head_facts(words, row)
    confirm = Action(
        N_("Confirm the head"),
        url_for("office.confirm", mandate_id=mandate_id),
        row.refusal,
        main=True,
    )
    return render_template(
        "office/head.html",
        row=row,
        facts=facts,
        confirm=None if row.confirmed_by else button(confirm, words),
        crumbs=(Link(_("Register of heads"), url_for("office.heads")), Link(row.name)),
    )


@pages.post("/heads/<uuid:mandate_id>")
@signed_in
def confirm(mandate_id: UUID) -> AnyResponse:
    """Confirm a head and say what follows from it."""
    unless_refused(confirm_head(services().work, current_actor(), mandate_id))
    return redirect(url_for("office.confirmed", mandate_id=mandate_id), code=303)


@pages.get("/heads/<uuid:mandate_id>/confirmed")
@signed_in
def confirmed(mandate_id: UUID) -> str:
    """Say that a head has been confirmed."""
    row = head_row(services().work, current_actor(), mandate_id)
    if not row.confirmed_by:
        raise NotFoundError(f"mandate {mandate_id} has not been confirmed")
    done = Confirmation(
        _("The head has been confirmed"),
        row.name,
        row.organisation,
        (
            _("From now on signatures of this head are accepted in packages of the organisation."),
            _("Packages that waited for it can be examined again on their pages."),
        ),
    )
    return render_template("office/done.html", done=done, back=url_for("office.heads"))
