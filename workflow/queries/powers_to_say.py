"""Powers of attorney that wait for the head's word: nobody has said what their codes let sign."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from workflow.domain.mandates import Actor
from workflow.domain.organisations import Organisation
from workflow.domain.powers import may_say_what_counts
from workflow.queries.waiting import short_names
from workflow.store.unit_of_work import Repositories
from workflow.usecases.powers.known import known_powers
from workflow.usecases.powers.meaning import types_signed_by_head
from workflow.usecases.services import Services


@dataclass(frozen=True)
class PowerToSay:
    """A power in force with codes that mean nothing yet, and who holds it («Белова Я. Н.»)."""

    power_id: UUID
    organisation_id: UUID
    holder: str


def powers_to_say(
    tx: Repositories, services: Services, actor: Actor, places: Mapping[UUID, Organisation]
) -> list[PowerToSay]:
    """Return the powers of `places` that let sign nothing until the actor says what codes mean.

    A code that was said to let nothing be signed has its meaning, and waits for nobody.
    """
    days = {one.id: one.local_day(services.clock()) for one in places.values()}
    found = []
    for place in places.values():
        if may_say_what_counts(actor, place, days[place.id]):
            continue
        in_force = [p for p in tx.powers.of_organisations([place.id]) if p.in_force(days[place.id])]
        said = {meaning.code for meaning in tx.code_meanings.counting_for(place.id)}
        unsaid = [p for p in in_force if any(code.code not in said for code in p.codes)]
        kinds = [kind.code for kind in types_signed_by_head(services, place)]
        settled = {
            known.power.id
            for code in ("", *kinds)
            for known in known_powers(tx, services, unsaid, code)
            if known.is_revoked(days[place.id]) or (code and known.is_covered)
        }
        found += [power for power in unsaid if power.id not in settled]
    names = short_names(tx, {power.representative_id for power in found})
    return [PowerToSay(p.id, p.organisation_id, names[p.representative_id]) for p in found]
