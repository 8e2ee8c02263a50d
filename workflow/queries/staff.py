"""The workers of an organisation for those who keep their cards: the list and one card."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta, tzinfo
from uuid import UUID

from workflow.domain.identity_changes import IdentityChange, IdentityDecision
from workflow.domain.mandates import Actor
from workflow.domain.organisations import Organisation
from workflow.domain.people import Absence, Employment, Person
from workflow.domain.staff_cards import CardChange, StaffCard
from workflow.store.unit_of_work import Repositories
from workflow.usecases.services import Services
from workflow.usecases.staff_desk import (
    StaffDesk,
    keeps_staff_of,
    missing_is_not_found,
    staff_reading,
)

PAGE = 50


@dataclass(frozen=True)
class StaffPlace:
    """An organisation whose workers the actor keeps."""

    organisation_id: UUID
    name: str


@dataclass(frozen=True)
class WorkerLine:
    """A worker in one post; `absence` is the one of today, `card` None while nothing is known."""

    employment: Employment
    name: str
    card: StaffCard | None
    absence: Absence | None


@dataclass(frozen=True)
class StaffList:
    """A page of the workers by name; `unconfirmed` case forms wait for somebody's look."""

    organisation_id: UUID
    organisation: str
    lines: tuple[WorkerLine, ...]
    page: int
    pages: int
    unconfirmed: int
    today: date


@dataclass(frozen=True)
class MadeChange:
    """A line of a card's history with who made it."""

    change: CardChange
    who: str


@dataclass(frozen=True)
class FormerName:
    """A name that was borne until the day `until`, included."""

    full_name: str
    until: date


@dataclass(frozen=True)
class WorkerPage:
    """One worker in one post; absences, history and former names the latest first.

    `pending_identity` is a change of name or number that waits for a second person.
    """

    organisation_id: UUID
    organisation: str
    person: Person
    employment: Employment
    card: StaffCard
    absences: tuple[Absence, ...]
    changes: tuple[MadeChange, ...]
    former_names: tuple[FormerName, ...]
    pending_identity: UUID | None
    today: date
    zone: tzinfo


def staff_places(services: Services, actor: Actor) -> tuple[StaffPlace, ...]:
    """Return the organisations whose workers the actor keeps by a mandate, by name."""
    with services.uow.reading() as tx:
        near = tx.organisations.load_many(m.organisation_id for m in actor.mandates).values()
        kept = [o for o in near if keeps_staff_of(services, actor, o)]
    places = (StaffPlace(one.id, one.short_name) for one in kept)
    return tuple(sorted(places, key=lambda place: place.name))


def staff_list(
    services: Services, actor: Actor, organisation_id: UUID, surname: str = "", page: int = 1
) -> StaffList:
    """Return a page of those who work there, or will; NotFoundError for other eyes."""
    with staff_reading(services, actor, organisation_id) as (tx, desk):
        total = tx.employments.count_not_left(organisation_id, desk.today, surname)
        pages = max(1, -(-total // PAGE))
        shown = min(max(page, 1), pages)
        held = tx.employments.not_left(
            organisation_id, desk.today, surname, limit=PAGE, offset=PAGE * (shown - 1)
        )
        lines = _lines(tx, desk, held)
        unconfirmed = _unconfirmed(tx, desk.organisation, desk.today)
    name = desk.organisation.short_name
    return StaffList(organisation_id, name, lines, shown, pages, unconfirmed, desk.today)


def _lines(tx: Repositories, desk: StaffDesk, held: list[Employment]) -> tuple[WorkerLine, ...]:
    people = tx.people.load_many(e.person_id for e in held)
    cards = tx.staff_cards.of_many(e.id for e in held)
    away = {
        absence.employment_id: absence
        for absence in tx.absences.of_employments(e.id for e in held)
        if absence.covers(desk.today)
    }
    return tuple(
        WorkerLine(e, people[e.person_id].full_name, cards.get(e.id), away.get(e.id)) for e in held
    )


def _unconfirmed(tx: Repositories, organisation: Organisation, today: date) -> int:
    held = tx.employments.of_organisation(organisation.id, today)
    people = tx.people.load_many(e.person_id for e in held).values()
    return (
        sum(not name.forms_confirmed for name in organisation.names)
        + sum(not person.forms_confirmed for person in people)
        + len({e.post for e in held if not e.forms_confirmed})
    )


def worker_page(services: Services, actor: Actor, employment_id: UUID) -> WorkerPage:
    """Return the card of a worker; NotFoundError for other eyes and for what is not there."""
    with services.uow.reading() as tx, missing_is_not_found():
        place = tx.employments.load(employment_id).organisation_id
    with staff_reading(services, actor, place) as (tx, desk):
        employment = tx.employments.load(employment_id)
        person = tx.people.load(employment.person_id)
        card = tx.staff_cards.of(employment_id) or StaffCard(employment_id, employment_id)
        absences = tx.absences.of_employments([employment_id])
        makers = tx.people.load_many(change.by for change in card.changes)
        identities = tx.identity_changes.of_person(person.id)
    changes = tuple(MadeChange(one, makers[one.by].short_name) for one in reversed(card.changes))
    return WorkerPage(
        organisation_id=place,
        organisation=desk.organisation.short_name,
        person=person,
        employment=employment,
        card=card,
        absences=tuple(reversed(absences)),
        changes=changes,
        former_names=_former_names(identities),
        pending_identity=next((i.id for i in identities if _waits_here(i, place)), None),
        today=desk.today,
        zone=desk.organisation.zone,
    )


def _waits_here(change: IdentityChange, organisation_id: UUID) -> bool:
    pending = change.decision is IdentityDecision.PENDING
    return pending and change.organisation_id == organisation_id


def _former_names(changes: Iterable[IdentityChange]) -> tuple[FormerName, ...]:
    named = [c for c in changes if c.decision is IdentityDecision.CONFIRMED and c.renames]
    latest_first = sorted(named, key=lambda one: one.since, reverse=True)
    day = timedelta(days=1)
    return tuple(FormerName(one.before.full_name, one.since - day) for one in latest_first)


def absence_of(services: Services, actor: Actor, absence_id: UUID) -> Absence:
    """Return an absence; NotFoundError for other eyes and for what is not there."""
    with services.uow.reading() as tx, missing_is_not_found():
        absence = tx.absences.load(absence_id)
        place = tx.employments.load(absence.employment_id).organisation_id
    with staff_reading(services, actor, place):
        return absence
