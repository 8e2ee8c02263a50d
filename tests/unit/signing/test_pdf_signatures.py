"""Signatures in a PDF: what they cover, what was added later, and what tries to hide."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import replace
from io import BytesIO
from typing import Any

import pytest
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.crypt import StandardSecurityHandler
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.pdf_utils.writer import copy_into_new_writer
from pyhanko.sign import fields, signers

from signing.cades import complete_cms, prepare_cms
from signing.errors import TooLargeError
from signing.evidence import Grounds
from signing.keys import SigningKey
from signing.pdf.pades import CmsTooLargeError, embed_cms, prepare_pdf
from signing.pdf.signatures import (
    PdfEncryptedError,
    PdfUnreadableError,
    TooManySignaturesError,
    read_signatures,
    signed_pdf_extends,
)
from signing.sign import sign_pdf
from signing.validate import validate_pdf
from signing.verdicts import Outcome, Report, SignatureFormat, Verdict
from tests.pki import MENTOR, NOON, Holder, Office
from tests.unit.signing.conftest import key_of, plain_pdf

name = generic.pdf_name


@pytest.fixture(scope="module")
def signed(pdf: bytes, head_key: SigningKey) -> bytes:
    return sign_pdf(pdf, head_key, NOON)


@pytest.fixture(scope="module")
def mentor(office: Office) -> SigningKey:
    return key_of(office.issuing.person(MENTOR))


def judged(pdf: bytes, grounds: Grounds) -> Report:
    return validate_pdf(pdf, grounds, file_name="Приказ.pdf").report


def integrity(report: Report, number: int = 0) -> str:
    return report.signatures[number].check("integrity").code


def updated(pdf: bytes, change: Callable[[IncrementalPdfFileWriter], None]) -> bytes:
    """The PDF with an incremental update."""
    writer = IncrementalPdfFileWriter(BytesIO(pdf))
    change(writer)
    output = BytesIO()
    writer.write(output)
    return output.getvalue()


def other_text(writer: IncrementalPdfFileWriter) -> None:
    """Show another text on the first page."""
    page = writer.root["/Pages"]["/Kids"][0].get_object()
    stream = generic.StreamObject(stream_data=b"BT /F1 24 Tf 72 720 Td (Order 13) Tj ET")
    page[name("/Contents")] = writer.add_object(stream)
    writer.mark_update(page.container_ref)


def note(writer: IncrementalPdfFileWriter) -> None:
    """Put a note on the first page."""
    page = writer.root["/Pages"]["/Kids"][0].get_object()
    annotation = generic.DictionaryObject(
        {
            name("/Type"): name("/Annot"),
            name("/Subtype"): name("/FreeText"),
            name("/Rect"): generic.ArrayObject(map(generic.NumberObject, (72, 700, 300, 740))),
            name("/Contents"): generic.pdf_string("Order 13"),
        }
    )
    annotations = generic.ArrayObject(page.get("/Annots", ()))
    annotations.append(writer.add_object(annotation))
    page[name("/Annots")] = annotations
    writer.mark_update(page.container_ref)


def no_fields(writer: IncrementalPdfFileWriter) -> None:
    """Take all fields out of the form."""
    form = writer.root["/AcroForm"]
    form[name("/Fields")] = generic.ArrayObject()
    writer.update_container(form)
    writer.update_root()


def long_term_data(writer: IncrementalPdfFileWriter) -> None:
    """Add a document security store with one certificate."""
    stream = writer.add_object(generic.StreamObject(stream_data=b"\x30\x00"))
    store = generic.DictionaryObject({name("/Certs"): generic.ArrayObject([stream])})
    writer.root[name("/DSS")] = writer.add_object(store)
    writer.update_root()


def foreign_signature(pdf: bytes, holder: Holder, **spec: Any) -> bytes:
    """A signature as another program would make it: pyHanko's own signer."""
    signer = signers.SimpleSigner.load_pkcs12_data(
        holder.pkcs12("x"), other_certs=[], passphrase=b"x"
    )
    metadata = signers.PdfSignatureMetadata(
        field_name="Foreign", subfilter=fields.SigSeedSubFilter.PADES
    )
    return bytes(
        signers.sign_pdf(
            IncrementalPdfFileWriter(BytesIO(pdf)),
            metadata,
            signer,
            new_field_spec=fields.SigFieldSpec("Foreign", **spec),
        ).getvalue()
    )


