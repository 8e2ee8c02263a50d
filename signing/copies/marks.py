"""The marks of electronic signatures that are shown on a visual copy.

An enhanced signature has the framed mark of the office rules (certificate, owner, validity,
time); a simple one looks different, so that nobody takes it for the other. A mark of a training
signature says so in the largest letters that it has.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, tzinfo

from signing.errors import SigningError
from signing.local_time import local_date, local_moment
from signing.paper.canvas import MM, Canvas, Face
from signing.paper.wrap import wrap
from signing.verdicts import SignatureKind, SignatureReport, Verdict, refuse_naive
from signing.words import N_

Text = Callable[..., str]
"""Translates a marked sentence: `text(msgid, **params)`."""

MARK_WIDTH = 84 * MM
LONGEST = 200
"""Characters of a name or number that a mark shows; certificates may hold anything."""
INSET = 2.5 * MM
LEADING = 1.22

TITLES = {
    SignatureKind.QUALIFIED: N_("DOCUMENT SIGNED\nWITH AN ELECTRONIC SIGNATURE"),
    SignatureKind.ADVANCED: N_("DOCUMENT SIGNED\nWITH AN ADVANCED NON-QUALIFIED\nSIGNATURE"),
}
TRAINING_SIGNATURE = N_("TRAINING SIGNATURE —\nhas no legal force")
TRAINING_FOOTER = N_("TRAINING SIGNATURE — has no legal force")


class MarkRefusedError(SigningError):
    """Only a signature that was found valid is shown with a mark."""

    code = "mark.not_valid"
    msgid = N_("There is no mark for this signature: the check did not find it valid.")


@dataclass(frozen=True)
class PowerOnMark:
    """The power of attorney by which the owner signed: its number, day of giving, last day."""

    number: str
    issued: date
    until: date


@dataclass(frozen=True)
class SignatureMark:
    """What the mark of an enhanced signature shows.

    `kind` is ADVANCED or QUALIFIED, for a training signature the kind that it stands for.
    `serial` is hexadecimal. `post` and `short_name` («И.О. Фамилия») stand beside the mark on
    the sheet of signatures.
    """

    kind: SignatureKind
    training: bool
    serial: str
    owner: str
    not_before: datetime
    not_after: datetime
    signed_at: datetime
    post: str = ""
    short_name: str = ""
    power: PowerOnMark | None = None

    def __post_init__(self) -> None:
        for moment in (self.not_before, self.not_after, self.signed_at):
            refuse_naive(moment)
        if self.kind not in TITLES:
            raise ValueError("a mark shows an advanced or a qualified signature")


@dataclass(frozen=True)
class SimpleMark:
    """What the mark of a simple signature shows; `code` finds its evidence again."""

    owner: str
    post: str
    signed_at: datetime
    code: str
    short_name: str = ""
    training: bool = False

    def __post_init__(self) -> None:
        refuse_naive(self.signed_at)


Mark = SignatureMark | SimpleMark


def mark_of(
    report: SignatureReport,
    signed_at: datetime,
    *,
    post: str = "",
    short_name: str = "",
    power: PowerOnMark | None = None,
) -> SignatureMark:
    """Return the mark of a checked signature; raises MarkRefusedError unless it is valid."""
    facts, kind = report.certificate, report.fulfils
    if report.verdict is not Verdict.VALID or facts is None or kind not in TITLES:
        raise MarkRefusedError
    return SignatureMark(
        kind=kind,
        training=report.training or facts.training,
        serial=facts.serial,
        owner=facts.owner,
        not_before=facts.not_before,
        not_after=facts.not_after,
        signed_at=signed_at,
        post=post,
        short_name=short_name,
        power=power,
    )


@dataclass(frozen=True)
class DrawnMark:
    """A mark laid out: its lines with face and size, and its height in points."""

    title: tuple[str, ...]
    lines: tuple[str, ...]
    training: tuple[str, ...]
    simple: bool
    thick: bool

    @property
    def height(self) -> float:
        """Return the height in points."""
        band = len(self.training) * TRAINING_SIZE * LEADING + 2.4 * MM if self.training else 0
        title = len(self.title) * TITLE_SIZE * LEADING
        return band + title + 1.2 * MM + len(self.lines) * LINE_SIZE * LEADING + 2 * INSET

    def draw(self, canvas: Canvas, x: float, top: float) -> None:
        """Draw the mark with its upper left corner at (x, top)."""
        y = top
        if self.training:
            y = self._band(canvas, x, top)
        y -= INSET - 1
        for line in self.title:
            y -= TITLE_SIZE * LEADING
            if self.simple:
                canvas.text(x + INSET, y, line, Face.BOLD, TITLE_SIZE)
            else:
                canvas.centred(x + MARK_WIDTH / 2, y, line, Face.BOLD, TITLE_SIZE)
        y -= 1.2 * MM
        for line in self.lines:
            y -= LINE_SIZE * LEADING
            canvas.text(x + INSET, y, line, Face.REGULAR, LINE_SIZE)
        dash = "3 2" if self.simple else ""
        canvas.frame(
            x, top - self.height, MARK_WIDTH, self.height, 1.2 if self.thick else 0.6, dash
        )

    def _band(self, canvas: Canvas, x: float, top: float) -> float:
        height = len(self.training) * TRAINING_SIZE * LEADING + 2.4 * MM
        canvas.area(x, top - height, MARK_WIDTH, height, 0.15)
        y = top - 0.8 * MM
        for line in self.training:
            y -= TRAINING_SIZE * LEADING
            canvas.centred(x + MARK_WIDTH / 2, y, line, Face.BOLD, TRAINING_SIZE, grey=1)
        return top - height


TITLE_SIZE = 9
LINE_SIZE = 8
TRAINING_SIZE = 12


def lay_out(mark: Mark, text: Text, zone: tzinfo) -> DrawnMark:
    """Return `mark` in words, its times in `zone`."""
    if isinstance(mark, SimpleMark):
        title, lines = (
            N_("Signed with a simple electronic signature"),
            _simple_lines(mark, text, zone),
        )
    else:
        title, lines = TITLES[mark.kind], _enhanced_lines(mark, text, zone)
    inner = MARK_WIDTH - 2 * INSET
    return DrawnMark(
        title=tuple(wrap(text(title), Face.BOLD, TITLE_SIZE, inner)),
        lines=tuple(
            line
            for words in lines
            for line in wrap(words, Face.REGULAR, LINE_SIZE, inner, hyphen="-")
        ),
        training=tuple(text(TRAINING_SIGNATURE).split("\n")) if mark.training else (),
        simple=isinstance(mark, SimpleMark),
        thick=isinstance(mark, SignatureMark) and mark.kind is SignatureKind.QUALIFIED,
    )


def shortened(words: str) -> str:
    """Return `words`, cut where they are longer than any name of a person or post."""
    return words if len(words) <= LONGEST else f"{words[:LONGEST]}…"


def _enhanced_lines(mark: SignatureMark, text: Text, zone: tzinfo) -> list[str]:
    lines = [
        text(N_("Certificate {serial}"), serial=shortened(mark.serial)),
        text(N_("Owner {owner}"), owner=shortened(mark.owner)),
        text(
            N_("Valid from {first} to {last}"),
            first=local_date(mark.not_before, zone),
            last=local_date(mark.not_after, zone),
        ),
        text(N_("Date and time of signing {moment}"), moment=local_moment(mark.signed_at, zone)),
    ]
    if mark.power is not None:
        lines.append(
            text(
                N_("By power of attorney № {number} of {issued}, in force until {until}"),
                number=shortened(mark.power.number),
                issued=f"{mark.power.issued:%d.%m.%Y}",
                until=f"{mark.power.until:%d.%m.%Y}",
            )
        )
    return lines


def _simple_lines(mark: SimpleMark, text: Text, zone: tzinfo) -> list[str]:
    return [
        shortened(f"{mark.owner}, {mark.post}" if mark.post else mark.owner),
        text(N_("Date and time of signing {moment}"), moment=local_moment(mark.signed_at, zone)),
        text(N_("Code of the signature {code}"), code=shortened(mark.code)),
    ]
