"""Keep the journals by hand: rows of documents from elsewhere, corrections, numbering."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from workflow.domain.journals import (
    check_keeping,
    check_row,
    may_annul_row,
    may_change_row,
    may_keep_register,
    may_take_next,
    reads_registers,
)
from workflow.domain.mandates import Actor
from workflow.domain.organisations import Organisation
from workflow.domain.refusals import Refusal
from workflow.domain.registers import (
    Entry,
    EntryChange,
    EntryState,
    Numbering,
    Register,
    RowText,
    may_use_number,
)
from workflow.store.errors import MissingRowError
from workflow.store.tables.registers import registers
from workflow.store.unit_of_work import Lock, Transaction
from workflow.usecases import desk as desks
from workflow.usecases.errors import NotFoundError
from workflow.usecases.numbers import Registration, series_year, take_number
from workflow.usecases.services import Services


@dataclass(frozen=True)
class _Journal:
    """A locked register with its organisation, whose day is `today`, and the actor as known."""

    register: Register
    organisation: Organisation
    actor: Actor
    today: date

    @property
    def is_read(self) -> bool:
        return reads_registers(self.actor, self.organisation, self.today)


def enter_row(
    services: Services, actor: Actor, register_id: UUID, text: RowText, scan: bytes = b""
) -> Entry | Refusal:
    """Write a row of a document from elsewhere; without a number it gets the next one.

    A register that is kept by hand gives no numbers. `scan` (PDF) may be empty.
    """
    text = replace(_stripped(text), scan=services.blobs.put(scan) if scan else "")
    with services.uow() as tx:
        journal = _lay(tx, services, actor, register_id)
        if not journal.is_read:
            raise NotFoundError(f"register {register_id} is not for {actor.person_id}")
        refusal = may_keep_register(journal.actor, journal.organisation, journal.today)
        refusal = refusal or check_row(text, journal.today)
        if refusal:
            return refusal
        entry = _numbered(tx, services, journal, text)
        if isinstance(entry, Refusal):
            return entry
        said = entry.saying(replace(text, number=entry.number))
        saved = tx.entries.save(replace(said, by_hand=True), entry)
        _tell(tx, journal, "register.row_entered", saved)
        tx.commit()
        return saved


def _numbered(
    tx: Transaction, services: Services, journal: _Journal, text: RowText
) -> Entry | Refusal:
    """The row with the number that was typed, or with the next one."""
    register = journal.register
    wanted = Registration(None, text.summary, text.dated, journal.actor.person_id)
    if not text.number:
        latest = tx.entries.latest_day(register.id, text.dated.year)
        refusal = may_take_next(register, text.dated, latest)
        if refusal:
            return refusal
        return take_number(tx, services, register, wanted, state=EntryState.REGISTERED)
    typed = replace(register, numbering=Numbering.MANUAL)
    entry = take_number(tx, services, typed, wanted, text.number, EntryState.REGISTERED)
    if isinstance(entry, Refusal):
        return entry
    return _in_series(tx, register, entry)


def _in_series(tx: Transaction, register: Register, entry: Entry) -> Entry:
    """A typed number that follows the mask takes its place in an automatic series.

    The series goes on after it: what lies between stands in the paper journal.
    """
    if register.numbering is Numbering.MANUAL:
        return entry
    sequence, year = register.sequence_of(entry.number, entry.dated), entry.dated.year
    over = register.year is not None and year < register.year
    if sequence >= register.number_for(entry.dated) and not over:
        goes_on = replace(
            register, next_number=sequence + 1, year=series_year(register, entry.dated)
        )
        tx.registers.save(goes_on, register)
    return tx.entries.save(replace(entry, sequence=sequence), entry)


def correct_row(
    services: Services, actor: Actor, entry_id: UUID, text: RowText, scan: bytes = b""
) -> Entry | Refusal:
    """Correct a row written by hand; what stood there is kept. No new `scan`: the old one stays."""
    kept = services.blobs.put(scan) if scan else ""
    with services.uow() as tx:
        journal, entry = _lay_row(tx, services, actor, entry_id)
        text = replace(_stripped(text), scan=kept or entry.scan)
        refusal = may_change_row(entry, journal.actor, journal.organisation, journal.today)
        refusal = refusal or check_row(text, journal.today)
        refusal = refusal or _may_renumber(tx, journal.register, entry, text)
        if refusal:
            return refusal
        if text == entry.text:
            return entry
        change = EntryChange(services.clock(), journal.actor.person_id, entry.text)
        said = replace(entry.saying(text), changes=(*entry.changes, change))
        saved = tx.entries.save(_moved(journal.register, said), entry)
        _tell(tx, journal, "register.row_corrected", saved)
        tx.commit()
        return saved


def _may_renumber(
    tx: Transaction, register: Register, entry: Entry, text: RowText
) -> Refusal | None:
    year = series_year(register, text.dated)
    taken = tx.entries.number_taken(register.id, text.number, year, besides=entry.id)
    return may_use_number(text.number, taken)


def _moved(register: Register, entry: Entry) -> Entry:
    """The row at the place in an automatic series that its corrected number has."""
    automatic = register.numbering is Numbering.AUTOMATIC
    sequence = register.sequence_of(entry.number, entry.dated) if automatic else entry.sequence
    return replace(entry, sequence=sequence)


def annul_row(services: Services, actor: Actor, entry_id: UUID, reason: str) -> Entry | Refusal:
    """Annul a row written by hand; it stays in the journal with the reason."""
    with services.uow() as tx:
        journal, entry = _lay_row(tx, services, actor, entry_id)
        refusal = may_annul_row(entry, reason, journal.actor, journal.organisation, journal.today)
        if refusal:
            return refusal
        annulled = replace(entry, state=EntryState.ANNULLED, reason=reason.strip())
        saved = tx.entries.save(annulled, entry)
        _tell(tx, journal, "register.row_annulled", saved)
        tx.commit()
        return saved


@dataclass(frozen=True)
class Keeping:
    """How a register is kept: who gives the numbers, from which one on, by which mask.

    `nomenclature` is the index in the organisation's own list of files (номенклатура дел).
    """

    numbering: Numbering
    next_number: int
    mask: str
    nomenclature: str = ""


def set_register(
    services: Services, actor: Actor, register_id: UUID, keeping: Keeping
) -> Register | Refusal:
    """Say how a register is kept; the operator may do it as well as those who keep it."""
    with services.uow() as tx:
        journal = _lay(tx, services, actor, register_id)
        if not (journal.is_read or journal.actor.operator):
            raise NotFoundError(f"register {register_id} is not for {actor.person_id}")
        mask = keeping.mask.strip()
        refusal = may_keep_register(journal.actor, journal.organisation, journal.today)
        refusal = refusal or check_keeping(keeping.next_number, mask)
        if refusal:
            return refusal
        after = replace(
            journal.register,
            numbering=keeping.numbering,
            next_number=keeping.next_number,
            mask=mask,
            nomenclature=keeping.nomenclature.strip(),
        )
        saved = tx.registers.save(after, journal.register)
        tx.audit.add(
            saved.organisation_id,
            "register.changed",
            {"register": str(saved.id), "next": keeping.next_number},
        )
        tx.commit()
        return saved


def _lay(tx: Transaction, services: Services, actor: Actor, register_id: UUID) -> _Journal:
    try:
        tx.lock(Lock.REGISTER, registers, [register_id])
    except MissingRowError as error:
        raise NotFoundError(f"register {register_id}") from error
    register = tx.registers.load(register_id)
    organisation = tx.organisations.load(register.organisation_id)
    known = desks.actor_of(tx, actor.person_id)
    return _Journal(register, organisation, known, organisation.local_day(services.clock()))


def _lay_row(
    tx: Transaction, services: Services, actor: Actor, entry_id: UUID
) -> tuple[_Journal, Entry]:
    try:
        register_id = tx.entries.load(entry_id).register_id
    except MissingRowError as error:
        raise NotFoundError(f"row {entry_id}") from error
    journal = _lay(tx, services, actor, register_id)
    if not journal.is_read:
        raise NotFoundError(f"row {entry_id} is not for {actor.person_id}")
    return journal, tx.entries.load(entry_id)


def _stripped(text: RowText) -> RowText:
    return replace(
        text,
        number=text.number.strip(),
        summary=text.summary.strip(),
        correspondent=text.correspondent.strip(),
        their_number=text.their_number.strip(),
        signed_by=text.signed_by.strip(),
        executor=text.executor.strip(),
        note=text.note.strip(),
    )


def _tell(tx: Transaction, journal: _Journal, what: str, entry: Entry) -> None:
    tx.audit.add(
        journal.organisation.id, what, {"register": str(entry.register_id), "entry": str(entry.id)}
    )
