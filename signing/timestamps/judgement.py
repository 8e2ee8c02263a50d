"""Timestamps judged: does this token prove that something existed at its time?

A token is a signature of its authority (RFC 3161), so checks 1–6 are made on it. They are made
for the moment since which its bytes are known to exist otherwise — now, the receipt, or a later
timestamp over it — because whoever gets hold of the authority's key can write any time into a
token. Only anchors in `Grounds.timestamping` vouch for timestamps; the authorities trusted for
signatures do not.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from cryptography import x509

from signing.cades import SignedCms, is_bound, is_named
from signing.certificates import Certificate
from signing.digests import DIGESTS, digest
from signing.errors import MALFORMED, SigningError
from signing.evidence import Grounds, evidence_items, sources_used
from signing.file_checks import (
    Moment,
    algorithm_problem,
    chain_statuses,
    check_chain_found,
    check_revocation,
    check_signature_value,
    check_time,
)
from signing.pdf.signatures import PdfIntegrity
from signing.revocation.crl_status import Question, reason_of, revoked_since, speaks_of
from signing.revocation.known import CertificateStatus, RevocationSource, Status
from signing.revocation.ocsp import status_in_answers
from signing.timestamps.tokens import Imprint, Token, TokenUnreadableError, parse_token
from signing.trust import Chain, ChainProblem, TrustStore
from signing.verdicts import (
    CHECK_KEYS,
    Check,
    Outcome,
    Param,
    SignatureKind,
    TimeBasis,
    TimestampReport,
    Verdict,
)
from signing.words import N_

__all__ = [
    "Imprint",
    "JudgedTimestamp",
    "Token",
    "TokenUnreadableError",
    "earliest_proof",
    "judge_token",
    "moment_known",
    "parse_token",
]

CLOCK_SKEW = timedelta(minutes=2)
"""How far the clock of an authority may go ahead of ours."""

NO_CERTIFICATE = "no_certificate"
NOT_AT_HAND = N_("The certificate of the time-stamping authority is not at hand.")
PEACEFUL = {
    x509.ReasonFlags.affiliation_changed,
    x509.ReasonFlags.superseded,
    x509.ReasonFlags.cessation_of_operation,
}
"""Reasons to revoke an authority that leave its earlier timestamps in force (RFC 3161, 4)."""


@dataclass(frozen=True)
class JudgedTimestamp:
    """One timestamp's report, and what it rests on."""

    report: TimestampReport
    chain: Chain | None = None
    sources: tuple[RevocationSource, ...] = ()

    @property
    def proven(self) -> datetime | None:
        """Return the moment at which what was stamped surely existed, None if nothing is proven."""
        return self.report.proven if self.report.verdict is Verdict.VALID else None


def moment_known(grounds: Grounds) -> Moment:
    """Return the moment since which the file is known to exist, without its timestamps."""
    if grounds.at is not None:
        return Moment(grounds.at.replace(microsecond=0), TimeBasis.HYPOTHETICAL)
    if grounds.proven_at is not None:
        return Moment(grounds.proven_at, TimeBasis.PROVEN)
    if grounds.received_at is not None:
        return Moment(grounds.received_at.replace(microsecond=0), TimeBasis.RECEIVED)
    return Moment(grounds.now.replace(microsecond=0), TimeBasis.NOW)


def earliest_proof(judged: Iterable[JudgedTimestamp], known: Moment) -> Moment:
    """Return the earliest moment that a valid timestamp proves, `known` when none does.

    A moment that is merely supposed stays so, whatever the timestamps say.
    """
    proven = [each.proven for each in judged if each.proven is not None]
    if not proven or known.basis is TimeBasis.HYPOTHETICAL:
        return known
    earliest = Moment(min(proven), TimeBasis.PROVEN)
    if known.basis is TimeBasis.PROVEN and known.at <= earliest.at:
        return known
    return earliest


