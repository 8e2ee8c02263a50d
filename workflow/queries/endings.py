"""What ends before a planned signing, for the first page of whoever it concerns."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from workflow.domain.ending_soon import Ending
from workflow.domain.mandates import Actor
from workflow.queries.waiting import short_names
from workflow.usecases.endings import endings_of
from workflow.usecases.services import Services

MOST_SHOWN = 20


@dataclass(frozen=True)
class EndingLine:
    """Something that ends; `name` says whose it is when it is not the reader's own."""

    ending: Ending
    organisation: str
    today: date
    name: str = ""


def endings_for(services: Services, actor: Actor) -> tuple[EndingLine, ...]:
    """Return what the actor is told of, the soonest first; a certificate once for all posts."""
    now = services.clock()
    with services.uow.reading() as tx:
        named = [m.organisation_id for m in actor.mandates]
        named += [e.organisation_id for e in actor.employments]
        places = tx.organisations.load_many(named).values()
        read = [endings_of(tx, services, place) for place in places]
        told = [(one, ending) for one in read for ending in one.told(actor.person_id)]
        names = short_names(tx, {ending.person_id for _, ending in told})
    lines = {
        ending.key: EndingLine(
            ending=ending,
            organisation=one.organisation.short_name,
            today=one.organisation.local_day(now),
            name="" if ending.person_id == actor.person_id else names[ending.person_id],
        )
        for one, ending in told
    }
    ordered = sorted(lines.values(), key=lambda line: (line.ending.until, line.ending.key))
    return tuple(ordered[:MOST_SHOWN])
