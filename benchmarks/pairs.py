"""What is measured: assemble, convert, sign, verify; both sides get the same bytes.

Before anything is measured both sides are shown to have done the work: the same text, as many
pages, signatures that the other side accepts.
"""

from __future__ import annotations

import re
import zipfile
from io import BytesIO
from pathlib import Path

from benchmarks.bare import NotValidError, OpenSsl, PyHanko, Soffice, render
from benchmarks.measure import Pair, repeat
from benchmarks.roadmap import facts, template
from benchmarks.signer import Signer, make_signer
from signing.sign import sign_detached, sign_pdf
from signing.validate import Validation, validate_detached, validate_pdf
from signing.verdicts import Verdict
from templates_docs.assemble import assemble
from templates_docs.convert import Converted, DocxFile, to_pdf
from templates_docs.pdf import count_pages


class DifferentWorkError(Exception):
    """The two sides did not do the same: comparing their speed would mean nothing."""


def make_pairs(folder: Path, documents: int, batch: int) -> list[Pair]:
    """Return the six comparisons: `documents` in each run, `batch` in one conversion.

    `folder` is for keys and profiles of this run. Raises DifferentWorkError, NotValidError.
    """
    source, values = template(), facts()
    docx = assemble(source, values, {})
    _demand_same(_text(docx), _text(render(source, values)))
    soffice = Soffice(folder)
    pdf = _converted(docx, 1)[0]
    _demand_same(count_pages(pdf), count_pages(soffice.convert([docx])[0]))
    signer = make_signer()
    signer.write_pem(folder)
    return [
        Pair(
            "assemble",
            "docxtpl",
            documents,
            lambda: repeat(documents, lambda: assemble(source, values, {})),
            lambda: repeat(documents, lambda: render(source, values)),
        ),
        Pair(
            "convert",
            "one `soffice` call",
            batch,
            lambda: _converted(docx, batch),
            lambda: soffice.convert([docx] * batch),
        ),
        *_pdf_pairs(pdf, signer, PyHanko(signer, folder), documents),
        *_detached_pairs(pdf, signer, OpenSsl(folder), documents),
    ]


def made_pdf() -> bytes:
    """Return the roadmap as PDF: what signatures are measured over."""
    return _converted(assemble(template(), facts(), {}), 1)[0]


def _pdf_pairs(pdf: bytes, signer: Signer, pyhanko: PyHanko, documents: int) -> list[Pair]:
    grounds = signer.grounds
    ours, theirs = sign_pdf(pdf, signer.key, signer.now), pyhanko.sign(pdf)
    pyhanko.verify(ours)
    demand_valid(validate_pdf(theirs, grounds))
    return [
        Pair(
            "sign, PAdES",
            "pyHanko",
            documents,
            lambda: repeat(documents, lambda: sign_pdf(pdf, signer.key, signer.now)),
            lambda: repeat(documents, lambda: pyhanko.sign(pdf)),
        ),
        Pair(
            "verify, PAdES",
            "pyHanko",
            documents,
            lambda: repeat(documents, lambda: demand_valid(validate_pdf(ours, grounds))),
            lambda: repeat(documents, lambda: pyhanko.verify(ours)),
        ),
    ]


def _detached_pairs(pdf: bytes, signer: Signer, openssl: OpenSsl, documents: int) -> list[Pair]:
    grounds = signer.grounds
    ours, theirs = sign_detached(pdf, signer.key, signer.now), openssl.sign(pdf)
    openssl.verify(pdf, ours)
    demand_valid(validate_detached(pdf, theirs, grounds))
    return [
        Pair(
            "sign, CAdES",
            "`openssl cms`, a process each",
            documents,
            lambda: repeat(documents, lambda: sign_detached(pdf, signer.key, signer.now)),
            lambda: repeat(documents, lambda: openssl.sign(pdf)),
        ),
        Pair(
            "verify, CAdES",
            "`openssl cms`, a process each",
            documents,
            lambda: repeat(documents, lambda: demand_valid(validate_detached(pdf, ours, grounds))),
            lambda: repeat(documents, lambda: openssl.verify(pdf, ours)),
        ),
    ]


def demand_valid(validation: Validation) -> None:
    """Raise NotValidError unless the signature was judged valid."""
    if validation.report.verdict is not Verdict.VALID:
        raise NotValidError(validation.report.to_json())


def _converted(docx: bytes, count: int) -> list[bytes]:
    outcomes = to_pdf([DocxFile(str(number), docx) for number in range(count)])
    pdfs = [outcome.pdf for outcome in outcomes if isinstance(outcome, Converted)]
    if len(pdfs) != count:
        raise DifferentWorkError(outcomes)
    return pdfs


def _text(docx: bytes) -> str:
    with zipfile.ZipFile(BytesIO(docx)) as package:
        return re.sub(r"<[^>]+>|\s+", "", package.read("word/document.xml").decode())


def _demand_same(ours: object, theirs: object) -> None:
    if ours != theirs:
        raise DifferentWorkError(f"{ours!r:.200} is not {theirs!r:.200}")
