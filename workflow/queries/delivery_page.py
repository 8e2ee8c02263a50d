"""A covering letter with its package: to whom, what it meets, what the office answered."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from workflow.domain.documents import Document
from workflow.domain.exchange import may_be_sent, needs_reason
from workflow.domain.mandates import Actor
from workflow.domain.permissions import may_deliver, may_prepare
from workflow.domain.refusals import Refusal
from workflow.domain.routes import state_of
from workflow.domain.submissions import Submission
from workflow.queries.headings import Heading, heading_of
from workflow.queries.terms import Term, terms_of
from workflow.store.unit_of_work import Repositories
from workflow.usecases import desk as desks
from workflow.usecases.deliver import owed_by_package, package_items
from workflow.usecases.desk import Desk
from workflow.usecases.letter import package_documents
from workflow.usecases.pairs.personal_data import may_be_handed_over
from workflow.usecases.services import Services
from workflow.usecases.wording import document_named


@dataclass(frozen=True)
class Enclosure:
    """A document of the package; `refusal` says why it cannot be sent."""

    document_id: UUID
    named: str
    on_paper: bool
    refusal: Refusal | None


@dataclass(frozen=True)
class DeliveryPage:
    """`refusal` says why it cannot be sent, `late` asks for a reason.

    `sent` is the submission with the office's answer; `again_refusal` says why the actor may not
    begin a new letter after a return. `is_superseded`: a later package has gone the same way.
    """

    heading: Heading
    addressee: str
    enclosures: tuple[Enclosure, ...]
    tasks: tuple[Term, ...]
    refusal: Refusal | None
    late: Refusal | None
    sent: Submission | None
    again_refusal: Refusal | None
    is_superseded: bool
    office_day: date


def delivery_page(services: Services, actor: Actor, letter_id: UUID) -> DeliveryPage:
    """Return the page; NotFoundError when the letter is not there or not for these eyes."""
    with services.uow.reading() as tx:
        desk = desks.lay(tx, services, actor, letter_id)
        sent = _sent(tx, desk.document)
        items = package_items(tx, services, desk)
        owed = [] if isinstance(items, Refusal) or sent else owed_by_package(tx, desk, items)
        refusal = may_deliver(desk.document, desk.actor, desk.around)
        today = _office_day(tx, services, desk)
        return DeliveryPage(
            heading=heading_of(desk),
            addressee=_addressee(tx, desk),
            enclosures=_enclosures(tx, services, desk),
            tasks=tuple(terms_of(tx, services, owed).values()),
            refusal=refusal or (items if isinstance(items, Refusal) else None),
            late=needs_reason(owed, today),
            sent=sent,
            again_refusal=may_prepare(desk.actor, desk.around),
            is_superseded=sent is not None and _is_superseded(tx, sent),
            office_day=today,
        )


def _sent(tx: Repositories, letter: Document) -> Submission | None:
    sent = [s for s in tx.submissions.of_document(letter.id) if s.letter_id == letter.id]
    return sent[-1] if sent else None


def _is_superseded(tx: Repositories, sent: Submission) -> bool:
    newer = tx.submissions.of_sender(sent.sender_id, limit=50).items
    return any(s.previous_id == sent.id for s in newer)


def _office_day(tx: Repositories, services: Services, desk: Desk) -> date:
    """Terms count by the calendar day of whoever set them."""
    if desk.around.addressee_id is None:
        return desk.around.today
    return tx.organisations.load(desk.around.addressee_id).local_day(services.clock())


def _addressee(tx: Repositories, desk: Desk) -> str:
    if desk.around.addressee_id is None:
        return ""
    return tx.organisations.load(desk.around.addressee_id).name_on(desk.around.today).full


def _enclosures(tx: Repositories, services: Services, desk: Desk) -> tuple[Enclosure, ...]:
    return tuple(
        Enclosure(
            document_id=document.id,
            named=document_named(document),
            on_paper=document.on_paper,
            refusal=_refusal(tx, services, desk, document),
        )
        for document in package_documents(tx, desk.document)
    )


def _refusal(
    tx: Repositories, services: Services, desk: Desk, document: Document
) -> Refusal | None:
    """Why the document cannot be sent; nothing is asked of what has gone already."""
    types = services.packs.get(desk.document.pack, desk.document.pack_version).document_types
    kind = types[document.type_code]
    refusal = may_be_sent(document, state_of(document, kind, desk.around.visa_roles))
    if refusal is not None or _sent(tx, desk.document) is not None:
        return refusal
    return may_be_handed_over(tx, document, kind)
