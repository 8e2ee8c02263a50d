"""Word documents become PDF through the real LibreOffice."""

from __future__ import annotations

import os
import random
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from docx.document import Document
from docx.enum.text import WD_BREAK

from templates_docs import convert
from templates_docs.convert import (
    ConversionFailure,
    Converted,
    DocxFile,
    PdfProfile,
    primed_profile,
    to_pdf,
)
from templates_docs.errors import ConversionError
from templates_docs.package import read_package, write_package
from tests.unit.templates_docs.word import docx_of, made

CREATED = datetime(2026, 1, 20, 9, 0, tzinfo=UTC)


def pages(count: int) -> bytes:
    def build(document: Document) -> None:
        for number in range(count):
            paragraph = document.add_paragraph(f"Страница {number + 1}")
            if number + 1 < count:
                paragraph.add_run().add_break(WD_BREAK.PAGE)

    return made(build)


def text_of(pdf: bytes) -> str:
    printed = subprocess.run(["pdftotext", "-", "-"], input=pdf, capture_output=True, check=True)
    return printed.stdout.decode()


def loads_in_our_reader_only(text: str) -> bytes:
    """Return a package that passes our door, and that LibreOffice cannot read."""
    parts = read_package(docx_of(text))
    parts["word/document.xml"] = b"<nonsense/>"
    parts["_rels/.rels"] = b"<nonsense/>"
    return write_package(parts)


