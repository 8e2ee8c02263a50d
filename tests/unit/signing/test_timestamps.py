"""Each thing that makes a timestamp prove nothing does so alone."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from asn1crypto import cms, tsp
from cryptography import x509
from cryptography.x509.oid import ExtendedKeyUsageOID

from signing.certificates import load_certificate
from signing.digests import digest
from signing.evidence import Grounds
from signing.file_checks import Moment
from signing.revocation.known import load_crl
from signing.timestamps.judgement import JudgedTimestamp, judge_token, moment_known, parse_token
from signing.training.timestamp_authority import TrainingTsa
from signing.trust import TrustStore
from signing.verdicts import CHECK_KEYS, EvidenceKind, Outcome, TimeBasis, Verdict
from tests.pki import DAY, NOON, YEAR, Office
from tests.tsa import FOR_TIMESTAMPS, token_over, tsa_of, vouching
from tests.unit.signing.conftest import CONTENT, grounds_of, trust_in

SECOND = timedelta(seconds=1)
EARLIER = NOON - DAY


@pytest.fixture(scope="module")
def tsa(office: Office) -> TrainingTsa:
    return tsa_of(office.issuing)


@pytest.fixture
def stamping(office: Office) -> Grounds:
    """Grounds in which the office's root vouches for timestamps, and for nothing else."""
    return grounds_of(TrustStore(()), office.crls, timestamping=vouching(office.root))


def judged(
    token: bytes, grounds: Grounds, content: bytes = CONTENT, **more: object
) -> JudgedTimestamp:
    return judge_token(token, lambda name: digest(name, content), grounds, **more)  # type: ignore[arg-type]  # keyword arguments of judge_token


def wrong(found: JudgedTimestamp) -> dict[str, str]:
    """The checks that did not pass, with their codes."""
    checks = found.report.checks
    return {c.key: c.code for c in checks if c.outcome is not Outcome.PASSED}


def failed(found: JudgedTimestamp) -> set[str]:
    return {c.key for c in found.report.checks if c.outcome is Outcome.FAILED}


def test_a_good_timestamp_proves_its_time(tsa: TrainingTsa, stamping: Grounds) -> None:
    found = judged(token_over(CONTENT, tsa, EARLIER), stamping)
    assert wrong(found) == {}
    assert found.report.verdict is Verdict.VALID
    assert found.report.time == EARLIER
    assert found.proven == EARLIER + SECOND  # as exact as the authority says it is
    assert found.report.authority == "Служба меток"
    assert not found.report.training
    kinds = [item.kind for item in found.report.evidence]
    assert kinds == [EvidenceKind.ANCHOR, *[EvidenceKind.CERTIFICATE] * 2, *[EvidenceKind.CRL] * 2]


@pytest.mark.parametrize("name", ["sha256", "sha384", "sha512", "streebog256", "streebog512"])
def test_every_allowed_digest_can_be_stamped(
    name: str, tsa: TrainingTsa, stamping: Grounds
) -> None:
    assert judged(token_over(CONTENT, tsa, EARLIER, name), stamping).proven is not None


# 1 integrity


def test_a_timestamp_over_something_else_is_refused(tsa: TrainingTsa, stamping: Grounds) -> None:
    found = judged(token_over(CONTENT, tsa, EARLIER), stamping, b"another document")
    assert wrong(found) == {"integrity": "imprint_other"}
    assert found.proven is None


def test_a_time_written_in_afterwards_is_found_out(tsa: TrainingTsa, stamping: Grounds) -> None:
    token = token_over(CONTENT, tsa, EARLIER)
    moved = token.replace(b"20261119120000Z", b"20251119120000Z")
    assert moved != token
    assert judged(moved, stamping).report.time == datetime(2025, 11, 19, 12, tzinfo=NOON.tzinfo)
    assert wrong(judged(moved, stamping))["integrity"] == "token_changed"


def test_an_unknown_digest_leaves_it_undecided(tsa: TrainingTsa, stamping: Grounds) -> None:
    info = tsp.TSTInfo.load(parse_token(token_over(CONTENT, tsa, EARLIER)).info)
    info["message_imprint"]["hash_algorithm"]["algorithm"] = "1.2.3.4"
    found = judged(tsa.seal(info.dump(force=True)).dump(), stamping)
    assert wrong(found) == {"integrity": "digest_unknown", "usage": "algorithm_unknown"}
    assert found.report.verdict is Verdict.UNDECIDED


