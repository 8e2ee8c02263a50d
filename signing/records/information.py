"""What travels inside an evidence record beside its timestamps (`cryptoInfos`, RFC 4998, 3.1).

No timestamp of the record protects it, so it speaks through signatures of its own alone, as lists
and certificates do, or through a digest that the record's hash tree covers.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from asn1crypto import core, parser

from signing.asn1 import members_of
from signing.errors import MALFORMED
from signing.records.evidence_records import EvidenceRecord

STORED_EVIDENCE = "2.25.250826701367973039173620159055321057243"
"""Our attribute: evidence as it is stored (`signing.evidence`), each in an OCTET STRING. The
number is a UUID (ITU-T X.667)."""

MAX_PIECES = 64
OCTET_STRING, SEQUENCE, SET = 4, 16, 17


def with_evidence(record: EvidenceRecord, evidence: Iterable[bytes]) -> EvidenceRecord:
    """Return the record with this evidence inside, instead of what it carried before."""
    pieces = list(dict.fromkeys(evidence))
    if not pieces:
        return replace(record, crypto_infos=b"")
    octets = b"".join(bytes(parser.emit(0, 0, OCTET_STRING, piece)) for piece in pieces)
    named = bytes(core.ObjectIdentifier(STORED_EVIDENCE).dump())
    attribute = parser.emit(0, 1, SEQUENCE, named + bytes(parser.emit(0, 1, SET, octets)))
    return replace(record, crypto_infos=bytes(parser.emit(2, 1, 0, attribute)))


def evidence_in(record: EvidenceRecord) -> tuple[bytes, ...]:
    """Return the evidence inside a record; what is not understood is of no use and left out."""
    if not record.crypto_infos:
        return ()
    try:
        attributes = members_of(parser.parse(record.crypto_infos)[4], MAX_PIECES)
        return tuple(piece for each in attributes for piece in _pieces(each))
    except MALFORMED:
        return ()


def _pieces(attribute: bytes) -> list[bytes]:
    members = members_of(parser.parse(attribute)[4], 2)
    if len(members) != 2 or core.ObjectIdentifier.load(members[0]).dotted != STORED_EVIDENCE:
        return []
    values = members_of(parser.parse(members[1])[4], MAX_PIECES)
    parsed = [parser.parse(each) for each in values[:MAX_PIECES]]
    return [bytes(each[4]) for each in parsed if (each[0], each[2]) == (0, OCTET_STRING)]
