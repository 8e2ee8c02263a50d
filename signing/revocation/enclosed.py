"""Revocation lists and answers that came inside a signature.

They come from a stranger, like the certificates beside them: they are trusted for nothing and
speak through the signatures of their issuers alone. What cannot be read is left out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, TypeVar  # asn1crypto publishes no types

from asn1crypto import core, parser

from signing.asn1 import members_of
from signing.errors import MALFORMED, SigningError
from signing.revocation.crls import RevocationList, load_crl
from signing.revocation.ocsp import OcspAnswer, load_answer

REVOCATION_VALUES = "1.2.840.113549.1.9.16.2.24"
"""revocation-values, an unsigned attribute (EN 319 122-1, 5.4.2)."""

REVOCATION_ARCHIVAL = "1.2.840.113583.1.1.8"
"""adbe-revocationInfoArchival, a signed attribute (ISO 32000-2, 12.8.3.3.2)."""

OCSP_RESPONSE = bytes.fromhex("06082b06010505071002")
"""id-ri-ocsp-response (DER): an answer among the lists of a SignedData (RFC 5940, 2.1)."""

OCSP_BASIC = bytes.fromhex("06092b0601050507300101")
SUCCESSFUL = bytes.fromhex("0a0100")
SEQUENCE, OCTET_STRING = 16, 4
SEQUENCE_OF = b"\x30"
CONTEXT = 2
LISTS, ANSWERS = 0, 1
MAX_ITEMS = 32
"""Lists or answers that are looked at; of each kind, in each place."""

UNREADABLE: tuple[type[Exception], ...] = (SigningError, *MALFORMED)
ItemT = TypeVar("ItemT", RevocationList, OcspAnswer)


@dataclass(frozen=True)
class Enclosed:
    """What came along. `understood` says whether all of it could be read."""

    crls: tuple[RevocationList, ...] = field(default=(), repr=False)
    ocsp: tuple[OcspAnswer, ...] = field(default=(), repr=False)
    understood: bool = True


def read_enclosed(
    signed_data: Any, archived: Iterable[bytes] = (), values: Iterable[bytes] = ()
) -> Enclosed:
    """Return what a SignedData and two attributes of a signer hold; raises nothing.

    `archived` are values of REVOCATION_ARCHIVAL, `values` of REVOCATION_VALUES. The first encloses
    whole answers, the second only what is signed in them.
    """
    reading = _Reading()
    reading.choices(signed_data)
    for value in archived:
        reading.attribute(value, load_answer)
    for value in values:
        reading.attribute(value, lambda basic: load_answer(whole_answer(basic)))
    return Enclosed(tuple(reading.crls), tuple(reading.ocsp), reading.understood)


def whole_answer(basic: bytes) -> bytes:
    """Return the OCSPResponse around the DER of a BasicOCSPResponse (RFC 6960, 4.2.1)."""
    inside = OCSP_BASIC + parser.emit(0, 0, OCTET_STRING, basic)
    explicit = parser.emit(CONTEXT, 1, 0, parser.emit(0, 1, SEQUENCE, inside))
    return bytes(parser.emit(0, 1, SEQUENCE, SUCCESSFUL + explicit))


class _Reading:
    """Collects what can be read, and remembers whether anything could not."""

    def __init__(self) -> None:
        self.crls: list[RevocationList] = []
        self.ocsp: list[OcspAnswer] = []
        self.understood = True

    def choices(self, signed_data: Any) -> None:
        """Read the lists beside the certificates of a SignedData (RFC 5652, 5.1)."""
        try:
            choices = signed_data["crls"]
            if isinstance(choices, core.Void):
                return
            for der in self._few(choices.contents):
                if der[:1] == SEQUENCE_OF:
                    self._keep(der, load_crl, self.crls)
                else:
                    form, answer = members_of(_contents(der), 2)
                    self.understood &= form == OCSP_RESPONSE
                    if form == OCSP_RESPONSE:
                        self._keep(answer, load_answer, self.ocsp)
        except UNREADABLE:
            self.understood = False

    def attribute(self, value: bytes, load: Callable[[bytes], OcspAnswer]) -> None:
        """Read one value: a SEQUENCE of [0] lists, [1] answers, [2] anything else."""
        try:
            self.understood &= value[:1] == SEQUENCE_OF
            for part in members_of(_contents(value), 2):
                kind, _, tag, _, content, _ = parser.parse(part)
                for item in self._few(_contents(content)):
                    if (kind, tag) == (CONTEXT, LISTS):
                        self._keep(item, load_crl, self.crls)
                    elif (kind, tag) == (CONTEXT, ANSWERS):
                        self._keep(item, load, self.ocsp)
                    else:
                        self.understood = False
        except UNREADABLE:
            self.understood = False

    def _few(self, contents: bytes) -> list[bytes]:
        items = members_of(contents, MAX_ITEMS)
        self.understood &= len(items) <= MAX_ITEMS
        return items[:MAX_ITEMS]

    def _keep(self, der: bytes, load: Callable[[bytes], ItemT], into: list[ItemT]) -> None:
        try:
            into.append(load(der))
        except UNREADABLE:
            self.understood = False


def _contents(der: bytes) -> bytes:
    return bytes(parser.parse(der)[4])
