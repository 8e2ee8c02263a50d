"""Registers and their rows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from workflow.domain.documents import Verdict
from workflow.domain.registers import Entry, EntryChange, EntryState, Register, RowText
from workflow.store.repositories.base import (
    AT_MOST,
    Aggregates,
    Page,
    append,
    children,
    chunks,
    within,
)
from workflow.store.tables.documents import document_fixings, document_marks, documents
from workflow.store.tables.registers import (
    register_entries,
    register_entry_changes,
    registers,
)
from workflow.store.types import folded


class Registers(Aggregates[Register]):
    """Journals of organisations (журналы регистрации)."""

    table = registers
    value = Register

    def find(self, organisation_id: UUID, key: str) -> Register | None:
        """Return the organisation's register of this key."""
        return self._first(
            sa.select(registers).where(
                registers.c.organisation_id == organisation_id, registers.c.key == key
            )
        )

    def of_organisation(self, organisation_id: UUID) -> list[Register]:
        """Return the organisation's registers by title."""
        query = sa.select(registers).where(registers.c.organisation_id == organisation_id)
        return self._read(query.order_by(registers.c.title, registers.c.id).limit(AT_MOST))


@dataclass(frozen=True)
class Wanted:
    """Which rows of a register are looked for.

    `words` stand in the number or among the other words of the row, whatever their case and
    whether «ё» or «е».
    """

    year: int | None = None
    words: str = ""
    state: EntryState | None = None


@dataclass(frozen=True)
class Makers:
    """Who made and who signed the document that a number was given to, as ids of people.

    `elsewhere` names the signatory of a document that was made elsewhere.
    """

    prepared_by: UUID | None = None
    signed_by: tuple[UUID, ...] = ()
    elsewhere: str = ""


