"""A signature with a good timestamp is judged for the proven time, then and long after."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from asn1crypto import cms, core, parser, tsp

from signing.cades import CERTIFICATE_VALUES, TIMESTAMP_ATTRIBUTE, CmsUnreadableError, parse_cms
from signing.certificates import load_certificate
from signing.digests import digest
from signing.evidence import Evidence, Grounds
from signing.keys import SigningKey
from signing.reports.lines import report_lines
from signing.revocation.known import load_crl
from signing.sign import sign_detached, sign_pdf
from signing.timestamps.requests import check_response, request
from signing.timestamps.stamping import attach_token, stamp_pdf
from signing.timestamps.tokens import Imprint
from signing.training.timestamp_authority import TrainingTsa
from signing.trust import TrustAnchor, TrustStore
from signing.validate import Validation, validate_detached, validate_pdf
from signing.verdicts import Outcome, Report, SignatureKind, SignatureReport, TimeBasis, Verdict
from tests.pki import DAY, NOON, YEAR, Office
from tests.tsa import authority_at, stamped, token_over, tsa_of, vouching
from tests.unit.signing.conftest import CONTENT, grounds_of, key_of, trust_in
from web.words import russian

Judge = Callable[[bytes, Grounds], Validation]

SECOND = timedelta(seconds=1)
STAMPED = NOON - 5 * DAY
PROVEN = STAMPED + SECOND


@pytest.fixture(scope="module")
def tsa(office: Office) -> TrainingTsa:
    return tsa_of(office.issuing)


@pytest.fixture
def stamping(office: Office, grounds: Grounds) -> Grounds:
    """The grounds of every test, with an office that vouches for timestamps as well."""
    return replace(grounds, timestamping=vouching(office.root))


def report_of(validation: Validation) -> SignatureReport:
    return validation.report.signatures[0]


def judged(signature: bytes, grounds: Grounds) -> SignatureReport:
    return report_of(validate_detached(CONTENT, signature, grounds))


def basis(report: SignatureReport) -> tuple[TimeBasis, datetime]:
    return report.time_basis, report.checked_at


def test_a_good_timestamp_proves_the_moment(
    head_key: SigningKey, tsa: TrainingTsa, stamping: Grounds
) -> None:
    signature = stamped(sign_detached(CONTENT, head_key, STAMPED), tsa, STAMPED)
    report = judged(signature, stamping)
    assert basis(report) == (TimeBasis.PROVEN, PROVEN)
    assert report.verdict is Verdict.VALID
    assert [each.verdict for each in report.timestamps] == [Verdict.VALID]


@pytest.mark.parametrize(
    ("revoked_at", "verdict", "code"),
    [
        (PROVEN + SECOND, Verdict.VALID, "revoked_later"),
        (PROVEN, Verdict.INVALID, "revoked"),
        (STAMPED - DAY, Verdict.INVALID, "revoked"),
    ],
)
def test_only_a_revocation_before_the_proven_time_counts(
    revoked_at: datetime,
    verdict: Verdict,
    code: str,
    head_key: SigningKey,
    office: Office,
    tsa: TrainingTsa,
    stamping: Grounds,
) -> None:
    signature = stamped(sign_detached(CONTENT, head_key, STAMPED), tsa, STAMPED)
    listed = office.issuing.crl({head_key.certificate.serial: revoked_at})
    grounds = replace(stamping, crls=tuple(map(load_crl, (office.root_crl, listed))))
    report = judged(signature, grounds)
    assert (report.verdict, report.check("revocation").code) == (verdict, code)
    without = judged(sign_detached(CONTENT, head_key, STAMPED), grounds)
    assert without.check("revocation").code == "revoked"


def test_a_certificate_that_expired_since_was_good_at_the_proven_time(
    office: Office, tsa: TrainingTsa, stamping: Grounds
) -> None:
    key = key_of(office.issuing.person(not_before=NOON - YEAR, not_after=NOON - DAY))
    listed = office.issuing.crl(this_update=NOON - 2 * DAY, next_update=NOON + DAY)
    grounds = replace(stamping, crls=tuple(map(load_crl, (office.root_crl, listed))))
    plain = sign_detached(CONTENT, key, STAMPED)
    assert judged(plain, grounds).check("time").code == "expired"
    assert judged(stamped(plain, tsa, STAMPED), grounds).verdict is Verdict.VALID


def test_a_certificate_that_had_expired_before_the_proven_time_is_refused(
    office: Office, tsa: TrainingTsa, stamping: Grounds
) -> None:
    key = key_of(office.issuing.person(not_before=NOON - YEAR, not_after=STAMPED - DAY))
    signature = stamped(sign_detached(CONTENT, key, STAMPED - 2 * DAY), tsa, STAMPED)
    assert judged(signature, stamping).check("time").code == "expired"


# What proves nothing changes nothing


def garbage(value: bytes, tsa: TrainingTsa) -> bytes:
    """Not even a CMS, though as long as one."""
    return b"\x04" + token_over(value, tsa, STAMPED)[1:]


def over_something_else(value: bytes, tsa: TrainingTsa) -> bytes:
    return token_over(value[::-1], tsa, STAMPED)


def of_a_stranger(value: bytes, _: TrainingTsa) -> bytes:
    return token_over(value, tsa_of(Office.open("чужой").issuing), STAMPED)


def with_token(signature: bytes, token: bytes, certificates: bytes = b"") -> bytes:
    """The signature with any bytes where its timestamp stands, which `attach_token` refuses.

    `certificates` are put into certificate-values.
    """
    member = signer_of(signature)
    attributes = attribute(TIMESTAMP_ATTRIBUTE, token)
    if certificates:
        attributes += attribute(CERTIFICATE_VALUES, certificates)
    longer = parser.emit(0, 1, 16, member.contents + parser.emit(2, 1, 1, attributes))
    envelope = cms.ContentInfo.load(signature)
    content = envelope["content"]
    parts = [content[name].dump() for name in SIGNED_DATA] + [parser.emit(0, 1, 17, longer)]
    inner = parser.emit(2, 1, 0, parser.emit(0, 1, 16, b"".join(parts)))
    return bytes(parser.emit(0, 1, 16, envelope["content_type"].dump() + inner))


def attribute(identifier: str, values: bytes) -> bytes:
    name = core.ObjectIdentifier(identifier).dump()
    return bytes(parser.emit(0, 1, 16, name + parser.emit(0, 1, 17, values)))


SIGNED_DATA = ("version", "digest_algorithms", "encap_content_info", "certificates")


def signer_of(signature: bytes) -> cms.SignerInfo:
    return cms.ContentInfo.load(signature)["content"]["signer_infos"][0]


@pytest.mark.parametrize("bad", [garbage, over_something_else, of_a_stranger])
@pytest.mark.parametrize("received", [True, False])
def test_a_bad_timestamp_is_reported_and_proves_nothing(
    bad: Callable[[bytes, TrainingTsa], bytes],
    received: bool,
    head_key: SigningKey,
    tsa: TrainingTsa,
    stamping: Grounds,
) -> None:
    plain = sign_detached(CONTENT, head_key, STAMPED)
    token = bad(parse_cms(plain).signature, tsa)
    grounds = replace(stamping, received_at=NOON - DAY) if received else stamping
    report = judged(with_token(plain, token), grounds)
    known = (TimeBasis.RECEIVED, NOON - DAY) if received else (TimeBasis.NOW, NOON)
    assert basis(report) == known
    assert report.verdict is Verdict.VALID
    assert [each.verdict for each in report.timestamps] != [Verdict.VALID]


def test_without_trust_for_timestamps_the_judgement_goes_by_now(
    head_key: SigningKey, tsa: TrainingTsa, grounds: Grounds
) -> None:
    signature = stamped(sign_detached(CONTENT, head_key, STAMPED), tsa, STAMPED)
    report = judged(signature, grounds)
    assert basis(report) == (TimeBasis.NOW, NOON)
    assert report.timestamps[0].check("chain").code == "nothing_trusted"


def test_a_bad_timestamp_saves_nobody(office: Office, tsa: TrainingTsa, grounds: Grounds) -> None:
    key = key_of(office.issuing.person(not_before=NOON - YEAR, not_after=NOON - DAY))
    signature = stamped(sign_detached(CONTENT, key, STAMPED), tsa, STAMPED)
    assert judged(signature, grounds).verdict is Verdict.INVALID


def test_a_supposed_moment_stays_supposed(
    head_key: SigningKey, tsa: TrainingTsa, stamping: Grounds
) -> None:
    signature = stamped(sign_detached(CONTENT, head_key, STAMPED), tsa, STAMPED)
    report = judged(signature, replace(stamping, at=NOON - DAY))
    assert basis(report) == (TimeBasis.HYPOTHETICAL, NOON - DAY)


# Several


def test_the_earliest_good_timestamp_proves(
    head_key: SigningKey, office: Office, tsa: TrainingTsa, stamping: Grounds
) -> None:
    signature = sign_detached(CONTENT, head_key, STAMPED - 3 * DAY)
    value = parse_cms(signature).signature
    for token in (
        token_over(value, tsa, STAMPED + DAY),
        token_over(value, tsa_of(Office.open("чужой").issuing), STAMPED - 2 * DAY),
        token_over(value, tsa, STAMPED),
        token_over(value, tsa_of(office.issuing, "Вторая"), STAMPED + 2 * DAY),
    ):
        signature = attach_token(signature, token)
    report = judged(signature, stamping)
    assert basis(report) == (TimeBasis.PROVEN, PROVEN)
    assert [each.verdict for each in report.timestamps] == [
        Verdict.VALID,
        Verdict.INVALID,
        Verdict.VALID,
        Verdict.VALID,
    ]


def test_too_many_timestamps_are_refused(
    head_key: SigningKey, tsa: TrainingTsa, stamping: Grounds
) -> None:
    plain = sign_detached(CONTENT, head_key, STAMPED)
    token = token_over(parse_cms(plain).signature, tsa, STAMPED)
    assert len(judged(with_token(plain, 16 * token), stamping).timestamps) == 16
    with pytest.raises(CmsUnreadableError):
        judged(with_token(plain, 17 * token), stamping)


# Training


def training(office: Office, stands_for: SignatureKind) -> TrustStore:
    anchor = TrustAnchor(
        load_certificate(office.root.holder.der), SignatureKind.TRAINING, stands_for
    )
    return TrustStore([anchor])


@pytest.mark.parametrize("form", ["CAdES", "PAdES"])
def test_a_training_authority_proves_times_of_training_signatures_only(
    form: str, pdf: bytes, head_key: SigningKey, office: Office, tsa: TrainingTsa
) -> None:
    practice = training(office, SignatureKind.ADVANCED)
    for trust, expected in (
        (practice, (TimeBasis.PROVEN, PROVEN)),
        (trust_in(office.root), (TimeBasis.NOW, NOON)),
    ):
        grounds = grounds_of(trust, office.crls, timestamping=practice)
        if form == "CAdES":
            signature = stamped(sign_detached(CONTENT, head_key, STAMPED), tsa, STAMPED)
            report = judged(signature, grounds)
        else:
            document = stamp_pdf(sign_pdf(pdf, head_key, STAMPED), authority_at(tsa, STAMPED))
            report = report_of(validate_pdf(document, grounds))
        assert basis(report) == expected
        assert report.verdict is Verdict.VALID


# Long after


LONG_AFTER = NOON + 50 * YEAR


@pytest.mark.parametrize("form", ["CAdES", "PAdES", "document"])
def test_the_judgement_is_repeated_offline_when_everything_has_expired(
    form: str, pdf: bytes, office: Office
) -> None:
    """Signer, time-stamping authority, both authorities above and all lists are over by then."""
    key = key_of(office.issuing.person(not_after=NOON + DAY))
    tsa = tsa_of(office.issuing, "Служба до завтра", not_after=NOON + 2 * DAY)
    listed = office.issuing.crl({key.certificate.serial: NOON - DAY})
    grounds = replace(
        grounds_of(trust_in(office.root), [office.root_crl, listed]),
        timestamping=vouching(office.root),
    )
    judge, signed = made(form, pdf, key, tsa)
    first = judge(signed, grounds)
    assert basis(report_of(first)) == (TimeBasis.PROVEN, PROVEN)
    assert report_of(first).check("revocation").code == "revoked_later"
    assert first.report.verdict is Verdict.VALID

    kept = Evidence.from_bytes(first.evidence.to_bytes())
    again = judge(signed, kept.grounds())
    assert again.report == first.report
    assert again.evidence == kept
    without = judge(signed, replace(kept.grounds(), now=LONG_AFTER))
    assert without.report.verdict is Verdict.INVALID


def made(form: str, pdf: bytes, key: SigningKey, tsa: TrainingTsa) -> tuple[Judge, bytes]:
    """How a signature of this form is judged, and one with a timestamp."""
    if form == "CAdES":
        signed = stamped(sign_detached(CONTENT, key, STAMPED), tsa, STAMPED)
        return lambda signature, grounds: validate_detached(CONTENT, signature, grounds), signed
    if form == "PAdES":
        return validate_pdf, sign_pdf(pdf, key, STAMPED, authority_at(tsa, STAMPED))
    return validate_pdf, stamp_pdf(sign_pdf(pdf, key, STAMPED), authority_at(tsa, STAMPED))


def test_evidence_keeps_a_certificate_that_the_token_left_out(
    head_key: SigningKey, office: Office, tsa: TrainingTsa, stamping: Grounds
) -> None:
    bare = replace(tsa, key=replace(tsa.key, chain=()))
    signature = stamped(sign_detached(CONTENT, head_key, STAMPED), bare, STAMPED)
    known = TrustStore(stamping.timestamping.anchors, [load_certificate(office.issuing.holder.der)])
    first = validate_detached(CONTENT, signature, replace(stamping, timestamping=known))
    kept = Evidence.from_bytes(first.evidence.to_bytes())
    assert report_of(first).time_basis is TimeBasis.PROVEN
    assert validate_detached(CONTENT, signature, kept.grounds()).report == first.report


@pytest.mark.parametrize(("keeps", "expected"), [(True, TimeBasis.PROVEN), (False, TimeBasis.NOW)])
def test_the_authority_is_found_among_the_certificate_values(
    keeps: bool,
    expected: TimeBasis,
    head_key: SigningKey,
    tsa: TrainingTsa,
    stamping: Grounds,
) -> None:
    """CAdES X Long Type 1, as CryptoPro makes it: the token comes without certificates."""
    plain = sign_detached(CONTENT, head_key, STAMPED)
    value = parse_cms(plain).signature
    imprint = Imprint("sha256", digest("sha256", value))
    asked = tsp.TimeStampReq.load(request(imprint, None))
    asked["cert_req"] = False
    bare = check_response(tsa.answer(asked.dump(force=True), STAMPED), imprint, None)
    chain = [each.der for each in (tsa.key.certificate, *tsa.key.chain)]
    values = parser.emit(0, 1, 16, b"".join(chain))
    signature = with_token(plain, bare.der, values if keeps else b"")
    first = validate_detached(CONTENT, signature, stamping)
    assert report_of(first).time_basis is expected
    assert first.report.verdict is Verdict.VALID
    kept = Evidence.from_bytes(first.evidence.to_bytes())
    assert validate_detached(CONTENT, signature, kept.grounds()).report.verdict is Verdict.VALID


def test_evidence_from_before_timestamps_is_still_read(
    head_key: SigningKey, grounds: Grounds
) -> None:
    signature = sign_detached(CONTENT, head_key, NOON)
    first = validate_detached(CONTENT, signature, grounds)
    older = first.evidence.to_bytes().replace(b"marshrut-evidence/2", b"marshrut-evidence/1")
    older = older.replace(b',"timestamp_anchors":[]', b"").replace(b'"ocsp":[],', b"")
    assert b"timestamp" not in older
    kept = Evidence.from_bytes(older)
    assert validate_detached(CONTENT, signature, kept.grounds()).report == first.report


# The report


def test_the_report_with_timestamps_is_stored_and_read_back(
    head_key: SigningKey, tsa: TrainingTsa, stamping: Grounds
) -> None:
    signature = stamped(sign_detached(CONTENT, head_key, STAMPED), tsa, STAMPED)
    report = validate_detached(CONTENT, signature, stamping).report
    assert Report.from_json(report.to_json()) == report


def test_the_report_says_which_time_is_proven_and_by_whom(
    head_key: SigningKey, tsa: TrainingTsa, stamping: Grounds
) -> None:
    signature = stamped(sign_detached(CONTENT, head_key, STAMPED), tsa, STAMPED)
    report = validate_detached(CONTENT, signature, stamping).report
    lines = "\n".join(report_lines(report, russian().text, UTC))
    assert "Метка времени: 15.11.2026 12:00:00 (UTC+0), Служба меток. Время подтверждено." in lines
    assert "15.11.2026 12:00:01 (UTC+0) — подтверждено меткой времени" in lines
    assert lines.count("Служба меток") == 2  # the fact, and the certificate it rests on


def test_the_report_says_why_a_timestamp_proves_nothing(
    head_key: SigningKey, tsa: TrainingTsa, grounds: Grounds
) -> None:
    signature = stamped(sign_detached(CONTENT, head_key, STAMPED), tsa, STAMPED)
    report = validate_detached(CONTENT, signature, grounds).report
    lines = "\n".join(report_lines(report, russian().text, UTC))
    assert "Время не подтверждено. Служба, поставившая метку, не входит в число доверенных" in lines
    assert report.signatures[0].timestamps[0].check("chain").outcome is Outcome.NOT_MADE
