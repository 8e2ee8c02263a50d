"""NIST's PKITS through our own trust layer: chains and lists, each made for one reason.

Nothing that PKITS calls invalid passes, and it is refused by the check that it was made for. What
PKITS calls valid passes but for the exceptions listed with their reasons in `pkits_cases`, so that
the list can only become shorter knowingly.
"""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import cryptography_vectors
import pytest

from signing.certificates import Certificate, load_certificate
from signing.file_checks import (
    Moment,
    chain_statuses,
    check_chain_found,
    check_revocation,
    check_time,
)
from signing.policy import DEFAULT_POLICY
from signing.revocation.known import CertificateStatus, RevocationList, load_crl
from signing.trust import Chain, TrustAnchor, TrustStore
from signing.verdicts import Check, Outcome, SignatureKind, TimeBasis, Verdict, verdict_of
from tests.integration.signing.pkits_cases import (
    CASES,
    NARROWER_QUESTIONS,
    NOT_ACCEPTED_HERE,
    VALID,
    Case,
)

PKITS = Path(cryptography_vectors.__file__).parent / "x509" / "PKITS_data"
MOMENT = Moment(datetime(2026, 11, 20, 12, tzinfo=UTC), TimeBasis.NOW)
BY_NUMBER = {case.number: case for case in CASES}
TESTS_OF_SECTIONS = (6, 8, 11, 21, 8, 17, 5, 20, 8, 14, 11, 10, 38, 35, 10, 2)


@cache
def certificate(stem: str) -> Certificate:
    return load_certificate((PKITS / "certs" / f"{stem}.crt").read_bytes())


@cache
def store() -> TrustStore:
    """The root, and every authority of PKITS as an intermediate: chains have to be found."""
    authorities = [path.stem for path in sorted((PKITS / "certs").glob("*.crt"))]
    root = TrustAnchor(certificate("TrustAnchorRootCertificate"), SignatureKind.ADVANCED)
    return TrustStore([root], [certificate(stem) for stem in authorities if stem[-2:] != "EE"])


@cache
def lists() -> tuple[RevocationList, ...]:
    return tuple(load_crl(path.read_bytes()) for path in sorted((PKITS / "crls").glob("*.crl")))


@cache
def judged(case: Case) -> tuple[Check, ...]:
    signer = certificate(f"{case.certificate}EE")
    found = store().find_chain(signer, (), MOMENT.at)
    statuses: tuple[CertificateStatus, ...] = ()
    if isinstance(found, Chain):
        statuses = chain_statuses(found, lists(), MOMENT, DEFAULT_POLICY)
    return check_chain_found(found), check_time(signer, MOMENT), check_revocation(statuses)


def not_passed(case: Case) -> set[str]:
    return {check.key for check in judged(case) if check.outcome is not Outcome.PASSED}


def by_number(case: Case) -> str:
    return f"{case.number} {case.certificate}"


def test_the_table_names_every_test_of_pkits() -> None:
    sections = Counter(case.number.rsplit(".", 1)[0] for case in CASES)
    assert tuple(sections.values()) == TESTS_OF_SECTIONS
    signers = {path.stem for path in (PKITS / "certs").glob("*EE.crt")}
    assert {f"{case.certificate}EE" for case in CASES} == signers
    for case in CASES:
        told = case.certificate.startswith(("Valid", "Invalid"))
        assert not told or case.certificate.startswith("Valid") == (case.expected == VALID)


@pytest.mark.parametrize("case", [c for c in CASES if c.expected != VALID], ids=by_number)
def test_what_is_invalid_is_refused_by_the_check_it_was_made_for(case: Case) -> None:
    assert verdict_of(judged(case)) is not Verdict.VALID
    assert case.expected in not_passed(case)


@pytest.mark.parametrize("case", [c for c in CASES if c.expected == VALID], ids=by_number)
def test_what_is_valid_is_accepted_but_for_the_listed_exceptions(case: Case) -> None:
    check, reason = NOT_ACCEPTED_HERE.get(case.number, ("", ""))
    if not reason:
        assert verdict_of(judged(case)) is Verdict.VALID
    else:
        assert verdict_of(judged(case)) is not Verdict.VALID
        assert check in not_passed(case)


def test_only_what_is_valid_has_exceptions() -> None:
    assert {BY_NUMBER[number].expected for number in NOT_ACCEPTED_HERE} == {VALID}


@pytest.mark.parametrize("subtest", NARROWER_QUESTIONS)
def test_no_policy_is_asked_for_here(subtest: str) -> None:
    """These are invalid for one who asks for certain policies, valid for one who does not."""
    assert verdict_of(judged(BY_NUMBER[subtest.rsplit(".", 1)[0]])) is Verdict.VALID
