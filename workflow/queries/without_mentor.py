"""Who waits for a mentor, or soon will, for those who are to do something about it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from workflow.domain.mandates import filling
from workflow.domain.organisations import Organisation
from workflow.domain.pairs import Life, Pair, PairStatus, life_of
from workflow.domain.regulations import Role
from workflow.queries.pair_papers import is_leaving, is_pending
from workflow.store.unit_of_work import Repositories
from workflow.usecases.pairs.reading import people_named
from workflow.usecases.services import Services

MOST_PAIRS = 200
#: How pairs stand that have no mentor, or will soon have none.
_UNDER_WAY = (
    PairStatus.WAITING_FOR_MENTOR,
    PairStatus.WAITING_TO_BEGIN,
    PairStatus.RUNNING,
    PairStatus.SUSPENDED,
)


#: Whose word it is to propose a mentor, the first of them whom an organisation has.
PROPOSERS = (Role.ASSOCIATION, Role.CURATOR, Role.DEPUTY, Role.HEAD)


@dataclass(frozen=True)
class WithoutMentor:
    """Mentees for whom nobody is proposed; `free_from` is the first day without the last mentor."""

    case_id: UUID
    organisation_id: UUID
    mentees: tuple[str, ...]
    free_from: date | None


def without_mentor(
    tx: Repositories,
    services: Services,
    roles: set[tuple[UUID, Role]],
    places: Mapping[UUID, Organisation],
) -> list[WithoutMentor]:
    """Return the pairs for those whose word it is to propose a mentor.

    That is the head of the methodical association; where there is none, the curator, the deputy or
    the head. A mentor who lays the duties down warns the head (ТК РФ, ст. 351.8), who reads of it
    here, too.
    """
    mine = proposing(tx, services, roles, places)
    warned = {*mine, *(one for one in places if (one, Role.HEAD) in roles)}
    now = services.clock()
    found: list[tuple[Pair, Life]] = []
    for pair in tx.pairs.search(warned, _UNDER_WAY, limit=MOST_PAIRS):
        life = life_of(pair, places[pair.organisation_id].local_day(now))
        waits = life.status is PairStatus.WAITING_FOR_MENTOR and pair.organisation_id in mine
        if not is_pending(pair, life) and (waits or is_leaving(life)):
            found.append((pair, life))
    names = people_named(tx, [mentee for _, life in found for mentee in life.mentees])
    return [
        WithoutMentor(
            case_id=pair.id,
            organisation_id=pair.organisation_id,
            mentees=tuple(names[mentee] for mentee in life.mentees),
            free_from=life.ended_by.day if life.ended_by and is_leaving(life) else None,
        )
        for pair, life in found
    ]


def proposing(
    tx: Repositories,
    services: Services,
    roles: set[tuple[UUID, Role]],
    places: Mapping[UUID, Organisation],
) -> list[UUID]:
    """The organisations in which it is for the actor to propose mentors.

    The word is that of the first of `PROPOSERS` whom the organisation has.
    """
    concerned = [one for one in places if any((one, role) in roles for role in PROPOSERS)]
    now = services.clock()
    held = {
        (m.organisation_id, role)
        for m in tx.mandates.of_organisations(concerned)
        if m.in_force(places[m.organisation_id].local_day(now))
        for role in PROPOSERS
        if m.role in filling(role)
    }
    first = {
        one: next((role for role in PROPOSERS if (one, role) in held), None) for one in concerned
    }
    return [one for one, role in first.items() if role is not None and (one, role) in roles]
