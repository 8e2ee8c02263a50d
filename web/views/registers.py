"""Journals of registration: read, searched, printed, exported; how each of them is kept."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, Response, render_template, request, url_for

from web import sheets
from web.access import needs, signed_in
from web.actor import current_actor
from web.buttons import Action, button
from web.components import Link, Paging
from web.current import _, services, surroundings
from web.form_page import FormPage, draw
from web.journal_table import (
    STATES,
    entry_table,
    printed_columns,
    printed_rows,
    written,
)
from web.register_keeping import keeping_entered, keeping_fields, keeping_of
from web.views.admin.layout import Values, submitted
from web.views.office import as_download
from web.words import Words
from workflow.domain.refusals import N_, Refusal
from workflow.domain.registers import EntryState, Register
from workflow.queries.nomenclature import nomenclature_of
from workflow.queries.registers import (
    MOST_PRINTED,
    RegisterPage,
    Wanted,
    register_head,
    register_page,
    registers_of,
    whole_register,
)
from workflow.usecases.journals import set_register

pages = Blueprint("registers", __name__, url_prefix="/registers")

LONGEST_SEARCH = 100  # characters


@pages.get("")
@needs("head", "acting_head", "deputy", "clerk", "officer")
def index() -> str:
    """List the journals of the visitor's organisations with their index."""
    found = registers_of(services().work, current_actor())
    return render_template("registers/index.html", organisations=found)


@pages.get("/nomenclature")
@needs("head", "acting_head", "deputy", "clerk", "officer")
def nomenclature() -> str:
    """List the files of the visitor's organisations: index, retention, how much there is."""
    found = nomenclature_of(services().work, current_actor(), _year())
    return render_template(
        "registers/nomenclature.html",
        organisations=found,
        year=found[0].year if found else None,
        crumbs=(Link(_("Journals"), url_for("registers.index")), Link(_("List of files"))),
    )


@pages.get("/<uuid:register_id>")
@signed_in
def page(register_id: UUID) -> str:
    """Show a page of a journal, by year, state and words."""
    wanted, words = _wanted(), surroundings().words
    number = request.args.get("page", "1")
    shown = register_page(
        services().work,
        current_actor(),
        register_id,
        wanted,
        int(number) if number.isascii() and number.isdigit() and len(number) < 6 else 1,
    )
    keeping = url_for("registers.keeping", register_id=register_id)
    new = url_for("register_rows.new", register_id=register_id)
    return render_template(
        "registers/page.html",
        shown=shown,
        table=entry_table(words, shown),
        paging=_paging(shown),
        sought=wanted,
        address=_address(wanted),
        states=[(state.value, words.text(name)) for state, (name, _mark) in STATES.items()],
        buttons=(
            button(Action(N_("Write a row"), new, shown.keeping, opens=True, main=True), words),
            button(
                Action(N_("How the journal is kept"), keeping, shown.keeping, opens=True), words
            ),
        ),
        crumbs=(Link(_("Journals"), url_for("registers.index")), Link(shown.register.title)),
    )


def _wanted() -> Wanted:
    """What the address asks for; what cannot be read narrows nothing."""
    state = request.args.get("state", "")
    return Wanted(
        _year(),
        request.args.get("q", "")[:LONGEST_SEARCH].strip(),
        EntryState(state) if state in set(EntryState) else None,
    )


def _year() -> int | None:
    year = request.args.get("year", "")
    is_year = year.isascii() and year.isdigit() and len(year) == 4 and year >= "1900"
    return int(year) if is_year else None


def _address(wanted: Wanted) -> dict[str, object]:
    """The same question as parameters of another address."""
    return {
        "year": wanted.year,
        "q": wanted.words or None,
        "state": wanted.state.value if wanted.state else None,
    }


def _paging(shown: RegisterPage) -> Paging:
    asked = _address(_wanted())

    def url(number: int) -> str:
        return url_for(
            "registers.page",
            register_id=shown.register.id,
            page=number,
            **asked,  # type: ignore[arg-type]  # Flask types its own keywords only
        )

    return Paging(
        shown.page,
        shown.pages,
        url(shown.page - 1) if shown.page > 1 else "",
        url(shown.page + 1) if shown.page < shown.pages else "",
    )


@pages.get("/<uuid:register_id>/print")
@signed_in
def printed(register_id: UUID) -> str:
    """Show the whole journal as it goes to the printer, the oldest row first."""
    wanted, words = _wanted(), surroundings().words
    shown = whole_register(services().work, current_actor(), register_id, wanted)
    rows = printed_rows(words, shown)
    return render_template(
        "registers/printed.html",
        shown=shown,
        columns=printed_columns(words, shown.kind),
        rows=[(row, [written(value) for value in cells]) for row, cells in _with_rows(shown, rows)],
        sought=wanted,
        address=_address(wanted),
        cut=_cut(words, shown),
    )


def _with_rows(
    shown: RegisterPage, rows: list[list[sheets.Value]]
) -> list[tuple[bool, list[sheets.Value]]]:
    """Each printed row, and whether its number is annulled."""
    annulled = [row.entry.state is EntryState.ANNULLED for row in reversed(shown.rows)]
    return list(zip(annulled, rows, strict=True))


@pages.get("/<uuid:register_id>/journal.xlsx")
@signed_in
def sheet(register_id: UUID) -> Response:
    """Answer the journal as a workbook, the oldest row first."""
    wanted, words = _wanted(), surroundings().words
    shown = whole_register(services().work, current_actor(), register_id, wanted)
    heading = [shown.register.title, shown.organisation, _index_line(words, shown.register)]
    if shown.is_cut:
        heading.append(_cut(words, shown))
    columns = printed_columns(words, shown.kind)
    content = sheets.workbook(
        words.text(N_("Journal")), heading, columns, printed_rows(words, shown)
    )
    return as_download(content, f"journal-{shown.register.key}.xlsx", sheets.MIME)


def _index_line(words: Words, register: Register) -> str:
    index = register.nomenclature
    return words.text(N_("Index in the nomenclature: {index}"), index=index) if index else ""


def _cut(words: Words, shown: RegisterPage) -> str:
    """Say that not everything is here; empty when it is."""
    if not shown.is_cut:
        return ""
    return words.text(
        N_("These are the latest {most} rows of {found}. Choose a year to have all of them."),
        most=MOST_PRINTED,
        found=shown.found,
    )


@pages.route("/<uuid:register_id>/keeping", methods=["GET", "POST"])
@signed_in
def keeping(register_id: UUID) -> Response:
    """Ask how the journal is kept: by the system or by hand, from which number, by which mask."""
    shown = register_head(services().work, current_actor(), register_id)
    register, back = shown.register, url_for("registers.page", register_id=register_id)
    form = FormPage(
        title=_("How the journal is kept"),
        above=f"{shown.organisation}. {register.title}",
        label=_("Save"),
        fields=keeping_fields(register),
        crumbs=(
            Link(_("Journals"), url_for("registers.index")),
            Link(register.title, back),
            Link(_("How the journal is kept")),
        ),
    )
    if request.method == "GET":
        return draw(form, keeping_entered(register), refusal=shown.keeping)

    def act(values: Values) -> Register | Refusal:
        return set_register(services().work, current_actor(), register_id, keeping_of(values))

    return submitted(form, act, lambda _saved: back)
