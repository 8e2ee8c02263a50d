"""The list of files («Номенклатура дел»): what is kept under which index, how long, how much."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from workflow.domain.mandates import Actor
from workflow.domain.organisations import Organisation
from workflow.domain.registers import EntryState, Register
from workflow.domain.regulations import Regulation
from workflow.queries.registers import places_read
from workflow.store.unit_of_work import Repositories
from workflow.usecases.services import Services


@dataclass(frozen=True)
class Kept:
    """Something that is kept under an index: a journal or documents of a type.

    `count` is the number of rows, or of documents in force, of the year; `annulled` of the rows
    are annulled. `register_id` leads to the journal.
    """

    title: str
    retention: str
    count: int
    annulled: int = 0
    register_id: UUID | None = None


@dataclass(frozen=True)
class FileIndex:
    """An index (индекс дела) with what is kept under it; the journal comes first."""

    index: str
    kept: tuple[Kept, ...]


@dataclass(frozen=True)
class Nomenclature:
    """The list of files of an organisation for a year. `years` can be asked for."""

    organisation: str
    year: int
    indexes: tuple[FileIndex, ...]


def nomenclature_of(
    services: Services, actor: Actor, year: int | None = None
) -> tuple[Nomenclature, ...]:
    """Return the lists of the organisations whose journals the actor may read.

    Without a `year` it is the running one.
    """
    with services.uow.reading() as tx:
        return tuple(
            _of(tx, services, place, year or place.local_day(services.clock()).year)
            for place in places_read(tx, services, actor)
        )


def _of(tx: Repositories, services: Services, place: Organisation, year: int) -> Nomenclature:
    regulation = services.packs.newest(place.pack) if place.pack else None
    registers = tx.registers.of_organisation(place.id)
    lines = list(_journals(tx, registers, regulation, year))
    if regulation is not None:
        lines += _types(tx, place, registers, regulation, year)
    found: dict[str, list[Kept]] = {}
    for index, kept in lines:
        found.setdefault(index, []).append(kept)
    indexes = tuple(FileIndex(index, tuple(found[index])) for index in sorted(found, key=_order))
    return Nomenclature(place.short_name, year, indexes)


def _order(index: str) -> tuple[bool, str]:
    """What has no index yet stands at the end."""
    return not index, index


def _journals(
    tx: Repositories, registers: list[Register], regulation: Regulation | None, year: int
) -> Iterable[tuple[str, Kept]]:
    counted = tx.entries.states_in([r.id for r in registers], year)
    specs = regulation.registers if regulation else {}
    for register in registers:
        states = counted.get(register.id, {})
        spec = specs.get(register.key)
        yield (
            register.nomenclature,
            Kept(
                register.title,
                spec.retention if spec else "",
                sum(states.values()),
                states.get(EntryState.ANNULLED, 0),
                register.id,
            ),
        )


def _types(
    tx: Repositories,
    place: Organisation,
    registers: list[Register],
    regulation: Regulation,
    year: int,
) -> list[tuple[str, Kept]]:
    """Documents by type, under the index of their type.

    Where an organisation has given the journal an index of its own, documents of the journal
    follow it.
    """
    own = {r.key: r.nomenclature for r in registers}
    spec = {key: register.nomenclature for key, register in regulation.registers.items()}
    counted = tx.documents.in_force_by_type(place.id, year)
    return [
        (
            own[kind.register]
            if kind.register in own and kind.nomenclature == spec.get(kind.register)
            else kind.nomenclature,
            Kept(kind.title, kind.retention, counted.get(kind.code, 0)),
        )
        for kind in regulation.document_types.values()
        if kind.nomenclature
    ]
