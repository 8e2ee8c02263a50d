"""Signatures over the files of a fixing, and the single-use sessions that lead to them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from workflow.domain.refusals import N_, Refusal
from workflow.domain.regulations import SignatureFormat, SignatureKind

#: Remarks of marks: a signature made once more, and the lost one that it stands for.
AGAIN = "повторная"
LOST = "signature.lost"


@dataclass(frozen=True)
class SignedFile:
    """A file of the manifest (`file` is the SHA-256 of its fixed bytes) and what was signed.

    `signature` is the SHA-256 of the stored `.sig` (CAdES) or of the signed PDF (PAdES).
    `report` is the stored report at acceptance, `evidence` the chain and revocation data used,
    `report_now` the newest report (all SHA-256 of blobs). `power` is the power of attorney by which
    it was given, with all that it was judged by ("" where there is none). `handed_in` is what came
    from the signer where `signature` has got a timestamp since ("" where it has not), `long_term`
    a copy with all that its validity rests on ("" while there is none); `long_term_ends` is when
    the authority of the copy's last timestamp ends. `record` is the evidence record that came with
    a package ("" where none did).
    """

    file: str
    signature: str
    format: SignatureFormat
    report: str = ""
    evidence: str = ""
    report_now: str = ""
    power: str = ""
    handed_in: str = ""
    long_term: str = ""
    long_term_ends: datetime | None = None
    record: str = ""


class SignatureStatus(StrEnum):
    """What is known of a signature that was handed in."""

    RECEIVED = "received"  # stored and timed, not counted, tried again
    ACCEPTED = "accepted"
    REFUSED = "refused"  # received once, and then found not to hold
    WITHDRAWN = "withdrawn"  # accepted once, and then found not to hold


@dataclass(frozen=True)
class Signature:
    """One act of signing: one signature for each file of the manifest, all or none.

    `kind` comes from the trust anchor; None while no chain to an anchor could be built.
    `explanation` says why the signature is not accepted. `power_id` is the power of attorney of
    whoever signs without a mandate.

    With `stamp_wanted` it counts only when a timestamp proves its time. `proven_at` is that time
    and `time_authority` who proves it; `stamped_at` is when a timestamp was put into it here.
    """

    id: UUID
    document_id: UUID
    fixing: int
    step: str
    person_id: UUID
    employment_id: UUID | None
    mandate_id: UUID | None
    format: SignatureFormat
    kind: SignatureKind | None
    files: tuple[SignedFile, ...]
    manifest: str
    received_at: datetime
    status: SignatureStatus
    owner: str
    serial: str
    valid_from: datetime | None
    valid_until: datetime | None
    training: bool
    checked_at: datetime | None = None
    explanation: Refusal | None = None
    version: int = 0
    power_id: UUID | None = None
    stamp_wanted: bool = False
    stamped_at: datetime | None = None
    proven_at: datetime | None = None
    time_authority: str = ""

    @property
    def waits_for_time(self) -> bool:
        """Whether it is kept and cannot count before an authority has proven its time."""
        received = self.status is SignatureStatus.RECEIVED
        return received and self.stamp_wanted and self.proven_at is None

    @property
    def is_settled(self) -> bool:
        """Whether it was found good by lists that were issued after its proven time."""
        looked = self.checked_at is not None and self.checked_at > self.kept_since
        accepted = self.status is SignatureStatus.ACCEPTED
        return accepted and looked and self.proven_at is not None

    @property
    def kept_since(self) -> datetime:
        """Since when the bytes that are stored now have been here."""
        return self.stamped_at or self.received_at

    @property
    def exists_since(self) -> datetime:
        """The moment it is judged for: the proven one, else that of the receipt."""
        return self.proven_at or self.received_at


@dataclass(frozen=True)
class PreparedFile:
    """A file of the manifest with an empty place for a signature inside it.

    `pdf` is the SHA-256 of the prepared bytes; the place runs from `place_start` to `place_end`
    (bytes). Nothing but what stands there may differ in what is handed in.
    """

    pdf: str
    place_start: int
    place_end: int


@dataclass(frozen=True)
class Attempt:
    """A single-use signing session: this person, this step, these bytes, this certificate.

    `answer` is the SHA-256 of what was handed in; the same again gets the first answer. `prepared`
    are the very files to be completed, where the signer's browser signs inside the PDF.
    """

    id: UUID
    document_id: UUID
    fixing: int
    step: str
    manifest: str
    person_id: UUID
    certificate: str
    expires_at: datetime
    answer: str = ""
    signature_id: UUID | None = None
    prepared: tuple[PreparedFile, ...] = ()
    version: int = 0


def may_use_attempt(attempt: Attempt, person_id: UUID, now: datetime) -> Refusal | None:
    """Whether a signature may be handed in for the attempt (the same answer again aside)."""
    if attempt.person_id != person_id:
        return Refusal(
            "signing.not_yours",
            N_("This signing was begun by another person."),
            N_("Open the document and begin anew. The document has not changed."),
        )
    if attempt.answer:
        return Refusal(
            "signing.used",
            N_("A signature has already been handed in for this signing."),
            N_("Open the document to see it. The document has not changed."),
        )
    if now >= attempt.expires_at:
        return Refusal(
            "signing.expired",
            N_("Ten minutes have passed since the signing was begun."),
            N_("Begin anew. The document has not changed."),
        )
    return None
