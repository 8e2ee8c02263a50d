"""A row of a journal: looked at, written by hand, corrected, annulled."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from uuid import UUID

from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for

from web import security
from web.access import signed_in
from web.actor import current_actor
from web.buttons import Action, button
from web.components import Fact, Happening, Link
from web.current import _, services, surroundings
from web.dates import short_date
from web.form_page import FormPage, Upload, draw, read_fields
from web.forms import entered_from
from web.forms.names import Entered
from web.forms.scans import SCAN, read_scan
from web.journal_table import COLUMNS, document_url, reason, state_tag, written
from web.words import Words
from workflow.domain.journals import JournalKind
from workflow.domain.refusals import N_, Refusal
from workflow.domain.registers import Entry, EntryChange, Numbering, Register, RowText
from workflow.domain.regulations import FieldKind, FieldSpec
from workflow.queries.registers import EntryPage, entry_page, register_head, row_scan
from workflow.usecases.journals import annul_row, correct_row, enter_row

pages = Blueprint("register_rows", __name__, url_prefix="/registers")

#: What a row is called by kind of journal, where it is called otherwise.
_LABELS: Mapping[JournalKind, Mapping[str, str]] = {
    JournalKind.INNER: {},
    JournalKind.OUTGOING: {
        "number": N_("Outgoing number"),
        "correspondent": N_("To whom"),
        "summary": N_("Summary of the letter"),
    },
    JournalKind.INCOMING: {
        "number": N_("Incoming No."),
        "dated": N_("Came on"),
        "correspondent": N_("From whom"),
        "summary": N_("Summary of the letter"),
        "executor": N_("Handed to"),
    },
    JournalKind.NOTICES: {
        "correspondent": N_("To whom"),
        "summary": N_("Summary of the letter"),
        "signed_by": N_("Given by"),
    },
}
_USUAL: Mapping[str, str] = {
    "number": N_("Number"),
    "dated": N_("Date"),
    "summary": N_("Heading"),
    "correspondent": N_("Correspondent"),
    "their_number": N_("Date and number of the sender"),
    "signed_by": N_("Signed by (journal)"),
    "executor": N_("Executor"),
    "note": N_("Note"),
}
#: What is asked for a row, in the order of the journal's columns.
_ASKED: Mapping[JournalKind, tuple[str, ...]] = {
    JournalKind.INNER: ("number", "dated", "summary", "signed_by", "executor", "note"),
    JournalKind.OUTGOING: (
        "number", "dated", "correspondent", "summary", "signed_by", "executor", "note",
    ),
    JournalKind.INCOMING: (
        "number", "dated", "correspondent", "their_number", "summary", "executor", "note",
    ),
    JournalKind.NOTICES: ("number", "dated", "correspondent", "summary", "signed_by", "note"),
}  # fmt: skip
_REQUIRED = ("dated", "summary")


def _label(kind: JournalKind, key: str) -> str:
    return _(_LABELS[kind].get(key, _USUAL[key]))


def _fields(register: Register, kind: JournalKind, new: bool) -> tuple[FieldSpec, ...]:
    return tuple(_field(register, kind, key, new) for key in _ASKED[kind])


def _field(register: Register, kind: JournalKind, key: str, new: bool) -> FieldSpec:
    may_be_next = new and register.numbering is Numbering.AUTOMATIC
    hints = {
        "number": _("as it stands on the document; empty: the next number of the journal")
        if may_be_next
        else "",
        "summary": _("“On …”, as it stands in the document"),
        "their_number": _("“of 01.03.2026 No. 14”, as the sender wrote it")
        if kind is JournalKind.INCOMING
        else "",
        "signed_by": _("post, surname and initials"),
        "executor": _("surname and initials"),
    }
    required = key in _REQUIRED or (key == "number" and not may_be_next)
    field_kind = FieldKind.DATE if key == "dated" else FieldKind.TEXT
    return FieldSpec(key, _label(kind, key), field_kind, required=required, hint=hints.get(key, ""))


def _form(
    register: Register, kind: JournalKind, organisation: str, title: str, label: str, new: bool
) -> FormPage:
    return FormPage(
        title=title,
        above=f"{organisation}. {register.title}",
        label=label,
        fields=_fields(register, kind, new),
        crumbs=(*_crumbs(register), Link(title)),
        uploads=(Upload(SCAN, _("Scan"), (".pdf",), _("PDF, up to 50 MB"), required=False),),
    )


def _crumbs(register: Register) -> tuple[Link, ...]:
    back = url_for("registers.page", register_id=register.id)
    return (Link(_("Journals"), url_for("registers.index")), Link(register.title, back))


@pages.route("/<uuid:register_id>/new", methods=["GET", "POST"])
@signed_in
def new(register_id: UUID) -> Response:
    """Ask for a row of a document that was not made here."""
    actor = current_actor()
    shown = register_head(services().work, actor, register_id)
    title = _("Write a row")
    form = _form(shown.register, shown.kind, shown.organisation, title, _("Write it down"), True)
    if request.method == "GET":
        return draw(form, Entered(), refusal=shown.keeping)

    def act(text: RowText, scan: bytes) -> Entry | Refusal:
        return enter_row(services().work, actor, register_id, text, scan)

    return _written(form, act)


@pages.route("/rows/<uuid:entry_id>/correct", methods=["GET", "POST"])
@signed_in
def correct(entry_id: UUID) -> Response:
    """Ask what a row written by hand should say instead."""
    actor = current_actor()
    shown = entry_page(services().work, actor, entry_id)
    title = _("Correct row No. {number}", number=shown.row.entry.number)
    form = _form(shown.register, shown.kind, shown.organisation, title, _("Save"), False)
    if request.method == "GET":
        stored = vars(shown.row.entry.text)
        return draw(form, entered_from(form.fields, stored), refusal=shown.changing)
    now = shown.row.entry.text

    def act(text: RowText, scan: bytes) -> Entry | Refusal:
        return correct_row(services().work, actor, entry_id, text, scan)

    return _written(form, act, now)


def _written(
    form: FormPage, act: Callable[[RowText, bytes], Entry | Refusal], before: RowText | None = None
) -> Response:
    """Read the row that was sent and do `act`; what the form does not ask for stays as before."""
    reading = read_fields(form)
    scan, wrong = read_scan(request.files.get(SCAN), required=False)
    if reading.errors or wrong:
        return draw(form, request.form, (*wrong, *reading.errors))
    done = act(_text(reading.values, before), scan)
    if isinstance(done, Refusal):
        return draw(form, request.form, refusal=done)
    return make_response(redirect(url_for("register_rows.row", entry_id=done.id), code=303))


def _text(values: Mapping[str, object], before: RowText | None) -> RowText:
    dated = values["dated"]
    assert isinstance(dated, date)
    kept = vars(before) if before else {}
    said = {key: str(value or "") for key, value in values.items() if key != "dated"}
    return RowText(**{**kept, **said, "dated": dated})


@pages.get("/rows/<uuid:entry_id>")
@signed_in
def row(entry_id: UUID) -> str:
    """Show a row with its scan and what it said before it was corrected."""
    shown, words = entry_page(services().work, current_actor(), entry_id), surroundings().words
    correcting = url_for("register_rows.correct", entry_id=entry_id)
    annulling = url_for("register_rows.annul", entry_id=entry_id)
    entry = shown.row.entry
    return render_template(
        "registers/row.html",
        shown=shown,
        tag=state_tag(words, entry),
        facts=_facts(words, shown),
        document=document_url(entry),
        history=tuple(_happening(shown, change) for change in reversed(entry.changes)),
        buttons=(
            button(Action(N_("Correct the row"), correcting, shown.changing, opens=True), words),
            button(
                Action(N_("Annul the row"), annulling, shown.changing, opens=True, grave=True),
                words,
            ),
        ),
        crumbs=(*_crumbs(shown.register), Link(_("No. {number}", number=entry.number))),
    )


def _facts(words: Words, shown: EntryPage) -> tuple[Fact, ...]:
    entry = shown.row.entry
    facts = [
        Fact(words.text(column.name), written(column.read(shown.row)))
        for column in COLUMNS[shown.kind]
    ]
    if entry.note:
        facts.append(Fact(_("Note"), entry.note))
    if entry.reason:
        facts.append(Fact(_("Reason of the annulment"), reason(words, entry)))
    by = shown.row.entered_by or words.text(N_("the system"))
    day = short_date(entry.entered_at.astimezone(shown.zone).date())
    facts.append(Fact(_("Who entered it"), f"{by}, {day}"))
    return tuple(fact for fact in facts if fact.value)


def _happening(shown: EntryPage, change: EntryChange) -> Happening:
    """What the row said before, as far as it said something else afterwards."""
    said = vars(change.before)
    lines = [
        f"{_label(shown.kind, key)}: {written(said[key]) or '—'}" for key in _ASKED[shown.kind]
    ]
    when = change.at.astimezone(shown.zone)
    return Happening(
        f"{short_date(when.date())} {when:%H:%M}",
        _("The row was corrected. Before, it said:"),
        shown.correctors[change.by],
        "\n".join(lines),
    )


@pages.route("/rows/<uuid:entry_id>/annul", methods=["GET", "POST"])
@signed_in
def annul(entry_id: UUID) -> Response:
    """Ask why the number is not used."""
    actor = current_actor()
    shown = entry_page(services().work, actor, entry_id)
    title = _("Annul row No. {number}", number=shown.row.entry.number)
    form = FormPage(
        title=title,
        above=f"{shown.organisation}. {shown.register.title}",
        lead=_("The row stays in the journal with your reason. Its number is not given again."),
        label=_("Annul"),
        fields=(
            FieldSpec(
                "reason",
                _("Reason"),
                FieldKind.TEXT,
                required=True,
                hint=_("for example: registered twice, see No. 15"),
            ),
        ),
        crumbs=(*_crumbs(shown.register), Link(title)),
    )
    if request.method == "GET":
        return draw(form, Entered(), refusal=shown.changing)
    reading = read_fields(form)
    if reading.errors:
        return draw(form, request.form, reading.errors)
    done = annul_row(services().work, actor, entry_id, str(reading.values["reason"]))
    if isinstance(done, Refusal):
        return draw(form, request.form, refusal=done)
    return make_response(redirect(url_for("register_rows.row", entry_id=entry_id), code=303))


@pages.get("/rows/<uuid:entry_id>/scan")
@signed_in
def scan(entry_id: UUID) -> Response:
    """Answer the scan of the row's document."""
    content = row_scan(services().work, current_actor(), entry_id)
    security.allow_own_frame()
    response = make_response(content)
    response.mimetype = "application/pdf"
    response.headers.set("Content-Disposition", "inline", filename="scan.pdf")
    return response
