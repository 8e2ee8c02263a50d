"""A signature inside a PDF whose key is elsewhere: prepared, its digest signed, completed."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC

import pytest
from asn1crypto import cms as asn1_cms
from asn1crypto import core, parser

from signing.by_hash import ROOM, complete_pdf, pdfs_to_sign
from signing.cades import (
    AttachedContentError,
    CmsUnreadableError,
    CoSignedError,
    complete_cms,
    prepare_cms,
    to_pem,
)
from signing.certificates import load_certificate
from signing.digests import digest
from signing.evidence import Grounds
from signing.gost.keys import KeyAlgorithm
from signing.keys import KeyNotAllowedError, SigningKey, scheme_for
from signing.pdf.pades import CmsTooLargeError, PreparedPdf, embed_cms, prepare_pdf
from signing.pdf.signatures import PdfUnreadableError, signed_pdf_extends
from signing.reports.lines import report_lines
from signing.sign import sign_pdf
from signing.timestamps.completing import complete_pdf as stamp_pdf
from signing.validate import validate_pdf
from signing.verdicts import Report, SignatureProfile, TimeBasis, Verdict
from tests import gost_pki
from tests.pki import DAY, HEAD, NOON, Office, rsa_key
from tests.tsa import authority_at, tsa_of, vouching
from tests.unit.signing.conftest import plain_pdf


def prepared_for(key: SigningKey, *files: bytes) -> list[PreparedPdf]:
    name, places = pdfs_to_sign(key.certificate, files or (plain_pdf(),), NOON)
    assert name == key.scheme.digest
    return places


def by_plugin(key: SigningKey, value: bytes) -> bytes:
    """What a program of the signer returns for a digest: it writes its own time into the CMS."""
    prepared = prepare_cms(value, key.certificate, key.scheme, signing_time=NOON + DAY / 24)
    return complete_cms(prepared, key.sign(prepared.to_sign), key.chain)


def completed(place: PreparedPdf, cms: bytes) -> bytes:
    return complete_pdf(place.pdf, place.start, place.end, cms)


def judged(pdf: bytes, grounds: Grounds) -> Report:
    return validate_pdf(pdf, grounds, file_name="Приказ.pdf").report


@pytest.fixture(
    scope="module", params=[KeyAlgorithm.GOST_2012_256, KeyAlgorithm.GOST_2012_512, None], ids=str
)
def key(request: pytest.FixtureRequest, head_key: SigningKey) -> SigningKey:
    if request.param is None:
        return head_key
    person = gost_pki.root("Центр").person(HEAD, key=gost_pki.new_key(request.param))
    return SigningKey(person.certificate, (), scheme_for(person.key), person.key)


def test_digest_is_of_everything_but_the_place(key: SigningKey) -> None:
    (place,) = prepared_for(key)
    rest = place.pdf[: place.start] + place.pdf[place.end :]
    assert place.content_digest == digest(key.scheme.digest, rest)
    assert place.pdf[place.start : place.end] == b"<" + b"0" * 2 * ROOM + b">"


def test_completed_file_is_the_prepared_one_with_the_cms_in_its_place(key: SigningKey) -> None:
    fixed = plain_pdf()
    (place,) = prepared_for(key, fixed)
    signed = completed(place, by_plugin(key, place.content_digest))
    assert signed[: place.start] + signed[place.end :] == (
        place.pdf[: place.start] + place.pdf[place.end :]
    )
    assert len(signed) == len(place.pdf)
    assert signed_pdf_extends(fixed, signed)


def test_signature_with_the_programs_own_time_is_valid_and_called_by_its_name(
    head_key: SigningKey, grounds: Grounds
) -> None:
    (place,) = prepared_for(head_key)
    assert b"/adbe.pkcs7.detached" in place.pdf
    report = judged(completed(place, by_plugin(head_key, place.content_digest)), grounds)
    (signature,) = report.signatures
    assert report.verdict is Verdict.VALID
    assert signature.profile is SignatureProfile.CMS
    assert signature.claimed_time == NOON + DAY / 24
    assert Report.from_json(report.to_json()) == report
    lines = report_lines(report, lambda msgid, **params: msgid.format(**params), UTC)
    assert any("not PAdES baseline" in line for line in lines)


def test_our_own_pades_is_the_baseline(head_key: SigningKey, grounds: Grounds) -> None:
    signed = sign_pdf(plain_pdf(), head_key, NOON)
    (signature,) = judged(signed, grounds).signatures
    assert b"/ETSI.CAdES.detached" in signed
    assert signature.profile is None
    assert '"profile"' not in judged(signed, grounds).to_json()


def test_pades_of_another_program_with_its_time_inside_is_taken_and_named(
    head_key: SigningKey, grounds: Grounds
) -> None:
    """EN 319 142-1 forbids signing-time there; integrity and binding do not hang on it."""
    place = prepare_pdf(plain_pdf(), head_key.scheme.digest, NOON)
    report = judged(embed_cms(place, by_plugin(head_key, place.content_digest)), grounds)
    assert report.verdict is Verdict.VALID
    assert report.signatures[0].profile is SignatureProfile.TIME_INSIDE


def test_cms_without_binding_of_the_certificate_is_verified_and_not_accepted(
    head_key: SigningKey, grounds: Grounds
) -> None:
    (place,) = prepared_for(head_key)
    prepared = prepare_cms(
        place.content_digest, head_key.certificate, head_key.scheme, signing_time=NOON
    )
    attributes = asn1_cms.CMSAttributes.load(prepared.to_sign)
    kept = [each for each in attributes if each["type"].native != "signing_certificate_v2"]
    bare = replace(prepared, to_sign=asn1_cms.CMSAttributes(kept).dump())
    cms = complete_cms(bare, head_key.sign(bare.to_sign), head_key.chain)
    assert judged(completed(place, cms), grounds).verdict is not Verdict.VALID


def test_cms_over_other_bytes_is_invalid(head_key: SigningKey, grounds: Grounds) -> None:
    place, other = prepared_for(head_key, plain_pdf("Order 12"), plain_pdf("Order 13"))
    report = judged(completed(place, by_plugin(head_key, other.content_digest)), grounds)
    assert report.verdict is Verdict.INVALID
    assert report.signatures[0].check("integrity").code == "content_changed"


def open_length(der: bytes) -> bytes:
    return b"\x30\x80" + bytes(parser.parse(der)[4]) + b"\0\0"


@pytest.mark.parametrize("form", [to_pem, open_length], ids=["PEM", "BER"])
def test_every_form_of_the_cms_gives_the_same_kind_of_file(
    form: object, head_key: SigningKey, grounds: Grounds
) -> None:
    (place,) = prepared_for(head_key)
    cms = by_plugin(head_key, place.content_digest)
    signed = completed(place, form(cms))  # type: ignore[operator]  # one of the two functions
    assert judged(signed, grounds).verdict is Verdict.VALID


def longer(cms: bytes, length: int) -> bytes:
    """The CMS with an unsigned attribute, so that it has about this length in bytes."""
    whole = asn1_cms.ContentInfo.load(cms)
    filling = core.OctetString(bytes(length - len(cms)))
    attribute = asn1_cms.CMSAttribute({"type": "1.2.643.7.9", "values": [core.Any(filling)]})
    whole["content"]["signer_infos"][0]["unsigned_attrs"] = [attribute]
    return bytes(whole.dump(force=True))


def test_long_chain_and_a_timestamp_find_room_and_more_is_refused(
    head_key: SigningKey, grounds: Grounds
) -> None:
    (place,) = prepared_for(head_key)
    cms = by_plugin(head_key, place.content_digest)
    signed = completed(place, longer(cms, ROOM - 100))
    assert judged(signed, grounds).verdict is Verdict.VALID
    with pytest.raises(CmsTooLargeError):
        completed(place, longer(cms, ROOM + 1))


def test_timestamp_goes_into_the_place_and_proves_the_time(
    office: Office, head_key: SigningKey, grounds: Grounds
) -> None:
    (place,) = prepared_for(head_key)
    signed = completed(place, by_plugin(head_key, place.content_digest))
    stamping = replace(grounds, timestamping=vouching(office.root))
    stamped = stamp_pdf(signed, authority_at(tsa_of(office.issuing), NOON), stamping)
    assert len(stamped) == len(signed)
    assert stamped[: place.start] + stamped[place.end :] == (
        signed[: place.start] + signed[place.end :]
    )
    (signature,) = judged(stamped, stamping).signatures
    assert (signature.verdict, signature.time_basis) == (Verdict.VALID, TimeBasis.PROVEN)
    assert signature.profile is SignatureProfile.CMS


@pytest.mark.parametrize("sent", [b"", b"\x30\x00", b"no signature at all", b"%PDF-1.7"])
def test_what_is_no_cms_completes_nothing(sent: bytes, head_key: SigningKey) -> None:
    (place,) = prepared_for(head_key)
    with pytest.raises(CmsUnreadableError):
        completed(place, sent)


def test_cms_of_several_signers_or_with_a_document_inside_completes_nothing(
    head_key: SigningKey,
) -> None:
    (place,) = prepared_for(head_key)
    whole = asn1_cms.ContentInfo.load(by_plugin(head_key, place.content_digest))
    whole["content"]["signer_infos"].append(whole["content"]["signer_infos"][0].copy())
    with pytest.raises(CoSignedError):
        completed(place, whole.dump(force=True))
    whole = asn1_cms.ContentInfo.load(by_plugin(head_key, place.content_digest))
    whole["content"]["encap_content_info"]["content"] = b"a document"
    with pytest.raises(AttachedContentError):
        completed(place, whole.dump(force=True))


def test_file_that_is_no_pdf_and_key_that_is_too_weak_are_not_prepared(
    head_key: SigningKey,
) -> None:
    with pytest.raises(PdfUnreadableError):
        pdfs_to_sign(head_key.certificate, [b"a letter"], NOON)
    weak = load_certificate(Office.open().issuing.person(key=rsa_key(1024)).der)
    with pytest.raises(KeyNotAllowedError):
        pdfs_to_sign(weak, [plain_pdf()], NOON)
