"""The words of a report of a check, shared by its forms: page, plain text and paper.

СНИЛС and ИНН of a person are not among them.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, tzinfo

from signing.copies.marks import Text
from signing.local_time import local_date, local_moment
from signing.reports.indications import Main, indication_of
from signing.verdicts import (
    CertificateFacts,
    Check,
    EvidenceItem,
    EvidenceKind,
    Outcome,
    Param,
    Report,
    SignatureKind,
    SignatureProfile,
    SignatureReport,
    TimeBasis,
    TimestampReport,
    Verdict,
)
from signing.words import N_

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
PROFILES = {
    SignatureProfile.CMS: N_(
        "inside the PDF, as CMS (ISO 32000, EN 319 142-2); not PAdES baseline"
    ),
    SignatureProfile.TIME_INSIDE: N_(
        "PAdES, but with the signer's time in the signature; not PAdES baseline (EN 319 142-1)"
    ),
}
TIME_BASES = {
    TimeBasis.PROVEN: N_("{moment}, proven by a timestamp"),
    TimeBasis.NOW: N_("{moment}, the moment of the check"),
    TimeBasis.RECEIVED: N_("{moment}, when the signature was received here"),
    TimeBasis.HYPOTHETICAL: N_("{moment}, supposed on request"),
}
EVIDENCE = {
    EvidenceKind.ANCHOR: N_("Trusted certificate"),
    EvidenceKind.CERTIFICATE: N_("Certificate"),
    EvidenceKind.CRL: N_("Revocation list"),
    EvidenceKind.OCSP: N_("Answer on revocation"),
}
TECHNICAL_CHECK = N_(
    "This is a technical check. It was not made by a certified means of electronic signature. "
    "A legally significant check is made by a certified means of electronic signature."
)


INDICATIONS = {
    Main.PASSED: N_("every check that was asked for is passed"),
    Main.FAILED: N_("the signature does not hold and will not hold later"),
    Main.INDETERMINATE: N_("what is known is not enough to call the signature good"),
}
HYPOTHETICAL = N_(
    "The moment was named on request and is not proven: the answer is only what would follow if "
    "the signature had been made then."
)


def sentence(msgid: str, params: Mapping[str, Param], text: Text, zone: tzinfo) -> str:
    """Return the sentence of a check with its times as people in `zone` read them."""
    shown = {
        name: local_moment(value, zone) if isinstance(value, datetime) else value
        for name, value in params.items()
    }
    return text(msgid, **shown)


def result_words(report: Report, text: Text) -> str:
    """Return the verdict over the file as a sentence."""
    by_number = {0: NO_SIGNATURE, 1: ONE_SIGNATURE}
    words = by_number.get(len(report.signatures), SEVERAL_SIGNATURES)
    return text(words[report.verdict])


def says_training(report: Report) -> bool:
    """Say whether anything was made for practice: by its anchor, or by a signer's certificate."""
    return any(
        signature.training or (signature.certificate is not None and signature.certificate.training)
        for signature in report.signatures
    ) or any(timestamp.training for timestamp in report.timestamps)


def not_understood_words(report: Report, text: Text, zone: tzinfo) -> list[str]:
    """Return a sentence for each thing in the file that could not be read."""
    return [
        text(N_("Not understood: {what}"), what=sentence(item.msgid, item.params, text, zone))
        for item in report.not_understood
    ]


def document_timestamp_words(report: Report, text: Text, zone: tzinfo) -> list[str]:
    """Return a sentence for each timestamp over the document."""
    return [
        text(N_("Timestamp of the document: {what}"), what=_timestamp_words(each, text, zone))
        for each in report.timestamps
    ]


def evidence_of(signature: SignatureReport) -> tuple[EvidenceItem, ...]:
    """Return what a signature and its timestamps were checked with, each piece once."""
    stamping = (item for timestamp in signature.timestamps for item in timestamp.evidence)
    return tuple(dict.fromkeys((*signature.evidence, *stamping)))


