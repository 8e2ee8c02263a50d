"""Who may sign inside a document's PDFs now: one at a time, for three minutes.

Two signatures prepared from the same file give two files, each without the other.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from uuid import UUID

from workflow.domain.refusals import N_, Refusal

LASTS = timedelta(minutes=3)


@dataclass(frozen=True)
class PdfLease:
    """Whose signing (`attempt_id`) was prepared last, and until when others wait for it.

    It stays after `leased_until`, until somebody else takes it: whoever is late may still hand in
    if nobody has begun in between.
    """

    document_id: UUID
    attempt_id: UUID
    person_id: UUID
    leased_until: datetime

    def keeps_out(self, person_id: UUID, now: datetime) -> bool:
        """Whether somebody has to wait; one's own lease is taken over."""
        return self.person_id != person_id and now < self.leased_until


def still_signing(lease: PdfLease, holder: str, zone: tzinfo) -> Refusal:
    """Say who signs the document now (`holder` is a name) and when it becomes free."""
    return Refusal(
        "signing.leased",
        N_("The document is being signed by {holder} now; it becomes free at {until}."),
        N_("Come back then. The document has not changed."),
        {"holder": holder, "until": f"{lease.leased_until.astimezone(zone):%H:%M}"},
    )


def may_complete(lease: PdfLease | None, attempt_id: UUID) -> Refusal | None:
    """Whether the files prepared for this signing are the newest ones of the document."""
    if lease is not None and lease.attempt_id == attempt_id:
        return None
    return Refusal(
        "signing.lease_lost",
        N_("The signing of this document was begun anew, in another tab or by another person."),
        N_("Open the document and begin anew. Your signature has not been used."),
    )
