"""signing.records behind the port EvidenceEngine."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from marshrut.engines.signatures import grounds_of
from signing.digests import DIGESTS, digest
from signing.errors import SigningError
from signing.evidence import Evidence, Grounds
from signing.policy import DEFAULT_POLICY, Standing
from signing.records.evidence_records import (
    EvidenceRecord,
    new_group_record,
    read_record,
    renewed_members,
    with_renewed_group,
    with_renewed_timestamp,
)
from signing.records.hash_tree import HashTree, group_digest
from signing.records.information import evidence_in, with_evidence
from signing.records.preserved import judge_preserved
from signing.revocation.known import RevocationList
from signing.revocation.ocsp import OcspAnswer
from signing.timestamps.judgement import JudgedTimestamp, judge_token
from signing.verdicts import Outcome, Verdict
from workflow.domain.refusals import Refusal
from workflow.evidence_records import Link, RecordFacts, TokenFacts, Tree
from workflow.ports import CheckStatus, TrustView

#: In this order: a digest that the policy refuses is followed by the next one.
PREFERRED = ("sha256", "sha512", "streebog256", "streebog512")

_STATUSES = {
    Verdict.VALID: CheckStatus.VALID,
    Verdict.INVALID: CheckStatus.INVALID,
    Verdict.UNDECIDED: CheckStatus.UNDECIDED,
}


class Records:
    """Hash trees, records, and what they prove."""

    @property
    def digest(self) -> str:
        """See `workflow.evidence_records.EvidenceEngine`."""
        return next(name for name in PREFERRED if name not in self.weak)

    @property
    def weak(self) -> frozenset[str]:
        """See `workflow.evidence_records.EvidenceEngine`."""
        return frozenset(n for n in DIGESTS if DEFAULT_POLICY.digest(n) is not Standing.ALLOWED)

    def digest_of(self, name: str, content: bytes) -> str:
        """See `workflow.evidence_records.EvidenceEngine`."""
        return digest(name, content).hex()

    def tree(self, digest: str, groups: Sequence[Sequence[str]]) -> Tree | Refusal:
        """See `workflow.evidence_records.EvidenceEngine`."""
        try:
            leaves = [group_digest(digest, _bytes(group)) for group in groups]
            root = HashTree.over(digest, leaves).root
        except SigningError as error:
            return _refusal(error)
        return Tree(digest, root.hex(), tuple(leaf.hex() for leaf in leaves))

    def judge_token(
        self, token: bytes, digest: str, root: str, trust: TrustView, now: datetime
    ) -> TokenFacts:
        """See `workflow.evidence_records.EvidenceEngine`."""
        try:
            grounds = grounds_of(trust, now)
        except SigningError as error:
            return TokenFacts(CheckStatus.UNDECIDED, b"", _refusal(error))
        stamped = bytes.fromhex(root)
        judged = judge_token(token, lambda name: stamped if name == digest else b"", grounds)
        status = _STATUSES[judged.report.verdict]
        evidence = _evidence_of(judged, grounds).to_bytes()
        return TokenFacts(status, evidence, _reason(judged))

    def assemble(
        self, links: Sequence[Link], base: bytes = b"", evidence: Sequence[bytes] = ()
    ) -> bytes | Refusal:
        """See `workflow.evidence_records.EvidenceEngine`."""
        try:
            record = _begun(links[0], base)
            for link in links[1:]:
                tree = HashTree.over(link.digest, _bytes(link.leaves))
                record = with_renewed_timestamp(record, tree, link.token)
        except SigningError as error:
            return _refusal(error)
        return with_evidence(record, (*evidence_in(record), *evidence)).to_bytes()

    def renewed_pieces(
        self, base: bytes, digest: str, files: Sequence[str]
    ) -> tuple[str, ...] | Refusal:
        """See `workflow.evidence_records.EvidenceEngine`."""
        try:
            members = renewed_members(read_record(base), digest, _bytes(files))
        except SigningError as error:
            return _refusal(error)
        return tuple(each.hex() for each in members)

    def examine(
        self,
        record: bytes,
        files: Sequence[bytes],
        trust: TrustView,
        now: datetime,
        evidence: Sequence[bytes] = (),
    ) -> RecordFacts | Refusal:
        """See `workflow.evidence_records.EvidenceEngine`."""
        try:
            found = judge_preserved(record, files, grounds_of(trust, now), evidence)
        except SigningError as error:
            return _refusal(error)
        if found.proven is None:
            said = found.remarks[-1]  # the nearest reason stands last
            return Refusal(f"record.{said.code}", said.msgid, params=dict(said.params))
        return RecordFacts(found.proven.since, found.proven.renewed)


def _begun(link: Link, base: bytes) -> EvidenceRecord:
    tree = HashTree.over(link.digest, _bytes(link.leaves))
    if base:
        return with_renewed_group(read_record(base), _bytes(link.pieces), tree, link.token)
    return new_group_record(tree, _bytes(link.pieces), link.token)


def _bytes(digests: Iterable[str]) -> list[bytes]:
    return [bytes.fromhex(each) for each in digests]


def _evidence_of(judged: JudgedTimestamp, grounds: Grounds) -> Evidence:
    """What the authority was judged by, in the form that evidence of signatures has."""
    return Evidence(
        anchors=(),
        certificates=() if judged.chain is None else judged.chain.certificates[1:],
        crls=tuple(each for each in judged.sources if isinstance(each, RevocationList)),
        now=grounds.now,
        timestamp_anchors=() if judged.chain is None else (judged.chain.anchor,),
        ocsp=tuple(each for each in judged.sources if isinstance(each, OcspAnswer)),
    )


def _reason(judged: JudgedTimestamp) -> Refusal | None:
    """The first check that stands in the way, failures before checks that could not be made."""
    for outcome in (Outcome.FAILED, Outcome.NOT_MADE):
        for check in judged.report.checks:
            if check.outcome is outcome:
                code = f"timestamp.{check.key}.{check.code}"
                return Refusal(code, check.msgid, params=dict(check.params))
    return None


def _refusal(error: SigningError) -> Refusal:
    return Refusal(error.code, error.msgid, params=error.params)
