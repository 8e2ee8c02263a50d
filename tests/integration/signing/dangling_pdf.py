"""PDFs written by hand, whose tables name places behind the end of the file.

What will stand there is decided after the file was signed or stamped, although every object
belongs to the signed version. Writers of PDFs never do so, so nothing of them is used here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

HEADER = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"
ROOM = 12_000
ENTRY = b"%010d 00000 n \n"
FREE = b"0000000000 65535 f \n"

CATALOG, PAGES, PAGE, TEXT, MORE, FIELD, VALUE, FONT = range(1, 9)
STAMP, STAMP_VALUE = 9, 10

SHOWN = b"BT /F1 24 Tf 72 720 Td (%s) Tj ET"
SIGNED_BY = b"/Type /Sig /Filter /Adobe.PPKLite /SubFilter /ETSI.CAdES.detached"
STAMPED_BY = b"/Type /DocTimeStamp /Filter /Adobe.PPKLite /SubFilter /ETSI.RFC3161"


@dataclass(frozen=True)
class Place:
    """A file with an empty place for a signature; the place runs from `start` to `end`."""

    pdf: bytes
    start: int
    end: int

    @property
    def covered(self) -> bytes:
        return self.pdf[: self.start] + self.pdf[self.end :]

    def filled(self, cms: bytes) -> bytes:
        value = b"<" + cms.hex().encode().ljust(ROOM, b"0") + b">"
        return self.pdf[: self.start] + value + self.pdf[self.end :]


def stream(content: bytes) -> bytes:
    return b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content)


def version(
    before: bytes, objects: Mapping[int, bytes], elsewhere: Mapping[int, int], place: int = 0
) -> bytes:
    """One more version of a file: these objects, and others that lie (or will lie) elsewhere."""
    out = before or HEADER
    places: dict[int, int] = dict(elsewhere)
    for number, content in objects.items():
        places[number] = len(out)
        out += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = b"xref\n0 1\n" + FREE
    for number, at in sorted(places.items()):
        table += b"%d 1\n" % number + ENTRY % at
    prev = b" /Prev %d" % place if place else b""
    start = len(out)
    size = max(FONT, *places, STAMP_VALUE + 2 if place else 0) + 1
    trailer = b"trailer\n<< /Size %d /Root 1 0 R%s >>\nstartxref\n%d\n%%%%EOF\n"
    return out + table + trailer % (size, prev, start)


def packing_version(objects: Mapping[int, bytes], packed: int, box: int) -> bytes:
    """A first version that says of one more object that it is the first one packed into `box`."""
    out, own = HEADER, STAMP_VALUE + 2
    rows = {0: (0, 0, 65_535), packed: (2, box, 0)}
    for number, content in objects.items():
        rows[number] = (1, len(out), 0)
        out += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    start = len(out)
    rows[own] = (1, start, 0)
    sizes = (1, 4, 2)
    body = b"".join(
        value.to_bytes(size, "big")
        for _, row in sorted(rows.items())
        for value, size in zip(row, sizes, strict=True)
    )
    index = b" ".join(b"%d 1" % number for number in sorted(rows))
    kind = b"/Type /XRef /Size %d /W [1 4 2] /Index [%s] /Root 1 0 R" % (own + 1, index)
    table = b"<< %s /Length %d >>\nstream\n%s\nendstream" % (kind, len(body), body)
    return out + b"%d 0 obj\n%s\nendobj\nstartxref\n%d\n%%%%EOF\n" % (own, table, start)


def box_with(number: int, content: bytes) -> bytes:
    """A stream into which this object is packed, uncompressed."""
    first = b"%d 0 " % number
    kind = b"/Type /ObjStm /N 1 /First %d /Length %d" % (len(first), len(first + content))
    return b"<< %s >>\nstream\n%s\nendstream" % (kind, first + content)


def newest_table(pdf: bytes) -> int:
    return int(pdf.rsplit(b"startxref\n", 1)[1].split()[0])


def dictionary_of(kind: bytes) -> bytes:
    """A signature that is still empty; `fill_in` finds its range and its place."""
    room = b"0" * ROOM
    return b"<< %s /ByteRange [0 %s] /Contents <%s> >>" % (kind, b"*" * 32, room)


def placed(pdf: bytes) -> Place:
    """The one empty place of a file, its range written over the whole of it."""
    start = pdf.rindex(b"/Contents <" + b"0" * ROOM) + len(b"/Contents ")
    end = start + ROOM + 2
    numbers = b"%d %d %d" % (start, end, len(pdf) - end)
    return Place(pdf.replace(b"*" * 32, numbers.ljust(32)), start, end)


def ordinary(fields: bytes = b"", **more: bytes) -> dict[int, bytes]:
    """The objects of a page with a line of text."""
    contents = more.get("contents", b"[%d 0 R]" % TEXT)
    annotations = b"" if not fields else b"/Annots [%s]" % fields
    form = b"" if not fields else b"/AcroForm << /Fields [%s] /SigFlags 3 >>" % fields
    return {
        CATALOG: b"<< /Type /Catalog /Pages %d 0 R %s >>" % (PAGES, form),
        PAGES: b"<< /Type /Pages /Kids [%d 0 R] /Count 1 >>" % PAGE,
        PAGE: b"<< /Type /Page /Parent %d 0 R /MediaBox [0 0 595 842] /Contents %s"
        b" /Resources << /Font << /F1 %d 0 R >> >> %s >>" % (PAGES, contents, FONT, annotations),
        TEXT: stream(SHOWN % b"Order 12"),
        FONT: b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    }


def sig_field(name: bytes, value: int) -> bytes:
    return (
        b"<< /Type /Annot /Subtype /Widget /FT /Sig /T (%s) /V %d 0 R /Rect [0 0 0 0] /F 132"
        b" /P %d 0 R >>" % (name, value, PAGE)
    )


def described_by(pdf: bytes, number: int) -> bytes:
    """The file whose newest version has this object for its title and other properties."""
    before, root, after = pdf.rpartition(b"/Root 1 0 R")
    return before + root + b" /Info %d 0 R" % number + after


def padded(pdf: bytes, length: int) -> bytes:
    """The file with a comment behind its end, so that what follows begins at `length`."""
    assert len(pdf) < length
    return pdf + b"%" + b" " * (length - len(pdf) - 2) + b"\n"


def signed_by_nobody_yet(contents: bytes, elsewhere: Mapping[int, int]) -> Place:
    """A page with these contents and an empty signature, in one version."""
    objects = ordinary(b"%d 0 R" % FIELD, contents=contents)
    objects |= {FIELD: sig_field(b"Head", VALUE), VALUE: dictionary_of(SIGNED_BY)}
    return placed(version(b"", objects, elsewhere))


def with_stamp(
    pdf: bytes, fields: bytes, contents: bytes = b"[%d 0 R]" % TEXT, described: int = 0
) -> Place:
    """One more version, with an empty timestamp over the whole file beside `fields`."""
    both = b"%s %d 0 R" % (fields, STAMP)
    page = ordinary(both, contents=contents)
    added = {
        CATALOG: page[CATALOG],
        PAGE: page[PAGE],
        STAMP: sig_field(b"Time", STAMP_VALUE),
        STAMP_VALUE: dictionary_of(STAMPED_BY),
    }
    later = version(pdf, added, {}, newest_table(pdf))
    return placed(described_by(later, described) if described else later)
