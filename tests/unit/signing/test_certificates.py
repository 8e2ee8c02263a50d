"""What a certificate says of its owner, whatever shape its names have."""

from __future__ import annotations

import pytest
from asn1crypto import core, x509
from cryptography.x509.oid import NameOID

from signing.certificates import (
    CertificateUnreadableError,
    certificate_facts,
    load_bundle,
    load_certificate,
    name_text,
    subject_value,
)
from tests.pki import HEAD, INN, INN_LE, MENTOR, SNILS, Holder, Office


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
    from cryptography import x509 as made

    from tests import pki

    request = pki.Request(MENTOR, pki.ec_key("double"))
    name = made.Name([*pki.subject(MENTOR), made.NameAttribute(SNILS, "00000000001")])
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


def test_a_name_may_hold_a_sequence() -> None:
    """A real postalAddress is a SEQUENCE (of UTF8Strings), not a text."""
    address = core.SequenceOf(spec=core.UTF8String, contents=None)
    address.append("ул. Лесная, 1")
    attribute = x509.NameTypeAndValue({"type": "2.5.4.16", "value": core.Any(address)})
    named = x509.NameTypeAndValue(
        {"type": "common_name", "value": x509.DirectoryString("utf8_string", "Центр")}
    )
    rdn = [x509.RelativeDistinguishedName([each]) for each in (attribute, named)]
    name = x509.Name("", x509.RDNSequence(rdn))
    assert name_text(x509.Name.load(name.dump())) == "Центр"


def test_a_certificate_with_an_address_of_another_type_is_read(office: Office) -> None:
    values = HEAD | {NameOID.POSTAL_ADDRESS: "ул. Лесная, 1"}
    certificate = load_certificate(office.issuing.person(values).der)
    assert certificate.subject_text == "Берёзкина Мария Ильинична"
