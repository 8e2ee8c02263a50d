"""The parts of a training certificate (RFC 5280): names, validity, extensions."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID

from signing.gost.curves import CRYPTOPRO_A, TC26_512_A
from signing.gost.keys import KeyAlgorithm as GostAlgorithm
from signing.gost.keys import PrivateKey as GostKey
from signing.keys import PrivateKey
from signing.training.gost import key_identifier, public_key_of
from signing.training.subjects import TRAINING_UNIT
from signing.verdicts import SignatureKind, refuse_naive

# Arcs below 2.25 are UUIDs that anybody may make (ITU-T X.667): one for each kind practised.
POLICY = {
    SignatureKind.ADVANCED: x509.ObjectIdentifier("2.25.108737884399440234725774034883468007918"),
    SignatureKind.QUALIFIED: x509.ObjectIdentifier("2.25.7303816871534768107287909193631796064"),
}
STANDS_FOR = {
    SignatureKind.ADVANCED: "вместо усиленной неквалифицированной подписи",
    SignatureKind.QUALIFIED: "вместо усиленной квалифицированной подписи",
}


class KeyAlgorithm(StrEnum):
    """What the key of a training certificate is."""

    ECDSA_P256 = "ecdsa-p256"
    RSA_2048 = "rsa-2048"
    GOST_2012_256 = "gost2012-256"
    GOST_2012_512 = "gost2012-512"


def new_key(algorithm: KeyAlgorithm) -> PrivateKey:
    """Return a new random key."""
    if algorithm is KeyAlgorithm.RSA_2048:
        return rsa.generate_private_key(public_exponent=65537, key_size=2048)
    if algorithm is KeyAlgorithm.GOST_2012_256:
        return GostKey.generate(GostAlgorithm.GOST_2012_256, CRYPTOPRO_A)
    if algorithm is KeyAlgorithm.GOST_2012_512:
        return GostKey.generate(GostAlgorithm.GOST_2012_512, TC26_512_A)
    return ec.generate_private_key(ec.SECP256R1())


def begin_certificate(
    subject: x509.Name,
    issuer: x509.Name,
    key: PrivateKey,
    period: tuple[datetime, datetime],
    serial: int,
) -> x509.CertificateBuilder:
    """Begin a certificate for `key`, valid over both moments of `period`.

    Raises ValueError for times that are not in UTC.
    """
    for moment in period:
        refuse_naive(moment)
    not_before, not_after = period
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(public_key_of(key))
        .serial_number(serial)
        .not_valid_before(not_before)
        .not_valid_after(not_after)
        .add_extension(x509.SubjectKeyIdentifier(key_identifier(key)), critical=False)
    )


def for_authority(
    builder: x509.CertificateBuilder, signed_by: PrivateKey, path_length: int
) -> x509.CertificateBuilder:
    """Add what makes the certificate that of an authority with `path_length` more below it."""
    return (
        builder.add_extension(x509.BasicConstraints(ca=True, path_length=path_length), True)
        .add_extension(_key_usage(authority=True), critical=True)
        .add_extension(issued_by(signed_by), critical=False)
    )


def for_person(
    builder: x509.CertificateBuilder, signed_by: PrivateKey, kind: SignatureKind
) -> x509.CertificateBuilder:
    """Add what makes the certificate that of a person who signs documents."""
    uses = [ExtendedKeyUsageOID.CLIENT_AUTH, ExtendedKeyUsageOID.EMAIL_PROTECTION]
    return (
        builder.add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_key_usage(authority=False), critical=True)
        .add_extension(x509.ExtendedKeyUsage(uses), critical=False)
        .add_extension(policies(kind), critical=False)
        .add_extension(issued_by(signed_by), critical=False)
    )


def for_timestamps(
    builder: x509.CertificateBuilder, signed_by: PrivateKey, kind: SignatureKind
) -> x509.CertificateBuilder:
    """Add what makes the certificate that of an authority for timestamps (RFC 3161, 2.3)."""
    only = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING])
    return (
        builder.add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_key_usage(authority=False), critical=True)
        .add_extension(only, critical=True)
        .add_extension(policies(kind), critical=False)
        .add_extension(issued_by(signed_by), critical=False)
    )


def _key_usage(*, authority: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not authority,
        content_commitment=not authority,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=authority,
        crl_sign=authority,
        encipher_only=False,
        decipher_only=False,
    )


def issued_by(key: PrivateKey) -> x509.AuthorityKeyIdentifier:
    """Return the extension that says whose `key` signed."""
    return x509.AuthorityKeyIdentifier(key_identifier(key), None, None)


def policies(kind: SignatureKind) -> x509.CertificatePolicies:
    """Return the policy whose text says «УЧЕБНЫЙ» and which kind the certificate stands for."""
    notice = x509.UserNotice(None, f"{TRAINING_UNIT}; выдан {STANDS_FOR[kind]}")
    return x509.CertificatePolicies([x509.PolicyInformation(POLICY[kind], [notice])])


def key_used(first: datetime, last: datetime) -> x509.PrivateKeyUsagePeriod:
    """Return the period of the key's use; raises ValueError for times that are not in UTC."""
    for moment in (first, last):
        refuse_naive(moment)
    # The extension wants UTC without its name.
    return x509.PrivateKeyUsagePeriod(first.replace(tzinfo=None), last.replace(tzinfo=None))
