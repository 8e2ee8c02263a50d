"""Registers («Журналы регистрации») as they are read, searched and printed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import tzinfo
from uuid import UUID

from workflow.domain.mandates import Actor
from workflow.domain.organisations import Organisation
from workflow.domain.registers import Entry, Register, reads_registers
from workflow.store.errors import MissingRowError
from workflow.store.repositories.registers import Wanted
from workflow.store.unit_of_work import Repositories
from workflow.usecases.errors import NotFoundError
from workflow.usecases.services import Services

ON_A_PAGE = 50
MOST_PRINTED = 10_000


@dataclass(frozen=True)
class OrganisationRegisters:
    """The registers of one organisation."""

    organisation: str
    registers: tuple[Register, ...]


def registers_of(services: Services, actor: Actor) -> tuple[OrganisationRegisters, ...]:
    """Return the registers that the actor may read, organisation by organisation."""
    with services.uow.reading() as tx:
        now = services.clock()
        places = tx.organisations.load_many(m.organisation_id for m in actor.mandates)
        read = [o for o in places.values() if reads_registers(actor, o, o.local_day(now))]
        return tuple(
            OrganisationRegisters(o.short_name, tuple(tx.registers.of_organisation(o.id)))
            for o in sorted(read, key=lambda o: o.short_name)
        )


@dataclass(frozen=True)
class RegisterPage:
    """Rows of a register. `pages` counts those of the list, `page` begins with 1.

    `years` are those that have rows; `people` the names of those who entered rows.
    """

    register: Register
    organisation: str
    zone: tzinfo
    entries: tuple[Entry, ...]
    people: Mapping[UUID, str]
    found: int
    page: int
    pages: int
    years: tuple[int, ...]


def register_page(
    services: Services,
    actor: Actor,
    register_id: UUID,
    year: int | None = None,
    words: str = "",
    page: int = 1,
) -> RegisterPage:
    """Return a page of a register; `words` are looked for in numbers and summaries.

    NotFoundError when the register is not for the actor's eyes.
    """
    return _read(services, actor, register_id, Wanted(year, words), page, ON_A_PAGE)


def whole_register(
    services: Services,
    actor: Actor,
    register_id: UUID,
    year: int | None = None,
    words: str = "",
) -> RegisterPage:
    """Return everything that was found at once, for printing and export."""
    return _read(services, actor, register_id, Wanted(year, words), 1, MOST_PRINTED)


def _read(
    services: Services, actor: Actor, register_id: UUID, wanted: Wanted, page: int, size: int
) -> RegisterPage:
    with services.uow.reading() as tx:
        register, organisation = _seen(tx, services, actor, register_id)
        found = tx.entries.count(register_id, wanted)
        pages = max(1, -(-found // size))
        page = min(max(1, page), pages)
        entries = tx.entries.search(register_id, wanted, limit=size, offset=(page - 1) * size)
        people = tx.people.load_many(e.entered_by for e in entries if e.entered_by)
        return RegisterPage(
            register=register,
            organisation=organisation.short_name,
            zone=organisation.zone,
            entries=tuple(entries),
            people={person.id: person.short_name for person in people.values()},
            found=found,
            page=page,
            pages=pages,
            years=tuple(tx.entries.years(register_id)),
        )


def _seen(
    tx: Repositories, services: Services, actor: Actor, register_id: UUID
) -> tuple[Register, Organisation]:
    try:
        register = tx.registers.load(register_id)
    except MissingRowError as error:
        raise NotFoundError(f"register {register_id}") from error
    organisation = tx.organisations.load(register.organisation_id)
    if not reads_registers(actor, organisation, organisation.local_day(services.clock())):
        raise NotFoundError(f"register {register_id} is not for {actor.person_id}")
    return register, organisation
