"""What is kept of a power of attorney beside a signature can be read and judged again."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from signing.evidence import Evidence
from signing.expectation import Authority, Expectation, ExpectedPerson
from signing.power.attorney import read_power
from signing.power.evidence import PowerEvidence, PowerEvidenceUnreadableError, evidence_of
from signing.power.judgement import judge_power
from signing.power.questions import PowerConfirmation
from signing.sign import sign_detached
from signing.validate import validate_detached
from signing.verdicts import CertificateFacts, Outcome
from tests.pki import DAY, MENTOR, NOON, Office
from tests.unit.signing.conftest import grounds_of, key_of, trust_in
from tests.unit.signing.power_judge import (
    IN_FORCE,
    IN_WORDS,
    QUALIFIED,
    STAFF_ORDERS,
    WEEK,
    Judge,
)

HEADS = (ExpectedPerson("Берёзкина", "Мария Ильинична", inn="160000000001"),)


@pytest.fixture(scope="module")
def kept(office: Office) -> PowerEvidence:
    judge = Judge(office)
    content = IN_WORDS.xml()
    signature = sign_detached(content, key_of(judge.head()), NOON)
    grounds = grounds_of(trust_in(office.root, kind=QUALIFIED), office.crls)
    validation = validate_detached(content, signature, grounds)
    power = read_power(content)
    given = PowerConfirmation("Берёзкина М. И.", NOON - DAY, power.sha256, STAFF_ORDERS.name)
    signing = judge.signing(heads=HEADS, confirmation=given)
    judgement = judge_power(power, validation.report, signing, IN_FORCE, WEEK)
    assert judgement.outcome is Outcome.PASSED
    trust = validation.evidence.to_bytes()
    return evidence_of(content, signature, trust, signing, IN_FORCE, judgement)


def test_what_is_kept_comes_back_as_it_was(kept: PowerEvidence) -> None:
    assert PowerEvidence.from_bytes(kept.to_bytes()) == kept
    assert kept.to_bytes() == PowerEvidence.from_bytes(kept.to_bytes()).to_bytes()


def test_the_power_can_be_judged_again_from_what_is_kept(
    kept: PowerEvidence, office: Office
) -> None:
    grounds = Evidence.from_bytes(kept.trust).grounds()
    report = validate_detached(kept.file, kept.signature, grounds).report
    signing = replace(Judge(office).signing(heads=kept.heads), confirmation=kept.confirmation)
    again = judge_power(read_power(kept.file), report, signing, kept.answer, WEEK)
    said = tuple((each.key, each.outcome.value, each.code) for each in again.findings)
    assert said == kept.said


def test_bytes_that_are_no_such_evidence_are_refused(kept: PowerEvidence) -> None:
    other = json.loads(kept.to_bytes()) | {"form": "marshrut-power/0"}
    broken = json.loads(kept.to_bytes()) | {"file": "%"}
    for content in (b"", b"{}", b"[]", json.dumps(other).encode(), json.dumps(broken).encode()):
        with pytest.raises(PowerEvidenceUnreadableError):
            PowerEvidence.from_bytes(content)


def test_what_nobody_was_asked_for_is_not_kept(kept: PowerEvidence, office: Office) -> None:
    judge = Judge(office)
    with pytest.raises(ValueError, match="not kept"):
        evidence_of(b"", b"", b"", judge.signing(power=None), None, judge())


def test_check_8_may_depend_on_whose_certificate_it_is(office: Office) -> None:
    """A power of attorney names its representative; the certificate says who signed."""
    judge = Judge(office)
    content, holder = b"order", office.issuing.person(MENTOR)
    grounds = grounds_of(trust_in(office.root, kind=QUALIFIED), office.crls)
    signature = sign_detached(content, key_of(holder), NOON)
    power = read_power(IN_WORDS.xml())
    asked: list[CertificateFacts] = []

    def authority(facts: CertificateFacts) -> Authority:
        asked.append(facts)
        signing = judge.signing(representative=facts)
        report = judge.report(IN_WORDS.xml())
        return judge_power(power, report, signing, IN_FORCE, WEEK).authority()

    found = validate_detached(content, signature, grounds, Expectation(authority=authority))
    check = found.report.signatures[0].check("authority")
    assert check.outcome is Outcome.NOT_MADE  # nobody has read the words yet
    assert asked[0].surname == "Соснов"
