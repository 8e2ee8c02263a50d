"""The rows of a table one by one: a list, and a page for each row. Made for a telephone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from flask import Response, abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from web.access import signed_in
from web.actor import current_actor
from web.components import Fact, Link
from web.current import _, services
from web.errors import unless_refused
from web.form_page import FormPage, draw, read_fields
from web.forms import FieldError, entered_from
from web.forms.names import ROWS_AT_MOST, Entered
from web.views import facts
from web.views.document_words import said
from web.views.fact_sections import Section
from web.views.on_document import crumbs
from web.views.refusal_notice import refusal_notice
from workflow.domain.refusals import N_, Refusal
from workflow.domain.regulations import FieldKind, FieldSpec
from workflow.queries.facts_page import FactsPage
from workflow.usecases.prepare import Saved, save_facts

pages = facts.pages

Row = Mapping[str, object]


@dataclass(frozen=True)
class Table:
    """A table of a document: its page of the form, its field, the rows that stand there."""

    shown: FactsPage
    section: Section
    spec: FieldSpec
    rows: tuple[Row, ...]

    @property
    def document_id(self) -> UUID:
        return self.shown.heading.document_id

    def url(self, name: str, number: int | None = None) -> str:
        return url_for(
            f"facts.{name}", document_id=self.document_id, key=self.spec.key, number=number
        )

    def missing(self, row: Row) -> tuple[str, ...]:
        """The labels of obligatory columns that are empty in the row."""
        return tuple(c.label for c in self.spec.columns if c.required and _is_empty(row, c))

    def first_incomplete(self, after: int = -1) -> int | None:
        """The number of the first row behind `after` in which something is missing."""
        found = (n for n, row in enumerate(self.rows) if n > after and self.missing(row))
        return next(found, None)


def _is_empty(row: Row, column: FieldSpec) -> bool:
    return row.get(column.key) in (None, "", ())


@dataclass(frozen=True)
class RowLine:
    """A row in the list: its first cell is its title."""

    title: str
    cells: tuple[Fact, ...]
    missing: tuple[str, ...]
    change_url: str
    drop_url: str


@pages.get("/<key>/rows")
@signed_in
def rows(document_id: UUID, key: str) -> str:
    """Show the rows; each can be changed or taken away, another one added."""
    table = _table(document_id, key)
    title = table.spec.label
    return render_template(
        "facts/rows.html",
        shown=table.shown,
        crumbs=_crumbs(table, ""),
        title=title,
        hint=table.spec.hint,
        lines=[_line(table, number, row) for number, row in enumerate(table.rows)],
        add_url=table.url("row_new") if len(table.rows) < ROWS_AT_MOST else "",
        go_on=_go_on(table),
        notice=refusal_notice(table.shown.edit) if table.shown.edit else None,
    )


def _line(table: Table, number: int, row: Row) -> RowLine:
    first, *rest = table.spec.columns
    cells = tuple(Fact(c.label, _said(row.get(c.key))) for c in rest if not _is_empty(row, c))
    return RowLine(
        title=_said(row.get(first.key)) or _(N_("Line {n}"), n=number + 1),
        cells=cells,
        missing=table.missing(row),
        change_url=table.url("row", number=number),
        drop_url=table.url("row_drop", number=number),
    )


def _said(value: object) -> str:
    return said(value) if isinstance(value, str | int | date) else ""


def _go_on(table: Table) -> Link:
    """The row in which something is missing, or what comes after the table."""
    number = table.first_incomplete()
    if number is not None:
        return Link(_(N_("Fill in the next line")), table.url("row", number=number))
    if not table.rows:
        return Link(_(N_("Add a line")), table.url("row_new"))
    target = facts.next_address(table.shown, table.section, table.shown.problems)
    return Link(_(N_("All lines are right, go on")), target)


@pages.get("/<key>/rows/new")
@signed_in
def row_new(document_id: UUID, key: str) -> Response:
    """Ask for one more row."""
    table = _table(document_id, key)
    return _page(table, _new(), entered_from(table.spec.columns, {}))


@pages.post("/<key>/rows/new")
@signed_in
def row_add(document_id: UUID, key: str) -> AnyResponse:
    """Add the row."""
    table = _table(document_id, key)
    return _keep(table, len(table.rows), _new())


@pages.get("/<key>/rows/<int:number>")
@signed_in
def row(document_id: UUID, key: str, number: int) -> Response:
    """Show one row to be changed."""
    table = _table(document_id, key, number)
    return _page(table, _named(number), entered_from(table.spec.columns, table.rows[number]))


@pages.post("/<key>/rows/<int:number>")
@signed_in
def row_save(document_id: UUID, key: str, number: int) -> AnyResponse:
    """Change the row."""
    return _keep(_table(document_id, key, number), number, _named(number))


@pages.post("/<key>/rows/<int:number>/remove")
@signed_in
def row_drop(document_id: UUID, key: str, number: int) -> AnyResponse:
    """Take the row away."""
    table = _table(document_id, key, number)
    unless_refused(_save(table, (*table.rows[:number], *table.rows[number + 1 :])))
    return redirect(table.url("rows"), code=303)


def _table(document_id: UUID, key: str, number: int | None = None) -> Table:
    """The table of the document; 404 for another field, and for a row that is not there."""
    shown = facts.facts_of(document_id)
    section = facts.section_called(shown, key)
    spec = section.fields[0]
    if spec.kind is not FieldKind.ROWS:
        abort(404)
    stored = shown.facts.get(spec.key)
    found = tuple(stored) if isinstance(stored, list | tuple) else ()
    if number is not None and number >= len(found):
        abort(404)
    return Table(shown, section, spec, found)


def _new() -> str:
    return _(N_("A new line"))


def _named(number: int) -> str:
    return _(N_("Line {n}"), n=number + 1)


def _keep(table: Table, number: int, title: str) -> AnyResponse:
    """Write the row at this place; lead on to the next one in which something is missing."""
    values, errors = read_fields(_form(table, title))
    if errors:
        return _page(table, title, request.form, errors)
    changed = (*table.rows[:number], values, *table.rows[number + 1 :])
    saved = _save(table, changed)
    if isinstance(saved, Refusal):
        return _page(table, title, request.form, refusal=saved)
    following = replace(table, rows=changed).first_incomplete()
    if following is None:
        return redirect(table.url("rows"), code=303)
    return redirect(table.url("row", number=following), code=303)


def _save(table: Table, changed: Sequence[Row]) -> Saved | Refusal:
    kept = {**table.shown.facts, table.spec.key: tuple(changed)}
    work, actor = services().work, current_actor()
    return save_facts(work, actor, table.document_id, kept, (table.spec.key,))


def _page(
    table: Table,
    title: str,
    entered: Entered,
    errors: Sequence[FieldError] = (),
    refusal: Refusal | None = None,
) -> Response:
    return draw(_form(table, title), entered, errors, refusal or table.shown.edit)


def _form(table: Table, title: str) -> FormPage:
    return FormPage(
        title=title,
        label=_(N_("Keep the line")),
        fields=table.spec.columns,
        crumbs=_crumbs(table, title),
        above=table.spec.label,
        options=table.shown.options,
    )


def _crumbs(table: Table, here: str) -> tuple[Link, ...]:
    way = crumbs(table.shown.heading, facts.TITLE)
    overview = Link(way[-1].label, url_for("facts.page", document_id=table.document_id))
    if not here:
        return (*way[:-1], overview, Link(table.spec.label))
    return (*way[:-1], overview, Link(table.spec.label, table.url("rows")), Link(here))
