"""Roles held from–to on the ground of a document, and who is acting now."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from workflow.domain.people import Employment
from workflow.domain.regulations import Role

#: A role is also filled by whoever holds one of these (an acting head signs as the head).
_STANDS_FOR = {Role.HEAD: (Role.HEAD, Role.ACTING_HEAD)}


@dataclass(frozen=True)
class Mandate:
    """`role` in an organisation, in force `since`–`until` (both days included).

    Bitemporal: `recorded_at` is when the installation came to know of it, `withdrawn_at` when it
    learned that it was wrong. `ground` names the document («приказ от 12.01.2023 № 3-к»);
    `ground_document_id` is set when that document lives here.
    """

    id: UUID
    person_id: UUID
    employment_id: UUID
    organisation_id: UUID
    role: Role
    since: date
    until: date | None
    ground: str
    recorded_at: datetime
    withdrawn_at: datetime | None = None
    ground_document_id: UUID | None = None
    confirmed_by: UUID | None = None

    def in_force(self, on: date, known_at: datetime | None = None) -> bool:
        """Whether the mandate held on the day `on`, as far as was known at `known_at`."""
        if on < self.since or (self.until is not None and on > self.until):
            return False
        if known_at is None:
            return self.withdrawn_at is None
        recorded = self.recorded_at <= known_at
        return recorded and (self.withdrawn_at is None or self.withdrawn_at > known_at)


def filling(role: Role) -> tuple[Role, ...]:
    """The roles whose holder may act as `role`."""
    return _STANDS_FOR.get(role, (role,))


def holder_of(
    mandates: Iterable[Mandate], role: Role, organisation_id: UUID, on: date
) -> Mandate | None:
    """Who fills `role` on the day; an acting head goes before the head who is away."""
    wanted = filling(role)
    held = [
        m
        for m in mandates
        if m.organisation_id == organisation_id and m.role in wanted and m.in_force(on)
    ]
    return max(held, key=lambda m: (wanted.index(m.role), m.since), default=None)


@dataclass(frozen=True)
class Actor:
    """Who is acting: a person with all posts and mandates, known at the moment of the act."""

    person_id: UUID
    name: str
    employments: tuple[Employment, ...] = ()
    mandates: tuple[Mandate, ...] = ()
    operator: bool = False

    def mandate(self, role: Role, organisation_id: UUID, on: date) -> Mandate | None:
        """The mandate by which the actor fills `role` in the organisation on the day."""
        return holder_of(self.mandates, role, organisation_id, on)

    def holds(self, role: Role, organisation_id: UUID, on: date) -> bool:
        return self.mandate(role, organisation_id, on) is not None

    def works_in(self, organisation_id: UUID, on: date) -> bool:
        return any(e.organisation_id == organisation_id and e.held_on(on) for e in self.employments)

    def has_employment(self, employment_id: UUID) -> bool:
        return any(e.id == employment_id for e in self.employments)
