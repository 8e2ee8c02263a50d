"""Which implementation works on this machine: libgcrypt if it passes a self-test, else Python."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Protocol

from signing.gost import algorithm
from signing.gost.curves import TC26_512_C, TEST_256, Curve
from signing.gost.digests import DigestAlgorithm, HashObject
from signing.gost.errors import (
    InvalidSignatureError,
    LibgcryptError,
    LibgcryptUnavailableError,
)
from signing.gost.hash94 import Hash94
from signing.gost.keys import KeyAlgorithm, PrivateKey, PublicKey
from signing.gost.libgcrypt import Libgcrypt
from signing.gost.streebog import Streebog


class Backend(Protocol):
    """The operations that are done in two ways; `algorithm` says what they mean."""

    @property
    def name(self) -> str: ...

    def new_hash(self, algorithm: DigestAlgorithm) -> HashObject: ...

    def verify(self, key: PublicKey, digest: bytes, signature: bytes) -> None: ...

    def sign(self, key: PrivateKey, digest: bytes) -> bytes: ...


class PlainPython:
    """The operations in plain Python: slower, always there."""

    name = "plain Python"

    def new_hash(self, algorithm: DigestAlgorithm) -> HashObject:
        if algorithm is DigestAlgorithm.GOST_94:
            return Hash94()
        return Streebog(algorithm.size)

    def verify(self, key: PublicKey, digest: bytes, signature: bytes) -> None:
        algorithm.verify(key, digest, signature)

    def sign(self, key: PrivateKey, digest: bytes) -> bytes:
        return algorithm.sign(key, digest)


@dataclass(frozen=True)
class Choice:
    """What is used here; `reason` says why not the fast way, and is empty when it is used."""

    backend: Backend
    reason: str = ""


def choose(load: Callable[[], Backend] = Libgcrypt) -> Choice:
    """Take what `load` gives if it passes `self_test`, else plain Python, and say why."""
    try:
        fast = load()
        self_test(fast)
    except (LibgcryptUnavailableError, LibgcryptError) as error:
        return Choice(PlainPython(), str(error))
    return Choice(fast)


@cache
def choice() -> Choice:
    """Return what is used here, chosen once for the process."""
    return choose()


def backend() -> Backend:
    """Return the fastest way of this machine that passes its self-test."""
    return choice().backend


def digest(kind: DigestAlgorithm, content: bytes) -> bytes:
    """Return the digest of `content`."""
    hasher = backend().new_hash(kind)
    hasher.update(content)
    return hasher.digest()


# The curve of RFC 7091, section 7.1, and one with a cofactor and a long key.
_SELF_TESTS = (
    (KeyAlgorithm.GOST_2012_256, TEST_256),
    (KeyAlgorithm.GOST_2012_512, TC26_512_C),
)
# RFC 6986, section 10.1: M1 and its digests; the one of 1994 is by OpenSSL's engine.
_MESSAGE = b"012345678901234567890123456789012345678901234567890123456789012"
_DIGESTS = {
    DigestAlgorithm.STREEBOG_256: (
        "9d151eefd8590b89daa6ba6cb74af9275dd051026bb149a452fd84e5e57b5500"
    ),
    DigestAlgorithm.STREEBOG_512: (
        "1b54d01a4af5b9d5cc3d86d68d285462b19abc2475222f35c085122be4ba1ffa"
        "00ad30f8767b3a82384c6574f024c311e2a481332b08ef7f41797891c1646f48"
    ),
    DigestAlgorithm.GOST_94: "ed4693785c993d3396f5ec0ea21df299024f970a43729c7fa326dafc7d95a25b",
}


def self_test(candidate: Backend) -> None:
    """Raise LibgcryptUnavailableError unless `candidate` agrees with plain Python.

    Known digests, a signature made there and verified here, one made here and verified there, and
    a changed one refused.
    """
    for kind, expected in _DIGESTS.items():
        hasher = candidate.new_hash(kind)
        hasher.update(_MESSAGE[:10])
        hasher.update(_MESSAGE[10:])
        if hasher.digest().hex() != expected:
            raise LibgcryptUnavailableError(f"{candidate.name} fails the self-test of {kind.name}")
    for key_algorithm, curve in _SELF_TESTS:
        if not _signatures_agree(candidate, key_algorithm, curve):
            raise LibgcryptUnavailableError(f"{candidate.name} fails the self-test of signatures")


def _signatures_agree(candidate: Backend, key_algorithm: KeyAlgorithm, curve: Curve) -> bool:
    key = PrivateKey(key_algorithm, curve, curve.q // 3)
    public_key = key.public_key()
    message_digest = bytes(range(1, curve.size + 1))
    try:
        algorithm.verify(public_key, message_digest, candidate.sign(key, message_digest))
        signature = algorithm.sign(key, message_digest)
        candidate.verify(public_key, message_digest, signature)
    except InvalidSignatureError:
        return False
    try:
        candidate.verify(public_key, message_digest[::-1], signature)
    except InvalidSignatureError:
        return True
    return False
