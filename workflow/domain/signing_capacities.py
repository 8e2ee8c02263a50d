"""As whom a person signs: by a mandate of an organisation, or in their own name."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from workflow.domain.mandates import Actor, Mandate
from workflow.domain.organisations import Organisation
from workflow.domain.regulations import (
    DocumentType,
    Role,
    SignatureDemand,
    SignatureFormat,
    SignatureKind,
    Verb,
)

#: What a signature made with a key is at least: where a simple one is enough, it stands in.
WITH_A_KEY = SignatureDemand(SignatureKind.ADVANCED, SignatureFormat.CADES)


@dataclass(frozen=True)
class Capacity:
    """One way in which somebody signs: by `mandate` (None: in their own name), what is demanded.

    `organisation` is None for a person without any post.
    """

    organisation: Organisation | None
    mandate: Mandate | None
    demand: SignatureDemand


def capacities_in(
    actor: Actor, place: Organisation, types: Iterable[DocumentType], today: date
) -> tuple[Capacity, ...]:
    """Return the capacities in which the actor signs documents of these types at the place.

    One for each role and kind of signature, the weakest kind first; who signs by no role there
    signs in their own name. Empty when the actor neither works nor holds a mandate there.
    """
    steps = [
        (step.who, kind.demand(step))
        for kind in types
        for step in kind.route
        if step.verb is Verb.SIGN
    ]
    found: list[Capacity] = []
    for role in _roles(who.role for who, _ in steps if who.at == "own"):
        mandate = actor.mandate(role, place.id, today)
        if mandate is not None:
            demands = [d for who, d in steps if who.role is role and who.at == "own"]
            found += [Capacity(place, mandate, demand) for demand in _distinct(demands)]
    if not found and actor.works_in(place.id, today):
        demands = [d for who, d in steps if who.field_key]
        found = [Capacity(place, None, demand) for demand in _distinct(demands) or [WITH_A_KEY]]
    return tuple(found)


def _roles(named: Iterable[Role | None]) -> list[Role]:
    return [role for role in dict.fromkeys(named) if role is not None]


def _distinct(demands: Iterable[SignatureDemand | None]) -> list[SignatureDemand]:
    """Each kind once; the format makes no difference to what is asked of the certificate."""
    once: dict[tuple[SignatureKind, bool], SignatureDemand] = {}
    for one in demands:
        if one is not None:
            wanted = WITH_A_KEY if one.kind is SignatureKind.SIMPLE else one
            once.setdefault(
                (wanted.kind, wanted.exactly), replace(wanted, format=WITH_A_KEY.format)
            )
    strengths = list(SignatureKind)
    return sorted(once.values(), key=lambda one: (strengths.index(one.kind), one.exactly))
