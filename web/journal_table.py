"""The columns of a journal: on the page, in print and in a workbook."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from flask import url_for

from web.components import Cell, Mark, Table, Tag
from web.dates import short_date
from web.sheets import Value
from web.words import Words
from workflow.domain.journals import JournalKind
from workflow.domain.refusals import N_
from workflow.domain.registers import Entry, EntryState
from workflow.queries.registers import JournalRow, RegisterPage

STATES: Mapping[EntryState, tuple[str, Mark]] = {
    EntryState.RESERVED: (N_("Number reserved"), Mark.WAITING),
    EntryState.REGISTERED: (N_("Number registered"), Mark.DONE),
    EntryState.ANNULLED: (N_("Number annulled"), Mark.PROBLEM),
}
#: Reasons that the system itself writes; others are written by people.
REASONS = {"date": N_("the document was dated anew")}


@dataclass(frozen=True)
class Column:
    """A column of a journal: its name (msgid) and what stands in it."""

    name: str
    read: Callable[[JournalRow], Value]


_NUMBER = Column(N_("Number"), lambda row: row.entry.number)
_DATE = Column(N_("Date"), lambda row: row.entry.dated)
_HEADING = Column(N_("Heading"), lambda row: row.entry.summary)
_CONTENT = Column(N_("Summary of the letter"), _HEADING.read)
_SIGNED = Column(N_("Signed by (journal)"), lambda row: row.signed_by)
_EXECUTOR = Column(N_("Executor"), lambda row: row.executor)

COLUMNS: Mapping[JournalKind, tuple[Column, ...]] = {
    JournalKind.INNER: (_NUMBER, _DATE, _HEADING, _SIGNED, _EXECUTOR),
    JournalKind.OUTGOING: (
        Column(N_("Outgoing number"), _NUMBER.read),
        _DATE,
        Column(N_("To whom"), lambda row: row.entry.correspondent),
        _CONTENT,
        _SIGNED,
        _EXECUTOR,
    ),
    JournalKind.INCOMING: (
        Column(N_("Incoming No."), _NUMBER.read),
        Column(N_("Came on"), _DATE.read),
        Column(N_("From whom"), lambda row: row.entry.correspondent),
        Column(N_("Date and number of the sender"), lambda row: row.entry.their_number),
        _CONTENT,
        Column(N_("Handed to"), _EXECUTOR.read),
    ),
    JournalKind.NOTICES: (
        _NUMBER,
        _DATE,
        Column(N_("To whom"), lambda row: row.entry.correspondent),
        _CONTENT,
        Column(N_("Given by"), _SIGNED.read),
    ),
}


def entry_table(words: Words, shown: RegisterPage) -> Table:
    """Return the rows of a journal as the page shows them, each with its address."""
    columns = COLUMNS[shown.kind]
    return Table(
        shown.register.title,
        (*(words.text(column.name) for column in columns), words.text(N_("Note"))),
        tuple(
            (*(_cell(column, row) for column in columns), note_cell(words, row.entry))
            for row in shown.rows
        ),
        empty=words.text(N_("Nothing was found in the journal.")),
    )


def _cell(column: Column, row: JournalRow) -> Cell:
    text = written(column.read(row))
    if column.read is _NUMBER.read:
        return Cell(text, url_for("register_rows.row", entry_id=row.entry.id))
    if column.read is _HEADING.read:
        return Cell(text, document_url(row.entry))
    return Cell(text)


def written(value: Value) -> str:
    """Return a value of the journal as it is read."""
    return str(value) if isinstance(value, str | int) else short_date(value)


def document_url(entry: Entry) -> str:
    """Return the address of the row's document, empty where there is none to look at."""
    if entry.document_id is None or entry.state is EntryState.ANNULLED:
        return ""
    return url_for("documents.page", document_id=entry.document_id)


def note_cell(words: Words, entry: Entry) -> Cell:
    """Return what became of the number, the reason and the note."""
    tag = None if entry.state is EntryState.REGISTERED else state_tag(words, entry)
    return Cell(tag=tag, note="\n".join(filter(None, (reason(words, entry), entry.note))))


def state_tag(words: Words, entry: Entry) -> Tag:
    label, mark = STATES[entry.state]
    return Tag(words.text(label), mark)


def reason(words: Words, entry: Entry) -> str:
    """Return why the number was annulled; empty if it was not."""
    return words.text(REASONS[entry.reason]) if entry.reason in REASONS else entry.reason


def printed_columns(words: Words, kind: JournalKind) -> tuple[str, ...]:
    """Return the names of the columns in print and in a workbook."""
    names = (N_("No. in order"), *(column.name for column in COLUMNS[kind]), N_("Note"))
    return tuple(words.text(name) for name in names)


def printed_rows(words: Words, shown: RegisterPage) -> list[list[Value]]:
    """Return the rows in the order of registration, counted from 1."""
    columns = COLUMNS[shown.kind]
    return [
        [place, *(column.read(row) for column in columns), printed_note(words, row.entry)]
        for place, row in enumerate(reversed(shown.rows), start=1)
    ]


def printed_note(words: Words, entry: Entry) -> str:
    """Return what stands in the last column: whatever is not a usual row explains itself."""
    match entry.state:
        case EntryState.ANNULLED:
            why = reason(words, entry)
            state = words.text(N_("Annulled: {reason}."), reason=why.rstrip("."))
        case EntryState.RESERVED:
            state = words.text(N_("The document has not been signed yet."))
        case _:
            state = ""
    return " ".join(filter(None, (state, entry.note)))
