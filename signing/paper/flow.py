"""Text that flows down A4 sheets: headings, paragraphs, lists of facts, tables."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from signing.paper.canvas import A4, MM, Canvas, Face
from signing.paper.wrap import wrap

LEADING = 1.28
PADDING = 1.4 * MM
RULE = 0.4


@dataclass(frozen=True)
class Margins:
    """Blank edges of the sheet in millimetres."""

    left: float = 20
    right: float = 10
    top: float = 20
    bottom: float = 20


@dataclass(frozen=True)
class Column:
    """A column of a table: its heading and its share of the width."""

    heading: str
    share: float


class Flow:
    """Writes from the top of a sheet downwards and begins a new one when it is full."""

    def __init__(self, margins: Margins | None = None) -> None:
        self.margins = margins or Margins()
        self.left = self.margins.left * MM
        self.width = A4[0] - self.left - self.margins.right * MM
        self.floor = self.margins.bottom * MM
        self.sheets: list[Canvas] = []
        self.y = 0.0
        self.new_sheet()

    @property
    def canvas(self) -> Canvas:
        """Return the sheet that is being written."""
        return self.sheets[-1]

    @property
    def room(self) -> float:
        """Return how many points are left on the sheet."""
        return self.y - self.floor

    def new_sheet(self) -> None:
        """Begin another sheet."""
        self.sheets.append(Canvas())
        self.y = A4[1] - self.margins.top * MM

    def keep_together(self, height: float) -> None:
        """Begin another sheet unless `height` points are left on this one."""
        if self.room < height:
            self.new_sheet()

    def gap(self, millimetres: float) -> None:
        """Leave some room."""
        self.y -= millimetres * MM

    def title(self, words: str, size: float = 14) -> None:
        """Write a centred heading of the whole sheet."""
        for line in wrap(words, Face.BOLD, size, self.width):
            self.keep_together(size * LEADING)
            self.y -= size * LEADING
            self.canvas.centred(self.left + self.width / 2, self.y, line, Face.BOLD, size)

    def heading(self, words: str, size: float = 11.5, followed_by: float = 25 * MM) -> None:
        """Write a heading that stays with at least `followed_by` points of what follows."""
        self.keep_together(size * LEADING + followed_by)
        self.paragraph(words, Face.BOLD, size)
        self.gap(1.2)

    def paragraph(self, words: str, face: Face = Face.REGULAR, size: float = 10) -> None:
        """Write a paragraph, flush left."""
        for line in wrap(words, face, size, self.width):
            self.keep_together(size * LEADING)
            self.y -= size * LEADING
            self.canvas.text(self.left, self.y, line, face, size)

    def facts(self, facts: Sequence[tuple[str, str]], size: float = 10, share: float = 0.3) -> None:
        """Write names of facts on the left, the facts beside them, a thin rule under each."""
        name_width = self.width * share
        for name, value in facts:
            names = wrap(name, Face.REGULAR, size, name_width - PADDING)
            values = wrap(value, Face.BOLD, size, self.width - name_width)
            while names or values:
                height = max(len(names), len(values)) * size * LEADING + PADDING
                self.keep_together(min(height, self._sheet_height()))
                fit = max(1, int((self.room - PADDING) / (size * LEADING)))
                self._lines(names[:fit], self.left, Face.REGULAR, size)
                self._lines(values[:fit], self.left + name_width, Face.BOLD, size)
                self.y -= min(height, fit * size * LEADING + PADDING)
                names, values = names[fit:], values[fit:]
            self.canvas.line(self.left, self.y, self.left + self.width, self.y, RULE / 2)

    def boxed(self, words: str, face: Face = Face.BOLD, size: float = 11) -> None:
        """Write a paragraph in a frame."""
        lines = wrap(words, face, size, self.width - 4 * PADDING)
        height = len(lines) * size * LEADING + 3 * PADDING
        self.keep_together(height)
        self.canvas.frame(self.left, self.y - height, self.width, height, 1.2)
        self.y -= PADDING
        self._lines(lines, self.left + 2 * PADDING, face, size)
        self.y -= height - PADDING

    def table(
        self,
        columns: Sequence[Column],
        rows: Sequence[Sequence[str]],
        size: float = 9,
        least: float = 0,
    ) -> None:
        """Write a ruled table; its heading is repeated on each sheet.

        A row that is higher than what is left of the sheet begins another one; a row that is
        higher than a whole sheet is continued. No row is lower than `least` points: a pen needs
        more room than print.
        """
        edges = self._edges(columns)
        headings = self._cells([column.heading for column in columns], edges, Face.BOLD, size)
        heading_height = _height(headings, size)
        self.keep_together(heading_height + 3 * size * LEADING)
        self._row(headings, edges, Face.BOLD, size, shaded=True)
        for row in rows:
            cells = self._cells(row, edges, Face.REGULAR, size)
            while any(cells):
                wanted = max(least, _height(cells, size))
                if self.room < min(wanted, self._sheet_height() - heading_height):
                    self.new_sheet()
                    self._row(headings, edges, Face.BOLD, size, shaded=True)
                fit = max(1, int((self.room - 2 * PADDING) / (size * LEADING)))
                self._row([cell[:fit] for cell in cells], edges, Face.REGULAR, size, least=least)
                cells = [cell[fit:] for cell in cells]

    def _sheet_height(self) -> float:
        return A4[1] - (self.margins.top + self.margins.bottom) * MM

    def _edges(self, columns: Sequence[Column]) -> list[float]:
        total = sum(column.share for column in columns)
        edges = [self.left]
        for column in columns:
            edges.append(edges[-1] + self.width * column.share / total)
        return edges

    def _cells(
        self, row: Sequence[str], edges: Sequence[float], face: Face, size: float
    ) -> list[list[str]]:
        return [
            wrap(words, face, size, end - start - 2 * PADDING)
            for words, start, end in zip(row, edges, edges[1:], strict=False)
        ]

    def _row(
        self,
        cells: Sequence[list[str]],
        edges: Sequence[float],
        face: Face,
        size: float,
        *,
        shaded: bool = False,
        least: float = 0,
    ) -> None:
        height = max(least, _height(cells, size))
        bottom = self.y - height
        if shaded:
            self.canvas.area(edges[0], bottom, edges[-1] - edges[0], height, 0.92)
        for start, end in pairwise(edges):
            self.canvas.frame(start, bottom, end - start, height, RULE)
        self.y -= PADDING / 2
        for cell, start in zip(cells, edges, strict=False):
            self._lines(cell, start + PADDING, face, size)
        self.y = bottom

    def _lines(self, lines: Sequence[str], x: float, face: Face, size: float) -> None:
        for number, line in enumerate(lines, start=1):
            baseline = self.y - number * size * LEADING + size * 0.18
            self.canvas.text(x, baseline, line, face, size)


def _height(cells: Sequence[list[str]], size: float) -> float:
    return max(len(cell) for cell in cells) * size * LEADING + 1.6 * PADDING
