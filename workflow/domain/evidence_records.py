"""Evidence records (RFC 4998) of an organisation: one hash tree and one timestamp for each night.

A night's record covers what is new: each accepted signature with its files and evidence, each
sealed acknowledgement, the head of the audit chain. Before the certificate of the authority that
gave the timestamp ends, the record is renewed: a later record stands over its timestamp
(`TIMESTAMP`), or, when the digest has grown weak, over the files and the whole record (`TREE`).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from workflow.domain.refusals import Refusal

RENEW_BEFORE = timedelta(days=90)
"""How long before the end of the authority's certificate a record is renewed."""


class RecordKind(StrEnum):
    """What a record stands over."""

    NIGHT = "night"
    TIMESTAMP = "timestamp"
    TREE = "tree"


class RecordState(StrEnum):
    """What became of a record."""

    CURRENT = "current"
    RENEWED = "renewed"  # a later record stands over it
    INTERRUPTED = "interrupted"  # nobody renewed it before the authority's certificate ended


class PieceRole(StrEnum):
    """What a covered file is."""

    FILE = "file"
    SIGNATURE = "signature"
    REPORT = "report"
    EVIDENCE = "evidence"
    HEAD = "head"


@dataclass(frozen=True)
class Piece:
    """A file that a record covers: the SHA-256 of its blob, and its digest (hex) in the tree.

    The two differ where the tree has another digest, or stands over an earlier record too.
    """

    role: PieceRole
    blob: str
    digest: str


@dataclass(frozen=True)
class RecordItem:
    """One group of files under a record's tree; `leaf` (hex) is the group's digest.

    It is about a signature, the sealed acknowledgement at a mark, a copy for long keeping
    (`long_term`: its blob), an audit head (`head`: its number), or the timestamp of the record
    `renews_id`. With `base` (a blob: the record of these files as it was) the whole record before
    is renewed, not only its timestamp.
    """

    record_id: UUID
    position: int
    leaf: str
    pieces: tuple[Piece, ...] = ()
    signature_id: UUID | None = None
    mark_id: UUID | None = None
    head: int = 0
    renews_id: UUID | None = None
    base: str = ""
    long_term: str = ""


@dataclass(frozen=True)
class NightlyRecord:
    """One tree with its timestamp; `organisation_id` None is the installation's own.

    `once_key` makes it the only one of its night. `digest` names the tree's algorithm, `root` is
    hex; `token` is the blob of the timestamp, `evidence` that of what its authority was judged by.
    `stamped_at` is the time in the token, `ends_at` the end of the authority's certificate.
    `doubt` says why the authority cannot be judged yet (None: the timestamp is good).
    `audit_number` is that of the audit head that it covers, 0 for none.
    """

    id: UUID
    organisation_id: UUID | None
    once_key: str
    kind: RecordKind
    digest: str
    root: str
    token: str
    evidence: str
    authority: str
    stamped_at: datetime
    ends_at: datetime
    state: RecordState = RecordState.CURRENT
    doubt: Refusal | None = None
    audit_number: int = 0
    version: int = 0

    def is_over(self, now: datetime) -> bool:
        """Whether nothing can be renewed any more: the timestamp proves nothing by itself."""
        return now > self.ends_at

    def is_due(self, now: datetime, weak: Iterable[str] = ()) -> bool:
        """Whether the record is to be renewed now; `weak` are digests no longer relied on."""
        if self.state is not RecordState.CURRENT or self.is_over(now):
            return False
        return now > self.ends_at - RENEW_BEFORE or self.digest in set(weak)
