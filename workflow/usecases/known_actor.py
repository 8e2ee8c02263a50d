"""A person as an actor, with all posts and mandates as a transaction sees them."""

from __future__ import annotations

from uuid import UUID

from workflow.domain.mandates import Actor
from workflow.store.unit_of_work import Repositories


def actor_of(tx: Repositories, person_id: UUID) -> Actor:
    """The person with all posts and mandates as this transaction sees them."""
    person = tx.people.load(person_id)
    accounts = [a for a in tx.accounts.of_person(person_id) if a.closed_at is None]
    return Actor(
        person_id=person.id,
        name=person.short_name,
        employments=tuple(tx.employments.of_person(person_id)),
        mandates=tuple(tx.mandates.of_person(person_id)),
        operator=any(a.operator for a in accounts),
    )
