"""The text that the pages of a PDF show, as far as it is kept as text, within bounds.

Enough to find a phrase: order follows the page's own instructions, white space means nothing.
Pictures and outlines of letters are not read.
"""

from __future__ import annotations

import re
import sys
import zlib
from collections.abc import Callable, Iterator
from typing import Any  # pyHanko's PDF objects have no better type

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.reader import PdfFileReader

from signing.errors import MALFORMED, MEGABYTE
from signing.pdf.objects import entry

MAX_PAGES = 200
MAX_DECODED = 8 * MEGABYTE
MAX_STREAM = 4 * MEGABYTE
MAX_NESTING = 4
MAX_MAP = 70_000
LIGATURE = 32  # hexadecimal digits: eight letters that one code may stand for
TOKEN = re.compile(
    rb"\(|<(?!<)[0-9A-Fa-f\s]*>|/[^\s()<>\[\]{}/%]*|[A-Za-z'\"*]+[0-9*]?",
)
IN_STRING = re.compile(rb"\\.|[()]", re.DOTALL)
ESCAPE = re.compile(rb"\\([0-7]{1,3}|\r\n|.)", re.DOTALL)
INLINE_IMAGE = re.compile(rb"\bID\s")
PAIR = re.compile(rb"<([0-9A-Fa-f]{1,8})>\s*<([0-9A-Fa-f]+)>")
RANGE = re.compile(
    rb"<([0-9A-Fa-f]{1,8})>\s*<([0-9A-Fa-f]{1,8})>\s*(?:<([0-9A-Fa-f]{1,8})>|\[([0-9A-Fa-f<>\s]*)\])"
)
WIDTH = re.compile(rb"begincodespacerange\s*<([0-9A-Fa-f]+)>")
SHOWING = (b"Tj", b"TJ", b"'", b'"')
ESCAPED = {
    b"n": b"\n",
    b"r": b"\r",
    b"t": b"\t",
    b"b": b"\b",
    b"f": b"\f",
    b"\r\n": b"",
    b"\n": b"",
}
Decoder = Callable[[bytes], str]


def page_texts(reader: PdfFileReader) -> Iterator[str]:
    """Yield the text of each page with that of what is laid over it; "" for what is unreadable."""
    left = [MAX_DECODED]
    pages = _pages(reader)
    while True:
        try:
            page = next(pages, None)
            if page is None:
                return
            text = "".join(_page_text(page, left))
        except MALFORMED:
            text = ""
        yield text


def _pages(reader: PdfFileReader) -> Iterator[Any]:
    """Yield the pages in their order, at most MAX_PAGES, inheriting resources from above."""
    waiting = [(reader.root["/Pages"], None)]
    steps = 0
    while waiting and steps < MAX_PAGES * 2:
        steps += 1
        node, inherited = waiting.pop(0)
        resources = entry(node, "/Resources", inherited)
        if "/Kids" in node:
            waiting = [(kid.get_object(), resources) for kid in node["/Kids"]] + waiting
        else:
            yield node, resources


def _page_text(page: tuple[Any, Any], left: list[int]) -> Iterator[str]:
    node, resources = page
    contents = entry(node, "/Contents", ())
    parts = [contents] if isinstance(contents, generic.StreamObject) else list(contents)
    shown = b"\n".join(_decoded(each.get_object(), left) for each in parts)
    yield from _text(shown, resources, left, 0)
    for reference in entry(node, "/Annots", ()):
        laid = reference.get_object()
        appearance = laid["/AP"]["/N"] if "/AP" in laid and "/N" in laid["/AP"] else None
        if isinstance(appearance, generic.StreamObject):
            yield from _form_text(appearance, resources, left, 1)


def _form_text(form: Any, above: Any, left: list[int], depth: int) -> Iterator[str]:
    own = entry(form, "/Resources", above)
    yield from _text(_decoded(form, left), own, left, depth)


def _text(content: bytes, resources: Any, left: list[int], depth: int) -> Iterator[str]:
    """Run through the instructions of a page or form, keeping strings, fonts and forms alone."""
    fonts = _decoders(resources, left)
    decode: Decoder = _plain
    operands: list[bytes] = []
    for token in _tokens(_without_images(content)):
        if token[:1] in b"(</":
            operands.append(token)
            continue
        if token in SHOWING:
            yield from (decode(_string(each)) for each in operands if each[:1] != b"/")
        elif token == b"Tf" and operands:
            decode = fonts(operands[-1].decode("latin-1"))
        elif token == b"Do" and operands and depth < MAX_NESTING:
            form = _named(resources, "/XObject", operands[-1].decode("latin-1"))
            if isinstance(form, generic.StreamObject) and form["/Subtype"] == "/Form":
                yield from _form_text(form, resources, left, depth + 1)
        operands.clear()


