"""What a PDF keeps for its own validation: the document security store (EN 319 142-1, 5.4.2).

Certificates, lists and answers in it come from a stranger, like those in a signature: they are
trusted for nothing, and speak only through the signatures of their issuers.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar  # pyHanko's PDF objects have no better type

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.reader import PdfFileReader

from signing.certificates import Certificate, load_certificate
from signing.errors import MALFORMED, SigningError
from signing.pdf.objects import entry
from signing.revocation.known import MAX_CRL, RevocationList, load_crl
from signing.revocation.ocsp import OcspAnswer, load_answer

MAX_ITEMS = 200
"""Certificates, lists or answers that are looked at; of each kind."""

Kept = TypeVar("Kept", Certificate, RevocationList, OcspAnswer)
UNREADABLE: tuple[type[Exception], ...] = (SigningError, *MALFORMED)


@dataclass(frozen=True)
class PdfStore:
    """What the store holds. `understood` says whether all of it could be read."""

    certificates: tuple[Certificate, ...] = ()
    crls: tuple[RevocationList, ...] = ()
    ocsp: tuple[OcspAnswer, ...] = ()
    understood: bool = True


NO_STORE = PdfStore()


def read_store(reader: PdfFileReader) -> PdfStore:
    """Return what the newest store of the file holds; what cannot be read is left out."""
    reading = _Reading(MAX_CRL)
    try:
        store = entry(reader.root, "/DSS")
        if store is None:
            return NO_STORE
        return PdfStore(
            certificates=reading.items(entry(store, "/Certs", ()), load_certificate),
            crls=reading.items(entry(store, "/CRLs", ()), load_crl),
            ocsp=reading.items(entry(store, "/OCSPs", ()), load_answer),
            understood=reading.understood,
        )
    except MALFORMED:
        return PdfStore(understood=False)


class _Reading:
    """Reads streams until `left` bytes have been unpacked, and remembers what it could not."""

    def __init__(self, left: int) -> None:
        self._left = left
        self.understood = True

    def items(self, streams: Any, load: Callable[[bytes], Kept]) -> tuple[Kept, ...]:
        found: list[Kept] = []
        self.understood &= len(streams) <= MAX_ITEMS
        for number in range(min(len(streams), MAX_ITEMS)):
            try:
                found.append(load(self._unpacked(streams[number])))
            except UNREADABLE:
                self.understood = False
        return tuple(found)

    def _unpacked(self, stream: Any) -> bytes:
        """Return the content of a stream; raises ValueError for one that is packed otherwise."""
        if not isinstance(stream, generic.StreamObject):
            raise TypeError("not a stream")
        filters = entry(stream, "/Filter", [])
        names = [filters] if isinstance(filters, generic.NameObject) else list(filters)
        content = bytes(stream.encoded_data)
        if names == ["/FlateDecode"]:
            content = zlib.decompressobj().decompress(content, self._left + 1)
        elif names:
            raise ValueError("packed in a way that is not used here")
        self._left -= len(content)
        if self._left < 0:
            raise ValueError("more than any document needs")
        return content
