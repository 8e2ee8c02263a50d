"""PDF files made for the tests, and what poppler reads out of a PDF."""

from __future__ import annotations

import io
import re
import subprocess
from dataclasses import dataclass
from html import unescape

from pyhanko.pdf_utils.generic import pdf_name
from pyhanko.pdf_utils.reader import PdfFileReader

from signing.paper.canvas import A4, MM, Canvas, Face, font_resources
from signing.paper.file import written
from signing.paper.objects import append_page, array, dictionary, new_file, stream

BOX = " ".join(f'{edge}="([-\\d.]+)"' for edge in ("xMin", "yMin", "xMax", "yMax"))
WORD = f"<word {BOX}>(.*?)</word>"


@dataclass(frozen=True)
class Word:
    """A word with its box in points from the upper left corner of the page as it is shown."""

    left: float
    top: float
    right: float
    bottom: float
    text: str

    def overlaps(self, other: Word) -> bool:
        across = min(self.right, other.right) - max(self.left, other.left)
        down = min(self.bottom, other.bottom) - max(self.top, other.top)
        # Boxes are as high as the face, not as the letters: neighbouring lines touch.
        return across > 0.5 and down > 0.3 * min(self.bottom - self.top, other.bottom - other.top)


@dataclass(frozen=True)
class Page:
    """A page as poppler sees it."""

    width: float
    height: float
    words: tuple[Word, ...]

    @property
    def text(self) -> str:
        return " ".join(word.text for word in self.words)

    def overlapping(self) -> list[tuple[str, str]]:
        return [
            (word.text, other.text)
            for place, word in enumerate(self.words)
            for other in self.words[place + 1 :]
            if word.overlaps(other)
        ]


def typed(
    *pages: list[float],
    size: tuple[float, float] = A4,
    rotate: int = 0,
    crop: tuple[float, float, float, float] | None = None,
) -> bytes:
    """Return a PDF; each page is given by the heights (mm from its bottom) of its lines."""
    writer = new_file()
    canvases = []
    for page_number, heights in enumerate(pages, start=1):
        canvas = Canvas()
        for height in heights:
            words = f"Лист {page_number}, строка на высоте {height:g} мм до края страницы"
            canvas.text(30 * MM, height * MM, words, Face.REGULAR, 12)
        canvases.append(canvas)
    fonts = font_resources(writer, canvases)
    for canvas in canvases:
        append_page(writer, stream(canvas.content()), size, dictionary({"/Font": fonts}))
    for kid in writer.root["/Pages"]["/Kids"]:
        page = kid.get_object()
        page[pdf_name("/Rotate")] = array([rotate])[0]
        if crop:
            page[pdf_name("/CropBox")] = array(crop)
    return written(writer, "Проба")


def full_page(down_to: float = 21) -> list[float]:
    """Return the heights of lines from the top of an A4 page down to `down_to` mm."""
    return [*range(270, int(down_to) + 8, -8), down_to]


def read_pages(pdf: bytes) -> list[Page]:
    """Return the words of each page with their places."""
    html = subprocess.run(
        ["pdftotext", "-bbox", "-cropbox", "-", "-"],
        input=pdf, capture_output=True, timeout=60, check=True,
    ).stdout.decode()  # fmt: skip
    pages = []
    for (width, height, body), turn in zip(
        re.findall(r'<page width="([\d.]+)" height="([\d.]+)">(.*?)</page>', html, re.DOTALL),
        turns(pdf),
        strict=True,
    ):
        if turn % 180:  # poppler turns the words but not the size
            width, height = height, width
        found = re.findall(WORD, body)
        words = tuple(Word(*map(float, box), unescape(text)) for *box, text in found)
        pages.append(Page(float(width), float(height), words))
    return pages


def turns(pdf: bytes) -> list[int]:
    """Return by how many degrees each page is turned for showing."""
    kids = PdfFileReader(io.BytesIO(pdf)).root["/Pages"]["/Kids"]
    return [int(kid.get_object().get("/Rotate", 0)) for kid in kids]


def grey(pdf: bytes, dpi: int, page: int = 1) -> list[bytes]:
    """Return the rows of pixels of a page drawn at `dpi`; 0 is black."""
    drawn = subprocess.run(
        ["pdftoppm", "-gray", "-r", str(dpi), "-f", str(page), "-l", str(page), "-"],
        input=pdf, capture_output=True, timeout=60, check=True,
    ).stdout  # fmt: skip
    header = re.match(rb"P5\s+(\d+)\s+(\d+)\s+255\s", drawn)
    assert header
    columns, rows = int(header[1]), int(header[2])
    pixels = drawn[header.end() :]
    return [pixels[row * columns : (row + 1) * columns] for row in range(rows)]
