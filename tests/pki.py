"""A small public-key infrastructure for tests: root, issuing authority, people, lists.

Independent of the product's training authority, so that the two can disagree. Times are given;
keys are random and kept for the whole test run, because making them is slow.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import cache

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    PublicFormat,
    pkcs12,
)
from cryptography.x509.oid import NameOID

PrivateKey = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
YEAR = timedelta(days=365)
DAY = timedelta(days=1)

OGRN = x509.ObjectIdentifier("1.2.643.100.1")
SNILS = x509.ObjectIdentifier("1.2.643.100.3")
INN_LE = x509.ObjectIdentifier("1.2.643.100.4")
INN = x509.ObjectIdentifier("1.2.643.3.131.1.1")

HEAD = {
    NameOID.COMMON_NAME: "МБОУ «Лесная школа»",
    NameOID.SURNAME: "Берёзкина",
    NameOID.GIVEN_NAME: "Мария Ильинична",
    NameOID.TITLE: "директор",
    NameOID.ORGANIZATION_NAME: "МБОУ «Лесная школа»",
    OGRN: "1021600000001",
    SNILS: "11223344595",
    INN_LE: "1600000001",
    INN: "160000000001",
}
MENTOR = {
    NameOID.COMMON_NAME: "Соснов Пётр Андреевич",
    NameOID.SURNAME: "Соснов",
    NameOID.GIVEN_NAME: "Пётр Андреевич",
    SNILS: "55566677788",
    INN: "160000000002",
}


@cache
def rsa_key(bits: int = 2048, name: str = "") -> rsa.RSAPrivateKey:
    """A key of this size; the same for the same name."""
    return rsa.generate_private_key(65537, bits)


@cache
def ec_key(name: str = "") -> ec.EllipticCurvePrivateKey:
    """A P-256 key; the same for the same name."""
    return ec.generate_private_key(ec.SECP256R1())


def subject(values: Mapping[x509.ObjectIdentifier, str]) -> x509.Name:
    """A name of these attributes, in their order."""
    return x509.Name([x509.NameAttribute(oid, value) for oid, value in values.items()])


USES = (
    "digital_signature",
    "content_commitment",
    "key_encipherment",
    "data_encipherment",
    "key_agreement",
    "key_cert_sign",
    "crl_sign",
    "encipher_only",
    "decipher_only",
)


def key_usage(uses: tuple[str, ...]) -> x509.KeyUsage:
    """The extension that permits `uses`, out of USES."""
    return x509.KeyUsage(**{name: name in uses for name in USES})


@dataclass(frozen=True)
class Holder:
    """A certificate with its private key and the authorities above it (nearest first)."""

    certificate: x509.Certificate
    key: PrivateKey
    chain: tuple[x509.Certificate, ...] = ()

    @property
    def der(self) -> bytes:
        """The certificate's DER."""
        return self.certificate.public_bytes(Encoding.DER)

    @property
    def pem(self) -> bytes:
        """The certificate's PEM."""
        return self.certificate.public_bytes(Encoding.PEM)

    def pkcs12(self, password: str) -> bytes:
        """Key, certificate and chain (without the root) under a password."""
        return pkcs12.serialize_key_and_certificates(
            b"test",
            self.key,
            self.certificate,
            self.chain[:-1],
            BestAvailableEncryption(password.encode()),
        )


@dataclass(frozen=True)
class Request:
    """What a certificate shall say; the defaults make a good one for signing."""

    values: Mapping[x509.ObjectIdentifier, str]
    key: PrivateKey
    not_before: datetime = NOON - 30 * DAY
    not_after: datetime = NOON + YEAR
    usage: tuple[str, ...] | None = ("digital_signature", "content_commitment")
    more: tuple[tuple[x509.ExtensionType, bool], ...] = ()
    digest: type[hashes.HashAlgorithm] = hashes.SHA256
    ca: bool = False
    path_length: int | None = None
    serial: int | None = None
    claimed_issuer: PrivateKey | None = None
    """Whose key the authority key identifier names; None for the one that signs."""


