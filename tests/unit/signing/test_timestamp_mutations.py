"""Damaged timestamps: never a crash, and never a time that the authority did not sign."""

from __future__ import annotations

from dataclasses import replace

import pytest

from signing.cades import parse_cms
from signing.digests import digest
from signing.errors import SigningError
from signing.evidence import Grounds
from signing.keys import SigningKey
from signing.sign import sign_detached, sign_pdf
from signing.timestamps.judgement import judge_token
from signing.timestamps.requests import check_response, request
from signing.timestamps.stamping import stamp_pdf
from signing.timestamps.tokens import Imprint, parse_token
from signing.training.timestamp_authority import TrainingTsa
from signing.validate import validate_detached, validate_pdf
from signing.verdicts import Verdict
from tests.pki import DAY, NOON, Office
from tests.tsa import authority_at, stamped, token_over, tsa_of, vouching
from tests.unit.signing.conftest import CONTENT
from tests.unit.signing.test_mutations import mutations

EARLIER = NOON - DAY


@pytest.fixture(scope="module")
def tsa(office: Office) -> TrainingTsa:
    return tsa_of(office.issuing)


@pytest.fixture
def stamping(office: Office, grounds: Grounds) -> Grounds:
    return replace(grounds, timestamping=vouching(office.root))


def test_a_damaged_token_never_proves_another_time(tsa: TrainingTsa, stamping: Grounds) -> None:
    token = token_over(CONTENT, tsa, EARLIER)
    whole, refused = parse_token(token), 0
    for damaged in mutations(token, 800):
        found = judge_token(damaged, lambda name: digest(name, CONTENT), stamping)
        if found.proven is None:
            refused += 1
            continue
        read = parse_token(damaged)  # what the signature does not cover may be damaged
        assert (read.info, read.signed.certificate) == (whole.info, whole.signed.certificate)
        assert read.signed.signed_attributes == whole.signed.signed_attributes
    assert refused > 400


def test_damage_to_what_the_authority_signed_is_never_accepted(
    tsa: TrainingTsa, stamping: Grounds
) -> None:
    token = token_over(CONTENT, tsa, EARLIER)
    read = parse_token(token)
    assert read.signed.signed_attributes is not None
    certificate = tsa.key.certificate.der
    for part in (read.info, read.signed.signed_attributes[4:], read.signed.signature, certificate):
        start = token.index(part)
        for position in range(start, start + len(part), 5):
            damaged = bytearray(token)
            damaged[position] ^= 0x10
            found = judge_token(bytes(damaged), lambda name: digest(name, CONTENT), stamping)
            assert found.proven is None, position


def test_a_damaged_answer_never_crashes(tsa: TrainingTsa) -> None:
    imprint = Imprint("sha256", digest("sha256", CONTENT))
    given, refused = tsa.answer(request(imprint, 5), NOON), 0
    for damaged in mutations(given, 400):
        try:
            token = check_response(damaged, imprint, 5)
        except SigningError:
            refused += 1
        else:
            assert token.imprint == imprint
    assert refused > 100


def test_a_damaged_request_never_crashes(tsa: TrainingTsa) -> None:
    asked = request(Imprint("sha256", digest("sha256", CONTENT)), 5)
    for damaged in mutations(asked, 400):
        assert tsa.answer(damaged, NOON)


def test_a_damaged_signature_with_a_timestamp_never_says_anything_else(
    head_key: SigningKey, tsa: TrainingTsa, stamping: Grounds
) -> None:
    signature = stamped(sign_detached(CONTENT, head_key, EARLIER), tsa, EARLIER)
    whole = parse_cms(signature)
    for damaged in mutations(signature, 400):
        try:
            report = validate_detached(CONTENT, damaged, stamping).report
        except SigningError:
            continue
        for timestamp in report.signatures[0].timestamps:
            assert timestamp.verdict is not Verdict.VALID or timestamp.time == EARLIER
        if report.verdict is Verdict.VALID:
            assert parse_cms(damaged).signed_attributes == whole.signed_attributes


def test_a_damaged_pdf_with_a_timestamp_never_proves_another_time(
    pdf: bytes, head_key: SigningKey, tsa: TrainingTsa, stamping: Grounds
) -> None:
    document = stamp_pdf(sign_pdf(pdf, head_key, EARLIER), authority_at(tsa, EARLIER))
    read = 0
    for damaged in mutations(document, 150):
        try:
            report = validate_pdf(damaged, stamping).report
        except SigningError:
            continue
        read += 1
        for timestamp in report.timestamps:
            assert timestamp.verdict is not Verdict.VALID or timestamp.time == EARLIER
    assert read > 0
