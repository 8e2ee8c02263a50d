"""Agreements on simple electronic signatures: the clerk's list, and one's own."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID

from workflow.domain.mandates import Actor
from workflow.domain.organisations import Organisation
from workflow.domain.refusals import Refusal
from workflow.domain.regulations import Choice, Role
from workflow.domain.simple_signatures import SimpleAgreement, may_keep_agreements
from workflow.store.errors import MissingRowError
from workflow.store.unit_of_work import Repositories
from workflow.usecases.agreements import for_keeper
from workflow.usecases.errors import NotFoundError
from workflow.usecases.services import Services

ON_A_PAGE = 50


class AgreementState(StrEnum):
    """How an agreement stands today."""

    HOLDS = "holds"
    SUSPENDED = "suspended"
    ENDED = "ended"


@dataclass(frozen=True)
class AgreementLine:
    """An agreement as a list shows it; `name` is the full name of the person."""

    id: UUID
    organisation_id: UUID
    name: str
    organisation: str
    number: str
    dated: date
    state: AgreementState
    ended_on: date | None
    entered_by: str
    scan: str


@dataclass(frozen=True)
class AgreementsPage:
    """`refusal` says why the actor may only read; `following` asks for the next page."""

    organisation_id: UUID
    organisation: str
    lines: tuple[AgreementLine, ...]
    following: UUID | None
    refusal: Refusal | None
    today: date


def agreements_page(
    services: Services, actor: Actor, organisation_id: UUID, before: UUID | None = None
) -> AgreementsPage:
    """Return the agreements of an organisation to its head, deputies, clerk, and the operator."""
    with services.uow.reading() as tx:
        known, organisation = for_keeper(tx, services, actor, organisation_id)
        today = organisation.local_day(services.clock())
        _hide_from_others(known, organisation, today)
        found = tx.simple_agreements.page_of(organisation_id, limit=ON_A_PAGE, before=before)
        return AgreementsPage(
            organisation_id=organisation.id,
            organisation=organisation.name_on(today).short,
            lines=_lines(tx, services, found.items),
            following=found.following,
            refusal=may_keep_agreements(known, organisation.id, today),
            today=today,
        )


def _hide_from_others(actor: Actor, organisation: Organisation, today: date) -> None:
    readers = (Role.HEAD, Role.DEPUTY, Role.CLERK)
    if actor.operator or any(actor.holds(r, organisation.id, today) for r in readers):
        return
    raise NotFoundError(f"agreements of {organisation.id} are not for {actor.person_id}")


@dataclass(frozen=True)
class AgreementForm:
    """Who may be chosen for a new agreement: employments of today without one in force."""

    organisation: str
    staff: tuple[Choice, ...]
    refusal: Refusal | None
    today: date


def agreement_form(services: Services, actor: Actor, organisation_id: UUID) -> AgreementForm:
    """Return what the form of a new agreement offers; NotFoundError as for the list."""
    with services.uow.reading() as tx:
        known, organisation = for_keeper(tx, services, actor, organisation_id)
        today = organisation.local_day(services.clock())
        _hide_from_others(known, organisation, today)
        return AgreementForm(
            organisation=organisation.name_on(today).short,
            staff=_without_agreement(tx, organisation, today),
            refusal=may_keep_agreements(known, organisation.id, today),
            today=today,
        )


def _without_agreement(
    tx: Repositories, organisation: Organisation, today: date
) -> tuple[Choice, ...]:
    posts = tx.employments.of_organisation(organisation.id, on=today)
    people = tx.people.load_many(p.person_id for p in posts)
    have = {
        a.person_id
        for a in tx.simple_agreements.of_people(people)
        if a.organisation_id == organisation.id and a.holds(today)
    }
    free = {p.person_id: p for p in reversed(posts) if p.person_id not in have}
    offered = [
        Choice(str(post.id), f"{people[post.person_id].full_name}, {post.post}")
        for post in free.values()
    ]
    return tuple(sorted(offered, key=lambda choice: choice.label))


def agreement(services: Services, actor: Actor, agreement_id: UUID) -> AgreementLine:
    """Return one agreement to those who may see the list, and to the person it is of."""
    with services.uow.reading() as tx:
        try:
            found = tx.simple_agreements.load(agreement_id)
        except MissingRowError as error:
            raise NotFoundError(f"agreement {agreement_id}") from error
        if found.person_id != actor.person_id:
            known, organisation = for_keeper(tx, services, actor, found.organisation_id)
            _hide_from_others(known, organisation, organisation.local_day(services.clock()))
        return _lines(tx, services, (found,))[0]


def my_agreements(services: Services, actor: Actor) -> tuple[AgreementLine, ...]:
    """Return the actor's own agreements, the newest first."""
    with services.uow.reading() as tx:
        found = tx.simple_agreements.of_person(actor.person_id)
        return _lines(tx, services, tuple(reversed(found)))


def kept_by(services: Services, actor: Actor) -> tuple[Choice, ...]:
    """Return the organisations whose agreements the actor keeps as their clerk: id and name."""
    with services.uow.reading() as tx:
        places = tx.organisations.load_many(m.organisation_id for m in actor.mandates)
    now = services.clock()
    return tuple(
        Choice(str(place.id), place.short_name)
        for place in places.values()
        if actor.holds(Role.CLERK, place.id, place.local_day(now))
    )


def _lines(
    tx: Repositories, services: Services, found: tuple[SimpleAgreement, ...]
) -> tuple[AgreementLine, ...]:
    people = tx.people.load_many([p for a in found for p in (a.person_id, a.entered_by)])
    places = tx.organisations.load_many(a.organisation_id for a in found)
    now = services.clock()
    return tuple(
        AgreementLine(
            id=one.id,
            organisation_id=one.organisation_id,
            name=people[one.person_id].full_name,
            organisation=places[one.organisation_id].short_name,
            number=one.number,
            dated=one.dated,
            state=_state(one, places[one.organisation_id].local_day(now)),
            ended_on=one.ended_on,
            entered_by=people[one.entered_by].short_name,
            scan=one.scan,
        )
        for one in found
    )


def _state(one: SimpleAgreement, today: date) -> AgreementState:
    if one.has_ended(today):
        return AgreementState.ENDED
    return AgreementState.SUSPENDED if one.suspended_at else AgreementState.HOLDS
