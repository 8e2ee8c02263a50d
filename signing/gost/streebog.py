"""Streebog: GOST R 34.11-2012 with 256 and 512 bits, in plain Python (RFC 6986).

A block of 512 bits is one Python integer, the RFC's vector read as a number; bytes come and go
little-endian, so a digest's first byte is the lowest.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import reduce
from operator import xor
from struct import Struct

from signing.gost.streebog_constants import MATRIX, ROUND_CONSTANTS, SUBSTITUTION

BLOCK = 64
_MODULUS = 1 << 512
_WORDS = Struct("<8Q").pack


def _table(position: int) -> list[int]:
    """What byte `position` (0 is the lowest) of a 64-bit word adds to it by S and L."""
    rows = MATRIX[56 - 8 * position : 64 - 8 * position][::-1]
    return [_sum(row for bit, row in enumerate(rows) if image >> bit & 1) for image in SUBSTITUTION]


def _sum(rows: Iterator[int]) -> int:
    return reduce(xor, rows, 0)


_TABLES = tuple(_table(position) for position in range(8))


def _lps(block: int) -> int:
    """The transformations S, P and L in one (RFC 6986, sections 6.2 to 6.4).

    P makes byte i of the new word j out of byte j of the old word i. Written out, because a loop
    takes half as long again.
    """
    t0, t1, t2, t3, t4, t5, t6, t7 = _TABLES
    # fmt: off
    (
        a00, a01, a02, a03, a04, a05, a06, a07,
        a08, a09, a10, a11, a12, a13, a14, a15,
        a16, a17, a18, a19, a20, a21, a22, a23,
        a24, a25, a26, a27, a28, a29, a30, a31,
        a32, a33, a34, a35, a36, a37, a38, a39,
        a40, a41, a42, a43, a44, a45, a46, a47,
        a48, a49, a50, a51, a52, a53, a54, a55,
        a56, a57, a58, a59, a60, a61, a62, a63,
    ) = block.to_bytes(BLOCK, "little")
    words = _WORDS(
        t0[a00] ^ t1[a08] ^ t2[a16] ^ t3[a24] ^ t4[a32] ^ t5[a40] ^ t6[a48] ^ t7[a56],
        t0[a01] ^ t1[a09] ^ t2[a17] ^ t3[a25] ^ t4[a33] ^ t5[a41] ^ t6[a49] ^ t7[a57],
        t0[a02] ^ t1[a10] ^ t2[a18] ^ t3[a26] ^ t4[a34] ^ t5[a42] ^ t6[a50] ^ t7[a58],
        t0[a03] ^ t1[a11] ^ t2[a19] ^ t3[a27] ^ t4[a35] ^ t5[a43] ^ t6[a51] ^ t7[a59],
        t0[a04] ^ t1[a12] ^ t2[a20] ^ t3[a28] ^ t4[a36] ^ t5[a44] ^ t6[a52] ^ t7[a60],
        t0[a05] ^ t1[a13] ^ t2[a21] ^ t3[a29] ^ t4[a37] ^ t5[a45] ^ t6[a53] ^ t7[a61],
        t0[a06] ^ t1[a14] ^ t2[a22] ^ t3[a30] ^ t4[a38] ^ t5[a46] ^ t6[a54] ^ t7[a62],
        t0[a07] ^ t1[a15] ^ t2[a23] ^ t3[a31] ^ t4[a39] ^ t5[a47] ^ t6[a55] ^ t7[a63],
    )
    # fmt: on
    return int.from_bytes(words, "little")


def _compress(state: int, counter: int, message: int) -> int:
    """The compression function g_N(h, m) with the cipher E in it (RFC 6986, section 8)."""
    key = _lps(state ^ counter)
    block = message
    for constant in ROUND_CONSTANTS:
        block = _lps(block ^ key)
        key = _lps(key ^ constant)
    return block ^ key ^ state ^ message


class Streebog:
    """A hash object in the manner of hashlib; `digest_size` is 32 or 64 bytes."""

    block_size = BLOCK

    def __init__(self, digest_size: int, content: bytes = b"") -> None:
        if digest_size not in (32, 64):
            raise ValueError(f"Streebog gives 32 or 64 bytes, not {digest_size}")
        self.digest_size = digest_size
        self._state = 0 if digest_size == 64 else int.from_bytes(b"\x01" * BLOCK, "little")
        self._bits = 0
        self._sum = 0
        self._rest = b""
        self.update(content)

    @property
    def name(self) -> str:
        return f"streebog{8 * self.digest_size}"

    def update(self, content: bytes | bytearray | memoryview) -> None:
        """Take more of the message; cut anywhere, the digest is the same."""
        whole = memoryview(self._rest + bytes(content)) if self._rest else memoryview(content)
        whole = whole.cast("B")
        full = len(whole) - len(whole) % BLOCK
        for start in range(0, full, BLOCK):
            self._absorb(int.from_bytes(whole[start : start + BLOCK], "little"), BLOCK)
        self._rest = bytes(whole[full:])

    def digest(self) -> bytes:
        """Return the digest of what has been taken so far; more may follow (section 9)."""
        last = self.copy()
        # Stage 3: pad with a one and zeros, then the length and the sum of all blocks.
        last._absorb(int.from_bytes(self._rest + b"\x01", "little"), len(self._rest))
        state = _compress(last._state, 0, last._bits)
        state = _compress(state, 0, last._sum)
        return state.to_bytes(BLOCK, "little")[BLOCK - self.digest_size :]

    def hexdigest(self) -> str:
        return self.digest().hex()

    def copy(self) -> Streebog:
        """Return an independent object that has taken the same message so far."""
        twin = Streebog(self.digest_size)
        twin._state, twin._bits, twin._sum = self._state, self._bits, self._sum
        twin._rest = self._rest
        return twin

    def _absorb(self, block: int, octets: int) -> None:
        self._state = _compress(self._state, self._bits, block)
        self._bits = (self._bits + 8 * octets) % _MODULUS
        self._sum = (self._sum + block) % _MODULUS