def test_an_unreadable_timestamp_is_reported(stamping: Grounds) -> None:
    found = judged(b"\x30\x03\x02\x01\x00", stamping)
    assert wrong(found) == {"integrity": "token_unreadable"}
    assert (found.report.time, found.proven) == (None, None)
    assert found.report.verdict is Verdict.UNDECIDED


# 2 signature value


def test_a_timestamp_signed_with_another_key_is_refused(
    office: Office, tsa: TrainingTsa, stamping: Grounds
) -> None:
    other = tsa_of(office.issuing, "Чужой ключ").key.private_key
    forged = replace(tsa, key=replace(tsa.key, private_key=other))
    assert wrong(judged(token_over(CONTENT, forged, EARLIER), stamping)) == {
        "signature_value": "signature_wrong"
    }


def rebound(tsa: TrainingTsa, token: bytes, name: str, value: object) -> bytes:
    """The token with another attribute in place of the one that names its certificate."""
    envelope = cms.ContentInfo.load(token)
    signer = envelope["content"]["signer_infos"][0]
    kept = [a for a in signer["signed_attrs"] if a["type"].native != "signing_certificate_v2"]
    if name:
        kept.append(cms.CMSAttribute({"type": name, "values": [value]}))
    signer["signed_attrs"] = cms.CMSAttributes(kept)
    signer["signature"] = tsa.key.sign(cms.CMSAttributes(kept).dump())
    return bytes(envelope.dump(force=True))


def test_a_timestamp_that_does_not_name_its_certificate_is_refused(
    tsa: TrainingTsa, stamping: Grounds
) -> None:
    token = rebound(tsa, token_over(CONTENT, tsa, EARLIER), "", None)
    assert wrong(judged(token, stamping)) == {"signature_value": "not_bound"}


@pytest.mark.parametrize(("right", "code"), [(True, None), (False, "not_bound")])
def test_the_older_way_to_name_the_certificate_is_read(
    right: bool, code: str | None, tsa: TrainingTsa, stamping: Grounds
) -> None:
    named = digest("sha1", tsa.key.certificate.der if right else b"another")
    binding = tsp.SigningCertificate({"certs": [{"cert_hash": named}]})
    token = rebound(tsa, token_over(CONTENT, tsa, EARLIER), "signing_certificate", binding)
    assert wrong(judged(token, stamping)).get("signature_value") == code


def test_a_twin_with_the_same_name_and_number_is_not_the_authority(
    office: Office, tsa: TrainingTsa, stamping: Grounds
) -> None:
    twin = tsa_of(office.issuing, "Двойник", serial=tsa.key.certificate.serial)
    token = token_over(CONTENT, tsa, EARLIER)
    swapped = cms.ContentInfo.load(token)
    swapped["content"]["certificates"] = [twin.key.certificate.parsed]
    found = judged(swapped.dump(force=True), stamping, beside=[])
    assert found.report.check("signature_value").code == "bound_to_other"


# Trap 7: the authority's certificate is left out


def test_a_certificate_left_out_is_taken_from_around(
    office: Office, tsa: TrainingTsa, stamping: Grounds
) -> None:
    bare = without_certificates(token_over(CONTENT, tsa, EARLIER))
    around = [load_certificate(office.issuing.holder.der), tsa.key.certificate]
    assert judged(bare, stamping, beside=around).proven is not None


def test_a_certificate_left_out_is_taken_from_the_store(
    office: Office, tsa: TrainingTsa, stamping: Grounds
) -> None:
    bare = without_certificates(token_over(CONTENT, tsa, EARLIER))
    known = [load_certificate(office.issuing.holder.der), tsa.key.certificate]
    store = TrustStore(stamping.timestamping.anchors, known)
    assert judged(bare, replace(stamping, timestamping=store)).proven is not None


