"""PDF/A files of the real LibreOffice, with their XMP metadata, are signed and kept for long."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from io import BytesIO
from typing import Any

import pytest
from pyhanko.pdf_utils import generic

from signing.pdf.appending import AppendingWriter
from signing.pdf.signatures import open_pdf, signed_pdf_extends
from signing.sign import sign_pdf
from signing.timestamps.preserving import NotPreservedError, preserve_pdf
from signing.timestamps.stamping import keep_in_pdf, stamp_pdf
from signing.validate import validate_pdf
from signing.verdicts import Outcome, SignatureLevel, TimeBasis, Verdict
from templates_docs.convert import Converted, DocxFile, PdfProfile, to_pdf
from tests.integration.signing import pdf_attacks as attack
from tests.pki import NOON, YEAR, Office
from tests.tsa import authority_at, tsa_of, vouching
from tests.unit.signing.conftest import grounds_of, key_of, plain_pdf, trust_in
from tests.unit.templates_docs.word import docx_of

OFFICE = Office.open("хранения")
KEY = key_of(OFFICE.issuing.person())
AUTHORITY = authority_at(tsa_of(OFFICE.issuing), NOON)
GROUNDS = grounds_of(trust_in(OFFICE.root), OFFICE.crls, timestamping=vouching(OFFICE.root))
LATER = replace(GROUNDS, crls=(), now=NOON + 30 * YEAR, received_at=NOON)
"""Thirty years on nothing is at hand but the anchors."""

XMP = b"<x:xmpmeta xmlns:x='adobe:ns:meta/'><title>Order 13</title></x:xmpmeta>"
Change = Callable[[AppendingWriter], None]


@pytest.fixture(scope="module", params=[PdfProfile.A2B, PdfProfile.A1A], ids=["2b", "1a"])
def written(request: pytest.FixtureRequest) -> bytes:
    (outcome,) = to_pdf([DocxFile("приказ", docx_of("Приказ № 12."))], profile=request.param)
    assert isinstance(outcome, Converted)
    return outcome.pdf


@pytest.fixture(scope="module")
def signed(written: bytes) -> bytes:
    return sign_pdf(written, KEY, NOON, AUTHORITY)


def appended(pdf: bytes, change: Change) -> bytes:
    """The PDF with one more revision, in which there is this change alone."""
    writer = AppendingWriter(pdf)
    change(writer)
    output = BytesIO()
    writer.write(output)
    return output.getvalue()


def description() -> generic.StreamObject:
    kind = {"Type": attack.name("/Metadata"), "Subtype": attack.name("/XML")}
    return attack.stream(XMP, **kind)


def told_of(pdf: bytes) -> tuple[Any, dict[str, str], Any]:
    """What a file tells of itself: its metadata, properties and version."""
    reader = open_pdf(pdf)
    root = reader.root
    info = {key: str(value) for key, value in reader.trailer["/Info"].items()}
    return root["/Metadata"].encoded_data, info, root.get("/Version")


def test_the_copy_holds_by_itself_thirty_years_on(written: bytes, signed: bytes) -> None:
    copy = preserve_pdf(written, signed, AUTHORITY, GROUNDS)
    assert signed.startswith(written)
    assert copy.startswith(signed)
    assert signed_pdf_extends(written, copy)
    report = validate_pdf(copy, LATER).report
    assert report.verdict is Verdict.VALID
    assert report.signatures[0].level is SignatureLevel.B_LTA
    assert report.signatures[0].time_basis is TimeBasis.PROVEN
    assert [each.verdict for each in report.timestamps] == [Verdict.VALID]
    assert validate_pdf(signed, LATER).report.verdict is Verdict.UNDECIDED
    # And once more, as years later before the authority ends.
    again = preserve_pdf(written, copy, AUTHORITY, GROUNDS)
    assert again.startswith(copy)
    assert validate_pdf(again, LATER).report.verdict is Verdict.VALID


def test_the_copy_tells_of_itself_what_the_document_did(written: bytes, signed: bytes) -> None:
    metadata, properties, _ = told_of(written)
    copy = preserve_pdf(written, signed, AUTHORITY, GROUNDS)
    assert told_of(signed)[:2] == (metadata, properties)
    assert told_of(copy) == told_of(signed)


def test_what_follows_a_signature_leaves_the_version_of_an_old_file() -> None:
    old = plain_pdf().replace(b"%PDF-1.7", b"%PDF-1.4", 1)
    assert "/Version" not in open_pdf(keep_in_pdf(old)).root
    assert "/Version" not in open_pdf(stamp_pdf(old, AUTHORITY)).root
    assert open_pdf(sign_pdf(old, KEY, NOON)).root["/Version"] == "/1.7"


def another_description(writer: AppendingWriter) -> None:
    writer.root[attack.name("/Metadata")] = writer.add_object(description())
    writer.update_root()


def description_in_place(writer: AppendingWriter) -> None:
    at = writer.root.raw_get("/Metadata")
    writer.objects[at.generation, at.idnum] = description()


def no_description(writer: AppendingWriter) -> None:
    del writer.root["/Metadata"]
    writer.update_root()


def another_start(writer: AppendingWriter) -> None:
    page = writer.root["/Pages"]["/Kids"].raw_get(0)
    null = generic.NullObject()
    way = [page, attack.name("/XYZ"), null, null, generic.NumberObject(1)]
    writer.root[attack.name("/OpenAction")] = generic.ArrayObject(way)
    writer.update_root()


def title_hidden(writer: AppendingWriter) -> None:
    writer.root[attack.name("/ViewerPreferences")] = attack.dictionary(
        DisplayDocTitle=generic.BooleanObject(False)
    )
    writer.update_root()


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (another_description, "revision_properties"),
        (description_in_place, "revision_properties"),
        (no_description, "revision_properties"),
        (attack.another_title, "revision_properties"),
        (another_start, "revision_settings"),
        (title_hidden, "revision_settings"),
    ],
)
def test_what_somebody_changed_after_signing_is_not_kept_so(
    change: Change, code: str, written: bytes, signed: bytes
) -> None:
    refuse(written, appended(signed, change), code)


def test_metadata_that_lay_hidden_in_the_signed_file_are_not_exchanged_unseen(
    written: bytes,
) -> None:
    at: list[Any] = []
    prepared = appended(written, lambda writer: at.append(writer.add_object(description())))
    stamped = sign_pdf(prepared, KEY, NOON, AUTHORITY)

    def exchanged(writer: AppendingWriter) -> None:
        hidden = generic.IndirectObject(at[0].idnum, at[0].generation, writer)
        writer.root[attack.name("/Metadata")] = hidden
        writer.update_root()

    refuse(prepared, appended(stamped, exchanged), "revision_properties")


def test_a_title_behind_a_reference_is_not_exchanged_unseen(written: bytes) -> None:
    at: list[Any] = []

    def referred(writer: AppendingWriter) -> None:
        at.append(writer.add_object(attack.text("Order 12")))
        writer.set_info(attack.dictionary(Title=at[0]))

    def exchanged(writer: AppendingWriter) -> None:
        writer.objects[at[0].generation, at[0].idnum] = attack.text("Order 13")

    prepared = appended(written, referred)
    stamped = sign_pdf(prepared, KEY, NOON, AUTHORITY)
    assert validate_pdf(stamped, GROUNDS).report.verdict is Verdict.VALID
    refuse(prepared, appended(stamped, exchanged), "revision_properties")


def refuse(fixed: bytes, changed: bytes, code: str) -> None:
    """Hold that a changed file is named so, judged no better than undecided, and not kept."""
    for document in (changed, stamp_pdf(keep_in_pdf(changed), AUTHORITY)):
        report = validate_pdf(document, GROUNDS).report
        assert code in {each.code for each in report.remarks}
        assert report.signatures[0].check("integrity").outcome is not Outcome.PASSED
        assert report.verdict is not Verdict.VALID
        with pytest.raises(NotPreservedError):
            preserve_pdf(fixed, document, AUTHORITY, GROUNDS)