class Entries(Aggregates[Entry]):
    """Rows of registers; every number that was given out has one."""

    table = register_entries
    value = Entry

    def of_register(
        self,
        register_id: UUID,
        *,
        year: int | None = None,
        limit: int = 50,
        before: UUID | None = None,
    ) -> Page[Entry]:
        """Return the rows of a register, entered last first."""
        where = [register_entries.c.register_id == register_id]
        if year is not None:
            where.append(register_entries.c.year == year)
        return self._page(*where, limit=limit, before=before)

    def search(
        self, register_id: UUID, wanted: Wanted, *, limit: int = 50, offset: int = 0
    ) -> list[Entry]:
        """Return the rows that are wanted, the latest date and number first."""
        query = sa.select(register_entries).where(*_where(register_id, wanted))
        c = register_entries.c
        ordered = query.order_by(c.dated.desc(), c.sequence.desc(), c.id.desc())
        return self._read(ordered.limit(limit).offset(offset))

    def count(self, register_id: UUID, wanted: Wanted) -> int:
        """Return how many rows are wanted."""
        query = sa.select(sa.func.count()).select_from(register_entries)
        return self.connection.execute(query.where(*_where(register_id, wanted))).scalar_one()

    def years(self, register_id: UUID) -> list[int]:
        """Return the years in which the register has rows, the latest first."""
        c = register_entries.c
        query = sa.select(c.year).where(c.register_id == register_id).distinct()
        return list(self.connection.execute(query.order_by(c.year.desc())).scalars())

    def of_document(self, document_id: UUID) -> list[Entry]:
        """Return the rows that speak of the document, annulled ones too, in order of entering."""
        query = sa.select(register_entries).where(register_entries.c.document_id == document_id)
        return self._read(query.order_by(register_entries.c.id).limit(AT_MOST))

    def states_in(self, register_ids: Iterable[UUID], year: int) -> dict[UUID, dict[str, int]]:
        """Return how many rows of the year each register has, by their state."""
        c = register_entries.c
        counted: dict[UUID, dict[str, int]] = {}
        for some in chunks(list(dict.fromkeys(register_ids))):
            query = sa.select(c.register_id, c.state, sa.func.count()).where(
                c.register_id.in_(some), c.year == year
            )
            for register_id, state, rows in self.connection.execute(
                query.group_by(c.register_id, c.state)
            ):
                counted.setdefault(register_id, {})[state] = rows
        return counted

    def latest_day(self, register_id: UUID, year: int) -> date | None:
        """Return the latest date among the rows of the year that are not annulled."""
        c = register_entries.c
        query = sa.select(sa.func.max(c.dated)).where(
            c.register_id == register_id, c.year == year, c.state != EntryState.ANNULLED
        )
        return self.connection.execute(query).scalar()

    def makers_of(self, entries: Sequence[Entry]) -> dict[UUID, Makers]:
        """Return by row who made and signed its document, where the number is the document's own.

        A signature that was withdrawn counts no longer. A row that speaks of somebody else's
        document (an incoming letter) has no makers here.
        """
        made = self._prepared([e.id for e in entries])
        signed = self._signed(list(made))
        elsewhere = self._elsewhere([e.document_id for e in entries if e.document_id])
        found = {i: Makers(made[i], tuple(signed.get(i, ()))) for i in made}
        for entry in entries:
            if entry.document_id in elsewhere and entry.id not in found:
                found[entry.id] = Makers(elsewhere=elsewhere[entry.document_id])
        return found

    def _prepared(self, entry_ids: list[UUID]) -> dict[UUID, UUID]:
        found: dict[UUID, UUID] = {}
        for some in chunks(entry_ids):
            query = sa.select(document_fixings.c.entry_id, documents.c.created_by).where(
                document_fixings.c.entry_id.in_(some),
                documents.c.id == document_fixings.c.document_id,
            )
            found |= {row.entry_id: row.created_by for row in self.connection.execute(query)}
        return found

    def _signed(self, entry_ids: list[UUID]) -> dict[UUID, list[UUID]]:
        """The signatories by row, in the order of signing."""
        fixings, marks = document_fixings.c, document_marks.c
        found: dict[UUID, list[tuple[str, UUID | None]]] = {}
        for some in chunks(entry_ids):
            query = (
                sa.select(fixings.entry_id, marks.verdict, marks.evidence, marks.person_id)
                .where(
                    fixings.entry_id.in_(some),
                    marks.document_id == fixings.document_id,
                    marks.fixing == fixings.sequence,
                    marks.verdict.in_(_SIGNING),
                )
                .order_by(marks.document_id, marks.position)
            )
            for entry_id, verdict, evidence, person_id in self.connection.execute(query):
                signed = found.setdefault(entry_id, [])
                if verdict is Verdict.WITHDRAWN:
                    found[entry_id] = [one for one in signed if one[0] != evidence]
                else:
                    signed.append((evidence, person_id))
        return {
            entry_id: list(dict.fromkeys(person for _evidence, person in signed if person))
            for entry_id, signed in found.items()
        }

    def _elsewhere(self, document_ids: list[UUID]) -> dict[UUID, str]:
        found: dict[UUID, str] = {}
        for some in chunks(document_ids):
            query = sa.select(documents.c.id, documents.c.existing_signed_by).where(
                documents.c.id.in_(some), documents.c.existing_signed_by.is_not(None)
            )
            found |= {row.id: row.existing_signed_by for row in self.connection.execute(query)}
        return found

    def number_taken(
        self,
        register_id: UUID,
        number: str,
        year: int | None = None,
        besides: UUID | None = None,
    ) -> bool:
        """Whether the number stands in the register (in the year, if one is named).

        Case, «ё» and surplus spaces make no other number; annulled numbers are taken, too. The
        row `besides` is not looked at: it is the one that is being corrected.
        """
        where = [
            register_entries.c.register_id == register_id,
            register_entries.c.folded_number == folded(number),
        ]
        if year is not None:
            where.append(register_entries.c.year == year)
        if besides is not None:
            where.append(register_entries.c.id != besides)
        return self._exists(*where)

    def later_registered(self, entry: Entry) -> bool:
        """Whether a later row of the series is registered.

        Later is a greater number of an automatic series; in a register kept by hand it is what
        was entered afterwards.
        """
        c = register_entries.c
        if entry.sequence:
            later = sa.or_(
                c.year > entry.year, sa.and_(c.year == entry.year, c.sequence > entry.sequence)
            )
        else:
            later = c.entered_at > entry.entered_at
        return self._exists(
            c.register_id == entry.register_id, c.state == EntryState.REGISTERED, later
        )

    def _exists(self, *where: sa.ColumnElement[bool]) -> bool:
        query = sa.select(sa.exists().where(*where))
        return bool(self.connection.execute(query).scalar())

    def _row(self, value: Entry) -> dict[str, Any]:
        row = super()._row(value)
        del row["changes"]
        words = (value.summary, *(getattr(value, name) for name in _ALSO_SEARCHED))
        return {
            **row,
            "folded_number": folded(value.number),
            "folded_summary": folded(" ".join(words)),
        }

    def _values(self, found: Sequence[sa.Row[Any]]) -> list[Entry]:
        by_hand = [row.id for row in found if row.by_hand]
        changes = children(self.connection, register_entry_changes, "entry_id", by_hand)
        return [
            within(row, Entry, changes=tuple(_change(one) for one in changes.get(row.id, ())))
            for row in found
        ]

    def _save_children(self, new: Entry, loaded: Entry | None) -> None:
        append(
            self.connection,
            register_entry_changes,
            after=_change_rows(new),
            before=_change_rows(loaded) if loaded else [],
        )


_SIGNING = (Verdict.SIGNED, Verdict.SIGNED_ON_PAPER, Verdict.WITHDRAWN)
_ALSO_SEARCHED = ("correspondent", "their_number", "signed_by", "executor", "note")


def _change(row: sa.Row[Any]) -> EntryChange:
    return EntryChange(row.made_at, row.made_by, RowText(**row.before))


def _change_rows(entry: Entry) -> list[dict[str, Any]]:
    return [
        {
            "entry_id": entry.id,
            "position": position,
            "made_at": change.at,
            "made_by": change.by,
            "before": asdict(change.before),
        }
        for position, change in enumerate(entry.changes)
    ]


def _where(register_id: UUID, wanted: Wanted) -> list[sa.ColumnElement[bool]]:
    c = register_entries.c
    where = [c.register_id == register_id]
    if wanted.year is not None:
        where.append(c.year == wanted.year)
    if wanted.state is not None:
        where.append(c.state == wanted.state)
    if words := folded(wanted.words):
        where.append(
            sa.or_(
                c.folded_number.contains(words, autoescape=True),
                c.folded_summary.contains(words, autoescape=True),
            )
        )
    return where