def running_soffice(profile_part: str) -> list[int]:
    """Return the LibreOffice processes whose command line holds `profile_part`."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                line = (entry / "cmdline").read_bytes().decode(errors="replace")
            except OSError:
                continue
            if "soffice.bin" in line.split("\0")[0] and profile_part in line:
                found.append(int(entry.name))
    return found


def wait_until(condition: Callable[[], bool], seconds: float) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():
            return True
        time.sleep(0.05)
    return condition()


def test_a_document_becomes_a_pdf_with_its_text_and_pages() -> None:
    (outcome,) = to_pdf([DocxFile("приказ", pages(3))])
    assert isinstance(outcome, Converted)
    assert (outcome.name, outcome.pages) == ("приказ", 3)
    assert "Страница 3" in text_of(outcome.pdf)


@pytest.mark.parametrize(
    ("profile", "marks"),
    [
        (PdfProfile.A2B, (b"<pdfaid:part>2<", b"<pdfaid:conformance>B<")),
        (PdfProfile.A1A, (b"<pdfaid:part>1<", b"<pdfaid:conformance>A<")),
        (PdfProfile.PLAIN, ()),
    ],
)
def test_the_kind_of_pdf_is_the_one_asked_for(
    profile: PdfProfile, marks: tuple[bytes, ...]
) -> None:
    (outcome,) = to_pdf([DocxFile("x", pages(1))], profile=profile)
    assert isinstance(outcome, Converted)
    assert all(mark in outcome.pdf for mark in marks)
    assert (b"pdfaid:part" in outcome.pdf) == bool(marks)


def test_a_labour_document_is_tagged() -> None:
    (outcome,) = to_pdf([DocxFile("x", pages(1))], profile=PdfProfile.A1A)
    assert isinstance(outcome, Converted)
    info = subprocess.run(["pdfinfo", "-"], input=outcome.pdf, capture_output=True, check=True)
    assert re.search(r"^Tagged:\s+yes$", info.stdout.decode(), re.MULTILINE)


def test_twenty_five_files_are_one_call(monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[int] = []
    real = convert._call

    def counted(
        files: dict[int, DocxFile], profile: PdfProfile, timeout: float
    ) -> tuple[dict[int, Converted], bool]:
        calls.append(len(files))
        return real(files, profile, timeout)

    monkeypatch.setattr(convert, "_call", counted)
    outcomes = to_pdf([DocxFile(str(n), docx_of(f"Документ {n}.")) for n in range(25)])
    assert calls == [25]
    assert [outcome.name for outcome in outcomes] == [str(n) for n in range(25)]
    for number, outcome in enumerate(outcomes):
        assert isinstance(outcome, Converted)
        assert f"Документ {number}." in text_of(outcome.pdf)


@pytest.mark.parametrize(
    "broken", [random.Random(1).randbytes(3000), docx_of("x")[:-200], b"", b"%PDF-1.7 no"]
)
def test_what_is_no_word_document_never_reaches_libreoffice(broken: bytes) -> None:
    (outcome,) = to_pdf([DocxFile("сломан", broken)], timeout=0.001)
    assert isinstance(outcome, ConversionFailure)
    assert (outcome.name, outcome.code) == ("сломан", "template.not_a_document")


def test_a_broken_document_in_a_batch_of_five_fails_alone() -> None:
    files = [DocxFile(str(n), docx_of(f"Документ {n}.")) for n in range(5)]
    files[2] = DocxFile("2", loads_in_our_reader_only("x"))
    outcomes = to_pdf(files)
    assert [isinstance(outcome, Converted) for outcome in outcomes] == [
        True,
        True,
        False,
        True,
        True,
    ]
    failure = outcomes[2]
    assert isinstance(failure, ConversionFailure)
    assert failure.code == "template.not_converted"


def test_a_document_that_takes_too_long_is_stopped_with_all_its_processes() -> None:
    started = time.monotonic()
    primed_profile()
    (outcome,) = to_pdf([DocxFile("долгий", pages(1))], timeout=0.05)
    assert isinstance(outcome, ConversionFailure)
    assert outcome.code == "template.conversion_timeout"
    assert time.monotonic() - started < 30
    assert wait_until(lambda: not running_soffice(f"marshrut-pdf-{os.getpid()}-"), 5)


def test_killing_the_caller_kills_libreoffice() -> None:
    program = (
        "import sys; from pathlib import Path; from templates_docs.convert import *\n"
        "content = Path(sys.argv[1]).read_bytes()\n"
        "to_pdf([DocxFile(str(n), content) for n in range(25)])\n"
    )
    place = Path(primed_profile()).parent / "long.docx"
    place.write_bytes(pages(200))
    with subprocess.Popen([sys.executable, "-c", program, str(place)]) as caller:
        own = f"marshrut-pdf-{caller.pid}-"
        assert wait_until(lambda: bool(running_soffice(own)), 30)
        caller.send_signal(signal.SIGKILL)
        caller.wait(10)
    assert wait_until(lambda: not running_soffice(own), 5)


def test_the_date_of_the_pdf_is_the_one_given() -> None:
    (outcome,) = to_pdf([DocxFile("x", pages(1), CREATED)])
    assert isinstance(outcome, Converted)
    assert b"/CreationDate(D:20260120090000Z" in outcome.pdf
    assert b"<xmp:CreateDate>2026-01-20T09:00:00Z<" in outcome.pdf


@pytest.mark.parametrize("profile", PdfProfile)
def test_the_same_document_becomes_the_same_pdf(profile: PdfProfile) -> None:
    file = DocxFile("x", pages(2), CREATED)
    first, second = (to_pdf([file], profile=profile)[0] for _ in range(2))
    assert isinstance(first, Converted)
    assert isinstance(second, Converted)
    assert first.pdf == second.pdf


@pytest.mark.parametrize("profile", PdfProfile)
def test_every_object_of_the_dated_pdf_is_where_its_table_says(profile: PdfProfile) -> None:
    (outcome,) = to_pdf([DocxFile("x", pages(2), CREATED)], profile=profile)
    assert isinstance(outcome, Converted)
    (start,) = re.findall(rb"startxref\n(\d+)\n", outcome.pdf)
    offsets = re.findall(rb"(\d{10}) 00000 n \n", outcome.pdf[int(start) :])
    assert len(offsets) > 5
    for number, offset in enumerate(offsets, start=1):
        assert outcome.pdf.startswith(b"%d 0 obj" % number, int(offset))


def test_a_tidied_temporary_folder_does_no_harm() -> None:
    shutil.rmtree(primed_profile())
    (outcome,) = to_pdf([DocxFile("x", pages(1))])
    assert isinstance(outcome, Converted)


def test_a_machine_without_libreoffice_is_told_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(convert, "SOFFICE", Path("/nowhere/soffice.bin"))
    primed_profile.cache_clear()
    with pytest.raises(ConversionError, match="not installed"):
        to_pdf([DocxFile("x", pages(1))])
    primed_profile.cache_clear()


def test_a_naive_moment_is_refused() -> None:
    with pytest.raises(ValueError, match="naive"):
        to_pdf([DocxFile("x", pages(1), datetime(2026, 1, 20))])  # noqa: DTZ001 - the point
