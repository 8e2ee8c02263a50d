"""Damaged real structures: never a crash, and never accepted where what counts was damaged."""

from __future__ import annotations

import random
from collections.abc import Iterator
from itertools import pairwise

import pytest

from signing.cades import parse_cms
from signing.certificates import load_certificate
from signing.errors import SigningError
from signing.evidence import Evidence, Grounds
from signing.keys import SigningKey, open_pkcs12
from signing.revocation.known import load_crl
from signing.sign import sign_detached, sign_pdf
from signing.validate import validate_detached, validate_pdf
from signing.verdicts import Report, Verdict
from tests.pki import NOON, Holder, Office
from tests.unit.signing.conftest import CONTENT, grounds_of, trust_in

ROUNDS = 250


def mutations(original: bytes, rounds: int = ROUNDS) -> Iterator[bytes]:
    """Flipped bits, cut ends, doubled and dropped pieces; the same ones in every run."""
    dice = random.Random(len(original) % 7 + 20261120)
    for _ in range(rounds):
        changed = bytearray(original)
        position = dice.randrange(len(original))
        match dice.randrange(5):
            case 0 | 1:
                changed[position] ^= 1 << dice.randrange(8)
            case 2:
                del changed[position:]
            case 3:
                del changed[position : position + dice.randrange(1, 40)]
            case _:
                changed[position:position] = changed[position : position + dice.randrange(1, 40)]
        if bytes(changed) != original:
            yield bytes(changed)


def good(report: Report) -> list[bytes]:
    """What the accepted signatures rest on, to compare with the undamaged one."""
    assert report.verdict is Verdict.VALID
    return [s.certificate.fingerprint.encode() for s in report.signatures if s.certificate]


def test_a_damaged_cms_never_says_anything_else(head_key: SigningKey, grounds: Grounds) -> None:
    """What is not covered by the signature may change; what it says and by whom may not."""
    signature = sign_detached(CONTENT, head_key, NOON)
    whole = parse_cms(signature)
    refused = 0
    for damaged in mutations(signature, 2 * ROUNDS):
        try:
            report = validate_detached(CONTENT, damaged, grounds).report
        except SigningError:
            refused += 1
            continue
        if report.verdict is Verdict.VALID:
            parsed = parse_cms(damaged)
            assert parsed.signed_attributes == whole.signed_attributes
            assert parsed.certificate == whole.certificate
        else:
            refused += 1
    assert refused > ROUNDS


def test_damage_to_what_is_covered_is_never_accepted(
    head_key: SigningKey, grounds: Grounds
) -> None:
    signature = sign_detached(CONTENT, head_key, NOON)
    parsed = parse_cms(signature)
    attributes = parsed.signed_attributes
    assert attributes is not None
    for part in (attributes[4:], parsed.signature[8:], head_key.certificate.der[8:]):
        start = signature.index(part)
        for position in range(start, start + len(part), 11):
            damaged = bytearray(signature)
            damaged[position] ^= 0x04
            try:
                report = validate_detached(CONTENT, bytes(damaged), grounds).report
            except SigningError:
                continue
            assert report.verdict is not Verdict.VALID, position


def test_a_damaged_pdf_is_never_accepted_unless_nothing_covered_changed(
    pdf: bytes, head_key: SigningKey, grounds: Grounds
) -> None:
    signed = sign_pdf(pdf, head_key, NOON)
    start = signed.index(b"/Contents <") + len(b"/Contents <")
    end = signed.index(b">", start)
    for damaged in mutations(signed):
        try:
            report = validate_pdf(damaged, grounds).report
        except SigningError:
            continue
        if report.verdict is Verdict.VALID:
            assert (damaged[:start], damaged[end:]) == (signed[:start], signed[end:])


def test_damage_outside_the_signature_of_a_pdf_is_never_accepted(
    pdf: bytes, head_key: SigningKey, grounds: Grounds
) -> None:
    signed = sign_pdf(pdf, head_key, NOON)
    start = signed.index(b"/Contents <")
    end = signed.index(b">", start) + 1
    positions = [*range(0, start, 13), *range(end, len(signed), 7)]
    for position in positions:
        damaged = bytearray(signed)
        damaged[position] ^= 0x01
        try:
            report = validate_pdf(bytes(damaged), grounds).report
        except SigningError:
            continue
        assert report.verdict is not Verdict.VALID, position


def test_damaged_certificates_never_crash(head: Holder) -> None:
    read = 0
    for damaged in mutations(head.der):
        try:
            load_certificate(damaged)
        except SigningError:
            continue
        read += 1
    assert read > 0


def test_a_damaged_list_never_clears_a_revoked_certificate(
    head: Holder, head_key: SigningKey, office: Office
) -> None:
    revoked = office.issuing.crl({head.certificate.serial_number: NOON})
    signature = sign_detached(CONTENT, head_key, NOON)
    trust = trust_in(office.root)
    for damaged in mutations(revoked):
        try:
            load_crl(damaged)
        except SigningError:
            continue
        grounds = grounds_of(trust, [office.root_crl, damaged])
        report = validate_detached(CONTENT, signature, grounds).report
        assert report.verdict is not Verdict.VALID


@pytest.mark.parametrize("what", ["container", "evidence", "report"])
def test_other_damaged_files_never_crash(
    what: str, head: Holder, head_key: SigningKey, grounds: Grounds
) -> None:
    signature = sign_detached(CONTENT, head_key, NOON)
    validation = validate_detached(CONTENT, signature, grounds)
    container = head.pkcs12("x") if what == "container" else b""
    originals = {
        "container": (container, lambda damaged: open_pkcs12(damaged, "x")),
        "evidence": (validation.evidence.to_bytes(), Evidence.from_bytes),
        "report": (
            validation.report.to_json().encode(),
            lambda damaged: Report.from_json(damaged.decode("utf-8", "replace")),
        ),
    }
    original, read = originals[what]
    refused = 0
    for damaged in mutations(original, 60 if what == "container" else ROUNDS):
        try:
            read(damaged)
        except SigningError:
            refused += 1
    assert refused > 0


def test_the_mutations_are_the_same_in_every_run() -> None:
    first, second = list(mutations(CONTENT, 20)), list(mutations(CONTENT, 20))
    assert first == second
    assert any(a != b for a, b in pairwise(first))
