"""Visual copies and reports of the signing engine behind the port VisualCopies."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from signing.copies.marks import Mark, PowerOnMark, SignatureMark, SimpleMark
from signing.copies.print_form import InkLine, PrintForm, make_print_form
from signing.copies.sheets import Acquaintance, AcquaintanceLine, ApprovalLine, Decision
from signing.copies.visual_copy import VisualCopy, make_visual_copy
from signing.errors import SigningError
from signing.reports.lines import report_lines
from signing.reports.sheets import report_as_pdf
from signing.verdicts import Report
from signing.verdicts import SignatureKind as MarkKind
from web.words import Words
from workflow.domain.documents import Verdict
from workflow.domain.refusals import N_, Refusal
from workflow.domain.regulations import SignatureKind
from workflow.ports import PrintRequest, SheetRow, VisualCopyRequest
from workflow.ports import SignatureMark as MarkFacts
from workflow.printed import PrintedPower

_KINDS = {SignatureKind.ADVANCED: MarkKind.ADVANCED, SignatureKind.QUALIFIED: MarkKind.QUALIFIED}
_DECISIONS = {
    Verdict.AGREED: Decision.AGREED,
    Verdict.AGREED_WITH_REMARKS: Decision.WITH_REMARKS,
    Verdict.RETURNED: Decision.RETURNED,
}
_ACQUAINTANCES = {
    Verdict.ACKNOWLEDGED: Acquaintance.ELECTRONIC,
    Verdict.ACKNOWLEDGED_ON_PAPER: Acquaintance.ON_PAPER,
    Verdict.ABSENT: Acquaintance.ABSENT,
    Verdict.REFUSED: Acquaintance.REFUSED,
}
#: What stands in the column of signatures of the acknowledgement sheet.
SIMPLE = N_("Simple electronic signature")
#: Only these have a date beside them on the sheet.
_DATED = (Acquaintance.ELECTRONIC, Acquaintance.ON_PAPER)


class Copies:
    """Copies and reports in the words of the catalogue."""

    def __init__(self, words: Words) -> None:
        self._words = words

    def make(self, request: VisualCopyRequest) -> bytes | Refusal:
        """See `workflow.ports.VisualCopies`."""
        copy = VisualCopy(
            document=request.document,
            file_name=request.file_name,
            verification_url=request.address,
            zone=ZoneInfo(request.time_zone),
            marks=tuple(_mark(m) for m in request.marks),
            approvals=tuple(_approval(row) for row in request.visas),
            acquaintances=tuple(
                _acquaintance(row, self._words.text(SIMPLE)) for row in request.acknowledgements
            ),
        )
        try:
            return make_visual_copy(request.pdf, copy, self._words.text)
        except SigningError as error:
            return Refusal(error.code, error.msgid, params=error.params)

    def print_form(self, request: PrintRequest) -> bytes | Refusal:
        """See `workflow.ports.VisualCopies`."""
        people = tuple(InkLine(row.name, row.post) for row in request.people)
        try:
            return make_print_form(
                PrintForm(request.document, request.files, people), self._words.text
            )
        except SigningError as error:
            return Refusal(error.code, error.msgid, params=error.params)

    def report_pdf(self, report: bytes, time_zone: str) -> bytes | Refusal:
        """See `workflow.ports.VisualCopies`."""
        try:
            read = Report.from_json(report.decode())
            return report_as_pdf(read, self._words.text, ZoneInfo(time_zone))
        except SigningError as error:
            return Refusal(error.code, error.msgid, params=error.params)

    def report_lines(self, report: bytes, time_zone: str) -> list[str] | Refusal:
        """See `workflow.ports.VisualCopies`."""
        try:
            read = Report.from_json(report.decode())
            return report_lines(read, self._words.text, ZoneInfo(time_zone))
        except SigningError as error:
            return Refusal(error.code, error.msgid, params=error.params)


def _mark(facts: MarkFacts) -> Mark:
    if facts.kind is SignatureKind.SIMPLE:
        return SimpleMark(
            owner=facts.owner,
            post=facts.post,
            signed_at=facts.signed_at,
            code=facts.serial,
            short_name=facts.short_name,
            training=facts.training,
        )
    return SignatureMark(
        kind=_KINDS[facts.kind],
        training=facts.training,
        serial=facts.serial,
        owner=facts.owner,
        not_before=facts.valid_from,
        not_after=facts.valid_until,
        signed_at=facts.signed_at,
        post=facts.post,
        short_name=facts.short_name,
        power=_power(facts.power),
    )


def _power(given: PrintedPower | None) -> PowerOnMark | None:
    return PowerOnMark(given.number, given.issued, given.until) if given else None


def _approval(row: SheetRow) -> ApprovalLine:
    return ApprovalLine(
        post=row.post,
        name=row.name,
        decision=_DECISIONS[row.verdict],
        decided_at=row.at,
        remarks=row.remark,
    )


def _acquaintance(row: SheetRow, simple: str) -> AcquaintanceLine:
    how = _ACQUAINTANCES[row.verdict]
    return AcquaintanceLine(
        name=row.name,
        post=row.post,
        acquaintance=how,
        at=row.at if how in _DATED else None,
        signature=simple if row.simple else "",
    )
