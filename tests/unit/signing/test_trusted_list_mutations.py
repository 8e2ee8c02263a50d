"""Mutated lists: refused with a code, or read as they were signed; never a crash."""

from __future__ import annotations

import random
from collections.abc import Iterator

import pytest

from signing.accredited.list_check import verify_list
from signing.accredited.trusted_list import TrustedList
from signing.accredited.xmldsig import XmlSignatureError, verify_enveloped
from signing.errors import SigningError
from tests.pki import NOON
from tests.trusted_lists import Entry, Ministry, list_xml
from tests.xml_signer import XmlSigner

FLIPS = 400
CUTS = 100
NOISE = (b"<", b">", b"&", b'"', b"<!--", b"-->", b"]]>", b"<?x?>", b"\0", b"\xff", b" ", b"&#65;")


@pytest.fixture(scope="module")
def ministry() -> Ministry:
    return Ministry.open()


@pytest.fixture(scope="module")
def content(ministry: Ministry) -> bytes:
    entry = Entry((ministry.root.authority("Испытательный центр").der,))
    return XmlSigner(ministry.signer).signed(list_xml([entry]), ministry.authority.der)


def mutated(content: bytes, seed: int) -> Iterator[bytes]:
    """Flipped bits, parts cut out, moved and doubled, and markup put in, anywhere."""
    chance = random.Random(seed)
    for _ in range(FLIPS):
        place = chance.randrange(len(content))
        flipped = content[place] ^ (1 << chance.randrange(8))
        yield content[:place] + bytes([flipped]) + content[place + 1 :]
    for _ in range(CUTS):
        start, end, target = (chance.randrange(len(content)) for _ in range(3))
        start, end = min(start, end), max(start, end)
        yield content[:start] + content[end:]
        yield content[:target] + content[start:end] + content[target:]
        yield content[:target] + chance.choice(NOISE) + content[target:]


def moved_elements(content: bytes) -> Iterator[bytes]:
    """The parts between tags in other orders: one taken out and put in at each other place."""
    parts = content.replace(b"><", b">\0<").split(b"\0")
    chance = random.Random(3)
    for _ in range(150):
        order = list(parts)
        order.insert(chance.randrange(len(order)), order.pop(chance.randrange(len(order))))
        yield b"".join(order)


def test_mutated_lists_are_refused_or_read_as_signed(ministry: Ministry, content: bytes) -> None:
    arguments = (ministry.roots, NOON)
    true = verify_list(content, *arguments, crls=ministry.crls)
    refused = 0
    for change in (*mutated(content, 1), *moved_elements(content)):
        try:
            found = verify_list(change, *arguments, crls=ministry.crls)
        except SigningError:
            refused += 1
        else:
            assert found.authorities == true.authorities
            assert (found.version, found.issued_at) == (true.version, true.issued_at)
    assert refused > FLIPS


def test_what_is_signed_is_the_same_bytes_or_nothing(content: bytes) -> None:
    true = verify_enveloped(content).content
    for change in mutated(content, 2):
        try:
            found = verify_enveloped(change)
        except SigningError:
            continue
        assert found.content == true


def test_every_bit_of_the_signature_value_counts(content: bytes, ministry: Ministry) -> None:
    start = content.index(b"<ds:SignatureValue>") + 19
    for place in range(start, start + 80, 7):
        other = b"A" if content[place : place + 1] != b"A" else b"B"
        with pytest.raises(XmlSignatureError):
            verify_enveloped(content[:place] + other + content[place + 1 :])


def test_mutated_compact_forms_do_not_crash(ministry: Ministry, content: bytes) -> None:
    stored = verify_list(content, ministry.roots, NOON, crls=ministry.crls).to_bytes()
    for change in mutated(stored, 4):
        try:
            TrustedList.from_bytes(change)
        except SigningError:
            continue
