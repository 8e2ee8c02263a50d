"""Open registers and take numbers from them: every number has a row."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from workflow.domain.organisations import Organisation
from workflow.domain.refusals import Refusal
from workflow.domain.registers import (
    Entry,
    EntryState,
    Numbering,
    Register,
    may_keep_number,
    may_use_number,
)
from workflow.store.tables.registers import registers
from workflow.store.unit_of_work import Lock, Transaction
from workflow.usecases.errors import NotFoundError
from workflow.usecases.services import Services


@dataclass(frozen=True)
class Registration:
    """What gets a number: the document, its summary for the journal, its printed day.

    `correspondent` and `their_number` as in `registers.RowText`.
    """

    document_id: UUID | None
    summary: str
    dated: date
    by: UUID | None
    correspondent: str = ""
    their_number: str = ""


def open_registers(tx: Transaction, services: Services, organisation: Organisation) -> None:
    """Open what the newest version of the organisation's pack names and is not there yet."""
    if not organisation.pack:
        return
    regulation = services.packs.newest(organisation.pack)
    year = organisation.local_day(services.clock()).year
    there = {register.key for register in tx.registers.of_organisation(organisation.id)}
    for spec in regulation.registers.values():
        if spec.key not in there:
            tx.registers.save(
                Register(
                    id=services.new_id(),
                    organisation_id=organisation.id,
                    key=spec.key,
                    title=spec.title,
                    mask=spec.mask,
                    year=year if spec.yearly else None,
                    nomenclature=spec.nomenclature,
                )
            )


def lock_register(tx: Transaction, organisation_id: UUID, key: str) -> Register:
    """Lock the organisation's register and return it as it is now."""
    register = tx.registers.find(organisation_id, key)
    if register is None:
        raise NotFoundError(f"register {key} of {organisation_id}")
    tx.lock(Lock.REGISTER, registers, [register.id])
    return tx.registers.load(register.id)


def take_number(
    tx: Transaction,
    services: Services,
    register: Register,
    wanted: Registration,
    typed: str = "",
    state: EntryState = EntryState.RESERVED,
) -> Entry | Refusal:
    """Give the next number of the (locked) register, or the one the clerk `typed`."""
    if register.numbering is Numbering.MANUAL:
        number, sequence = typed.strip(), 0
        taken = tx.entries.number_taken(register.id, number, series_year(register, wanted.dated))
        refusal = may_use_number(number, taken)
        if refusal:
            return refusal
    else:
        sequence = register.number_for(wanted.dated)
        while tx.entries.number_taken(
            register.id,
            register.printed(sequence, wanted.dated),
            series_year(register, wanted.dated),
        ):
            sequence += 1
        number = register.printed(sequence, wanted.dated)
        year = wanted.dated.year if register.year is not None else None
        tx.registers.save(replace(register, next_number=sequence + 1, year=year), register)
    entry = Entry(
        id=services.new_id(),
        register_id=register.id,
        sequence=sequence,
        year=wanted.dated.year,
        number=number,
        dated=wanted.dated,
        state=state,
        document_id=wanted.document_id,
        summary=wanted.summary,
        entered_at=services.clock(),
        entered_by=wanted.by,
        correspondent=wanted.correspondent,
        their_number=wanted.their_number,
    )
    return tx.entries.save(entry, None)


def series_year(register: Register, day: date) -> int | None:
    """The year inside which a number may not come twice; None where numbers run on for ever."""
    return day.year if register.year is not None else None


def keep_or_renew(
    tx: Transaction,
    services: Services,
    register: Register,
    entry: Entry,
    wanted: Registration,
    typed: str = "",
) -> Entry | Refusal:
    """Date a reserved number anew: the same number if it may be kept, else a new one.

    The number that is given up keeps its row, annulled.
    """
    later = tx.entries.later_registered(entry)
    kept = may_keep_number(register, entry, later, wanted.dated)
    if kept and entry.state is EntryState.RESERVED:
        return tx.entries.save(replace(entry, dated=wanted.dated, year=wanted.dated.year), entry)
    renewed = take_number(tx, services, register, wanted, typed)
    if isinstance(renewed, Refusal):
        return renewed
    annul_number(tx, entry.id, "date")
    return renewed


def register_number(tx: Transaction, entry_id: UUID | None) -> None:
    """The document is signed: its reserved number is registered."""
    if entry_id is not None:
        entry = tx.entries.load(entry_id)
        tx.entries.save(replace(entry, state=EntryState.REGISTERED), entry)


def reserve_number_again(tx: Transaction, entry_id: UUID | None) -> None:
    """The signature did not hold: the number waits with its document."""
    if entry_id is not None:
        entry = tx.entries.load(entry_id)
        tx.entries.save(replace(entry, state=EntryState.RESERVED), entry)


def annul_number(tx: Transaction, entry_id: UUID | None, reason: str) -> None:
    """Annul a number that was printed but will not be used; its row stays, with the reason."""
    if entry_id is not None:
        entry = tx.entries.load(entry_id)
        tx.entries.save(replace(entry, state=EntryState.ANNULLED, reason=reason), entry)
