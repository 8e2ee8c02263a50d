"""Marks of an electronic signature that are only drawn: «отметка об ЭП без подписи».

A mark (ГОСТ Р 7.0.97-2016, 5.23) proves nothing; it belongs on a copy. Where the file has no
signature, or none by whom the mark names, the reader is told so.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from signing.expectation import folded_name
from signing.pdf.page_text import page_texts
from signing.pdf.signatures import open_pdf
from signing.verdicts import CertificateFacts, NotUnderstood, Remark
from signing.words import N_

PHRASE = re.compile(
    r"(?:документ|файл)\W*подписан\W*"
    r"(?:усиленн\w*\W*)?(?:не)?(?:квалифицированн\w*\W*)?(?:прост\w*\W*)?"
    r"(?:электронной|эп\b)"
)
BEFORE, AFTER = 60, 500
MAX_MARKS = 20
NAMES_SOMEBODY = ("сертификат", "владелец", "подписант")

ALONE = N_(
    "Mark of an electronic signature without a signature: page {page} shows one, the file has "
    "none. It may be a copy: ask for the original with its signature."
)
NOT_OF_THESE = N_(
    "Mark of an electronic signature without a signature: the mark on page {page} names somebody "
    "whose signature is not there. Ask for the signature of whom it names."
)
NAMES_NOBODY = N_(
    "Mark of an electronic signature: page {page} says that the document is signed. That is text "
    "on the page; what counts is the signatures below."
)


def painted_marks(
    pdf: bytes, signers: Iterable[CertificateFacts | None]
) -> tuple[tuple[NotUnderstood, ...], tuple[Remark, ...]]:
    """Return the marks without a signature of whom they name: what leaves the file undecided, rest.

    `signers` are the certificates of the signatures that were found, in the file or beside it.
    Raises what `open_pdf` raises.
    """
    certificates = list(signers)
    strange: dict[int, NotUnderstood] = {}
    remarks: dict[int, Remark] = {}
    for page, mark in _marks(pdf):
        where = {"page": page}
        if not certificates:
            remarks[page] = Remark("mark_without_signature", ALONE, where)
        elif any(_is_named(each, mark) for each in certificates if each is not None):
            continue
        elif any(word in mark for word in NAMES_SOMEBODY):
            strange[page] = NotUnderstood("mark_of_another", NOT_OF_THESE, where)
        else:
            remarks[page] = Remark("mark_names_nobody", NAMES_NOBODY, where)
    return tuple(strange.values()), tuple(remarks.values())


def _marks(pdf: bytes) -> list[tuple[int, str]]:
    """Return the marks with their pages: the phrase and what stands around it, folded."""
    found: list[tuple[int, str]] = []
    for page, text in enumerate(page_texts(open_pdf(pdf)), start=1):
        folded = re.sub(r"\s+", "", folded_name(text))
        for phrase in PHRASE.finditer(folded):
            around = folded[max(0, phrase.start() - BEFORE) : phrase.end() + AFTER]
            found.append((page, around))
            if len(found) >= MAX_MARKS:
                return found
    return found


def _is_named(certificate: CertificateFacts, mark: str) -> bool:
    """Say whether the mark names this certificate by its number, or its owner in full."""
    owner = re.sub(r"\s+", "", folded_name(certificate.owner))
    serial = certificate.serial.casefold().lstrip("0")
    return (len(serial) >= 8 and serial in mark.replace(":", "")) or (bool(owner) and owner in mark)
