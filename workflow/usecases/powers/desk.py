"""Who may act on a power of attorney, and for whom: laid before each act on one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from workflow.domain.mandates import Actor
from workflow.domain.organisations import Organisation
from workflow.domain.powers import PowerOfAttorney, may_keep_powers
from workflow.domain.regulations import Role
from workflow.store.errors import MissingRowError
from workflow.store.unit_of_work import Repositories
from workflow.usecases import desk as desks
from workflow.usecases.errors import NotFoundError
from workflow.usecases.services import Services


@dataclass(frozen=True)
class PlaceDesk:
    """The actor as known in this transaction, the organisation, its day."""

    actor: Actor
    place: Organisation
    today: date


@dataclass(frozen=True)
class PowerDesk:
    """The same with a power; `place` is for whom the actor acts.

    That is the principal for its keepers, for the holder and the operator; an office that the
    principal answers to for the officers there, who judge packages by what they know themselves.
    """

    actor: Actor
    place: Organisation
    today: date
    power: PowerOfAttorney
    principal: Organisation

    @property
    def answers_for(self) -> UUID | None:
        """For whom what the actor finds out counts: the operator's counts for everybody."""
        return None if self.actor.operator else self.place.id


def lay_place(tx: Repositories, services: Services, actor: Actor, place_id: UUID) -> PlaceDesk:
    """Lay an organisation; NotFoundError for anybody who has nothing to do with it."""
    try:
        place = tx.organisations.load(place_id)
        known = desks.actor_of(tx, actor.person_id)
    except MissingRowError as error:
        raise NotFoundError(f"organisation {place_id}") from error
    today = place.local_day(services.clock())
    if not known.operator and not known.works_in(place.id, today):
        raise NotFoundError(f"organisation {place_id} is not for {actor.person_id}")
    return PlaceDesk(known, place, today)


def lay_power(tx: Repositories, services: Services, actor: Actor, power_id: UUID) -> PowerDesk:
    """Lay a power; NotFoundError unless the actor keeps, holds or has to judge it."""
    try:
        power = tx.powers.load(power_id)
        known = desks.actor_of(tx, actor.person_id)
    except MissingRowError as error:
        raise NotFoundError(f"power of attorney {power_id}") from error
    principal = tx.organisations.load(power.organisation_id)
    today = principal.local_day(services.clock())
    holds = known.person_id == power.representative_id
    if holds or may_keep_powers(known, principal, today) is None:
        return PowerDesk(known, principal, today, power, principal)
    office_id = principal.office_id
    judges = (Role.OFFICER, Role.HEAD)
    if office_id is not None and any(known.holds(role, office_id, today) for role in judges):
        return PowerDesk(known, tx.organisations.load(office_id), today, power, principal)
    raise NotFoundError(f"power of attorney {power_id} is not for {actor.person_id}")
