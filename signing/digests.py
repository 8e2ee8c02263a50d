"""Digests by name: the one place where a name becomes a hash function.

Names are those of asn1crypto, which are hashlib's, and three of Russia: "streebog256",
"streebog512" (GOST R 34.11-2012) and "gost94" (GOST R 34.11-94, in old files only).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

from signing.gost.asn1 import DIGEST_NAMES
from signing.gost.backend import backend
from signing.gost.digests import HashObject

GOST_DIGESTS = {name: kind for kind, name in DIGEST_NAMES.items()}
DIGESTS = frozenset({"md5", "sha1", "sha224", "sha256", "sha384", "sha512", *GOST_DIGESTS})
"""What can be computed here; which of them count says `signing.policy`."""


def new_digest(name: str) -> HashObject:
    """Return an empty hash object; raises ValueError for a name that is not in DIGESTS."""
    if name not in DIGESTS:
        raise ValueError(f"the digest {name} is not known")
    if name in GOST_DIGESTS:
        return backend().new_hash(GOST_DIGESTS[name])
    return hashlib.new(name)


def digest(name: str, content: bytes) -> bytes:
    """Return the digest of `content`; raises ValueError for a name that is not in DIGESTS."""
    return digest_of_parts(name, (content,))


def digest_of_parts(name: str, parts: Iterable[bytes | memoryview]) -> bytes:
    """Return the digest of the parts one after another; raises ValueError as above."""
    counted = new_digest(name)
    for part in parts:
        for start in range(0, len(part), _CHUNK):
            counted.update(bytes(part[start : start + _CHUNK]))
    return counted.digest()


_CHUNK = 1 << 20
"""Bytes that are copied at once: libgcrypt reads no memoryview."""
