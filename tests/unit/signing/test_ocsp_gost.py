"""Answers and lists signed with GOST R 34.10-2012, and answers that were damaged at random."""

from __future__ import annotations

import random

import pytest
from asn1crypto import algos, core, ocsp
from cryptography.x509.oid import NameOID

from signing.certificates import load_certificate
from signing.digests import digest
from signing.errors import SigningError
from signing.gost.asn1 import WITH_DIGEST
from signing.gost.keys import KeyAlgorithm
from signing.policy import DEFAULT_POLICY
from signing.revocation.known import CertificateStatus, Status, load_crl, status_of
from signing.revocation.ocsp import load_answer
from signing.verdicts import TimeBasis
from tests import ocsp_responder
from tests.gost_pki import GostHolder, new_key, root
from tests.pki import DAY, NOON, Holder, Office

PERSON = {NameOID.COMMON_NAME: "Берёзкина Мария Ильинична"}


def gost_answer(
    about: GostHolder, issuer: GostHolder, status: str = "good", named_by: str = "streebog256"
) -> bytes:
    """The DER of an answer that the issuer has signed with its GOST key."""
    key = issuer.certificate.parsed.public_key["public_key"].contents[1:]
    named = ocsp.CertId(
        {
            "hash_algorithm": algos.DigestAlgorithm({"algorithm": named_by}),
            "issuer_name_hash": digest(named_by, about.certificate.issuer_der),
            "issuer_key_hash": digest(named_by, key),
            "serial_number": about.certificate.serial,
        }
    )
    revoked = {"revocation_time": NOON - DAY, "revocation_reason": "key_compromise"}
    said = ocsp.CertStatus((status, revoked if status == "revoked" else None))
    single = {"cert_id": named, "cert_status": said}
    times = {"this_update": NOON - DAY, "next_update": NOON + DAY}
    responder = ocsp.ResponderId("by_key", core.OctetString(digest("sha1", key)))
    data = ocsp.ResponseData(
        {"responder_id": responder, "produced_at": NOON, "responses": [{**single, **times}]}
    )
    algorithm = {"algorithm": WITH_DIGEST[issuer.key.algorithm]}
    basic = ocsp.BasicOCSPResponse(
        {
            "tbs_response_data": data,
            "signature_algorithm": algos.SignedDigestAlgorithm(algorithm),
            "signature": issuer.sign(data.dump()),
        }
    )
    response = {
        "response_type": "basic_ocsp_response",
        "response": core.ParsableOctetString(basic.dump()),
    }
    whole = {"response_status": "successful", "response_bytes": response}
    return bytes(ocsp.OCSPResponse(whole).dump())


def status(
    about: GostHolder, issuer: GostHolder, *answers: bytes, lists: tuple[bytes, ...] = ()
) -> CertificateStatus:
    return status_of(
        about.certificate,
        issuer.certificate,
        [load_crl(each) for each in lists],
        NOON,
        TimeBasis.NOW,
        DEFAULT_POLICY,
        [load_answer(each) for each in answers],
    )


@pytest.fixture(params=[KeyAlgorithm.GOST_2012_256, KeyAlgorithm.GOST_2012_512])
def issuer(request: pytest.FixtureRequest) -> GostHolder:
    return root("Центр ГОСТ", key=new_key(request.param))


@pytest.mark.parametrize("named_by", ["sha1", "streebog256", "streebog512"])
def test_an_answer_signed_with_gost_counts(named_by: str, issuer: GostHolder) -> None:
    person = issuer.person(PERSON)
    given = gost_answer(person, issuer, named_by=named_by)
    assert status(person, issuer, given).status is Status.GOOD


def test_a_revocation_signed_with_gost_counts(issuer: GostHolder) -> None:
    person = issuer.person(PERSON)
    found = status(person, issuer, gost_answer(person, issuer, "revoked"))
    assert (found.status, found.revoked_at) == (Status.REVOKED, NOON - DAY)


def test_a_gost_answer_of_another_key_does_not_count(issuer: GostHolder) -> None:
    person = issuer.person(PERSON)
    other = root("Центр ГОСТ")
    given = gost_answer(person, other)
    assert status(person, issuer, given).status in (Status.NO_LIST, Status.UNUSABLE)


def test_a_list_signed_with_gost_counts(issuer: GostHolder) -> None:
    person = issuer.person(PERSON)
    good, revoked = issuer.crl(), issuer.crl(person)
    assert status(person, issuer, lists=(good,)).status is Status.GOOD
    assert status(person, issuer, lists=(revoked,)).status is Status.REVOKED
    strange = root("Центр ГОСТ").crl()
    assert status(person, issuer, lists=(strange,)).status is Status.UNUSABLE


def test_a_damaged_answer_neither_crashes_nor_counts(head: Holder, office: Office) -> None:
    """Random damage is refused, or what is left says nothing."""
    by = ocsp_responder.delegate(office.issuing)
    given = ocsp_responder.answer(head, office.issuing, by=by)
    signed = load_answer(given).signed
    chance = random.Random(6960)
    for _ in range(1500):
        damaged = bytearray(given)
        for _ in range(chance.randint(1, 4)):
            place = chance.randrange(len(damaged))
            if chance.random() < 0.2:
                del damaged[place : place + chance.randint(1, 20)]
            else:
                damaged[place] = chance.randrange(256)
        try:
            read = load_answer(bytes(damaged))
        except SigningError:
            continue
        if read.signed != signed:
            assert not _is_good(head, office, bytes(damaged))


def _is_good(head: Holder, office: Office, given: bytes) -> bool:
    found = status_of(
        load_certificate(head.der),
        load_certificate(office.issuing.holder.der),
        (),
        NOON,
        TimeBasis.NOW,
        DEFAULT_POLICY,
        [load_answer(given)],
    )
    return found.status is Status.GOOD