# What is good


def test_a_signed_pdf_is_valid(signed: bytes, grounds: Grounds) -> None:
    report = judged(signed, grounds)
    assert report.verdict is Verdict.VALID
    assert report.signatures[0].format is SignatureFormat.PADES
    assert report.signatures[0].field_name == "Signature1"
    assert report.signatures[0].claimed_time == NOON
    assert integrity(report) == "intact"
    assert report.sha256 == hashlib.sha256(signed).hexdigest()


def test_two_signatures_are_both_valid(signed: bytes, mentor: SigningKey, grounds: Grounds) -> None:
    report = judged(sign_pdf(signed, mentor, NOON), grounds)
    assert [s.field_name for s in report.signatures] == ["Signature1", "Signature2"]
    assert [integrity(report, n) for n in (0, 1)] == ["signed_later", "intact"]
    assert report.verdict is Verdict.VALID


def test_the_signature_of_another_program_is_valid(
    pdf: bytes, head: Holder, grounds: Grounds
) -> None:
    assert judged(foreign_signature(pdf, head), grounds).verdict is Verdict.VALID


def test_a_pdf_without_signatures_is_not_validly_signed(pdf: bytes, grounds: Grounds) -> None:
    report = judged(pdf, grounds)
    assert report.signatures == ()
    assert report.verdict is Verdict.INVALID


# What was changed


def test_a_changed_byte_is_found(signed: bytes, grounds: Grounds) -> None:
    position = signed.index(b"Order 12")
    changed = signed[:position] + b"Order 13" + signed[position + 8 :]
    report = judged(changed, grounds)
    assert integrity(report) == "content_changed"
    failures = [c.key for c in report.signatures[0].checks if c.outcome is Outcome.FAILED]
    assert failures == ["integrity"]


@pytest.mark.parametrize("tail", [b"\n", b"\0", b"garbage"])
def test_bytes_after_the_signature_are_found(tail: bytes, signed: bytes, grounds: Grounds) -> None:
    assert integrity(judged(signed + tail, grounds)) in ("appended", "not_covered")


def test_a_false_end_is_refused(signed: bytes, grounds: Grounds) -> None:
    with pytest.raises(PdfUnreadableError):
        judged(signed + b"% comment\n%%EOF\n", grounds)


@pytest.mark.parametrize("change", [other_text, note])
def test_an_update_after_the_signature_is_found(
    change: Callable[[IncrementalPdfFileWriter], None], signed: bytes, grounds: Grounds
) -> None:
    report = judged(updated(signed, change), grounds)
    assert integrity(report) == "changed_later"
    assert report.verdict is Verdict.INVALID


def test_what_was_found_stands_in_no_log(
    signed: bytes, grounds: Grounds, caplog: pytest.LogCaptureFixture
) -> None:
    """Logs would hold the owner's name and a traceback."""
    assert judged(updated(signed, note), grounds).verdict is Verdict.INVALID
    assert caplog.records == []


@pytest.mark.parametrize("change", [other_text, note])
def test_a_second_signature_does_not_cover_up_an_update(
    change: Callable[[IncrementalPdfFileWriter], None],
    signed: bytes,
    mentor: SigningKey,
    grounds: Grounds,
) -> None:
    report = judged(sign_pdf(updated(signed, change), mentor, NOON), grounds)
    assert [integrity(report, n) for n in (0, 1)] == ["changed_later", "intact"]
    assert report.verdict is Verdict.INVALID


def test_a_visible_later_signature_leaves_the_first_undecided(
    signed: bytes, head: Holder, grounds: Grounds
) -> None:
    report = judged(foreign_signature(signed, head, box=(72, 700, 300, 760)), grounds)
    assert integrity(report) == "visible_added_later"
    assert report.verdict is Verdict.UNDECIDED


def test_long_term_data_are_not_passed_over(signed: bytes, grounds: Grounds) -> None:
    report = judged(updated(signed, long_term_data), grounds)
    assert integrity(report) == "long_term_later"
    assert report.verdict is Verdict.UNDECIDED


