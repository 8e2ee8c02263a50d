"""Making and judging evidence records (RFC 4998), as a port beside those of `workflow.ports`.

Digests are lower-case hex; their names are `sha256`, `sha512`, `streebog256`, …
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from workflow.domain.refusals import Refusal
from workflow.ports import CheckStatus, TrustView


@dataclass(frozen=True)
class Tree:
    """A hash tree over groups of files: its root, and each group's leaf in the order given."""

    digest: str
    root: str
    leaves: tuple[str, ...]


@dataclass(frozen=True)
class Link:
    """One timestamp on the way of some files: the whole tree under it, and their place in it.

    `pieces` are the digests of the group; for a renewed timestamp there are none: what stands in
    the tree is the timestamp before.
    """

    digest: str
    leaves: tuple[str, ...]
    token: bytes = field(repr=False)
    pieces: tuple[str, ...] = ()


@dataclass(frozen=True)
class TokenFacts:
    """What a timestamp is worth now; `reason` says why it is not VALID.

    `evidence` holds the chain and the lists by which its authority was judged.
    """

    status: CheckStatus
    evidence: bytes = field(repr=False)
    reason: Refusal | None = None


@dataclass(frozen=True)
class RecordFacts:
    """What a record proves: the files existed at `since`; `renewed` is its newest timestamp's."""

    since: datetime
    renewed: datetime


class EvidenceEngine(Protocol):
    """Hash trees and records. Never raises for bad input: answers with a Refusal."""

    @property
    def digest(self) -> str:
        """The digest of new trees."""
        ...

    @property
    def weak(self) -> frozenset[str]:
        """The digests that are no longer relied on: records with them are renewed."""
        ...

    def digest_of(self, name: str, content: bytes) -> str:
        """The digest of these bytes."""
        ...

    def tree(self, digest: str, groups: Sequence[Sequence[str]]) -> Tree | Refusal:
        """The tree over groups of digests."""
        ...

    def judge_token(
        self, token: bytes, digest: str, root: str, trust: TrustView, now: datetime
    ) -> TokenFacts:
        """Judge a timestamp over a root by what is trusted and known now."""
        ...

    def assemble(
        self, links: Sequence[Link], base: bytes = b"", evidence: Sequence[bytes] = ()
    ) -> bytes | Refusal:
        """The record (DER) of a group: its way from the first timestamp to the newest.

        With `base` the first link renews that whole record, and its `pieces` are the digests of
        the files themselves. `evidence` travels inside.
        """
        ...

    def renewed_pieces(
        self, base: bytes, digest: str, files: Sequence[str]
    ) -> tuple[str, ...] | Refusal:
        """With which digests files stand in a tree that renews the whole record `base`."""
        ...

    def examine(
        self,
        record: bytes,
        files: Sequence[bytes],
        trust: TrustView,
        now: datetime,
        evidence: Sequence[bytes] = (),
    ) -> RecordFacts | Refusal:
        """Judge a record over all of these files."""
        ...
