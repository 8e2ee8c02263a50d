"""The forms in which signature files come: BER, PEM, base64, with the document, by several."""

from __future__ import annotations

import base64
import time
from collections.abc import Callable

import pytest
from asn1crypto import cms, core, parser
from hypothesis import given
from hypothesis import strategies as st

from signing.ber import MAX_DEPTH, definite
from signing.cades import (
    MAX_SIGNERS,
    AttachedContentError,
    CmsUnreadableError,
    NoSignerError,
    TooManySignersError,
    parse_cms,
    read_cms,
)
from signing.evidence import Grounds
from signing.keys import SigningKey
from signing.sign import sign_detached
from signing.validate import DetachedError, validate_attached, validate_detached
from signing.verdicts import Outcome, Report, SignatureReport, Verdict
from tests.pki import MENTOR, NOON, Office
from tests.unit.signing.conftest import CONTENT, key_of

END = b"\0\0"


@pytest.fixture(scope="module")
def signature(head_key: SigningKey) -> bytes:
    return sign_detached(CONTENT, head_key, NOON)


@pytest.fixture(scope="module")
def mentor_key(office: Office) -> SigningKey:
    return key_of(office.issuing.person(MENTOR))


def open_lengths(der: bytes, depth: int = 0, deepest: int = 64) -> bytes:
    """The same structure with open lengths down to a depth."""
    _, method, _, header, contents, _ = parser.parse(der)
    if not method or depth > deepest:
        return der
    inner, position = [], 0
    while position < len(contents):
        part = b"".join(parser.parse(contents[position:])[3:])
        inner.append(open_lengths(part, depth + 1, deepest))
        position += len(part)
    return header[:1] + b"\x80" + b"".join(inner) + END


def in_pieces(content: bytes, size: int) -> bytes:
    """An octet string of pieces, with an open length."""
    parts = (content[start : start + size] for start in range(0, len(content), size))
    return b"\x24\x80" + b"".join(core.OctetString(part).dump() for part in parts) + END


def attached(signature: bytes, content: bytes = CONTENT) -> bytes:
    envelope = cms.ContentInfo.load(signature)
    envelope["content"]["encap_content_info"]["content"] = core.OctetString(content)
    return bytes(envelope.dump(force=True))


def together(*signatures: bytes) -> bytes:
    """One file with the signers of several (sorted, as DER demands), and their certificates."""
    envelopes = [cms.ContentInfo.load(each) for each in signatures]
    first = envelopes[0]["content"]
    for other in envelopes[1:]:
        first["signer_infos"].append(other["content"]["signer_infos"][0])
        for certificate in other["content"]["certificates"]:
            first["certificates"].append(certificate)
    return bytes(envelopes[0].dump(force=True))


def report_of(signature: bytes, grounds: Grounds, content: bytes = CONTENT) -> Report:
    return validate_detached(content, signature, grounds).report


def failed(report: SignatureReport) -> dict[str, str]:
    return {c.key: c.code for c in report.checks if c.outcome is Outcome.FAILED}


@pytest.mark.parametrize("heading", ["CMS", "PKCS7", "SIGNATURE", "PKCS #7 SIGNED DATA"])
def test_pem_is_read_under_every_heading(signature: bytes, grounds: Grounds, heading: str) -> None:
    body = base64.encodebytes(signature).decode()
    text = f"-----BEGIN {heading}-----\r\n{body}-----END {heading}-----\r\n"
    assert report_of(text.encode(), grounds).verdict is Verdict.VALID


@pytest.mark.parametrize(
    "written",
    [
        base64.b64encode,
        base64.encodebytes,
        lambda der: b"\r\n  " + base64.encodebytes(der).replace(b"\n", b"\r\n"),
        lambda der: b"\xef\xbb\xbf" + base64.b64encode(der),
    ],
    ids=["one line", "lines", "windows", "with a mark"],
)
def test_base64_is_read_without_any_heading(
    signature: bytes, grounds: Grounds, written: Callable[[bytes], bytes]
) -> None:
    assert report_of(written(signature), grounds).verdict is Verdict.VALID


@pytest.mark.parametrize(
    "text", [b"MIIB!", b"Mary had a little lamb", b"M", b"-----BEGIN CMS-----"]
)
def test_broken_text_is_refused(text: bytes) -> None:
    with pytest.raises(CmsUnreadableError):
        read_cms(text)


def test_a_document_that_speaks_of_pem_is_no_pem(head_key: SigningKey, grounds: Grounds) -> None:
    content = b"-----BEGIN CMS-----\nnot a signature\n-----END CMS-----\n"
    signature = attached(sign_detached(content, head_key, NOON), content)
    assert report_of(signature, grounds, content).verdict is Verdict.VALID


@pytest.mark.parametrize("deepest", [0, 2, 4, 6, 64])
def test_open_lengths_are_read(signature: bytes, grounds: Grounds, deepest: int) -> None:
    ber = open_lengths(signature, deepest=deepest)
    assert ber[:2] == b"\x30\x80"
    assert definite(ber) == signature
    assert report_of(ber, grounds).verdict is Verdict.VALID


