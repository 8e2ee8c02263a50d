"""A .docx is looked at before it is opened."""

from __future__ import annotations

import contextlib
import io
import random
import zipfile

import pytest
from docx.document import Document
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from hypothesis import given, settings
from hypothesis import strategies as st

from templates_docs.assemble import assemble
from templates_docs.errors import NotADocumentError, TemplateError
from templates_docs.package import MAX_FILE, read_package, write_package
from tests.unit.templates_docs.word import docx_of, made, part_of, with_part


def test_what_word_writes_is_read_and_written_again() -> None:
    parts = read_package(docx_of("текст"))
    assert read_package(write_package(parts)) == parts


@pytest.mark.parametrize("seed", range(5))
def test_random_bytes_are_no_document(seed: int) -> None:
    with pytest.raises(NotADocumentError):
        read_package(random.Random(seed).randbytes(4000))


@pytest.mark.parametrize("cut", [10, 500, 5000])
def test_a_torn_file_is_no_document(cut: int) -> None:
    with pytest.raises(NotADocumentError):
        read_package(docx_of("текст")[:-cut])


def test_a_zip_without_a_document_is_refused() -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("readme.txt", "нет")
    with pytest.raises(NotADocumentError):
        read_package(stream.getvalue())


def test_a_changed_byte_is_noticed() -> None:
    content = bytearray(docx_of("текст"))
    content[len(content) // 2] ^= 0xFF
    with pytest.raises(NotADocumentError):
        read_package(bytes(content))


WHOLE = docx_of("{{ a }}")


@given(st.integers(0, len(WHOLE) - 1), st.integers(1, 255), st.integers(0, 30), st.booleans())
@settings(deadline=None, max_examples=100)
def test_damage_anywhere_is_a_refusal_or_a_document(
    place: int, change: int, length: int, near_the_end: bool
) -> None:
    at = len(WHOLE) - 1 - place % 2000 if near_the_end else place
    damaged = bytearray(WHOLE)
    for position in range(at, min(at + length + 1, len(damaged))):
        damaged[position] ^= change
    with contextlib.suppress(TemplateError):
        assemble(bytes(damaged), {"a": "x"}, {})


def test_a_file_that_is_too_big_is_refused_unread() -> None:
    with pytest.raises(NotADocumentError, match="larger"):
        read_package(b"P" * (MAX_FILE + 1))


def test_a_file_that_unpacks_to_too_much_is_refused() -> None:
    with pytest.raises(NotADocumentError, match="unpacks"):
        read_package(with_part(docx_of("x"), "word/media/bomb.png", b"\0" * 60 * 2**20))


@pytest.mark.parametrize(
    "name", ["word/vbaProject.bin", "word/embeddings/sheet.xlsx", "word/activeX/control.xml"]
)
def test_macros_and_embedded_objects_are_refused(name: str) -> None:
    with pytest.raises(NotADocumentError, match="macros"):
        read_package(with_part(docx_of("x"), name, b"<x/>"))


def test_entities_are_refused() -> None:
    evil = b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><x>&a;</x>'
    with pytest.raises(NotADocumentError, match="DOCTYPE"):
        read_package(with_part(docx_of("x"), "word/settings.xml", evil))


def test_a_picture_from_elsewhere_is_refused() -> None:
    content = docx_of("x")
    relations = part_of(content, "word/_rels/document.xml.rels").replace(
        b"</Relationships>",
        b'<Relationship Id="rIdX" TargetMode="External" Target="http://example.invalid/a.png" '
        b'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/image"/>'
        b"</Relationships>",
    )
    with pytest.raises(NotADocumentError, match="outside itself"):
        read_package(with_part(content, "word/_rels/document.xml.rels", relations))


def test_the_author_s_own_word_template_is_forgotten() -> None:
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/attachedTemplate"
    relations = (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        f'<Relationship Id="rId1" Type="{kind}" Target="file:///C:/a.dotm" TargetMode="External"/>'
        "</Relationships>"
    ).encode()
    content = docx_of("x")
    settings = part_of(content, "word/settings.xml").replace(
        b"<w:zoom",
        b'<w:attachedTemplate xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/'
        b'relationships" r:id="rId1"/><w:zoom',
    )
    assert b"attachedTemplate" in settings
    content = with_part(content, "word/settings.xml", settings)
    parts = read_package(with_part(content, "word/_rels/settings.xml.rels", relations))
    assert b"attachedTemplate" not in parts["word/settings.xml"]
    assert b"a.dotm" not in parts["word/_rels/settings.xml.rels"]


@pytest.mark.parametrize("kind", ["aFChunk", "oleObject", "control"])
def test_relations_to_foreign_content_are_refused(kind: str) -> None:
    content = docx_of("x")
    base = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    relations = part_of(content, "word/_rels/document.xml.rels").replace(
        b"</Relationships>",
        f'<Relationship Id="rIdX" Target="x.dat" Type="{base}/{kind}"/></Relationships>'.encode(),
    )
    with pytest.raises(NotADocumentError, match="embedded"):
        read_package(with_part(content, "word/_rels/document.xml.rels", relations))


def field_of(*pieces: str) -> bytes:
    def build(document: Document) -> None:
        run = document.add_paragraph().add_run()
        begin = OxmlElement("w:fldChar")
        begin.set(qn("w:fldCharType"), "begin")
        run._r.append(begin)
        for piece in pieces:
            code = OxmlElement("w:instrText")
            code.text = piece
            run._r.append(code)
        end = OxmlElement("w:fldChar")
        end.set(qn("w:fldCharType"), "end")
        run._r.append(end)

    return made(build)


def test_page_numbers_are_allowed() -> None:
    assert read_package(field_of(" PAGE ", "\\* MERGEFORMAT"))


@pytest.mark.parametrize(
    "pieces", [(' INCLUDETEXT "/etc/passwd" ',), (" INCLUDE", "PICTURE x"), (" DDEAUTO c x",)]
)
def test_fields_that_read_other_files_are_refused(pieces: tuple[str, ...]) -> None:
    with pytest.raises(NotADocumentError, match="Word field"):
        read_package(field_of(*pieces))
