"""Scans for the demonstration: sheets that stand for what came on paper."""

from __future__ import annotations

from collections.abc import Sequence

from signing.paper.canvas import Face
from signing.paper.file import sheets_as_pdf
from signing.paper.flow import Flow


def scan(title: str, lines: Sequence[str]) -> bytes:
    """A PDF with the title and the lines, and a word that it stands for a scan."""
    flow = Flow()
    flow.boxed("УЧЕБНЫЙ ДОКУМЕНТ (вместо скан-копии)", Face.BOLD)
    flow.gap(8)
    flow.title(title)
    flow.gap(4)
    for line in lines:
        flow.paragraph(line, size=11)
        flow.gap(2)
    return sheets_as_pdf(flow.sheets, title)
