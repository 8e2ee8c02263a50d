"""GOST R 34.10-2012 in plain Python (RFC 7091), which for 256 bits is GOST R 34.10-2001 (RFC 5832).

The two differ in the hash function alone. Verifying takes public numbers; signing here does not
hide the private key from who can measure times on the same machine.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable

from signing.gost.curves import Curve
from signing.gost.errors import InvalidDigestError, InvalidSignatureError
from signing.gost.keys import PrivateKey, PublicKey
from signing.gost.points import multiply_base, multiply_both


def random_nonce(q: int) -> int:
    """Return k with 0 < k < q, different and unpredictable each time."""
    return 1 + secrets.randbelow(q - 1)


def verify(key: PublicKey, digest: bytes, signature: bytes) -> None:
    """Raise InvalidSignatureError unless `signature` is s‖r for `digest` (section 6.2).

    `digest` is as the hash function gives it; raises InvalidDigestError for a wrong length.
    """
    curve = key.curve
    r, s = split_signature(curve, signature)
    v = pow(digest_number(curve, digest), -1, curve.q)
    point = multiply_both(curve, s * v % curve.q, -r * v % curve.q, (key.x, key.y))
    if point is None or point[0] % curve.q != r:
        raise InvalidSignatureError("the signature value does not belong to the digest and key")


def sign(key: PrivateKey, digest: bytes, nonce: Callable[[int], int] = random_nonce) -> bytes:
    """Return s‖r for `digest` (section 6.1); `nonce` gives 0 < k < q and is set by tests alone.

    Raises InvalidDigestError for a wrong length.
    """
    curve = key.curve
    e = digest_number(curve, digest)
    while True:
        k = nonce(curve.q)
        point = multiply_base(curve, k)
        r = 0 if point is None else point[0] % curve.q
        s = (r * key.d + k * e) % curve.q
        if r and s:
            return join_signature(curve, r, s)


def digest_number(curve: Curve, digest: bytes) -> int:
    """Return e, the little-endian digest modulo q, 1 in place of 0 (section 6.1, step 2)."""
    if len(digest) != curve.size:
        raise InvalidDigestError(f"{curve.name} signs {curve.size} bytes, not {len(digest)}")
    return int.from_bytes(digest, "little") % curve.q or 1


def join_signature(curve: Curve, r: int, s: int) -> bytes:
    """Return s‖r, each big-endian in full length (RFC 9215, section 2)."""
    return s.to_bytes(curve.size, "big") + r.to_bytes(curve.size, "big")


def split_signature(curve: Curve, signature: bytes) -> tuple[int, int]:
    """Return (r, s) out of s‖r; raise InvalidSignatureError unless both are in range."""
    if len(signature) != 2 * curve.size:
        raise InvalidSignatureError(f"a signature of {curve.name} has {2 * curve.size} bytes")
    s = int.from_bytes(signature[: curve.size], "big")
    r = int.from_bytes(signature[curve.size :], "big")
    if not (0 < r < curve.q and 0 < s < curve.q):
        raise InvalidSignatureError("r or s is out of range")
    return r, s
