"""Registers and their rows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from workflow.domain.registers import Entry, EntryState, Register
from workflow.store.repositories.base import AT_MOST, Aggregates, Page
from workflow.store.tables.registers import register_entries, registers
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

    `words` stand in the number or the summary, whatever their case and whether «ё» or «е».
    """

    year: int | None = None
    words: str = ""


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
        """Return the rows that are wanted, entered last first."""
        query = sa.select(register_entries).where(*_where(register_id, wanted))
        c = register_entries.c
        ordered = query.order_by(c.entered_at.desc(), c.sequence.desc(), c.id.desc())
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

    def number_taken(self, register_id: UUID, number: str, year: int | None = None) -> bool:
        """Whether the number stands in the register (in the year, if one is named).

        Case, «ё» and surplus spaces make no other number; annulled numbers are taken, too.
        """
        where = [
            register_entries.c.register_id == register_id,
            register_entries.c.folded_number == folded(number),
        ]
        if year is not None:
            where.append(register_entries.c.year == year)
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
        return {
            **super()._row(value),
            "folded_number": folded(value.number),
            "folded_summary": folded(value.summary),
        }


def _where(register_id: UUID, wanted: Wanted) -> list[sa.ColumnElement[bool]]:
    c = register_entries.c
    where = [c.register_id == register_id]
    if wanted.year is not None:
        where.append(c.year == wanted.year)
    if words := folded(wanted.words):
        where.append(
            sa.or_(
                c.folded_number.contains(words, autoescape=True),
                c.folded_summary.contains(words, autoescape=True),
            )
        )
    return where
