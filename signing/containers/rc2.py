"""RC2 with keys of 40 bits (RFC 2268): only to read certificates out of old PKCS#12 files.

Programs of before 2018 hid the certificates in it, and the key itself under triple DES. Nothing is
encrypted with it here.
"""

from __future__ import annotations

import struct

BLOCK = 8
MIXINGS = (5, 6, 5)
ROTATIONS = (1, 2, 3, 5)
PI_TABLE = bytes.fromhex(
    "d978f9c419ddb5ed28e9fd794aa0d89dc67e37832b76538e624c6488448bfba2"
    "179a59f587b34f1361456d8d09817d32bd8f40eb86b77b0bf09521225c6b4e82"
    "54d66593ce60b21c7356c014a78cf1dc1275ca1f3bbee4d1423dd430a33cb626"
    "6fbf0eda4669075727f21d9bbc944303f811c7f690ef3ee706c3d52fc8661ed7"
    "08e8eade8052eef784aa72ac354d6a2a961ad2715a1549744b9fd05e0418a4ec"
    "c2e0416e0f51cbcc2491af50a1f47039997c3a8523b8b47afc02365b25559731"
    "2d5dfa98e38a92ae05df2910676cbac9d300e6cfe19ea82c6316013f58e289a9"
    "0d38341bab33ffb0bb480c5fb9b1cd2ec5f3db47e5a59c770aa62068fe7fc1ad"
)


def decrypt_cbc(key: bytes, effective_bits: int, vector: bytes, encrypted: bytes) -> bytes:
    """Return what stands in whole blocks under CBC, its padding included.

    `vector` has 8 bytes. Raises ValueError for anything but whole blocks.
    """
    if len(encrypted) % BLOCK or len(vector) != BLOCK:
        raise ValueError("RC2 in CBC has whole blocks")
    words = _expanded(key, effective_bits)
    blocks = [encrypted[at : at + BLOCK] for at in range(0, len(encrypted), BLOCK)]
    return b"".join(
        bytes(a ^ b for a, b in zip(_block(words, block), before, strict=True))
        for before, block in zip([vector, *blocks], blocks, strict=False)
    )


def _expanded(key: bytes, effective_bits: int) -> tuple[int, ...]:
    """RFC 2268, section 2: 64 words of 16 bits."""
    expanded = bytearray(key.ljust(128, b"\0"))
    length, effective = len(key), (effective_bits + 7) // 8
    for place in range(length, 128):
        expanded[place] = PI_TABLE[(expanded[place - 1] + expanded[place - length]) % 256]
    mask = 255 >> (8 * effective - effective_bits)
    expanded[128 - effective] = PI_TABLE[expanded[128 - effective] & mask]
    for place in range(127 - effective, -1, -1):
        expanded[place] = PI_TABLE[expanded[place + 1] ^ expanded[place + effective]]
    return struct.unpack("<64H", expanded)


def _block(words: tuple[int, ...], block: bytes) -> bytes:
    """RFC 2268, section 4: one block, decrypted."""
    r = list(struct.unpack("<4H", block))
    at = 63
    for round_, mixings in enumerate(MIXINGS):
        if round_:
            for i in (3, 2, 1, 0):
                r[i] = (r[i] - words[r[i - 1] & 63]) & 0xFFFF
        for _ in range(mixings):
            for i in (3, 2, 1, 0):
                turned = (r[i] >> ROTATIONS[i] | r[i] << (16 - ROTATIONS[i])) & 0xFFFF
                mixed = (r[i - 1] & r[i - 2]) + (~r[i - 1] & r[i - 3])
                r[i] = (turned - words[at] - mixed) & 0xFFFF
                at -= 1
    return struct.pack("<4H", *r)
