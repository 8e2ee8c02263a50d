"""The text that the pages of a PDF show, as far as it is kept as text, within bounds.

Enough to find a phrase: order follows the page's own instructions, white space means nothing.
Pictures and outlines of letters are not read.
"""

from __future__ import annotations

import re
import struct
import sys
import zlib
from binascii import unhexlify
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
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
#: Strings, names, and the instructions that show text or take strings; nothing else is looked at.
#: What most programs write is taken in one piece: an array of hexadecimal strings and shifts, the
#: number of a marked part (a name to us).
TOKEN = re.compile(
    rb"\[(?:[\s\d.+-]++|<[0-9A-Fa-f\s]*+>)*+\]|/\w++<</MCID \d++>>BDC|"
    rb"\((?:[^()\\]++|\\.)*+\)|\(|<(?!<)[0-9A-Fa-f\s]*>|/[^\s()<>\[\]{}/%]*"
    rb"|(?<![A-Za-z0-9])(?:T[jJf]|Do|BDC|DP)(?![A-Za-z0-9])|['\"]",
    re.DOTALL,
)
OPERANDS = b"[(</"
HEX = re.compile(rb"<([0-9A-Fa-f\s]*)>")
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
Decoder = Callable[[list[bytes]], str]
"""Gives the text of the strings that one instruction shows."""


@dataclass
class _Reading:
    """What reading one file goes along with: how many bytes more, and the fonts seen so far."""

    left: int = MAX_DECODED
    fonts: dict[Any, Decoder] = field(default_factory=dict)


def page_texts(reader: PdfFileReader) -> Iterator[str]:
    """Yield the text of each page with that of what is laid over it; "" for what is unreadable."""
    reading = _Reading()
    pages = _pages(reader)
    while True:
        try:
            page = next(pages, None)
            if page is None:
                return
            text = "".join(_page_text(page, reading))
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


def _page_text(page: tuple[Any, Any], reading: _Reading) -> Iterator[str]:
    node, resources = page
    contents = entry(node, "/Contents", ())
    parts = [contents] if isinstance(contents, generic.StreamObject) else list(contents)
    shown = b"\n".join(_decoded(each.get_object(), reading) for each in parts)
    yield from _text(shown, resources, reading, 0)
    for reference in entry(node, "/Annots", ()):
        laid = reference.get_object()
        appearance = laid["/AP"]["/N"] if "/AP" in laid and "/N" in laid["/AP"] else None
        if isinstance(appearance, generic.StreamObject):
            yield from _form_text(appearance, resources, reading, 1)


def _form_text(form: Any, above: Any, reading: _Reading, depth: int) -> Iterator[str]:
    own = entry(form, "/Resources", above)
    yield from _text(_decoded(form, reading), own, reading, depth)


def _text(content: bytes, resources: Any, reading: _Reading, depth: int) -> Iterator[str]:
    """Run through the instructions of a page or form, keeping strings, fonts and forms alone."""
    fonts = _decoders(resources, reading)
    decode: Decoder = _plain
    operands: list[bytes] = []
    for token in _tokens(_without_images(content)):
        if token[0] in OPERANDS:
            operands.append(token)
            continue
        if token in SHOWING:
            yield decode([string for each in operands for string in _strings(each)])
        elif token == b"Tf" and operands:
            decode = fonts(operands[-1].decode("latin-1"))
        elif token == b"Do" and operands and depth < MAX_NESTING:
            form = _named(resources, "/XObject", operands[-1].decode("latin-1"))
            if isinstance(form, generic.StreamObject) and form["/Subtype"] == "/Form":
                yield from _form_text(form, resources, reading, depth + 1)
        operands.clear()


def _tokens(content: bytes) -> Iterator[bytes]:
    """Yield strings, names and instructions; a string without an end is the end."""
    end = 0
    for found in TOKEN.finditer(content):
        if found.start() < end:
            continue
        token = found[0]
        if token == b"(":
            # One with parentheses inside: the expression does not count them.
            end = _end_of_string(content, found.end())
            if end < 0:
                return
            token = content[found.start() : end]
        yield token


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


