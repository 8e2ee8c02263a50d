"""An authority's accreditation on the day of issue, and anchors that hold for one authority."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from signing.accredited.accreditation import (
    Accreditation,
    Period,
    accreditation_in,
    accreditation_out,
    day_of_issue,
)
from signing.certificates import Certificate, load_certificate
from signing.evidence import Evidence
from signing.sign import sign_detached
from signing.trust import Chain, ChainProblem, TrustAnchor, TrustStore
from signing.trust_folder import TrustFolderError, save_trust_folder
from signing.validate import validate_detached
from signing.verdicts import Outcome, SignatureKind
from tests.pki import DAY, NOON, YEAR, Authority, Office, authority_request, ec_key
from tests.unit.signing.conftest import CONTENT, grounds_of, key_of

ISSUED = NOON - 30 * DAY
"""When tests.pki issues certificates."""


def certificate(authority: Authority) -> Certificate:
    return load_certificate(authority.holder.der)


def store(office: Office, *periods: Period, authority: Authority | None = None) -> TrustStore:
    """Trusts the root for the issuing authority (or another one), in these periods."""
    named = certificate(authority or office.issuing).fingerprint
    anchor = TrustAnchor(
        certificate(office.root),
        SignatureKind.QUALIFIED,
        accreditation=Accreditation(named, periods, list_version=7),
    )
    return TrustStore([anchor], [certificate(office.issuing)])


def found(office: Office, trust: TrustStore) -> Chain | ChainProblem:
    signer = load_certificate(office.issuing.person().der)
    return trust.find_chain(signer, (), NOON)


DAY_OF_ISSUE = day_of_issue(ISSUED)


def test_the_first_day_counts_and_the_last_does_not() -> None:
    period = Period(date(2020, 3, 1), date(2020, 3, 10))
    days = [date(2020, 2, 29), date(2020, 3, 1), date(2020, 3, 9), date(2020, 3, 10)]
    assert [period.covers(day) for day in days] == [False, True, True, False]
    assert Period(date(2020, 3, 1)).covers(date(2120, 3, 1))


def test_a_period_has_at_least_one_day() -> None:
    with pytest.raises(ValueError, match="at least one day"):
        Period(date(2020, 3, 1), date(2020, 3, 1))


def test_the_day_of_issue_is_moscows() -> None:
    assert day_of_issue(datetime(2020, 2, 29, 20, 59, tzinfo=UTC)) == date(2020, 2, 29)
    assert day_of_issue(datetime(2020, 2, 29, 21, 0, tzinfo=UTC)) == date(2020, 3, 1)


@pytest.mark.parametrize(
    "periods",
    [
        [Period(DAY_OF_ISSUE)],
        [Period(DAY_OF_ISSUE, DAY_OF_ISSUE + timedelta(1))],
        [Period(date(2001, 1, 1), date(2002, 1, 1)), Period(date(2010, 1, 1))],
    ],
)
def test_an_authority_accredited_on_the_day_of_issue_is_trusted(
    office: Office, periods: list[Period]
) -> None:
    chain = found(office, store(office, *periods))
    assert isinstance(chain, Chain)
    assert [c.der for c in chain.authorities] == [office.root.holder.der, office.issuing.holder.der]


@pytest.mark.parametrize(
    "periods",
    [
        [],
        [Period(DAY_OF_ISSUE + timedelta(1))],
        [Period(date(2001, 1, 1), DAY_OF_ISSUE)],
        [Period(date(2001, 1, 1), date(2002, 1, 1)), Period(date(2026, 11, 1))],
    ],
)
def test_accreditation_before_or_after_that_day_does_not_count(
    office: Office, periods: list[Period]
) -> None:
    problem = found(office, store(office, *periods))
    assert isinstance(problem, ChainProblem)
    assert problem.code == "not_accredited"
    assert problem.certificate == certificate(office.issuing)


def test_accreditation_lost_after_the_issue_changes_nothing(office: Office) -> None:
    lost = Period(date(2001, 1, 1), DAY_OF_ISSUE + timedelta(1))
    signer = load_certificate(office.issuing.person().der)
    assert isinstance(store(office, lost).find_chain(signer, (), NOON + YEAR / 2), Chain)


def test_an_authority_that_is_not_listed_is_not_trusted(office: Office) -> None:
    trust = store(office, Period(date(2001, 1, 1)), authority=office.root.issuing("Другой центр"))
    problem = found(office, trust)
    assert isinstance(problem, ChainProblem)
    assert problem.code == "untrusted"


def test_an_authority_below_an_accredited_one_has_no_part_in_it(office: Office) -> None:
    """The accreditation is of the certificate that issued, not of what stands above it."""
    free = Authority.root("Корень")
    request = replace(authority_request("Выше", ec_key("above")), path_length=1)
    upper = Authority(free.issue(request))
    lower = upper.issuing("Ниже")
    anchor = TrustAnchor(
        certificate(free),
        SignatureKind.QUALIFIED,
        accreditation=Accreditation(certificate(upper).fingerprint, (Period(date(2001, 1, 1)),), 7),
    )
    trust = TrustStore([anchor], [certificate(upper), certificate(lower)])
    assert isinstance(trust.find_chain(load_certificate(upper.person().der), (), NOON), Chain)
    problem = trust.find_chain(load_certificate(lower.person().der), (), NOON)
    assert isinstance(problem, ChainProblem)
    assert problem.code == "untrusted"


def test_check_3_says_so(office: Office) -> None:
    signature = sign_detached(CONTENT, key_of(office.issuing.person()), NOON)
    late = store(office, Period(date(2026, 11, 1)))
    report = validate_detached(CONTENT, signature, grounds_of(late, office.crls)).report
    check = report.signatures[0].checks[2]
    assert (check.outcome, check.code) == (Outcome.FAILED, "not_accredited")
    assert check.params["name"] == "Выдающий центр"


def test_a_judgement_by_accreditation_can_be_repeated_from_its_evidence(office: Office) -> None:
    signature = sign_detached(CONTENT, key_of(office.issuing.person()), NOON)
    trust = store(office, Period(date(2001, 1, 1)))
    made = validate_detached(CONTENT, signature, grounds_of(trust, office.crls))
    check = made.report.signatures[0].checks[2]
    assert (check.outcome, check.code) == (Outcome.PASSED, "chain_accredited")
    assert (check.params["authority"], check.params["version"]) == ("Выдающий центр", 7)

    kept = Evidence.from_bytes(made.evidence.to_bytes())
    assert kept.anchors == trust.anchors
    again = validate_detached(CONTENT, signature, kept.grounds()).report
    assert again.signatures[0].checks == made.report.signatures[0].checks
    other = office.root.issuing("Другой центр")
    stranger = sign_detached(CONTENT, key_of(other.person()), NOON)
    report = validate_detached(CONTENT, stranger, kept.grounds()).report
    assert report.signatures[0].checks[2].code == "untrusted"


def test_an_accreditation_can_be_stored() -> None:
    periods = (Period(date(2001, 1, 1), date(2002, 1, 1)), Period(date(2003, 1, 1)))
    known = Accreditation("ab" * 32, periods, 16326)
    assert accreditation_in(accreditation_out(known)) == known
    assert accreditation_in(accreditation_out(None)) is None


def test_a_folder_cannot_hold_it_and_says_so(office: Office, tmp_path: Path) -> None:
    with pytest.raises(TrustFolderError):
        save_trust_folder(store(office, Period(date(2001, 1, 1))), tmp_path / "trust")
    assert not (tmp_path / "trust").exists()
