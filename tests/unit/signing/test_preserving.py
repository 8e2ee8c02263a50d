"""A signed PDF that is kept for long holds by itself when signer and authorities are over."""

from __future__ import annotations

from dataclasses import replace

import pytest

from signing.evidence import Grounds
from signing.keys import SigningKey
from signing.pdf.signatures import read_signatures, signed_pdf_extends
from signing.sign import sign_pdf
from signing.timestamps.preserving import NotPreservedError, preserve_pdf
from signing.training.certificates import KeyAlgorithm
from signing.training.timestamp_authority import TrainingTsa
from signing.validate import validate_pdf
from signing.verdicts import TimeBasis, Verdict
from tests.pki import NOON, YEAR, Office
from tests.tsa import authority_at, tsa_of, vouching
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
