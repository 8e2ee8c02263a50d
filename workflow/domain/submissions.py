"""Packages sent to another organisation, and its numbered answer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from workflow.domain.documents import Manifest
from workflow.domain.refusals import Refusal
from workflow.domain.signatures import SignedFile


@dataclass(frozen=True)
class PackageItem:
    """One document of a package: the signed files as they were when it was sent.

    `verdict` and `report` (SHA-256 of the stored report) are the receiver's own; they are empty
    until the receiver has examined the files. The sender's verdict counts for nothing.
    """

    document_id: UUID
    type_code: str
    title: str
    number: str
    dated: date | None
    manifest: Manifest
    signatures: tuple[SignedFile, ...] = ()
    on_paper: bool = False
    verdict: str = ""
    report: str = ""
    explanation: Refusal | None = None


class SubmissionState(StrEnum):
    """What the receiver has done with a package."""

    ARRIVED = "arrived"  # the receiver is examining it
    EXAMINED = "examined"
    ACCEPTED = "accepted"
    RETURNED = "returned"


@dataclass(frozen=True)
class Receipt:
    """The receiver's numbered answer (уведомление о приёме, or a return with its reason).

    `hashes` are the SHA-256 of every file it speaks of; `audit_head` the head of the receiver's
    audit chain at that moment.
    """

    number: str
    at: datetime
    by: UUID
    accepted: bool
    reason: str = ""
    repair_due: date | None = None
    hashes: tuple[str, ...] = ()
    audit_head: str = ""


@dataclass(frozen=True)
class Submission:
    """A package with its covering letter. Arrival decides "in time"."""

    id: UUID
    number: str
    sender_id: UUID
    receiver_id: UUID
    letter_id: UUID | None
    items: tuple[PackageItem, ...]
    sent_at: datetime
    sent_by: UUID
    arrived_at: datetime
    reason_late: str = ""
    on_paper: bool = False
    incoming_number: str = ""
    examined_at: datetime | None = None
    receipt: Receipt | None = None
    previous_id: UUID | None = None
    version: int = 0

    @property
    def state(self) -> SubmissionState:
        if self.receipt is not None:
            accepted = self.receipt.accepted
            return SubmissionState.ACCEPTED if accepted else SubmissionState.RETURNED
        return SubmissionState.EXAMINED if self.examined_at else SubmissionState.ARRIVED
