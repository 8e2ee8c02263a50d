"""Judging an evidence record (RFC 4998, 4.3 and 5.3): did the file exist, since when, provably?

Whether a timestamp token is good at a moment is somebody else's judgement, handed in; here stands
what the tokens are over, in which order, and whether each digest was strong while it was needed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from itertools import accumulate, pairwise
from typing import Protocol

from signing.digests import DIGESTS, digest
from signing.errors import SigningError
from signing.policy import DEFAULT_POLICY, AlgorithmPolicy, Standing
from signing.records.evidence_records import ArchiveTimestamp, EvidenceRecord, chain_leaves
from signing.records.hash_tree import root_over
from signing.timestamps.judgement import CLOCK_SKEW
from signing.timestamps.tokens import Imprint
from signing.verdicts import Verdict, refuse_naive
from signing.words import N_


class RecordNotProvenError(SigningError):
    """The record does not prove that the file existed; the root of what `verify_record` raises.

    `final` says that no further evidence can change this.
    """

    code = "signing.record_not_proven"
    msgid = N_("The evidence record does not prove that the file existed.")
    final = True


class OtherFileError(RecordNotProvenError):
    """The digest of the file is not the one from which the hash tree leads to its root."""

    code = "signing.record_other_file"
    msgid = N_("The evidence record was made for another file, or it was changed.")


class BrokenRenewalError(RecordNotProvenError):
    """A renewal stands over something else than what it should have renewed."""

    code = "signing.record_broken_renewal"
    msgid = N_("Renewal number {number} of the evidence record does not continue the one before.")


class OrderOfTimesError(RecordNotProvenError):
    """A timestamp is not later than the one it renews, or later than now."""

    code = "signing.record_times"
    msgid = N_("The times in the evidence record are not in order.")


class TokenRefusedError(RecordNotProvenError):
    """A timestamp was not good when it was last relied on."""

    code = "signing.record_token_refused"
    msgid = N_("Timestamp number {number} of the evidence record is not valid.")


class DigestBrokenError(RecordNotProvenError):
    """A digest had lost its strength before the record was renewed with a better one."""

    code = "signing.record_digest_broken"
    msgid = N_("The record was not renewed in time: the digest {digest} is not strong enough.")


class TokenUndecidedError(RecordNotProvenError):
    """Whether a timestamp was good could not be found out."""

    code = "signing.record_token_undecided"
    msgid = N_("Timestamp number {number} of the evidence record could not be checked.")
    final = False


class DigestUnknownError(RecordNotProvenError):
    """A digest is unknown to the policy or was not computed for this file."""

    code = "signing.record_digest_unknown"
    msgid = N_("The evidence record uses the digest {digest}, which cannot be checked here.")
    final = False


@dataclass(frozen=True)
class JudgedToken:
    """What was found out about one timestamp token.

    `time` is what the token says, `proven` the end of its stated accuracy; both are None when
    the verdict is not VALID and the token could not be read.
    """

    verdict: Verdict
    time: datetime | None
    proven: datetime | None

    def __post_init__(self) -> None:
        for moment in (self.time, self.proven):
            if moment is not None:
                refuse_naive(moment)
        if self.verdict is Verdict.VALID and (self.time is None or self.proven is None):
            raise ValueError("a valid timestamp has a time")


class JudgeToken(Protocol):
    """Judges an RFC 3161 token over `imprint` as it was relied on at the moment `at` (UTC)."""

    def __call__(self, token: bytes, imprint: Imprint, at: datetime) -> JudgedToken: ...


@dataclass(frozen=True)
class DigestPeriods:
    """Which digests are strong, and since when some are not any more.

    A digest in `ended` was strong before that moment (UTC), whatever the policy of today says.
    """

    policy: AlgorithmPolicy = DEFAULT_POLICY
    ended: Mapping[str, datetime] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for moment in self.ended.values():
            refuse_naive(moment)

    def standing(self, name: str, at: datetime) -> Standing:
        """Judge a digest as it had to hold at `at`."""
        if name in self.ended:
            return Standing.ALLOWED if at < self.ended[name] else Standing.REFUSED
        return self.policy.digest(name)


@dataclass(frozen=True)
class ProvenRecord:
    """The file existed at `since`; `renewed` is the newest timestamp's time, `digest` its own."""

    since: datetime
    renewed: datetime
    digest: str
    timestamps: int


