"""Twenty years of one signature: signed, stamped at night, renewed twice, everything expired."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from signing.digests import digest
from signing.evidence import Evidence, Grounds
from signing.records.evidence_records import (
    EvidenceRecord,
    new_group_record,
    token_digest,
    with_renewed_timestamp,
)
from signing.records.hash_tree import HashTree, group_digest
from signing.records.information import with_evidence
from signing.records.preserved import Preserved, judge_preserved
from signing.revocation.known import load_crl
from signing.sign import sign_detached
from signing.timestamps.requests import check_response, request
from signing.timestamps.tokens import Imprint
from signing.training.timestamp_authority import TrainingTsa
from signing.validate import Validation, validate_detached
from signing.verdicts import Verdict
from tests.pki import DAY, NOON, YEAR, Authority, Office
from tests.tsa import tsa_of, vouching
from tests.unit.signing.conftest import CONTENT, grounds_of, key_of, trust_in

SIGNED_AT = NOON
NIGHT = NOON + DAY
FIRST_RENEWAL = NOON + 2 * YEAR
SECOND_RENEWAL = NOON + 11 * YEAR
LATER = NOON + 20 * YEAR


def lasting(name: str) -> Office:
    """An office whose authorities last for thirty years."""
    root = Authority.root(f"Корень {name}", not_after=NOON + 30 * YEAR)
    issuing = root.issuing(f"Центр {name}", not_after=NOON + 30 * YEAR)
    return Office(root, issuing, root.crl(), issuing.crl())


def lists_at(office: Office, at: datetime) -> tuple[bytes, bytes]:
    """Both lists of an office as they are given out on that day."""
    since, until = at - DAY, at + 7 * DAY
    return (
        office.root.crl(this_update=since, next_update=until),
        office.issuing.crl(this_update=since, next_update=until),
    )


@dataclass(frozen=True)
class Story:
    """What lies in the archive after twenty years, and who was trusted."""

    signers: Office
    stampers: Office
    tsas: tuple[TrainingTsa, TrainingTsa, TrainingTsa]
    signature: bytes
    evidence: bytes

    @classmethod
    def told(cls) -> Story:
        """Sign with a certificate of fifteen months, and examine on the next day."""
        signers, stampers = lasting("подписей"), lasting("меток")
        head = signers.issuing.person(not_after=NOON + 455 * DAY)
        signature = sign_detached(CONTENT, key_of(head), SIGNED_AT)
        now = grounds_of(trust_in(signers.root), lists_at(signers, NIGHT), now=NIGHT)
        kept = validate_detached(CONTENT, signature, now)
        assert kept.report.verdict is Verdict.VALID
        ends = (3 * YEAR, 12 * YEAR, 21 * YEAR)
        tsas = [
            tsa_of(stampers.issuing, f"Служба {number}", not_after=NOON + end)
            for number, end in enumerate(ends, 1)
        ]
        return cls(
            signers, stampers, (tsas[0], tsas[1], tsas[2]), signature, kept.evidence.to_bytes()
        )

    @property
    def members(self) -> tuple[bytes, ...]:
        return CONTENT, self.signature, self.evidence

    def first(self, members: Sequence[bytes] | None = None) -> EvidenceRecord:
        """The record of the night, beside those of other documents."""
        group = [digest("sha256", each) for each in members or self.members]
        others = [digest("sha256", bytes([number])) for number in range(4)]
        tree = HashTree.over("sha256", [group_digest("sha256", group), *others])
        return new_group_record(tree, group, stamp(tree, self.tsas[0], NIGHT))

    def renewed(self, record: EvidenceRecord, number: int, at: datetime) -> EvidenceRecord:
        """The record renewed by authority `number` (from 1)."""
        leaf = token_digest(record)
        tree = HashTree.over(leaf.digest, [leaf.value, digest(leaf.digest, b"other token")])
        return with_renewed_timestamp(record, tree, stamp(tree, self.tsas[number - 1], at))

    def whole(self) -> EvidenceRecord:
        """The record as it is after twenty years, with what its timestamps are judged by."""
        record = self.renewed(self.first(), 2, FIRST_RENEWAL)
        record = self.renewed(record, 3, SECOND_RENEWAL)
        moments = (NIGHT, FIRST_RENEWAL, SECOND_RENEWAL)
        return with_evidence(record, [self.evidence, *map(self.lists_kept, moments)])

    def lists_kept(self, at: datetime) -> bytes:
        """Evidence about the authority for timestamps, gathered at that time."""
        lists = tuple(load_crl(each) for each in lists_at(self.stampers, at))
        return Evidence((), (), lists, at).to_bytes()

    def grounds(self, now: datetime = LATER, *, current: bool = True) -> Grounds:
        """Who is trusted; of lists only the newest of the authority for timestamps is known."""
        lists = lists_at(self.stampers, now) if current else ()
        timestamping = vouching(self.stampers.root)
        return grounds_of(trust_in(self.signers.root), lists, now=now, timestamping=timestamping)

    def judged(
        self,
        record: EvidenceRecord | bytes,
        grounds: Grounds | None = None,
        content: bytes = CONTENT,
        signature: bytes | None = None,
        evidence: Sequence[bytes] = (),
    ) -> tuple[Preserved, Validation]:
        """Judge what lies in the archive, from its bytes."""
        der = record if isinstance(record, bytes) else record.to_bytes()
        signed = signature or self.signature
        found = judge_preserved(der, (content, signed), grounds or self.grounds(), evidence)
        return found, found.said_in(validate_detached(content, signed, found.grounds))


def stamp(tree: HashTree, tsa: TrainingTsa, at: datetime) -> bytes:
    """A token over the root, asked for and checked as a client does."""
    imprint = Imprint(tree.algorithm, tree.root)
    return check_response(tsa.answer(request(imprint, None), at), imprint, None).der
