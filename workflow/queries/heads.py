"""The office's register of heads: who signs for the organisations below it, on what ground."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from workflow.domain.administration import may_confirm_head
from workflow.domain.exchange import sees_office
from workflow.domain.mandates import Actor, Mandate
from workflow.domain.organisations import Organisation
from workflow.domain.refusals import Refusal
from workflow.domain.regulations import Role
from workflow.queries.offices import offices_of
from workflow.store.errors import MissingRowError
from workflow.store.unit_of_work import Repositories
from workflow.usecases.errors import NotFoundError
from workflow.usecases.services import Services

HEADS = (Role.HEAD, Role.ACTING_HEAD)


@dataclass(frozen=True)
class HeadRow:
    """A head or acting head; `refusal` says why the actor may not confirm the mandate."""

    mandate: Mandate
    organisation: str
    name: str
    post: str
    in_force: bool
    confirmed_by: str
    refusal: Refusal | None


@dataclass(frozen=True)
class HeadList:
    """The heads below one office, unconfirmed ones first."""

    office_id: UUID
    office: str
    today: date
    rows: tuple[HeadRow, ...]


def heads_of(services: Services, actor: Actor) -> tuple[HeadList, ...]:
    """Return the registers of heads of the offices that the actor may look at."""
    with services.uow.reading() as tx:
        return tuple(
            _heads(tx, services, actor, office) for office in offices_of(tx, services, actor)
        )


def head_row(services: Services, actor: Actor, mandate_id: UUID) -> HeadRow:
    """Return one head; NotFoundError when the mandate is not for the actor's eyes."""
    with services.uow.reading() as tx:
        try:
            mandate = tx.mandates.load(mandate_id)
        except MissingRowError as error:
            raise NotFoundError(f"mandate {mandate_id}") from error
        organisation = tx.organisations.load(mandate.organisation_id)
        above = [o for o in (organisation.office_id, organisation.founder_id) if o]
        places = tx.organisations.load_many(above)
        now = services.clock()
        if mandate.role not in HEADS or not any(
            sees_office(actor, place, place.local_day(now)) for place in places.values()
        ):
            raise NotFoundError(f"mandate {mandate_id} is not for {actor.person_id}")
        today = organisation.local_day(now)
        return _rows(tx, actor, {organisation.id: organisation}, [mandate], today)[0]


def _heads(tx: Repositories, services: Services, actor: Actor, office: Organisation) -> HeadList:
    today = office.local_day(services.clock())
    below = [*tx.organisations.reporting_to(office.id), *tx.organisations.founded_by(office.id)]
    places = {place.id: place for place in below}
    mandates = [
        m for m in tx.mandates.of_organisations(places) if m.role in HEADS and not m.withdrawn_at
    ]
    rows = _rows(tx, actor, places, mandates, today)
    return HeadList(office.id, office.short_name, today, tuple(sorted(rows, key=_order)))


def _rows(
    tx: Repositories,
    actor: Actor,
    places: dict[UUID, Organisation],
    mandates: list[Mandate],
    today: date,
) -> list[HeadRow]:
    people = tx.people.load_many(
        [m.person_id for m in mandates] + [m.confirmed_by for m in mandates if m.confirmed_by]
    )
    posts = tx.employments.load_many(m.employment_id for m in mandates)
    return [
        HeadRow(
            mandate=m,
            organisation=places[m.organisation_id].short_name,
            name=people[m.person_id].full_name,
            post=posts[m.employment_id].post,
            in_force=m.in_force(today),
            confirmed_by=people[m.confirmed_by].short_name if m.confirmed_by else "",
            refusal=may_confirm_head(actor, m, places[m.organisation_id], today),
        )
        for m in mandates
    ]


def _order(row: HeadRow) -> tuple[bool, bool, str, date]:
    return (bool(row.confirmed_by), not row.in_force, row.organisation, row.mandate.since)
