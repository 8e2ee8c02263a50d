"""The report of a check as lines of plain text, in the words that the paper form uses."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import tzinfo

from signing.copies.marks import TRAINING_FOOTER, Text
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
from signing.verdicts import Report, SignatureReport, TimeBasis
from signing.words import N_

NOTHING_KEPT = N_("No trusted certificate and no revocation list was used.")


def report_lines(report: Report, text: Text, zone: tzinfo) -> list[str]:
    """Return the report in the words of `text`, its times in `zone`.

    It says what was checked, with which evidence, what was not, and that this is a technical
    check. СНИЛС and ИНН of a person are not in it.
    """
    lines = [
        text(TITLE),
        *([f"{text(N_('File'))}: {report.file_name}"] if report.file_name else []),
        f"{text(N_('SHA-256 of the file'))}: {report.sha256}",
        result_words(report, text),
    ]
    if says_training(report):
        lines.append(text(TRAINING_FOOTER))
    lines += not_understood_words(report, text, zone)
    lines += remark_words(report, text, zone)
    lines += document_timestamp_words(report, text, zone)
    for heading, signature in zip(headings(report, text), report.signatures, strict=True):
        lines += ["", heading, *_signature_lines(signature, text, zone)]
    return [*lines, "", text(TECHNICAL_CHECK)]


def _signature_lines(signature: SignatureReport, text: Text, zone: tzinfo) -> Iterator[str]:
    for name, value in signature_facts(signature, text, zone):
        yield f"  {name}: {value}"
    if signature.time_basis is TimeBasis.HYPOTHETICAL:
        yield f"  {text(HYPOTHETICAL)}"
    for check in signature.checks:
        what, outcome, explained = check_words(check, text, zone)
        yield f"  {check.number}. {what} — {outcome}. {explained}"
    yield f"  {text(N_('What the check rests on'))}:"
    if not evidence_of(signature):
        yield f"    {text(NOTHING_KEPT)}"
    for item in evidence_of(signature):
        kind, name, period = evidence_words(item, text, zone)
        yield f"    {kind}: {name}, {period}, SHA-256 {item.sha256}"
