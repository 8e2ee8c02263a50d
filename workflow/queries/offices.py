"""The offices and organisations in which somebody may look at tasks and packages."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from uuid import UUID

from workflow.domain.exchange import sees_office, sees_own_tasks
from workflow.domain.mandates import Actor
from workflow.domain.organisations import Organisation, OrganisationKind
from workflow.store.errors import MissingRowError
from workflow.store.unit_of_work import Repositories
from workflow.usecases.errors import NotFoundError
from workflow.usecases.services import Services


def offices_of(tx: Repositories, services: Services, actor: Actor) -> list[Organisation]:
    """Return the offices whose incoming packages the actor may look at."""
    found = _where(tx, services, actor, sees_office)
    return [office for office in found if office.kind is OrganisationKind.OFFICE]


def debtors_of(tx: Repositories, services: Services, actor: Actor) -> list[Organisation]:
    """Return the organisations that report to an office and whose tasks the actor may see."""
    found = _where(tx, services, actor, sees_own_tasks)
    return [organisation for organisation in found if organisation.office_id]


def _where(
    tx: Repositories,
    services: Services,
    actor: Actor,
    sees: Callable[[Actor, Organisation, date], bool],
) -> list[Organisation]:
    now = services.clock()
    places = tx.organisations.load_many(m.organisation_id for m in actor.mandates)
    seen = [o for o in places.values() if sees(actor, o, o.local_day(now))]
    return sorted(seen, key=lambda o: o.short_name)


def office_seen(
    tx: Repositories, services: Services, actor: Actor, office_id: UUID
) -> Organisation:
    """Return the office; NotFoundError when it is not for the actor's eyes."""
    try:
        office = tx.organisations.load(office_id)
    except MissingRowError as error:
        raise NotFoundError(f"office {office_id}") from error
    seen = sees_office(actor, office, office.local_day(services.clock()))
    if office.kind is not OrganisationKind.OFFICE or not seen:
        raise NotFoundError(f"office {office_id} is not for {actor.person_id}")
    return office
