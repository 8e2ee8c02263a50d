"""When something is due, counted in the working days of whoever waits for it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from workflow.domain.deadlines import Lateness, Remaining, lateness, remaining
from workflow.domain.obligations import Obligation, ObligationState, state_of
from workflow.store.unit_of_work import Repositories
from workflow.usecases.services import Services
from workflow.usecases.work_calendars import calendars_of

UNMET = (ObligationState.OPEN, ObligationState.RETURNED)


@dataclass(frozen=True)
class Term:
    """What is owed by when.

    `last` is the last day in time on the creditor's calendar: the day of repair after a return,
    None while no day is known. `left` counts from the creditor's `today`. `met_on` is the day of
    the first arrival, `late` says whether that was in time.
    """

    obligation_id: UUID
    title: str
    article: str
    state: ObligationState
    last: date | None
    left: Remaining | None
    today: date
    met_on: date | None = None
    late: Lateness | None = None


def terms_of(tx: Repositories, services: Services, owed: Iterable[Obligation]) -> dict[UUID, Term]:
    """Return the term of each obligation by its id; one query for all creditors."""
    obligations = list(owed)
    creditors = tx.organisations.load_many([o.creditor_id for o in obligations])
    calendars = calendars_of(tx, services, creditors.values())
    terms = {}
    for one in obligations:
        creditor = creditors[one.creditor_id]
        calendar = calendars[creditor.id]
        today = creditor.local_day(services.clock())
        last = one.repair_due or one.due_now
        arrived = one.first_arrival and creditor.local_day(one.first_arrival)
        due = one.due_now
        terms[one.id] = Term(
            obligation_id=one.id,
            title=one.title,
            article=one.article,
            state=state_of(one),
            last=last,
            left=remaining(last, today, calendar) if last else None,
            today=today,
            met_on=arrived,
            late=lateness(due, arrived, calendar) if due and arrived else None,
        )
    return terms


def soonest(terms: Iterable[Term]) -> Term | None:
    """Return the term that ends first; None when none of them has a day."""
    dated = [term for term in terms if term.last is not None]
    return min(dated, key=lambda term: (term.last or date.max, term.obligation_id), default=None)
