"""«Наставнические пары»: the pairs of a person's organisations, and what comes next in each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from workflow.domain.mandates import Actor
from workflow.domain.pairs import PairStatus
from workflow.queries.pair_next import PairNext, next_of
from workflow.queries.pair_places import places_with_pairs
from workflow.queries.pair_standing import Standing, standings
from workflow.usecases.services import Services

ON_A_PAGE = 25


@dataclass(frozen=True)
class PairLine:
    """A pair in the list; `mentor` is who mentors or is proposed, the term the ordered one.

    Before an order `since` and `until` are the days proposed or wished.
    """

    case_id: UUID
    organisation: str
    mentees: tuple[str, ...]
    mentor: str
    since: date
    until: date
    ordered: bool
    status: PairStatus
    next: PairNext | None


@dataclass(frozen=True)
class PairsList:
    """A page of the list, numbered from 1; `counts` how many pairs stand how."""

    lines: tuple[PairLine, ...]
    counts: Mapping[PairStatus, int]
    status: PairStatus | None
    page: int
    pages: int
    several_places: bool


def pairs_list(
    services: Services, actor: Actor, status: PairStatus | None = None, page: int = 1
) -> PairsList:
    """Return the pairs of the actor's organisations, the newest first.

    A page outside the list is its nearest one.
    """
    with services.uow.reading() as tx:
        places = {place.id: place for place in places_with_pairs(tx, services, actor)}
        counts = tx.pairs.counted(places)
        total = sum(counts.values()) if status is None else counts.get(status, 0)
        pages = max(1, -(-total // ON_A_PAGE))
        page = min(max(1, page), pages)
        wanted = () if status is None else (status,)
        found = tx.pairs.search(
            list(places), wanted, limit=ON_A_PAGE, offset=(page - 1) * ON_A_PAGE
        )
        lines = tuple(
            _line(one, places[one.pair.organisation_id].short_name)
            for one in standings(tx, services, actor, found, places)
        )
        return PairsList(lines, counts, status, page, pages, len(places) > 1)


def _line(standing: Standing, organisation: str) -> PairLine:
    pair, life = standing.pair, standing.life
    mentor = life.mentor if life.spell and not standing.pending else pair.proposed
    proposal, spell = pair.proposal, life.spell
    term = spell or proposal or pair
    return PairLine(
        case_id=pair.id,
        organisation=organisation,
        mentees=tuple(standing.names[m] for m in life.mentees or pair.mentees),
        mentor=standing.names[mentor] if mentor else "",
        since=term.since,
        until=term.until,
        ordered=spell is not None,
        status=life.status,
        next=next_of(standing.situation),
    )