def test_text_filled_into_a_form_after_signing_is_found(
    pdf: bytes, head_key: SigningKey, grounds: Grounds
) -> None:
    def with_field(writer: IncrementalPdfFileWriter) -> None:
        field = generic.DictionaryObject(
            {
                name("/FT"): name("/Tx"),
                name("/T"): generic.pdf_string("sum"),
                name("/V"): generic.pdf_string("1"),
            }
        )
        form = generic.DictionaryObject(
            {name("/Fields"): generic.ArrayObject([writer.add_object(field)])}
        )
        writer.root[name("/AcroForm")] = writer.add_object(form)
        writer.update_root()

    def fill(writer: IncrementalPdfFileWriter) -> None:
        field = writer.root["/AcroForm"]["/Fields"][0].get_object()
        field[name("/V")] = generic.pdf_string("1000")
        writer.mark_update(field.container_ref)

    signed = sign_pdf(updated(pdf, with_field), head_key, NOON)
    assert judged(signed, grounds).verdict is Verdict.VALID
    assert integrity(judged(updated(signed, fill), grounds)) == "changed_later"


# What tries to hide


def test_a_signature_of_an_unknown_kind_is_reported(
    signed: bytes, mentor: SigningKey, grounds: Grounds
) -> None:
    def other_kind(writer: IncrementalPdfFileWriter) -> None:
        place = generic.DictionaryObject(
            {
                name("/Type"): name("/Sig"),
                name("/Filter"): name("/CryptoPro"),
                name("/SubFilter"): name("/Unknown.kind"),
                name("/Contents"): generic.ByteStringObject(b"\x30\x00"),
            }
        )
        field = generic.DictionaryObject(
            {
                name("/FT"): name("/Sig"),
                name("/T"): generic.pdf_string("Strange"),
                name("/V"): writer.add_object(place),
            }
        )
        form = writer.root["/AcroForm"]
        form["/Fields"].append(writer.add_object(field))
        writer.update_container(form["/Fields"])

    report = judged(sign_pdf(updated(signed, other_kind), mentor, NOON), grounds)
    assert [item.params for item in report.not_understood] == [{"field": "Strange"}]
    assert report.verdict is not Verdict.VALID


def test_a_signature_taken_out_of_the_form_is_reported(signed: bytes, grounds: Grounds) -> None:
    report = judged(updated(signed, no_fields), grounds)
    assert [item.code for item in report.not_understood] == ["hidden_signature"]
    assert report.verdict is Verdict.UNDECIDED


def test_a_signer_cannot_leave_a_gap(pdf: bytes, head_key: SigningKey, grounds: Grounds) -> None:
    """A byte range with a hole larger than the signature lets bytes change later."""
    place = prepare_pdf(pdf, "sha256", NOON)
    size = len(place.pdf)
    honest = f"[0 {place.start} {place.end} {size - place.end}]"
    gap = place.end + 4
    cheat = f"[0 {place.start} {gap} {size - gap}]".ljust(len(honest))
    changed = place.pdf.replace(honest.encode(), cheat.encode())
    assert changed != place.pdf
    digest = hashlib.sha256(changed[: place.start] + changed[gap:]).digest()
    prepared = prepare_cms(digest, head_key.certificate, head_key.scheme, signing_time=None)
    cms = complete_cms(prepared, head_key.sign(prepared.to_sign), head_key.chain)
    report = judged(embed_cms(replace(place, pdf=changed), cms), grounds)
    assert integrity(report) == "not_covered"


def test_a_signer_cannot_leave_the_end_uncovered(
    pdf: bytes, head_key: SigningKey, grounds: Grounds
) -> None:
    place = prepare_pdf(pdf, "sha256", NOON)
    rest = len(place.pdf) - place.end
    honest, cheat = (f" {place.end} {length}]".encode() for length in (rest, rest - 4))
    changed = place.pdf.replace(honest, cheat.ljust(len(honest)))
    digest = hashlib.sha256(changed[: place.start] + changed[place.end : -4]).digest()
    prepared = prepare_cms(digest, head_key.certificate, head_key.scheme, signing_time=None)
    cms = complete_cms(prepared, head_key.sign(prepared.to_sign), head_key.chain)
    report = judged(embed_cms(replace(place, pdf=changed), cms), grounds)
    assert report.verdict is Verdict.INVALID
    assert integrity(report) in ("not_covered", "appended")


