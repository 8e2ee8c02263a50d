"""What follows when a document comes into force, and when that turns out to be untrue."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime, time
from uuid import UUID

from workflow.domain.documents import Document, Verdict
from workflow.domain.mandates import Mandate
from workflow.domain.obligations import Evidence, Fulfilment, Obligation, ObligationState, state_of
from workflow.domain.pairs import ASSIGNMENT
from workflow.domain.routes import ORDER_SIGN, DocumentState
from workflow.store.unit_of_work import Transaction
from workflow.usecases import desk as desks
from workflow.usecases.desk import Desk
from workflow.usecases.numbers import register_number, reserve_number_again
from workflow.usecases.pairs import refreshing
from workflow.usecases.pairs.acts import follow_acts
from workflow.usecases.pairs.following import fall_with_document, follow_document, follow_existing
from workflow.usecases.services import Services
from workflow.usecases.wording import document_named

VISUAL_COPY = "visual_copy"


def put_in_force(
    tx: Transaction, services: Services, desk: Desk, received_at: datetime | None = None
) -> None:
    """Register the number, put the annexes in force, meet what is met by it; if it is in force.

    `desk` holds the document as it was just saved. While signatures are missing nothing happens
    but that whoever has signed has done what they owed.
    `received_at`: when the last signature came, if not now; it is the day that meets a term.
    """
    follow_acts(tx, services, desk, received_at)
    document, fixing = desk.document, desk.document.fixing
    if desk.state is not DocumentState.IN_FORCE or fixing is None:
        return
    register_number(tx, fixing.entry_id)
    for annex in desk.annexes:
        place = desks.on_desk(desk, annex.document)
        mark = desks.mark(services, place, ORDER_SIGN, Verdict.SIGNED, evidence=str(document.id))
        desks.save_annex(tx, services, desk, annex.document.marked(mark))
    _give_mandate(tx, services, desk)
    follow_document(tx, services, desk)
    if desk.kind.case_kind == ASSIGNMENT:
        refreshing.ask(tx, [line.case_id for line in document.lines], document.id)
    in_force = [document, *(a.document for a in desk.annexes)]
    meet_by_being_in_force(tx, services, in_force, received_at or desk.around.now)
    ask_for_visual_copy(tx, document)
    tx.audit.add(
        desk.organisation.id,
        "document.in_force",
        {"document": str(document.id), "entry": str(fixing.entry_id) if fixing.entry_id else None},
    )


def _give_mandate(tx: Transaction, services: Services, desk: Desk) -> None:
    """The role that the order gives: it rests on the order itself."""
    given, document = desk.kind.gives, desk.document
    if given is None:
        return
    facts = document.facts
    since, until = facts.get(given.since_field), facts.get(given.until_field)
    employment = tx.employments.load(UUID(str(facts[given.field_key])))
    assert isinstance(since, date)
    tx.mandates.save(
        Mandate(
            id=services.new_id(),
            person_id=employment.person_id,
            employment_id=employment.id,
            organisation_id=employment.organisation_id,
            role=given.role,
            since=since,
            until=until if isinstance(until, date) else None,
            ground=document_named(document),
            recorded_at=desk.around.now,
            ground_document_id=document.id,
        )
    )


def put_existing_in_force(tx: Transaction, services: Services, desk: Desk) -> None:
    """What follows when a document made elsewhere is registered: it is in force from its date.

    The role that it gives is entered where its facts say to whom and since when.
    """
    document, given = desk.document, desk.kind.gives
    assert document.existing is not None
    follow_acts(tx, services, desk)
    follow_existing(tx, services, desk)
    if desk.kind.case_kind == ASSIGNMENT:
        refreshing.ask(tx, [line.case_id for line in document.lines], document.id)
    if given and document.facts.get(given.field_key) and document.facts.get(given.since_field):
        _give_mandate(tx, services, desk)
    day = document.existing.dated
    since = datetime.combine(day, time(12), tzinfo=desk.organisation.zone)
    meet_by_being_in_force(tx, services, (document,), min(since, desk.around.now))


def ask_for_visual_copy(tx: Transaction, document: Document) -> None:
    """Ask for a new copy for the eye: after a signature, an acknowledgement."""
    tx.outbox.add(VISUAL_COPY, {"document": str(document.id), "marks": len(document.marks)})


def meet_by_being_in_force(
    tx: Transaction, services: Services, documents: Iterable[Document], since: datetime
) -> None:
    """Meet the tasks that ask for a document to be in force at its own organisation."""
    for document in documents:
        owed = tx.obligations.open_for(document.organisation_id, document.type_code)
        for obligation in owed:
            if obligation.evidence is Evidence.IN_FORCE:
                _meet(tx, services, obligation, document.id, since)


def _meet(
    tx: Transaction, services: Services, owed: Obligation, document_id: UUID, since: datetime
) -> None:
    if state_of(owed) is ObligationState.MET:
        return
    met = Fulfilment(since, str(document_id), document_id=document_id, accepted_at=services.clock())
    tx.obligations.save(replace(owed, fulfilments=(*owed.fulfilments, met)), owed)


def _met_by_being_in_force(tx: Transaction, debtor_id: UUID) -> list[Obligation]:
    """Every task that the organisation has met by a document in force."""
    found: list[Obligation] = []
    before: UUID | None = None
    while True:
        page = tx.obligations.of_debtor(debtor_id, states=(ObligationState.MET,), before=before)
        found += [o for o in page.items if o.evidence is Evidence.IN_FORCE]
        if page.following is None:
            return found
        before = page.following


def fall_out_of_force(tx: Transaction, services: Services, desk: Desk) -> None:
    """The signature did not hold: all that followed from it is taken back.

    The number waits again with its document, the annexes with their order; the role that the
    order gave is withdrawn, and tasks that the documents met by being in force are owed again.
    """
    if desk.document.fixing is not None:
        reserve_number_again(tx, desk.document.fixing.entry_id)
    fall_with_document(tx, services, desk)
    fallen = {desk.document.id, *(annex.document.id for annex in desk.annexes)}
    for owed in _met_by_being_in_force(tx, desk.organisation.id):
        kept = tuple(
            replace(f, accepted_at=None) if f.document_id in fallen else f for f in owed.fulfilments
        )
        if kept != owed.fulfilments:
            tx.obligations.save(replace(owed, fulfilments=kept), owed)
    for mandate in tx.mandates.of_organisation(desk.organisation.id):
        if mandate.ground_document_id == desk.document.id and mandate.withdrawn_at is None:
            tx.mandates.save(replace(mandate, withdrawn_at=desk.around.now), mandate)
    for annex in desk.annexes:
        place = desks.on_desk(desk, annex.document)
        mark = desks.mark(services, place, ORDER_SIGN, Verdict.WITHDRAWN)
        desks.save_annex(tx, services, desk, annex.document.marked(mark))
