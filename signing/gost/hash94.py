"""GOST R 34.11-94 with the CryptoPro S-boxes, for verifying old files (RFC 5831, RFC 4357).

Numbers are little-endian, as in the signatures of that time; a digest's first byte is the lowest.
"""

from __future__ import annotations

from itertools import chain
from struct import Struct

BLOCK = 32
_MODULUS = 1 << 256
_MASK32 = 0xFFFFFFFF
_KEY_WORDS = Struct("<8I").unpack
_QUARTERS = Struct("<4Q")
_SHORTS = Struct("<16H")

# id-GostR3411-94-CryptoProParamSet (RFC 4357, section 11.2): row n serves the n-th half-byte,
# the lowest first.
_S_BOXES = (
    "a4568137dce092bf",
    "5f402db91763cea8",
    "7fce94103b526a8d",
    "4a7c0f28e165db93",
    "764b9c2a180efd35",
    "7624d9f0a15b8ec3",
    "de41705a3c8f629b",
    "13a95b4f867ed02c",
)
# Section 5.1: the only one of the three constants C_i that is not zero.
_C3 = 0xFF00FFFF000000FFFF0000FF00FFFF0000FF00FF00FF00FFFF00FF00FF00FF00


def _round_table(position: int) -> list[int]:
    """What byte `position` of a half-block becomes by two S-boxes and the rotation by 11."""
    low, high = ([int(digit, 16) for digit in _S_BOXES[2 * position + which]] for which in range(2))
    return [
        _rotated_by_11((high[value >> 4] << 4 | low[value & 15]) << 8 * position)
        for value in range(256)
    ]


def _rotated_by_11(word: int) -> int:
    return (word << 11 | word >> 21) & _MASK32


_ROUND_TABLES = tuple(_round_table(position) for position in range(4))


def _encrypt(key: int, block: int) -> int:
    """Encrypt 64 bits by GOST 28147-89 in simple substitution (RFC 5830, section 5)."""
    t0, t1, t2, t3 = _ROUND_TABLES
    words = _KEY_WORDS(key.to_bytes(BLOCK, "little"))
    low, high = block & _MASK32, block >> 32
    for word in chain(words, words, words, reversed(words)):
        x = (low + word) & _MASK32
        x = t0[x & 255] ^ t1[x >> 8 & 255] ^ t2[x >> 16 & 255] ^ t3[x >> 24]
        low, high = high ^ x, low
    return low << 32 | high


def _a(y: int) -> int:
    """The transformation A of section 5.1: y4 y3 y2 y1 becomes (y1 ^ y2) y4 y3 y2."""
    y1, y2, y3, y4 = _QUARTERS.unpack(y.to_bytes(BLOCK, "little"))
    return int.from_bytes(_QUARTERS.pack(y2, y3, y4, y1 ^ y2), "little")


def _p(w: int) -> int:
    """The permutation P of the 32 bytes (section 5.1)."""
    w_bytes = w.to_bytes(BLOCK, "little")
    return int.from_bytes(b"".join(w_bytes[k::8] for k in range(8)), "little")


def _keys(state: int, message: int) -> tuple[int, int, int, int]:
    """The four keys of one step (section 5.1)."""
    u, v = state, message
    keys = [_p(u ^ v)]
    for constant in (0, _C3, 0):
        u, v = _a(u) ^ constant, _a(_a(v))
        keys.append(_p(u ^ v))
    return keys[0], keys[1], keys[2], keys[3]


def _mixed(value: int, times: int) -> int:
    """The transformation psi, applied so many times (section 5.3)."""
    words = list(_SHORTS.unpack(value.to_bytes(BLOCK, "little")))
    for n in range(times):
        words.append(
            words[n] ^ words[n + 1] ^ words[n + 2] ^ words[n + 3] ^ words[n + 12] ^ words[n + 15]
        )
    return int.from_bytes(_SHORTS.pack(*words[times:]), "little")


def _step(state: int, message: int) -> int:
    """The step hash function (section 5)."""
    parts = _QUARTERS.unpack(state.to_bytes(BLOCK, "little"))
    encrypted = map(_encrypt, _keys(state, message), parts)
    s = int.from_bytes(_QUARTERS.pack(*encrypted), "little")
    return _mixed(state ^ _mixed(message ^ _mixed(s, 12), 1), 61)


class Hash94:
    """A hash object in the manner of hashlib."""

    name = "gost94"
    block_size = BLOCK
    digest_size = 32

    def __init__(self, content: bytes = b"") -> None:
        self._state = 0
        self._bits = 0
        self._sum = 0
        self._rest = b""
        self.update(content)

    def update(self, content: bytes | bytearray | memoryview) -> None:
        """Take more of the message; cut anywhere, the digest is the same."""
        whole = self._rest + bytes(content)
        full = len(whole) - len(whole) % BLOCK
        for start in range(0, full, BLOCK):
            self._absorb(whole[start : start + BLOCK])
        self._rest = whole[full:]

    def digest(self) -> bytes:
        """Return the digest of what has been taken so far; more may follow (section 6)."""
        last = self.copy()
        if last._rest:
            last._absorb(last._rest)
        return _step(_step(last._state, last._bits), last._sum).to_bytes(BLOCK, "little")

    def hexdigest(self) -> str:
        return self.digest().hex()

    def copy(self) -> Hash94:
        """Return an independent object that has taken the same message so far."""
        twin = Hash94()
        twin._state, twin._bits, twin._sum = self._state, self._bits, self._sum
        twin._rest = self._rest
        return twin

    def _absorb(self, part: bytes) -> None:
        block = int.from_bytes(part, "little")
        self._state = _step(self._state, block)
        self._bits = (self._bits + 8 * len(part)) % _MODULUS
        self._sum = (self._sum + block) % _MODULUS
