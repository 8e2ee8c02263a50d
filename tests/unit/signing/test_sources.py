"""Which addresses of a certificate are worth asking."""

from __future__ import annotations

from cryptography import x509
from cryptography.x509.oid import AuthorityInformationAccessOID, NameOID

from signing.certificates import load_certificate
from signing.revocation.sources import MOST_ADDRESSES, Sources, sources_in
from tests.pki import Office


def uri(address: str) -> x509.GeneralName:
    return x509.UniformResourceIdentifier(address)


def point(
    *addresses: str,
    reasons: frozenset[x509.ReasonFlags] | None = None,
    issuer: list[x509.GeneralName] | None = None,
) -> x509.DistributionPoint:
    return x509.DistributionPoint([uri(each) for each in addresses], None, reasons, issuer)


def read(office: Office, *extensions: x509.ExtensionType) -> Sources:
    more = tuple((each, False) for each in extensions)
    return sources_in(load_certificate(office.issuing.person(more=more).der))


def test_a_certificate_names_lists_deltas_and_responders(office: Office) -> None:
    access = [
        x509.AccessDescription(AuthorityInformationAccessOID.OCSP, uri("http://ocsp.example.org/")),
        x509.AccessDescription(
            AuthorityInformationAccessOID.CA_ISSUERS, uri("http://ca.example.org/a.cer")
        ),
    ]
    found = read(
        office,
        x509.CRLDistributionPoints([point("http://a.example.org/1.crl"), point("HTTPS://b/2.crl")]),
        x509.FreshestCRL([point("http://a.example.org/d%2F1.crl")]),
        x509.AuthorityInformationAccess(access),
    )
    assert found == Sources(
        lists=("http://a.example.org/1.crl", "HTTPS://b/2.crl"),
        deltas=("http://a.example.org/d%2F1.crl",),
        responders=("http://ocsp.example.org/",),
    )


def test_a_certificate_without_addresses_names_none(office: Office) -> None:
    assert read(office) == Sources()


def test_other_protocols_and_points_that_are_of_no_use_are_left_out(office: Office) -> None:
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "другой")])
    other: list[x509.GeneralName] = [x509.DirectoryName(name)]
    points = [
        point("ldap://a.example.org/cn=ca", "file:///etc/passwd"),
        point("http://indirect.example.org/1.crl", issuer=other),
        point(
            "http://some.example.org/1.crl",
            reasons=frozenset({x509.ReasonFlags.key_compromise}),
        ),
    ]
    assert read(office, x509.CRLDistributionPoints(points)) == Sources()


def test_a_few_addresses_are_enough(office: Office) -> None:
    many = [point(f"http://a.example.org/{number}.crl") for number in range(50)]
    found = read(office, x509.CRLDistributionPoints([*many, many[0]]))
    assert len(found.lists) == MOST_ADDRESSES


def test_a_broken_extension_names_nothing(office: Office) -> None:
    oid = x509.CRLDistributionPoints.oid
    assert read(office, x509.UnrecognizedExtension(oid, b"\x30\x03\x02\x01\x05")) == Sources()
