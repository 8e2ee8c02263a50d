"""A key kept here that serves for some minutes after its password: the port to the engine."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol
from uuid import UUID

from workflow.domain.refusals import Refusal
from workflow.domain.regulations import SignatureFormat
from workflow.ports import Unlocked


@dataclass(frozen=True)
class LockedKey:
    """A key encrypted under `one_time_key`, which the signer's browser keeps and nobody else.

    `certificate` is the SHA-256 (hex) of the key's certificate.
    """

    locked: bytes = field(repr=False)
    one_time_key: bytes = field(repr=False)
    certificate: str


class KeyHolder(Protocol):
    """Holds keys unlocked for one act of many signatures. Answers with a Refusal, never raises."""

    def hold(self, sealed: bytes, password: str, owner: UUID, purpose: str) -> LockedKey | Refusal:
        """Open a sealed key with its password and lock it again under a fresh one-time key."""
        ...

    def sign(
        self,
        locked: bytes,
        one_time_key: bytes,
        purpose: str,
        files: Sequence[bytes],
        signature_format: SignatureFormat,
        now: datetime,
    ) -> Unlocked | Refusal:
        """Sign each of `files`; a wrong key or purpose is `signing.held_key_locked`."""
        ...
