"""The cells of the office's matrix: postpone, waive, answer, enter what came on paper."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from uuid import UUID

from workflow.domain.documents import FileRole, Manifest, ManifestFile
from workflow.domain.exchange import (
    ITEM_ON_PAPER,
    ITEM_VALID,
    may_decide,
    may_give_evidence,
)
from workflow.domain.facts import check_facts
from workflow.domain.mandates import Actor
from workflow.domain.obligations import Change, ChangeKind, Evidence, Fulfilment, Obligation
from workflow.domain.organisations import Organisation
from workflow.domain.refusals import N_, Refusal
from workflow.domain.registers import EntryState, Numbering
from workflow.domain.regulations import FieldKind, FieldSpec, SignatureFormat
from workflow.domain.signatures import SignedFile
from workflow.domain.submissions import PackageItem, Submission
from workflow.store.errors import MissingRowError
from workflow.store.unit_of_work import Repositories
from workflow.usecases import desk as desks
from workflow.usecases.deliver import INCOMING
from workflow.usecases.errors import NotFoundError
from workflow.usecases.examine import examine
from workflow.usecases.examine_submission import ITEM_VERDICTS, demand_on
from workflow.usecases.numbers import Registration, lock_register, take_number
from workflow.usecases.package_signers import known_head
from workflow.usecases.services import Services
from workflow.usecases.trust import trust_view
from workflow.usecases.wording import their_number


@dataclass(frozen=True)
class _Cell:
    """An obligation with its two organisations and the actor as known now."""

    obligation: Obligation
    debtor: Organisation
    office: Organisation
    actor: Actor
    now: datetime

    @property
    def today(self) -> date:
        return self.office.local_day(self.now)


def postpone(
    services: Services, actor: Actor, obligation_id: UUID, due: date, ground: str
) -> Obligation | Refusal:
    """Set another day for one organisation, with the ground."""

    def change(cell: _Cell) -> Change | Refusal:
        if cell.obligation.due_now == due:
            return Refusal("task.same_day", N_("This is the day that is set already."))
        return Change(ChangeKind.POSTPONED, cell.now, cell.actor.person_id, ground.strip(), due)

    return _change(services, actor, obligation_id, ground, change)


def waive(
    services: Services, actor: Actor, obligation_id: UUID, ground: str
) -> Obligation | Refusal:
    """Mark the task «не требуется» for one organisation, with the ground."""

    def change(cell: _Cell) -> Change | Refusal:
        return Change(ChangeKind.NOT_REQUIRED, cell.now, cell.actor.person_id, ground.strip())

    return _change(services, actor, obligation_id, ground, change)


def require_again(
    services: Services, actor: Actor, obligation_id: UUID, ground: str
) -> Obligation | Refusal:
    """Take «не требуется» back."""

    def change(cell: _Cell) -> Change | Refusal:
        return Change(ChangeKind.REQUIRED_AGAIN, cell.now, cell.actor.person_id, ground.strip())

    return _change(services, actor, obligation_id, ground, change)


def _change(
    services: Services,
    actor: Actor,
    obligation_id: UUID,
    ground: str,
    change: Callable[[_Cell], Change | Refusal],
) -> Obligation | Refusal:
    with services.uow() as tx:
        cell = _lay(tx, services, actor, obligation_id)
        refusal = may_decide(cell.actor, cell.office, cell.today)
        if refusal is None and not ground.strip():
            refusal = Refusal(
                "task.ground_missing",
                N_("The ground is missing."),
                N_("Name the letter or the decision."),
            )
        if refusal:
            return refusal
        changed = change(cell)
        if isinstance(changed, Refusal):
            return changed
        after = replace(cell.obligation, changes=(*cell.obligation.changes, changed))
        after = tx.obligations.save(after, cell.obligation)
        tx.audit.add(
            cell.office.id,
            f"task.{changed.kind}",
            {
                "obligation": str(obligation_id),
                "due": changed.due.isoformat() if changed.due else None,
            },
        )
        tx.commit()
        return after


def _lay(tx: Repositories, services: Services, actor: Actor, obligation_id: UUID) -> _Cell:
    try:
        obligation = tx.obligations.load(obligation_id)
    except MissingRowError as error:
        raise NotFoundError(f"task {obligation_id}") from error
    debtor = tx.organisations.load(obligation.debtor_id)
    office = tx.organisations.load(obligation.creditor_id)
    known = desks.actor_of(tx, actor.person_id)
    now = services.clock()
    if not any(known.works_in(o.id, o.local_day(now)) for o in (debtor, office)):
        raise NotFoundError(f"task {obligation_id} is not for {actor.person_id}")
    return _Cell(obligation, debtor, office, known, now)


_ANSWERS = {
    Evidence.LINK: FieldSpec("answer", "Адрес страницы", FieldKind.LINK, required=True),
    Evidence.NUMBER: FieldSpec("answer", "Число", FieldKind.NUMBER, required=True),
    Evidence.TEXT: FieldSpec("answer", "Ответ", FieldKind.LONG_TEXT, required=True),
}


def give_evidence(
    services: Services, actor: Actor, obligation_id: UUID, answer: str | int
) -> Obligation | Refusal:
    """Meet a task by an address, a number or a text."""
    with services.uow() as tx:
        cell = _lay(tx, services, actor, obligation_id)
        today = cell.debtor.local_day(cell.now)
        refusal = may_give_evidence(cell.obligation, cell.actor, cell.debtor, today)
        if refusal:
            return refusal
        problems = check_facts([_ANSWERS[cell.obligation.evidence]], {"answer": answer})
        if problems:
            return Refusal("task.answer", problems[0].msgid, params=problems[0].params)
        met = Fulfilment(cell.now, str(answer), accepted_at=cell.now)
        after = replace(cell.obligation, fulfilments=(*cell.obligation.fulfilments, met))
        after = tx.obligations.save(after, cell.obligation)
        tx.audit.add(cell.debtor.id, "task.answered", {"obligation": str(obligation_id)})
        tx.commit()
        return after


@dataclass(frozen=True)
class PaperArrival:
    """What a school without the system has sent: when, what, its scan.

    `signature` is a detached signature (`.sig`) over the file, if one came with it.
    """

    arrived_on: date
    title: str
    number: str
    dated: date | None
    file_name: str
    content: bytes
    incoming_number: str = ""
    signature: bytes = b""


def enter_paper_arrival(
    services: Services, actor: Actor, obligation_id: UUID, arrival: PaperArrival
) -> Submission | Refusal:
    """Enter what came on paper or by mail; the office has seen it, so it is accepted at once.

    It is shown «на бумаге», never «проверено». A `.sig` that came with it is examined; if it
    could not be confirmed the package waits for the office's decision.
    """
    item = _examined_item(services, actor, obligation_id, arrival)
    if isinstance(item, Refusal):
        return item
    with services.uow() as tx:
        cell = _lay(tx, services, actor, obligation_id)
        refusal = may_decide(cell.actor, cell.office, cell.today)
        if refusal:
            return refusal
        register = lock_register(tx, cell.office.id, INCOMING)
        if arrival.incoming_number.strip():
            register = replace(register, numbering=Numbering.MANUAL)
        wanted = Registration(
            None,
            arrival.title.strip(),
            arrival.arrived_on,
            cell.actor.person_id,
            correspondent=cell.debtor.short_name,
            their_number=their_number(arrival.number.strip(), arrival.dated),
        )
        entry = take_number(
            tx, services, register, wanted, arrival.incoming_number, EntryState.REGISTERED
        )
        if isinstance(entry, Refusal):
            return entry
        submission = tx.submissions.save(_paper(cell, arrival, item, entry.number), None)
        arrived = _midday(arrival.arrived_on, cell.office)
        seen = item.verdict in (ITEM_ON_PAPER, ITEM_VALID)
        met = Fulfilment(
            arrived,
            arrival.title.strip(),
            submission.id,
            on_paper=True,
            accepted_at=cell.now if seen else None,
        )
        owed = cell.obligation
        tx.obligations.save(replace(owed, fulfilments=(*owed.fulfilments, met)), owed)
        tx.audit.add(
            cell.office.id,
            "package.entered",
            {"submission": str(submission.id), "file": item.manifest.main.pdf},
        )
        tx.commit()
        return submission


def _examined_item(
    services: Services, actor: Actor, obligation_id: UUID, arrival: PaperArrival
) -> PackageItem | Refusal:
    """The document that came, its `.sig` examined for the head whom the office knows.

    Slow work, outside any writing transaction.
    """
    with services.uow.reading() as tx:
        cell = _lay(tx, services, actor, obligation_id)
        refusal = may_decide(cell.actor, cell.office, cell.today) or _arrival_complete(
            arrival, cell.today
        )
        if refusal:
            return refusal
        demand = demand_on(services, cell.office, cell.obligation.type_code)
        arrived_at = _midday(arrival.arrived_on, cell.office)
        expected = known_head(tx, cell.debtor, arrived_at, demand)
        ours = cell.office.id
        trust = trust_view(tx, services, organisation=ours) if arrival.signature else None
    item = _item(services, cell.obligation, arrival)
    if trust is None:
        return item
    signature = services.blobs.put(arrival.signature)
    signed = SignedFile(item.manifest.main.pdf, signature, SignatureFormat.CADES)
    examined = examine(services, [signed], trust, expected)
    return replace(
        item,
        on_paper=False,
        signatures=examined.files,
        verdict=ITEM_VERDICTS[examined.status],
        report=examined.files[0].report_now,
        explanation=examined.reason,
    )


def _arrival_complete(arrival: PaperArrival, today: date) -> Refusal | None:
    if not arrival.content or not arrival.title.strip():
        return Refusal(
            "paper.arrival_incomplete",
            N_("Name the document and attach its scan."),
            N_("Scan what was received and attach the file."),
        )
    if arrival.arrived_on > today:
        return Refusal("paper.in_future", N_("The date of arrival lies in the future."))
    return None


def _midday(day: date, office: Organisation) -> datetime:
    """The moment that stands for a day of arrival: noon in the office's time zone."""
    return datetime.combine(day, time(12), tzinfo=office.zone)


def _item(services: Services, owed: Obligation, arrival: PaperArrival) -> PackageItem:
    """The document as it came; it has an id of its own, but no life here."""
    document_id = services.new_id()
    blob = services.blobs.put(arrival.content)
    file = ManifestFile(arrival.file_name, FileRole.SCAN, document_id, blob, blob)
    return PackageItem(
        document_id=document_id,
        type_code=owed.type_code,
        title=arrival.title.strip(),
        number=arrival.number.strip(),
        dated=arrival.dated,
        manifest=Manifest((file,)),
        on_paper=True,
        verdict=ITEM_ON_PAPER,
    )


def _paper(cell: _Cell, arrival: PaperArrival, item: PackageItem, incoming: str) -> Submission:
    arrived_at = _midday(arrival.arrived_on, cell.office)
    return Submission(
        id=item.document_id,
        number=item.number,
        sender_id=cell.debtor.id,
        receiver_id=cell.office.id,
        letter_id=None,
        items=(item,),
        sent_at=arrived_at,
        sent_by=cell.actor.person_id,
        arrived_at=arrived_at,
        on_paper=True,
        incoming_number=incoming,
        examined_at=cell.now,
    )
