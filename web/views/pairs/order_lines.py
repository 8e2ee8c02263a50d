"""«Пары в приказе»: the block of an order's page, pairs taken out and put in."""

from __future__ import annotations

from dataclasses import dataclass, replace
from uuid import UUID

from flask import abort, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from web.access import signed_in
from web.actor import current_actor
from web.buttons import Action
from web.components import Mark, Tag
from web.current import _, services, surroundings
from web.errors import unless_refused
from web.refusals import Told, tell
from web.views.document_words import tied
from web.views.pairs.blueprint import address, pages
from web.views.pairs.items import Item, pressed
from web.views.pairs.words import pair_name, period
from workflow.domain.refusals import N_, Refusal
from workflow.queries.order_lines import OrderLine, OrderLines, order_lines
from workflow.usecases.pairs.orders import put_line_in, refresh_lines, take_line_out


@dataclass(frozen=True)
class LineBlock:
    """The block as it is drawn; `addable` are key and name of pairs that may be put in.

    `held_back`: a line keeps the order from being made ready or signed; `gap`: the order as a whole
    is not ready; `return_url` leads to returning the order, the other way out.
    """

    document_id: UUID
    items: tuple[Item, ...]
    addable: tuple[tuple[str, str], ...]
    held_back: bool
    gap: Told | None
    return_url: str
    may_change: bool


def line_block(document_id: UUID) -> LineBlock | None:
    """Return the block of an order's page; None for a document that lists no pairs."""
    shown = order_lines(services().work, current_actor(), document_id)
    if shown is None:
        return None
    may_change = shown.is_draft and shown.change is None
    returned = shown.waits and not shown.is_draft and shown.return_ is None
    back = url_for("visas.return_page", document_id=document_id) if returned else ""
    return LineBlock(
        document_id=document_id,
        items=tuple(_item(shown, line, may_change) for line in shown.lines),
        addable=tuple(
            (str(one.case_id), pair_name(one.mentees, one.mentor)) for one in shown.addable
        )
        if may_change
        else (),
        held_back=bool(shown.held_back),
        gap=_told(shown.gap) if shown.gap else None,
        return_url=back,
        may_change=may_change,
    )


def _told(gap: Refusal) -> Told:
    told = tell(gap, surroundings().words)
    return replace(told, article=tied(told.article))


def held_back(document_id: UUID) -> LineBlock | None:
    """The same block where something keeps the order from being made ready or signed; else None."""
    block = line_block(document_id)
    return block if block and (block.held_back or block.gap) else None


def _item(shown: OrderLines, line: OrderLine, may_change: bool) -> Item:
    notes = []
    if line.new_mentor and line.new_mentor != line.mentor:
        notes.append(_(N_("New mentor: {name}"), name=line.new_mentor))
    if line.since and line.until:
        notes.append(period(line.since, line.until))
    article = ""
    if line.gap is not None:
        told = _told(line.gap)
        notes.append(told.what)
        article = told.article
    return Item(
        title=pair_name(line.mentees, line.mentor),
        tag=_tag(shown, line),
        url=address(line.case_id) if line.opens else "",
        notes=tuple(notes),
        article=article,
        buttons=tuple(pressed(action) for action in _actions(shown, line, may_change)),
    )


def _tag(shown: OrderLines, line: OrderLine) -> Tag | None:
    if line.cancelled:
        return Tag(_(N_("The line is cancelled")), Mark.PROBLEM)
    if line.gap is not None:
        return Tag(_(N_("The line is not ready")), Mark.PROBLEM)
    return Tag(_(N_("The line is ready")), Mark.DONE) if shown.waits else None


def _actions(shown: OrderLines, line: OrderLine, may_change: bool) -> list[Action]:
    """The two ways out of a gap: get the paper, or go on without the pair."""
    actions = []
    if line.gap is not None and line.opens:
        actions.append(Action(N_("Get what is missing"), address(line.case_id), opens=True))
    if may_change:
        url = url_for("pairs.line_out", document_id=shown.document_id, case_id=line.case_id)
        actions.append(Action(N_("Take out of the order"), url))
    return actions


@pages.post("/documents/<uuid:document_id>/lines/<uuid:case_id>/out")
@signed_in
def line_out(document_id: UUID, case_id: UUID) -> AnyResponse:
    """Take a pair out of a draft order."""
    unless_refused(take_line_out(services().work, current_actor(), document_id, case_id))
    return _to_lines(document_id)


@pages.post("/documents/<uuid:document_id>/lines")
@signed_in
def line_in(document_id: UUID) -> AnyResponse:
    """Put a pair into a draft order."""
    shown = order_lines(services().work, current_actor(), document_id)
    if shown is None:
        abort(404)
    wanted = request.form.get("pair", "")
    chosen = [one.case_id for one in shown.addable if str(one.case_id) == wanted]
    if chosen:
        unless_refused(put_line_in(services().work, current_actor(), document_id, chosen[0]))
    return _to_lines(document_id)


@pages.post("/documents/<uuid:document_id>/lines/refresh")
@signed_in
def lines_anew(document_id: UUID) -> AnyResponse:
    """Take the rows of a draft order from its pairs anew."""
    unless_refused(refresh_lines(services().work, current_actor(), document_id))
    return _to_lines(document_id)


def _to_lines(document_id: UUID) -> AnyResponse:
    url = url_for("documents.page", document_id=document_id, _anchor="pairs-in-order")
    return redirect(url, code=303)
