"""Detached CMS: made in two steps, taken apart, and every way in which one may be wrong."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import replace

import pytest
from asn1crypto import cms, core
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.x509.oid import NameOID

from signing.asn1 import set_of
from signing.cades import (
    AttachedContentError,
    CmsUnreadableError,
    CoSignedError,
    NoSignerError,
    PreparedCms,
    complete_cms,
    parse_cms,
    prepare_cms,
    to_pem,
)
from signing.certificates import Certificate, load_certificate
from signing.errors import SigningError, TooLargeError
from signing.evidence import Grounds
from signing.keys import SigningKey
from signing.policy import Family, Scheme
from signing.sign import CertificateNotValidNowError, sign_detached
from signing.validate import validate_detached
from signing.verdicts import Outcome, SignatureReport, Verdict
from tests.pki import HEAD, MENTOR, NOON, YEAR, Holder, Office, rsa_key
from tests.unit.signing.conftest import CONTENT, grounds_of, key_of, trust_in

DIGEST = hashlib.sha256(CONTENT).digest()


@pytest.fixture(scope="module")
def signature(head_key: SigningKey) -> bytes:
    return sign_detached(CONTENT, head_key, NOON)


def judged(signature: bytes, grounds: Grounds) -> SignatureReport:
    return validate_detached(CONTENT, signature, grounds).report.signatures[0]


def failed(report: SignatureReport) -> dict[str, str]:
    return {c.key: c.code for c in report.checks if c.outcome is Outcome.FAILED}


def resigned(
    key: SigningKey,
    change: Callable[[list[cms.CMSAttribute]], list[cms.CMSAttribute]],
    digest: str = "sha256",
    value: Callable[[bytes], bytes] | None = None,
) -> bytes:
    """A CMS whose signed attributes were changed before the key signed them."""
    scheme = Scheme(key.scheme.family, digest)
    content_digest = hashlib.new(digest, CONTENT).digest()
    prepared = prepare_cms(content_digest, key.certificate, scheme, signing_time=NOON)
    attributes = cms.CMSAttributes(change(list(cms.CMSAttributes.load(prepared.to_sign))))
    prepared = replace(prepared, to_sign=attributes.dump())
    return complete_cms(prepared, (value or key.sign)(prepared.to_sign), key.chain)


def without(name: str) -> Callable[[list[cms.CMSAttribute]], list[cms.CMSAttribute]]:
    return lambda attributes: [a for a in attributes if a["type"].native != name]


def changed(signature: bytes, change: Callable[[cms.SignedData], None]) -> bytes:
    """The CMS with its unsigned structure changed."""
    envelope = cms.ContentInfo.load(signature)
    change(envelope["content"])
    return bytes(envelope.dump(force=True))


def test_the_key_may_be_elsewhere(head_key: SigningKey, grounds: Grounds) -> None:
    prepared = prepare_cms(DIGEST, head_key.certificate, head_key.scheme, signing_time=NOON)
    assert isinstance(head_key.private_key, ec.EllipticCurvePrivateKey)
    value = head_key.private_key.sign(prepared.to_sign, ec.ECDSA(hashes.SHA256()))
    assert judged(complete_cms(prepared, value, head_key.chain), grounds).verdict is Verdict.VALID


def test_pem_is_read_like_der(signature: bytes, grounds: Grounds) -> None:
    assert to_pem(signature).startswith(b"-----BEGIN CMS-----")
    assert judged(to_pem(signature), grounds).verdict is Verdict.VALID


def test_the_parts_of_a_signature(signature: bytes, head_key: SigningKey) -> None:
    parsed = parse_cms(signature)
    assert parsed.certificate == head_key.certificate
    assert set(parsed.certificates) == {head_key.certificate, *head_key.chain}
    assert parsed.scheme == Scheme(Family.ECDSA, "sha256")
    assert parsed.content_digest == DIGEST
    assert parsed.claimed_time == NOON


def test_nothing_is_signed_with_an_expired_certificate(head_key: SigningKey) -> None:
    with pytest.raises(CertificateNotValidNowError, match=r"20\.11\.2027"):
        sign_detached(CONTENT, head_key, NOON + 2 * YEAR)


def test_a_signature_that_does_not_name_its_certificate_is_refused(
    head_key: SigningKey, grounds: Grounds
) -> None:
    signature = resigned(head_key, without("signing_certificate_v2"))
    assert failed(judged(signature, grounds)) == {"signature_value": "not_bound"}


def test_a_signature_without_signed_attributes_is_refused(
    head_key: SigningKey, grounds: Grounds
) -> None:
    bare = resigned(head_key, list, value=lambda _: head_key.sign(CONTENT))

    def drop(signed_data: cms.SignedData) -> None:
        del signed_data["signer_infos"][0]["signed_attrs"]

    report = judged(changed(bare, drop), grounds)
    assert failed(report) == {"signature_value": "no_signed_attributes"}
    assert report.check("integrity").outcome is Outcome.NOT_MADE


def test_a_signature_bound_to_another_certificate_is_refused(
    head_key: SigningKey, office: Office, grounds: Grounds
) -> None:
    """The same key and name, the same serial number, but another certificate."""
    twin = office.issuing.person(
        serial=head_key.certificate.serial, not_after=NOON + 5 * YEAR, key=head_key.private_key
    )

    def swap(signed_data: cms.SignedData) -> None:
        others = [load_certificate(c).parsed for c in twin_chain(twin, head_key)]
        signed_data["certificates"] = others

    signature = changed(resigned(head_key, list), swap)
    assert failed(judged(signature, grounds)) == {"signature_value": "bound_to_other"}


def twin_chain(twin: Holder, key: SigningKey) -> list[bytes]:
    return [twin.der, *(certificate.der for certificate in key.chain)]


def test_attributes_are_verified_as_they_stand(head_key: SigningKey, grounds: Grounds) -> None:
    """Some programs do not sort the attributes; what was signed is the order that they wrote."""
    attributes = cms.CMSAttributes.load(parse_cms(resigned(head_key, list)).signed_attributes)
    unsorted = b"".join(attribute.dump() for attribute in reversed(list(attributes)))
    assert unsorted != attributes.contents
    prepared = PreparedCms(head_key.certificate, head_key.scheme, set_of(unsorted))
    value = head_key.sign(prepared.to_sign)
    sorted_cms = complete_cms(replace(prepared, to_sign=attributes.dump()), value, head_key.chain)
    signature = sorted_cms.replace(attributes.contents, unsorted)
    assert parse_cms(signature).signed_attributes == set_of(unsorted)
    assert judged(signature, grounds).verdict is Verdict.VALID
    assert failed(judged(sorted_cms, grounds)) == {"signature_value": "signature_wrong"}


def test_a_value_made_with_another_key_is_refused(
    head_key: SigningKey, office: Office, grounds: Grounds
) -> None:
    stranger = key_of(office.issuing.person(MENTOR))
    signature = resigned(head_key, list, value=stranger.sign)
    assert failed(judged(signature, grounds)) == {"signature_value": "signature_wrong"}


def test_every_bit_of_the_value_counts(signature: bytes, grounds: Grounds) -> None:
    value = parse_cms(signature).signature
    start = signature.index(value)
    for offset in range(8, len(value), 7):
        flipped = bytearray(signature)
        flipped[start + offset] ^= 0x10
        assert failed(judged(bytes(flipped), grounds)) == {"signature_value": "signature_wrong"}


def test_sha1_verifies_but_is_refused(office: Office, grounds: Grounds) -> None:
    key = key_of(office.issuing.person(key=rsa_key()))
    assert isinstance(key.private_key, rsa.RSAPrivateKey)
    private_key = key.private_key
    signature = resigned(
        key,
        list,
        "sha1",
        lambda to_sign: private_key.sign(to_sign, padding.PKCS1v15(), hashes.SHA1()),
    )
    assert failed(judged(signature, grounds)) == {"usage": "algorithm_refused"}


def test_a_weak_rsa_key_is_refused(office: Office, grounds: Grounds) -> None:
    weak = rsa_key(1024)
    holder = office.issuing.person(key=weak)
    chain = tuple(load_certificate(Holder(c, weak).der) for c in holder.chain[:-1])
    key = SigningKey(load_certificate(holder.der), chain, Scheme(Family.RSA, "sha256"), weak)
    assert failed(judged(sign_detached(CONTENT, key, NOON), grounds)) == {
        "usage": "algorithm_refused"
    }


def test_a_curve_that_is_not_listed_is_refused(office: Office, grounds: Grounds) -> None:
    key = ec.generate_private_key(ec.SECP256K1())
    holder = office.issuing.person(key=key)
    chain = tuple(load_certificate(Holder(c, key).der) for c in holder.chain[:-1])
    signing = SigningKey(load_certificate(holder.der), chain, Scheme(Family.ECDSA, "sha256"), key)
    assert "usage" in failed(judged(sign_detached(CONTENT, signing, NOON), grounds))


@pytest.mark.parametrize("curve", [ec.SECP384R1, ec.SECP521R1])
def test_larger_curves_are_good(
    curve: type[ec.EllipticCurve], office: Office, grounds: Grounds
) -> None:
    key = key_of(office.issuing.person(key=ec.generate_private_key(curve())))
    assert judged(sign_detached(CONTENT, key, NOON), grounds).verdict is Verdict.VALID


def test_algorithms_that_contradict_each_other_are_refused(
    signature: bytes, grounds: Grounds
) -> None:
    def contradict(signed_data: cms.SignedData) -> None:
        signed_data["signer_infos"][0]["signature_algorithm"]["algorithm"] = "sha384_ecdsa"

    report = judged(changed(signature, contradict), grounds)
    assert failed(report) == {"signature_value": "algorithms_conflict"}


def test_an_unknown_algorithm_is_left_undecided(signature: bytes, grounds: Grounds) -> None:
    """What is not known here is not accepted or refused by chance: bign of Belarus."""

    def strange(signed_data: cms.SignedData) -> None:
        signer = signed_data["signer_infos"][0]
        signer["digest_algorithm"]["algorithm"] = "1.2.112.0.2.0.34.101.31.81"
        signer["signature_algorithm"]["algorithm"] = "1.2.112.0.2.0.34.101.45.12"

    report = judged(changed(signature, strange), grounds)
    assert failed(report) == {}
    assert report.check("integrity").code == "digest_unknown"
    assert report.check("signature_value").code == "algorithm_unknown"
    assert report.verdict is Verdict.UNDECIDED


def test_a_signature_without_its_certificate_is_left_undecided(
    signature: bytes, grounds: Grounds
) -> None:
    def drop(signed_data: cms.SignedData) -> None:
        signed_data["certificates"] = []

    report = judged(changed(signature, drop), grounds)
    assert failed(report) == {}
    assert report.certificate is None
    assert {c.code for c in report.checks[1:4]} == {"no_certificate"}
    assert report.verdict is Verdict.UNDECIDED


def test_a_co_signed_file_is_refused_clearly(signature: bytes) -> None:
    def double(signed_data: cms.SignedData) -> None:
        signed_data["signer_infos"].append(signed_data["signer_infos"][0].copy())

    with pytest.raises(CoSignedError, match="2 signatures"):
        parse_cms(changed(signature, double))

    def drop(signed_data: cms.SignedData) -> None:
        signed_data["signer_infos"] = []

    with pytest.raises(NoSignerError):
        parse_cms(changed(signature, drop))


def test_a_signature_that_carries_its_own_content_is_refused(signature: bytes) -> None:
    def attach(signed_data: cms.SignedData) -> None:
        signed_data["encap_content_info"]["content"] = core.OctetString(CONTENT)

    with pytest.raises(AttachedContentError):
        parse_cms(changed(signature, attach))


@pytest.mark.parametrize("name", ["message_digest", "content_type", "signing_certificate_v2"])
def test_an_attribute_that_stands_twice_is_refused(name: str, head_key: SigningKey) -> None:
    def twice(attributes: list[cms.CMSAttribute]) -> list[cms.CMSAttribute]:
        return attributes + [a.copy() for a in attributes if a["type"].native == name]

    with pytest.raises(CmsUnreadableError):
        parse_cms(resigned(head_key, twice))


def test_a_signature_over_another_kind_of_content_is_refused(head_key: SigningKey) -> None:
    def retype(attributes: list[cms.CMSAttribute]) -> list[cms.CMSAttribute]:
        typed = cms.CMSAttribute({"type": "content_type", "values": ["tst_info"]})
        return [*without("content_type")(attributes), typed]

    with pytest.raises(CmsUnreadableError):
        parse_cms(resigned(head_key, retype))


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\x30",
        b"\x30\x80\x00\x00",
        b"%PDF-1.7",
        b"-----BEGIN CMS-----\nx",
        b"\x30\x03\x02\x01",
    ],
)
def test_what_is_no_signature_is_refused(content: bytes) -> None:
    with pytest.raises(CmsUnreadableError):
        parse_cms(content)


def test_bytes_after_the_signature_are_refused(signature: bytes) -> None:
    with pytest.raises(CmsUnreadableError):
        parse_cms(signature + b"\x00")


def test_a_huge_file_is_not_parsed() -> None:
    with pytest.raises(TooLargeError) as refused:
        parse_cms(bytes(10 * 1024 * 1024 + 1))
    assert isinstance(refused.value, SigningError)


def padded_certificate(office: Office) -> Certificate:
    """A certificate whose inner length ends in 0x80, which asn1crypto takes for indefinite."""
    for length in range(1, 600):
        values = HEAD | {NameOID.LOCALITY_NAME: "к" * (length % 100 + 1)}
        values |= {NameOID.STREET_ADDRESS: "д" * (length // 8 + 1)}
        certificate = load_certificate(office.issuing.person(values, key=rsa_key()).der)
        if certificate.der[7] == 0x80:
            return certificate
    raise AssertionError("no certificate of that length was made")


def test_a_length_that_looks_indefinite_breaks_nothing(office: Office) -> None:
    certificate = padded_certificate(office)
    assert certificate.fingerprint == hashlib.sha256(certificate.der).hexdigest()
    chain = (load_certificate(office.issuing.holder.der),)
    key = SigningKey(certificate, chain, Scheme(Family.RSA, "sha256"), rsa_key())
    grounds = grounds_of(trust_in(office.root), office.crls)
    assert judged(sign_detached(CONTENT, key, NOON), grounds).verdict is Verdict.VALID
