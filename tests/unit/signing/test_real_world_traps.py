"""What real Russian certificates and signatures did to other programs, from bytes made here."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

import pytest
from asn1crypto import algos, cms, core, parser, x509
from asn1crypto import crl as asn1_crl

from signing.asn1 import members_of, set_of
from signing.cades import CmsUnreadableError, complete_cms, prepare_cms
from signing.certificates import CertificateUnreadableError, load_certificate
from signing.digests import digest
from signing.evidence import Grounds
from signing.gost.asn1 import WITH_DIGEST
from signing.gost.backend import backend
from signing.gost.curves import CRYPTOPRO_A
from signing.gost.encoding import KeyParameters, read_public_key, write_private_key
from signing.gost.keys import KeyAlgorithm as GostAlgorithm
from signing.gost.keys import PrivateKey as GostKey
from signing.keys import SigningKey, gost_signing_key, scheme_for
from signing.pdf.signatures import read_signatures
from signing.policy import DEFAULT_POLICY, Standing
from signing.revocation.known import load_crl
from signing.sign import sign_detached, sign_pdf
from signing.trust import Chain, TrustAnchor, TrustStore
from signing.validate import validate_detached, validate_pdf
from signing.verdicts import Outcome, SignatureKind, SignatureReport, Verdict
from tests.gost_pki import GostHolder, root
from tests.pki import DAY, HEAD, NOON, Office
from tests.unit.signing.conftest import CONTENT, key_of, plain_pdf

Change = Callable[[x509.TbsCertificate], None]
SHORT = GostAlgorithm.GOST_2012_256


@pytest.fixture(scope="module")
def centre() -> GostHolder:
    return root("Головной центр")


@pytest.fixture(scope="module")
def person(centre: GostHolder) -> GostHolder:
    return centre.person(HEAD)


@pytest.fixture(scope="module")
def grounds(centre: GostHolder) -> Grounds:
    return grounds_with(centre, listing(centre))


def grounds_with(centre: GostHolder, crl: bytes) -> Grounds:
    anchor = TrustAnchor(centre.certificate, SignatureKind.ADVANCED)
    return Grounds(TrustStore([anchor]), (load_crl(crl),), NOON)


def listing(centre: GostHolder, revoked: tuple[int, ...] = (), more: int = 0) -> bytes:
    """A list of the centre without a word of where lists lie; `more` others stand on it."""
    entries = [(serial, NOON - DAY) for serial in (*revoked, *range(10**9, 10**9 + more))]
    algorithm = algos.SignedDigestAlgorithm({"algorithm": WITH_DIGEST[centre.key.algorithm]})
    listed = {
        "version": "v2",
        "signature": algorithm,
        "issuer": centre.certificate.parsed.subject,
        "this_update": x509.Time({"utc_time": NOON - DAY}),
        "next_update": x509.Time({"utc_time": NOON + DAY}),
    }
    if entries:
        listed["revoked_certificates"] = [
            {"user_certificate": serial, "revocation_date": x509.Time({"utc_time": since})}
            for serial, since in entries
        ]
    body = asn1_crl.TbsCertList(listed)
    value = core.OctetBitString(centre.sign(body.dump()))
    return bytes(
        asn1_crl.CertificateList(
            {"tbs_cert_list": body, "signature_algorithm": algorithm, "signature": value}
        ).dump()
    )


def reissued(centre: GostHolder, der: bytes, change: Change) -> bytes:
    """The certificate with its body changed, signed anew by the centre."""
    certificate = x509.Certificate.load(der)
    change(certificate["tbs_certificate"])
    body = certificate["tbs_certificate"].dump(force=True)
    certificate["signature_value"] = core.OctetBitString(centre.sign(body))
    return bytes(certificate.dump())


def signing_key(holder: GostHolder, der: bytes | None = None) -> SigningKey:
    return gost_signing_key(write_private_key(holder.key), (der or holder.der,))


def judged(signature: bytes, grounds: Grounds) -> SignatureReport:
    (report,) = validate_detached(CONTENT, signature, grounds).report.signatures
    return report


def failed(report: SignatureReport) -> dict[str, str]:
    return {c.key: c.code for c in report.checks if c.outcome is Outcome.FAILED}


def header_of(der: bytes, *path: int) -> bytes:
    """The header of an inner element, by its place in each level."""
    for place in path:
        contents = parser.parse(der)[4]
        for _ in range(place):
            contents = contents[sum(map(len, parser.parse(contents)[3:])) :]
        der = contents
    return bytes(parser.parse(der)[3])


# 1. A length that ends in 0x80 looks like an open one.


@pytest.mark.parametrize("path", [(), (0,), (0, 5)], ids=["whole", "body", "subject"])
def test_certificates_with_lengths_that_end_in_0x80(
    centre: GostHolder, person: GostHolder, grounds: Grounds, path: tuple[int, ...]
) -> None:
    longer = (with_subject(centre, person.der, {"2.5.4.13": text(n)}) for n in range(1, 300))
    der = next(der for der in longer if header_of(der, *path)[-1] == 0x80)
    key = signing_key(person, der)
    assert key.certificate.der == der
    assert judged(sign_detached(CONTENT, key, NOON), grounds).verdict is Verdict.VALID


def text(length: int) -> core.UTF8String:
    return core.UTF8String("d" * length)


def test_signed_attributes_whose_length_ends_in_0x80(person: GostHolder, grounds: Grounds) -> None:
    key = signing_key(person)
    content_digest = digest(key.scheme.digest, CONTENT)
    prepared = prepare_cms(content_digest, key.certificate, key.scheme, signing_time=NOON)
    for filling in range(1, 200):
        filler = core.OctetString(bytes(filling))
        more = cms.CMSAttribute({"type": "1.2.643.2.999", "values": [filler]})
        attributes = [*cms.CMSAttributes.load(prepared.to_sign), more]
        longer = replace(prepared, to_sign=cms.CMSAttributes(attributes).dump())
        if header_of(longer.to_sign)[-1] == 0x80:
            break
    else:
        raise AssertionError("no attributes of that length were made")
    prepared = longer
    signature = complete_cms(prepared, key.sign(prepared.to_sign), key.chain)
    assert judged(signature, grounds).verdict is Verdict.VALID


def test_a_list_whose_length_ends_in_0x80(centre: GostHolder, person: GostHolder) -> None:
    serial = person.certificate.serial
    lists = (
        listing(centre, (serial, 1 << 8 * width), more)
        for width in range(1, 19)
        for more in range(1, 30)
    )
    crl = next(crl for crl in lists if header_of(crl, 0)[-1] == 0x80)
    signature = sign_detached(CONTENT, signing_key(person), NOON)
    assert failed(judged(signature, grounds_with(centre, crl))) == {"revocation": "revoked"}


# 2. Byte order: each part has its own, and a wrong one verifies nothing.


def test_a_value_with_its_halves_or_bytes_in_another_order_is_wrong(
    person: GostHolder, grounds: Grounds
) -> None:
    key = signing_key(person)
    prepared = prepare_cms(
        digest(key.scheme.digest, CONTENT), key.certificate, key.scheme, signing_time=NOON
    )
    value = key.sign(prepared.to_sign)
    assert judged(complete_cms(prepared, value), grounds).verdict is Verdict.VALID
    s, r = value[:32], value[32:]
    for wrong in (r + s, value[::-1], s[::-1] + r[::-1], r[::-1] + s[::-1]):
        report = judged(complete_cms(prepared, wrong), grounds)
        assert failed(report) == {"signature_value": "signature_wrong"}


def test_a_private_key_written_as_a_number_is_the_same_key(person: GostHolder) -> None:
    octets = core.OctetString(person.key.d.to_bytes(32, "little")).dump()
    number = core.OctetString(core.Integer(person.key.d).dump()).dump()
    pkcs8 = write_private_key(person.key)
    start = pkcs8.index(octets)
    longer = pkcs8[:start] + number + pkcs8[start + len(octets) :]
    changed = b"\x30" + bytes([longer[1] + len(number) - len(octets)]) + longer[2:]
    assert gost_signing_key(changed, (person.der,)).private_key == person.key


# 3. The algorithm of a signature is named by its key, or by key and digest together.


def test_both_names_of_the_algorithm_are_read_and_the_bare_one_is_written(
    person: GostHolder, grounds: Grounds
) -> None:
    envelope = cms.ContentInfo.load(sign_detached(CONTENT, signing_key(person), NOON))
    algorithm = envelope["content"]["signer_infos"][0]["signature_algorithm"]
    assert algorithm["algorithm"].dotted == SHORT.value == "1.2.643.7.1.1.1.1"
    algorithm["algorithm"] = WITH_DIGEST[SHORT]
    assert judged(envelope.dump(force=True), grounds).verdict is Verdict.VALID
    algorithm["algorithm"] = WITH_DIGEST[GostAlgorithm.GOST_2012_512]
    report = judged(envelope.dump(force=True), grounds)
    assert failed(report) == {"signature_value": "algorithms_conflict"}


# 4. One set of parameters has several names, and the digest may be left out beside it.


@pytest.mark.parametrize("name", CRYPTOPRO_A.oids)
@pytest.mark.parametrize("hashed", [None, "1.2.643.7.1.1.2.2"], ids=["alone", "with digest"])
def test_every_name_of_a_parameter_set_is_the_same_key(
    centre: GostHolder, grounds: Grounds, name: str, hashed: str | None
) -> None:
    holder = centre.person(HEAD, key=GostKey(SHORT, CRYPTOPRO_A, 0xA11CE))

    def rename(body: x509.TbsCertificate) -> None:
        parameters = {"public_key_param_set": name}
        if hashed:
            parameters["digest_param_set"] = hashed
        body["subject_public_key_info"]["algorithm"]["parameters"] = KeyParameters(parameters)

    der = reissued(centre, holder.der, rename)
    public = read_public_key(load_certificate(der).public_key_der)
    assert public == holder.key.public_key()
    assert public.parameter_set == name
    signature = sign_detached(CONTENT, signing_key(holder, der), NOON)
    assert judged(signature, grounds).verdict is Verdict.VALID


def test_an_unknown_set_of_parameters_leaves_the_signature_undecided(
    centre: GostHolder, person: GostHolder, grounds: Grounds
) -> None:
    def rename(body: x509.TbsCertificate) -> None:
        parameters = KeyParameters({"public_key_param_set": "1.2.643.2.2.35.9"})
        body["subject_public_key_info"]["algorithm"]["parameters"] = parameters

    certificate = load_certificate(reissued(centre, person.der, rename))
    key = SigningKey(certificate, (), scheme_for(person.key), person.key)
    report = judged(sign_detached(CONTENT, key, NOON), grounds)
    assert failed(report) == {}
    assert report.check("signature_value").code == "algorithm_unknown"
    assert report.check("usage").code == "algorithm_unknown"
    assert report.verdict is Verdict.UNDECIDED


# 5. A list counts whether the certificate says where lists lie or not.


def test_a_revoked_certificate_without_distribution_points_is_revoked(
    centre: GostHolder, person: GostHolder
) -> None:
    assert person.certificate.parsed.crl_distribution_points_value is None
    grounds = grounds_with(centre, listing(centre, (person.certificate.serial,)))
    signature = sign_detached(CONTENT, signing_key(person), NOON)
    assert failed(judged(signature, grounds)) == {"revocation": "revoked"}
    nothing = replace(grounds, crls=())
    assert judged(signature, nothing).verdict is Verdict.UNDECIDED


# 6. A file may be signed by several, each with the algorithms of their own world.


def test_a_file_co_signed_with_gost_and_ecdsa(
    office: Office, person: GostHolder, grounds: Grounds, centre: GostHolder
) -> None:
    other = key_of(office.issuing.person())
    first = cms.ContentInfo.load(sign_detached(CONTENT, signing_key(person), NOON))
    second = cms.ContentInfo.load(sign_detached(CONTENT, other, NOON))["content"]
    first["content"]["signer_infos"].append(second["signer_infos"][0])
    for certificate in second["certificates"]:
        first["content"]["certificates"].append(certificate)
    both = first.dump(force=True)
    root_of_other = TrustAnchor(load_certificate(office.root.holder.der), SignatureKind.ADVANCED)
    trust = TrustStore([*grounds.trust.anchors, root_of_other])
    known = replace(grounds, trust=trust, crls=(*grounds.crls, *map(load_crl, office.crls)))
    report = validate_detached(CONTENT, both, known).report
    assert [each.verdict for each in report.signatures] == [Verdict.VALID, Verdict.VALID]
    only_gost = validate_detached(CONTENT, both, grounds).report
    assert sorted(each.verdict for each in only_gost.signatures) == ["invalid", "valid"]
    assert only_gost.verdict is Verdict.INVALID


# 8. Names hold more than texts, and extensions may hold nothing.


def with_subject(centre: GostHolder, der: bytes, more: Mapping[str, core.Asn1Value]) -> bytes:
    """The certificate with more attributes in its subject, put together by its bytes."""
    body, algorithm, _ = members(der)
    fields = members(body)
    for oid, value in more.items():
        pair = sequence(core.ObjectIdentifier(oid).dump(), value.dump())
        fields[5] = sequence(*members(fields[5]), set_of(pair))
    body = sequence(*fields)
    return sequence(body, algorithm, core.OctetBitString(centre.sign(body)).dump())


def test_odd_names_crash_nothing(centre: GostHolder, person: GostHolder, grounds: Grounds) -> None:
    """A real postalAddress is a SEQUENCE, a real telephoneNumber a UTF8String."""
    address = core.SequenceOf(spec=core.UTF8String)
    address.append("ул. Лесная, 1")
    odd = {"2.5.4.16": address, "2.5.4.20": core.UTF8String("+7 843 000-00-00")}
    der = with_subject(centre, person.der, odd)
    report = judged(sign_detached(CONTENT, signing_key(person, der), NOON), grounds)
    assert report.verdict is Verdict.VALID
    assert report.certificate is not None
    assert report.certificate.snils == "11223344595"


EMPTY = {
    "subject's tool": ("1.2.643.100.111", True),
    "identification kind": ("1.2.643.100.114", True),
    "qualified statements": ("1.3.6.1.5.5.7.1.3", True),
    "alternative name": ("2.5.29.17", False),
    "policies": ("2.5.29.32", False),
    "purposes": ("2.5.29.37", False),
    "lists": ("2.5.29.31", False),
    "key period": ("2.5.29.16", False),
    "constraints": ("2.5.29.30", False),
}


@pytest.mark.parametrize(("oid", "readable"), EMPTY.values(), ids=EMPTY)
def test_an_empty_extension_crashes_nothing_and_grants_nothing(
    centre: GostHolder, person: GostHolder, grounds: Grounds, oid: str, readable: bool
) -> None:
    """One whose meaning is not needed is passed over; the others leave the file unreadable."""
    der = with_empty_extension(centre, person.der, oid)
    if readable:
        report = judged(sign_detached(CONTENT, signing_key(person, der), NOON), grounds)
        assert report.verdict is Verdict.VALID
        return
    with pytest.raises(CertificateUnreadableError):
        load_certificate(der)
    signature = cms.ContentInfo.load(sign_detached(CONTENT, signing_key(person), NOON))
    signature["content"]["certificates"] = cms.CertificateSet.load(
        parser.emit(0, 1, 17, der), spec=cms.CertificateChoices
    )
    with pytest.raises(CmsUnreadableError):
        validate_detached(CONTENT, signature.dump(), grounds)


def with_empty_extension(centre: GostHolder, der: bytes, oid: str) -> bytes:
    """The certificate with one more extension, put together by its bytes."""
    body, algorithm, _ = members(der)
    *fields, tagged = members(body)
    (extensions,) = members(tagged)
    empty = sequence(core.ObjectIdentifier(oid).dump(), core.OctetString(b"").dump())
    body = sequence(*fields, parser.emit(2, 1, 3, sequence(*members(extensions), empty)))
    return sequence(body, algorithm, core.OctetBitString(centre.sign(body)).dump())


def members(der: bytes) -> list[bytes]:
    return members_of(parser.parse(der)[4])


def sequence(*parts: bytes) -> bytes:
    return bytes(parser.emit(0, 1, 16, b"".join(parts)))


# 9. A PDF may hold a signature that nobody understands beside one that is right.


@pytest.mark.parametrize("kind", [b"/adbe.x509.rsa_sha1", b"/ETSI.CAdES.newest00"])
def test_a_gost_signature_of_an_unknown_kind_is_reported(
    person: GostHolder, grounds: Grounds, kind: bytes
) -> None:
    key = signing_key(person)
    signed = sign_pdf(plain_pdf(), key, NOON)
    room = len(b"/ETSI.CAdES.detached")
    strange = signed.replace(b"/ETSI.CAdES.detached", kind.ljust(room))
    found = read_signatures(strange)
    assert (found.signatures, [each.code for each in found.not_understood]) == (
        (),
        ["signature_field"],
    )
    twice = sign_pdf(strange, key, NOON)
    report = validate_pdf(twice, grounds).report
    assert len(report.signatures) == 1
    assert [each.code for each in report.not_understood] == ["signature_field"]
    assert report.verdict is not Verdict.VALID


# 11. What was made by the rules of 2001 is verified, and nothing new is.


def test_an_authority_of_2001_is_verified_and_refused(centre: GostHolder) -> None:
    """Keys of 2001 and of 2012 differ in their names and in the digest alone."""
    old_name = {
        "algorithm": "gost2001",
        "parameters": KeyParameters(
            {"public_key_param_set": CRYPTOPRO_A.oids[0], "digest_param_set": "1.2.643.2.2.30.1"}
        ),
    }
    old = root("Центр 2001 года", key=GostKey(SHORT, CRYPTOPRO_A, 0x2001))

    def of_2001(body: x509.TbsCertificate) -> None:
        body["subject_public_key_info"]["algorithm"] = old_name
        body["signature"] = {"algorithm": "gost94_gost2001"}

    certificate = load_certificate(signed_2001(old, old.der, of_2001))
    below = old.person(HEAD)
    issued = load_certificate(
        signed_2001(
            old,
            below.der,
            lambda body: body.__setitem__("signature", {"algorithm": "gost94_gost2001"}),
        )
    )
    found = TrustStore([TrustAnchor(certificate, SignatureKind.ADVANCED)]).find_chain(
        issued, (), NOON
    )
    assert isinstance(found, Chain)
    assert DEFAULT_POLICY.key(certificate.parsed.public_key) is Standing.REFUSED
    assert DEFAULT_POLICY.signature(issued.parsed["signature_algorithm"]) is Standing.REFUSED
    assert certificate.key_description == "gost2001 CryptoPro-A"


def signed_2001(issuer: GostHolder, der: bytes, change: Change) -> bytes:
    certificate = x509.Certificate.load(der)
    change(certificate["tbs_certificate"])
    body = certificate["tbs_certificate"].dump(force=True)
    certificate["signature_algorithm"] = {"algorithm": "gost94_gost2001"}
    value = backend().sign(issuer.key, digest("gost94", body))
    certificate["signature_value"] = core.OctetBitString(value)
    return bytes(certificate.dump())
