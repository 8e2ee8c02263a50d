"""A signed PDF that is kept for long holds by itself when signer and authorities are over."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from signing.evidence import Grounds
from signing.keys import SigningKey
from signing.pdf.signatures import read_signatures, signed_pdf_extends
from signing.sign import sign_pdf
from signing.timestamps.preserving import NotPreservedError, preserve_pdf
from signing.training.certificates import KeyAlgorithm
from signing.training.timestamp_authority import TrainingTsa
from signing.validate import validate_pdf
from signing.verdicts import SignatureLevel, TimeBasis, Verdict
from tests.pki import DAY, NOON, YEAR, Office
from tests.tsa import authority_at, tsa_of, vouching
from tests.unit.signing.conftest import grounds_of, key_of, trust_in
from tests.unit.signing.record_story import lasting, lists_at
from tests.unit.signing.test_completing import gost_world


@pytest.fixture(scope="module")
def tsa(office: Office) -> TrainingTsa:
    return tsa_of(office.issuing)


@pytest.fixture
def stamping(office: Office, grounds: Grounds) -> Grounds:
    return replace(grounds, timestamping=vouching(office.root))


def test_the_copy_needs_nothing_from_outside(
    head_key: SigningKey, tsa: TrainingTsa, stamping: Grounds, pdf: bytes
) -> None:
    authority = authority_at(tsa, NOON)
    signed = sign_pdf(pdf, head_key, NOON, authority)
    copy = preserve_pdf(pdf, signed, authority, stamping)
    assert copy.startswith(signed)
    assert signed_pdf_extends(pdf, copy)
    found = read_signatures(copy)
    assert found.kept.understood
    assert found.kept.certificates
    assert found.kept.crls
    # Nothing is at hand but the anchors: lists and certificates come from the file.
    bare = replace(stamping, crls=(), now=NOON + 30 * YEAR, received_at=NOON)
    report = validate_pdf(copy, bare).report
    assert report.verdict is Verdict.VALID
    assert report.signatures[0].time_basis is TimeBasis.PROVEN
    assert [each.verdict for each in report.timestamps] == [Verdict.VALID]
    assert validate_pdf(signed, bare).report.verdict is Verdict.UNDECIDED


@pytest.mark.parametrize("algorithm", [KeyAlgorithm.GOST_2012_256, KeyAlgorithm.GOST_2012_512])
def test_a_gost_signature_is_kept_with_gost_timestamps(algorithm: KeyAlgorithm, pdf: bytes) -> None:
    key, tsa, grounds = gost_world(algorithm)
    authority = authority_at(tsa, NOON)
    copy = preserve_pdf(pdf, sign_pdf(pdf, key, NOON, authority), authority, grounds)
    bare = replace(grounds, crls=(), now=NOON + 30 * YEAR, received_at=NOON)
    assert validate_pdf(copy, bare).report.verdict is Verdict.VALID


def test_what_was_changed_in_the_copy_shows(
    head_key: SigningKey, tsa: TrainingTsa, stamping: Grounds, pdf: bytes
) -> None:
    authority = authority_at(tsa, NOON)
    copy = preserve_pdf(pdf, sign_pdf(pdf, head_key, NOON, authority), authority, stamping)
    changed = bytearray(copy)
    changed[changed.index(b"Order 12")] ^= 1
    assert validate_pdf(bytes(changed), stamping).report.verdict is Verdict.INVALID


def test_a_signature_without_proven_time_is_not_kept_so(
    head_key: SigningKey, tsa: TrainingTsa, stamping: Grounds, pdf: bytes
) -> None:
    with pytest.raises(NotPreservedError):
        preserve_pdf(pdf, sign_pdf(pdf, head_key, NOON), authority_at(tsa, NOON), stamping)


def test_another_files_signature_is_not_kept_so(
    head_key: SigningKey, tsa: TrainingTsa, stamping: Grounds, pdf: bytes
) -> None:
    authority = authority_at(tsa, NOON)
    with pytest.raises(NotPreservedError):
        preserve_pdf(pdf + b"\n%\n", sign_pdf(pdf, head_key, NOON, authority), authority, stamping)


def test_two_authorities_prove_a_signature_for_twenty_years(pdf: bytes) -> None:
    signers, stampers = lasting("подписей"), lasting("меток")
    key = key_of(signers.issuing.person(not_after=NOON + 455 * DAY))
    first, second = (
        tsa_of(stampers.issuing, f"Служба {number}", not_after=NOON + years * YEAR)
        for number, years in enumerate((10, 21), 1)
    )

    def known(at: datetime, *offices: Office) -> Grounds:
        lists = [one for office in offices for one in lists_at(office, at)]
        trust, stamping = trust_in(signers.root), vouching(stampers.root)
        return grounds_of(trust, lists, now=at, timestamping=stamping)

    made, renewed, asked = NOON + DAY, NOON + 10 * YEAR - 60 * DAY, NOON + 20 * YEAR
    signed = sign_pdf(pdf, key, NOON, authority_at(first, NOON))
    copy = preserve_pdf(pdf, signed, authority_at(first, made), known(made, signers, stampers))
    # The lists about the signer are ten years old by now: they are in the copy.
    later = preserve_pdf(pdf, copy, authority_at(second, renewed), known(renewed, stampers))
    assert later.startswith(copy)
    report = validate_pdf(later, known(asked, stampers)).report
    assert report.verdict is Verdict.VALID
    assert report.signatures[0].level is SignatureLevel.B_LTA
    assert report.signatures[0].checked_at <= NOON + timedelta(seconds=2)
    assert [each.verdict for each in report.timestamps] == [Verdict.VALID, Verdict.VALID]
    # Without the second timestamp nothing is proven any more.
    assert validate_pdf(copy, known(asked, stampers)).report.verdict is not Verdict.VALID
    # Too late is too late: an authority that has ended is not made good by another one.
    late = NOON + 10 * YEAR + DAY
    with pytest.raises(NotPreservedError):
        preserve_pdf(pdf, copy, authority_at(second, late), known(late, stampers))
