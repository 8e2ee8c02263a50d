"""The pages of the signed file, taken over into a new one without its signatures and actions."""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import Any  # an entry of somebody's PDF may be of any kind; wrong ones are caught above

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.generic import pdf_name
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.pdf_utils.writer import PdfFileWriter, copy_into_new_writer

from signing.errors import SigningError
from signing.paper.canvas import Canvas
from signing.paper.objects import Plain, array, dictionary, stream
from signing.words import N_

Matrix = tuple[float, float, float, float, float, float]
Box = tuple[float, float, float, float]

# What belongs to the original alone: claims of conformance, signatures' evidence and
# permissions, structure that the copy no longer follows, and whatever acts when it is opened.
LEFT_OUT = ("/AA", "/DSS", "/MarkInfo", "/Metadata", "/OpenAction", "/Perms", "/StructTreeRoot")
LEFT_OUT_OF_A_PAGE = ("/AA", "/StructParents", "/Tabs", "/Metadata")
SIGNATURE_KEYS = ("/FT", "/V", "/Parent", "/T", "/Kids", "/Ff", "/Lock", "/SV", "/MK", "/AA", "/A")
MAX_DEPTH = 64
MAX_PAGES = 1000


class OriginalUnreadableError(SigningError):
    """The signed file is no PDF that can be shown, or it is encrypted."""

    code = "visual_copy.unreadable"
    msgid = N_("The PDF file cannot be read, so no visual copy can be made of it.")


class TooManyPagesError(SigningError):
    """The document is longer than anything an office signs."""

    code = "visual_copy.too_many_pages"
    msgid = N_("The document has more than {most} pages: no visual copy is made of it.")


@dataclass(frozen=True)
class ShownPage:
    """A page as it is seen: size in points, and the matrix from there to its own coordinates."""

    page: generic.DictionaryObject
    width: float
    height: float
    to_page: Matrix


