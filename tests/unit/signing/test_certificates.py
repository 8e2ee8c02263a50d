"""What a certificate says of its owner, whatever shape its names have."""

from __future__ import annotations

import pytest
from asn1crypto import core, parser, x509
from cryptography import x509 as made
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

from signing.certificates import (
    Certificate,
    CertificateUnreadableError,
    certificate_facts,
    load_bundle,
    load_certificate,
    subject_value,
)
from signing.trust import Chain, ChainProblem, TrustAnchor, TrustStore
from signing.verdicts import SignatureKind
from tests.pki import (
    HEAD,
    INN,
    INN_LE,
    MENTOR,
    NOON,
    SNILS,
    Holder,
    Office,
    Request,
    ec_key,
    subject,
)


def test_the_facts_of_a_legal_entity(head: Holder) -> None:
    facts = certificate_facts(load_certificate(head.der), training=False)
    assert facts.owner == "Берёзкина Мария Ильинична"
    assert (facts.title, facts.organisation) == ("директор", "МБОУ «Лесная школа»")
    assert (facts.snils, facts.inn) == ("11223344595", "160000000001")
    assert (facts.ogrn, facts.inn_le) == ("1021600000001", "1600000001")
    assert facts.issuer == "Выдающий центр"
    assert facts.serial == f"{head.certificate.serial_number:X}"
    assert facts.key_algorithm == "ec secp256r1"
    assert not facts.training


def test_a_person_has_no_organisation(office: Office) -> None:
    facts = certificate_facts(load_certificate(office.issuing.person(MENTOR).der), training=True)
    assert (facts.ogrn, facts.inn_le, facts.organisation) == ("", "", "")
    assert facts.training


def test_an_organisations_inn_in_the_persons_field_is_known(office: Office) -> None:
    """Older profiles write "00" and the ten digits of a legal entity."""
    values = {oid: value for oid, value in HEAD.items() if oid != INN_LE} | {INN: "001600000001"}
    facts = certificate_facts(load_certificate(office.issuing.person(values).der), training=False)
    assert (facts.inn, facts.inn_le) == ("", "1600000001")


def test_several_values_match_nobody(office: Office) -> None:
    request = Request(MENTOR, ec_key("double"))
    name = made.Name([*subject(MENTOR), made.NameAttribute(SNILS, "00000000001")])
    holder = office.issuing.issue(request)
    builder = (
        made.CertificateBuilder()
        .subject_name(name)
        .issuer_name(office.issuing.certificate.subject)
        .public_key(holder.key.public_key())
        .serial_number(1)
        .not_valid_before(request.not_before)
        .not_valid_after(request.not_after)
    )
    signed = builder.sign(office.issuing.holder.key, request.digest())
    certificate = load_certificate(Holder(signed, holder.key).der)
    assert subject_value(certificate, SNILS.dotted_string) == "55566677788; 00000000001"


def test_pem_and_der_are_the_same_certificate(head: Holder) -> None:
    assert load_certificate(head.pem) == load_certificate(head.der)
    assert load_certificate(load_certificate(head.der).pem) == load_certificate(head.der)


def test_a_bundle_is_read_in_its_order(head: Holder, office: Office) -> None:
    bundle = load_bundle(head.pem + office.issuing.holder.pem)
    assert [c.der for c in bundle] == [head.der, office.issuing.holder.der]
    assert load_bundle(head.der) == (load_certificate(head.der),)


@pytest.mark.parametrize(
    "content",
    [b"", b"text", b"\x30\x03\x02\x01\x01", b"-----BEGIN CERTIFICATE-----\nMII\n"],
)
def test_what_is_no_certificate_is_refused(content: bytes) -> None:
    with pytest.raises(CertificateUnreadableError):
        load_certificate(content)


def test_bytes_after_the_certificate_are_refused(head: Holder) -> None:
    with pytest.raises(CertificateUnreadableError):
        load_certificate(head.der + b"\0")


def odd_name() -> x509.Name:
    """A real postalAddress is a SEQUENCE, a real telephoneNumber a UTF8String."""
    address = core.SequenceOf(spec=core.UTF8String, contents=None)
    address.append("ул. Лесная, 1")
    telephone = core.UTF8String("+7 843 000-00-00")
    parts = b"".join(
        _attribute(oid, value)
        for oid, value in (
            ("2.5.4.16", address.dump()),
            ("2.5.4.20", telephone.dump()),
            ("2.5.4.3", core.UTF8String("Центр").dump()),
        )
    )
    return x509.Name.load(parser.emit(0, 1, 16, parts))


def _attribute(oid: str, value: bytes) -> bytes:
    pair = parser.emit(0, 1, 16, core.ObjectIdentifier(oid).dump() + value)
    return bytes(parser.emit(0, 1, 17, pair))


def renamed(holder: Holder, signer: Holder, **names: x509.Name) -> Certificate:
    """The holder's certificate with other names, signed again."""
    tbs = x509.Certificate.load(holder.der)["tbs_certificate"]
    for key, name in names.items():
        tbs[key] = name
    assert isinstance(signer.key, ec.EllipticCurvePrivateKey)
    signature = signer.key.sign(tbs.dump(), ec.ECDSA(hashes.SHA256()))
    certificate = x509.Certificate(
        {
            "tbs_certificate": tbs,
            "signature_algorithm": tbs["signature"],
            "signature_value": signature,
        }
    )
    return load_certificate(certificate.dump())


def test_names_that_are_no_texts_break_nothing(office: Office) -> None:
    root = renamed(office.root.holder, office.root.holder, subject=odd_name(), issuer=odd_name())
    issuing = renamed(office.issuing.holder, office.root.holder, issuer=odd_name())
    assert root.subject_text == "Центр"
    assert root.parsed.subject == issuing.parsed.issuer
    assert root.parsed.subject != issuing.parsed.subject
    store = TrustStore([TrustAnchor(root, SignatureKind.ADVANCED)], [issuing])
    person = load_certificate(office.issuing.person().der)
    assert isinstance(store.find_chain(person, (), NOON), Chain)


def test_a_person_with_an_odd_name_is_read(office: Office) -> None:
    odd = renamed(office.issuing.person(), office.issuing.holder, subject=odd_name())
    assert certificate_facts(odd, training=False).common_name == "Центр"
    store = TrustStore(
        [TrustAnchor(load_certificate(office.root.holder.der), SignatureKind.ADVANCED)],
        [load_certificate(office.issuing.holder.der)],
    )
    assert isinstance(store.find_chain(odd, (), NOON), Chain)


def test_a_chain_with_an_algorithm_not_known_here_is_left_open(office: Office) -> None:
    """What nobody here knows is neither accepted nor refused: bign of Belarus."""
    person = x509.Certificate.load(office.issuing.person().der)
    for algorithm in (person["signature_algorithm"], person["tbs_certificate"]["signature"]):
        algorithm["algorithm"] = "1.2.112.0.2.0.34.101.45.12"
    store = TrustStore(
        [TrustAnchor(load_certificate(office.root.holder.der), SignatureKind.QUALIFIED)],
        [load_certificate(office.issuing.holder.der)],
    )
    found = store.find_chain(load_certificate(person.dump()), (), NOON)
    assert isinstance(found, ChainProblem)
    assert found.code == "algorithm_unknown"


def test_names_cannot_steer_the_screen(office: Office) -> None:
    values = MENTOR | {made.NameOID.SURNAME: "\x1b[2JСоснов\u202e\nПётр"}
    facts = certificate_facts(load_certificate(office.issuing.person(values).der), training=False)
    assert facts.surname == "\ufffd[2JСоснов\ufffd Пётр"
