"""The state's certificates: what they are, who signed them, and that none is trusted unasked."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from importlib import resources

import pytest
from cryptography.exceptions import InvalidSignature

from signing import state_roots
from signing.certificates import Certificate
from signing.policy import DEFAULT_POLICY, Family, Standing, read_scheme
from signing.state_roots import StateCertificate, state_certificates
from signing.trust import Chain, ChainProblem, TrustAnchor, TrustStore
from signing.verdicts import SignatureKind

ALL = state_certificates()
ROOTS = [each for each in ALL if each.is_root]
BELOW = [each for each in ALL if not each.is_root]
DAY = datetime(2026, 3, 1, tzinfo=UTC)
EACH_ROOT = pytest.mark.parametrize("root", ROOTS, ids=lambda each: each.file)
EACH_BELOW = pytest.mark.parametrize("below", BELOW, ids=lambda each: each.file)


def verify(issuer: Certificate, issued: Certificate) -> None:
    scheme = read_scheme(issued.parsed["signature_algorithm"])
    assert scheme is not None
    tbs = issued.parsed["tbs_certificate"].dump()
    scheme.verify(issuer.public_key_der, issued.parsed["signature_value"].native, tbs)


def test_every_file_has_the_fingerprint_that_the_list_gives() -> None:
    text = resources.files(state_roots).joinpath("README.md").read_text(encoding="utf-8")
    listed = dict(re.findall(r"^\| (\S+\.pem) \|.*\| ([0-9a-f]{64}) \|$", text, re.MULTILINE))
    assert listed == {each.file: each.certificate.fingerprint for each in ALL}
    assert (len(ROOTS), len(BELOW)) == (6, 12)


@EACH_ROOT
def test_a_root_is_signed_by_itself(root: StateCertificate) -> None:
    verify(root.certificate, root.certificate)
    assert root.certificate.parsed.ca
    strangers = [other for other in ROOTS if other is not root]
    for other in strangers:
        with pytest.raises(InvalidSignature):
            verify(other.certificate, root.certificate)


@EACH_BELOW
def test_a_subordinate_leads_to_a_root_that_somebody_confirmed(below: StateCertificate) -> None:
    confirmed = [TrustAnchor(root.certificate, SignatureKind.QUALIFIED) for root in ROOTS]
    found = TrustStore(confirmed).find_chain(below.certificate, (), DAY)
    assert isinstance(found, Chain)
    assert len(found.certificates) == 2
    verify(found.anchor.certificate, below.certificate)


@EACH_BELOW
def test_nothing_is_trusted_before_somebody_confirmed_it(below: StateCertificate) -> None:
    store = TrustStore((), [each.certificate for each in ALL])
    found = store.find_chain(below.certificate, (), DAY)
    assert isinstance(found, ChainProblem)
    assert found.code == "nothing_trusted"


def test_the_root_of_2012_is_verified_and_refused_for_new_signatures() -> None:
    (old,) = [each.certificate for each in ROOTS if each.file.startswith("head-ca")]
    scheme = read_scheme(old.parsed["signature_algorithm"])
    assert scheme is not None
    assert scheme.family is Family.GOST_2001
    assert DEFAULT_POLICY.signature(old.parsed["signature_algorithm"]) is Standing.REFUSED
    assert DEFAULT_POLICY.key(old.parsed.public_key) is Standing.REFUSED
    newer = [each.certificate for each in ROOTS if each.certificate != old]
    assert {DEFAULT_POLICY.key(each.parsed.public_key) for each in newer} == {Standing.ALLOWED}
