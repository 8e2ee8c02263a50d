"""The key by which an installation seals statements, and its self-signed certificate.

Both follow from 32 secret bytes (HKDF, RFC 5869), so that every machine of an installation that
has the same key file makes the very same certificate, whose fingerprint can be told to others
once. Seals for training have a key of their own: a training statement cannot be dressed up by
putting the other certificate beside it.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import lru_cache

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

from signing.certificates import Certificate, load_certificate

NAME = "Система «Маршрут»"
TRAINING_WORD = "УЧЕБНЫЙ"
TRAINING_NAME = f"{TRAINING_WORD} ключ системы «Маршрут»"
P256_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551

_SCALAR_BYTES = (
    48  # 128 bits more than the order has, so that no key is likelier (FIPS 186-5, A.2.1)
)
_BEGINS = datetime(2025, 1, 1, tzinfo=UTC)
#: "No well-defined expiration date" (RFC 5280, section 4.1.2.5).
_NEVER = datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC)


@dataclass(frozen=True)
class InstallationSeal:
    """The private key (P-256) and the certificate that goes with every statement."""

    key: ec.EllipticCurvePrivateKey = field(repr=False)
    certificate: Certificate


@lru_cache(maxsize=8)
def installation_seal(secret: bytes, training: bool) -> InstallationSeal:
    """Return the seal of the installation with this secret (32 bytes); always the same one."""
    if len(secret) != 32:
        raise ValueError("the secret has 32 bytes")
    purpose = b"marshrut seal of simple signatures" + (b", training" if training else b"")
    scalar = HKDF(SHA256(), _SCALAR_BYTES, salt=None, info=purpose).derive(secret)
    number = int.from_bytes(scalar, "big") % (P256_ORDER - 1) + 1
    key = ec.derive_private_key(number, ec.SECP256R1())
    return InstallationSeal(key, _certificate(key, TRAINING_NAME if training else NAME))


def is_for_training(certificate: Certificate) -> bool:
    """Whether the certificate's subject says that what it seals is for practice."""
    return TRAINING_WORD in certificate.subject_text.upper()


def _certificate(key: ec.EllipticCurvePrivateKey, name: str) -> Certificate:
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    public = x509.SubjectKeyIdentifier.from_public_key(key.public_key())
    serial = int.from_bytes(hashlib.sha256(public.digest).digest()[:15], "big") + 1
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(serial)
        .not_valid_before(_BEGINS)
        .not_valid_after(_NEVER)
        .add_extension(public, critical=False)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_SIGNS_DATA, critical=True)
        .sign(key, SHA256(), ecdsa_deterministic=True)
    )
    return load_certificate(made.public_bytes(Encoding.DER))


_SIGNS_DATA = x509.KeyUsage(
    digital_signature=True,
    content_commitment=False,
    key_encipherment=False,
    data_encipherment=False,
    key_agreement=False,
    key_cert_sign=False,
    crl_sign=False,
    encipher_only=False,
    decipher_only=False,
)
