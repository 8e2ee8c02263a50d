"""Training certificates and lists with GOST keys, in the form of RFC 9215.

`cryptography` builds certificates and knows no GOST. So it builds them for a stand-in key; key,
algorithm and signature of the result are replaced by the real ones.
"""

from __future__ import annotations

import hashlib

from asn1crypto import algos, core, keys
from asn1crypto import crl as asn1_crl
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.types import CertificatePublicKeyTypes
from cryptography.hazmat.primitives.serialization import Encoding

from signing.gost.encoding import write_public_key
from signing.gost.keys import PrivateKey as GostKey
from signing.keys import PrivateKey, scheme_for, sign_value

STAND_IN = ec.derive_private_key(1, ec.SECP256R1())
"""A key that everybody knows; nothing that it signs leaves this module."""


def public_key_of(key: PrivateKey) -> CertificatePublicKeyTypes:
    """Return the public key for a builder; that of a GOST key is replaced in `signed`."""
    return STAND_IN.public_key() if isinstance(key, GostKey) else key.public_key()


def key_identifier(key: PrivateKey) -> bytes:
    """Return the SHA-1 of the public key's bits (RFC 5280, 4.2.1.2, method 1)."""
    if not isinstance(key, GostKey):
        return x509.SubjectKeyIdentifier.from_public_key(key.public_key()).digest
    bits = keys.PublicKeyInfo.load(write_public_key(key.public_key()))["public_key"]
    return hashlib.sha1(bits.contents[1:], usedforsecurity=False).digest()


def signed(
    builder: x509.CertificateBuilder, key: PrivateKey, issuer_key: PrivateKey
) -> x509.Certificate:
    """Return the certificate for `key`, signed with `issuer_key`."""
    if not isinstance(key, GostKey) and not isinstance(issuer_key, GostKey):
        return builder.sign(issuer_key, hashes.SHA256())
    template = builder.sign(STAND_IN, hashes.SHA256()).public_bytes(Encoding.DER)
    certificate = asn1_x509.Certificate.load(template)
    body = certificate["tbs_certificate"]
    if isinstance(key, GostKey):
        spki = write_public_key(key.public_key())
        body["subject_public_key_info"] = keys.PublicKeyInfo.load(spki)
    return x509.load_der_x509_certificate(_signed(certificate, body, issuer_key))


def signed_list(builder: x509.CertificateRevocationListBuilder, issuer_key: PrivateKey) -> bytes:
    """Return the DER of the revocation list, signed with `issuer_key`."""
    if not isinstance(issuer_key, GostKey):
        return builder.sign(issuer_key, hashes.SHA256()).public_bytes(Encoding.DER)
    template = builder.sign(STAND_IN, hashes.SHA256()).public_bytes(Encoding.DER)
    revoked = asn1_crl.CertificateList.load(template)
    return _signed(revoked, revoked["tbs_cert_list"], issuer_key)


def _signed(whole: core.Sequence, body: core.Sequence, issuer_key: PrivateKey) -> bytes:
    """Return the DER of `whole` with the signature of `issuer_key` over its `body`."""
    scheme = scheme_for(issuer_key)
    name = f"{scheme.digest}_{scheme.family}"  # key and digest together: RFC 9215, section 2
    body["signature"] = algos.SignedDigestAlgorithm({"algorithm": name})
    to_sign = body.dump(force=True)
    whole["signature_algorithm"] = algos.SignedDigestAlgorithm({"algorithm": name})
    whole[2] = core.OctetBitString(sign_value(issuer_key, scheme, to_sign))
    return bytes(whole.dump())