def _tokens(content: bytes) -> Iterator[bytes]:
    """Yield strings, names and instructions; a string without an end is the end."""
    position = 0
    while found := TOKEN.search(content, position):
        position = found.end()
        if found[0] == b"(":
            position = _end_of_string(content, position)
            if position < 0:
                return
        yield content[found.start() : position]


def _end_of_string(content: bytes, start: int) -> int:
    """Return where the string that was opened before `start` ends, -1 when it does not."""
    depth = 1
    for found in IN_STRING.finditer(content, start):
        depth += {b"(": 1, b")": -1}.get(found[0], 0)
        if not depth:
            return found.end()
    return -1


def _without_images(content: bytes) -> bytes:
    """Leave out pictures that stand among the instructions, each from ID to the next EI."""
    kept: list[bytes] = []
    position = 0
    while found := INLINE_IMAGE.search(content, position):
        end = content.find(b"EI", found.end())
        if end < 0:
            break
        kept.append(content[position : found.start()])
        position = end + 2
    return b"".join((*kept, content[position:]))


def _named(resources: Any, kind: str, name: str) -> Any:
    if resources is None or kind not in resources or name not in resources[kind]:
        return None
    return resources[kind][name]


def _decoders(resources: Any, left: list[int]) -> Callable[[str], Decoder]:
    """Return what gives the decoder of a font by its name, made when it is first asked for."""
    known: dict[str, Decoder] = {}

    def of(name: str) -> Decoder:
        if name not in known:
            font = _named(resources, "/Font", name)
            known[name] = _plain if font is None else _decoder(font, left)
        return known[name]

    return of


def _decoder(font: Any, left: list[int]) -> Decoder:
    if "/ToUnicode" not in font or not isinstance(font["/ToUnicode"], generic.StreamObject):
        return _plain
    table = _decoded(font["/ToUnicode"], left)
    width = WIDTH.search(table)
    step = len(width[1]) // 2 if width else (2 if font["/Subtype"] == "/Type0" else 1)
    letters = _letters(table)

    def decode(codes: bytes) -> str:
        places = range(0, len(codes), max(step, 1))
        return "".join(letters.get(int.from_bytes(codes[i : i + step]), "") for i in places)

    return decode


def _letters(table: bytes) -> dict[int, str]:
    """Read a ToUnicode map (ISO 32000-1, 9.10.3): code to text."""
    letters: dict[int, str] = {}
    for kind, body in _sections(table):
        if kind == b"bfchar":
            letters |= {int(code, 16): _utf16(text) for code, text in PAIR.findall(body)}
            continue
        for first, last, start, several in RANGE.findall(body):
            low, high = int(first, 16), int(last, 16)
            if several:
                texts = re.findall(rb"<([0-9A-Fa-f]+)>", several)
                letters |= {low + i: _utf16(text) for i, text in enumerate(texts)}
            elif 0 <= high - low <= MAX_MAP - len(letters):
                base = min(int(start, 16), sys.maxunicode - (high - low))
                letters |= {code: chr(base + code - low) for code in range(low, high + 1)}
    return letters


def _sections(table: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Yield the sections of a map: bfchar or bfrange, and what stands in it."""
    for part in table.split(b"begin")[1:]:
        body = part.partition(b"end")[0]
        for kind in (b"bfchar", b"bfrange"):
            if body.startswith(kind):
                yield kind, body.removeprefix(kind)


def _utf16(text: bytes) -> str:
    return bytes.fromhex(text[:LIGATURE].decode("ascii")).decode("utf-16-be", "replace")


def _plain(codes: bytes) -> str:
    """Decode what has no map as Russian programs of old wrote it."""
    return codes.decode("cp1251", "replace")


def _string(token: bytes) -> bytes:
    if token[:1] == b"<":
        digits = re.sub(rb"\s", b"", token[1:-1]).decode("ascii")
        return bytes.fromhex(digits + "0" * (len(digits) % 2))
    return ESCAPE.sub(_unescaped, token[1:-1])


def _unescaped(found: re.Match[bytes]) -> bytes:
    said = found[1]
    if said[:1] in b"01234567":
        return bytes([int(said, 8) & 0xFF])
    return ESCAPED.get(said, said)


def _decoded(stream: Any, left: list[int]) -> bytes:
    """Return the content of a stream, cut off at MAX_STREAM; b"" for filters other than Flate."""
    if not isinstance(stream, generic.StreamObject):
        return b""
    filters = entry(stream, "/Filter", [])
    names = [filters] if isinstance(filters, generic.NameObject) else list(filters)
    most = min(MAX_STREAM, left[0])
    encoded = bytes(stream.encoded_data[: 2 * most])
    if not names:
        content = encoded[:most]
    elif names == ["/FlateDecode"] and most:
        content = zlib.decompressobj().decompress(encoded, most)
    else:
        content = b""
    left[0] -= len(content)
    return content
