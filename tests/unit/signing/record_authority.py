"""Evidence records for tests, and a time-stamping authority that gives and judges their tokens.

Its tokens are signed, but it simply knows again what it gave, as long as it lasts: whether the
signature of a token is good is the question of other tests.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from asn1crypto import tsp

from signing.digests import digest
from signing.records.check import DigestPeriods, JudgedToken, ProvenRecord, verify_record
from signing.records.evidence_records import (
    Chain,
    EvidenceRecord,
    chain_leaves,
    new_record,
    read_record,
    token_digest,
    with_renewed_timestamp,
    with_renewed_tree,
)
from signing.records.hash_tree import HashTree
from signing.timestamps.tokens import Imprint
from signing.training.timestamp_authority import TrainingTsa
from signing.verdicts import Verdict
from tests.pki import DAY, NOON, YEAR, Office
from tests.tsa import tsa_of

FILE = "Приказ № 12. О наставничестве.".encode()
OTHERS = [f"Приказ № {number}".encode() for number in range(20, 27)]


@dataclass
class RecordAuthority:
    """Gives tokens, each good for `lasts` after its time; `silent` cannot be judged."""

    lasts: timedelta = 5 * YEAR
    silent: bool = False
    tsa: TrainingTsa = field(default_factory=lambda: tsa_of(Office.open().issuing))
    given: dict[bytes, tuple[Imprint, datetime]] = field(default_factory=dict)

    def stamp(self, algorithm: str, digest: bytes, at: datetime, padding: int = 0) -> bytes:
        """Return a token over this digest, given at `at`, with so many idle bytes in it."""
        info = tsp.TSTInfo(
            {
                "version": "v1",
                "policy": "1.2.3",
                "message_imprint": {
                    "hash_algorithm": {"algorithm": algorithm},
                    "hashed_message": digest,
                },
                "serial_number": len(self.given) + 1,
                "gen_time": at,
                "extensions": [{"extn_id": "1.2.3", "extn_value": bytes(padding)}],
            }
        )
        token = bytes(self.tsa.seal(info.dump()).dump())
        self.given[token] = Imprint(algorithm, digest), at
        return token

    def __call__(self, token: bytes, imprint: Imprint, at: datetime) -> JudgedToken:
        """Judge a token as `signing.records.check.JudgeToken` does."""
        if self.silent:
            return JudgedToken(Verdict.UNDECIDED, None, None)
        given = self.given.get(token)
        if given is None or given[0] != imprint or at > given[1] + self.lasts:
            return JudgedToken(Verdict.INVALID, None, None)
        return JudgedToken(Verdict.VALID, given[1], given[1] + timedelta(seconds=1))


def digests_of(content: bytes) -> Callable[[str], bytes]:
    """The file's digest by the name of the algorithm."""
    return lambda name: digest(name, content)


def tonight(algorithm: str = "sha256") -> HashTree:
    """The tree of one organisation and night."""
    return HashTree.over(algorithm, [digest(algorithm, each) for each in (FILE, *OTHERS)])


def first_record(authority: RecordAuthority, at: datetime = NOON) -> EvidenceRecord:
    """The record of FILE, beside the OTHERS."""
    tree = tonight()
    token = authority.stamp("sha256", tree.root, at)
    return new_record(tree, digest("sha256", FILE), token)


def renewed(record: EvidenceRecord, authority: RecordAuthority, at: datetime) -> EvidenceRecord:
    """The record with its newest timestamp renewed, beside those of other nights."""
    leaf = token_digest(record)
    others = [digest(leaf.digest, bytes([number])) for number in range(3)]
    tree = HashTree.over(leaf.digest, [leaf.value, *others])
    return with_renewed_timestamp(record, tree, authority.stamp(leaf.digest, tree.root, at))


def rehashed(
    record: EvidenceRecord, authority: RecordAuthority, at: datetime, algorithm: str = "sha512"
) -> EvidenceRecord:
    """The record with a new chain in another digest, beside those of other files."""
    file_digest = digest(algorithm, FILE)
    leaf, _ = chain_leaves(record, algorithm, file_digest, len(record.chains))
    tree = HashTree.over(algorithm, [leaf, digest(algorithm, b"another")])
    token = authority.stamp(algorithm, tree.root, at)
    return with_renewed_tree(record, file_digest, tree, token)


def proven(
    record: EvidenceRecord,
    authority: RecordAuthority,
    now: datetime = NOON + DAY,
    periods: DigestPeriods | None = None,
    content: bytes = FILE,
) -> ProvenRecord:
    """Verify the record as it is read back from its bytes."""
    again = read_record(record.to_bytes())
    return verify_record(again, digests_of(content), authority, now, periods or DigestPeriods())


def chains_of(record: EvidenceRecord, *chains: Chain) -> EvidenceRecord:
    """The record with these chains instead of its own."""
    return replace(record, chains=chains)
