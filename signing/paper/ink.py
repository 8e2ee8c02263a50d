"""Where a page is blank: the page is looked at, because no parser knows what will be seen."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass

from signing.errors import SigningError
from signing.words import N_

PIXELS = 420
"""The longer side of the picture that is looked at: 0.7 mm of A4 in a pixel."""

SECONDS = 60
MAX_PICTURES = 256 * 1024 * 1024
BLANK = 250
PGM = re.compile(rb"P5\s+(\d+)\s+(\d+)\s+255\s")


class PageLookError(SigningError):
    """The PDF could not be drawn, or not in the time given."""

    code = "paper.look"
    msgid = N_("The pages of the document cannot be drawn. Check that the PDF file opens.")


@dataclass(frozen=True)
class PageInk:
    """A page in grey, as it is shown: `pixels` row by row from the top, 255 is white."""

    columns: int
    rows: int
    pixels: bytes

    def blank_bottom(self) -> float:
        """Return which part of the height, from the bottom, has nothing on it."""
        for blank in range(self.rows):
            end = (self.rows - blank) * self.columns
            if min(self.pixels[end - self.columns : end]) < BLANK:
                return blank / self.rows
        return 1.0


def look_at_pages(pdf: bytes) -> list[PageInk]:
    """Return each page as it is seen, drawn by poppler; raises PageLookError.

    The pictures are small and bounded, the time is SECONDS at most.
    """
    command = ["pdftoppm", "-q", "-gray", "-cropbox", "-scale-to", str(PIXELS), "-"]
    try:
        drawn = subprocess.run(  # noqa: S603 - a fixed command, the document goes in by stdin
            command, input=pdf, capture_output=True, timeout=SECONDS, check=True
        )
    except (subprocess.SubprocessError, OSError) as error:
        raise PageLookError from error
    pages = list(_pictures(drawn.stdout))
    if not pages:
        raise PageLookError
    return pages


def _pictures(pgm: bytes) -> Iterator[PageInk]:
    if len(pgm) > MAX_PICTURES:
        raise PageLookError
    at = 0
    while header := PGM.match(pgm, at):
        columns, rows = int(header[1]), int(header[2])
        at = header.end() + columns * rows
        yield PageInk(columns, rows, pgm[header.end() : at])
