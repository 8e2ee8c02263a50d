"""Register a document made elsewhere; a municipal order sets tasks for the schools below it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from workflow.domain.deadlines import DayOff, due_on
from workflow.domain.documents import (
    Document,
    Existing,
    FileRole,
    Line,
    ManifestFile,
    Revision,
)
from workflow.domain.facts import FactProblem, check_facts
from workflow.domain.mandates import Actor
from workflow.domain.obligations import Evidence, Obligation
from workflow.domain.organisations import Organisation
from workflow.domain.permissions import Circumstances, may_prepare
from workflow.domain.refusals import N_, Refusal
from workflow.domain.registers import EntryState, Numbering
from workflow.domain.regulations import DocumentType, Origin, Regulation
from workflow.domain.working_days import WorkCalendar
from workflow.store.errors import MissingRowError
from workflow.store.unit_of_work import Transaction
from workflow.usecases import desk as desks
from workflow.usecases.errors import NotFoundError
from workflow.usecases.numbers import Registration, lock_register, take_number
from workflow.usecases.services import Services
from workflow.usecases.work_calendars import calendar_of

#: The field of an order that lists its tasks, and what a row of it holds.
TASKS = "tasks"
DAY_OFF = "day_off"


@dataclass(frozen=True)
class Scanned:
    """A document that exists: its own number and date, who signed it, its scan or file."""

    number: str
    dated: date
    title: str
    signed_by: str
    signed_by_post: str
    file_name: str
    content: bytes


@dataclass(frozen=True)
class Incomplete:
    """The facts that are missing or wrong; nothing was registered."""

    problems: tuple[FactProblem, ...]


def register_existing(
    services: Services,
    actor: Actor,
    case_id: UUID,
    type_code: str,
    scanned: Scanned,
    facts: Mapping[str, object],
) -> Document | Refusal | Incomplete:
    """Register an existing document; every task of its `tasks` becomes an obligation.

    The debtors are the organisations whose office this organisation is.
    """
    blob = services.blobs.put(scanned.content) if scanned.content else ""
    with services.uow() as tx:
        try:
            case = tx.cases.load(case_id)
        except MissingRowError as error:
            raise NotFoundError(f"case {case_id}") from error
        organisation = tx.organisations.load(case.organisation_id)
        known = desks.actor_of(tx, actor.person_id)
        now = services.clock()
        if not known.works_in(organisation.id, organisation.local_day(now)):
            raise NotFoundError(f"case {case_id}")
        regulation = services.packs.get(case.pack, case.pack_version)
        kind = regulation.document_types.get(type_code)
        if kind is None or kind.origin is not Origin.EXISTING:
            raise NotFoundError(f"type {type_code}")
        refusal = may_prepare(known, Circumstances(kind, organisation, now)) or _complete(
            scanned, organisation.local_day(now)
        )
        if refusal:
            return refusal
        problems = check_facts(kind.fields, facts)
        if problems:
            return Incomplete(problems)
        document = _document(services, known, case_id, kind, regulation, organisation, scanned)
        document = _with_file(document, scanned, blob, facts)
        document = tx.documents.save(document, None, desks.derived(document, kind, organisation))
        refusal = _journal(tx, services, known, kind, organisation, document)
        if refusal:
            return refusal
        set_tasks(tx, services, document, organisation)
        tx.audit.add(
            organisation.id, "document.registered", {"document": str(document.id), "file": blob}
        )
        tx.commit()
        return document


def _complete(scanned: Scanned, today: date) -> Refusal | None:
    if not scanned.content:
        return Refusal(
            "existing.file_missing",
            N_("The file is missing: the scan, or the document as it was received."),
            N_("Attach the file."),
        )
    if not scanned.number.strip() or not scanned.signed_by.strip():
        return Refusal(
            "existing.incomplete",
            N_("Number and signatory are missing."),
            N_("Copy them from the document."),
        )
    if scanned.dated > today:
        return Refusal("existing.in_future", N_("The date lies in the future."))
    return None


def _document(
    services: Services,
    actor: Actor,
    case_id: UUID,
    kind: DocumentType,
    regulation: Regulation,
    organisation: Organisation,
    scanned: Scanned,
) -> Document:
    return Document(
        id=services.new_id(),
        type_code=kind.code,
        organisation_id=organisation.id,
        pack=regulation.name,
        pack_version=regulation.version,
        title=scanned.title.strip() or kind.title,
        created_at=services.clock(),
        created_by=actor.person_id,
        lines=(Line(case_id),),
    )


def _with_file(
    document: Document, scanned: Scanned, blob: str, facts: Mapping[str, object]
) -> Document:
    file = ManifestFile(
        name=scanned.file_name,
        role=FileRole.SCAN,
        document_id=document.id,
        pdf=blob,
        content=blob,
    )
    return replace(
        document,
        existing=Existing(
            number=scanned.number.strip(),
            dated=scanned.dated,
            signed_by=scanned.signed_by.strip(),
            signed_by_post=scanned.signed_by_post.strip(),
            files=(file,),
        ),
        revisions=(Revision(1, dict(facts), document.created_at, document.created_by),),
    )


def _journal(
    tx: Transaction,
    services: Services,
    actor: Actor,
    kind: DocumentType,
    organisation: Organisation,
    document: Document,
) -> Refusal | None:
    """Where the type has a register of its own kind, the existing document gets its row."""
    if not kind.register:
        return None
    register = lock_register(tx, organisation.id, kind.register)
    # Its number was given by whoever made it, however the register is kept.
    register = replace(register, numbering=Numbering.MANUAL)
    assert document.dated is not None
    wanted = Registration(document.id, document.title, document.dated, actor.person_id)
    entry = take_number(
        tx, services, register, wanted, document.number, state=EntryState.REGISTERED
    )
    return entry if isinstance(entry, Refusal) else None


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
