"""The form by which an office registers its order, filled with what the pack knows; its scan."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from workflow.domain.exchange import sees_office
from workflow.domain.mandates import Actor
from workflow.domain.permissions import Circumstances, may_prepare
from workflow.domain.refusals import Refusal
from workflow.domain.regulations import DocumentType
from workflow.queries.office_board import order_types
from workflow.queries.offices import debtors_of, office_seen
from workflow.store.errors import MissingRowError
from workflow.usecases.errors import NotFoundError
from workflow.usecases.prefill import prefill
from workflow.usecases.services import Services


@dataclass(frozen=True)
class OrderForm:
    """What the office is asked for; `refusal` says why the actor may not register an order."""

    office_id: UUID
    office: str
    kind: DocumentType
    proposed: Mapping[str, object]
    today: date
    refusal: Refusal | None


def order_form(services: Services, actor: Actor, office_id: UUID) -> OrderForm:
    """Return the form; NotFoundError when the office is not for the actor's eyes."""
    with services.uow.reading() as tx:
        office = office_seen(tx, services, actor, office_id)
        codes = order_types(services, office)
        if not codes:
            raise NotFoundError(f"the pack of office {office_id} knows no orders with tasks")
        regulation = services.packs.newest(office.pack)
        kind = regulation.document_types[codes[0]]
        now = services.clock()
        return OrderForm(
            office_id=office.id,
            office=office.short_name,
            kind=kind,
            proposed=prefill(tx, services, regulation, kind, office),
            today=office.local_day(now),
            refusal=may_prepare(actor, Circumstances(kind, office, now)),
        )


@dataclass(frozen=True)
class OrderFile:
    """The scan of an order."""

    name: str
    content: bytes


def order_file(services: Services, actor: Actor, order_id: UUID) -> OrderFile:
    """Return the scan, for the office's eyes and for those whom the order sets tasks."""
    with services.uow.reading() as tx:
        try:
            order = tx.documents.load(order_id)
        except MissingRowError as error:
            raise NotFoundError(f"order {order_id}") from error
        office = tx.organisations.load(order.organisation_id)
        reports = any(o.office_id == office.id for o in debtors_of(tx, services, actor))
        seen = sees_office(actor, office, office.local_day(services.clock()))
        if order.existing is None or not (seen or reports):
            raise NotFoundError(f"order {order_id} is not for {actor.person_id}")
    file = order.existing.files[0]
    return OrderFile(file.name, services.blobs.get(file.pdf))
