"""Signing keys in PKCS#12: opened for one signature, sealed at rest.

A sealed key is encrypted twice: under the owner's password and under the installation's key,
which lies outside the database. Neither alone opens it. Containers are taken apart by
`signing.containers`, which counts what that costs.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from typing import Protocol

from asn1crypto import keys as asn1_keys
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    PublicFormat,
    load_der_private_key,
)

from signing.certificates import Certificate, load_certificate
from signing.containers.errors import KeyMaskedError
from signing.containers.errors import KeyUnreadableError as KeyUnreadableError
from signing.containers.errors import WrongPasswordError as WrongPasswordError
from signing.containers.pkcs12 import MAX_PKCS12 as MAX_PKCS12
from signing.containers.pkcs12 import read_container
from signing.digests import digest
from signing.errors import MALFORMED, SigningError
from signing.gost.asn1 import DIGEST_NAMES, KEY_NAMES
from signing.gost.backend import backend
from signing.gost.encoding import read_private_key, read_public_key
from signing.gost.errors import GostError, MaskedKeyError, VerifyOnlyError
from signing.gost.keys import PrivateKey as GostKey
from signing.policy import DEFAULT_POLICY, HASHES, AlgorithmPolicy, Family, Scheme, Standing
from signing.words import N_

PrivateKey = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey | GostKey

SEAL = b"MSK1"
TOKEN_SEAL = b"MST1"
"""How the sealed reference to a key on a token begins (`signing.tokens.reference`)."""
SALT, NONCE = 16, 12
INSTALLATION_KEY = 32
MAX_RSA, MAX_PRIME = 4096, 2048 + 64
"""Bits of the longest RSA key that is opened: whether primes are primes is tried each time."""
CURVE_DIGESTS = {"secp256r1": "sha256", "secp384r1": "sha384", "secp521r1": "sha512"}


class SealBrokenError(SigningError):
    """The sealed key was changed, belongs to somebody else or to another installation."""

    code = "signing.seal_broken"
    msgid = N_("The stored key cannot be opened in this installation.")


class KeyOnTokenError(SigningError):
    """The key does not lie here, so it cannot be opened for several acts."""

    code = "signing.key_on_token"
    msgid = N_("A key on a token signs documents one by one, because its PIN is not kept.")


class KeyNotAllowedError(SigningError):
    """The key is of a kind or size that new signatures may not use."""

    code = "signing.key_not_allowed"
    msgid = N_("The key ({key}) is not allowed for new signatures.")


class KeyAtHand(Protocol):
    """What signs: a key opened here, or one that stays on its token."""

    @property
    def certificate(self) -> Certificate: ...

    @property
    def chain(self) -> tuple[Certificate, ...]: ...

    @property
    def scheme(self) -> Scheme: ...

    def sign(self, to_sign: bytes) -> bytes:
        """Return the signature value over `to_sign` under `scheme`."""
        ...


@dataclass(frozen=True)
class SigningKey:
    """An opened private key with its certificate and the authorities' certificates beside it."""

    certificate: Certificate
    chain: tuple[Certificate, ...]
    scheme: Scheme
    private_key: PrivateKey = field(repr=False)

    def sign(self, to_sign: bytes) -> bytes:
        """Return the signature value over `to_sign` under `scheme`."""
        return sign_value(self.private_key, self.scheme, to_sign)


def sign_value(private_key: PrivateKey, scheme: Scheme, to_sign: bytes) -> bytes:
    """Return the signature value over `to_sign`; the scheme must be one for the key."""
    if isinstance(private_key, GostKey):
        return backend().sign(private_key, digest(scheme.digest, to_sign))
    algorithm = HASHES[scheme.digest]()
    if isinstance(private_key, rsa.RSAPrivateKey):
        return private_key.sign(to_sign, padding.PKCS1v15(), algorithm)
    return private_key.sign(to_sign, ec.ECDSA(algorithm))


def gost_signing_key(
    pkcs8: bytes, certificates: tuple[bytes, ...], policy: AlgorithmPolicy = DEFAULT_POLICY
) -> SigningKey:
    """Return a GOST key out of its PKCS#8 and certificates (DER), its own one among them.

    Raises KeyUnreadableError, KeyMaskedError, KeyNotAllowedError, CertificateUnreadableError.
    """
    try:
        private_key = read_private_key(pkcs8)
    except MaskedKeyError as error:
        raise KeyMaskedError from error
    except VerifyOnlyError as error:
        raise KeyNotAllowedError(key="GOST R 34.10-2001") from error
    except GostError as error:
        raise KeyUnreadableError from error
    given = tuple(map(load_certificate, certificates))
    own = next((each for each in given if _is_of(each, private_key)), None)
    if own is None:
        raise KeyUnreadableError
    if policy.key(own.parsed.public_key) is not Standing.ALLOWED:
        raise KeyNotAllowedError(key=own.key_description)
    others = tuple(each for each in given if each is not own)
    return SigningKey(own, others, scheme_for(private_key), private_key)


def _is_of(certificate: Certificate, private_key: GostKey) -> bool:
    try:
        return read_public_key(certificate.public_key_der) == private_key.public_key()
    except GostError:
        return False


