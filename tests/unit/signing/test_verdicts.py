from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest

from signing.reports.stored import StoredReportError
from signing.verdicts import (
    CHECK_KEYS,
    CertificateFacts,
    Check,
    EvidenceItem,
    EvidenceKind,
    NotUnderstood,
    Outcome,
    Report,
    SignatureFormat,
    SignatureKind,
    SignatureReport,
    TimeBasis,
    Verdict,
    not_asked,
)

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
FACTS = CertificateFacts(
    serial="0A",
    surname="Ёлкина",
    given_name="Мария Петровна",
    common_name="Ёлкина Мария Петровна",
    title="директор",
    organisation="МБОУ «Школа № 1»",
    snils="00000000000",
    inn="000000000000",
    ogrn="0000000000000",
    inn_le="0000000000",
    issuer="CN=CA",
    not_before=NOON,
    not_after=NOON + timedelta(days=365),
    fingerprint="ab" * 32,
    key_algorithm="rsa2048",
    training=True,
)


def check(number: int, outcome: Outcome = Outcome.PASSED) -> Check:
    return Check(number, CHECK_KEYS[number - 1], outcome, "code", "A {when}.", {"when": NOON})


def signature(*outcomes: Outcome, asked: bool = False) -> SignatureReport:
    given = list(outcomes) + [Outcome.PASSED] * (9 - len(outcomes))
    checks = [check(n, o) for n, o in enumerate(given, start=1)]
    if not asked:
        checks[6:] = [not_asked(7), not_asked(8), not_asked(9)]
    return SignatureReport(
        format=SignatureFormat.CADES,
        field_name="",
        kind=SignatureKind.TRAINING,
        stands_for=SignatureKind.QUALIFIED,
        certificate=FACTS,
        claimed_time=NOON,
        checked_at=NOON,
        time_basis=TimeBasis.NOW,
        checks=tuple(checks),
        evidence=(EvidenceItem(EvidenceKind.CRL, "CN=CA", "cd" * 32, NOON, None),),
    )


def report(*signatures: SignatureReport) -> Report:
    return Report("Приказ.pdf", "ef" * 32, signatures)


GOOD = signature()


@pytest.mark.parametrize("number", range(1, 10))
def test_one_failed_check_makes_the_signature_invalid(number: int) -> None:
    outcomes = [Outcome.NOT_MADE if n < number else Outcome.PASSED for n in range(1, 10)]
    outcomes[number - 1] = Outcome.FAILED
    assert signature(*outcomes, asked=True).verdict is Verdict.INVALID


@pytest.mark.parametrize("number", range(1, 10))
def test_one_check_that_was_not_made_leaves_the_signature_undecided(number: int) -> None:
    outcomes = [Outcome.PASSED] * 9
    outcomes[number - 1] = Outcome.NOT_MADE
    assert signature(*outcomes, asked=True).verdict is Verdict.UNDECIDED


def test_checks_that_nobody_asked_for_do_not_count() -> None:
    assert GOOD.verdict is Verdict.VALID


@pytest.mark.parametrize("number", range(1, 7))
def test_checks_of_the_file_itself_cannot_be_left_out(number: int) -> None:
    with pytest.raises(ValueError, match="cannot be left out"):
        replace(check(number, Outcome.NOT_MADE), required=False)


def test_a_failed_check_cannot_be_declared_unnecessary() -> None:
    with pytest.raises(ValueError, match="cannot be left out"):
        replace(check(7, Outcome.FAILED), required=False)


def test_a_report_without_one_of_the_nine_checks_cannot_be_made() -> None:
    with pytest.raises(ValueError, match="nine checks"):
        replace(GOOD, checks=GOOD.checks[:8])


def test_a_file_is_valid_only_when_every_signature_is() -> None:
    assert report(GOOD, GOOD).verdict is Verdict.VALID
    assert report(GOOD, signature(Outcome.FAILED)).verdict is Verdict.INVALID
    assert report(GOOD, signature(Outcome.NOT_MADE)).verdict is Verdict.UNDECIDED


def test_the_named_person_needs_one_of_several_good_signatures() -> None:
    theirs = signature(asked=True)
    other = signature(*[Outcome.PASSED] * 6, Outcome.FAILED, asked=True)
    assert report(other, theirs).verdict is Verdict.VALID
    assert report(other, other).verdict is Verdict.INVALID


def test_what_was_not_understood_leaves_the_file_undecided() -> None:
    strange = NotUnderstood("field", "The field {name} was not understood.", {"name": "S2"})
    assert replace(report(GOOD), not_understood=(strange,)).verdict is Verdict.UNDECIDED
    bad = report(signature(Outcome.FAILED))
    assert replace(bad, not_understood=(strange,)).verdict is Verdict.INVALID


def test_a_file_without_signatures_is_not_validly_signed() -> None:
    assert report().verdict is Verdict.INVALID


def test_a_training_signature_counts_as_what_it_stands_for() -> None:
    assert GOOD.training
    assert GOOD.fulfils is SignatureKind.QUALIFIED
    assert replace(GOOD, kind=None, stands_for=None).fulfils is None


def test_times_are_aware_and_utc() -> None:
    with pytest.raises(ValueError, match="UTC"):
        replace(GOOD, checked_at=datetime(2026, 11, 21))  # noqa: DTZ001 - a naive one is the point
    with pytest.raises(ValueError, match="UTC"):
        replace(GOOD, claimed_time=NOON.astimezone(timezone(timedelta(hours=3))))


def test_a_report_comes_back_from_its_json_unchanged() -> None:
    strange = NotUnderstood("field", "The field {name} was not understood.", {"name": "S2"})
    whole = replace(report(GOOD, signature(asked=True)), not_understood=(strange,))
    text = whole.to_json()
    assert Report.from_json(text) == whole
    assert Report.from_json(text).to_json() == text


@pytest.mark.parametrize(
    "text", ["", "[]", "null", "{}", '{"form":"marshrut-signature-report/2"}', "[" * 100_000]
)
def test_what_is_no_report_is_refused(text: str) -> None:
    with pytest.raises(StoredReportError):
        Report.from_json(text)


def test_a_stored_verdict_that_contradicts_the_checks_is_refused() -> None:
    text = report(signature(Outcome.FAILED)).to_json()
    forged = text.replace('"verdict":"invalid"', '"verdict":"valid"')
    assert json.loads(forged)["verdict"] == "valid"
    with pytest.raises(StoredReportError, match="contradicts"):
        Report.from_json(forged)
