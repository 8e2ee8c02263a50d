"""Evidence records as bytes: foreign, malformed, huge and damaged ones."""

from __future__ import annotations

from dataclasses import replace
from random import Random

import pytest
from asn1crypto import cms, core, parser
from hypothesis import given, settings
from hypothesis import strategies as st

from signing.digests import digest
from signing.errors import SigningError, TooLargeError
from signing.records.check import (
    OtherFileError,
    verify_record,
)
from signing.records.evidence_records import (
    MAX_RECORD,
    MAX_TIMESTAMPS,
    Chain,
    EvidenceRecord,
    RecordEncryptedError,
    RecordUnreadableError,
    new_record,
    read_record,
)
from tests.pki import NOON, YEAR
from tests.unit.signing.record_authority import (
    FILE,
    RecordAuthority,
    chains_of,
    digests_of,
    first_record,
    proven,
    rehashed,
    renewed,
    tonight,
)

FEW = settings(max_examples=40, deadline=None)


@pytest.fixture
def authority() -> RecordAuthority:
    return RecordAuthority()


def sequence(*parts: bytes) -> bytes:
    return bytes(parser.emit(0, 1, 16, b"".join(parts)))


def record_of(*chains: bytes, version: int = 1, more: bytes = b"") -> bytes:
    """A record put together by hand."""
    sha256 = bytes.fromhex("300d06096086480165030402010500")
    return sequence(core.Integer(version).dump(), sequence(sha256), more, sequence(*chains))


def test_a_token_with_the_digest_left_out_beside_it_is_read(authority: RecordAuthority) -> None:
    """RFC 4998, 4.1: without digestAlgorithm it is that of the timestamp."""
    token = authority.stamp("sha256", digest("sha256", FILE), NOON)
    stamp = replace(first_record(authority).last, der=sequence(token))
    record = chains_of(first_record(authority), Chain.of(stamp))
    assert proven(record, authority).digest == "sha256"


def test_a_digest_beside_the_token_that_contradicts_it_is_refused(
    authority: RecordAuthority,
) -> None:
    token = authority.stamp("streebog256", digest("sha256", FILE), NOON)
    named = parser.emit(2, 1, 0, bytes.fromhex("0609608648016503040201"))
    stamp = replace(first_record(authority).last, der=sequence(named, token))
    with pytest.raises(OtherFileError):
        proven(chains_of(first_record(authority), Chain.of(stamp)), authority)


def test_structures_that_are_no_records_are_refused(authority: RecordAuthority) -> None:
    record = first_record(authority)
    good, token = record.chains[0].der, record.last.token
    many = sequence(*[sequence(token)] * (MAX_TIMESTAMPS + 1))
    empty_tree = sequence(parser.emit(2, 1, 2, b""), token)
    deep_tree = sequence(parser.emit(2, 1, 2, sequence() * 65), token)
    wide_tree = sequence(parser.emit(2, 1, 2, sequence(b"\x04\x00" * 1025)), token)
    not_signed = cms.ContentInfo({"content_type": "data", "content": b"1"}).dump()
    unsigned = sequence(sequence(not_signed))
    for content in (
        b"",
        b"\x30\x80\x00\x00",
        FILE,
        record.to_bytes() + b"\x00",
        record.to_bytes()[:-1],
        record_of(),
        record_of(sequence()),
        record_of(good, sequence()),
        record_of(good, version=2),
        record_of(many),
        record_of(*[sequence(sequence(token))] * (MAX_TIMESTAMPS + 1)),
        record_of(sequence(empty_tree)),
        record_of(sequence(deep_tree)),
        record_of(sequence(wide_tree)),
        record_of(unsigned),
    ):
        with pytest.raises(RecordUnreadableError):
            read_record(content)
    assert read_record(record_of(good)).chains == record.chains


def test_a_record_over_an_encrypted_file_is_refused(authority: RecordAuthority) -> None:
    info = parser.emit(2, 1, 1, core.ObjectIdentifier("1.2.3").dump() + core.Null().dump())
    with pytest.raises(RecordEncryptedError):
        read_record(record_of(first_record(authority).chains[0].der, more=info))


def test_further_evidence_in_a_record_is_kept(authority: RecordAuthority) -> None:
    attribute = cms.CMSAttribute({"type": "1.2.3", "values": [core.Null()]}).dump()
    info = parser.emit(2, 1, 0, attribute)
    content = record_of(first_record(authority).chains[0].der, more=info)
    record = renewed(read_record(content), authority, NOON + YEAR)
    assert info in record.to_bytes()
    assert proven(record, authority, NOON + 2 * YEAR).timestamps == 2


def test_a_record_that_is_too_large_is_not_read() -> None:
    with pytest.raises(TooLargeError):
        read_record(bytes(MAX_RECORD + 1))


@pytest.mark.parametrize("part", ["token", "timestamp", "chain", "record"])
def test_a_length_that_ends_in_80_is_kept(authority: RecordAuthority, part: str) -> None:
    """asn1crypto encodes such structures anew (`signing.asn1`), which would break the digests."""
    record = awkward_record(authority, part)
    assert parts_of(record)[part][:4].hex().endswith("80")
    again = rehashed(renewed(record, authority, NOON + YEAR), authority, NOON + 2 * YEAR)
    assert proven(again, authority, NOON + 3 * YEAR).timestamps == 3
    assert read_record(again.to_bytes()).to_bytes() == again.to_bytes()


def awkward_record(authority: RecordAuthority, part: str) -> EvidenceRecord:
    """A record in which the length of this part ends in 80; signatures vary by a byte or two."""
    tree = tonight()
    padding = 300
    for _ in range(200):
        token = authority.stamp("sha256", tree.root, NOON, padding)
        record = new_record(tree, digest("sha256", FILE), token)
        missing = (0x80 - parts_of(record)[part][3] + 128) % 256 - 128
        if missing == 0:
            break
        padding += missing
    return record


def parts_of(record: EvidenceRecord) -> dict[str, bytes]:
    return {
        "token": record.last.token,
        "timestamp": record.last.der,
        "chain": record.chains[0].der,
        "record": record.to_bytes(),
    }


def test_damaged_records_never_prove_anything_else(authority: RecordAuthority) -> None:
    record = rehashed(
        renewed(first_record(authority), authority, NOON + YEAR), authority, NOON + 2 * YEAR
    )
    whole = record.to_bytes()
    expected = proven(record, authority, NOON + 3 * YEAR)
    dice = Random(20261121)
    refused = 0
    for _ in range(500):
        damaged = bytearray(whole)
        position = dice.randrange(len(whole))
        match dice.randrange(4):
            case 0 | 1:
                damaged[position] ^= 1 << dice.randrange(8)
            case 2:
                del damaged[position : position + dice.randrange(1, 60)]
            case _:
                damaged[position:position] = damaged[position : position + dice.randrange(1, 60)]
        try:
            found = verify_record(
                read_record(bytes(damaged)), digests_of(FILE), authority, NOON + 3 * YEAR
            )
        except SigningError:
            refused += 1
        else:
            assert found == expected
    assert refused > 400


@FEW
@given(st.binary(max_size=300))
def test_random_bytes_are_refused(content: bytes) -> None:
    with pytest.raises(RecordUnreadableError):
        read_record(content)
