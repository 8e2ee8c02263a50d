"""Registers («Журналы регистрации») as they are read, searched and printed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import tzinfo
from uuid import UUID

from workflow.domain.journals import (
    JournalKind,
    kind_of,
    may_change_row,
    may_keep_register,
    reads_registers,
)
from workflow.domain.mandates import Actor
from workflow.domain.organisations import Organisation
from workflow.domain.refusals import Refusal
from workflow.domain.registers import Entry, Register
from workflow.store.errors import MissingRowError
from workflow.store.repositories.registers import Makers, Wanted
from workflow.store.unit_of_work import Repositories
from workflow.usecases.errors import NotFoundError
from workflow.usecases.services import Services

__all__ = ["Wanted"]

ON_A_PAGE = 50
MOST_PRINTED = 10_000


@dataclass(frozen=True)
class OrganisationRegisters:
    """The registers of one organisation, with how many rows each has in the year `year`."""

    organisation: str
    registers: tuple[Register, ...]
    year: int
    rows: Mapping[UUID, int]


def registers_of(services: Services, actor: Actor) -> tuple[OrganisationRegisters, ...]:
    """Return the registers that the actor may read, organisation by organisation."""
    with services.uow.reading() as tx:
        return tuple(
            _registers(tx, place, place.local_day(services.clock()).year)
            for place in places_read(tx, services, actor)
        )


def places_read(tx: Repositories, services: Services, actor: Actor) -> list[Organisation]:
    """The organisations whose registers the actor may read, by name."""
    now = services.clock()
    places = tx.organisations.load_many(m.organisation_id for m in actor.mandates)
    read = [o for o in places.values() if reads_registers(actor, o, o.local_day(now))]
    return sorted(read, key=lambda o: o.short_name)


def _registers(tx: Repositories, place: Organisation, year: int) -> OrganisationRegisters:
    registers = tx.registers.of_organisation(place.id)
    counted = tx.entries.states_in([r.id for r in registers], year)
    rows = {register_id: sum(states.values()) for register_id, states in counted.items()}
    return OrganisationRegisters(place.short_name, tuple(registers), year, rows)


@dataclass(frozen=True)
class JournalRow:
    """A row with what is known of its document: who signed and who made it, by short names."""

    entry: Entry
    signed_by: str
    executor: str
    entered_by: str


@dataclass(frozen=True)
class RegisterPage:
    """Rows of a register. `pages` counts those of the list, `page` begins with 1.

    `years` are those that have rows; `keeping` says why the actor may not write rows by hand.
    """

    register: Register
    kind: JournalKind
    organisation: str
    zone: tzinfo
    rows: tuple[JournalRow, ...]
    found: int
    page: int
    pages: int
    years: tuple[int, ...]
    keeping: Refusal | None

    @property
    def is_cut(self) -> bool:
        """Whether more was found than one print or workbook holds."""
        return self.found > MOST_PRINTED


def register_page(
    services: Services, actor: Actor, register_id: UUID, wanted: Wanted, page: int = 1
) -> RegisterPage:
    """Return a page of a register; NotFoundError when it is not for the actor's eyes."""
    return _read(services, actor, register_id, wanted, page, ON_A_PAGE)


def whole_register(
    services: Services, actor: Actor, register_id: UUID, wanted: Wanted
) -> RegisterPage:
    """Return what was found at once, for printing and export: at most MOST_PRINTED rows."""
    return _read(services, actor, register_id, wanted, 1, MOST_PRINTED)