@pytest.mark.parametrize("size", [1, 7, 1000])
def test_a_document_in_pieces_is_read(signature: bytes, grounds: Grounds, size: int) -> None:
    whole = attached(signature)
    pieces = open_lengths(whole, deepest=5).replace(
        core.OctetString(CONTENT).dump(), in_pieces(CONTENT, size)
    )
    assert b"\x24\x80" in pieces
    assert definite(pieces) == whole
    assert read_cms(pieces).content == CONTENT
    assert report_of(pieces, grounds).verdict is Verdict.VALID


def test_what_is_der_keeps_its_bytes(signature: bytes) -> None:
    assert definite(signature) == signature
    long_form = b"\x30\x81\x03\x02\x01\x05"  # longer than need be: its bytes may be signed
    assert definite(long_form) == long_form


@pytest.mark.parametrize(
    "broken",
    [
        b"",
        b"\x30",
        b"\x30\x80",
        b"\x30\x80\x02\x01",
        b"\x04\x80\x01\x02\x00\x00",
        b"\x30\x82\x01",
        b"\x30\x89" + bytes(9),
        b"\x30\x02\x02\x05",
        b"\x3f\x02\x00\x00",
        b"\x24\x03\x02\x01\x05",
        b"\x30\x00\x00",
        b"\x30\x80" * (MAX_DEPTH + 2) + END * (MAX_DEPTH + 2),
    ],
)
def test_what_is_no_ber_is_refused(broken: bytes) -> None:
    with pytest.raises(ValueError, match=r"."):
        definite(broken)


@given(st.binary(max_size=300))
def test_rubbish_is_refused_or_comes_out_definite(rubbish: bytes) -> None:
    try:
        made = definite(rubbish)
    except ValueError:
        return
    assert definite(made) == made


def test_a_million_elements_are_refused_in_time() -> None:
    hostile = b"\x30\x80" + b"\x05\x00" * 4_000_000 + END
    began = time.monotonic()
    with pytest.raises(CmsUnreadableError):
        read_cms(hostile)
    assert time.monotonic() - began < 20


def test_an_attached_document_must_be_the_one_given(signature: bytes, grounds: Grounds) -> None:
    assert report_of(attached(signature), grounds).verdict is Verdict.VALID
    (report,) = report_of(attached(signature, b"another"), grounds).signatures
    assert failed(report) == {"integrity": "another_inside"}
    (report,) = report_of(attached(signature), grounds, b"another").signatures
    assert failed(report) == {"integrity": "content_changed"}


def test_an_attached_document_is_judged_alone(signature: bytes, grounds: Grounds) -> None:
    validation = validate_attached(attached(signature), grounds)
    assert validation.report.verdict is Verdict.VALID
    (report,) = validate_attached(attached(signature, b"changed"), grounds).report.signatures
    assert failed(report) == {"integrity": "content_changed"}
    with pytest.raises(DetachedError):
        validate_attached(signature, grounds)


def test_an_empty_document_is_a_document(head_key: SigningKey, grounds: Grounds) -> None:
    signature = attached(sign_detached(b"", head_key, NOON), b"")
    assert read_cms(signature).content == b""
    assert validate_attached(signature, grounds).report.verdict is Verdict.VALID


def test_inside_a_pdf_nothing_may_be_attached_or_co_signed(signature: bytes) -> None:
    with pytest.raises(AttachedContentError):
        parse_cms(attached(signature))


def test_every_signer_is_judged(signature: bytes, mentor_key: SigningKey, grounds: Grounds) -> None:
    both = together(signature, sign_detached(CONTENT, mentor_key, NOON))
    report = report_of(both, grounds)
    assert [each.verdict for each in report.signatures] == [Verdict.VALID, Verdict.VALID]
    owners = {each.certificate.owner for each in report.signatures if each.certificate}
    assert len(owners) == 2
    assert report.verdict is Verdict.VALID


def test_one_bad_signer_spoils_the_file_and_is_told_apart(
    signature: bytes, mentor_key: SigningKey, grounds: Grounds
) -> None:
    both = together(signature, sign_detached(b"another", mentor_key, NOON))
    report = report_of(both, grounds)
    codes = [failed(each) for each in report.signatures]
    assert sorted(codes, key=len) == [{}, {"integrity": "content_changed"}]
    assert report.verdict is Verdict.INVALID


def test_a_signer_that_cannot_be_read_is_reported_and_leaves_the_file_undecided(
    signature: bytes, mentor_key: SigningKey, grounds: Grounds
) -> None:
    other = cms.ContentInfo.load(sign_detached(CONTENT, mentor_key, NOON))
    attributes = other["content"]["signer_infos"][0]["signed_attrs"]
    attributes.append(attributes[0].copy())
    both = together(signature, other.dump(force=True))
    found = read_cms(both)
    assert (len(found.signers), len(found.not_understood)) == (1, 1)
    assert found.signers[0].certificate == read_cms(signature).signers[0].certificate
    report = report_of(both, grounds)
    assert [each.code for each in report.not_understood] == ["signer"]
    assert report.verdict is Verdict.UNDECIDED


def test_a_file_of_certificates_is_no_signature(signature: bytes) -> None:
    envelope = cms.ContentInfo.load(signature)
    envelope["content"]["signer_infos"] = []
    with pytest.raises(NoSignerError):
        read_cms(envelope.dump(force=True))


def test_there_is_an_end_to_signers(signature: bytes) -> None:
    with pytest.raises(TooManySignersError):
        read_cms(together(*[signature] * (MAX_SIGNERS + 1)))
