"""NIST's PKITS: chains and lists made to be accepted or refused for one reason each.

No chain that PKITS calls invalid may pass. Some valid ones are left undecided or refused here on
purpose; they are listed, so that the list can only become shorter knowingly.
"""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import cryptography_vectors
import pytest

from signing.certificates import Certificate, load_certificate
from signing.errors import SigningError
from signing.file_checks import (
    Moment,
    chain_statuses,
    check_chain_found,
    check_revocation,
    check_time,
)
from signing.policy import DEFAULT_POLICY
from signing.revocation import RevocationList, load_crl
from signing.trust import Chain, TrustAnchor, TrustStore
from signing.verdicts import Outcome, SignatureKind, TimeBasis, Verdict, verdict_of

PKITS = Path(cryptography_vectors.__file__).parent / "x509" / "PKITS_data"
MOMENT = Moment(datetime(2026, 11, 20, 12, tzinfo=UTC), TimeBasis.NOW)

NAMES_THAT_DIFFER_IN_THEIR_BYTES = {
    "ValidNameChainingCapitalizationTest5EE",
    "ValidNameChainingWhitespaceTest3EE",
    "ValidNameChainingWhitespaceTest4EE",
    "ValidRolloverfromPrintableStringtoUTF8StringTest10EE",
    "ValidUTF8StringCaseInsensitiveMatchTest11EE",
}
LISTS_SIGNED_WITH_ANOTHER_KEY = {
    "ValidBasicSelfIssuedCRLSigningKeyTest6EE",
    "ValidBasicSelfIssuedNewWithOldTest3EE",
    "ValidBasicSelfIssuedNewWithOldTest4EE",
    "ValidBasicSelfIssuedOldWithNewTest1EE",
    "ValidDNnameConstraintsTest19EE",
    "ValidSelfIssuedinhibitAnyPolicyTest7EE",
    "ValidSelfIssuedinhibitAnyPolicyTest9EE",
    "ValidSelfIssuedinhibitPolicyMappingTest7EE",
    "ValidSelfIssuedpathLenConstraintTest15EE",
    "ValidSelfIssuedpathLenConstraintTest17EE",
    "ValidSelfIssuedrequireExplicitPolicyTest6EE",
    "ValidSeparateCertificateandCRLKeysTest19EE",
}
LISTS_INDIRECT_OR_IN_PARTS = {
    "ValidIDPwithindirectCRLTest22EE",
    "ValidIDPwithindirectCRLTest24EE",
    "ValidIDPwithindirectCRLTest25EE",
    "ValidcRLIssuerTest28EE",
    "ValidcRLIssuerTest29EE",
    "ValidcRLIssuerTest30EE",
    "ValidcRLIssuerTest33EE",
    "ValiddistributionPointTest1EE",
    "ValiddistributionPointTest4EE",
    "ValiddistributionPointTest5EE",
    "ValiddistributionPointTest7EE",
    "ValidonlySomeReasonsTest18EE",
    "ValidonlySomeReasonsTest19EE",
}
DSA = {"ValidDSAParameterInheritanceTest5EE", "ValidDSASignaturesTest4EE"}
NOT_ACCEPTED_ON_PURPOSE = (
    NAMES_THAT_DIFFER_IN_THEIR_BYTES
    | LISTS_SIGNED_WITH_ANOTHER_KEY
    | LISTS_INDIRECT_OR_IN_PARTS
    | DSA
)


@pytest.fixture(scope="module")
def certificates() -> dict[str, Certificate]:
    read = {}
    for path in sorted((PKITS / "certs").glob("*.crt")):
        try:
            read[path.stem] = load_certificate(path.read_bytes())
        except SigningError:
            assert path.stem.startswith("Invalid")
    return read


@pytest.fixture(scope="module")
def lists() -> tuple[RevocationList, ...]:
    return tuple(load_crl(path.read_bytes()) for path in sorted((PKITS / "crls").glob("*.crl")))


@pytest.fixture(scope="module")
def verdicts(
    certificates: dict[str, Certificate], lists: tuple[RevocationList, ...]
) -> dict[str, Verdict]:
    root = TrustAnchor(certificates["TrustAnchorRootCertificate"], SignatureKind.ADVANCED)
    authorities = [each for name, each in certificates.items() if not name.endswith("EE")]
    store = TrustStore([root], authorities)
    return {
        name: judged(certificate, store, lists)
        for name, certificate in certificates.items()
        if name.endswith("EE") and name.startswith(("Valid", "Invalid"))
    }


def judged(
    certificate: Certificate, store: TrustStore, lists: tuple[RevocationList, ...]
) -> Verdict:
    found = store.find_chain(certificate, (), MOMENT.at)
    chained = isinstance(found, Chain)
    statuses = chain_statuses(found, lists, MOMENT, DEFAULT_POLICY) if chained else ()
    checks = (check_chain_found(found), check_time(certificate, MOMENT), check_revocation(statuses))
    assert all(check.outcome in Outcome for check in checks)
    return verdict_of(checks)


def test_nothing_invalid_is_accepted(verdicts: dict[str, Verdict]) -> None:
    invalid = {name: verdict for name, verdict in verdicts.items() if name.startswith("Invalid")}
    assert len(invalid) > 100
    assert {name for name, verdict in invalid.items() if verdict is Verdict.VALID} == set()


def test_what_is_valid_is_accepted_but_for_the_known_exceptions(
    verdicts: dict[str, Verdict],
) -> None:
    valid = {name: verdict for name, verdict in verdicts.items() if name.startswith("Valid")}
    refused = {name for name, verdict in valid.items() if verdict is not Verdict.VALID}
    assert refused == NOT_ACCEPTED_ON_PURPOSE
    assert len(valid) - len(refused) > 50