def remark_words(report: Report, text: Text, zone: tzinfo) -> list[str]:
    """Return a sentence for each thing that the reader must be told beside the checks."""
    return [sentence(item.msgid, item.params, text, zone) for item in report.remarks]


def headings(report: Report, text: Text) -> list[str]:
    """Return the heading of each signature: its number and its verdict."""
    return [
        text(SIGNATURE_VERDICTS[signature.verdict], number=number, total=len(report.signatures))
        for number, signature in enumerate(report.signatures, start=1)
    ]


def signature_facts(signature: SignatureReport, text: Text, zone: tzinfo) -> list[tuple[str, str]]:
    """Return what is known of a signature: name and value of each fact, in words."""
    facts = _certificate_facts(signature.certificate, text, zone)
    facts.append((text(N_("Kind of signature")), _kind(signature, text)))
    facts.append((text(N_("Format")), format_words(signature, text)))
    if signature.claimed_time is not None:
        named = text(N_("Time named by the signer"))
        facts.append((named, local_moment(signature.claimed_time, zone)))
    checked = local_moment(signature.checked_at, zone)
    basis = text(TIME_BASES[signature.time_basis], moment=checked)
    facts.append((text(N_("Checked for the moment")), basis))
    facts.append((text(N_("Result by ETSI EN 319 102-1")), indication_words(signature, text)))
    name = text(N_("Timestamp"))
    return facts + [(name, _timestamp_words(each, text, zone)) for each in signature.timestamps]


def indication_words(signature: SignatureReport, text: Text) -> str:
    """Return the indication in the terms of the standard, and what it means."""
    indication = indication_of(signature)
    terms = " / ".join(filter(None, (indication.main, indication.sub)))
    return f"{terms} — {text(INDICATIONS[indication.main])}"


def check_words(check: Check, text: Text, zone: tzinfo) -> tuple[str, str, str]:
    """Return what was checked, the outcome, and the explanation."""
    outcome = OUTCOMES[check.outcome] if check.required else NOT_REQUIRED
    explained = sentence(check.msgid, check.params, text, zone)
    return text(CHECKS[check.key]), text(outcome), explained


def evidence_words(item: EvidenceItem, text: Text, zone: tzinfo) -> tuple[str, str, str]:
    """Return what the piece of evidence is, whose it is, and when it is in force."""
    first = local_date(item.since, zone)
    period = text(N_("from {first}"), first=first)
    if item.until is not None:
        last = local_date(item.until, zone)
        period = text(N_("from {first} to {last}"), first=first, last=last)
    return text(EVIDENCE[item.kind]), item.name, period


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


def _timestamp_words(timestamp: TimestampReport, text: Text, zone: tzinfo) -> str:
    if timestamp.time is None:
        says = ""
    elif timestamp.authority:
        moment = local_moment(timestamp.time, zone)
        says = f"{moment}, {timestamp.authority}. "
    else:
        says = f"{local_moment(timestamp.time, zone)}. "
    if timestamp.verdict is Verdict.VALID:
        return says + text(N_("The time is proven."))
    standing = [check for check in timestamp.checks if check.outcome is not Outcome.PASSED]
    first = min(standing, key=lambda check: check.outcome is not Outcome.FAILED)
    return says + text(
        N_("The time is not proven. {why}"), why=sentence(first.msgid, first.params, text, zone)
    )


def format_words(signature: SignatureReport, text: Text) -> str:
    """Return the level that was shown, else the format, and whether a record keeps the proof."""
    named: str = signature.level or signature.format
    if signature.profile is not None:
        named = text(PROFILES[signature.profile])
    if signature.preserved:
        return text(N_("{format}, with an evidence record"), format=named)
    return named


def _kind(signature: SignatureReport, text: Text) -> str:
    kind = signature.fulfils
    if kind is None or kind not in KINDS:
        return text(N_("not established: the chain leads to no trusted certificate"))
    if signature.training:
        return text(N_("training, instead of: {kind}"), kind=text(KINDS[kind]))
    return text(KINDS[kind])