def test_a_certificate_that_is_nowhere_leaves_it_undecided(
    tsa: TrainingTsa, stamping: Grounds
) -> None:
    found = judged(without_certificates(token_over(CONTENT, tsa, EARLIER)), stamping)
    assert set(wrong(found).values()) == {"no_certificate", "no_chain"}
    assert found.report.verdict is Verdict.UNDECIDED


def without_certificates(token: bytes) -> bytes:
    envelope = cms.ContentInfo.load(token)
    content = envelope["content"]
    kept = {
        name: content[name]
        for name in ("version", "digest_algorithms", "encap_content_info", "signer_infos")
    }
    return bytes(cms.ContentInfo({"content_type": "signed_data", "content": kept}).dump())


# 3 chain


def test_who_is_trusted_for_signatures_proves_no_time(office: Office, tsa: TrainingTsa) -> None:
    grounds = grounds_of(trust_in(office.root), office.crls)
    found = judged(token_over(CONTENT, tsa, EARLIER), grounds)
    assert wrong(found) == {"chain": "nothing_trusted", "revocation": "no_chain"}
    assert found.report.verdict is Verdict.UNDECIDED


def test_a_foreign_authority_proves_nothing(stamping: Grounds) -> None:
    foreign = tsa_of(Office.open("чужой").issuing)
    found = judged(token_over(CONTENT, foreign, EARLIER), stamping)
    assert wrong(found) == {"chain": "untrusted", "revocation": "no_chain"}
    assert found.proven is None


# 4 time


@pytest.mark.parametrize(
    ("since", "until", "code"),
    [
        (EARLIER + SECOND, NOON + YEAR, "not_yet_valid"),
        (NOON - YEAR, EARLIER - SECOND, "expired"),
        (NOON - YEAR, NOON - SECOND, "authority_expired"),
    ],
)
def test_the_authority_was_in_force_then_and_still_is(
    since: datetime, until: datetime, code: str, office: Office, stamping: Grounds
) -> None:
    tsa = tsa_of(office.issuing, f"Служба {code}", not_before=since, not_after=until)
    found = judged(token_over(CONTENT, tsa, EARLIER), stamping)
    assert wrong(found) == {"time": code}
    assert found.proven is None


def test_what_was_received_before_the_authority_expired_stays_proven(
    office: Office, stamping: Grounds
) -> None:
    tsa = tsa_of(office.issuing, "Служба до срока", not_after=NOON + DAY)
    later = replace(stamping, now=NOON + 3 * DAY, received_at=NOON)
    assert judged(token_over(CONTENT, tsa, EARLIER), later).proven == EARLIER + SECOND


def test_the_period_of_the_key_counts(office: Office, stamping: Grounds) -> None:
    period = x509.PrivateKeyUsagePeriod(
        (NOON - YEAR).replace(tzinfo=None), (EARLIER - SECOND).replace(tzinfo=None)
    )
    tsa = tsa_of(office.issuing, "Срок ключа", more=(FOR_TIMESTAMPS, (period, False)))
    assert wrong(judged(token_over(CONTENT, tsa, EARLIER), stamping)) == {"time": "key_period"}


@pytest.mark.parametrize(("ahead", "good"), [(60, True), (119, True), (120, False), (9999, False)])
def test_a_time_to_come_proves_nothing(
    ahead: int, good: bool, tsa: TrainingTsa, stamping: Grounds
) -> None:
    found = judged(token_over(CONTENT, tsa, NOON + ahead * SECOND), stamping)
    assert wrong(found) == ({} if good else {"time": "in_future"})


# 5 revocation


def revoked(
    office: Office,
    tsa: TrainingTsa,
    since: datetime,
    reason: x509.ReasonFlags | None,
    stamping: Grounds,
) -> Grounds:
    entry = {tsa.key.certificate.serial: since}
    listed = office.issuing.crl(entry, reason=reason)
    return replace(stamping, crls=tuple(map(load_crl, (office.root_crl, listed))))


