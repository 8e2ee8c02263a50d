"""A judgement can be repeated from what was stored, long after."""

from __future__ import annotations

from dataclasses import replace

import pytest

from signing.certificates import load_certificate
from signing.evidence import Evidence, EvidenceUnreadableError, Grounds
from signing.keys import SigningKey
from signing.sign import sign_detached, sign_pdf
from signing.trust import TrustAnchor, TrustStore
from signing.validate import Validation, validate_detached, validate_pdf
from signing.verdicts import EvidenceKind, Report, SignatureKind, Verdict
from tests.pki import DAY, MENTOR, NOON, Holder, Office
from tests.unit.signing.conftest import CONTENT, grounds_of, key_of, trust_in


@pytest.fixture
def validation(head_key: SigningKey, grounds: Grounds) -> Validation:
    signature = sign_detached(CONTENT, head_key, NOON)
    return validate_detached(CONTENT, signature, grounds, file_name="Приказ.pdf")


def test_evidence_comes_back_from_its_bytes(validation: Validation) -> None:
    stored = validation.evidence.to_bytes()
    assert Evidence.from_bytes(stored) == validation.evidence
    assert Evidence.from_bytes(stored).to_bytes() == stored


def test_the_judgement_is_repeated_from_evidence_alone(
    head_key: SigningKey, office: Office
) -> None:
    training = TrustAnchor(
        load_certificate(office.root.holder.der),
        SignatureKind.TRAINING,
        SignatureKind.QUALIFIED,
    )
    store = TrustStore([training], [load_certificate(office.issuing.holder.der)])
    bare = replace(head_key, chain=())
    signature = sign_detached(CONTENT, bare, NOON)
    first = validate_detached(CONTENT, signature, grounds_of(store, office.crls))
    again = Evidence.from_bytes(first.evidence.to_bytes())
    assert validate_detached(CONTENT, signature, again.grounds()).report == first.report
    assert first.report.verdict is Verdict.VALID


def test_a_pdf_with_two_signatures_is_judged_again(
    pdf: bytes, head_key: SigningKey, office: Office, grounds: Grounds
) -> None:
    mentor = key_of(office.issuing.person(MENTOR))
    signed = sign_pdf(sign_pdf(pdf, head_key, NOON), mentor, NOON)
    first = validate_pdf(signed, grounds)
    again = Evidence.from_bytes(first.evidence.to_bytes())
    assert validate_pdf(signed, again.grounds()).report == first.report


def test_a_hypothetical_judgement_stays_hypothetical(
    head_key: SigningKey, grounds: Grounds
) -> None:
    signature = sign_detached(CONTENT, head_key, NOON)
    first = validate_detached(CONTENT, signature, replace(grounds, at=NOON - DAY))
    again = Evidence.from_bytes(first.evidence.to_bytes())
    assert validate_detached(CONTENT, signature, again.grounds()).report == first.report


def test_a_revocation_stays_proven(head: Holder, head_key: SigningKey, office: Office) -> None:
    revoked = office.issuing.crl({head.certificate.serial_number: NOON - DAY})
    signature = sign_detached(CONTENT, head_key, NOON)
    first = validate_detached(
        CONTENT, signature, grounds_of(trust_in(office.root), [office.root_crl, revoked])
    )
    again = Evidence.from_bytes(first.evidence.to_bytes())
    report = validate_detached(CONTENT, signature, again.grounds()).report
    assert report == first.report
    assert report.signatures[0].check("revocation").code == "revoked"


def test_only_what_was_used_is_kept(validation: Validation, office: Office) -> None:
    foreign = Office.open("посторонний")
    assert len(validation.evidence.crls) == 2
    items = validation.report.signatures[0].evidence
    assert [item.kind for item in items] == [
        EvidenceKind.ANCHOR,
        EvidenceKind.CERTIFICATE,
        EvidenceKind.CERTIFICATE,
        EvidenceKind.CRL,
        EvidenceKind.CRL,
    ]
    assert load_certificate(foreign.root.holder.der).fingerprint not in {i.sha256 for i in items}
    assert load_certificate(office.root.holder.der).fingerprint == items[0].sha256


def test_the_report_is_stored_and_read_back(validation: Validation) -> None:
    assert Report.from_json(validation.report.to_json()) == validation.report


@pytest.mark.parametrize("content", [b"", b"{}", b"[]", b"\xff", b'{"form":"marshrut-evidence/1"}'])
def test_what_is_no_evidence_is_refused(content: bytes) -> None:
    with pytest.raises(EvidenceUnreadableError):
        Evidence.from_bytes(content)


def test_naive_times_are_refused(office: Office) -> None:
    with pytest.raises(ValueError, match="UTC"):
        grounds_of(trust_in(office.root), office.crls, now=NOON.replace(tzinfo=None))
