"""Documents that wait for the head's signature and may be signed by the actor's power."""

from __future__ import annotations

from uuid import UUID

from workflow.domain.mandates import Actor
from workflow.domain.regulations import Role, Verb
from workflow.store.repositories.documents import OpenStep
from workflow.store.unit_of_work import Repositories
from workflow.usecases.powers.known import known_powers
from workflow.usecases.services import Services


def waiting_by_power(
    tx: Repositories, services: Services, actor: Actor
) -> list[tuple[UUID, OpenStep]]:
    """Return each document's id with its open step; none for who has no power of attorney."""
    received = tx.powers.of_representative(actor.person_id)
    places = tx.organisations.load_many(power.organisation_id for power in received)
    days = {one.id: one.local_day(services.clock()) for one in places.values()}
    powers = [
        power
        for power in received
        if power.in_force(days[power.organisation_id])
        and not actor.holds(Role.HEAD, power.organisation_id, days[power.organisation_id])
    ]
    if not powers:
        return []
    asked = {(power.organisation_id, Role.HEAD) for power in powers}
    waiting = [(id, s) for id, s in tx.documents.waiting_for([], asked) if s.verb is Verb.SIGN]
    headings = tx.documents.headings_of({id for id, _ in waiting})
    lets = {
        (known.power.organisation_id, code)
        for code in {heading.type_code for heading in headings.values()}
        for known in known_powers(tx, services, powers, code)
        if known.lets_sign(days[known.power.organisation_id])
    }
    return [(id, s) for id, s in waiting if (s.organisation_id, headings[id].type_code) in lets]
