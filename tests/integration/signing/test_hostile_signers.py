"""Files by several signers: the validity of one never counts for another."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from asn1crypto import cms, core
from cryptography.hazmat.primitives.asymmetric import ec

from signing.expectation import Authority as Allowed
from signing.expectation import Expectation, ExpectedPerson
from signing.keys import SigningKey
from signing.sign import sign_detached
from signing.validate import validate_attached, validate_detached
from signing.verdicts import Report, SignatureKind, Verdict
from signing.words import N_
from tests.pki import DAY, HEAD, INN, MENTOR, NOON, SNILS, Authority, Office, authority_request
from tests.unit.signing.conftest import grounds_of, key_of, trust_in

OFFICE = Office.open("подписантов")
GROUNDS = grounds_of(trust_in(OFFICE.root), OFFICE.crls)
CONTENT, OTHER = "Приказ № 12".encode(), "Приказ № 13".encode()
HEAD_KEY = key_of(OFFICE.issuing.person(HEAD))
MENTOR_KEY = key_of(OFFICE.issuing.person(MENTOR))
BY_HEAD = sign_detached(CONTENT, HEAD_KEY, NOON)
BY_MENTOR = sign_detached(CONTENT, MENTOR_KEY, NOON)
MENTORS_STEP = Expectation(
    person=ExpectedPerson("Соснов", "Пётр Андреевич", MENTOR[SNILS], MENTOR[INN]),
    authority=Allowed(True, N_("The person holds the authority on that day.")),
    kind=SignatureKind.ADVANCED,
    identified=True,
)


def judged(signature: bytes) -> Report:
    return validate_detached(CONTENT, signature, GROUNDS, MENTORS_STEP).report


def together(*signatures: bytes) -> bytes:
    """One file with the signers and certificates of several, in this order."""
    first, *others = (cms.ContentInfo.load(each) for each in signatures)
    signers = list(first["content"]["signer_infos"])
    certificates = list(first["content"]["certificates"])
    for other in others:
        signers += list(other["content"]["signer_infos"])
        certificates += list(other["content"]["certificates"])
    first["content"]["signer_infos"] = cms.SignerInfos(signers)
    first["content"]["certificates"] = cms.CertificateSet(certificates)
    return bytes(first.dump(force=True))


def changed(signature: bytes, change: Callable[[cms.SignedData], None]) -> bytes:
    envelope = cms.ContentInfo.load(signature)
    change(envelope["content"])
    return bytes(envelope.dump(force=True))


def named_by(key: SigningKey) -> Callable[[cms.SignedData], None]:
    """Let the signature say that it is by the holder of `key`."""

    def change(signed: cms.SignedData) -> None:
        issuer = {"issuer": key.certificate.parsed.issuer, "serial_number": key.certificate.serial}
        sid = cms.SignerIdentifier("issuer_and_serial_number", cms.IssuerAndSerialNumber(issuer))
        signed["signer_infos"][0]["sid"] = sid
        signed["certificates"].append(key.certificate.parsed)

    return change


def of_an_impostor(number: int | None = None) -> SigningKey:
    """A key with the mentor's name and numbers, by an authority with the name of the real one."""
    root = Authority.root("Корневой центр подписантов", key=ec.generate_private_key(ec.SECP256R1()))
    name = "Выдающий центр подписантов"
    request = authority_request(name, ec.generate_private_key(ec.SECP256R1()))
    impostor = Authority(root.issue(request))
    key = ec.generate_private_key(ec.SECP256R1())
    return key_of(impostor.person(MENTOR, serial=number, key=key))


def test_both_together_serve_the_mentor() -> None:
    for file in (together(BY_HEAD, BY_MENTOR), together(BY_MENTOR, BY_HEAD)):
        report = judged(file)
        assert report.verdict is Verdict.VALID
        mine = [each for each in report.signatures if each.verdict is Verdict.VALID]
        assert [each.certificate.surname for each in mine if each.certificate] == ["Соснов"]


FORGED = {
    "nobody else": BY_HEAD,
    "twice the head": together(BY_HEAD, BY_HEAD),
    "by the mentor under another file": together(BY_HEAD, sign_detached(OTHER, MENTOR_KEY, NOON)),
    "the head's, said to be the mentor's": changed(BY_HEAD, named_by(MENTOR_KEY)),
    "an impostor": together(BY_HEAD, sign_detached(CONTENT, of_an_impostor(), NOON)),
    "an impostor with the same number": together(
        BY_HEAD,
        sign_detached(CONTENT, of_an_impostor(MENTOR_KEY.certificate.serial), NOON),
    ),
    "an impostor beside the real certificate": changed(
        sign_detached(CONTENT, of_an_impostor(MENTOR_KEY.certificate.serial), NOON),
        named_by(MENTOR_KEY),
    ),
    "a certificate alone": changed(
        BY_HEAD, lambda signed: signed["certificates"].append(MENTOR_KEY.certificate.parsed)
    ),
}


@pytest.mark.parametrize("file", FORGED.values(), ids=FORGED.keys())
def test_nobody_signs_for_the_mentor(file: bytes) -> None:
    assert judged(file).verdict is not Verdict.VALID


def test_a_revoked_signer_beside_a_good_one_spoils_the_file() -> None:
    listed = OFFICE.issuing.crl({MENTOR_KEY.certificate.serial: NOON - DAY})
    grounds = grounds_of(trust_in(OFFICE.root), (OFFICE.root_crl, listed))
    file = together(BY_HEAD, BY_MENTOR)
    report = validate_detached(CONTENT, file, grounds, MENTORS_STEP).report
    assert report.verdict is Verdict.INVALID


def carrying(content: bytes) -> Callable[[cms.SignedData], None]:
    def change(signed: cms.SignedData) -> None:
        signed["encap_content_info"]["content"] = core.OctetString(content)

    return change


def test_another_document_inside_is_never_passed_over() -> None:
    for content in (OTHER, b"", CONTENT + b"\0"):
        inside = changed(BY_MENTOR, carrying(content))
        assert judged(inside).verdict is Verdict.INVALID
        alone = validate_attached(inside, GROUNDS, MENTORS_STEP).report
        assert alone.verdict is Verdict.INVALID
    signed_inside = changed(sign_detached(OTHER, MENTOR_KEY, NOON), carrying(OTHER))
    assert validate_attached(signed_inside, GROUNDS, MENTORS_STEP).report.verdict is Verdict.VALID
    assert judged(signed_inside).verdict is Verdict.INVALID
