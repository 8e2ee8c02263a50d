"""Tables as workbooks (XLSX) that no spreadsheet program mistakes for formulas."""

from __future__ import annotations

import io
import re
from collections.abc import Sequence

from openpyxl import Workbook
from openpyxl.cell import Cell
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

MIME = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
WIDEST = 60  # characters
LONGEST = 32_767  # characters in a cell, by the format

# What begins so is a formula, or becomes one when the sheet is saved as CSV and opened again.
_FORMULA = re.compile(r"[=+\-@\t\r]")
_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")


def workbook(
    title: str, heading: Sequence[str], columns: Sequence[str], rows: Sequence[Sequence[str]]
) -> bytes:
    """Return a workbook with one sheet: `heading` line by line, then the table."""
    book = Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    sheet.title = re.sub(r"[\[\]:*?/\\]", " ", title)[:31]
    for number, line in enumerate(heading, start=1):
        _write(sheet, number, 1, line).font = Font(bold=number == 1)
    first = len(heading) + 2
    for offset, row in enumerate([columns, *rows]):
        for place, text in enumerate(row, start=1):
            written = _write(sheet, first + offset, place, text)
            written.font = Font(bold=offset == 0)
            written.alignment = Alignment(wrap_text=True, vertical="top")
    _fit(sheet, columns, rows)
    sheet.freeze_panes = f"B{first + 1}"
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    saved = io.BytesIO()
    book.save(saved)
    return saved.getvalue()


def _write(sheet: Worksheet, row: int, column: int, text: str) -> Cell:
    """Put text into a cell as text, whatever it looks like."""
    cell = sheet.cell(row, column)
    assert isinstance(cell, Cell)  # nothing is merged
    cell.value = _UNPRINTABLE.sub("", text)[:LONGEST]
    cell.data_type = "s"
    cell.quotePrefix = bool(_FORMULA.match(text))
    return cell


def _fit(sheet: Worksheet, columns: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    for place, name in enumerate(columns, start=1):
        lines = [line for row in rows for line in row[place - 1].split("\n")]
        longest = max((len(line) for line in [name[:25], *lines]), default=0)
        sheet.column_dimensions[get_column_letter(place)].width = min(WIDEST, longest + 2)
