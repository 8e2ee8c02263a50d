"""The report of a check as sheets of A4: file, verdict, and the nine checks of each signature.

Everything is said in words: nothing depends on colour. СНИЛС and ИНН of a person are not shown.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, tzinfo

from signing.local_time import local_date, local_moment
from signing.marks import TRAINING_FOOTER, Text
from signing.paper.canvas import A4, MM, Face
from signing.paper.file import sheets_as_pdf
from signing.paper.flow import Column, Flow
from signing.verdicts import (
    CertificateFacts,
    Check,
    EvidenceItem,
    EvidenceKind,
    Outcome,
    Param,
    Report,
    SignatureKind,
    SignatureReport,
    TimeBasis,
    Verdict,
)
from signing.words import N_

FOOT = 10 * MM
FOOT_SIZE = 7.5

TITLE = N_("Report on the check of an electronic signature")
UNDECIDED = N_("Result: not decided. Some checks could not be made.")
ONE_SIGNATURE = {
    Verdict.VALID: N_("Result: the signature is valid."),
    Verdict.INVALID: N_("Result: the signature is not valid."),
    Verdict.UNDECIDED: UNDECIDED,
}
SEVERAL_SIGNATURES = {
    Verdict.VALID: N_("Result: all signatures are valid."),
    Verdict.INVALID: N_("Result: not every signature is valid."),
    Verdict.UNDECIDED: UNDECIDED,
}
NO_SIGNATURE = {
    Verdict.INVALID: N_("Result: the file has no signature."),
    Verdict.UNDECIDED: UNDECIDED,
}
SIGNATURE_VERDICTS = {
    Verdict.VALID: N_("Signature {number} of {total}: valid"),
    Verdict.INVALID: N_("Signature {number} of {total}: not valid"),
    Verdict.UNDECIDED: N_("Signature {number} of {total}: not decided"),
}
OUTCOMES = {
    Outcome.PASSED: N_("Passed"),
    Outcome.FAILED: N_("NOT PASSED"),
    Outcome.NOT_MADE: N_("Could not be made"),
}
NOT_REQUIRED = N_("Not asked for")
CHECKS = {
    "integrity": N_("The file is unchanged"),
    "signature_value": N_("The signature matches the certificate"),
    "chain": N_("The certificate was issued by a trusted authority"),
    "time": N_("The certificate was in force"),
    "revocation": N_("The certificate is not revoked"),
    "usage": N_("Key and algorithm are allowed"),
    "owner": N_("The owner is the expected person"),
    "authority": N_("The signatory has the authority"),
    "kind": N_("The signature is of the required kind"),
}
KINDS = {
    SignatureKind.QUALIFIED: N_("enhanced qualified"),
    SignatureKind.ADVANCED: N_("enhanced non-qualified"),
}
TIME_BASES = {
    TimeBasis.PROVEN: N_("{moment}, proven by a timestamp"),
    TimeBasis.NOW: N_("{moment}, the moment of the check"),
    TimeBasis.HYPOTHETICAL: N_("{moment}, supposed on request"),
}
EVIDENCE = {
    EvidenceKind.ANCHOR: N_("Trusted certificate"),
    EvidenceKind.CERTIFICATE: N_("Certificate"),
    EvidenceKind.CRL: N_("Revocation list"),
}
TECHNICAL_CHECK = N_(
    "This is a technical check. It was not made by a certified means of electronic signature. "
    "A legally significant check is made by a certified means of electronic signature."
)


def report_as_pdf(report: Report, text: Text, zone: tzinfo) -> bytes:
    """Return the report as a PDF in the words of `text`, its times in `zone`.

    Raises TypefaceMissingError.
    """
    flow = Flow()
    flow.title(text(TITLE))
    flow.gap(4)
    _file(flow, report, text, zone)
    total = len(report.signatures)
    for number, signature in enumerate(report.signatures, start=1):
        words = text(SIGNATURE_VERDICTS[signature.verdict], number=number, total=total)
        _signature(flow, signature, words, text, zone)
    flow.gap(5)
    flow.keep_together(15 * MM)
    flow.paragraph(text(TECHNICAL_CHECK), size=9)
    _feet(flow, text)
    return sheets_as_pdf(flow.sheets, f"{text(TITLE)}: {report.file_name}")


def sentence(msgid: str, params: Mapping[str, Param], text: Text, zone: tzinfo) -> str:
    """Return the sentence of a check with its times as people in `zone` read them."""
    shown = {
        name: local_moment(value, zone) if isinstance(value, datetime) else value
        for name, value in params.items()
    }
    return text(msgid, **shown)


def _file(flow: Flow, report: Report, text: Text, zone: tzinfo) -> None:
    flow.facts(
        [
            (text(N_("File")), report.file_name),
            (text(N_("SHA-256 of the file")), report.sha256),
            (text(N_("Signatures found")), str(len(report.signatures))),
        ],
        size=9.5,
        share=0.28,
    )
    flow.gap(4)
    flow.boxed(text(_result(report)), size=12)
    if any(_training(signature) for signature in report.signatures):
        flow.gap(2)
        flow.boxed(text(TRAINING_FOOTER), size=12)
    for item in report.not_understood:
        flow.gap(2)
        words = sentence(item.msgid, item.params, text, zone)
        flow.paragraph(text(N_("Not understood: {what}"), what=words), size=9.5)


def _result(report: Report) -> str:
    match len(report.signatures):
        case 0:
            return NO_SIGNATURE[report.verdict]
        case 1:
            return ONE_SIGNATURE[report.verdict]
        case _:
            return SEVERAL_SIGNATURES[report.verdict]


def _signature(
    flow: Flow, signature: SignatureReport, heading: str, text: Text, zone: tzinfo
) -> None:
    flow.gap(6)
    flow.heading(heading, size=12, followed_by=45 * MM)
    flow.facts(_signature_facts(signature, text, zone), size=9.5, share=0.28)
    flow.gap(3)
    flow.table(
        [
            Column(text(N_("№")), 0.8),
            Column(text(N_("Check")), 6),
            Column(text(N_("Result")), 3.2),
            Column(text(N_("Explanation")), 9),
        ],
        [_check_row(check, text, zone) for check in signature.checks],
        size=9,
    )
    if signature.evidence:
        flow.gap(4)
        flow.heading(text(N_("What the check rests on")), size=10, followed_by=20 * MM)
        flow.table(
            [
                Column(text(N_("Kind")), 3.4),
                Column(text(N_("Name, SHA-256")), 10),
                Column(text(N_("In force")), 4),
            ],
            [_evidence_row(item, text, zone) for item in signature.evidence],
            size=8,
        )


def _signature_facts(signature: SignatureReport, text: Text, zone: tzinfo) -> list[tuple[str, str]]:
    facts = _certificate_facts(signature.certificate, text, zone)
    facts.append((text(N_("Kind of signature")), _kind(signature, text)))
    facts.append((text(N_("Format")), signature.format))
    if signature.claimed_time is not None:
        named = text(N_("Time named by the signer"))
        facts.append((named, local_moment(signature.claimed_time, zone)))
    checked = local_moment(signature.checked_at, zone)
    facts.append(
        (text(N_("Checked for the moment")), text(TIME_BASES[signature.time_basis], moment=checked))
    )
    return facts


def _certificate_facts(
    certificate: CertificateFacts | None, text: Text, zone: tzinfo
) -> list[tuple[str, str]]:
    if certificate is None:
        return [(text(N_("Certificate")), text(N_("The certificate could not be read.")))]
    first, last = (local_date(day, zone) for day in (certificate.not_before, certificate.not_after))
    period = text(N_("from {first} to {last}"), first=first, last=last)
    facts = [
        (text(N_("Owner")), certificate.owner),
        (text(N_("Post")), certificate.title),
        (text(N_("Organisation")), certificate.organisation),
        (text(N_("ОГРН")), certificate.ogrn),
        (text(N_("ИНН of the organisation")), certificate.inn_le),
        (text(N_("Certificate number")), certificate.serial),
        (text(N_("Issued by")), certificate.issuer),
        (text(N_("Certificate in force")), period),
    ]
    return [(name, value) for name, value in facts if value]


def _training(signature: SignatureReport) -> bool:
    certificate = signature.certificate
    return signature.training or (certificate is not None and certificate.training)


def _kind(signature: SignatureReport, text: Text) -> str:
    kind = signature.fulfils
    if kind is None or kind not in KINDS:
        return text(N_("not established: the chain leads to no trusted certificate"))
    if signature.training:
        return text(N_("training, instead of: {kind}"), kind=text(KINDS[kind]))
    return text(KINDS[kind])


def _check_row(check: Check, text: Text, zone: tzinfo) -> tuple[str, str, str, str]:
    outcome = OUTCOMES[check.outcome] if check.required else NOT_REQUIRED
    explained = sentence(check.msgid, check.params, text, zone)
    return str(check.number), text(CHECKS[check.key]), text(outcome), explained


def _evidence_row(item: EvidenceItem, text: Text, zone: tzinfo) -> tuple[str, str, str]:
    since = local_date(item.since, zone)
    period = text(N_("from {first}"), first=since)
    if item.until is not None:
        period = text(N_("from {first} to {last}"), first=since, last=local_date(item.until, zone))
    return text(EVIDENCE[item.kind]), f"{item.name}\n{item.sha256}", period


def _feet(flow: Flow, text: Text) -> None:
    total = len(flow.sheets)
    end = A4[0] - flow.margins.right * MM
    for number, sheet in enumerate(flow.sheets, start=1):
        place = text(N_("Sheet {number} of {total}"), number=number, total=total)
        sheet.line(flow.left, FOOT + FOOT_SIZE * 1.4, end, FOOT + FOOT_SIZE * 1.4, 0.4)
        sheet.text(flow.left, FOOT, text(TITLE), Face.REGULAR, FOOT_SIZE)
        sheet.right(end, FOOT, place, Face.REGULAR, FOOT_SIZE)
