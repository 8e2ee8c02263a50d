"""The report of a check as lines of plain text, in the words that the paper form uses."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import tzinfo

from signing.local_time import local_date, local_moment
from signing.marks import TRAINING_FOOTER, Text
from signing.report_pdf import (
    CHECKS,
    EVIDENCE,
    KINDS,
    NO_SIGNATURE,
    NOT_REQUIRED,
    ONE_SIGNATURE,
    OUTCOMES,
    SEVERAL_SIGNATURES,
    SIGNATURE_VERDICTS,
    TECHNICAL_CHECK,
    TIME_BASES,
    TITLE,
    sentence,
)
from signing.verdicts import CertificateFacts, Check, EvidenceItem, Report, SignatureReport
from signing.words import N_

HYPOTHETICAL = N_(
    "The moment was named on request and is not proven: the answer is only what would follow if "
    "the signature had been made then."
)
NOTHING_KEPT = N_("No trusted certificate and no revocation list was used.")


def report_lines(report: Report, text: Text, zone: tzinfo) -> list[str]:
    """Return the report in the words of `text`, its times in `zone`.

    It says what was checked, with which evidence, what was not, and that this is a technical
    check. СНИЛС and ИНН of a person are not in it.
    """
    lines = [
        text(TITLE),
        f"{text(N_('File'))}: {report.file_name}",
        f"{text(N_('SHA-256 of the file'))}: {report.sha256}",
        text(_result(report)),
    ]
    if any(signature.training for signature in report.signatures):
        lines.append(text(TRAINING_FOOTER))
    for item in report.not_understood:
        what = sentence(item.msgid, item.params, text, zone)
        lines.append(text(N_("Not understood: {what}"), what=what))
    total = len(report.signatures)
    for number, signature in enumerate(report.signatures, start=1):
        lines += ["", text(SIGNATURE_VERDICTS[signature.verdict], number=number, total=total)]
        lines += _signature_lines(signature, text, zone)
    return [*lines, "", text(TECHNICAL_CHECK)]


def _result(report: Report) -> str:
    words = {0: NO_SIGNATURE, 1: ONE_SIGNATURE}.get(len(report.signatures), SEVERAL_SIGNATURES)
    return words[report.verdict]


def _signature_lines(signature: SignatureReport, text: Text, zone: tzinfo) -> Iterator[str]:
    if signature.certificate is not None:
        yield from _certificate_lines(signature.certificate, text, zone)
    yield f"  {text(N_('Kind of signature'))}: {_kind(signature, text)}, {signature.format}"
    if signature.claimed_time is not None:
        claimed = local_moment(signature.claimed_time, zone)
        yield f"  {text(N_('Time named by the signer'))}: {claimed}"
    checked = local_moment(signature.checked_at, zone)
    basis = text(TIME_BASES[signature.time_basis], moment=checked)
    yield f"  {text(N_('Checked for the moment'))}: {basis}"
    if signature.time_basis == "hypothetical":
        yield f"  {text(HYPOTHETICAL)}"
    for check in signature.checks:
        yield _check_line(check, text, zone)
    yield f"  {text(N_('What the check rests on'))}:"
    if not signature.evidence:
        yield f"    {text(NOTHING_KEPT)}"
    for item in signature.evidence:
        yield _evidence_line(item, text, zone)


def _certificate_lines(facts: CertificateFacts, text: Text, zone: tzinfo) -> Iterator[str]:
    first, last = (local_date(day, zone) for day in (facts.not_before, facts.not_after))
    for name, value in (
        (N_("Owner"), facts.owner),
        (N_("Post"), facts.title),
        (N_("Organisation"), facts.organisation),
        (N_("Certificate number"), facts.serial),
        (N_("Issued by"), facts.issuer),
        (N_("Certificate in force"), text(N_("from {first} to {last}"), first=first, last=last)),
    ):
        if value:
            yield f"  {text(name)}: {value}"


def _kind(signature: SignatureReport, text: Text) -> str:
    kind = signature.fulfils
    if kind is None:
        return text(N_("not established: the chain leads to no trusted certificate"))
    if signature.training:
        return text(N_("training, instead of: {kind}"), kind=text(KINDS[kind]))
    return text(KINDS[kind])


def _check_line(check: Check, text: Text, zone: tzinfo) -> str:
    outcome = text(OUTCOMES[check.outcome] if check.required else NOT_REQUIRED)
    explained = sentence(check.msgid, check.params, text, zone)
    return f"  {check.number}. {text(CHECKS[check.key])} — {outcome}. {explained}"


def _evidence_line(item: EvidenceItem, text: Text, zone: tzinfo) -> str:
    first = local_date(item.since, zone)
    period = text(N_("from {first}"), first=first)
    if item.until is not None:
        last = local_date(item.until, zone)
        period = text(N_("from {first} to {last}"), first=first, last=last)
    return f"    {text(EVIDENCE[item.kind])}: {item.name}, {period}, SHA-256 {item.sha256}"
