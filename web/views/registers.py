"""Journals of registration: read, searched, printed, exported."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, Response, render_template, request, url_for

from web import sheets
from web.access import needs, signed_in
from web.actor import current_actor
from web.components import Cell, Link, Mark, Paging, Table, Tag
from web.current import _, services, surroundings
from web.dates import short_date
from web.views.office import as_download
from web.words import Words
from workflow.domain.refusals import N_
from workflow.domain.registers import Entry, EntryState
from workflow.queries.registers import (
    RegisterPage,
    register_page,
    registers_of,
    whole_register,
)

pages = Blueprint("registers", __name__, url_prefix="/registers")

LONGEST_SEARCH = 100  # characters
COLUMNS = (N_("№"), N_("Date"), N_("What about"), N_("State"), N_("Who entered it"))
STATES: dict[EntryState, tuple[str, Mark]] = {
    EntryState.RESERVED: (N_("Number reserved"), Mark.WAITING),
    EntryState.REGISTERED: (N_("Number registered"), Mark.DONE),
    EntryState.ANNULLED: (N_("Number annulled"), Mark.PROBLEM),
}
#: Reasons that the system itself writes; others are written by people.
REASONS = {"date": N_("the document was dated anew")}


@pages.get("")
@needs("head", "acting_head", "deputy", "clerk", "officer")
def index() -> str:
    """List the journals of the visitor's organisations with their index."""
    found = registers_of(services().work, current_actor())
    return render_template("registers/index.html", organisations=found)


@pages.get("/<uuid:register_id>")
@signed_in
def page(register_id: UUID) -> str:
    """Show a page of a journal, by year and by words."""
    year, words_sought = _sought()
    number = request.args.get("page", "1")
    shown = register_page(
        services().work,
        current_actor(),
        register_id,
        year,
        words_sought,
        int(number) if number.isascii() and number.isdigit() and len(number) < 6 else 1,
    )
    table = entry_table(surroundings().words, shown)
    return render_template(
        "registers/page.html",
        shown=shown,
        table=table,
        paging=_paging(shown, year, words_sought),
        year=year,
        sought=words_sought,
        crumbs=(Link(_("Journals"), url_for("registers.index")), Link(shown.register.title)),
    )


def _sought() -> tuple[int | None, str]:
    """The year and the words that the address asks for; what cannot be read narrows nothing."""
    year = request.args.get("year", "")
    is_year = year.isascii() and year.isdigit() and len(year) == 4
    return int(year) if is_year else None, request.args.get("q", "")[:LONGEST_SEARCH].strip()


def _paging(shown: RegisterPage, year: int | None, words: str) -> Paging:
    def url(number: int) -> str:
        return url_for(
            "registers.page",
            register_id=shown.register.id,
            year=year,
            q=words or None,
            page=number,
        )

    return Paging(
        shown.page,
        shown.pages,
        url(shown.page - 1) if shown.page > 1 else "",
        url(shown.page + 1) if shown.page < shown.pages else "",
    )


def entry_table(words: Words, shown: RegisterPage) -> Table:
    """Return the rows of a journal as they are shown and printed."""
    return Table(
        shown.register.title,
        tuple(words.text(name) for name in COLUMNS),
        tuple(_row(words, shown, entry) for entry in shown.entries),
        empty=words.text(N_("Nothing was found in the journal.")),
    )


def _row(words: Words, shown: RegisterPage, entry: Entry) -> tuple[Cell, ...]:
    label, mark = STATES[entry.state]
    by = shown.people.get(entry.entered_by, "") if entry.entered_by else ""
    return (
        Cell(entry.number),
        Cell(short_date(entry.dated)),
        Cell(entry.summary, _document_url(entry)),
        Cell(tag=Tag(words.text(label), mark), note=_reason(words, entry)),
        Cell(by or words.text(N_("the system"))),
    )


def _document_url(entry: Entry) -> str:
    if entry.document_id is None or entry.state is EntryState.ANNULLED:
        return ""
    return url_for("documents.page", document_id=entry.document_id)


def _reason(words: Words, entry: Entry) -> str:
    return words.text(REASONS[entry.reason]) if entry.reason in REASONS else entry.reason


@pages.get("/<uuid:register_id>/print")
@signed_in
def printed(register_id: UUID) -> str:
    """Show the whole journal as it goes to the printer, the oldest row first."""
    shown = _whole(register_id)
    table = entry_table(surroundings().words, shown)
    year, words_sought = _sought()
    return render_template(
        "registers/printed.html",
        shown=shown,
        table=table,
        rows=table.rows[::-1],
        year=year,
        sought=words_sought,
    )


@pages.get("/<uuid:register_id>/journal.xlsx")
@signed_in
def sheet(register_id: UUID) -> Response:
    """Answer the journal as a workbook, the oldest row first."""
    shown, words = _whole(register_id), surroundings().words
    rows = [_plain(words, shown, entry) for entry in reversed(shown.entries)]
    heading = [shown.register.title, shown.organisation, _index_line(words, shown)]
    columns = [*(words.text(name) for name in COLUMNS), words.text(N_("Reason of the annulment"))]
    content = sheets.workbook(words.text(N_("Journal")), heading, columns, rows)
    return as_download(content, f"journal-{shown.register.key}.xlsx", sheets.MIME)


def _whole(register_id: UUID) -> RegisterPage:
    year, words_sought = _sought()
    return whole_register(services().work, current_actor(), register_id, year, words_sought)


def _index_line(words: Words, shown: RegisterPage) -> str:
    index = shown.register.nomenclature
    return words.text(N_("Index in the nomenclature: {index}"), index=index) if index else ""


def _plain(words: Words, shown: RegisterPage, entry: Entry) -> list[str]:
    number, dated, about, state, by = _row(words, shown, entry)
    label = state.tag.label if state.tag else ""
    return [number.text, dated.text, about.text, label, by.text, state.note]
