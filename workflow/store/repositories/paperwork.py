"""Regimes of paper and the answers of employees."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import fields
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Connection

from workflow.domain.paper import EmployeeAnswer, Introduction, PaperRegime
from workflow.store import rows
from workflow.store.repositories.base import Aggregates, chunks, within
from workflow.store.tables.paperwork import employee_answers, paper_regimes


class PaperRegimes(Aggregates[PaperRegime]):
    """One for each organisation that has introduced anything electronic."""

    table = paper_regimes
    value = PaperRegime

    def of(self, organisation_id: UUID) -> PaperRegime | None:
        """Return the organisation's regime; None where everything is on paper still."""
        query = sa.select(paper_regimes).where(paper_regimes.c.organisation_id == organisation_id)
        return self._first(query)

    def _row(self, value: PaperRegime) -> dict[str, Any]:
        row = super()._row(value)
        for area in ("labour", "other"):
            introduced = row.pop(area)
            row[f"{area}_since"] = introduced.since if introduced else None
            row[f"{area}_act"] = introduced.act if introduced else None
        return row

    def _values(self, found: Sequence[sa.Row[Any]]) -> list[PaperRegime]:
        return [
            within(
                row,
                PaperRegime,
                labour=Introduction(row.labour_since, row.labour_act) if row.labour_act else None,
                other=Introduction(row.other_since, row.other_act) if row.other_act else None,
            )
            for row in found
        ]


class EmployeeAnswers:
    """Answers about electronic labour documents; they are added, never changed."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection

    def add(self, answer: EmployeeAnswer) -> None:
        row = {field.name: getattr(answer, field.name) for field in fields(answer)}
        rows.insert(self.connection, employee_answers, row)

    def of_many(self, employment_ids: Iterable[UUID]) -> dict[UUID, EmployeeAnswer]:
        """Return the newest answer of each employment that has given one."""
        found: dict[UUID, EmployeeAnswer] = {}
        for some in chunks(list(dict.fromkeys(employment_ids))):
            query = sa.select(employee_answers).where(employee_answers.c.employment_id.in_(some))
            for row in self.connection.execute(query.order_by(employee_answers.c.id)):
                found[row.employment_id] = within(row, EmployeeAnswer)
        return found

    def history(self, employment_id: UUID) -> list[EmployeeAnswer]:
        """Return everything that the employee has answered, the newest first."""
        query = sa.select(employee_answers).where(employee_answers.c.employment_id == employment_id)
        ordered = self.connection.execute(query.order_by(employee_answers.c.id.desc()))
        return [within(row, EmployeeAnswer) for row in ordered]
