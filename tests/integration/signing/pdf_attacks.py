"""Attacks on signed PDFs, made from bytes: what each does to a file that somebody signed.

The names are those of the literature: "1 Trillion Dollar Refund" (2019) for universal forgery,
incremental saving and wrapping, "Shadow Attacks" (2021) for hiding and replacing.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from io import BytesIO
from typing import Any  # pyHanko's PDF objects have no better type

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.pdf_utils.writer import copy_into_new_writer

from tests.unit.signing.conftest import plain_pdf

name = generic.pdf_name
text = generic.pdf_string
Change = Callable[[IncrementalPdfFileWriter], None]


def updated(pdf: bytes, change: Change) -> bytes:
    """The PDF with one incremental update."""
    writer = IncrementalPdfFileWriter(BytesIO(pdf))
    change(writer)
    output = BytesIO()
    writer.write(output)
    return output.getvalue()


def numbers(*values: float) -> generic.ArrayObject:
    """An array of numbers."""
    return generic.ArrayObject(map(generic.FloatObject, values))


def with_tables(pdf: bytes) -> bytes:
    """The PDF written anew with tables of its objects, as older programs write them."""
    reader = PdfFileReader(BytesIO(pdf))
    writer = copy_into_new_writer(reader, writer_kwargs={"stream_xrefs": False})
    output = BytesIO()
    writer.write(output)
    return output.getvalue()


def dictionary(**entries: Any) -> generic.DictionaryObject:
    """A dictionary of these entries, their keys without the slash."""
    return generic.DictionaryObject({name(f"/{key}"): value for key, value in entries.items()})


def stream(content: bytes, **entries: Any) -> generic.StreamObject:
    """A stream with these entries in its dictionary."""
    return generic.StreamObject(dict_data=dictionary(**entries), stream_data=content)


def page(writer: IncrementalPdfFileWriter, number: int = 0) -> Any:
    """A page by its number from 0."""
    return writer.root["/Pages"]["/Kids"][number].get_object()


# Incremental saving: something is added to what was signed


def another_text(writer: IncrementalPdfFileWriter) -> None:
    """Put another text on the first page."""
    shown = stream(b"BT /F1 24 Tf 72 720 Td (Order 13) Tj ET")
    page(writer)[name("/Contents")] = writer.add_object(shown)
    writer.mark_update(page(writer).container_ref)


def text_in_place(writer: IncrementalPdfFileWriter) -> None:
    """Give the very stream of the first page another text."""
    contents = page(writer).raw_get("/Contents")
    contents.get_object()._data = b"BT /F1 24 Tf 72 720 Td (Order 13) Tj ET"
    contents.get_object()._encoded_data = None
    writer.mark_update(contents.reference)


def a_page_more(writer: IncrementalPdfFileWriter) -> None:
    """Add a page."""
    pages = writer.root["/Pages"]
    more = dictionary(
        Type=name("/Page"),
        Parent=writer.root.raw_get("/Pages"),
        MediaBox=numbers(0, 0, 595, 842),
        Contents=writer.add_object(stream(b"")),
        Resources=dictionary(),
    )
    pages["/Kids"].append(writer.add_object(more))
    pages[name("/Count")] = generic.NumberObject(len(pages["/Kids"]))
    writer.mark_update(pages.container_ref)


def a_page_less(writer: IncrementalPdfFileWriter) -> None:
    """Take the last page away."""
    pages = writer.root["/Pages"]
    del pages["/Kids"][-1]
    pages[name("/Count")] = generic.NumberObject(len(pages["/Kids"]))
    writer.mark_update(pages.container_ref)


def an_annotation(subtype: str) -> Change:
    """Lay an annotation with an appearance over the first page."""

    def change(writer: IncrementalPdfFileWriter) -> None:
        shown = stream(
            b"1 g 0 0 400 60 re f",
            Type=name("/XObject"),
            Subtype=name("/Form"),
            BBox=numbers(0, 0, 400, 60),
        )
        laid = dictionary(
            Type=name("/Annot"),
            Subtype=name(subtype),
            Rect=numbers(60, 700, 460, 760),
            Contents=text("Order 13"),
            F=generic.NumberObject(4),
            AP=dictionary(N=writer.add_object(shown)),
        )
        annotations = generic.ArrayObject(page(writer).get("/Annots", ()))
        annotations.append(writer.add_object(laid))
        page(writer)[name("/Annots")] = annotations
        writer.mark_update(page(writer).container_ref)

    return change


def a_script(writer: IncrementalPdfFileWriter) -> None:
    """Let the file do something when it is opened."""
    action = dictionary(S=name("/JavaScript"), JS=text("app.alert(1)"))
    writer.root[name("/OpenAction")] = writer.add_object(action)
    writer.update_root()


def an_attachment(writer: IncrementalPdfFileWriter) -> None:
    """Attach a file."""
    names = generic.ArrayObject([text("a"), dictionary(Type=name("/Filespec"), F=text("a"))])
    writer.root[name("/Names")] = dictionary(EmbeddedFiles=dictionary(Names=names))
    writer.update_root()


def another_title(writer: IncrementalPdfFileWriter) -> None:
    """Give the file another title."""
    writer.set_info(dictionary(Title=text("Order 13")))


def moved_pages(writer: IncrementalPdfFileWriter) -> None:
    """Let the catalogue point at another tree of pages."""
    shown = stream(b"BT /F1 24 Tf 72 720 Td (Order 13) Tj ET")
    other = dictionary(
        Type=name("/Page"),
        MediaBox=numbers(0, 0, 595, 842),
        Contents=writer.add_object(shown),
        Resources=page(writer)["/Resources"],
    )
    kids = generic.ArrayObject([writer.add_object(other)])
    tree = dictionary(Type=name("/Pages"), Kids=kids, Count=generic.NumberObject(1))
    writer.root[name("/Pages")] = writer.add_object(tree)
    writer.update_root()


def no_fields(writer: IncrementalPdfFileWriter) -> None:
    """Take the signature out of the form."""
    form = writer.root["/AcroForm"]
    form[name("/Fields")] = generic.ArrayObject()
    writer.update_container(form)
    writer.update_root()


def no_form(writer: IncrementalPdfFileWriter) -> None:
    """Take the whole form away."""
    del writer.root["/AcroForm"]
    writer.update_root()


# Shadow attacks: prepared before the signing, sprung afterwards


def with_overlay(pdf: bytes) -> bytes:
    """A page whose text lies under a white sheet with another text, to be signed so."""

    def change(writer: IncrementalPdfFileWriter) -> None:
        sheet = stream(
            b"1 g 0 0 595 842 re f 0 g BT /F1 24 Tf 72 720 Td (Order 12 is harmless) Tj ET",
            Type=name("/XObject"),
            Subtype=name("/Form"),
            BBox=numbers(0, 0, 595, 842),
            Resources=page(writer)["/Resources"],
        )
        resources = generic.DictionaryObject(page(writer)["/Resources"])
        resources[name("/XObject")] = dictionary(Sheet=writer.add_object(sheet))
        shown = stream(b"BT /F1 24 Tf 72 720 Td (Pay 1000000) Tj ET /Sheet Do")
        page(writer)[name("/Resources")] = resources
        page(writer)[name("/Contents")] = writer.add_object(shown)
        writer.mark_update(page(writer).container_ref)

    return updated(pdf, change)


def overlay_emptied(writer: IncrementalPdfFileWriter) -> None:
    """Hide: the white sheet becomes empty, what lies under it shows."""
    sheet = page(writer)["/Resources"]["/XObject"].raw_get("/Sheet")
    nothing = stream(b"", Type=name("/XObject"), Subtype=name("/Form"), BBox=numbers(0, 0, 0, 0))
    writer.objects[(sheet.generation, sheet.idnum)] = nothing


def overlay_freed(pdf: bytes) -> bytes:
    """Hide: the white sheet is marked as deleted in a new table, nothing else is touched."""
    reader = PdfFileReader(BytesIO(pdf))
    sheet = reader.root["/Pages"]["/Kids"][0]["/Resources"]["/XObject"].raw_get("/Sheet")
    entry = f"{sheet.idnum} 1\n0000000000 00001 f \n"
    return appended_table(pdf, reader, entry)


def appended_table(
    pdf: bytes, reader: PdfFileReader, entries: str, root: int | None = None
) -> bytes:
    """The PDF with a table of these entries behind it, and another catalogue if one is given."""
    size = int(reader.trailer_view["/Size"])
    named = root or reader.root_ref.idnum
    previous = int(re.findall(rb"startxref\s+(\d+)", pdf)[-1])
    start = len(pdf) + 1
    return (
        pdf
        + (
            f"\nxref\n{entries}trailer\n<< /Size {size} /Root {named} 0 R /Prev {previous} >>\n"
            f"startxref\n{start}\n%%EOF\n"
        ).encode()
    )


def with_second_catalogue(pdf: bytes) -> bytes:
    """A file that holds another document, its own catalogue and all, which nothing points at.

    Both catalogues share the form, so that the signature shows in both.
    """

    def change(writer: IncrementalPdfFileWriter) -> None:
        writer.root[name("/AcroForm")] = writer.add_object(dictionary(Fields=generic.ArrayObject()))
        writer.update_root()
        other = generic.DictionaryObject(writer.root)
        shown = stream(b"BT /F1 24 Tf 72 720 Td (Pay 1000000) Tj ET")
        hidden = dictionary(
            Type=name("/Page"),
            MediaBox=numbers(0, 0, 595, 842),
            Contents=writer.add_object(shown),
            Resources=page(writer)["/Resources"],
        )
        kids = generic.ArrayObject([writer.add_object(hidden)])
        tree = dictionary(Type=name("/Pages"), Kids=kids, Count=generic.NumberObject(1))
        other[name("/Pages")] = writer.add_object(tree)
        other[name("/ShadowCatalogue")] = generic.BooleanObject(True)
        writer.add_object(other)

    return updated(pdf, change)


def catalogue_switched(pdf: bytes) -> bytes:
    """Hide and replace: a new trailer alone names the other catalogue."""
    reader = PdfFileReader(BytesIO(pdf))
    found = re.findall(rb"\n(\d+) 0 obj\s*<<(?:(?!endobj).)*?/ShadowCatalogue", pdf, re.DOTALL)
    return appended_table(pdf, reader, "0 1\n0000000000 65535 f \n", int(found[-1]))


def with_form(pdf: bytes) -> bytes:
    """A page with a text field whose appearance shows its value."""

    def change(writer: IncrementalPdfFileWriter) -> None:
        shown = stream(
            b"/Tx BMC BT /F1 12 Tf (1000) Tj ET EMC",
            Type=name("/XObject"),
            Subtype=name("/Form"),
            BBox=numbers(0, 0, 100, 20),
            Resources=page(writer)["/Resources"],
        )
        field = dictionary(
            Type=name("/Annot"),
            Subtype=name("/Widget"),
            FT=name("/Tx"),
            T=text("sum"),
            V=text("1000"),
            Rect=numbers(72, 600, 172, 620),
            AP=dictionary(N=writer.add_object(shown)),
        )
        reference = writer.add_object(field)
        page(writer)[name("/Annots")] = generic.ArrayObject([reference])
        writer.mark_update(page(writer).container_ref)
        form = dictionary(Fields=generic.ArrayObject([reference]))
        writer.root[name("/AcroForm")] = writer.add_object(form)
        writer.update_root()

    return updated(pdf, change)


def another_value(writer: IncrementalPdfFileWriter) -> None:
    """Replace: the field gets another value."""
    field = writer.root["/AcroForm"]["/Fields"][0].get_object()
    field[name("/V")] = text("1000000")
    writer.mark_update(field.container_ref)


def another_appearance(writer: IncrementalPdfFileWriter) -> None:
    """Replace: the field keeps its value and shows another."""
    shown = writer.root["/AcroForm"]["/Fields"][0].get_object()["/AP"].raw_get("/N")
    shown.get_object()._data = b"/Tx BMC BT /F1 12 Tf (1000000) Tj ET EMC"
    shown.get_object()._encoded_data = None
    writer.mark_update(shown.reference)


def another_font(writer: IncrementalPdfFileWriter) -> None:
    """Replace: the font of the page draws other glyphs for the same letters."""
    font = page(writer)["/Resources"]["/Font"].raw_get("/F1")
    differences = [generic.NumberObject(49), name("/seven")]
    encoding = dictionary(Type=name("/Encoding"), Differences=generic.ArrayObject(differences))
    font.get_object()[name("/Encoding")] = encoding
    writer.mark_update(font.reference)


# Universal forgery: the signature object is redefined or emptied


def signature_entry(entry: str, value: Any) -> Change:
    """Give the signature dictionary another value for `entry`; None takes it out."""

    def change(writer: IncrementalPdfFileWriter) -> None:
        place = writer.root["/AcroForm"]["/Fields"][-1].get_object()["/V"].get_object()
        if value is None:
            del place[entry]
        else:
            place[name(entry)] = value
        writer.mark_update(place.container_ref)

    return change


def forged(pdf: bytes, pattern: bytes, replacement: bytes) -> bytes:
    """The PDF with the last match of `pattern` overwritten in place, its length kept."""
    found = list(re.finditer(pattern, pdf, re.DOTALL))[-1]
    assert len(replacement) <= len(found.group())
    return pdf[: found.start()] + replacement.ljust(len(found.group())) + pdf[found.end() :]


# Wrapping: the signed bytes stay in the file, and something else is shown


def wrapped(pdf: bytes) -> bytes:
    """The second signed part is moved to the end; other objects and a table take its place.

    The table stands where the old one stood, so that the old `startxref` still leads to one.
    """
    _, start, end, rest = byte_range(pdf)
    first, hole, second = pdf[:start], pdf[start:end], pdf[end : end + rest]
    table_at = int(re.findall(rb"startxref\s+(\d+)", second)[-1])
    moved_to = table_at + 60_000
    ranges = f"/ByteRange [0 {start} {moved_to} {rest}]".encode()
    places = _old_places(pdf, end, moved_to - end)
    placed = b""
    for idnum, body in _other_objects(PdfFileReader(BytesIO(pdf)), hole):
        places[idnum] = table_at + 4000 + len(placed)
        placed += body.replace(b"/ByteRange []", ranges)
    entries = "".join(f"{idnum} 1\n{at:010d} 00000 n \n" for idnum, at in sorted(places.items()))
    trailer = re.findall(rb"trailer.*?>>", second, re.DOTALL)[-1]
    table = b"xref\n" + entries.encode() + trailer + b"\nstartxref\n"
    middle = (table + b"%d\n%%%%EOF\n" % table_at).ljust(4000) + placed
    return first + hole + b" " * (table_at - end) + middle.ljust(60_000) + second


def _old_places(pdf: bytes, end: int, shift: int) -> dict[int, int]:
    """Where the objects of the last revision stand once the second part has been moved."""
    places: dict[int, int] = {}
    table = pdf[int(re.findall(rb"startxref\s+(\d+)", pdf)[-1]) :]
    number = 0
    for line in table[: table.index(b"trailer")].splitlines()[1:]:
        if line.endswith((b"n ", b"f ", b"n", b"f")):
            at = int(line[:10])
            places[number] = at if at < end else at + shift
            number += 1
        else:
            number = int(line.split()[0])
    places.pop(0, None)
    return places


def _other_objects(reader: PdfFileReader, hole: bytes) -> list[tuple[int, bytes]]:
    shown = b"BT /F1 24 Tf 72 720 Td (Order 13) Tj ET"
    contents = reader.root["/Pages"]["/Kids"][0].raw_get("/Contents").idnum
    place = reader.root["/AcroForm"]["/Fields"][0].get_object().raw_get("/V").idnum
    body = b"<< /Length %d >>\nstream\n%s\nendstream" % (len(shown), shown)
    signature = (
        b"<< /Type /Sig /Filter /Adobe.PPKLite /SubFilter /ETSI.CAdES.detached "
        b"/ByteRange []" + b" " * 60 + b" /Contents " + hole + b" >>"
    )
    return [
        (number, b"%d 0 obj\n%s\nendobj\n" % (number, each))
        for number, each in ((contents, body), (place, signature))
    ]


def byte_range(pdf: bytes) -> tuple[int, int, int, int]:
    """The four numbers of the last byte range in the file."""
    found = re.findall(rb"/ByteRange \[\s*(\d+) (\d+) (\d+) (\d+)\s*\]", pdf)[-1]
    zero, start, end, rest = map(int, found)
    return zero, start, end, rest


def with_stamp(lines: tuple[bytes, ...]) -> bytes:
    """A page that shows the mark of a signature as text, in a font of Russian letters."""
    pdf = plain_pdf()

    def change(writer: IncrementalPdfFileWriter) -> None:
        letters = sorted({*b"".join(lines).decode()})
        codes = {letter: number for number, letter in enumerate(letters, start=33)}
        shown = b"BT /Stamp 14 Tf 72 200 Td 18 TL "
        for line in lines:
            shown += b"<" + bytes(codes[c] for c in line.decode()).hex().encode() + b"> Tj T* "
        pairs = "\n".join(f"<{codes[c]:02X}> <{ord(c):04X}>" for c in letters)
        to_unicode = (
            "/CIDInit /ProcSet findresource begin 12 dict begin begincmap\n"
            "1 begincodespacerange <00> <FF> endcodespacerange\n"
            f"{len(letters)} beginbfchar\n{pairs}\nendbfchar\nendcmap end end"
        )
        font = dictionary(
            Type=name("/Font"),
            Subtype=name("/Type1"),
            BaseFont=name("/Helvetica"),
            ToUnicode=writer.add_object(stream(to_unicode.encode())),
        )
        fonts = generic.DictionaryObject(page(writer)["/Resources"]["/Font"])
        fonts[name("/Stamp")] = writer.add_object(font)
        page(writer)[name("/Resources")] = dictionary(Font=fonts)
        page(writer)[name("/Contents")] = writer.add_object(stream(shown + b"ET"))
        writer.mark_update(page(writer).container_ref)

    return updated(pdf, change)
