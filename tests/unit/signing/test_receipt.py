"""A signature that has been kept since a known moment is judged for that moment."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from signing.evidence import Evidence, Grounds
from signing.keys import SigningKey
from signing.sign import sign_detached
from signing.validate import Validation, validate_detached
from signing.verdicts import SignatureReport, TimeBasis, Verdict
from tests.pki import DAY, NOON, YEAR, Office
from tests.unit.signing.conftest import CONTENT, grounds_of, key_of, trust_in

LATER = NOON + 30 * DAY
SECOND = timedelta(seconds=1)


def looked_at_again(
    key: SigningKey, office: Office, *lists: bytes, now: datetime = LATER
) -> Validation:
    """A second look at what was received at NOON."""
    grounds = grounds_of(
        trust_in(office.root), [office.root_crl, *lists], now=now, received_at=NOON
    )
    return validate_detached(CONTENT, sign_detached(CONTENT, key, NOON - DAY), grounds)


def report_of(validation: Validation) -> SignatureReport:
    return validation.report.signatures[0]


def list_of(office: Office, key: SigningKey, revoked_at: datetime | None) -> bytes:
    revoked = {} if revoked_at is None else {key.certificate.serial: revoked_at}
    return office.issuing.crl(revoked, this_update=LATER - DAY, next_update=LATER + 7 * DAY)


@pytest.mark.parametrize(
    ("revoked_at", "verdict", "code"),
    [
        (None, Verdict.VALID, "not_revoked"),
        (NOON - SECOND, Verdict.INVALID, "revoked"),
        (NOON, Verdict.INVALID, "revoked"),
        (NOON + SECOND, Verdict.VALID, "revoked_later"),
    ],
)
def test_only_a_revocation_before_the_receipt_counts(
    revoked_at: datetime | None, verdict: Verdict, code: str, head_key: SigningKey, office: Office
) -> None:
    report = report_of(looked_at_again(head_key, office, list_of(office, head_key, revoked_at)))
    assert (report.verdict, report.check("revocation").code) == (verdict, code)


def test_the_report_names_the_receipt_and_supposes_nothing(
    head_key: SigningKey, office: Office
) -> None:
    report = report_of(looked_at_again(head_key, office, list_of(office, head_key, None)))
    assert (report.time_basis, report.checked_at) == (TimeBasis.RECEIVED, NOON)


def test_a_certificate_that_expired_after_the_receipt_stays_good(office: Office) -> None:
    key = key_of(office.issuing.person(not_before=NOON - YEAR, not_after=NOON + DAY))
    before = office.issuing.crl(this_update=NOON + SECOND, next_update=NOON + 7 * DAY)
    assert report_of(looked_at_again(key, office, before)).verdict is Verdict.VALID


def test_a_certificate_that_had_expired_at_the_receipt_is_refused(office: Office) -> None:
    key = key_of(office.issuing.person(not_before=NOON - YEAR, not_after=NOON - SECOND))
    before = office.issuing.crl(this_update=NOON - DAY, next_update=NOON + 7 * DAY)
    report = report_of(looked_at_again(key, office, before))
    assert report.check("time").code == "expired"
    assert report.verdict is Verdict.INVALID


def test_the_judgement_can_be_made_again_from_its_evidence(
    head_key: SigningKey, office: Office
) -> None:
    first = looked_at_again(head_key, office, list_of(office, head_key, NOON + SECOND))
    kept = Evidence.from_bytes(first.evidence.to_bytes())
    again = validate_detached(CONTENT, sign_detached(CONTENT, head_key, NOON - DAY), kept.grounds())
    assert again.report == first.report


def test_nothing_is_received_in_the_future_or_on_supposition(office: Office) -> None:
    trust = trust_in(office.root)
    with pytest.raises(ValueError, match="fact of the past"):
        Grounds(trust, (), NOON, received_at=NOON + SECOND)
    with pytest.raises(ValueError, match="fact of the past"):
        Grounds(trust, (), NOON, at=NOON, received_at=NOON)
