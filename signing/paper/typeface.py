"""One TrueType font: measured, and cut down to the glyphs that a file uses.

Only what PDF needs of a font program is kept (ISO 32000-1, 9.9, table 126). Glyph numbers stay
as they are, so that text is written by glyph number (Identity-H) without renumbering.
"""

from __future__ import annotations

import struct
import unicodedata
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from signing.errors import SigningError
from signing.words import N_

FOLDER = Path("/usr/share/fonts/truetype/paratype")
"""Where Debian's and Ubuntu's package fonts-paratype puts the faces."""

KEPT_TABLES = ("cvt ", "fpgm", "glyf", "head", "hhea", "hmtx", "loca", "maxp", "prep")
CHECKSUM_MAGIC = 0xB1B0AFBA
ARGUMENTS_ARE_WORDS, HAS_SCALE, MORE_COMPONENTS, HAS_XY_SCALE, HAS_MATRIX = 1, 8, 32, 64, 128
SPACES = str.maketrans({"\u00a0": " ", "\u202f": " ", "\t": " ", "\n": " ", "\r": " "})
UNKNOWN = "?"


class TypefaceMissingError(SigningError):
    """The font file is not on this machine."""

    code = "paper.typeface"
    msgid = N_("The typeface {name} is missing. Install the package fonts-paratype.")


@dataclass(frozen=True)
class Typeface:
    """A font: `glyphs` by character code, `advances` by glyph number in thousandths of the size.

    `bbox`, `ascent`, `descent` and `cap_height` are in thousandths of the size as well.
    """

    name: str
    tables: Mapping[str, bytes]
    glyphs: Mapping[int, int]
    advances: tuple[float, ...]
    bbox: tuple[float, float, float, float]
    ascent: float
    descent: float
    cap_height: float

    def glyph_run(self, text: str) -> list[tuple[int, str]]:
        """Return glyph number and character for each character that shows.

        Characters outside the face come out as a question mark; control characters not at all.
        """
        shown = unicodedata.normalize("NFC", text).translate(SPACES)
        run = []
        for character in shown:
            if unicodedata.category(character) in ("Cc", "Cf"):
                continue
            glyph = self.glyphs.get(ord(character))
            if glyph is None:
                character, glyph = UNKNOWN, self.glyphs[ord(UNKNOWN)]
            run.append((glyph, character))
        return run

    def width(self, text: str, size: float) -> float:
        """Return the width of `text` in points when it is set in `size` points."""
        return sum(self.advances[glyph] for glyph, _ in self.glyph_run(text)) * size / 1000

    def subset(self, used: Collection[int]) -> bytes:
        """Return a font program that draws the `used` glyphs and leaves the others empty."""
        offsets = _glyph_offsets(self.tables)
        glyf = self.tables["glyf"]
        kept = _with_components(glyf, offsets, {0, *used})
        outlines, starts = bytearray(), []
        for glyph in range(len(offsets) - 1):
            starts.append(len(outlines))
            if glyph in kept:
                outlines += glyf[offsets[glyph] : offsets[glyph + 1]]
                outlines += bytes(-len(outlines) % 4)
        starts.append(len(outlines))
        head = bytearray(self.tables["head"])
        head[8:12] = bytes(4)
        head[50:52] = struct.pack(">h", 1)  # glyph offsets are written as 32-bit numbers
        cut = {
            "glyf": bytes(outlines),
            "loca": struct.pack(f">{len(starts)}I", *starts),
            "head": bytes(head),
        }
        return _font_program(
            {tag: self.tables[tag] for tag in KEPT_TABLES if tag in self.tables} | cut
        )


@cache
def load_typeface(file_name: str, name: str) -> Typeface:
    """Read a face of FOLDER; `name` is its PostScript name. Raises TypefaceMissingError."""
    path = FOLDER / file_name
    if not path.is_file():
        raise TypefaceMissingError(name=name)
    tables = _tables(path.read_bytes())
    (units,) = _numbers(tables["head"], 18, 1)
    scale = 1000 / units
    bbox = struct.unpack(">4h", tables["head"][36:44])
    ascent, descent = struct.unpack(">2h", tables["hhea"][4:8])
    cap_height = struct.unpack(">h", tables["OS/2"][88:90])[0]
    return Typeface(
        name=name,
        tables=tables,
        glyphs=_unicode_map(tables["cmap"]),
        advances=tuple(advance * scale for advance in _advances(tables)),
        bbox=(bbox[0] * scale, bbox[1] * scale, bbox[2] * scale, bbox[3] * scale),
        ascent=ascent * scale,
        descent=descent * scale,
        cap_height=cap_height * scale,
    )


