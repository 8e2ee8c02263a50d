"""The nine checks in the terms of ETSI EN 319 102-1."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from signing.errors import SigningError
from signing.evidence import Grounds
from signing.keys import SigningKey
from signing.reports.indications import (
    OF_CHECKS,
    OF_CODES,
    TOTAL_FAILED,
    Indication,
    Main,
    Sub,
    indication_of,
    indication_of_error,
)
from signing.sign import sign_detached
from signing.validate import DetachedError, validate_attached, validate_detached
from signing.verdicts import (
    CHECK_KEYS,
    Check,
    Outcome,
    Report,
    SignatureReport,
    Verdict,
    not_asked,
)
from tests.pki import NOON, YEAR
from tests.unit.signing.conftest import CONTENT


@pytest.fixture
def report(head_key: SigningKey, grounds: Grounds) -> Report:
    signature = sign_detached(CONTENT, head_key, NOON)
    return validate_detached(CONTENT, signature, grounds).report


@pytest.fixture
def good(report: Report) -> SignatureReport:
    return report.signatures[0]


def spoiled(good: SignatureReport, **codes: tuple[Outcome, str]) -> SignatureReport:
    """The report with these checks answered otherwise."""
    checks = [
        Check(check.number, check.key, *codes[check.key], "Why.") if check.key in codes else check
        for check in good.checks
    ]
    return replace(good, checks=tuple(checks), level=None)


def test_a_valid_signature_is_total_passed(good: SignatureReport) -> None:
    assert indication_of(good) == Indication(Main.PASSED)


F, N = Outcome.FAILED, Outcome.NOT_MADE


@pytest.mark.parametrize(
    ("key", "outcome", "code", "main", "sub"),
    [
        ("integrity", F, "content_changed", "TOTAL-FAILED", "HASH_FAILURE"),
        ("integrity", F, "changed_later", "TOTAL-FAILED", "FORMAT_FAILURE"),
        ("integrity", N, "visible_added_later", "INDETERMINATE", "SIG_CONSTRAINTS_FAILURE"),
        ("signature_value", F, "signature_wrong", "TOTAL-FAILED", "SIG_CRYPTO_FAILURE"),
        ("signature_value", F, "not_bound", "INDETERMINATE", "SIG_CONSTRAINTS_FAILURE"),
        ("signature_value", N, "no_certificate", "INDETERMINATE", "NO_SIGNING_CERTIFICATE_FOUND"),
        ("chain", F, "untrusted", "INDETERMINATE", "NO_CERTIFICATE_CHAIN_FOUND"),
        ("chain", N, "nothing_trusted", "INDETERMINATE", "NO_CERTIFICATE_CHAIN_FOUND"),
        ("chain", F, "broken", "INDETERMINATE", "CERTIFICATE_CHAIN_GENERAL_FAILURE"),
        ("chain", F, "not_accredited", "INDETERMINATE", "CHAIN_CONSTRAINTS_FAILURE"),
        ("time", F, "not_yet_valid", "TOTAL-FAILED", "NOT_YET_VALID"),
        ("time", F, "expired", "INDETERMINATE", "OUT_OF_BOUNDS_NO_POE"),
        ("revocation", F, "revoked", "TOTAL-FAILED", "REVOKED"),
        ("revocation", N, "no_list", "INDETERMINATE", "TRY_LATER"),
        ("revocation", N, "stale", "INDETERMINATE", "TRY_LATER"),
        ("usage", F, "algorithm_refused", "INDETERMINATE", "CRYPTO_CONSTRAINTS_FAILURE"),
        ("usage", F, "not_for_signing", "INDETERMINATE", "CHAIN_CONSTRAINTS_FAILURE"),
        ("owner", F, "other_name", "INDETERMINATE", "SIG_CONSTRAINTS_FAILURE"),
        ("kind", F, "kind_too_low", "INDETERMINATE", "SIG_CONSTRAINTS_FAILURE"),
    ],
)
def test_one_check_decides_the_indication(
    key: str, outcome: Outcome, code: str, main: str, sub: str, good: SignatureReport
) -> None:
    found = indication_of(spoiled(good, **{key: (outcome, code)}))
    assert (found.main, found.sub) == (main, sub)


def test_what_was_signed_by_its_own_word_after_expiry_is_expired(good: SignatureReport) -> None:
    assert good.certificate is not None
    late = good.certificate.not_after + timedelta(seconds=1)
    signed_late = replace(spoiled(good, time=(F, "expired")), claimed_time=late)
    assert indication_of(signed_late) == Indication(Main.FAILED, Sub.EXPIRED)


def test_what_fails_for_good_comes_before_what_is_only_unknown(good: SignatureReport) -> None:
    both = spoiled(good, chain=(F, "untrusted"), revocation=(F, "revoked"), usage=(N, "unknown"))
    assert indication_of(both).sub is Sub.REVOKED
    unknown = spoiled(good, revocation=(N, "no_list"), usage=(F, "for_machines"))
    assert indication_of(unknown).sub is Sub.CHAIN_CONSTRAINTS_FAILURE


def test_every_check_leads_somewhere_and_none_passes_unless_valid(good: SignatureReport) -> None:
    assert set(OF_CHECKS) == set(CHECK_KEYS)
    assert {key for key, _ in OF_CODES} <= set(CHECK_KEYS)
    for key in CHECK_KEYS:
        for outcome in (F, N):
            one = spoiled(good, **{key: (outcome, "new_code")})
            assert one.verdict is not Verdict.VALID
            assert indication_of(one).main is not Main.PASSED
            assert indication_of(one).sub is not Sub.NONE


def test_a_check_that_nobody_asked_for_decides_nothing(good: SignatureReport) -> None:
    assert good.checks[6:] == tuple(map(not_asked, (7, 8, 9)))
    assert indication_of(good).main is Main.PASSED


def test_total_failed_and_indeterminate_share_no_sub_indication() -> None:
    for sub in Sub:
        assert (sub in TOTAL_FAILED) == (
            sub
            in {"FORMAT_FAILURE", "HASH_FAILURE", "SIG_CRYPTO_FAILURE"}
            | {"REVOKED", "EXPIRED", "NOT_YET_VALID"}
        )


def test_a_signature_without_its_document_has_an_indication(
    head_key: SigningKey, grounds: Grounds
) -> None:
    with pytest.raises(DetachedError) as caught:
        validate_attached(sign_detached(CONTENT, head_key, NOON), grounds)
    expected = Indication(Main.INDETERMINATE, Sub.SIGNED_DATA_NOT_FOUND)
    assert indication_of_error(caught.value.code) == expected
    assert indication_of_error(SigningError.code) is None


def test_the_stored_report_says_the_indication_and_must_agree(report: Report) -> None:
    text = report.to_json()
    assert '"indication":"TOTAL-PASSED"' in text
    assert '"sub_indication":""' in text
    assert Report.from_json(text) == report
    with pytest.raises(SigningError):
        Report.from_json(text.replace("TOTAL-PASSED", "TOTAL-FAILED"))


def test_reports_of_older_forms_are_still_read(report: Report) -> None:
    newest = report.to_json()
    older = newest
    for later in ('"indication":"TOTAL-PASSED",', '"sub_indication":"",', '"level":"CAdES-BES",'):
        older = older.replace(later, "")
    before = replace(report, signatures=(replace(report.signatures[0], level=None),))
    for form in ("marshrut-signature-report/1", "marshrut-signature-report/2"):
        text = older.replace("marshrut-signature-report/3", form)
        assert Report.from_json(text) == before


def test_an_expired_certificate_a_year_later(head_key: SigningKey, grounds: Grounds) -> None:
    later = replace(grounds, now=NOON + 2 * YEAR)
    signature = sign_detached(CONTENT, head_key, NOON)
    found = validate_detached(CONTENT, signature, later).report.signatures[0]
    assert indication_of(found) == Indication(Main.INDETERMINATE, Sub.OUT_OF_BOUNDS_NO_POE)
