"""The sheets behind a visual copy: approvals, acknowledgements, electronic signatures."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from enum import StrEnum

from signing.copies.marks import MARK_WIDTH, Mark, Text, lay_out, shortened
from signing.local_time import local_moment
from signing.paper.canvas import MM, Face
from signing.paper.flow import LEADING, Column, Flow
from signing.paper.wrap import wrap
from signing.verdicts import refuse_naive
from signing.words import N_

BESIDE_SIZE = 9.5
NONE = "—"


class Decision(StrEnum):
    """What a person who was asked for a visa answered."""

    AGREED = "agreed"
    WITH_REMARKS = "with_remarks"
    RETURNED = "returned"


class Acquaintance(StrEnum):
    """How a named person was acquainted with a document."""

    ELECTRONIC = "electronic"
    ON_PAPER = "on_paper"
    ABSENT = "absent"
    REFUSED = "refused"
    WAITED_FOR = "waited_for"


DECISIONS = {
    Decision.AGREED: N_("Agreed"),
    Decision.WITH_REMARKS: N_("Agreed with remarks"),
    Decision.RETURNED: N_("Returned for rework"),
}
ACQUAINTANCES = {
    Acquaintance.ELECTRONIC: N_("Acquainted"),
    Acquaintance.ON_PAPER: N_("Acquainted on paper"),
    Acquaintance.ABSENT: N_("Absent"),
    Acquaintance.REFUSED: N_("Refused to sign"),
    Acquaintance.WAITED_FOR: N_("Not yet acquainted"),
}


@dataclass(frozen=True)
class ApprovalLine:
    """One visa; `name` is «Фамилия И.О.», `signature` says how it was given («простая ЭП»).

    `decided_at` is a day for what was written in ink: nobody knows its hour.
    """

    post: str
    name: str
    decision: Decision
    decided_at: datetime | date
    remarks: str = ""
    signature: str = ""

    def __post_init__(self) -> None:
        _refuse_naive(self.decided_at)


@dataclass(frozen=True)
class AcquaintanceLine:
    """One named person; `at` is None while the person is waited for, absent or has refused.

    It is a day for whoever signed on paper.
    """

    name: str
    post: str
    acquaintance: Acquaintance
    at: datetime | date | None = None
    signature: str = ""

    def __post_init__(self) -> None:
        if self.at is not None:
            _refuse_naive(self.at)


def _refuse_naive(moment: datetime | date) -> None:
    if isinstance(moment, datetime):
        refuse_naive(moment)


def _moment_or_day(moment: datetime | date, zone: tzinfo) -> str:
    if isinstance(moment, datetime):
        return local_moment(moment, zone)
    return f"{moment:%d.%m.%Y}"


def approval_sheet(
    document: str, lines: tuple[ApprovalLine, ...], text: Text, zone: tzinfo
) -> Flow:
    """Return the approval sheet (лист согласования) of the document named `document`."""
    flow = _begin(text(N_("Approval sheet")), document)
    columns = [
        Column(text(N_("№")), 1),
        Column(text(N_("Post")), 5),
        Column(text(N_("Surname, initials")), 4),
        Column(text(N_("Decision")), 3.6),
        Column(text(N_("Remarks")), 5),
        Column(text(N_("Date, time")), 3.6),
        Column(text(N_("Signature")), 3.4),
    ]
    rows = [
        (
            str(number),
            line.post,
            line.name,
            text(DECISIONS[line.decision]),
            line.remarks or NONE,
            _moment_or_day(line.decided_at, zone),
            line.signature or NONE,
        )
        for number, line in enumerate(lines, start=1)
    ]
    flow.table(columns, rows)
    return flow


def acquaintance_sheet(
    document: str, lines: tuple[AcquaintanceLine, ...], text: Text, zone: tzinfo
) -> Flow:
    """Return the acknowledgement sheet (лист ознакомления) of the document named `document`."""
    flow = _begin(text(N_("Acknowledgement sheet")), document)
    flow.paragraph(text(N_("The following have been acquainted with the document:")))
    flow.gap(2)
    columns = [
        Column(text(N_("№")), 1),
        Column(text(N_("Surname, initials")), 4.5),
        Column(text(N_("Post")), 5),
        Column(text(N_("Acquaintance")), 4),
        Column(text(N_("Date, time")), 4),
        Column(text(N_("Signature")), 4),
    ]
    rows = [
        (
            str(number),
            line.name,
            line.post,
            text(ACQUAINTANCES[line.acquaintance]),
            _moment_or_day(line.at, zone) if line.at else NONE,
            line.signature or NONE,
        )
        for number, line in enumerate(lines, start=1)
    ]
    flow.table(columns, rows)
    return flow


@dataclass(frozen=True)
class Original:
    """The signed file that a copy shows: its name, SHA-256 (hexadecimal), address of the check."""

    document: str
    file_name: str
    sha256: str
    verification_url: str


def signature_sheet(original: Original, marks: tuple[Mark, ...], text: Text, zone: tzinfo) -> Flow:
    """Return the sheet «Сведения об электронных подписях»: post, mark and name of each signer."""
    flow = Flow()
    flow.title(text(N_("Information on electronic signatures")))
    flow.gap(4)
    flow.facts(
        [
            (text(N_("Document")), original.document),
            (text(N_("File")), original.file_name),
            (text(N_("SHA-256 of the original")), original.sha256),
            (text(N_("Address of the check")), original.verification_url),
        ],
        size=9.5,
        share=0.25,
    )
    flow.gap(8)
    for mark in marks:
        _signatory(flow, mark, text, zone)
    flow.gap(2)
    flow.paragraph(
        text(
            N_(
                "This sheet was made by the system from the data of the signatures. "
                "It is not a part of the signed original."
            )
        ),
        size=8.5,
    )
    return flow


def _signatory(flow: Flow, mark: Mark, text: Text, zone: tzinfo) -> None:
    """Write post on the left, mark in the middle, name on the right, as a signature stands."""
    drawn = lay_out(mark, text, zone)
    side = (flow.width - MARK_WIDTH) / 2 - 3 * MM
    posts = wrap(shortened(mark.post), Face.REGULAR, BESIDE_SIZE, side, "-")
    names = wrap(shortened(mark.short_name), Face.REGULAR, BESIDE_SIZE, side, "-")
    height = max(drawn.height, max(len(posts), len(names)) * BESIDE_SIZE * LEADING)
    flow.keep_together(height + 6 * MM)
    left = flow.left + side + 3 * MM
    drawn.draw(flow.canvas, left, flow.y)
    middle = flow.y - drawn.height / 2
    for lines, x in ((posts, flow.left), (names, left + MARK_WIDTH + 3 * MM)):
        y = middle + len(lines) * BESIDE_SIZE * LEADING / 2
        for number, line in enumerate(lines, start=1):
            baseline = y - number * BESIDE_SIZE * LEADING + 2
            flow.canvas.text(x, baseline, line, Face.REGULAR, BESIDE_SIZE)
    flow.y -= height + 6 * MM


def _begin(title: str, document: str) -> Flow:
    flow = Flow()
    flow.title(title)
    flow.gap(2)
    flow.title(document, size=11)
    flow.gap(5)
    return flow