def open_pkcs12(
    content: bytes, password: str, policy: AlgorithmPolicy = DEFAULT_POLICY
) -> SigningKey:
    """Open a PKCS#12 file with an RSA, ECDSA or GOST key.

    Raises KeyUnreadableError and its kinds, WrongPasswordError, KeyNotAllowedError, TooLargeError.
    """
    container = read_container(content, password)
    opens = _usual_signing_key if _is_usual(container.private_key) else gost_signing_key
    return opens(container.private_key, container.certificates, policy)


def _is_usual(pkcs8: bytes) -> bool:
    """Whether it is an RSA or ECDSA key; what asn1crypto does not know is looked at as GOST's."""
    try:
        return asn1_keys.PrivateKeyInfo.load(pkcs8).algorithm in ("rsa", "ec")
    except MALFORMED:
        return False


def _usual_signing_key(
    pkcs8: bytes, certificates: tuple[bytes, ...], policy: AlgorithmPolicy
) -> SigningKey:
    """Return an RSA or ECDSA key; errors as of `gost_signing_key`."""
    try:
        _refuse_endless(asn1_keys.PrivateKeyInfo.load(pkcs8))
        private_key = load_der_private_key(pkcs8, None)
    except MALFORMED as error:
        raise KeyUnreadableError from error
    if not isinstance(private_key, rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey):
        raise KeyUnreadableError
    public = private_key.public_key()
    info = public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    given = tuple(map(load_certificate, certificates))
    own = next((each for each in given if each.public_key_der == info), None)
    if own is None:
        raise KeyUnreadableError
    if policy.key(own.parsed.public_key) is not Standing.ALLOWED:
        raise KeyNotAllowedError(key=own.key_description)
    others = tuple(each for each in given if each is not own)
    return SigningKey(own, others, scheme_for(private_key), private_key)


def _refuse_endless(key: asn1_keys.PrivateKeyInfo) -> None:
    """Raise ValueError for an RSA key whose numbers would be looked at for hours."""
    if key.algorithm != "rsa":
        return
    parts = key["private_key"].parsed
    limits = {
        **dict.fromkeys(("modulus", "public_exponent", "private_exponent"), MAX_RSA),
        **dict.fromkeys(("prime1", "prime2"), MAX_PRIME),
    }
    if any(parts[name].native.bit_length() > most for name, most in limits.items()):
        raise ValueError("no key has such numbers")


def scheme_for(private_key: PrivateKey) -> Scheme:
    """Return the scheme that signatures with this key have here."""
    if isinstance(private_key, GostKey):
        family = Family(KEY_NAMES[private_key.algorithm])
        return Scheme(family, DIGEST_NAMES[private_key.algorithm.digest])
    if isinstance(private_key, rsa.RSAPrivateKey):
        return Scheme(Family.RSA, "sha256")
    return Scheme(Family.ECDSA, CURVE_DIGESTS[private_key.curve.name])


def seal_key(content: bytes, password: str, installation_key: bytes, owner: str) -> bytes:
    """Return the PKCS#12 file `content` encrypted for storage.

    It is opened first, so that a file which the password does not open is never stored (errors
    as in `open_pkcs12`). `installation_key` has 32 bytes; `owner` (an id) is bound to the result.
    """
    open_pkcs12(content, password)
    salt = os.urandom(SALT)
    inner = salt + _encrypt(_password_key(password, salt), content, owner)
    return SEAL + _encrypt(_checked(installation_key), inner, owner)


def open_sealed_key(
    sealed: bytes, password: str, installation_key: bytes, owner: str
) -> SigningKey:
    """Open what `seal_key` returned, for one signing.

    Raises SealBrokenError, WrongPasswordError, KeyNotAllowedError, and KeyOnTokenError for a key
    that lies on a token.
    """
    if sealed.startswith(TOKEN_SEAL):
        raise KeyOnTokenError
    if not sealed.startswith(SEAL):
        raise SealBrokenError
    try:
        inner = _decrypt(_checked(installation_key), sealed[len(SEAL) :], owner)
    except (InvalidTag, ValueError) as error:
        raise SealBrokenError from error
    try:
        content = _decrypt(_password_key(password, inner[:SALT]), inner[SALT:], owner)
    except InvalidTag as error:
        raise WrongPasswordError from error
    return open_pkcs12(content, password)


def _checked(installation_key: bytes) -> bytes:
    if len(installation_key) != INSTALLATION_KEY:
        raise ValueError("the installation key has 32 bytes")
    return installation_key


def _password_key(password: str, salt: bytes) -> bytes:
    return Scrypt(salt=salt, length=32, n=2**15, r=8, p=1).derive(password.encode())


def _encrypt(key: bytes, content: bytes, owner: str) -> bytes:
    nonce = os.urandom(NONCE)
    return nonce + AESGCM(key).encrypt(nonce, content, SEAL + owner.encode())


def _decrypt(key: bytes, content: bytes, owner: str) -> bytes:
    return AESGCM(key).decrypt(content[:NONCE], content[NONCE:], SEAL + owner.encode())
