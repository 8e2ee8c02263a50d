"""Giving a signature the timestamp that it lacks (CAdES-T, PAdES-B-T).

A signature whose time is proven already stays as it is, byte for byte. A timestamp that fails is
not put anywhere; one that cannot be judged yet is, and no second one of the same authority beside.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from signing.cades import parse_cms, read_cms
from signing.digests import digest
from signing.errors import SigningError
from signing.evidence import Grounds
from signing.pdf.signatures import INTACT, PdfSignature, read_signatures
from signing.timestamps.client import GivesTimestamps
from signing.timestamps.judgement import judge_token
from signing.timestamps.stamping import attach_token, stamp_pdf
from signing.timestamps.tokens import Imprint, Token
from signing.validate import validate_detached, validate_pdf
from signing.verdicts import Check, Outcome, SignatureReport, TimeBasis, TimestampReport
from signing.words import N_

GOST_DIGESTS = ("streebog256", "streebog512")


class TimestampNotGoodError(SigningError):
    """The authority gave a timestamp that proves nothing and never will."""

    code = "signing.timestamp_not_good"
    msgid = N_("The time-stamping authority gave a timestamp that does not hold.")

    def __init__(self, failed: Check) -> None:
        super().__init__()
        self.failed = failed


@dataclass(frozen=True)
class Careful:
    """Asks `authority`, and lets only tokens through that do not fail on these grounds."""

    authority: GivesTimestamps
    grounds: Grounds

    def stamp(self, imprint: Imprint) -> Token:
        """Return a token over `imprint`; raises TimestampNotGoodError, or what `authority` does."""
        token = self.authority.stamp(imprint)
        judged = judge_token(token.der, lambda _: imprint.value, self.grounds)
        failed = _never_good(judged.report)
        if failed is not None:
            raise TimestampNotGoodError(failed)
        return token

    def report_of(self, token: Token) -> TimestampReport:
        """Return what the token comes to on these grounds."""
        return judge_token(token.der, lambda _: token.imprint.value, self.grounds).report


def complete_detached(
    content: bytes, signature: bytes, authority: GivesTimestamps, grounds: Grounds
) -> bytes:
    """Return the CAdES file (DER) with a timestamp over each value whose time is not proven.

    `content` is what was signed. What lacks nothing is returned as it came. Raises what
    `validate_detached` and `attach_token` raise, TimestampNotGoodError, and what `authority` does.
    """
    reports = validate_detached(content, signature, grounds).report.signatures
    signers = read_cms(signature).signers
    asking = Careful(authority, grounds)
    completed = signature
    if len(signers) != len(reports):
        return signature  # what is not understood is judged so, with a timestamp or without
    for number, signer in enumerate(signers):
        if is_proven(reports[number]):
            continue
        token = asking.stamp(Imprint(signer.digest, digest(signer.digest, signer.signature)))
        if not _waits_for(asking.report_of(token), reports[number].timestamps):
            completed = attach_token(completed, token.der, signer=number)
    return completed


def complete_pdf(pdf: bytes, authority: GivesTimestamps, grounds: Grounds) -> bytes:
    """Return the PDF with a timestamp by which the time of each of its signatures is proven.

    It goes into the last signature, where there is room, else over the whole file. What lacks
    nothing is returned as it came. Raises what `validate_pdf` and `stamp_pdf` raise,
    TimestampNotGoodError, and what `authority` does.
    """
    report = validate_pdf(pdf, grounds).report
    lacking = [each for each in report.signatures if not is_proven(each)]
    signatures = read_signatures(pdf).signatures
    if not lacking or len(signatures) != len(report.signatures):
        return pdf
    asking = Careful(authority, grounds)
    only = signatures[0] if len(signatures) == 1 else None
    if only is not None and only.integrity is INTACT:
        cms = parse_cms(only.cms)
        token = asking.stamp(Imprint(cms.digest, digest(cms.digest, cms.signature)))
        if _waits_for(asking.report_of(token), lacking[0].timestamps):
            return pdf
        inside = _put_inside(pdf, only, attach_token(only.cms, token.der))
        if inside is not None:
            return inside
    whole = [each for each in report.timestamps if _may_prove(each)]
    if any(map(_is_trusted, whole)):
        return pdf
    if whole:
        cms = parse_cms(signatures[0].cms)
        token = asking.stamp(Imprint(cms.digest, digest(cms.digest, cms.signature)))
        if _waits_for(asking.report_of(token), whole):
            return pdf
    return stamp_pdf(pdf, asking, digest_for(signatures))


def is_proven(report: SignatureReport) -> bool:
    """Say whether a timestamp proves since when the signature exists."""
    return report.time_basis is TimeBasis.PROVEN


def _waits_for(own: TimestampReport, there: Sequence[TimestampReport]) -> bool:
    """Say whether a timestamp is there, by whom gave ours, that may prove the time yet.

    A name can be written into any certificate: where ours is trusted, the other has to be.
    """
    return any(
        _may_prove(each)
        and each.authority == own.authority
        and (_is_trusted(each) or not _is_trusted(own))
        for each in there
    )


def _is_trusted(report: TimestampReport) -> bool:
    passed = (each.key for each in report.checks if each.outcome is Outcome.PASSED)
    return "chain" in passed


def _may_prove(report: TimestampReport) -> bool:
    return report.time is not None and _never_good(report) is None


def _never_good(report: TimestampReport) -> Check | None:
    """Return the check by which it will never prove anything; whom to trust may be said later."""
    failed = (each for each in report.checks if each.outcome is Outcome.FAILED)
    return next((each for each in failed if each.key != "chain"), None)


def _put_inside(pdf: bytes, signature: PdfSignature, cms: bytes) -> bytes | None:
    """Return the PDF with another CMS (DER) in the place of the signature; None: it is too large.

    The place is the one hole in what the signature covers, which is the whole file.
    """
    front, back = signature.covered
    room = len(pdf) - len(front) - len(back) - len(b"<>")
    written = cms.hex().encode()
    if len(written) > room:
        return None
    return b"".join((front, b"<", written.ljust(room, b"0"), b">", back))


def digest_for(signatures: Sequence[PdfSignature]) -> str:
    """Return by which digest the whole file is stamped: a Russian one after Russian ones."""
    used = {parse_cms(each.cms).digest for each in signatures}
    return next((name for name in GOST_DIGESTS if name in used), "sha256")


__all__ = [
    "Careful",
    "TimestampNotGoodError",
    "complete_detached",
    "complete_pdf",
    "digest_for",
    "is_proven",
]