def judge_token(
    content: bytes,
    imprint_of: Callable[[str], bytes],
    grounds: Grounds,
    *,
    known: Moment | None = None,
    beside: Iterable[Certificate] = (),
    field_name: str = "",
    covers: PdfIntegrity | None = None,
) -> JudgedTimestamp:
    """Judge the token in `content`; what is wrong with it is in the report, nothing is raised.

    `imprint_of` gives the digest of what should have been stamped by the digest's name. `known`
    is the moment since which the token is known to exist (see `moment_known`). `beside` are
    certificates from around the token, for one that leaves the authority's out. A document
    timestamp has `field_name`, and `covers` says what it covers of its PDF.
    """
    try:
        token = parse_token(content)
    except SigningError as error:
        unreadable = _check(1, Outcome.NOT_MADE, error.code.rpartition(".")[2], error.msgid)
        return JudgedTimestamp(TimestampReport(field_name, None, None, "", False, (unreadable,)))
    known = known or moment_known(grounds)
    extra = (*token.signed.certificates, *beside)
    signed = _with_certificate(token, (*extra, *grounds.timestamping.intermediates))
    certificate = signed.certificate
    found = (
        None
        if certificate is None
        else grounds.timestamping.find_chain(certificate, extra, known.at)
    )
    chain = found if isinstance(found, Chain) else None
    statuses = () if chain is None else _statuses(chain, grounds, known, token)
    checks = (
        _check_imprint(token, imprint_of, covers),
        check_signature_value(signed),
        _check_chain(found),
        _check_time(token, certificate, known),
        check_revocation(statuses),
        _check_usage(token, signed, found, grounds),
    )
    sources = sources_used(statuses)
    report = TimestampReport(
        field_name=field_name,
        time=token.time.replace(microsecond=0),
        proven=token.latest,
        authority="" if certificate is None else certificate.subject_text,
        training=chain is not None and chain.anchor.kind is SignatureKind.TRAINING,
        checks=tuple(_in_own_words(each) for each in checks),
        evidence=evidence_items(chain, sources),
    )
    return JudgedTimestamp(report, chain, sources)


def _with_certificate(token: Token, candidates: Iterable[Certificate]) -> SignedCms:
    """Return the token's signature with its authority's certificate, wherever that came from.

    CryptoPro leaves the certificate out of the tokens inside CAdES X Long Type 1. A certificate
    named by its SHA-1 (RFC 3161, 2.4.2) counts as bound: two with the same SHA-1 can be made
    together, but none to go with one that exists.
    """
    signed = token.signed
    named = [each for each in dict.fromkeys(candidates) if is_named(signed.sid, each)]
    for each in named:
        if is_bound(each, signed.bound_to):
            return replace(signed, certificate=each)
    if signed.bound_to is None and token.sha1_binding is not None:
        for each in named:
            if hashlib.sha1(each.der, usedforsecurity=False).digest() == token.sha1_binding:
                bound_to = ("sha256", hashlib.sha256(each.der).digest())
                return replace(signed, certificate=each, bound_to=bound_to)
    return replace(signed, certificate=next(iter(named), None))


def _in_own_words(check: Check) -> Check:
    """Return the check with the sentence for timestamps where that for signatures misleads."""
    return replace(check, msgid=NOT_AT_HAND) if check.code == NO_CERTIFICATE else check


def _statuses(
    chain: Chain, grounds: Grounds, known: Moment, token: Token
) -> tuple[CertificateStatus, ...]:
    own, *above = chain_statuses(chain, grounds.crls, known, grounds.policy, grounds.ocsp)
    issuer, _ = chain.links[-1]
    question = Question(own.certificate, issuer, known.at, known.basis, grounds.policy)
    if own.status is Status.REVOKED and _left_in_peace(question, token, grounds):
        own = replace(own, status=Status.REVOKED_LATER)
    return own, *above


def _left_in_peace(question: Question, token: Token, grounds: Grounds) -> bool:
    """Say whether the authority was revoked after the token, for a reason that spares it.

    Everything at hand must agree: a loss of the key may become known after the office was closed.
    """
    certificate = question.certificate
    answered = status_in_answers(question, grounds.ocsp, grounds.crls)
    if answered is not None and answered.status is Status.REVOKED:
        return False
    try:
        listed = [e.entry(certificate.serial) for e in grounds.crls if speaks_of(e, question)]
        found = [entry for entry in listed if entry is not None]
        return bool(found) and all(
            revoked_since(entry) > token.latest and reason_of(entry) in PEACEFUL for entry in found
        )
    except MALFORMED:
        return False