def _decoders(resources: Any, reading: _Reading) -> Callable[[str], Decoder]:
    """Return what gives the decoder of a font by its name, made once for all pages."""
    known: dict[str, Decoder] = {}

    def of(name: str) -> Decoder:
        if name not in known:
            known[name] = _font(resources, name, reading)
        return known[name]

    return of


def _font(resources: Any, name: str, reading: _Reading) -> Decoder:
    font = _named(resources, "/Font", name)
    if font is None:
        return _plain
    named = resources["/Font"].raw_get(name)
    if not isinstance(named, generic.IndirectObject):
        return _decoder(font, reading)
    where = named.reference
    if where not in reading.fonts:
        reading.fonts[where] = _decoder(font, reading)
    return reading.fonts[where]


def _decoder(font: Any, reading: _Reading) -> Decoder:
    if "/ToUnicode" not in font or not isinstance(font["/ToUnicode"], generic.StreamObject):
        return _plain
    table = _decoded(font["/ToUnicode"], reading)
    width = WIDTH.search(table)
    step = len(width[1]) // 2 if width else (2 if font["/Subtype"] == "/Type0" else 1)
    letters = _letters(table)

    def decode(strings: list[bytes]) -> str:
        whole = [b"".join(strings)] if step <= 1 else strings
        return "".join("".join(map(letters.__getitem__, _codes(each, step))) for each in whole)

    return decode


def _codes(string: bytes, step: int) -> Iterable[int]:
    """Return the codes of `step` bytes each; what is left over at the end is one, too."""
    if step == 2 and len(string) % 2 == 0:
        return [code for (code,) in struct.iter_unpack(">H", string)]
    if step <= 1:
        return string
    return [int.from_bytes(string[i : i + step]) for i in range(0, len(string), step)]


class _Letters(dict[int, str]):
    """Code to text; what is not there is no text."""

    def __missing__(self, code: int) -> str:
        return ""


def _letters(table: bytes) -> _Letters:
    """Read a ToUnicode map (ISO 32000-1, 9.10.3)."""
    letters = _Letters()
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


def _plain(strings: list[bytes]) -> str:
    """Decode what has no map as Russian programs of old wrote it."""
    return b"".join(strings).decode("cp1251", "replace")


def _strings(token: bytes) -> list[bytes]:
    """Return the strings of an operand: one, those of an array, none of a name."""
    if token[:1] == b"[":
        return [_of_digits(digits) for digits in HEX.findall(token)]
    return [] if token[:1] == b"/" else [_string(token)]


def _of_digits(written: bytes) -> bytes:
    try:
        return unhexlify(written)
    except ValueError:  # white space among them, or an odd number of them
        digits = b"".join(written.split())
        return unhexlify(digits + b"0" * (len(digits) % 2))


def _string(token: bytes) -> bytes:
    if token[:1] == b"<":
        return _of_digits(token[1:-1])
    return ESCAPE.sub(_unescaped, token[1:-1]) if b"\\" in token else token[1:-1]


def _unescaped(found: re.Match[bytes]) -> bytes:
    said = found[1]
    if said[:1] in b"01234567":
        return bytes([int(said, 8) & 0xFF])
    return ESCAPED.get(said, said)


def _decoded(stream: Any, reading: _Reading) -> bytes:
    """Return the content of a stream, cut off at MAX_STREAM; b"" for filters other than Flate."""
    if not isinstance(stream, generic.StreamObject):
        return b""
    filters = entry(stream, "/Filter", [])
    names = [filters] if isinstance(filters, generic.NameObject) else list(filters)
    most = min(MAX_STREAM, reading.left)
    encoded = bytes(stream.encoded_data[: 2 * most])
    if not names:
        content = encoded[:most]
    elif names == ["/FlateDecode"] and most:
        content = zlib.decompressobj().decompress(encoded, most)
    else:
        content = b""
    reading.left -= len(content)
    return content