@pytest.mark.parametrize(
    ("since", "reason", "code"),
    [
        (EARLIER + 5 * SECOND, x509.ReasonFlags.key_compromise, "revoked"),
        (EARLIER + 5 * SECOND, None, "revoked"),
        (EARLIER - SECOND, x509.ReasonFlags.superseded, "revoked"),
        (EARLIER + SECOND, x509.ReasonFlags.superseded, "revoked"),
        (EARLIER + 5 * SECOND, x509.ReasonFlags.superseded, None),
        (EARLIER + 5 * SECOND, x509.ReasonFlags.cessation_of_operation, None),
    ],
)
def test_a_lost_key_takes_all_timestamps_with_it_and_a_closed_office_none(
    since: datetime,
    reason: x509.ReasonFlags | None,
    code: str | None,
    office: Office,
    tsa: TrainingTsa,
    stamping: Grounds,
) -> None:
    grounds = revoked(office, tsa, since, reason, stamping)
    found = judged(token_over(CONTENT, tsa, EARLIER), grounds)
    assert wrong(found) == ({} if code is None else {"revocation": code})


def test_without_lists_nothing_is_proven(tsa: TrainingTsa, stamping: Grounds) -> None:
    found = judged(token_over(CONTENT, tsa, EARLIER), replace(stamping, crls=()))
    assert wrong(found) == {"revocation": "no_list"}
    assert found.report.verdict is Verdict.UNDECIDED


# 6 usage


PURPOSE = ExtendedKeyUsageOID.TIME_STAMPING


@pytest.mark.parametrize(
    "more",
    [
        (),
        ((x509.ExtendedKeyUsage([PURPOSE]), False),),
        ((x509.ExtendedKeyUsage([PURPOSE, ExtendedKeyUsageOID.EMAIL_PROTECTION]), True),),
        ((x509.ExtendedKeyUsage([ExtendedKeyUsageOID.CODE_SIGNING]), True),),
        ((x509.ExtendedKeyUsage([ExtendedKeyUsageOID.ANY_EXTENDED_KEY_USAGE]), True),),
    ],
    ids=["none", "not critical", "and others", "another", "any"],
)
def test_only_a_certificate_for_timestamps_alone_serves(
    more: tuple[tuple[x509.ExtensionType, bool], ...], office: Office, stamping: Grounds
) -> None:
    tsa = tsa_of(office.issuing, "Иное назначение", more=more)
    found = judged(token_over(CONTENT, tsa, EARLIER), stamping)
    assert wrong(found) == {"usage": "not_for_timestamps"}
    assert failed(found) == {"usage"}


def test_a_key_that_may_not_sign_proves_nothing(office: Office, stamping: Grounds) -> None:
    tsa = tsa_of(office.issuing, "Для шифрования", usage=("key_agreement",))
    assert failed(judged(token_over(CONTENT, tsa, EARLIER), stamping)) == {"usage"}


def test_a_person_gives_no_timestamps(office: Office, stamping: Grounds) -> None:
    person = tsa_of(office.issuing, "Лицо", more=(), usage=("digital_signature",))
    assert failed(judged(token_over(CONTENT, person, EARLIER), stamping)) == {"usage"}


def test_a_weak_digest_is_refused(tsa: TrainingTsa, stamping: Grounds) -> None:
    info = tsp.TSTInfo.load(parse_token(token_over(CONTENT, tsa, EARLIER)).info)
    info["message_imprint"] = {
        "hash_algorithm": {"algorithm": "sha1"},
        "hashed_message": digest("sha1", CONTENT),
    }
    found = judged(tsa.seal(info.dump(force=True)).dump(), stamping)
    assert wrong(found) == {"usage": "algorithm_refused"}


# The moment


def test_the_moment_without_timestamps_is_receipt_supposition_or_now(stamping: Grounds) -> None:
    assert moment_known(stamping) == Moment(NOON, TimeBasis.NOW)
    received = replace(stamping, received_at=EARLIER)
    assert moment_known(received) == Moment(EARLIER, TimeBasis.RECEIVED)
    supposed = replace(stamping, at=EARLIER)
    assert moment_known(supposed) == Moment(EARLIER, TimeBasis.HYPOTHETICAL)


def test_the_checks_are_the_first_six(tsa: TrainingTsa, stamping: Grounds) -> None:
    found = judged(token_over(CONTENT, tsa, EARLIER), stamping)
    assert [check.key for check in found.report.checks] == list(CHECK_KEYS[:6])