def copy_original(original: bytes) -> tuple[PdfFileWriter, list[ShownPage]]:
    """Return a new file with the pages of `original`, which is not changed.

    Signature fields are gone; what they showed stays visible. Raises OriginalUnreadableError,
    TooManyPagesError.
    """
    try:
        reader = PdfFileReader(io.BytesIO(original))
        if reader.encrypted:
            raise OriginalUnreadableError
        _leave_out(reader.root, LEFT_OUT)
        _leave_out(_entry(reader.root, "/Names") or dictionary({}), ("/JavaScript",))
        for page in _pages(reader.root):
            _leave_out(page, LEFT_OUT_OF_A_PAGE)
            _strip_signature_fields(page)
        _strip_form(reader.root)
        writer = copy_into_new_writer(reader)
        return writer, [_shown(page) for page in _pages(writer.root)]
    except (PdfError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise OriginalUnreadableError from error


def stamp(
    writer: PdfFileWriter,
    shown: ShownPage,
    canvas: Canvas,
    fonts: generic.DictionaryObject,
    scale: float,
) -> None:
    """Draw the page smaller by `scale` (its top stays, centred) and `canvas` over it.

    The old content becomes a form of its own, so that neither its names nor an unbalanced
    graphics state can reach the marks.
    """
    page = shown.page
    across, up = shown.width * (1 - scale) / 2, shown.height * (1 - scale)
    smaller = (scale, 0.0, 0.0, scale, across, up)
    placed = _multiply(_multiply(_inverse(shown.to_page), smaller), shown.to_page)
    content = (
        f"q {_written(placed)} cm /MarshrutOriginal Do Q\nq {_written(shown.to_page)} cm\n"
    ).encode("ascii")
    form = writer.add_object(_as_form(page))
    page[pdf_name("/Contents")] = writer.add_object(stream(content + canvas.content() + b"\nQ"))
    page[pdf_name("/Resources")] = dictionary(
        {"/Font": fonts, "/XObject": dictionary({"/MarshrutOriginal": form})}
    )


def _as_form(page: generic.DictionaryObject) -> generic.StreamObject:
    entries: dict[str, Plain] = {
        "/Type": pdf_name("/XObject"),
        "/Subtype": pdf_name("/Form"),
        "/BBox": array(_visible_box(page)),  # what was cropped away stays hidden
        "/Resources": _inherited(page, "/Resources") or dictionary({}),
    }
    return stream(_content(page), entries)


def _content(page: generic.DictionaryObject) -> bytes:
    contents = _entry(page, "/Contents")
    parts = contents if isinstance(contents, generic.ArrayObject) else [contents]
    found = (part.get_object() for part in parts if part is not None)
    return b"\n".join(part.data for part in found if isinstance(part, generic.StreamObject))


def _pages(root: generic.DictionaryObject) -> list[generic.DictionaryObject]:
    """Return the pages in their order; a tree that leads back into itself is refused."""
    pages: list[generic.DictionaryObject] = []
    seen: set[generic.Reference] = set()
    waiting = [root.raw_get("/Pages")]
    while waiting:
        node = waiting.pop()
        if isinstance(node, generic.IndirectObject):
            if node.reference in seen:
                raise PdfError("a page stands twice in the page tree")
            seen.add(node.reference)
        found = node.get_object()
        if "/Kids" in found:
            waiting += reversed(found["/Kids"])
        else:
            pages.append(found)
        if len(pages) > MAX_PAGES:
            raise TooManyPagesError(most=MAX_PAGES)
    return pages


def _shown(page: generic.DictionaryObject) -> ShownPage:
    left, bottom, right, top = _visible_box(page)
    width, height = right - left, top - bottom
    if width <= 0 or height <= 0:
        raise PdfError("a page has no size")
    turn = int(_inherited(page, "/Rotate") or 0) % 360
    turned = {
        0: ShownPage(page, width, height, (1, 0, 0, 1, left, bottom)),
        90: ShownPage(page, height, width, (0, 1, -1, 0, right, bottom)),
        180: ShownPage(page, width, height, (-1, 0, 0, -1, right, top)),
        270: ShownPage(page, height, width, (0, -1, 1, 0, left, top)),
    }
    return turned[turn]


def _visible_box(page: generic.DictionaryObject) -> Box:
    media = _box(page, "/MediaBox")
    crop = _box(page, "/CropBox") if _inherited(page, "/CropBox") else media
    return (
        max(media[0], crop[0]),
        max(media[1], crop[1]),
        min(media[2], crop[2]),
        min(media[3], crop[3]),
    )


def _box(page: generic.DictionaryObject, key: str) -> Box:
    x1, y1, x2, y2 = (float(edge.get_object()) for edge in _inherited(page, key))
    return min(x1, x2), min(y1, y2), max(x1, x2), max(y1, y2)


def _inherited(page: generic.DictionaryObject, key: str) -> Any:
    node: generic.DictionaryObject | None = page
    for _ in range(MAX_DEPTH):
        if node is None:
            return None
        if key in node:
            return node[key]
        node = _entry(node, "/Parent")
    return None


def _entry(dictionary: generic.DictionaryObject, key: str) -> Any:
    """Return what stands under `key`, a reference followed, or None."""
    if key not in dictionary:  # its own `get` would give the reference itself
        return None
    return dictionary[key]


def _leave_out(dictionary: generic.DictionaryObject, keys: tuple[str, ...]) -> None:
    for key in keys:
        dictionary.pop(pdf_name(key), None)


def _strip_signature_fields(page: generic.DictionaryObject) -> None:
    """Turn a visible signature widget into a plain stamp; take an invisible one off the page."""
    kept = array([])
    for entry in _entry(page, "/Annots") or ():
        annotation = entry.get_object()
        if _inherited(annotation, "/FT") == "/Sig":
            if "/AP" not in annotation:
                continue
            _leave_out(annotation, SIGNATURE_KEYS)
            annotation[pdf_name("/Subtype")] = pdf_name("/Stamp")
        _leave_out(annotation, ("/StructParent",))
        kept.append(entry)
    page.pop(pdf_name("/Annots"), None)
    if kept:
        page[pdf_name("/Annots")] = kept


def _strip_form(root: generic.DictionaryObject) -> None:
    """Leave the form without its signature fields; without any field there is no form."""
    form = _entry(root, "/AcroForm")
    if form is None:
        return
    _leave_out(form, ("/SigFlags", "/XFA"))
    others = array(
        field
        for field in _entry(form, "/Fields") or ()
        if _entry(field.get_object(), "/FT") not in (None, "/Sig")
    )
    form[pdf_name("/Fields")] = others
    if not others:
        root.pop(pdf_name("/AcroForm"))


def _multiply(first: Matrix, then: Matrix) -> Matrix:
    a, b, c, d, e, f = first
    g, h, i, j, k, m = then
    return (
        a * g + b * i,
        a * h + b * j,
        c * g + d * i,
        c * h + d * j,
        e * g + f * i + k,
        e * h + f * j + m,
    )


def _inverse(matrix: Matrix) -> Matrix:
    """Return the inverse of a turn with a shift (its determinant is 1)."""
    a, b, c, d, e, f = matrix
    return (d, -b, -c, a, c * f - d * e, b * e - a * f)


def _written(matrix: Matrix) -> str:
    return " ".join(f"{number:.5f}" for number in matrix)
