"""An opened key that is kept for some minutes: encrypted under a key that is not kept here.

The one-time key is handed to the caller, who gives it to the signer's browser and forgets it. The
content is encrypted with AES-256-GCM (NIST SP 800-38D) under a key derived (HKDF, RFC 5869) from
both the one-time key and the installation's key: what lies in a database opens with neither alone.
"""

from __future__ import annotations

import os
import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_der_private_key,
)

from signing.certificates import Certificate, load_certificate
from signing.errors import SigningError
from signing.gost.encoding import read_private_key, write_private_key
from signing.gost.keys import KeyAlgorithm
from signing.gost.keys import PrivateKey as GostKey
from signing.keys import INSTALLATION_KEY, PrivateKey, SigningKey, scheme_for
from signing.words import N_

ONE_TIME_KEY = 32
NONCE = 12
LENGTH = 4
LOCK = b"MHK1"


class HeldKeyLockedError(SigningError):
    """The one-time key is not the one that the key was locked with, or it is for another act."""

    code = "signing.held_key_locked"
    msgid = N_("The key is locked: its password is needed once more.")


@dataclass(frozen=True)
class Held:
    """A locked key, and the only key that opens it."""

    locked: bytes
    one_time_key: bytes = field(repr=False)


def hold_key(key: SigningKey, installation_key: bytes, purpose: str) -> Held:
    """Return `key` encrypted under a fresh one-time key of 32 random bytes.

    `installation_key` has 32 bytes; `purpose` (whose key, for which act) is authenticated with the
    content.
    """
    private = _written(key.private_key)
    opened = _joined([private, key.certificate.der, *(other.der for other in key.chain)])
    one_time_key, nonce = os.urandom(ONE_TIME_KEY), os.urandom(NONCE)
    cipher = AESGCM(_derived(one_time_key, installation_key))
    content = cipher.encrypt(nonce, opened, LOCK + purpose.encode())
    return Held(LOCK + nonce + content, one_time_key)


def open_held_key(
    locked: bytes, one_time_key: bytes, installation_key: bytes, purpose: str
) -> SigningKey:
    """Open what `hold_key` returned; raises HeldKeyLockedError."""
    if not locked.startswith(LOCK) or len(one_time_key) != ONE_TIME_KEY:
        raise HeldKeyLockedError
    nonce, content = locked[len(LOCK) :][:NONCE], locked[len(LOCK) + NONCE :]
    cipher = AESGCM(_derived(one_time_key, installation_key))
    try:
        opened = cipher.decrypt(nonce, content, LOCK + purpose.encode())
    except (InvalidTag, ValueError) as error:
        raise HeldKeyLockedError from error
    private, certificate, *chain = _parts(opened)
    own, others = load_certificate(certificate), tuple(map(load_certificate, chain))
    private_key = _read(private, own)
    return SigningKey(own, others, scheme_for(private_key), private_key)


def _written(private_key: PrivateKey) -> bytes:
    """The key as PKCS#8 (DER)."""
    if isinstance(private_key, GostKey):
        return write_private_key(private_key)
    return private_key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())


def _read(private: bytes, certificate: Certificate) -> PrivateKey:
    """What `_written` wrote; the certificate says of which kind it is."""
    algorithm = certificate.parsed.public_key["algorithm"]["algorithm"].dotted
    if algorithm in {kind.value for kind in KeyAlgorithm}:
        return read_private_key(private)
    private_key = load_der_private_key(private, None)
    if not isinstance(private_key, rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey):
        raise HeldKeyLockedError
    return private_key


def _joined(parts: Sequence[bytes]) -> bytes:
    """The parts, each after its length: private key, certificate, the authorities'."""
    return b"".join(struct.pack(">I", len(part)) + part for part in parts)


def _parts(joined: bytes) -> Iterator[bytes]:
    """What `_joined` put together; nothing else passes the decryption."""
    while joined:
        (length,) = struct.unpack_from(">I", joined)
        yield joined[LENGTH : LENGTH + length]
        joined = joined[LENGTH + length :]


def _derived(one_time_key: bytes, installation_key: bytes) -> bytes:
    if len(installation_key) != INSTALLATION_KEY:
        raise ValueError("the installation key has 32 bytes")
    derivation = HKDF(algorithm=SHA256(), length=32, salt=installation_key, info=LOCK)
    return derivation.derive(one_time_key)
