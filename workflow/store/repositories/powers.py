"""Powers of attorney; the registry's answers and the readings are only ever added."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Connection

from workflow.domain.powers import (
    CodeMeaning,
    PowerAnswer,
    PowerCode,
    PowerOfAttorney,
    PowerReading,
)
from workflow.store import rows
from workflow.store.repositories.base import AT_MOST, Aggregates, Page, chunks, within
from workflow.store.tables.powers import (
    code_meanings,
    power_answers,
    power_readings,
    powers_of_attorney,
)


class Powers(Aggregates[PowerOfAttorney]):
    """What organisations keep; the newest come first in pages."""

    table = powers_of_attorney
    value = PowerOfAttorney

    def _row(self, value: PowerOfAttorney) -> dict[str, Any]:
        codes = tuple(asdict(code) for code in value.codes)
        return {**super()._row(value), "codes": codes}

    def _values(self, found: Sequence[sa.Row[Any]]) -> list[PowerOfAttorney]:
        return [
            within(row, PowerOfAttorney, codes=tuple(PowerCode(**code) for code in row.codes))
            for row in found
        ]

    def of_organisation(
        self, organisation_id: UUID, *, limit: int = 20, before: UUID | None = None
    ) -> Page[PowerOfAttorney]:
        """Return a page of what the organisation keeps."""
        whose = powers_of_attorney.c.organisation_id == organisation_id
        return self._page(whose, limit=limit, before=before)

    def of_organisations(self, organisation_ids: Iterable[UUID]) -> list[PowerOfAttorney]:
        """Return all powers of these organisations, the oldest first."""
        return self._where(powers_of_attorney.c.organisation_id, organisation_ids)

    def of_representative(self, person_id: UUID) -> list[PowerOfAttorney]:
        """Return all powers that the person has received, the oldest first."""
        return self._where(powers_of_attorney.c.representative_id, [person_id])

    def find(self, organisation_id: UUID, number: str) -> PowerOfAttorney | None:
        """Return the organisation's power with this number of the registry."""
        c = powers_of_attorney.c
        return self._first(
            sa.select(powers_of_attorney).where(
                c.organisation_id == organisation_id, c.number == number
            )
        )

    def _where(self, column: sa.Column[Any], values: Iterable[UUID]) -> list[PowerOfAttorney]:
        found: list[PowerOfAttorney] = []
        for some in chunks(list(dict.fromkeys(values))):
            query = sa.select(powers_of_attorney).where(column.in_(some))
            found += self._read(query.order_by(powers_of_attorney.c.id).limit(AT_MOST))
        return found


class PowerAnswers:
    """What the registry said and when; nothing is changed."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection

    def add(self, answer: PowerAnswer) -> None:
        rows.insert(self.connection, power_answers, asdict(answer))

    def of_powers(self, power_ids: Iterable[UUID]) -> list[PowerAnswer]:
        """Return every answer about these powers, the newest first."""
        found: list[PowerAnswer] = []
        for some in chunks(list(dict.fromkeys(power_ids))):
            query = sa.select(power_answers).where(power_answers.c.power_id.in_(some))
            ordered = query.order_by(power_answers.c.as_of.desc(), power_answers.c.id.desc())
            found += [within(row, PowerAnswer) for row in self.connection.execute(ordered)]
        return found


class PowerReadings:
    """Who found what in the words of a power; nothing is changed."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection

    def add(self, reading: PowerReading) -> None:
        rows.insert(self.connection, power_readings, asdict(reading))

    def of_powers(self, power_ids: Iterable[UUID]) -> list[PowerReading]:
        """Return every reading of these powers, the oldest first."""
        found: list[PowerReading] = []
        for some in chunks(list(dict.fromkeys(power_ids))):
            query = sa.select(power_readings).where(power_readings.c.power_id.in_(some))
            ordered = query.order_by(power_readings.c.read_at, power_readings.c.id)
            found += [within(row, PowerReading) for row in self.connection.execute(ordered)]
        return found


class CodeMeanings(Aggregates[CodeMeaning]):
    """What codes of the classifier let one sign, by organisation and for everybody."""

    table = code_meanings
    value = CodeMeaning

    def counting_for(self, organisation_id: UUID | None) -> list[CodeMeaning]:
        """Return what the organisation says and what the operator said for everybody."""
        c = code_meanings.c
        whose = sa.or_(c.organisation_id.is_(None), c.organisation_id == organisation_id)
        query = sa.select(code_meanings).where(whose).order_by(c.code, c.id)
        return self._read(query.limit(AT_MOST))