def _tables(program: bytes) -> dict[str, bytes]:
    (count,) = _numbers(program, 4, 1)
    tables = {}
    for record in range(12, 12 + 16 * count, 16):
        tag, _, offset, length = struct.unpack(">4sIII", program[record : record + 16])
        tables[tag.decode("ascii")] = program[offset : offset + length]
    return tables


def _advances(tables: Mapping[str, bytes]) -> list[int]:
    (glyphs,) = _numbers(tables["maxp"], 4, 1)
    (measured,) = _numbers(tables["hhea"], 34, 1)
    advances = _numbers(tables["hmtx"], 0, 2 * measured)[::2]  # each with a side bearing
    return [*advances, *advances[-1:] * (glyphs - measured)]


def _unicode_map(cmap: bytes) -> dict[int, int]:
    """Read the Windows Unicode subtable (platform 3, encoding 1, format 4)."""
    for record in range(4, 4 + 8 * _numbers(cmap, 2, 1)[0], 8):
        platform, encoding, start = struct.unpack(">HHI", cmap[record : record + 8])
        if (platform, encoding) == (3, 1):
            return _segments(cmap[start:])
    raise ValueError("the font has no Unicode map")


def _segments(table: bytes) -> dict[int, int]:
    count = _numbers(table, 6, 1)[0] // 2
    at = 16 + 2 * count
    ends = _numbers(table, 14, count)
    firsts = _numbers(table, at, count)
    deltas = _numbers(table, at + 2 * count, count)
    offsets_at = at + 4 * count
    offsets = _numbers(table, offsets_at, count)
    glyphs = {}
    for segment, (first, end) in enumerate(zip(firsts, ends, strict=True)):
        for code in range(first, min(end, 0xFFFE) + 1):
            glyph = code
            if offsets[segment]:
                place = offsets_at + 2 * segment + offsets[segment] + 2 * (code - first)
                (glyph,) = _numbers(table, place, 1)
            if glyph:
                glyphs[code] = (glyph + deltas[segment]) & 0xFFFF
    return glyphs


def _glyph_offsets(tables: Mapping[str, bytes]) -> list[int]:
    loca = tables["loca"]
    if struct.unpack(">h", tables["head"][50:52])[0] == 1:
        return list(struct.unpack(f">{len(loca) // 4}I", loca))
    return [2 * half for half in _numbers(loca, 0, len(loca) // 2)]


def _with_components(glyf: bytes, offsets: list[int], wanted: set[int]) -> set[int]:
    kept: set[int] = set()
    waiting = list(wanted)
    while waiting:
        glyph = waiting.pop()
        if glyph not in kept:
            kept.add(glyph)
            waiting += _components(glyf[offsets[glyph] : offsets[glyph + 1]])
    return kept


def _components(outline: bytes) -> list[int]:
    """Return the glyphs that a composite outline is put together from."""
    if not outline or struct.unpack(">h", outline[:2])[0] >= 0:
        return []
    parts, at, flags = [], 10, MORE_COMPONENTS
    while flags & MORE_COMPONENTS:
        flags, glyph = _numbers(outline, at, 2)
        parts.append(glyph)
        at += 8 if flags & ARGUMENTS_ARE_WORDS else 6
        scales = ((HAS_SCALE, 2), (HAS_XY_SCALE, 4), (HAS_MATRIX, 8))
        at += sum(length for flag, length in scales if flags & flag)
    return parts


def _font_program(tables: Mapping[str, bytes]) -> bytes:
    power = len(tables).bit_length() - 1
    search = 16 * 2**power
    header = struct.pack(
        ">IHHHH", 0x00010000, len(tables), search, power, 16 * len(tables) - search
    )
    directory, body, start = b"", b"", 12 + 16 * len(tables)
    for tag, table in sorted(tables.items()):
        offset = start + len(body)
        directory += struct.pack(">4sIII", tag.encode(), _checksum(table), offset, len(table))
        body += table + bytes(-len(table) % 4)
    program = header + directory + body
    adjustment = (CHECKSUM_MAGIC - _checksum(program)) & 0xFFFFFFFF
    head_at = start + _position(tables, "head") + 8
    return program[:head_at] + struct.pack(">I", adjustment) + program[head_at + 4 :]


def _position(tables: Mapping[str, bytes], wanted: str) -> int:
    return sum(len(table) + -len(table) % 4 for tag, table in tables.items() if tag < wanted)


def _numbers(table: bytes, at: int, count: int) -> tuple[int, ...]:
    """Return `count` unsigned 16-bit numbers of `table`."""
    return struct.unpack_from(f">{count}H", table, at)


def _checksum(block: bytes) -> int:
    padded = block + bytes(-len(block) % 4)
    words: tuple[int, ...] = struct.unpack(f">{len(padded) // 4}I", padded)
    return sum(words) & 0xFFFFFFFF
