"""Keys out of passwords: PBKDF2, the older way of PKCS#12, and the one of GOST containers."""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass
from typing import Protocol

from signing.digests import new_digest
from signing.gost.digests import HashObject

ENCRYPTION, INITIAL_VECTOR, CHECKSUM = 1, 2, 3
"""What a key is for, as RFC 7292, B.3, numbers it."""

GOST_CHECKSUM_KEY = 96
"""RFC 9548, section 3: so many bytes are derived, and the last 32 of them are the key."""


class Derives(Protocol):
    """PBKDF2 with one digest, and an HMAC with it."""

    def pbkdf2(self, password: bytes, salt: bytes, rounds: int, length: int) -> bytes: ...

    def hmac(self, key: bytes, message: bytes) -> bytes: ...


@dataclass(frozen=True)
class BySha:
    """With a digest of hashlib."""

    digest: str

    def pbkdf2(self, password: bytes, salt: bytes, rounds: int, length: int) -> bytes:
        return hashlib.pbkdf2_hmac(self.digest, password, salt, rounds, length)

    def hmac(self, key: bytes, message: bytes) -> bytes:
        return hmac.digest(key, message, self.digest)


@dataclass(frozen=True)
class ByStreebog:
    """With GOST R 34.11-2012 (RFC 9337, section 4); `digest` is "streebog256" or "streebog512"."""

    digest: str

    def pbkdf2(self, password: bytes, salt: bytes, rounds: int, length: int) -> bytes:
        """RFC 8018, section 5.2; both pads are hashed once for all rounds."""
        inner, outer = self._pads(password)
        size = inner.digest_size
        derived = b""
        for number in range(1, -(-length // size) + 1):
            value = _finished(inner, outer, salt + number.to_bytes(4, "big"))
            mixed = int.from_bytes(value, "big")
            for _ in range(rounds - 1):
                value = _finished(inner, outer, value)
                mixed ^= int.from_bytes(value, "big")
            derived += mixed.to_bytes(size, "big")
        return derived[:length]

    def hmac(self, key: bytes, message: bytes) -> bytes:
        """RFC 7836, section 4.1: HMAC of RFC 2104 with blocks of 64 bytes."""
        return _finished(*self._pads(key), message)

    def _pads(self, key: bytes) -> tuple[HashObject, HashObject]:
        if len(key) > BLOCK:
            hashed = new_digest(self.digest)
            hashed.update(key)
            key = hashed.digest()
        padded = key.ljust(BLOCK, b"\0")
        inner, outer = new_digest(self.digest), new_digest(self.digest)
        inner.update(bytes(byte ^ 0x36 for byte in padded))
        outer.update(bytes(byte ^ 0x5C for byte in padded))
        return inner, outer


BLOCK = 64


def _finished(inner: HashObject, outer: HashObject, message: bytes) -> bytes:
    within, around = inner.copy(), outer.copy()
    within.update(message)
    around.update(within.digest())
    return around.digest()


def pkcs12_key(
    digest: str, password: str, salt: bytes, rounds: int, purpose: int, length: int
) -> bytes:
    """Return `length` bytes derived in the way of RFC 7292, appendix B.2.

    `digest` is one of hashlib, `purpose` ENCRYPTION, INITIAL_VECTOR or CHECKSUM.
    """
    hashed = getattr(hashlib, digest)
    block = hashed().block_size
    secret = password.encode("utf-16-be") + b"\0\0"
    mixed = bytearray(_filled(salt, block) + _filled(secret, block))
    diversifier = bytes([purpose]) * block
    derived = b""
    while len(derived) < length:
        value = diversifier + mixed
        for _ in range(rounds):
            value = hashed(value).digest()
        derived += bytes(value)
        added = int.from_bytes(_filled(bytes(value), block)[:block], "big") + 1
        for start in range(0, len(mixed), block):
            number = int.from_bytes(mixed[start : start + block], "big") + added
            mixed[start : start + block] = (number % (1 << 8 * block)).to_bytes(block, "big")
    return derived[:length]


def _filled(content: bytes, block: int) -> bytes:
    """Repeat `content` up to whole blocks; nothing stays nothing."""
    if not content:
        return b""
    length = block * -(-len(content) // block)
    return (content * -(-length // len(content)))[:length]
