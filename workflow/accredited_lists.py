"""The port through which the list of accredited authorities is verified."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from workflow.domain.refusals import Refusal
from workflow.domain.trust import TrustAnchor


@dataclass(frozen=True)
class AccreditedFacts:
    """A verified list: its version, the ministry's date, and the compact form to judge by.

    `left_out` names authorities whose entries could not be read.
    """

    list_version: int
    issued_at: datetime
    compact: bytes = field(repr=False)
    authorities: int
    left_out: tuple[str, ...] = ()


class ReadsAccreditedLists(Protocol):
    """What `workflow.ports.SignatureEngine` can do with lists of accredited authorities."""

    def read_accredited_list(
        self,
        content: bytes,
        anchors: tuple[TrustAnchor, ...],
        crls: tuple[bytes, ...],
        previous_version: int,
        now: datetime,
    ) -> AccreditedFacts | Refusal:
        """Verify the signed XML against the state roots among `anchors`, and read it.

        A list older than `previous_version` is refused.
        """
        ...
