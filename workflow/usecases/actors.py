"""Who is acting: a person with all posts and mandates, as known now."""

from __future__ import annotations

from uuid import UUID

from workflow.domain.mandates import Actor
from workflow.store.errors import MissingRowError
from workflow.usecases import desk as desks
from workflow.usecases.errors import NotFoundError
from workflow.usecases.services import Services

__all__ = ["Actor", "actor_of_person"]


def actor_of_person(services: Services, person_id: UUID) -> Actor:
    """Return the person as an actor; NotFoundError when there is no such person."""
    with services.uow.reading() as tx:
        try:
            return desks.actor_of(tx, person_id)
        except MissingRowError as error:
            raise NotFoundError(f"person {person_id}") from error
