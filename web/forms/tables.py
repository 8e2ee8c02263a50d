"""A table that was uploaded, XLSX or CSV: its cells as text, bounded before anybody reads them.

Formulas are never worked out: such a cell comes as its text, which begins with «=».
"""

from __future__ import annotations

import csv
import io
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from itertools import islice

import openpyxl
from openpyxl.utils.exceptions import InvalidFileException
from openpyxl.worksheet.formula import ArrayFormula, DataTableFormula

from web.forms.files import UploadedFile
from web.forms.read import FieldError
from web.settings import MEBIBYTE
from workflow.domain.refusals import N_

SUFFIXES = (".xlsx", ".csv")
FILE_AT_MOST = 5 * MEBIBYTE
ROWS_AT_MOST = 5000  # filled ones, headings and all; what is taken of them is said elsewhere
LAST_ROW = 100_000  # empty ones count: a file may leave as many out as it likes
COLUMNS_AT_MOST = 60
CELL_AT_MOST = 2000  # characters
#: A workbook writes a text once and shows it in as many cells as it likes.
TEXT_AT_MOST = 4_000_000  # characters of all cells
PARTS_AT_MOST = 200
UNPACKED_AT_MOST = 20 * MEBIBYTE
#: Reading a workbook takes as long as its parts have elements: three seconds for so many.
ELEMENTS_AT_MOST = 600_000
DELIMITERS = ";,\t"

#: Row number in the file (from 1) and the text of its cells.
Rows = list[tuple[int, list[str]]]

_UNREADABLE = N_("The file cannot be read. Save it anew as XLSX or CSV and upload it.")
_TOO_LARGE = N_("The file holds more than a list of workers. Leave one sheet with the list.")


class _RefusedError(Exception):
    """A file that is not read any further; carries the msgid."""

    code = "table.refused"

    def __init__(self, msgid: str) -> None:
        super().__init__(msgid)
        self.msgid = msgid


def read_table(file: UploadedFile, field: str) -> tuple[Rows, FieldError | None]:
    """Return the filled rows of the first sheet, or what is wrong with the file."""
    try:
        if file.content[:4] == b"PK\x03\x04":
            return _filled(_workbook_rows(file.content)), None
        if file.name.lower().endswith(".csv"):
            return _filled(_csv_rows(file.content)), None
    except _RefusedError as error:
        return [], FieldError(field, error.msgid)
    return [], FieldError(field, _UNREADABLE)


def _filled(rows: Iterable[tuple[int, list[str]]]) -> Rows:
    kept: Rows = []
    signs = 0
    for number, cells in rows:
        while cells and not cells[-1]:
            cells.pop()
        if not cells:
            continue
        signs += sum(map(len, cells))
        if len(kept) == ROWS_AT_MOST or signs > TEXT_AT_MOST:
            raise _RefusedError(_TOO_LARGE)
        kept.append((number, cells))
    return kept


# --- XLSX ----------------------------------------------------------------------------------


def _workbook_rows(content: bytes) -> Iterator[tuple[int, list[str]]]:
    _refuse_bomb(content)
    try:
        book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, keep_links=False)
        sheet = next((one for one in book.worksheets if one.sheet_state == "visible"), None)
        if sheet is None:
            raise _RefusedError(_UNREADABLE)
        sheet.reset_dimensions()  # what a file says of its own size is not believed
        rows = sheet.iter_rows(max_row=LAST_ROW + 1, max_col=COLUMNS_AT_MOST, values_only=True)
        for number, row in enumerate(rows, start=1):
            if number > LAST_ROW:
                raise _RefusedError(_TOO_LARGE)
            if any(value is not None for value in row):
                yield number, [_text(value) for value in row]
    except _BROKEN as error:
        raise _RefusedError(_UNREADABLE) from error


#: What openpyxl lets through of a workbook that is none.
_BROKEN = (
    InvalidFileException,
    zipfile.BadZipFile,
    zlib.error,
    SyntaxError,  # of the XML
    KeyError,
    ValueError,
    TypeError,
    AttributeError,
    IndexError,
    OverflowError,
    OSError,
    EOFError,
)


def _refuse_bomb(content: bytes) -> None:
    """Refuse an archive that unpacks to too much, and one whose XML declares entities."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            parts = packed.infolist()
            if len(parts) > PARTS_AT_MOST or sum(p.file_size for p in parts) > UNPACKED_AT_MOST:
                raise _RefusedError(_TOO_LARGE)
            elements = 0
            for part in parts:
                text = packed.read(part)
                elements += text.count(b"<")
                if elements > ELEMENTS_AT_MOST:
                    raise _RefusedError(_TOO_LARGE)
                if part.filename.endswith((".xml", ".rels")):
                    _refuse_declarations(text)
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError) as error:
        raise _RefusedError(_UNREADABLE) from error


def _refuse_declarations(part: bytes) -> None:
    """No workbook has entities; UTF-16, which could hide them, no program writes here either."""
    if b"\x00" in part or b"<!DOCTYPE" in part or b"<!ENTITY" in part:
        raise _RefusedError(_UNREADABLE)


def _text(value: object) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "да" if value else "нет"
        case datetime() | date():
            return f"{value:%d.%m.%Y}"
        case ArrayFormula() | DataTableFormula():
            return "="
        case float() if value.is_integer():
            return str(int(value))
        case _:
            return str(value).strip()[:CELL_AT_MOST]


# --- CSV -----------------------------------------------------------------------------------


def _csv_rows(content: bytes) -> Iterator[tuple[int, list[str]]]:
    text = _decoded(content)
    if "\x00" in text:
        raise _RefusedError(_UNREADABLE)
    try:
        # A record is a row of the spreadsheet, however many lines its cells have.
        for number, cells in enumerate(_records(text, _delimiter(text)), start=1):
            yield number, [one.strip()[:CELL_AT_MOST] for one in cells[:COLUMNS_AT_MOST]]
    except csv.Error as error:
        raise _RefusedError(_UNREADABLE) from error


def _decoded(content: bytes) -> str:
    """Text in UTF-8, in UTF-16 with its mark, or as Excel in Russian writes it."""
    marked = content[:2] in (b"\xff\xfe", b"\xfe\xff")
    for encoding in ("utf-16",) if marked else ("utf-8-sig", "windows-1251"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise _RefusedError(N_("The letters of the file cannot be read. Save it as CSV in UTF-8."))


def _delimiter(text: str) -> str:
    """The sign that parts most of the first rows into the same number of cells."""

    def alike(sign: str) -> tuple[int, int]:
        widths = Counter(len(row) for row in islice(_records(text, sign), 20) if len(row) > 1)
        return max(((rows, width) for width, rows in widths.items()), default=(0, 0))

    return max(DELIMITERS, key=alike)


def _records(text: str, delimiter: str) -> Iterator[list[str]]:
    return csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
