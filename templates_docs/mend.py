"""Make what a rendered template leaves behind into XML that Word opens without complaint."""

from __future__ import annotations

import re
from itertools import count

from docxtpl import DocxTemplate
from lxml import etree

from templates_docs.errors import N_, BrokenTemplateError
from templates_docs.filters import EMPTY_MARK
from templates_docs.fragments import w
from templates_docs.package import serialize

_DRAWING_ID = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}docPr"
_VISIBLE = (w("drawing"), w("pict"), w("object"), w("br"), w("fldChar"), w("sectPr"))


def mend(xml: str) -> bytes:
    """Return the bytes of the part.

    Paragraphs and rows in which an optional field printed nothing go away; tables without rows go;
    a cell keeps a paragraph; columns share the width; drawings get ids of their own. Raises
    BrokenTemplateError where a tag left XML that no word processor reads.
    """
    xml = re.sub(r"\n(?=<w:p[ >/])", "", xml)
    try:
        root = etree.fromstring(xml.encode())
    except etree.XMLSyntaxError as error:
        raise _misplaced() from error
    if any(len(text) for text in root.iter(w("t"))):
        raise _misplaced()
    if any(_misfits(table) for table in root.iter(w("tbl"))) and _grids_known(root):
        root = DocxTemplate(None).fix_tables(etree.tostring(root, encoding="unicode"))
    if EMPTY_MARK in xml:
        _drop_empty(root)
    _drop_hollow_tables(root)
    for number, drawing in zip(count(1), root.iter(_DRAWING_ID), strict=False):
        drawing.set("id", str(number))
    return serialize(root)


def _misfits(table: etree._Element) -> bool:
    """True when columns were left out or repeated (`{%tc`), so that the grid fits no longer."""
    grid = table.find(w("tblGrid"))
    if any(True for _ in table.iter(w("sdt"))):
        # A content control may hold rows and cells; such a table is left as it is.
        return False
    widest = max((_columns_of(row) for row in table.findall(w("tr"))), default=0)
    return grid is not None and widest not in (0, len(grid))


def _columns_of(row: etree._Element) -> int:
    cells = row.findall(w("tc"))
    spans = row.iterfind(f"{w('tc')}/{w('tcPr')}/{w('gridSpan')}")
    left_free = row.iterfind(f"{w('trPr')}/*")
    widths = [
        *(_number(span) - 1 for span in spans),
        *(_number(gap) for gap in left_free if gap.tag in (w("gridBefore"), w("gridAfter"))),
    ]
    return len(cells) + sum(widths)


def _number(element: etree._Element) -> int:
    text = str(element.get(w("val")))
    return int(text) if text.isdecimal() else 1


def _grids_known(root: etree._Element) -> bool:
    """True when every table says how wide its columns are, which docxtpl's fitting needs."""
    grids = [table.find(w("tblGrid")) for table in root.iter(w("tbl"))]
    return all(
        grid is not None and all(str(column.get(w("w"))).isdecimal() for column in grid)
        for grid in grids
    )


def _misplaced() -> BrokenTemplateError:
    return BrokenTemplateError(
        N_("A tag stands where it breaks the document: a block or a repetition needs a line alone.")
    )


def _drop_empty(root: etree._Element) -> None:
    for row in list(root.iter(w("tr"))):
        if EMPTY_MARK in _text(row) and _is_blank(row):
            _remove(row)
    for paragraph in list(root.iter(w("p"))):
        if EMPTY_MARK in _text(paragraph) and _is_blank(paragraph):
            _remove(paragraph)
    for text in root.iter(w("t")):
        text.text = (text.text or "").replace(EMPTY_MARK, "")


def _text(element: etree._Element) -> str:
    return "".join(text.text or "" for text in element.iter(w("t")))


def _is_blank(element: etree._Element) -> bool:
    return not _text(element).replace(EMPTY_MARK, "").strip() and not any(
        True for _ in element.iter(*_VISIBLE)
    )


def _drop_hollow_tables(root: etree._Element) -> None:
    for table in list(root.iter(w("tbl"))):
        if table.find(w("tr")) is None:
            _remove(table)
    for cell in root.iter(w("tc")):
        if len(cell) == 0 or cell[-1].tag != w("p"):
            etree.SubElement(cell, w("p"))


def _remove(element: etree._Element) -> None:
    parent = element.getparent()
    if parent is not None:
        parent.remove(element)
