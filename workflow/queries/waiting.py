"""For whom an open step waits, by name."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from workflow.domain.mandates import Actor, Mandate, filling
from workflow.domain.permissions import Circumstances
from workflow.domain.regulations import Role, Verb
from workflow.domain.routes import Step
from workflow.store.repositories.documents import OpenStep
from workflow.store.unit_of_work import Repositories


@dataclass(frozen=True)
class Waits:
    """An open step: `people` are short names; empty when nobody holds `role` now."""

    verb: Verb
    role: Role | None
    people: tuple[str, ...]
    mine: bool


def who_waits(
    tx: Repositories, steps: Mapping[UUID, Iterable[OpenStep]], actor: Actor, today: date
) -> dict[UUID, tuple[Waits, ...]]:
    """Name, for each document, those for whom its open steps wait; three queries for all."""
    every = [step for of_document in steps.values() for step in of_document]
    places = {s.organisation_id for s in every if s.role and s.organisation_id}
    mandates = [m for m in tx.mandates.of_organisations(places) if m.in_force(today)]
    posts = tx.employments.load_many([s.employment_id for s in every if s.employment_id])
    people = {e.id: e.person_id for e in posts.values()}
    names = short_names(tx, [*people.values(), *(m.person_id for m in mandates)])
    return {
        document_id: tuple(_waits(step, mandates, people, names, actor) for step in of_document)
        for document_id, of_document in steps.items()
    }


def _waits(
    step: OpenStep,
    mandates: Iterable[Mandate],
    people: Mapping[UUID, UUID],
    names: Mapping[UUID, str],
    actor: Actor,
) -> Waits:
    if step.employment_id is not None:
        person = people[step.employment_id]
        return Waits(step.verb, None, (names[person],), person == actor.person_id)
    called = list(dict.fromkeys(m.person_id for m in mandates if _calls(step, m)))
    mine = actor.person_id in called
    return Waits(step.verb, step.role, tuple(names[person] for person in called), mine)


def _calls(step: OpenStep, mandate: Mandate) -> bool:
    roles = filling(step.role) if step.role else ()
    return mandate.organisation_id == step.organisation_id and mandate.role in roles


def place_of(step: Step, around: Circumstances) -> UUID | None:
    """Return the organisation in which the role of the step is looked up."""
    match step.spec.who.at:
        case "founder":
            return around.organisation.founder_id
        case "addressee":
            return around.addressee_id
        case _:
            return around.organisation.id


def short_names(tx: Repositories, person_ids: Iterable[UUID]) -> dict[UUID, str]:
    """Return «Белова Я. Н.» for each person."""
    return {p.id: p.short_name for p in tx.people.load_many(person_ids).values()}


def roles_held(actor: Actor, organisation_days: Mapping[UUID, date]) -> set[tuple[UUID, Role]]:
    """Return the roles that the actor fills, each with its organisation, on its local day."""
    return {
        (mandate.organisation_id, role)
        for mandate in actor.mandates
        if mandate.organisation_id in organisation_days
        and mandate.in_force(organisation_days[mandate.organisation_id])
        for role in Role
        if mandate.role in filling(role)
    }
