"""The tasks that a municipal order sets for the organisations below the office."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from workflow.domain.deadlines import DayOff, due_on
from workflow.domain.documents import Document
from workflow.domain.obligations import Evidence, Obligation
from workflow.domain.organisations import Organisation
from workflow.domain.working_days import WorkCalendar
from workflow.store.unit_of_work import Transaction
from workflow.usecases.services import Services
from workflow.usecases.work_calendars import calendar_of

#: The field of an order that lists its tasks, and what a row of it holds.
TASKS = "tasks"
DAY_OFF = "day_off"


def set_tasks(tx: Transaction, services: Services, order: Document, office: Organisation) -> None:
    """Make an obligation of every task for every organisation that reports to the office."""
    rows = order.facts.get(TASKS) or ()
    assert isinstance(rows, Sequence)
    day = office.local_day(services.clock())
    calendar = calendar_of(tx, services, office)
    day_off = DayOff(str(order.facts.get(DAY_OFF) or DayOff.NEXT))
    tasks = [_Task.of(row, calendar, day_off) for row in rows]
    for debtor in tx.organisations.reporting_to(office.id):
        if debtor.closed_on is not None and debtor.closed_on <= day:
            continue
        for task in tasks:
            tx.obligations.save(task.owed_by(debtor, office, order, services.new_id()), None)


@dataclass(frozen=True)
class _Task:
    """One task of the order as every organisation owes it."""

    key: str
    title: str
    evidence: Evidence
    due: date | None
    type_code: str
    article: str

    @classmethod
    def of(cls, row: Mapping[str, object], calendar: WorkCalendar, day_off: DayOff) -> _Task:
        """Read a row; a term that ends on a day off moves as the order says (ТК РФ, ст. 14)."""
        due = row.get("due")
        return cls(
            key=str(row["key"]),
            title=str(row["text"]),
            evidence=Evidence(str(row["evidence"])),
            due=due_on(due, calendar, day_off).day if isinstance(due, date) else None,
            type_code=str(row.get("type_code") or ""),
            article=str(row.get("article") or ""),
        )

    def owed_by(
        self, debtor: Organisation, office: Organisation, order: Document, new_id: UUID
    ) -> Obligation:
        return Obligation(
            id=new_id,
            key=self.key,
            title=self.title,
            debtor_id=debtor.id,
            creditor_id=office.id,
            evidence=self.evidence,
            due=self.due,
            type_code=self.type_code,
            source_document_id=order.id,
            article=self.article,
        )