def test_bytes_in_the_padding_of_the_place_are_found(signed: bytes, grounds: Grounds) -> None:
    end = signed.index(b">", signed.index(b"/Contents <"))
    changed = signed[: end - 1] + b"1" + signed[end:]
    assert integrity(judged(changed, grounds)) == "not_covered"


# The uploaded file extends the fixed one


def test_a_signed_pdf_extends_the_fixed_one(
    pdf: bytes, signed: bytes, head: Holder, mentor: SigningKey
) -> None:
    assert signed_pdf_extends(pdf, signed)
    assert signed_pdf_extends(pdf, sign_pdf(signed, mentor, NOON))
    assert signed_pdf_extends(signed, sign_pdf(signed, mentor, NOON))
    assert signed_pdf_extends(pdf, foreign_signature(pdf, head))


def test_another_file_does_not_extend_the_fixed_one(pdf: bytes, signed: bytes) -> None:
    assert not signed_pdf_extends(pdf, pdf)
    assert not signed_pdf_extends(signed, pdf)
    assert not signed_pdf_extends(plain_pdf("Order 13"), signed)
    assert not signed_pdf_extends(pdf, pdf + b"\n")


@pytest.mark.parametrize("change", [other_text, note])
def test_a_changed_and_then_signed_pdf_does_not_extend_the_fixed_one(
    change: Callable[[IncrementalPdfFileWriter], None],
    pdf: bytes,
    head_key: SigningKey,
    grounds: Grounds,
) -> None:
    """It begins with the fixed bytes and its signature is valid, but it shows something else."""
    cheat = sign_pdf(updated(pdf, change), head_key, NOON)
    assert cheat.startswith(pdf)
    assert judged(cheat, grounds).verdict is Verdict.VALID
    assert not signed_pdf_extends(pdf, cheat)


def test_a_visible_mark_does_not_extend_the_fixed_one(pdf: bytes, head: Holder) -> None:
    assert not signed_pdf_extends(pdf, foreign_signature(pdf, head, box=(72, 700, 300, 760)))


def test_a_whole_new_document_after_the_fixed_bytes_does_not_extend_them(
    pdf: bytes, head_key: SigningKey
) -> None:
    other = plain_pdf("Order 13")
    shifted = PdfFileReader(BytesIO(other))
    writer = copy_into_new_writer(shifted)
    output = BytesIO()
    output.write(pdf)
    writer.write(output)
    try:
        extends = signed_pdf_extends(pdf, sign_pdf(output.getvalue(), head_key, NOON))
    except PdfUnreadableError:
        extends = False
    assert not extends


# What cannot be read


@pytest.mark.parametrize("content", [b"", b"text", b"%PDF-1.7\n", b"%PDF-1.7\nstartxref\n9\n%%EOF"])
def test_what_is_no_pdf_is_said(content: bytes) -> None:
    with pytest.raises(PdfUnreadableError):
        read_signatures(content)


def test_a_protected_pdf_is_said(pdf: bytes) -> None:
    writer = copy_into_new_writer(PdfFileReader(BytesIO(pdf)))
    handler = StandardSecurityHandler.build_from_pw("owner", "user")
    writer._assign_security_handler(handler)
    output = BytesIO()
    writer.write(output)
    with pytest.raises(PdfEncryptedError):
        read_signatures(output.getvalue())


def test_a_huge_pdf_is_not_parsed() -> None:
    with pytest.raises(TooLargeError):
        read_signatures(b"%PDF-1.7" + bytes(50 * 1024 * 1024))


def test_a_pdf_with_endless_signatures_is_not_looked_through(
    signed: bytes, head_key: SigningKey
) -> None:
    many = signed
    for _ in range(20):
        many = sign_pdf(many, head_key, NOON)
    with pytest.raises(TooManySignaturesError):
        read_signatures(many)


def test_a_signature_that_does_not_fit_is_said(pdf: bytes) -> None:
    with pytest.raises(CmsTooLargeError):
        embed_cms(prepare_pdf(pdf, "sha256", NOON), bytes(20_000))
