"""The report of a check as sheets of A4: file, verdict, and the nine checks of each signature.

Everything is said in words: nothing depends on colour.
"""

from __future__ import annotations

from datetime import tzinfo

from signing.copies.marks import TRAINING_FOOTER, Text
from signing.paper.canvas import A4, MM, Face
from signing.paper.file import sheets_as_pdf
from signing.paper.flow import Column, Flow
from signing.reports.words import (
    HYPOTHETICAL,
    TECHNICAL_CHECK,
    TITLE,
    check_words,
    document_timestamp_words,
    evidence_of,
    evidence_words,
    headings,
    not_understood_words,
    remark_words,
    result_words,
    says_training,
    signature_facts,
)
from signing.verdicts import EvidenceItem, Report, SignatureReport, TimeBasis
from signing.words import N_

FOOT = 10 * MM
FOOT_SIZE = 7.5


def report_as_pdf(report: Report, text: Text, zone: tzinfo) -> bytes:
    """Return the report as a PDF in the words of `text`, its times in `zone`.

    Raises TypefaceMissingError.
    """
    flow = Flow()
    flow.title(text(TITLE))
    flow.gap(4)
    _file(flow, report, text, zone)
    for heading, signature in zip(headings(report, text), report.signatures, strict=True):
        _signature(flow, signature, heading, text, zone)
    flow.gap(5)
    flow.keep_together(15 * MM)
    flow.paragraph(text(TECHNICAL_CHECK), size=9)
    _feet(flow, text)
    title = ": ".join(part for part in (text(TITLE), report.file_name) if part)
    return sheets_as_pdf(flow.sheets, title)


def _file(flow: Flow, report: Report, text: Text, zone: tzinfo) -> None:
    named = [(text(N_("File")), report.file_name)] if report.file_name else []
    flow.facts(
        [
            *named,
            (text(N_("SHA-256 of the file")), report.sha256),
            (text(N_("Signatures found")), str(len(report.signatures))),
        ],
        size=9.5,
        share=0.28,
    )
    flow.gap(4)
    flow.boxed(result_words(report, text), size=12)
    if says_training(report):
        flow.gap(2)
        flow.boxed(text(TRAINING_FOOTER), size=12)
    strange = [*not_understood_words(report, text, zone), *remark_words(report, text, zone)]
    for words in (*strange, *document_timestamp_words(report, text, zone)):
        flow.gap(2)
        flow.paragraph(words, size=9.5)


def _signature(
    flow: Flow, signature: SignatureReport, heading: str, text: Text, zone: tzinfo
) -> None:
    flow.gap(6)
    flow.heading(heading, size=12, followed_by=45 * MM)
    flow.facts(signature_facts(signature, text, zone), size=9.5, share=0.28)
    if signature.time_basis is TimeBasis.HYPOTHETICAL:
        flow.gap(1)
        flow.paragraph(text(HYPOTHETICAL), size=9)
    flow.gap(3)
    flow.table(
        [
            Column(text(N_("№")), 0.8),
            Column(text(N_("Check")), 6),
            Column(text(N_("Result")), 3.2),
            Column(text(N_("Explanation")), 9),
        ],
        [(str(check.number), *check_words(check, text, zone)) for check in signature.checks],
        size=9,
    )
    if evidence := evidence_of(signature):
        _evidence(flow, evidence, text, zone)


def _evidence(flow: Flow, evidence: tuple[EvidenceItem, ...], text: Text, zone: tzinfo) -> None:
    flow.gap(4)
    flow.heading(text(N_("What the check rests on")), size=10, followed_by=20 * MM)
    rows = []
    for item in evidence:
        kind, name, period = evidence_words(item, text, zone)
        rows.append((kind, f"{name}\n{item.sha256}", period))
    columns = [
        Column(text(N_("Kind")), 3.4),
        Column(text(N_("Name, SHA-256")), 10),
        Column(text(N_("In force")), 4),
    ]
    flow.table(columns, rows, size=8)


def _feet(flow: Flow, text: Text) -> None:
    total = len(flow.sheets)
    end = A4[0] - flow.margins.right * MM
    for number, sheet in enumerate(flow.sheets, start=1):
        place = text(N_("Sheet {number} of {total}"), number=number, total=total)
        sheet.line(flow.left, FOOT + FOOT_SIZE * 1.4, end, FOOT + FOOT_SIZE * 1.4, 0.4)
        sheet.text(flow.left, FOOT, text(TITLE), Face.REGULAR, FOOT_SIZE)
        sheet.right(end, FOOT, place, Face.REGULAR, FOOT_SIZE)
