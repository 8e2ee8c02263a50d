"""A signed PDF made to last: all that its validity rests on inside, a timestamp over it all.

PAdES-B-LTA (ETSI EN 319 142-1, 5.4): whoever has the file needs nothing else to judge it while the
authority that gave the last timestamp is in force. What was signed is not touched.
"""

from __future__ import annotations

from dataclasses import replace

from signing.errors import SigningError
from signing.evidence import Grounds
from signing.pdf.signatures import read_signatures, signed_pdf_extends
from signing.timestamps.client import GivesTimestamps
from signing.timestamps.completing import Careful, digest_for, is_proven
from signing.timestamps.stamping import keep_in_pdf, stamp_pdf
from signing.validate import validate_pdf
from signing.verdicts import Report, Verdict
from signing.words import N_


class NotPreservedError(SigningError):
    """The copy for keeping would not hold, so there is none."""

    code = "signing.not_preserved"
    msgid = N_("A copy for long keeping was not made: the signature is not proven as a whole.")


def preserve_pdf(
    fixed: bytes, signed: bytes, authority: GivesTimestamps, grounds: Grounds
) -> bytes:
    """Return `signed` (the signed form of `fixed`) with its proofs and a timestamp over all.

    Only a valid signature whose time is proven is kept so, and the copy is judged as well: raises
    NotPreservedError when one of them does not hold, and what `keep_in_pdf`, `stamp_pdf` and
    `authority` raise.
    """
    validation = validate_pdf(signed, grounds)
    if not _holds(validation.report):
        raise NotPreservedError
    evidence = validation.evidence
    anchors = (*evidence.anchors, *evidence.timestamp_anchors)
    certificates = (*(each.certificate for each in anchors), *evidence.certificates)
    kept = keep_in_pdf(signed, dict.fromkeys(certificates), evidence.crls, evidence.ocsp)
    digest = digest_for(read_signatures(signed).signatures)
    fresh = replace(grounds, received_at=None)  # the copy is of now, whenever the rest came
    copy = stamp_pdf(kept, Careful(authority, fresh), digest)
    report = validate_pdf(copy, fresh).report
    stamped = bool(report.timestamps) and report.timestamps[-1].verdict is Verdict.VALID
    if not (_holds(report) and stamped and signed_pdf_extends(fixed, copy)):
        raise NotPreservedError
    return copy


def _holds(report: Report) -> bool:
    return report.verdict is Verdict.VALID and all(map(is_proven, report.signatures))
