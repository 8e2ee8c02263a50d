"""Organisations as the operator sets them up."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from workflow.domain.mandates import Actor, Mandate
from workflow.domain.organisations import Organisation
from workflow.domain.people import Employment
from workflow.domain.registers import Register
from workflow.queries.admin import PAGE, operators_reading
from workflow.store.unit_of_work import Repositories
from workflow.usecases.services import Services


@dataclass(frozen=True)
class OrganisationLine:
    organisation: Organisation
    office: str
    founder: str


@dataclass(frozen=True)
class OrganisationList:
    """`following` (None: the end) asks for the next page."""

    lines: tuple[OrganisationLine, ...]
    following: UUID | None


def organisation_list(
    services: Services, actor: Actor, before: UUID | None = None
) -> OrganisationList:
    """Return a page of all organisations, those entered last first."""
    with operators_reading(services, actor) as tx:
        page = tx.organisations.page(limit=PAGE, before=before)
        names = _names_above(tx, page.items)
    return OrganisationList(
        tuple(
            OrganisationLine(
                one,
                names.get(one.office_id, "") if one.office_id else "",
                names.get(one.founder_id, "") if one.founder_id else "",
            )
            for one in page.items
        ),
        page.following,
    )


def _names_above(tx: Repositories, below: tuple[Organisation, ...]) -> dict[UUID, str]:
    above = {one.office_id for one in below} | {one.founder_id for one in below}
    above |= {one.successor_id for one in below}
    found = tx.organisations.load_many(identity for identity in above if identity)
    return {one.id: one.short_name for one in found.values()}


@dataclass(frozen=True)
class StaffLine:
    """A post held now and who holds it."""

    employment: Employment
    name: str


@dataclass(frozen=True)
class MandateLine:
    """A mandate with its holder; `withdrawn` ones stay in the history."""

    mandate: Mandate
    name: str
    post: str


@dataclass(frozen=True)
class OrganisationCard:
    """Everything about one organisation; `today` is its own day."""

    organisation: Organisation
    today: date
    office: str
    founder: str
    successor: str
    staff: tuple[StaffLine, ...]
    mandates: tuple[MandateLine, ...]
    registers: tuple[Register, ...]


def organisation_card(services: Services, actor: Actor, organisation_id: UUID) -> OrganisationCard:
    """Return the card; NotFoundError when there is no such organisation."""
    with operators_reading(services, actor) as tx:
        organisation = tx.organisations.load(organisation_id)
        today = organisation.local_day(services.clock())
        posts = tx.employments.of_organisation(organisation_id)
        mandates = tx.mandates.of_organisation(organisation_id)
        people = tx.people.load_many([p.person_id for p in posts] + [m.person_id for m in mandates])
        names = _names_above(tx, (organisation,))
        registers = tx.registers.of_organisation(organisation_id)
    by_id = {post.id: post for post in posts}
    staff = [StaffLine(p, people[p.person_id].full_name) for p in posts if p.held_on(today)]
    return OrganisationCard(
        organisation=organisation,
        today=today,
        office=names.get(organisation.office_id, "") if organisation.office_id else "",
        founder=names.get(organisation.founder_id, "") if organisation.founder_id else "",
        successor=names.get(organisation.successor_id, "") if organisation.successor_id else "",
        staff=tuple(sorted(staff, key=lambda line: line.name)),
        mandates=tuple(
            MandateLine(m, people[m.person_id].full_name, by_id[m.employment_id].post)
            for m in mandates
        ),
        registers=tuple(registers),
    )


@dataclass(frozen=True)
class RegisterCard:
    register: Register
    organisation: Organisation


def register_card(services: Services, actor: Actor, register_id: UUID) -> RegisterCard:
    """Return a register with its organisation."""
    with operators_reading(services, actor) as tx:
        register = tx.registers.load(register_id)
        return RegisterCard(register, tx.organisations.load(register.organisation_id))
