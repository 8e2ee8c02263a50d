"""Where a person works on mentor pairs: organisations whose regulation knows them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from workflow.domain.mandates import Actor
from workflow.domain.organisations import Organisation
from workflow.domain.pair_permissions import may_request_mentor, works_on_pairs
from workflow.domain.pairs import ASSIGNMENT
from workflow.domain.refusals import Refusal
from workflow.store.unit_of_work import Repositories
from workflow.usecases.errors import NotFoundError
from workflow.usecases.pairs.reading import PairDesk, lay_pair
from workflow.usecases.services import Services


@dataclass(frozen=True)
class PairPlace:
    """An organisation with pairs; `request` says why the actor may not name who needs a mentor."""

    organisation_id: UUID
    name: str
    today: date
    request: Refusal | None


def pair_places(services: Services, actor: Actor) -> tuple[PairPlace, ...]:
    """Return where the actor works on pairs, by name; empty for everybody else."""
    with services.uow.reading() as tx:
        now = services.clock()
        return tuple(
            PairPlace(
                place.id,
                place.short_name,
                place.local_day(now),
                may_request_mentor(actor, place, now),
            )
            for place in places_with_pairs(tx, services, actor)
        )


def places_with_pairs(tx: Repositories, services: Services, actor: Actor) -> list[Organisation]:
    """The organisations in which the actor works on pairs; one query for all."""
    named = list(dict.fromkeys(m.organisation_id for m in actor.mandates))
    now = services.clock()
    known = [
        place
        for place in tx.organisations.load_many(named).values()
        if works_on_pairs(actor, place, now) and knows_pairs(services, place)
    ]
    return sorted(known, key=lambda place: place.short_name)


def knows_pairs(services: Services, place: Organisation) -> bool:
    """Whether the organisation's regulation knows mentor pairs."""
    return bool(place.pack) and ASSIGNMENT in services.packs.newest(place.pack).case_kinds


def lay_for_work(tx: Repositories, services: Services, actor: Actor, case_id: UUID) -> PairDesk:
    """Lay a pair for somebody who works on pairs.

    NotFoundError for everybody else: mentors and mentees have pages of their own.
    """
    desk = lay_pair(tx, services, actor, case_id)
    if not works_on_pairs(desk.actor, desk.organisation, services.clock()):
        raise NotFoundError(f"pair {case_id} is not worked on by {actor.person_id}")
    return desk
