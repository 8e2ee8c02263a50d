"""A signature judged with its evidence record: as of the moment that the record proves.

The record must cover the file, its signature and the evidence by which the signature was judged
(chain, lists, answers). Then the signature existed at the record's first time, and it is judged
for that moment, whatever has expired since. Evidence that the record does not cover is not looked
at for the signature: it may have been made later, with a key that was lost by then. The tokens of
the record are judged with it too, by what their issuers have signed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import cache

from signing.digests import digest
from signing.errors import SigningError
from signing.evidence import Evidence, Grounds
from signing.records.check import (
    DigestPeriods,
    ProvenRecord,
    RecordNotProvenError,
    TokenRefusedError,
    TokenUndecidedError,
    check_covered,
    verify_record,
)
from signing.records.evidence_records import EvidenceRecord, read_record
from signing.records.information import evidence_in
from signing.records.tokens import JudgeOnGrounds
from signing.timestamps.judgement import JudgedTimestamp, without_training
from signing.trust import with_intermediates
from signing.validate import Validation
from signing.verdicts import Outcome, Param, Remark, Verdict
from signing.words import N_

TODAYS_POLICY = DigestPeriods()
PROVEN = Remark(
    "record_proven",
    N_(
        "By its evidence record the file, its signature and the evidence existed at {since}. The "
        "record rests on the timestamp of {renewed} (timestamps in the record: {count})."
    ),
)
NOT_COUNTED = Remark(
    "record_not_counted", N_("The evidence record was not counted, for the reason that follows.")
)
WITHOUT_EVIDENCE = Remark(
    "record_without_evidence",
    N_("No evidence that the record covers came with it; lists given otherwise were used."),
)


@dataclass(frozen=True)
class Preserved:
    """What an evidence record says of a file: what it proves, or why it proves nothing.

    `grounds` are those to judge the signature by; `remarks` say in sentences what was found.
    """

    grounds: Grounds
    proven: ProvenRecord | None
    problem: SigningError | None
    remarks: tuple[Remark, ...]

    def said_in(self, validation: Validation) -> Validation:
        """Return the validation with the remarks in its report, before the others."""
        report = validation.report
        return replace(validation, report=replace(report, remarks=(*self.remarks, *report.remarks)))

    def verdict_of(self, validation: Validation) -> Verdict:
        """Return the verdict over file and record: with a record that proves nothing never VALID.

        Whoever gave a record asked for what it proves.
        """
        verdict = validation.report.verdict
        if self.problem is not None and verdict is Verdict.VALID:
            return Verdict.UNDECIDED
        return verdict


def judge_preserved(
    record: bytes,
    signed: Iterable[bytes],
    grounds: Grounds,
    evidence: Iterable[bytes] = (),
    periods: DigestPeriods = TODAYS_POLICY,
) -> Preserved:
    """Judge an evidence record over `signed`: the file and what was signed over it.

    `evidence` is stored evidence that came beside the record; what travels inside it is found.
    Never raises for what is wrong with the record.
    """
    looking = _Looking(grounds, periods, tuple(signed))
    try:
        read = read_record(record)
        known = _evidence((*evidence_in(read), *evidence))
        proven, training = looking.proven(read, known.values())
    except SigningError as error:
        return Preserved(grounds, None, error, (NOT_COUNTED, *looking.reasons(error)))
    covered = [each for piece, each in known.items() if _covers(read, piece)]
    params: dict[str, Param] = {
        "since": proven.since,
        "renewed": proven.renewed,
        "count": proven.timestamps,
    }
    remarks = (replace(PROVEN, params=params), *(() if covered else (WITHOUT_EVIDENCE,)))
    moment = replace(grounds, proven_at=proven.since, proven_for_training=training)
    return Preserved(_with(moment, covered), proven, None, remarks)


class _Looking:
    """Judges one record, and remembers what was found out about its timestamps."""

    def __init__(self, grounds: Grounds, periods: DigestPeriods, signed: tuple[bytes, ...]) -> None:
        self._grounds = grounds
        self._periods = periods
        self._signed = signed
        self._judged: list[JudgedTimestamp] = []

    def proven(
        self, record: EvidenceRecord, lists: Iterable[Evidence]
    ) -> tuple[ProvenRecord, bool]:
        """Return what the record proves, and whether it does so for training signatures only."""
        digests = [_digests(content) for content in self._signed]
        for digest_of in digests[1:]:
            check_covered(record, digest_of)
        wider = _with(self._grounds, lists)
        real = without_training(wider)
        try:
            return self._verified(record, digests[0], real), False
        except RecordNotProvenError:
            if real is wider:
                raise
        return self._verified(record, digests[0], wider), True

    def _verified(
        self, record: EvidenceRecord, digest_of: Callable[[str], bytes], grounds: Grounds
    ) -> ProvenRecord:
        judge = JudgeOnGrounds(grounds)
        self._judged = judge.judged
        return verify_record(record, digest_of, judge, grounds.now, self._periods)

    def reasons(self, error: SigningError) -> tuple[Remark, ...]:
        """Return why the record proves nothing: the error, and what stands against a timestamp."""
        why = [Remark(error.code.rpartition(".")[2], error.msgid, error.params)]
        if self._judged and isinstance(error, TokenRefusedError | TokenUndecidedError):
            standing = [
                each
                for each in self._judged[-1].report.checks
                if each.outcome is not Outcome.PASSED
            ]
            why += [Remark(each.code, each.msgid, each.params) for each in standing[:1]]
        return tuple(why)


def _digests(content: bytes) -> Callable[[str], bytes]:
    return cache(lambda name: digest(name, content))


def _covers(record: EvidenceRecord, piece: bytes) -> bool:
    try:
        check_covered(record, _digests(piece))
    except RecordNotProvenError:
        return False
    return True


def _evidence(pieces: Iterable[bytes]) -> dict[bytes, Evidence]:
    """Return the evidence in these pieces, each once; what is none is left out."""
    found: dict[bytes, Evidence] = {}
    for piece in dict.fromkeys(pieces):
        with suppress(SigningError):
            found[piece] = Evidence.from_bytes(piece)
    return found


def _with(grounds: Grounds, evidence: Iterable[Evidence]) -> Grounds:
    """Return the grounds with lists, answers and certificates added; anchors never come so."""
    known = tuple(evidence)
    certificates = tuple(c for each in known for c in each.certificates)
    return replace(
        grounds,
        trust=with_intermediates(grounds.trust, certificates),
        timestamping=with_intermediates(grounds.timestamping, certificates),
        crls=(*grounds.crls, *(entry for each in known for entry in each.crls)),
        ocsp=(*grounds.ocsp, *(answer for each in known for answer in each.ocsp)),
    )