def _read(
    services: Services, actor: Actor, register_id: UUID, wanted: Wanted, page: int, size: int
) -> RegisterPage:
    with services.uow.reading() as tx:
        register, organisation = _seen(tx, services, actor, register_id)
        found = tx.entries.count(register_id, wanted)
        pages = max(1, -(-found // size))
        page = min(max(1, page), pages)
        entries = tx.entries.search(register_id, wanted, limit=size, offset=(page - 1) * size)
        today = organisation.local_day(services.clock())
        return RegisterPage(
            register=register,
            kind=kind_of(register),
            organisation=organisation.short_name,
            zone=organisation.zone,
            rows=journal_rows(tx, register, entries),
            found=found,
            page=page,
            pages=pages,
            years=tuple(tx.entries.years(register_id)),
            keeping=may_keep_register(actor, organisation, today),
        )


def journal_rows(
    tx: Repositories, register: Register, entries: Sequence[Entry]
) -> tuple[JournalRow, ...]:
    """The rows with the names of those who made, signed and entered."""
    makers = tx.entries.makers_of(entries)
    wanted = {e.entered_by for e in entries if e.entered_by}
    for one in makers.values():
        wanted |= {who for who in (one.prepared_by, *one.signed_by) if who}
    people = tx.people.load_many(p for p in wanted if p)
    names = {person.id: person.short_name for person in people.values()}
    kind = kind_of(register)
    return tuple(_row(kind, e, makers.get(e.id, Makers()), names) for e in entries)


def _row(kind: JournalKind, entry: Entry, makers: Makers, names: Mapping[UUID, str]) -> JournalRow:
    entered = names[entry.entered_by] if entry.entered_by else ""
    signed = ", ".join(names[one] for one in makers.signed_by) or makers.elsewhere
    if kind is JournalKind.NOTICES and not entry.by_hand:
        signed = entered  # a notice is given by whoever enters it
    prepared = names[makers.prepared_by] if makers.prepared_by else ""
    return JournalRow(entry, entry.signed_by or signed, entry.executor or prepared, entered)


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


@dataclass(frozen=True)
class RegisterHead:
    """A register without its rows; `keeping` says why the actor may not keep it."""

    register: Register
    kind: JournalKind
    organisation: str
    keeping: Refusal | None


def register_head(services: Services, actor: Actor, register_id: UUID) -> RegisterHead:
    """Return what a form about the register needs; NotFoundError as for its page."""
    with services.uow.reading() as tx:
        register, organisation = _seen(tx, services, actor, register_id)
        today = organisation.local_day(services.clock())
        return RegisterHead(
            register,
            kind_of(register),
            organisation.short_name,
            may_keep_register(actor, organisation, today),
        )


@dataclass(frozen=True)
class EntryPage:
    """One row of a register. `changing` says why the actor may neither correct nor annul it.

    `correctors` are the names of those who corrected it, by their ids.
    """

    register: Register
    kind: JournalKind
    organisation: str
    zone: tzinfo
    row: JournalRow
    correctors: Mapping[UUID, str]
    changing: Refusal | None


def entry_page(services: Services, actor: Actor, entry_id: UUID) -> EntryPage:
    """Return a row of a register; NotFoundError when it is not for the actor's eyes."""
    with services.uow.reading() as tx:
        try:
            entry = tx.entries.load(entry_id)
        except MissingRowError as error:
            raise NotFoundError(f"row {entry_id}") from error
        register, organisation = _seen(tx, services, actor, entry.register_id)
        people = tx.people.load_many(change.by for change in entry.changes)
        today = organisation.local_day(services.clock())
        return EntryPage(
            register=register,
            kind=kind_of(register),
            organisation=organisation.short_name,
            zone=organisation.zone,
            row=journal_rows(tx, register, [entry])[0],
            correctors={person.id: person.short_name for person in people.values()},
            changing=may_change_row(entry, actor, organisation, today),
        )


def row_scan(services: Services, actor: Actor, entry_id: UUID) -> bytes:
    """Return the scan (PDF) of a row; NotFoundError when there is none for the actor's eyes."""
    scan = entry_page(services, actor, entry_id).row.entry.scan
    if not scan:
        raise NotFoundError(f"row {entry_id} has no scan")
    return services.blobs.get(scan)