def _check_imprint(
    token: Token, imprint_of: Callable[[str], bytes], covers: PdfIntegrity | None
) -> Check:
    """Check 1: the authority signed this TSTInfo, and it is about what was to be stamped."""
    for name in (token.signed.digest, token.imprint.digest):
        if name not in DIGESTS:
            unknown = N_("The digest {algorithm} is not known to this program.")
            return _check(1, Outcome.NOT_MADE, "digest_unknown", unknown, {"algorithm": name})
    if digest(token.signed.digest, token.info) != token.signed.content_digest:
        return _check(
            1, Outcome.FAILED, "token_changed", N_("The timestamp was changed after it was made.")
        )
    if imprint_of(token.imprint.digest) != token.imprint.value:
        return _check(
            1,
            Outcome.FAILED,
            "imprint_other",
            N_("The timestamp belongs to another signature or document."),
        )
    if covers is not None and covers.outcome is Outcome.FAILED:
        return _check(1, covers.outcome, covers.code, covers.msgid)
    return _check(
        1, Outcome.PASSED, "imprint", N_("The timestamp belongs to exactly what it stands on.")
    )


def _check_chain(found: Chain | ChainProblem | None) -> Check:
    """Check 3; without a trusted authority for timestamps there is nothing to compare with."""
    if isinstance(found, ChainProblem) and found.code == "nothing_trusted":
        return _check(
            3,
            Outcome.NOT_MADE,
            found.code,
            N_("No authority is trusted for timestamps, so the time is not proven."),
        )
    return check_chain_found(found)


def _check_time(token: Token, certificate: Certificate | None, known: Moment) -> Check:
    """Check 4: the authority's key was within its periods then, and its certificate still is.

    Once it has expired nobody says any more whether the key had been lost (ETSI EN 319 102-1,
    5.2.6), so the timestamp proves nothing unless it was known before.
    """
    then = check_time(certificate, Moment(token.time, TimeBasis.PROVEN))
    if certificate is None or then.outcome is not Outcome.PASSED:
        return then
    if token.latest > known.at + CLOCK_SKEW:
        return _check(
            4,
            Outcome.NOT_MADE,
            "in_future",
            N_("The timestamp says a time that had not come yet: {time}."),
            {"time": token.latest},
        )
    if known.at > certificate.not_after:
        return _check(
            4,
            Outcome.NOT_MADE,
            "authority_expired",
            N_(
                "The certificate of the time-stamping authority expired on {until}; since then "
                "the timestamp proves nothing by itself."
            ),
            {"until": certificate.not_after},
        )
    return then


def _check_usage(
    token: Token, signed: SignedCms, found: Chain | ChainProblem | None, grounds: Grounds
) -> Check:
    """Check 6: the certificate is for timestamps and nothing else (RFC 3161, 2.3)."""
    certificate = signed.certificate
    if certificate is None:
        return _check(6, Outcome.NOT_MADE, NO_CERTIFICATE, NOT_AT_HAND)
    if not is_for_timestamps(certificate):
        return _check(
            6,
            Outcome.FAILED,
            "not_for_timestamps",
            N_("The certificate of the authority is not one for timestamps alone."),
        )
    problem = algorithm_problem(signed, found, grounds.policy, (token.imprint.digest,))
    return problem or _check(
        6,
        Outcome.PASSED,
        "for_timestamps",
        N_("The certificate is for timestamps alone, and its algorithms are allowed."),
    )


def is_for_timestamps(certificate: Certificate) -> bool:
    """Say whether the certificate has exactly the critical purpose timeStamping (RFC 3161, 2.3).

    A key usage, where it is given, must permit signatures; an authority's certificate never does.
    """
    purposes = certificate.parsed.extended_key_usage_value
    uses = certificate.key_usage
    return (
        purposes is not None
        and purposes.native == ["time_stamping"]
        and "extended_key_usage" in certificate.parsed.critical_extensions
        and (uses is None or bool(uses & {"digital_signature", "non_repudiation"}))
        and not certificate.parsed.ca
    )


def without_training(grounds: Grounds) -> Grounds:
    """Return `grounds` in which no training anchor vouches for timestamps.

    Who holds the key of a training authority may write any time into its timestamps.
    """
    if grounds.proven_at is not None and grounds.proven_for_training:
        grounds = replace(grounds, proven_at=None, proven_for_training=False)
    store = grounds.timestamping
    real = [each for each in store.anchors if each.kind is not SignatureKind.TRAINING]
    if len(real) == len(store.anchors):
        return grounds
    return replace(grounds, timestamping=TrustStore(real, store.intermediates, store.by_subject))


def _check(
    number: int, outcome: Outcome, code: str, msgid: str, params: Mapping[str, Param] | None = None
) -> Check:
    return Check(number, CHECK_KEYS[number - 1], outcome, code, msgid, params or {})
