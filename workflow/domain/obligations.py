"""Who owes what by when: the cells of an office's matrix and a debtor's own terms."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from workflow.domain.regulations import Role


class Evidence(StrEnum):
    """What meets an obligation."""

    SUBMISSION = "submission"  # a signed document of the type, sent to the creditor
    IN_FORCE = "in_force"  # a document of the type in force at the debtor
    LINK = "link"
    NUMBER = "number"
    TEXT = "text"
    STEP = "step"  # the debtor's own act at a step of a document of the case


class ChangeKind(StrEnum):
    """What the office decided about a task."""

    POSTPONED = "postponed"
    NOT_REQUIRED = "not_required"
    REQUIRED_AGAIN = "required_again"
    RETURNED = "returned"
    CANCELLED = "cancelled"


@dataclass(frozen=True)
class Change:
    """One decision about the obligation, with its ground; the newest counts."""

    kind: ChangeKind
    at: datetime
    by: UUID | None
    ground: str
    due: date | None = None


@dataclass(frozen=True)
class Fulfilment:
    """One arrival of evidence, by the day of the creditor. `on_paper`: entered by the office.

    `accepted_at` is set when the creditor has accepted it.
    """

    at: datetime
    evidence: str
    submission_id: UUID | None = None
    document_id: UUID | None = None
    on_paper: bool = False
    accepted_at: datetime | None = None


@dataclass(frozen=True)
class Obligation:
    """What `debtor_id` owes `creditor_id` by `due` (None: not yet known).

    `due` is the day first set; `due_now` the one after postponements. `source_document_id` is
    the order that set the task. What a person owes names the `employment_id`, or the `role` whose
    holder owes it in the debtor's organisation; `step` is the act that meets it. `counted_from` is
    the day of the event that the term is counted from; `uncovered_year` the year whose calendar is
    not approved yet, so that `due` is not known.
    """

    id: UUID
    key: str
    title: str
    debtor_id: UUID
    creditor_id: UUID
    evidence: Evidence
    due: date | None
    type_code: str = ""
    source_document_id: UUID | None = None
    case_id: UUID | None = None
    article: str = ""
    employment_id: UUID | None = None
    role: Role | None = None
    step: str = ""
    counted_from: date | None = None
    uncovered_year: int | None = None
    changes: tuple[Change, ...] = ()
    fulfilments: tuple[Fulfilment, ...] = ()
    version: int = 0

    @property
    def due_now(self) -> date | None:
        postponed = [c.due for c in self.changes if c.kind is ChangeKind.POSTPONED]
        return postponed[-1] if postponed else self.due

    @property
    def repair_due(self) -> date | None:
        """The day set by the last return, while nothing newer has arrived."""
        returns = [c for c in self.changes if c.kind is ChangeKind.RETURNED]
        if not returns:
            return None
        newer = any(f.at > returns[-1].at for f in self.fulfilments)
        return None if newer else returns[-1].due

    @property
    def first_arrival(self) -> datetime | None:
        """What decides "in time": the first arrival, whatever came (or was entered) after it."""
        return min((f.at for f in self.arrivals), default=None)

    @property
    def arrivals(self) -> tuple[Fulfilment, ...]:
        """What has come and counts.

        A document or an act that counted only as long as a signature seemed to hold does not.
        """
        if self.evidence not in (Evidence.IN_FORCE, Evidence.STEP):
            return self.fulfilments
        return tuple(f for f in self.fulfilments if f.accepted_at is not None)


class ObligationState(StrEnum):
    """How a task stands, whatever its term."""

    OPEN = "open"
    ARRIVED = "arrived"
    RETURNED = "returned"
    MET = "met"
    NOT_REQUIRED = "not_required"
    CANCELLED = "cancelled"


def state_of(obligation: Obligation) -> ObligationState:
    """Derive the state from changes and arrivals."""
    decisive = [
        c.kind
        for c in obligation.changes
        if c.kind in (ChangeKind.NOT_REQUIRED, ChangeKind.REQUIRED_AGAIN, ChangeKind.CANCELLED)
    ]
    if decisive and decisive[-1] is ChangeKind.NOT_REQUIRED:
        return ObligationState.NOT_REQUIRED
    if decisive and decisive[-1] is ChangeKind.CANCELLED:
        return ObligationState.CANCELLED
    if any(f.accepted_at for f in obligation.arrivals):
        return ObligationState.MET
    if not obligation.arrivals:
        return ObligationState.OPEN
    if obligation.repair_due is not None:
        return ObligationState.RETURNED
    return ObligationState.ARRIVED
