"""Tables as workbooks (XLSX) that no spreadsheet program mistakes for formulas."""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from datetime import date

from openpyxl import Workbook
from openpyxl.cell import Cell, WriteOnlyCell
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

MIME = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
WIDEST = 60  # characters
LONGEST = 32_767  # characters in a cell, by the format
DATE_FORMAT = "DD.MM.YYYY"
DATE_WIDTH = len("30.01.2026")

Value = str | int | date
"""What a cell holds: words stay words, dates and numbers can be sorted and counted."""

# What begins so is a formula, or becomes one when the sheet is saved as CSV and opened again.
_FORMULA = re.compile(r"[=+\-@\t\r]")
_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")

_BOLD = Font(bold=True)
_WRAPPED = Alignment(wrap_text=True, vertical="top")


def workbook(
    title: str, heading: Sequence[str], columns: Sequence[str], rows: Sequence[Sequence[Value]]
) -> bytes:
    """Return a workbook with one sheet: `heading` line by line, then the table.

    Rows go straight into the file, so that a journal of ten thousand takes little memory.
    """
    book = Workbook(write_only=True)
    sheet = book.create_sheet(re.sub(r"[\[\]:*?/\\]", " ", title)[:31])
    _lay_out(sheet, columns, rows, first=len(heading) + 2)
    for number, line in enumerate(heading, start=1):
        sheet.append([_cell(sheet, line, bold=number == 1)])
    sheet.append([])
    sheet.append([_cell(sheet, name, bold=True, wrapped=True) for name in columns])
    for row in rows:
        sheet.append([_cell(sheet, value, wrapped=True) for value in row])
    saved = io.BytesIO()
    book.save(saved)
    return saved.getvalue()


def _cell(sheet: Worksheet, value: Value, *, bold: bool = False, wrapped: bool = False) -> Cell:
    """A cell of a date, a number, or of words that stay words whatever they look like."""
    cell = WriteOnlyCell(sheet)
    if isinstance(value, str):
        cell.value = _UNPRINTABLE.sub("", value)[:LONGEST]
        cell.data_type = "s"
        cell.quotePrefix = bool(_FORMULA.match(value))
    else:
        cell.value = value
        if isinstance(value, date):
            cell.number_format = DATE_FORMAT
    if bold:
        cell.font = _BOLD
    if wrapped:
        cell.alignment = _WRAPPED
    return cell


def _lay_out(
    sheet: Worksheet,
    columns: Sequence[str],
    rows: Sequence[Sequence[Value]],
    first: int,
) -> None:
    """Widths, the frozen heading in line `first`, a page that fits: set before the first row."""
    for place, name in enumerate(columns, start=1):
        longest = max((_width(row[place - 1]) for row in rows), default=0)
        width = min(WIDEST, max(len(name[:25]), longest) + 2)
        sheet.column_dimensions[get_column_letter(place)].width = width
    sheet.freeze_panes = f"B{first + 1}"
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)


def _width(value: Value) -> int:
    if isinstance(value, date):
        return DATE_WIDTH
    return max(len(line) for line in str(value).split("\n"))
