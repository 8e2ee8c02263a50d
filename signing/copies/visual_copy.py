"""The visual copy: what people print and read of a document that was signed electronically.

The signed original is read and never touched. The copy shows its pages with a line at the foot
of each, a QR code on the first sheet (ГОСТ Р 7.0.97-2025, requisite 31), the marks of the
signatures where the last page leaves room, and sheets behind: approvals, acknowledgements,
signatures. Nothing is ever put over the text: where the foot of a page is not blank, the page
is drawn a little smaller.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import tzinfo

import segno

from signing.copies.marks import MARK_WIDTH, TRAINING_FOOTER, DrawnMark, Mark, Text, lay_out
from signing.copies.original_pages import OriginalUnreadableError, ShownPage, copy_original, stamp
from signing.copies.sheets import (
    AcquaintanceLine,
    ApprovalLine,
    Original,
    acquaintance_sheet,
    approval_sheet,
    signature_sheet,
)
from signing.errors import SigningError, refuse_larger
from signing.paper.canvas import A4, MM, Canvas, Face, font_resources
from signing.paper.file import add_sheets, written
from signing.paper.ink import PageInk, look_at_pages
from signing.paper.wrap import wrap
from signing.pdf.signatures import MAX_PDF
from signing.words import N_

LEFT, RIGHT = 20 * MM, 10 * MM
FOOT = 5 * MM
FOOT_SIZE = 7
FOOT_LEADING = 3.1 * MM
QR_SIDES = (15 * MM, 22 * MM)
QR_FOOT = 4 * MM
QUIET = 3 * MM
CLEARANCE = 2 * MM
ROOM_FOR_MARKS = 35 * MM
BELOW_TEXT = 6 * MM
BETWEEN_MARKS = 3 * MM
SMALLEST_PAGE = 100 * MM


class PageTooSmallError(SigningError):
    """A page leaves no room for the line at its foot."""

    code = "visual_copy.small_page"
    msgid = N_("Page {page} is smaller than 10 × 10 cm: no visual copy can be made of it.")


@dataclass(frozen=True)
class VisualCopy:
    """What a visual copy shows besides the pages.

    `document` names it («Приказ от 25.08.2026 № 118-о/д …»), `verification_url` is the public
    address of the check; dates are shown in `zone`. A sheet without lines is left out.
    """

    document: str
    file_name: str
    verification_url: str
    zone: tzinfo
    marks: tuple[Mark, ...]
    approvals: tuple[ApprovalLine, ...] = ()
    acquaintances: tuple[AcquaintanceLine, ...] = ()

    def __post_init__(self) -> None:
        if not self.verification_url:
            raise ValueError("a visual copy says where it is checked")


@dataclass(frozen=True)
class Stamped:
    """One page of the original with what is drawn on it, and how much smaller it becomes."""

    shown: ShownPage
    canvas: Canvas
    scale: float
    foot: float
    text_ends: float


def make_visual_copy(original: bytes, copy: VisualCopy, text: Text) -> bytes:
    """Return the visual copy of the signed PDF `original`.

    Raises TooLargeError, OriginalUnreadableError, TooManyPagesError, PageLookError,
    PageTooSmallError, TypefaceMissingError.
    """
    refuse_larger(original, MAX_PDF)
    writer, shown = copy_original(original)
    inks = look_at_pages(original)
    if len(shown) != len(inks):
        raise OriginalUnreadableError
    sha256 = hashlib.sha256(original).hexdigest()
    sheets = _sheets(copy, sha256, text)
    total = len(shown) + len(sheets)
    stamped = [
        _with_foot(page, ink, number, total, copy, sha256, text)
        for number, (page, ink) in enumerate(zip(shown, inks, strict=True), start=1)
    ]
    _marks_on_last_page(stamped[-1], copy, text)
    for number, sheet in enumerate(sheets, start=len(shown) + 1):
        _foot_line(sheet, A4[0], number, total, copy, text)
    fonts = font_resources(writer, [*(page.canvas for page in stamped), *sheets])
    for page in stamped:
        stamp(writer, page.shown, page.canvas, fonts, page.scale)
    add_sheets(writer, sheets, fonts)
    return written(writer, text(N_("Visual copy: {document}"), document=copy.document))


def _sheets(copy: VisualCopy, sha256: str, text: Text) -> list[Canvas]:
    flows = []
    if copy.approvals:
        flows.append(approval_sheet(copy.document, copy.approvals, text, copy.zone))
    if copy.acquaintances:
        flows.append(acquaintance_sheet(copy.document, copy.acquaintances, text, copy.zone))
    if copy.marks:
        original = Original(copy.document, copy.file_name, sha256, copy.verification_url)
        flows.append(signature_sheet(original, copy.marks, text, copy.zone))
    return [sheet for flow in flows for sheet in flow.sheets]


def _with_foot(
    shown: ShownPage,
    ink: PageInk,
    number: int,
    total: int,
    copy: VisualCopy,
    sha256: str,
    text: Text,
) -> Stamped:
    if min(shown.width, shown.height) < SMALLEST_PAGE:
        raise PageTooSmallError(page=number)
    canvas = Canvas()
    blank = ink.blank_bottom() * shown.height
    if number == 1:
        foot = _first_foot(canvas, shown.width, blank, total, copy, sha256, text)
    else:
        foot = _foot_line(canvas, shown.width, number, total, copy, text)
    scale = min(1.0, (shown.height - foot) / (shown.height - blank)) if blank < foot else 1.0
    return Stamped(shown, canvas, scale, foot, max(blank, foot))


def _first_foot(
    canvas: Canvas,
    width: float,
    blank: float,
    total: int,
    copy: VisualCopy,
    sha256: str,
    text: Text,
) -> float:
    """Draw words and QR code at the foot of the first sheet; return the height they need."""
    column = width - LEFT - RIGHT - QR_SIDES[1] - QUIET
    lines = _first_foot_lines(copy, sha256, total, column, text)
    least = max(QR_SIDES[0], len(lines) * FOOT_LEADING)
    side = min(max(least, blank - QR_FOOT - CLEARANCE), max(least, QR_SIDES[1]))
    top = QR_FOOT + side
    symbol = segno.make(copy.verification_url, error="m", micro=False)
    canvas.squares(width - RIGHT - side, top, side, symbol.matrix)
    canvas.line(LEFT, top, width - RIGHT - side - QUIET, top, 0.4)
    for place, (line, face) in enumerate(lines, start=1):
        canvas.text(LEFT, top - place * FOOT_LEADING, line, face, FOOT_SIZE)
    return top + CLEARANCE


def _first_foot_lines(
    copy: VisualCopy, sha256: str, total: int, width: float, text: Text
) -> list[tuple[str, Face]]:
    words = [
        (text(N_("Visual copy of an electronic document")), Face.BOLD),
        (
            text(
                N_("Sheet {number} of {total}. The original was signed electronically."),
                number=1,
                total=total,
            ),
            Face.REGULAR,
        ),
        (text(N_("Check: {address}"), address=copy.verification_url), Face.REGULAR),
        (text(N_("SHA-256 of the original: {sha256}"), sha256=sha256), Face.REGULAR),
    ]
    if _training(copy):
        words.append((text(TRAINING_FOOTER), Face.BOLD))
    return [
        (line, face)
        for line_words, face in words
        for line in wrap(line_words, face, FOOT_SIZE, width)
    ]


def _foot_line(
    canvas: Canvas, width: float, number: int, total: int, copy: VisualCopy, text: Text
) -> float:
    """Draw the line at the foot of a sheet; return the height that it needs."""
    place = text(N_("Sheet {number} of {total}"), number=number, total=total)
    column = width - LEFT - RIGHT - Face.REGULAR.typeface.width(place, FOOT_SIZE) - 5 * MM
    words = text(
        N_("Visual copy of an electronic document. Check: {address}"),
        address=copy.verification_url,
    )
    lines = [(line, Face.REGULAR) for line in wrap(words, Face.REGULAR, FOOT_SIZE, column)]
    if _training(copy):
        lines.append((text(TRAINING_FOOTER), Face.BOLD))
    for above, (line, face) in enumerate(reversed(lines)):
        canvas.text(LEFT, FOOT + above * FOOT_LEADING, line, face, FOOT_SIZE)
    first = FOOT + (len(lines) - 1) * FOOT_LEADING
    canvas.right(width - RIGHT, first, place, Face.REGULAR, FOOT_SIZE)
    top = first + FOOT_LEADING
    canvas.line(LEFT, top, width - RIGHT, top, 0.4)
    return top + CLEARANCE


def _marks_on_last_page(page: Stamped, copy: VisualCopy, text: Text) -> None:
    """Put all marks under the text of the last page, two in a row, if there is room for all."""
    drawn = [lay_out(mark, text, copy.zone) for mark in copy.marks]
    room = page.text_ends - page.foot - BELOW_TEXT
    rows = _rows(drawn, page.shown.width - LEFT - RIGHT)
    needed = sum(max(mark.height for mark in row) + BETWEEN_MARKS for row in rows)
    if not rows or page.text_ends - page.foot < ROOM_FOR_MARKS or room < needed:
        return
    top = page.text_ends - BELOW_TEXT
    for row in rows:
        across = len(row) * MARK_WIDTH + (len(row) - 1) * BETWEEN_MARKS
        x = LEFT + (page.shown.width - LEFT - RIGHT - across) / 2
        for mark in row:
            mark.draw(page.canvas, x, top)
            x += MARK_WIDTH + BETWEEN_MARKS
        top -= max(mark.height for mark in row) + BETWEEN_MARKS


def _rows(marks: Sequence[DrawnMark], width: float) -> list[Sequence[DrawnMark]]:
    in_a_row = max(1, int((width + BETWEEN_MARKS) // (MARK_WIDTH + BETWEEN_MARKS)))
    return [marks[start : start + in_a_row] for start in range(0, len(marks), in_a_row)]


def _training(copy: VisualCopy) -> bool:
    return any(mark.training for mark in copy.marks)
