"""The text of a PDF's pages: read as it is shown, and in bounded time whatever the page holds."""

from __future__ import annotations

import time
from io import BytesIO

import pytest
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

from signing.pdf.page_text import page_texts
from signing.pdf.signatures import open_pdf
from tests.unit.signing.conftest import plain_pdf

name = generic.pdf_name


def texts(content: bytes, to_unicode: bytes = b"") -> list[str]:
    """The texts of a page with this content, its font with this map."""
    writer = IncrementalPdfFileWriter(BytesIO(plain_pdf()))
    page = writer.root["/Pages"]["/Kids"][0].get_object()
    page[name("/Contents")] = writer.add_object(generic.StreamObject(stream_data=content))
    if to_unicode:
        stream = writer.add_object(generic.StreamObject(stream_data=to_unicode))
        font = page["/Resources"]["/Font"].raw_get("/F1")
        font.get_object()[name("/ToUnicode")] = stream
        writer.mark_update(font.reference)
    writer.mark_update(page.container_ref)
    output = BytesIO()
    writer.write(output)
    return list(page_texts(open_pdf(output.getvalue())))


MAP = b"""1 begincodespacerange <00> <FF> endcodespacerange
2 beginbfchar
<01> <042D>
<02> <041F00210022>
endbfchar
2 beginbfrange
<10> <12> <0430>
<20> <21> [<042F> <042E>]
endbfrange
"""


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"BT /F1 12 Tf (Order) Tj [(1) -300 (2)] TJ ET", "Order12"),
        (b"BT /F1 12 Tf (a(b)c) Tj (d\\)e\\101) Tj <6667> Tj ET", "a(b)cd)eAfg"),
        (b"(a) ' 1 2 (b) \"", "ab"),
        (b"BT (a) Tj ET BI /W 1 ID (no) Tj EI BT (b) Tj ET", "ab"),
        ("(Приказ) Tj".encode("cp1251"), "Приказ"),
        (b"(never ended", ""),
    ],
)
def test_what_is_shown_is_read(content: bytes, expected: str) -> None:
    assert texts(content) == [expected]


def test_a_map_of_letters_is_followed() -> None:
    assert texts(b"/F1 1 Tf <010210111220 21> Tj", MAP) == ['ЭП!"абвЯЮ']


@pytest.mark.parametrize(
    "content",
    [
        b"(" * 2_000_000,
        b"(a" * 1_000_000,
        b"(\\(\\" * 400_000,
        b"ID " * 700_000,
        b"<0" * 1_000_000,
        b"/A Do " * 300_000,
        b"(a)Tj " * 300_000,
    ],
    ids=["open", "opens", "escapes", "images", "hex", "forms", "strings"],
)
def test_a_page_made_to_hurt_is_read_in_bounded_time(content: bytes) -> None:
    began = time.monotonic()
    assert len(texts(content)) == 1
    assert time.monotonic() - began < 20


@pytest.mark.parametrize(
    "table",
    [
        b"beginbfchar\n" * 100_000,
        b"beginbfrange\n" + b"<00><00>[" * 100_000,
        b"beginbfrange\n" + b"<00000000><ffffffff><0000>" * 50_000,
        b"beginbfchar\n<01> <" + b"0041" * 500_000 + b">\nendbfchar",
    ],
    ids=["sections", "brackets", "ranges", "long"],
)
def test_a_map_made_to_hurt_is_read_in_bounded_time(table: bytes) -> None:
    began = time.monotonic()
    (text,) = texts(b"/F1 1 Tf " + b"<01> Tj " * 1000, table)
    assert len(text) <= 8000
    assert time.monotonic() - began < 20
