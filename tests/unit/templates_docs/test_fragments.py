"""A common block brings along what it needs."""

from __future__ import annotations

import struct
import zlib
from io import BytesIO

import pytest
from docx.document import Document
from docx.enum.style import WD_STYLE_TYPE
from docx.opc.constants import RELATIONSHIP_TYPE

from templates_docs.assemble import assemble
from templates_docs.errors import BrokenTemplateError, NotADocumentError, UnknownNameError
from tests.unit.templates_docs.word import ANNA, docx_of, lines_of, made, opened, part_of


def with_block(block: bytes, *, before: str = "до", after: str = "после") -> bytes:
    template = docx_of(before, '{{p block("b") }}', after)
    return assemble(template, {"c": ANNA, "items": ["а", "б"]}, {"b": block})


def test_a_block_stands_where_it_is_called_and_sees_the_same_facts() -> None:
    assert lines_of(with_block(docx_of("Директор", "{{ c.initials }}"))) == [
        "до",
        "Директор",
        "А.П.\u00a0Иванова",
        "после",
    ]


def test_a_block_may_repeat_and_ask() -> None:
    block = docx_of(
        "{%p for i in items %}", "{{ i }}", "{%p endfor %}", "{% if no %}нет{% endif %}"
    )
    assert lines_of(with_block(block)) == ["до", "а", "б", "", "после"]


def test_a_block_inside_a_repetition_sees_the_item() -> None:
    template = docx_of("{%p for i in items %}", '{{p block("b") }}', "{%p endfor %}")
    content = assemble(template, {"items": ["а", "б"]}, {"b": docx_of("{{ i }}")})
    assert lines_of(content) == ["а", "б"]


def test_a_block_may_hold_a_block() -> None:
    blocks = {"outer": docx_of('{{p block("inner") }}'), "inner": docx_of("внутри")}
    assert lines_of(assemble(docx_of('{{p block("outer") }}'), {}, blocks)) == ["внутри"]


def test_an_unknown_block_is_named_with_its_paragraph() -> None:
    with pytest.raises(UnknownNameError) as caught:
        assemble(docx_of("x", '{{p block("bb") }}'), {}, {})
    assert caught.value.params["name"] == "bb"
    assert caught.value.paragraph == 2


def test_a_mistake_inside_a_block_is_found() -> None:
    with pytest.raises(BrokenTemplateError):
        with_block(docx_of("{{ c.fio | }}"))


def test_a_block_that_is_no_document_is_refused() -> None:
    with pytest.raises(NotADocumentError):
        with_block(b"nothing")


def test_a_style_of_the_block_comes_along() -> None:
    def build(document: Document) -> None:
        base = document.styles.add_style("Основа", WD_STYLE_TYPE.PARAGRAPH)
        style = document.styles.add_style("Гриф", WD_STYLE_TYPE.PARAGRAPH)
        style.base_style = base
        document.add_paragraph("УТВЕРЖДЕНО", style="Гриф")

    document = opened(with_block(made(build)))
    approval = document.paragraphs[1]
    assert approval.style is not None
    assert approval.style.name == "Гриф"
    assert approval.style.base_style is not None
    assert approval.style.base_style.name == "Основа"


def test_a_numbered_list_of_the_block_does_not_join_the_document_s_own() -> None:
    def numbered(document: Document) -> None:
        paragraph = document.add_paragraph("пункт")
        properties = paragraph._p.get_or_add_pPr().get_or_add_numPr()
        properties.get_or_add_numId().val = 1

    def template(document: Document) -> None:
        numbered(document)
        document.add_paragraph('{{p block("b") }}')

    content = assemble(made(template), {}, {"b": made(numbered)})
    document = opened(content)
    numbers = [p._p.pPr.numPr.numId.val for p in document.paragraphs]
    assert len(set(numbers)) == 2
    numbering = document.part.numbering_part.element
    known = {num.numId for num in numbering.num_lst}
    assert set(numbers) <= known


def png() -> bytes:
    """Return a picture of one black pixel."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return (
            struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
        )

    header = struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(b"\0\0"))
        + chunk(b"IEND", b"")
    )


def test_a_picture_of_the_block_comes_along() -> None:
    emblem = png()
    content = with_block(made(lambda document: document.add_picture(BytesIO(emblem))))
    document = opened(content)
    assert len(document.inline_shapes) == 1
    images = [
        relation.target_part.blob
        for relation in document.part.rels.values()
        if relation.reltype == RELATIONSHIP_TYPE.IMAGE
    ]
    assert images == [emblem]
    assert b'Extension="png"' in part_of(content, "[Content_Types].xml")


def test_drawings_have_ids_of_their_own() -> None:
    def template(document: Document) -> None:
        document.add_picture(BytesIO(png()))
        document.add_paragraph('{{p block("b") }}')
        document.add_paragraph('{{p block("b") }}')

    block = made(lambda document: document.add_picture(BytesIO(png())))
    document = opened(assemble(made(template), {}, {"b": block}))
    identities = [shape._inline.docPr.id for shape in document.inline_shapes]
    assert len(identities) == len(set(identities)) == 3


def test_the_page_set_up_is_the_document_s_own() -> None:
    def wide(document: Document) -> None:
        document.sections[0].left_margin = 1
        document.add_paragraph("блок")

    document = opened(with_block(made(wide)))
    assert len(document.sections) == 1
    assert document.sections[0].left_margin != 1
