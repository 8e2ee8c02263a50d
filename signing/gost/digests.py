"""Which digests there are, and what a hash object does."""

from __future__ import annotations

from enum import Enum
from typing import Protocol


class DigestAlgorithm(Enum):
    """The value is the object identifier (RFC 9215, section 3; RFC 4490, section 2)."""

    STREEBOG_256 = "1.2.643.7.1.1.2.2"
    STREEBOG_512 = "1.2.643.7.1.1.2.3"
    GOST_94 = "1.2.643.2.2.9"

    @property
    def size(self) -> int:
        """The length of the digest in bytes."""
        return 64 if self is DigestAlgorithm.STREEBOG_512 else 32


class HashObject(Protocol):
    """What hashlib's objects do, as far as it is needed here."""

    @property
    def digest_size(self) -> int: ...

    def update(self, content: bytes, /) -> None: ...

    def digest(self) -> bytes: ...

    def copy(self) -> HashObject: ...
