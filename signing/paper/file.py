"""Writes canvases as a PDF of A4 pages."""

from __future__ import annotations

import io
from collections.abc import Sequence

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.generic import pdf_name, pdf_string
from pyhanko.pdf_utils.writer import PdfFileWriter

from signing.paper.canvas import A4, Canvas, font_resources
from signing.paper.objects import append_page, dictionary, new_file, stream


def add_sheets(
    writer: PdfFileWriter, canvases: Sequence[Canvas], fonts: generic.DictionaryObject
) -> None:
    """Append one A4 page for each canvas."""
    for canvas in canvases:
        append_page(writer, stream(canvas.content()), A4, dictionary({"/Font": fonts}))


def sheets_as_pdf(canvases: Sequence[Canvas], title: str) -> bytes:
    """Return a PDF with one A4 page for each canvas."""
    writer = new_file()
    add_sheets(writer, canvases, font_resources(writer, canvases))
    return written(writer, title)


def written(writer: PdfFileWriter, title: str) -> bytes:
    """Give the file its title and its language and return its bytes."""
    writer.document_meta.title = title
    writer.document_meta.creator = "Marshrut"
    writer.root[pdf_name("/Lang")] = pdf_string("ru-RU")
    writer.root[pdf_name("/ViewerPreferences")] = dictionary({"/DisplayDocTitle": True})
    out = io.BytesIO()
    writer.write(out)  # type: ignore[no-untyped-call] # pyHanko is untyped here
    return out.getvalue()
