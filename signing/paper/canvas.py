"""What is drawn on one page, in points from the lower left corner, and how it becomes PDF."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from enum import Enum

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.generic import pdf_name, pdf_string
from pyhanko.pdf_utils.writer import BasePdfFileWriter

from signing.paper.objects import Plain, array, dictionary, stream
from signing.paper.typeface import Typeface, load_typeface

MM = 72 / 25.4
"""Points in a millimetre."""

A4 = (210 * MM, 297 * MM)


class Face(Enum):
    """The faces in use: resource name, file of fonts-paratype, PostScript name."""

    REGULAR = ("MarshrutSans", "PTS55F.ttf", "PTSans-Regular")
    BOLD = ("MarshrutSansBold", "PTS75F.ttf", "PTSans-Bold")

    @property
    def typeface(self) -> Typeface:
        """Return the font behind the face; raises TypefaceMissingError."""
        return load_typeface(self.value[1], self.value[2])


class Canvas:
    """Collects drawing operators and remembers which glyphs they need."""

    def __init__(self) -> None:
        self.operators: list[str] = []
        self.used: dict[Face, dict[int, str]] = {}

    def text(
        self, x: float, y: float, words: str, face: Face, size: float, grey: float = 0
    ) -> None:
        """Write one line whose baseline begins at (x, y)."""
        run = face.typeface.glyph_run(words)
        if not run:
            return
        self.used.setdefault(face, {}).update(run)
        codes = "".join(f"{glyph:04X}" for glyph, _ in run)
        self.operators.append(
            f"BT {grey:.2f} g /{face.value[0]} {size:.2f} Tf {x:.2f} {y:.2f} Td <{codes}> Tj ET"
        )

    def centred(
        self, x: float, y: float, words: str, face: Face, size: float, grey: float = 0
    ) -> None:
        """Write one line whose middle is at x."""
        self.text(x - face.typeface.width(words, size) / 2, y, words, face, size, grey)

    def right(self, x: float, y: float, words: str, face: Face, size: float) -> None:
        """Write one line that ends at x."""
        self.text(x - face.typeface.width(words, size), y, words, face, size)

    def line(self, x1: float, y1: float, x2: float, y2: float, width: float = 0.5) -> None:
        """Draw a straight line."""
        self.operators.append(f"{width:.2f} w {x1:.2f} {y1:.2f} m {x2:.2f} {y2:.2f} l S")

    def frame(
        self, x: float, y: float, width: float, height: float, line: float, dash: str = ""
    ) -> None:
        """Draw a rectangle; `dash` is a PDF dash array such as "3 2"."""
        self.operators.append(
            f"q [{dash}] 0 d {line:.2f} w {x:.2f} {y:.2f} {width:.2f} {height:.2f} re S Q"
        )

    def area(self, x: float, y: float, width: float, height: float, grey: float) -> None:
        """Fill a rectangle; `grey` runs from 0 (black) to 1 (white)."""
        self.operators.append(f"q {grey:.2f} g {x:.2f} {y:.2f} {width:.2f} {height:.2f} re f Q")

    def squares(self, x: float, top: float, side: float, matrix: Iterable[Iterable[int]]) -> None:
        """Fill the dark modules of a symbol (QR) that hangs from (x, top)."""
        rows = [list(row) for row in matrix]
        module = side / len(rows)
        runs = [
            f"{x + start * module:.3f} {top - (row + 1) * module:.3f} "
            f"{length * module:.3f} {module:.3f} re"
            for row, modules in enumerate(rows)
            for start, length in _dark_runs(modules)
        ]
        self.operators.append(f"q 0 g {' '.join(runs)} f Q")

    def content(self) -> bytes:
        """Return the content stream."""
        return "\n".join(self.operators).encode("ascii")


def _dark_runs(modules: Sequence[int]) -> list[tuple[int, int]]:
    runs: list[tuple[int, int]] = []
    for column, dark in enumerate(modules):
        if dark and runs and sum(runs[-1]) == column:
            runs[-1] = (runs[-1][0], runs[-1][1] + 1)
        elif dark:
            runs.append((column, 1))
    return runs


def font_resources(
    writer: BasePdfFileWriter, canvases: Iterable[Canvas]
) -> generic.DictionaryObject:
    """Embed what `canvases` use, each face once, and return the /Font resources for all."""
    used: dict[Face, dict[int, str]] = {}
    for canvas in canvases:
        for face, characters in canvas.used.items():
            used.setdefault(face, {}).update(characters)
    return dictionary(
        {
            f"/{face.value[0]}": _embed(writer, face.typeface, characters)
            for face, characters in used.items()
        }
    )


def _embed(
    writer: BasePdfFileWriter, typeface: Typeface, characters: dict[int, str]
) -> generic.IndirectObject:
    name = pdf_name(f"/MARSHR+{typeface.name}")
    system: dict[str, Plain] = {
        "/Registry": pdf_string("Adobe"),
        "/Ordering": pdf_string("Identity"),
        "/Supplement": 0,
    }
    descendant: dict[str, Plain] = {
        "/Type": pdf_name("/Font"),
        "/Subtype": pdf_name("/CIDFontType2"),
        "/BaseFont": name,
        "/CIDSystemInfo": dictionary(system),
        "/CIDToGIDMap": pdf_name("/Identity"),
        "/W": _widths(typeface, characters),
        "/FontDescriptor": writer.add_object(_descriptor(writer, typeface, name, characters)),
    }
    font: dict[str, Plain] = {
        "/Type": pdf_name("/Font"),
        "/Subtype": pdf_name("/Type0"),
        "/BaseFont": name,
        "/Encoding": pdf_name("/Identity-H"),
        "/DescendantFonts": array([writer.add_object(dictionary(descendant))]),
        "/ToUnicode": writer.add_object(stream(_to_unicode(characters))),
    }
    return writer.add_object(dictionary(font))


def _descriptor(
    writer: BasePdfFileWriter,
    typeface: Typeface,
    name: generic.NameObject,
    characters: dict[int, str],
) -> generic.DictionaryObject:
    program = typeface.subset(characters)
    file = writer.add_object(stream(program, {"/Length1": len(program)}))
    return dictionary(
        {
            "/Type": pdf_name("/FontDescriptor"),
            "/FontName": name,
            "/Flags": 4,  # a font with glyphs outside the standard Latin set
            "/FontBBox": array(round(edge) for edge in typeface.bbox),
            "/ItalicAngle": 0,
            "/Ascent": round(typeface.ascent),
            "/Descent": round(typeface.descent),
            "/CapHeight": round(typeface.cap_height),
            "/StemV": 80,
            "/FontFile2": file,
        }
    )


def _widths(typeface: Typeface, characters: dict[int, str]) -> generic.ArrayObject:
    """Return glyph number and advance of each glyph in use (ISO 32000-1, 9.7.4.3)."""
    return array(
        entry
        for glyph in sorted(characters)
        for entry in (glyph, array([round(typeface.advances[glyph])]))
    )


def _to_unicode(characters: dict[int, str]) -> bytes:
    """Return the map that lets a reader search and copy the text (ISO 32000-1, 9.10.3)."""
    lines = [
        f"<{glyph:04X}> <{character.encode('utf-16-be').hex().upper()}>"
        for glyph, character in sorted(characters.items())
    ]
    blocks = [lines[start : start + 100] for start in range(0, len(lines), 100)]
    body = "".join(
        f"{len(block)} beginbfchar\n" + "\n".join(block) + "\nendbfchar\n" for block in blocks
    )
    return (
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap\n"
        "/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def\n"
        "/CMapName /Adobe-Identity-UCS def /CMapType 2 def\n"
        "1 begincodespacerange <0000> <FFFF> endcodespacerange\n"
        f"{body}endcmap CMapName currentdict /CMap defineresource pop end end\n"
    ).encode("ascii")
