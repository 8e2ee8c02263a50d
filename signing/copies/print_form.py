"""What is printed to be signed with a pen: the fixed files as they are, and a sheet behind them.

Nothing is drawn on the pages of the document. The sheet asks those who have to be acquainted with
it for signature and date; their names stand there already.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.generic import pdf_name
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.pdf_utils.writer import PdfFileWriter

from signing.copies.marks import Text
from signing.copies.original_pages import OriginalUnreadableError, copy_original
from signing.errors import refuse_larger
from signing.paper.canvas import MM, Canvas, font_resources
from signing.paper.file import add_sheets, sheets_as_pdf, written
from signing.paper.flow import Column, Flow
from signing.paper.objects import dictionary
from signing.pdf.signatures import MAX_PDF
from signing.words import N_

ROW_FOR_A_PEN = 11 * MM


@dataclass(frozen=True)
class InkLine:
    """Somebody who is to sign the sheet; `name` is «Фамилия И.О.»."""

    name: str
    post: str


@dataclass(frozen=True)
class PrintForm:
    """The files in their order (PDF), and who signs the sheet behind them.

    `document` names it («Приказ от 25.08.2026 № 118-о/д …»). Without files only the sheet is made,
    without people only the files are.
    """

    document: str
    files: tuple[bytes, ...]
    people: tuple[InkLine, ...] = ()


def make_print_form(form: PrintForm, text: Text) -> bytes:
    """Return the PDF to print.

    Raises TooLargeError, OriginalUnreadableError, TooManyPagesError, TypefaceMissingError;
    ValueError when there is nothing to print.
    """
    if not form.files and not form.people:
        raise ValueError("neither files nor people")
    for file in form.files:
        refuse_larger(file, MAX_PDF)
    sheets = ink_sheet(form.document, form.people, text).sheets if form.people else []
    if not form.files:
        return sheets_as_pdf(sheets, form.document)
    return _joined(form, sheets)


def ink_sheet(document: str, people: Sequence[InkLine], text: Text) -> Flow:
    """Return the acknowledgement sheet with names and room for signature and date."""
    flow = Flow()
    flow.title(text(N_("Acknowledgement sheet")))
    flow.gap(2)
    flow.title(document, size=11)
    flow.gap(5)
    flow.paragraph(text(N_("I have been acquainted with the document:")))
    flow.gap(2)
    columns = [
        Column(text(N_("№")), 1),
        Column(text(N_("Surname, initials")), 5),
        Column(text(N_("Post")), 6),
        Column(text(N_("Signature")), 5),
        Column(text(N_("Date")), 4),
    ]
    rows = [
        (str(number), line.name, line.post, "", "") for number, line in enumerate(people, start=1)
    ]
    flow.table(columns, rows, least=ROW_FOR_A_PEN)
    return flow


def _joined(form: PrintForm, sheets: Sequence[Canvas]) -> bytes:
    writer, _pages = copy_original(form.files[0])
    for file in form.files[1:]:
        other, _pages = copy_original(file)
        _append_pages(writer, other, form.document)
    if sheets:
        add_sheets(writer, sheets, font_resources(writer, sheets))
    return written(writer, form.document)


def _append_pages(writer: PdfFileWriter, other: PdfFileWriter, title: str) -> None:
    """Hang the page tree of another file behind the pages of the first."""
    try:
        reader = PdfFileReader(io.BytesIO(written(other, title)))
        tree = writer.import_object(reader.root.raw_get("/Pages"))
        node, root = _followed(tree), writer.root["/Pages"]
        node[pdf_name("/Parent")] = writer.root.raw_get("/Pages")
        root["/Kids"].append(tree)
        root.update(dictionary({"/Count": int(root["/Count"]) + int(node["/Count"])}))
    except (PdfError, KeyError, TypeError, ValueError) as error:
        raise OriginalUnreadableError from error


def _followed(found: generic.PdfObject) -> generic.DictionaryObject:
    node = found.get_object()  # type: ignore[no-untyped-call] # pyHanko is untyped here
    if not isinstance(node, generic.DictionaryObject):
        raise OriginalUnreadableError
    return node