def verify_record(
    record: EvidenceRecord,
    digest_of: Callable[[str], bytes],
    judge: JudgeToken,
    now: datetime,
    periods: DigestPeriods = DigestPeriods(),
) -> ProvenRecord:
    """Return since when the file with the digests `digest_of(algorithm)` is proven to exist.

    Every timestamp is judged for the moment of the one that renews it, the newest for `now`
    (UTC). Raises RecordNotProvenError.
    """
    refuse_naive(now)
    check_covered(record, digest_of)
    stamps = [stamp for chain in record.chains for stamp in chain.timestamps]
    tokens = _judged(stamps, judge, now)
    first_times = _first_times(record, tokens)
    for chain, relied_on in zip(record.chains, (*first_times[1:], now), strict=True):
        _check_strength(chain.timestamps[0].algorithm, relied_on, periods)
    return ProvenRecord(tokens[0].proven, tokens[-1].time, record.last.algorithm, len(stamps))


def check_covered(record: EvidenceRecord, digest_of: Callable[[str], bytes]) -> None:
    """Check what each timestamp stands over, from the file to the newest one.

    Raises OtherFileError, BrokenRenewalError or DigestUnknownError.
    """
    number = 0
    for position, chain in enumerate(record.chains):
        algorithm = chain.timestamps[0].algorithm
        if algorithm not in DIGESTS or algorithm not in record.digests:
            raise DigestUnknownError(digest=algorithm)
        file_digest = _file_digest(digest_of, algorithm)
        leaves = chain_leaves(record, algorithm, file_digest, position) if position else ()
        if not any(_leads(chain.timestamps[0], leaf) for leaf in leaves or (file_digest,)):
            raise BrokenRenewalError(number=number) if position else OtherFileError
        for before, stamp in pairwise(chain.timestamps):
            number += 1
            same = stamp.algorithm == algorithm
            if not same or not _leads(stamp, digest(algorithm, before.token)):
                raise BrokenRenewalError(number=number)
        number += 1


def _leads(stamp: ArchiveTimestamp, leaf: bytes) -> bool:
    """Say whether the lists lead from `leaf` to what the token is over, by the same digest."""
    if stamp.algorithm != stamp.imprint.digest:
        return False
    return root_over(stamp.algorithm, leaf, stamp.lists) == stamp.imprint.value


def _file_digest(digest_of: Callable[[str], bytes], algorithm: str) -> bytes:
    try:
        return digest_of(algorithm)
    except (LookupError, ValueError) as error:
        raise DigestUnknownError(digest=algorithm) from error


@dataclass(frozen=True)
class _Times:
    """The two times of a valid token."""

    time: datetime
    proven: datetime


def _judged(stamps: list[ArchiveTimestamp], judge: JudgeToken, now: datetime) -> list[_Times]:
    """Judge the tokens from the newest to the oldest, each for the moment it was relied on."""
    judged: list[_Times] = []
    relied_on = now
    for number, stamp in reversed(list(enumerate(stamps, 1))):
        found = judge(stamp.token, stamp.imprint, relied_on)
        if found.verdict is Verdict.UNDECIDED:
            raise TokenUndecidedError(number=number)
        if found.verdict is not Verdict.VALID or found.time is None or found.proven is None:
            raise TokenRefusedError(number=number)
        if found.time > now + CLOCK_SKEW or (judged and found.time >= relied_on):
            raise OrderOfTimesError
        relied_on = found.time
        judged.append(_Times(found.time, found.proven))
    return judged[::-1]


def _first_times(record: EvidenceRecord, tokens: list[_Times]) -> list[datetime]:
    """Return the time of the first timestamp of each chain."""
    counts = [len(chain.timestamps) for chain in record.chains]
    return [tokens[position].time for position in (0, *accumulate(counts[:-1]))]


def _check_strength(algorithm: str, relied_on: datetime, periods: DigestPeriods) -> None:
    standing = periods.standing(algorithm, relied_on)
    if standing is Standing.REFUSED:
        raise DigestBrokenError(digest=algorithm)
    if standing is Standing.UNKNOWN:
        raise DigestUnknownError(digest=algorithm)
