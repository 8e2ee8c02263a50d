"""Each of the nine checks fails alone, for its own reason, and the good signature passes all."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.x509.oid import ExtendedKeyUsageOID

from signing.certificates import load_certificate
from signing.evidence import Grounds
from signing.expectation import (
    Authority,
    Expectation,
    ExpectedOrganisation,
    ExpectedPerson,
)
from signing.keys import SigningKey
from signing.sign import sign_detached
from signing.trust import TrustAnchor, TrustStore
from signing.validate import validate_detached
from signing.verdicts import Check, Outcome, SignatureKind, SignatureReport, TimeBasis, Verdict
from tests.pki import DAY, HEAD, INN, MENTOR, NOON, SNILS, YEAR, Holder, Office, rsa_key
from tests.pki import Authority as CertificationAuthority
from tests.unit.signing.conftest import CONTENT, grounds_of, key_of, trust_in

HEAD_EXPECTED = Expectation(
    person=ExpectedPerson("Березкина", "мария  ильинична", "112-233-445 95", "160000000001"),
    organisation=ExpectedOrganisation("1021600000001", "1600000001"),
    authority=Authority(True, "Appointed by the order of {day}.", {"day": NOON}),
    kind=SignatureKind.ADVANCED,
)
SECOND = timedelta(seconds=1)


def judged(
    key: SigningKey,
    grounds: Grounds,
    expectation: Expectation = HEAD_EXPECTED,
    content: bytes = CONTENT,
) -> SignatureReport:
    signed_at = min(max(NOON, key.certificate.not_before), key.certificate.not_after)
    signature = sign_detached(CONTENT, key, signed_at)
    return validate_detached(content, signature, grounds, expectation).report.signatures[0]


def failed(report: SignatureReport) -> dict[str, str]:
    return {c.key: c.code for c in report.checks if c.outcome is Outcome.FAILED}


def not_made(report: SignatureReport) -> dict[str, str]:
    return {c.key: c.code for c in report.checks if c.outcome is Outcome.NOT_MADE}


def test_a_good_signature_passes_all_nine(head_key: SigningKey, grounds: Grounds) -> None:
    report = judged(head_key, grounds)
    assert [c.outcome for c in report.checks] == [Outcome.PASSED] * 9
    assert report.verdict is Verdict.VALID
    assert report.time_basis is TimeBasis.NOW
    assert report.claimed_time == NOON


def test_an_rsa_signature_passes_as_well(office: Office, grounds: Grounds) -> None:
    key = key_of(office.issuing.person(key=rsa_key()))
    assert judged(key, grounds).verdict is Verdict.VALID


# 1 integrity


def test_a_changed_byte_fails_integrity_alone(head_key: SigningKey, grounds: Grounds) -> None:
    for position in (0, len(CONTENT) // 2, len(CONTENT) - 1):
        changed = bytearray(CONTENT)
        changed[position] ^= 1
        report = judged(head_key, grounds, content=bytes(changed))
        assert failed(report) == {"integrity": "content_changed"}
        assert report.verdict is Verdict.INVALID


# 2 signature value: see test_cades_checks.py

# 3 chain


def test_a_foreign_certificate_fails_the_chain_alone(grounds: Grounds) -> None:
    foreign = Office.open("чужой")
    report = judged(key_of(foreign.issuing.person()), grounds)
    assert failed(report) == {"chain": "untrusted"}
    assert not_made(report) == {"revocation": "no_chain", "kind": "kind_unknown"}
    assert report.verdict is Verdict.INVALID


def test_an_impostor_of_the_same_name_is_not_taken_for_our_authority(
    office: Office, grounds: Grounds
) -> None:
    impostor = CertificationAuthority.root(key=rsa_key(2048, "impostor"))
    assert failed(judged(key_of(impostor.person()), grounds)) == {"chain": "untrusted"}
    claims_ours = impostor.person(claimed_issuer=office.root.holder.key)
    assert failed(judged(key_of(claims_ours), grounds)) == {"chain": "broken"}


def test_an_expired_authority_fails_the_chain_alone(office: Office) -> None:
    issuing = office.root.issuing("Старый центр", not_after=NOON - DAY)
    grounds = grounds_of(trust_in(office.root), [office.root_crl, issuing.crl()])
    assert failed(judged(key_of(issuing.person()), grounds)) == {"chain": "ca_expired"}


def test_an_expired_anchor_fails_the_chain_alone(head_key: SigningKey, office: Office) -> None:
    grounds = grounds_of(trust_in(office.root), office.crls, now=NOON + 10 * YEAR + DAY)
    key = key_of(office.issuing.person(not_after=NOON + 11 * YEAR))
    assert failed(judged(key, grounds)) == {"chain": "ca_expired"}


def test_a_person_cannot_issue_certificates(office: Office, head: Holder) -> None:
    false_authority = CertificationAuthority(head)
    grounds = grounds_of(trust_in(office.root), [*office.crls, false_authority.crl()])
    assert failed(judged(key_of(false_authority.person(MENTOR)), grounds, Expectation())) == {
        "chain": "not_a_ca"
    }


def test_an_authority_without_key_usage_cannot_issue(office: Office) -> None:
    issuing = office.root.issuing("Без назначения", usage=None)
    grounds = grounds_of(trust_in(office.root), [office.root_crl, issuing.crl()])
    assert failed(judged(key_of(issuing.person()), grounds))["chain"] == "not_a_ca"


def test_the_path_length_of_an_authority_is_kept(office: Office) -> None:
    deeper = office.issuing.issuing("Третий центр")
    grounds = grounds_of(trust_in(office.root), [*office.crls, deeper.crl()])
    assert failed(judged(key_of(deeper.person()), grounds)) == {"chain": "broken"}


def test_without_trust_nothing_is_decided(head_key: SigningKey, office: Office) -> None:
    report = judged(head_key, grounds_of(TrustStore(()), office.crls))
    assert failed(report) == {}
    assert not_made(report)["chain"] == "nothing_trusted"
    assert report.verdict is Verdict.UNDECIDED


def test_an_anchor_does_not_sign_documents(office: Office) -> None:
    key = key_of(office.issuing.person())
    trust = TrustStore([TrustAnchor(key.certificate, SignatureKind.ADVANCED)])
    assert failed(judged(key, grounds_of(trust, office.crls))) == {"chain": "untrusted"}


# 4 time


@pytest.mark.parametrize(
    ("period", "code"),
    [
        ((NOON - YEAR, NOON - SECOND), "expired"),
        ((NOON + SECOND, NOON + YEAR), "not_yet_valid"),
    ],
)
def test_seconds_matter_at_both_ends(
    period: tuple, code: str, office: Office, grounds: Grounds
) -> None:
    since, until = period
    key = key_of(office.issuing.person(not_before=since, not_after=until))
    assert failed(judged(key, grounds)) == {"time": code}


@pytest.mark.parametrize("period", [(NOON - YEAR, NOON), (NOON, NOON + YEAR)])
def test_the_first_and_the_last_second_are_within(
    period: tuple, office: Office, grounds: Grounds
) -> None:
    since, until = period
    key = key_of(office.issuing.person(not_before=since, not_after=until))
    assert judged(key, grounds).verdict is Verdict.VALID


def test_the_private_key_usage_period_is_kept(office: Office, grounds: Grounds) -> None:
    over = x509.PrivateKeyUsagePeriod(NOON - YEAR, NOON - DAY)
    key = key_of(office.issuing.person(more=((over, False),)))
    assert failed(judged(key, grounds)) == {"time": "key_period"}
    running = x509.PrivateKeyUsagePeriod(NOON - YEAR, NOON + DAY)
    key = key_of(office.issuing.person(more=((running, False),)))
    assert judged(key, grounds).verdict is Verdict.VALID


def test_another_moment_is_only_hypothetical(head_key: SigningKey, grounds: Grounds) -> None:
    report = judged(head_key, replace(grounds, at=NOON - DAY))
    assert report.time_basis is TimeBasis.HYPOTHETICAL
    assert report.checked_at == NOON - DAY
    assert failed(judged(head_key, replace(grounds, at=NOON - YEAR))) == {"time": "not_yet_valid"}


# 5 revocation: the cases are in test_revocation.py


def test_a_revoked_certificate_fails_revocation_alone(
    head: Holder, head_key: SigningKey, office: Office
) -> None:
    revoked = office.issuing.crl({head.certificate.serial_number: NOON - DAY})
    report = judged(head_key, grounds_of(trust_in(office.root), [office.root_crl, revoked]))
    assert failed(report) == {"revocation": "revoked"}
    assert report.check("revocation").params["since"] == NOON - DAY
    assert report.verdict is Verdict.INVALID


def test_a_revoked_authority_fails_revocation_alone(head_key: SigningKey, office: Office) -> None:
    revoked = office.root.crl({office.issuing.certificate.serial_number: NOON - DAY})
    grounds = grounds_of(trust_in(office.root), [revoked, office.issuing_crl])
    assert failed(judged(head_key, grounds)) == {"revocation": "revoked"}


@pytest.mark.parametrize("missing", [0, 1])
def test_without_one_list_nothing_is_decided(
    missing: int, head_key: SigningKey, office: Office
) -> None:
    lists = [crl for number, crl in enumerate(office.crls) if number != missing]
    report = judged(head_key, grounds_of(trust_in(office.root), lists))
    assert failed(report) == {}
    assert not_made(report) == {"revocation": "no_list"}
    assert report.verdict is Verdict.UNDECIDED


# 6 usage and algorithms


def usage_code(holder: Holder, grounds: Grounds) -> str:
    report = judged(key_of(holder), grounds)
    assert set(failed(report)) == {"usage"}
    return failed(report)["usage"]


@pytest.mark.parametrize("usage", [None, ("key_encipherment",), ()])
def test_a_certificate_not_for_signatures_fails_usage_alone(
    usage: tuple[str, ...] | None, office: Office, grounds: Grounds
) -> None:
    assert usage_code(office.issuing.person(usage=usage), grounds) == "not_for_signing"


def test_a_server_certificate_fails_usage_alone(office: Office, grounds: Grounds) -> None:
    server = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH])
    holder = office.issuing.person(more=((server, False),))
    assert usage_code(holder, grounds) == "for_machines"


def test_an_authority_does_not_sign_documents(office: Office, grounds: Grounds) -> None:
    holder = office.issuing.person(ca=True)
    assert usage_code(holder, grounds) == "is_authority"


def test_a_certificate_issued_with_a_weak_digest_fails_usage_alone(
    grounds: Grounds, office: Office
) -> None:
    holder = office.issuing.person(digest=hashes.SHA224)
    assert usage_code(holder, grounds) == "algorithm_refused"


# 7 owner


def owner_code(grounds: Grounds, holder: Holder, expectation: Expectation = HEAD_EXPECTED) -> str:
    report = judged(key_of(holder), grounds, expectation)
    assert set(failed(report)) == {"owner"}
    return failed(report)["owner"]


def test_another_persons_certificate_fails_the_owner_alone(
    office: Office, grounds: Grounds
) -> None:
    assert owner_code(grounds, office.issuing.person(MENTOR)) == "other_name"


def test_a_namesake_is_another_person(office: Office, grounds: Grounds) -> None:
    assert (
        owner_code(grounds, office.issuing.person(HEAD | {SNILS: "00000000001"})) == "other_snils"
    )
    assert owner_code(grounds, office.issuing.person(HEAD | {INN: "160000000009"})) == "other_inn"


def test_an_owner_without_identifiers_is_not_known(office: Office, grounds: Grounds) -> None:
    nameless = {oid: value for oid, value in HEAD.items() if oid not in (SNILS, INN)}
    assert owner_code(grounds, office.issuing.person(nameless)) == "no_identifier"


def test_the_head_of_another_organisation_fails_the_owner_alone(
    head: Holder, grounds: Grounds
) -> None:
    other = replace(HEAD_EXPECTED, organisation=ExpectedOrganisation(inn_le="1600000009"))
    assert owner_code(grounds, head, other) == "other_organisation"


def test_a_personal_certificate_needs_no_organisation(office: Office, grounds: Grounds) -> None:
    mentor = Expectation(
        person=ExpectedPerson("Соснов", "Пётр Андреевич", snils="555-666-777 88"),
        organisation=ExpectedOrganisation(inn_le="1600000001"),
    )
    report = judged(key_of(office.issuing.person(MENTOR)), grounds, mentor)
    assert report.check("owner").outcome is Outcome.PASSED


# 8 authority


@pytest.mark.parametrize(
    ("holds", "outcome", "verdict"),
    [
        (True, Outcome.PASSED, Verdict.VALID),
        (False, Outcome.FAILED, Verdict.INVALID),
        (None, Outcome.NOT_MADE, Verdict.UNDECIDED),
    ],
)
def test_authority_is_what_the_caller_found_out(
    holds: bool | None,
    outcome: Outcome,
    verdict: Verdict,
    head_key: SigningKey,
    grounds: Grounds,
) -> None:
    expected = replace(HEAD_EXPECTED, authority=Authority(holds, "Why it is so."))
    report = judged(head_key, grounds, expected)
    others: list[Check] = [c for c in report.checks if c.key != "authority"]
    assert report.check("authority").outcome is outcome
    assert report.verdict is verdict
    assert all(c.outcome is Outcome.PASSED for c in others)


# 9 kind

Q, A, T = SignatureKind.QUALIFIED, SignatureKind.ADVANCED, SignatureKind.TRAINING


@pytest.mark.parametrize(
    ("kind", "stands_for", "required", "code"),
    [
        (Q, None, Q, "kind"),
        (Q, None, A, "kind"),
        (A, None, A, "kind"),
        (A, None, Q, "kind_too_low"),
        (T, Q, Q, "kind_training"),
        (T, A, A, "kind_training"),
        (T, A, Q, "kind_too_low"),
    ],
)
def test_the_kind_comes_from_the_anchor(
    kind: SignatureKind,
    stands_for: SignatureKind | None,
    required: SignatureKind,
    code: str,
    head_key: SigningKey,
    office: Office,
) -> None:
    anchor = TrustAnchor(load_certificate(office.root.holder.der), kind, stands_for)
    grounds = grounds_of(TrustStore([anchor]), office.crls)
    report = judged(head_key, grounds, replace(HEAD_EXPECTED, kind=required))
    assert report.check("kind").code == code
    assert failed(report) == ({"kind": code} if code == "kind_too_low" else {})
    assert report.training is (kind is T)
    assert report.certificate is not None
    assert report.certificate.training is (kind is T)


def test_a_training_anchor_names_a_real_kind(office: Office) -> None:
    root = load_certificate(office.root.holder.der)
    for kind, stands_for in ((T, None), (T, T), (Q, A)):
        with pytest.raises(ValueError, match="stands for"):
            TrustAnchor(root, kind, stands_for)


def test_without_an_expectation_the_last_three_are_not_asked(
    head_key: SigningKey, grounds: Grounds
) -> None:
    report = judged(head_key, grounds, Expectation())
    assert [c.code for c in report.checks[6:]] == ["not_asked"] * 3
    assert report.verdict is Verdict.VALID