@dataclass(frozen=True)
class Authority:
    """A certification authority of the test PKI."""

    holder: Holder

    @classmethod
    def root(
        cls,
        name: str = "Корневой центр",
        *,
        not_after: datetime = NOON + 10 * YEAR,
        key: PrivateKey | None = None,
    ) -> Authority:
        """A self-signed root, valid from ten years before NOON."""
        key = key or ec_key(f"root {name}")
        request = authority_request(name, key, not_after=not_after)
        certificate = _built(request, request.values, key, key, None)
        return cls(Holder(certificate, key))

    @property
    def certificate(self) -> x509.Certificate:
        """The authority's own certificate."""
        return self.holder.certificate

    def issuing(self, name: str = "Выдающий центр", **changes: object) -> Authority:
        """An authority below this one."""
        request = replace(
            authority_request(name, ec_key(f"issuing {name}")),
            path_length=0,
            **changes,  # type: ignore[arg-type]  # fields of Request, by name
        )
        return Authority(self.issue(request))

    def issue(self, request: Request) -> Holder:
        """Issue what was requested."""
        certificate = _built(
            request, request.values, request.key, self.holder.key, self.certificate
        )
        return Holder(certificate, request.key, (self.certificate, *self.holder.chain))

    def person(
        self, values: Mapping[x509.ObjectIdentifier, str] = HEAD, **changes: object
    ) -> Holder:
        """Issue a certificate for signing to a person."""
        key = ec_key(f"person {sorted(values.values())}")
        return self.issue(replace(Request(values, key), **changes))  # type: ignore[arg-type]  # fields of Request, by name

    def crl(
        self,
        revoked: Mapping[int, datetime] | None = None,
        *,
        this_update: datetime = NOON - DAY,
        next_update: datetime = NOON + 7 * DAY,
        key: PrivateKey | None = None,
        reason: x509.ReasonFlags | None = None,
        extensions: tuple[tuple[x509.ExtensionType, bool], ...] = (),
        entries: tuple[x509.RevokedCertificate, ...] = (),
        digest: type[hashes.HashAlgorithm] = hashes.SHA256,
    ) -> bytes:
        """The DER of a list that revokes these serial numbers at these times."""
        builder = (
            x509.CertificateRevocationListBuilder()
            .issuer_name(self.certificate.subject)
            .last_update(this_update)
            .next_update(next_update)
            .add_extension(x509.CRLNumber(1), critical=False)
        )
        for extension, critical in extensions:
            builder = builder.add_extension(extension, critical=critical)
        for each in entries:
            builder = builder.add_revoked_certificate(each)
        for serial, since in (revoked or {}).items():
            entry = x509.RevokedCertificateBuilder().serial_number(serial).revocation_date(since)
            if reason is not None:
                entry = entry.add_extension(x509.CRLReason(reason), critical=False)
            builder = builder.add_revoked_certificate(entry.build())
        return builder.sign(key or self.holder.key, digest()).public_bytes(Encoding.DER)


def authority_request(
    name: str, key: PrivateKey, *, not_after: datetime = NOON + 10 * YEAR
) -> Request:
    """What an authority's certificate says."""
    return Request(
        {NameOID.COMMON_NAME: name, NameOID.ORGANIZATION_NAME: "Испытательная организация"},
        key,
        not_before=NOON - 10 * YEAR,
        not_after=not_after,
        usage=("key_cert_sign", "crl_sign"),
        ca=True,
    )


def _built(
    request: Request,
    values: Mapping[x509.ObjectIdentifier, str],
    key: PrivateKey,
    issuer_key: PrivateKey,
    issuer: x509.Certificate | None,
) -> x509.Certificate:
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject(values))
        .issuer_name(issuer.subject if issuer else subject(values))
        .public_key(key.public_key())
        .serial_number(request.serial or x509.random_serial_number())
        .not_valid_before(request.not_before)
        .not_valid_after(request.not_after)
        .add_extension(x509.BasicConstraints(request.ca, request.path_length), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(
                (request.claimed_issuer or issuer_key).public_key()
            ),
            critical=False,
        )
    )
    if request.usage is not None:
        builder = builder.add_extension(key_usage(request.usage), critical=True)
    for extension, critical in request.more:
        builder = builder.add_extension(extension, critical=critical)
    return builder.sign(issuer_key, request.digest())


def public_der(key: PrivateKey) -> bytes:
    """The DER of the public key."""
    return key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


@dataclass(frozen=True)
class Office:
    """A root, an issuing authority and both lists, nothing revoked: a place to sign in."""

    root: Authority
    issuing: Authority
    root_crl: bytes
    issuing_crl: bytes

    @classmethod
    def open(cls, name: str = "") -> Office:
        """A new one; two with different names know nothing of each other."""
        root = Authority.root(f"Корневой центр {name}".strip())
        issuing = root.issuing(f"Выдающий центр {name}".strip())
        return cls(root, issuing, root.crl(), issuing.crl())

    @property
    def crls(self) -> tuple[bytes, bytes]:
        """Both lists, DER."""
        return self.root_crl, self.issuing_crl
