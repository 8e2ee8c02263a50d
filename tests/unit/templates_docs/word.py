"""Small Word documents and invented facts for the tests of templates."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable

import docx
from docx.document import Document

from templates_docs.fields import Declension, Gender, OrgFacts, PersonFacts

ANNA = PersonFacts(
    last_name="Иванова",
    first_name="Анна",
    middle_name="Петровна",
    gender=Gender.FEMALE,
    fio=Declension(
        "Иванова Анна Петровна",
        "Ивановой Анны Петровны",
        "Ивановой Анне Петровне",
        "Иванову Анну Петровну",
        "Ивановой Анной Петровной",
        "Ивановой Анне Петровне",
    ),
    post=Declension("методист", "методиста", "методисту", "методиста", "методистом", "методисте"),
)
SCHOOL = OrgFacts(
    full=Declension.unchanging("Школа"),
    short=Declension.unchanging("МБОУ «Школа № 3»"),
    place="г. Тетюши",
)


def made(build: Callable[[Document], object]) -> bytes:
    """Return the bytes of a document after `build` has put something into it."""
    document = docx.Document()
    build(document)
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def docx_of(*paragraphs: str) -> bytes:
    """Return a document with these paragraphs."""

    def build(document: Document) -> None:
        for paragraph in paragraphs:
            document.add_paragraph(paragraph)

    return made(build)


def opened(content: bytes) -> Document:
    return docx.Document(io.BytesIO(content))


def lines_of(content: bytes) -> list[str]:
    """Return the texts of the paragraphs, as python-docx, a reader that is not ours, sees them."""
    return [paragraph.text for paragraph in opened(content).paragraphs]


def with_part(content: bytes, name: str, part: bytes) -> bytes:
    """Return the document with one part put in or replaced."""
    stream = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as old,
        zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for member in old.namelist():
            if member != name:
                new.writestr(member, old.read(member))
        new.writestr(name, part)
    return stream.getvalue()


def part_of(content: bytes, name: str) -> bytes:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return archive.read(name)
