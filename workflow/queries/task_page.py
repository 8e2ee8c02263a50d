"""A task of one organisation: its history, and what may be done about it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from uuid import UUID

from workflow.domain.deadlines import Lateness, lateness
from workflow.domain.exchange import may_decide, may_give_evidence, sees_office, sees_own_tasks
from workflow.domain.mandates import Actor
from workflow.domain.obligations import (
    Change,
    ChangeKind,
    Evidence,
    Fulfilment,
    Obligation,
    ObligationState,
)
from workflow.domain.organisations import Organisation
from workflow.domain.refusals import Refusal
from workflow.queries.cells import Cell, OfficeDay, cells_of
from workflow.queries.office_board import OrderCard, order_card
from workflow.queries.offices import debtors_of
from workflow.store.errors import MissingRowError
from workflow.store.unit_of_work import Repositories
from workflow.usecases.errors import NotFoundError
from workflow.usecases.services import Services

MOST_TASKS = 500


@dataclass(frozen=True)
class Decision:
    """A decision of the office about the task."""

    kind: ChangeKind
    at: datetime
    by: str
    ground: str
    due: date | None


@dataclass(frozen=True)
class Arrival:
    """Something that came to meet the task; `lateness` against the day that counts."""

    at: datetime
    evidence: str
    submission_id: UUID | None
    incoming_number: str
    on_paper: bool
    accepted_at: datetime | None
    lateness: Lateness | None


@dataclass(frozen=True)
class TaskPage:
    """A cell with its whole history.

    `decide` is why the actor may not decide for the office, `answer` why not answer for the
    organisation (None: may). `is_office`: the actor looks from the office's side.
    """

    cell: Cell
    debtor: str
    office: str
    order: OrderCard | None
    today: date
    zone: tzinfo
    decisions: tuple[Decision, ...]
    arrivals: tuple[Arrival, ...]
    is_office: bool
    decide: Refusal | None
    answer: Refusal | None

    @property
    def obligation(self) -> Obligation:
        return self.cell.obligation

    @property
    def is_waived(self) -> bool:
        return self.cell.state is ObligationState.NOT_REQUIRED

    @property
    def is_answered_in_words(self) -> bool:
        """Whether an address, a number or a text meets the task."""
        return self.obligation.evidence in (Evidence.LINK, Evidence.NUMBER, Evidence.TEXT)


def task_page(services: Services, actor: Actor, obligation_id: UUID) -> TaskPage:
    """Return the page of a task; NotFoundError when it is not for the actor's eyes.

    What the people of a pair owe is no task of the office: it stands on the pair's page.
    """
    with services.uow.reading() as tx:
        owed, debtor, office = _load(tx, obligation_id)
        around = OfficeDay.of(tx, services, office)
        is_office = sees_office(actor, office, around.today)
        if not is_office and not sees_own_tasks(actor, debtor, debtor.local_day(around.now)):
            raise NotFoundError(f"task {obligation_id} is not for {actor.person_id}")
        return TaskPage(
            cell=cells_of(tx, around, [owed])[0],
            debtor=debtor.short_name,
            office=office.short_name,
            order=_order(tx, owed.source_document_id),
            today=around.today,
            zone=office.zone,
            decisions=_decisions(tx, owed.changes),
            arrivals=_arrivals(tx, around, owed),
            is_office=is_office,
            decide=may_decide(actor, office, around.today),
            answer=may_give_evidence(owed, actor, debtor, debtor.local_day(around.now)),
        )


def _load(tx: Repositories, obligation_id: UUID) -> tuple[Obligation, Organisation, Organisation]:
    try:
        owed = tx.obligations.load(obligation_id)
    except MissingRowError as error:
        raise NotFoundError(f"task {obligation_id}") from error
    if owed.evidence is Evidence.STEP:
        raise NotFoundError(f"{obligation_id} is no task of an office")
    places = tx.organisations.load_many([owed.debtor_id, owed.creditor_id])
    return owed, places[owed.debtor_id], places[owed.creditor_id]


def _order(tx: Repositories, order_id: UUID | None) -> OrderCard | None:
    if order_id is None:
        return None
    order = tx.documents.load(order_id)
    return order_card(order)


def _decisions(tx: Repositories, changes: tuple[Change, ...]) -> tuple[Decision, ...]:
    people = tx.people.load_many(change.by for change in changes if change.by)
    return tuple(
        Decision(
            change.kind,
            change.at,
            people[change.by].short_name if change.by else "",
            change.ground,
            change.due,
        )
        for change in changes
    )


def _arrivals(tx: Repositories, around: OfficeDay, owed: Obligation) -> tuple[Arrival, ...]:
    packages = tx.submissions.load_many(
        f.submission_id for f in owed.fulfilments if f.submission_id
    )

    def arrival(met: Fulfilment) -> Arrival:
        package = packages.get(met.submission_id) if met.submission_id else None
        day = around.office.local_day(met.at)
        return Arrival(
            at=met.at,
            evidence="" if met.document_id else met.evidence,
            submission_id=met.submission_id,
            incoming_number=package.incoming_number if package else "",
            on_paper=met.on_paper,
            accepted_at=met.accepted_at,
            lateness=lateness(owed.due_now, day, around.calendar) if owed.due_now else None,
        )

    return tuple(arrival(met) for met in owed.fulfilments)


@dataclass(frozen=True)
class OwnTasks:
    """What one organisation owes its office, what is due first standing first."""

    organisation: str
    office: str
    today: date
    cells: tuple[Cell, ...]


def own_tasks(services: Services, actor: Actor) -> tuple[OwnTasks, ...]:
    """Return the office's tasks of every organisation whose tasks the actor may see."""
    with services.uow.reading() as tx:
        return tuple(
            found
            for organisation in debtors_of(tx, services, actor)
            for found in _tasks_of(tx, services, organisation)
        )


def _tasks_of(
    tx: Repositories, services: Services, organisation: Organisation
) -> tuple[OwnTasks, ...]:
    found = tx.obligations.of_debtor(organisation.id, limit=MOST_TASKS).items
    owed = [one for one in found if one.evidence is not Evidence.STEP]
    creditors = tx.organisations.load_many(o.creditor_id for o in owed)
    return tuple(
        _own(tx, services, organisation, office, [o for o in owed if o.creditor_id == office.id])
        for office in creditors.values()
    )


def _own(
    tx: Repositories,
    services: Services,
    organisation: Organisation,
    office: Organisation,
    owed: list[Obligation],
) -> OwnTasks:
    around = OfficeDay.of(tx, services, office)
    cells = cells_of(tx, around, owed)
    ordered = sorted(cells, key=lambda c: (c.left is None, c.due or date.max, c.obligation.id))
    return OwnTasks(organisation.short_name, office.short_name, around.today, tuple(ordered))
