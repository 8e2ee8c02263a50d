"""A task of one organisation as its office sees it: a cell of the matrix.

Days are counted in the office's time zone and by its calendar; the first arrival decides "in
time", whatever came after it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from workflow.domain.deadlines import (
    InTime,
    Lateness,
    Left,
    Remaining,
    lateness,
    remaining,
)
from workflow.domain.exchange import ITEM_INVALID, ITEM_ON_PAPER, ITEM_UNDECIDED, ITEM_VALID
from workflow.domain.obligations import ChangeKind, Obligation, ObligationState, state_of
from workflow.domain.organisations import Organisation
from workflow.domain.refusals import Refusal
from workflow.domain.routes import DocumentState
from workflow.domain.submissions import PackageItem, Submission, SubmissionState
from workflow.domain.working_days import WorkCalendar
from workflow.store.unit_of_work import Repositories
from workflow.usecases.services import Services
from workflow.usecases.work_calendars import calendar_of


class Standing(StrEnum):
    """How a cell is counted and looked for."""

    IN_TIME = "in_time"
    LATE = "late"
    CHECKING = "checking"
    RETURNED = "returned"
    WAITING = "waiting"
    OVERDUE = "overdue"
    NOT_REQUIRED = "not_required"


class Seen(StrEnum):
    """What the receiver found in the signatures of the newest arrival."""

    NOTHING = ""  # met by something that is not signed
    EXAMINING = "examining"
    VALID = ITEM_VALID
    UNDECIDED = ITEM_UNDECIDED
    INVALID = ITEM_INVALID
    ON_PAPER = ITEM_ON_PAPER


@dataclass(frozen=True)
class OfficeDay:
    """The office, its moment, its day and its working calendar."""

    office: Organisation
    now: datetime
    calendar: WorkCalendar

    @classmethod
    def of(cls, tx: Repositories, services: Services, office: Organisation) -> OfficeDay:
        calendar = calendar_of(tx, services, office)
        return cls(office, services.clock(), calendar)

    @property
    def today(self) -> date:
        return self.office.local_day(self.now)


@dataclass(frozen=True)
class Cell:
    """One task of one organisation.

    `due` is the day that counts now: for repair after a return, else the one set last.
    `arrived_on` is the office's day of the first arrival, `lateness` how it stands to the day
    set (None: nothing came, or no day was set). `left` is how `due` stands today while something
    is owed. `why` says why the signatures were not confirmed. `changed_since`: the document that
    was accepted is no longer the newest word of the organisation.
    """

    obligation: Obligation
    state: ObligationState
    standing: Standing
    due: date | None
    arrived_on: date | None
    lateness: Lateness | None
    left: Remaining | None
    on_paper: bool
    seen: Seen
    why: Refusal | None
    submission_id: UUID | None
    changed_since: bool

    @property
    def ground(self) -> str:
        """The ground on which the task is not required."""
        return self.obligation.changes[-1].ground if self.obligation.changes else ""


def cells_of(
    tx: Repositories, around: OfficeDay, obligations: Sequence[Obligation]
) -> tuple[Cell, ...]:
    """Return the cells of obligations of one creditor, in few queries for all of them."""
    named = [f.submission_id for o in obligations for f in o.fulfilments if f.submission_id]
    packages = tx.submissions.load_many(named)
    changed = _changed_since(tx, obligations, packages)
    return tuple(_cell(around, o, packages, o.id in changed) for o in obligations)


def _cell(
    around: OfficeDay,
    owed: Obligation,
    packages: dict[UUID, Submission],
    changed: bool,
) -> Cell:
    state = state_of(owed)
    arrived = around.office.local_day(owed.first_arrival) if owed.first_arrival else None
    late = lateness(owed.due_now, arrived, around.calendar) if owed.due_now and arrived else None
    due = owed.repair_due if state is ObligationState.RETURNED else owed.due_now
    is_owed = state in (ObligationState.OPEN, ObligationState.RETURNED)
    left = remaining(due, around.today, around.calendar) if due and is_owed else None
    newest = owed.fulfilments[-1] if owed.fulfilments else None
    package = packages[newest.submission_id] if newest and newest.submission_id else None
    seen, why = _seen(package, owed.type_code)
    return Cell(
        obligation=owed,
        state=state,
        standing=_standing(state, late, left),
        due=due,
        arrived_on=arrived,
        lateness=late,
        left=left,
        on_paper=newest is not None and newest.on_paper,
        seen=seen,
        why=why,
        submission_id=package.id if package else None,
        changed_since=changed,
    )


def _standing(state: ObligationState, late: Lateness | None, left: Remaining | None) -> Standing:
    match state:
        case ObligationState.NOT_REQUIRED | ObligationState.CANCELLED:
            return Standing.NOT_REQUIRED
        case ObligationState.ARRIVED:
            return Standing.CHECKING
        case ObligationState.RETURNED:
            return Standing.RETURNED
        case ObligationState.MET:
            return Standing.IN_TIME if late is None or late == InTime() else Standing.LATE
        case _:
            overdue = left is not None and left.state is Left.OVERDUE
            return Standing.OVERDUE if overdue else Standing.WAITING


def _seen(package: Submission | None, type_code: str) -> tuple[Seen, Refusal | None]:
    if package is None:
        return Seen.NOTHING, None
    if package.state is SubmissionState.ARRIVED:
        return Seen.EXAMINING, None
    item = carrier_of(package, type_code)
    return (Seen(item.verdict), item.explanation) if item else (Seen.NOTHING, None)


def carrier_of(package: Submission, type_code: str) -> PackageItem | None:
    """Return the item that is of the type; else the worst one, whose annex it may be."""
    own = [item for item in package.items if item.type_code == type_code]
    gravest = (ITEM_INVALID, ITEM_UNDECIDED, ITEM_VALID, ITEM_ON_PAPER)
    examined = [item for item in own or package.items if item.verdict in gravest]
    return min(examined, key=lambda item: gravest.index(item.verdict), default=None)


def _changed_since(
    tx: Repositories, obligations: Sequence[Obligation], packages: dict[UUID, Submission]
) -> set[UUID]:
    """Return the ids of obligations whose accepted document has a newer version since."""
    accepted = {o.id: found for o in obligations if (found := _accepted(o, packages))}
    if not accepted:
        return set()
    documents = {item.document_id for item, _at in accepted.values() if not item.on_paper}
    debtors = {o.debtor_id for o in obligations if o.id in accepted}
    states = tx.documents.states_of(documents)
    revised = tx.documents.revised_at(documents)
    newest = tx.documents.in_force_of(debtors, {item.type_code for item, _at in accepted.values()})
    changed: set[UUID] = set()
    for owed in obligations:
        if owed.id not in accepted:
            continue
        item, at = accepted[owed.id]
        closed = states.get(item.document_id) in _NOT_AS_IT_WAS
        rewritten = item.document_id in revised and revised[item.document_id] > at
        follower = newest.get((owed.debtor_id, item.type_code))
        followed = not item.on_paper and follower is not None and follower > item.document_id
        if closed or rewritten or followed:
            changed.add(owed.id)
    return changed


_NOT_AS_IT_WAS = (DocumentState.AMENDED, DocumentState.CANCELLED, DocumentState.REPEALED)


def _accepted(
    owed: Obligation, packages: dict[UUID, Submission]
) -> tuple[PackageItem, datetime] | None:
    """The item that was accepted last, and when."""
    for arrival in reversed(owed.fulfilments):
        if arrival.accepted_at and arrival.submission_id:
            item = carrier_of(packages[arrival.submission_id], owed.type_code)
            return (item, arrival.accepted_at) if item else None
    return None


def is_postponed(owed: Obligation) -> bool:
    """Whether the day that counts is another than the one first set."""
    return any(change.kind is ChangeKind.POSTPONED for change in owed.changes)
