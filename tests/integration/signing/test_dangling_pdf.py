"""Objects of a signed version that were written only later change nothing unseen."""

from __future__ import annotations

from dataclasses import replace

import pytest

from signing.evidence import Grounds
from signing.keys import SigningKey
from signing.revocation.known import load_crl
from signing.sign import sign_detached
from signing.validate import validate_pdf
from signing.verdicts import TimeBasis, Verdict
from tests.integration.signing import dangling_pdf as made
from tests.pki import DAY, NOON, Office
from tests.tsa import token_over, tsa_of, vouching
from tests.unit.signing.conftest import grounds_of, key_of, trust_in

STAMPED = NOON - 5 * DAY
REVOKED = NOON - 3 * DAY
BEHIND = 60_000
DESCRIBES = made.STAMP_VALUE + 1
BOX = 40
HEADS = b"%d 0 R" % made.FIELD
BOTH = b"[%d 0 R %d 0 R]" % (made.TEXT, made.MORE)


@pytest.fixture(scope="module")
def office() -> Office:
    return Office.open()


@pytest.fixture(scope="module")
def key(office: Office) -> SigningKey:
    return key_of(office.issuing.person())


@pytest.fixture
def grounds(office: Office) -> Grounds:
    plain = grounds_of(trust_in(office.root), office.crls)
    return replace(plain, timestamping=vouching(office.root))


def head_signs(place: made.Place, key: SigningKey) -> bytes:
    return place.filled(sign_detached(place.covered, key, NOON - DAY))


def stamped(place: made.Place, office: Office) -> bytes:
    return place.filled(token_over(place.covered, tsa_of(office.issuing), STAMPED))


def test_a_signature_in_a_place_that_an_old_version_named_is_not_as_old_as_that(
    office: Office, key: SigningKey, grounds: Grounds
) -> None:
    objects = made.ordinary(HEADS) | {made.FIELD: made.sig_field(b"Head", made.VALUE)}
    begun = made.version(b"", objects, {made.VALUE: BEHIND})
    old = stamped(made.with_stamp(begun, HEADS), office)
    value = b"%d 0 obj\n%s\nendobj\n" % (made.VALUE, made.dictionary_of(made.SIGNED_BY))
    late = made.version(made.padded(old, BEHIND) + value, {}, {}, made.newest_table(old))
    signed = head_signs(made.placed(late), key)
    listed = office.issuing.crl({key.certificate.serial: REVOKED})
    known = replace(grounds, crls=tuple(map(load_crl, (office.root_crl, listed))))
    report = validate_pdf(signed, known).report
    assert report.timestamps[0].check("integrity").code == "not_covered"
    assert report.signatures[0].time_basis is TimeBasis.NOW
    assert report.signatures[0].check("revocation").code == "revoked"
    assert report.verdict is Verdict.INVALID


def test_a_signature_behind_a_reference_that_is_old_is_not_old(
    office: Office, key: SigningKey, grounds: Grounds
) -> None:
    objects = made.ordinary(HEADS) | {made.FIELD: made.sig_field(b"Head", made.VALUE)}
    objects |= {made.VALUE: b"%d 0 R" % DESCRIBES, DESCRIBES: b"<< /Title (Order 12) >>"}
    begun = made.described_by(made.version(b"", objects, {}), DESCRIBES)
    old = stamped(made.with_stamp(begun, HEADS, described=DESCRIBES), office)
    value = {DESCRIBES: made.dictionary_of(made.SIGNED_BY)}
    late = made.version(old, value, {}, made.newest_table(old))
    signed = head_signs(made.placed(made.described_by(late, DESCRIBES)), key)
    report = validate_pdf(signed, grounds).report
    assert report.timestamps[0].check("integrity").code == "not_covered"
    assert [each.code for each in report.not_understood] == ["signature_field"]
    assert report.verdict is Verdict.UNDECIDED


def test_a_signature_in_a_box_that_an_old_version_named_is_not_as_old_as_that(
    office: Office, key: SigningKey, grounds: Grounds
) -> None:
    objects = made.ordinary(HEADS) | {made.FIELD: made.sig_field(b"Head", made.VALUE)}
    begun = made.packing_version(objects, made.VALUE, BOX)
    old = stamped(made.with_stamp(begun, HEADS), office)
    box = {BOX: made.box_with(made.VALUE, made.dictionary_of(made.SIGNED_BY))}
    late = made.version(old, box, {}, made.newest_table(old))
    signed = head_signs(made.placed(late), key)
    listed = office.issuing.crl({key.certificate.serial: REVOKED})
    known = replace(grounds, crls=tuple(map(load_crl, (office.root_crl, listed))))
    report = validate_pdf(signed, known).report
    assert report.timestamps[0].check("integrity").code == "not_covered"
    assert report.signatures[0].check("revocation").code == "revoked"
    assert report.verdict is Verdict.INVALID


def test_a_page_that_shows_what_was_written_after_the_signature_is_not_signed(
    office: Office, key: SigningKey, grounds: Grounds
) -> None:
    place = made.signed_by_nobody_yet(BOTH, {made.MORE: BEHIND})
    signed = head_signs(place, key)
    text = made.stream(made.SHOWN % b"Order 13")
    more = made.padded(signed, BEHIND) + b"%d 0 obj\n%s\nendobj\n" % (made.MORE, text)
    shown = stamped(made.with_stamp(more, HEADS, BOTH), office)
    report = validate_pdf(shown, grounds).report
    assert report.signatures[0].check("integrity").code == "not_covered"
    assert report.verdict is Verdict.INVALID


def test_a_stream_that_ends_behind_the_signed_bytes_is_not_signed(
    office: Office, key: SigningKey, grounds: Grounds
) -> None:
    begun = b"%d 0 obj\n<< /Length %d >>\nstream\n" % (made.MORE, BEHIND)
    objects = made.ordinary(HEADS, contents=BOTH)
    objects |= {made.FIELD: made.sig_field(b"Head", made.VALUE)}
    objects[made.VALUE] = made.dictionary_of(made.SIGNED_BY)
    place = made.placed(made.version(made.HEADER + begun, objects, {made.MORE: len(made.HEADER)}))
    signed = head_signs(place, key)
    shown = made.SHOWN % b"Order 13"
    rest = b" " * (BEHIND - len(signed) + len(made.HEADER) + len(begun) - len(shown)) + shown
    more = signed + rest + b"\nendstream\nendobj\n"
    report = validate_pdf(stamped(made.with_stamp(more, HEADS, BOTH), office), grounds).report
    assert report.signatures[0].check("integrity").code == "not_covered"
    assert report.verdict is Verdict.INVALID


def test_a_timestamp_over_what_was_signed_by_hand_leaves_it_signed(
    office: Office, key: SigningKey, grounds: Grounds
) -> None:
    plain = b"[%d 0 R]" % made.TEXT
    signed = head_signs(made.signed_by_nobody_yet(plain, {}), key)
    assert validate_pdf(signed, grounds).report.verdict is Verdict.VALID
    report = validate_pdf(stamped(made.with_stamp(signed, HEADS), office), grounds).report
    assert report.verdict is Verdict.VALID
    assert report.signatures[0].time_basis is TimeBasis.PROVEN
