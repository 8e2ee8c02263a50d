"""What LibreOffice's PDF is checked for, and made the same each time."""

from __future__ import annotations

import hashlib
import io
import re
import struct
import zlib
from collections.abc import Sequence
from datetime import UTC, datetime

from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader

_CREATED = re.compile(rb"/CreationDate\(D:(\d{14})Z'?\)")
_XMP_CREATED = re.compile(rb"<xmp:CreateDate>(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ)</xmp:CreateDate>")
_IDENTITY = re.compile(rb"/ID \[ <([0-9A-F]{32})>\s*<([0-9A-F]{32})> \]")
_CHECKSUM = re.compile(rb"/DocChecksum /([0-9A-F]{32})")
# The colour profile of PDF/A, and the object that holds its length.
_COLOURS = re.compile(rb"\n\d+ 0 obj\n<</N \d/Length (\d+) 0 R/Filter/FlateDecode>>\nstream\n")
_CROSS_REFERENCE = re.compile(rb"(\d{10}) 00000 n \n")
_START = re.compile(rb"\nstartxref\n(\d+)\n%%EOF\n")


class NotAPdfError(ValueError):
    """The bytes are no PDF, or one without pages."""


def count_pages(pdf: bytes) -> int:
    """Return how many pages `pdf` has, one at least; raises NotAPdfError."""
    if not pdf.startswith(b"%PDF-"):
        raise NotAPdfError("no PDF header")
    try:
        pages = PdfFileReader(io.BytesIO(pdf)).root["/Pages"]["/Count"]
    except (PdfError, KeyError, ValueError, IndexError) as error:
        raise NotAPdfError(str(error)) from error
    if not isinstance(pages, int) or pages < 1:
        raise NotAPdfError("no pages")
    return int(pages)


def reproducible(pdf: bytes, created: datetime | None) -> bytes:
    """Return the PDF with the date `created` and an identity that follows from its content.

    LibreOffice writes the time of conversion and random identifiers, each of a fixed length and
    in plain sight, so they are overwritten in place; the time inside the compressed colour profile
    needs the offsets moved. Without `created`, or where the PDF is not laid out as expected, the
    bytes stay as they are. Raises ValueError for a naive `created`.
    """
    if created is None:
        return pdf
    if created.tzinfo is None:
        raise ValueError("a naive datetime has no place in a document")
    moment = created.astimezone(UTC)
    patterns = (_CREATED, _XMP_CREATED, _IDENTITY, _CHECKSUM)
    if any(len(pattern.findall(pdf)) > 1 for pattern in patterns) or not _CREATED.search(pdf):
        return pdf
    result = bytearray(_with_dated_colours(pdf, moment))
    _overwrite(result, _CREATED, f"{moment:%Y%m%d%H%M%S}".encode())
    _overwrite(result, _XMP_CREATED, f"{moment:%Y-%m-%dT%H:%M:%SZ}".encode())
    for pattern in (_IDENTITY, _CHECKSUM):
        _overwrite(result, pattern, b"0" * 32)
    identity = hashlib.sha256(result).hexdigest().upper()[:32].encode()
    for pattern in (_IDENTITY, _CHECKSUM):
        _overwrite(result, pattern, identity)
    return bytes(result)


def _overwrite(pdf: bytearray, pattern: re.Pattern[bytes], value: bytes) -> None:
    found = pattern.search(pdf)
    if found is None:
        return
    for group in range(1, pattern.groups + 1):
        start, end = found.span(group)
        assert end - start == len(value)
        pdf[start:end] = value


def _with_dated_colours(pdf: bytes, moment: datetime) -> bytes:
    """Return the PDF with `moment` as the creation time of its ICC profile (ICC.1, 7.2.8)."""
    header = _COLOURS.search(pdf)
    length = header and re.search(rb"\n%s 0 obj\n(\d+)\nendobj" % header.group(1), pdf)
    if header is None or length is None:
        return pdf
    start, end = header.end(), header.end() + int(length.group(1))
    try:
        profile = bytearray(zlib.decompress(pdf[start:end]))
    except zlib.error:
        return pdf
    if profile[36:40] != b"acsp":
        return pdf
    profile[24:36] = struct.pack(">6H", *moment.timetuple()[:6])
    stream = zlib.compress(profile, level=9)
    edits = ((start, end, stream), (*length.span(1), str(len(stream)).encode()))
    return _edited(pdf, edits)


def _edited(pdf: bytes, edits: Sequence[tuple[int, int, bytes]]) -> bytes:
    """Return the PDF with the spans replaced and its one cross-reference table moved along."""

    def moved(offset: int) -> int:
        return offset + sum(len(new) - (end - start) for start, end, new in edits if end <= offset)

    trailer = _START.search(pdf)
    if trailer is None or not pdf.startswith(b"xref\n", int(trailer.group(1))):
        return pdf
    table = int(trailer.group(1))
    body = bytearray(pdf[:table])
    for start, end, new in sorted(edits, reverse=True):
        body[start:end] = new
    entries = _CROSS_REFERENCE.sub(
        lambda entry: b"%010d 00000 n \n" % moved(int(entry.group(1))), pdf[table:]
    )
    return bytes(body) + _START.sub(b"\nstartxref\n%d\n%%%%EOF\n" % moved(table), entries)
