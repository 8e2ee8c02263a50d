"""Obligations with the decisions about them and what has arrived."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import fields
from datetime import date
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from workflow.domain.obligations import (
    Change,
    Fulfilment,
    Obligation,
    ObligationState,
    state_of,
)
from workflow.store.repositories.base import (
    AT_MOST,
    Aggregates,
    Page,
    append,
    children,
    chunks,
    within,
)
from workflow.store.tables.obligations import (
    obligation_changes,
    obligation_fulfilments,
    obligations,
)

STILL_OPEN = (ObligationState.OPEN, ObligationState.RETURNED)
_CHILDREN = frozenset({"changes", "fulfilments"})


class Obligations(Aggregates[Obligation]):
    """Who owes what by when. Decisions and arrivals are only added."""

    table = obligations
    value = Obligation

    def of_debtor(
        self,
        debtor_id: UUID,
        *,
        states: Collection[ObligationState] = (),
        limit: int = 50,
        before: UUID | None = None,
    ) -> Page[Obligation]:
        """Return what the organisation owes, the newest first."""
        where = [obligations.c.debtor_id == debtor_id, *_in(states)]
        return self._page(*where, limit=limit, before=before)

    def of_creditor(
        self,
        creditor_id: UUID,
        *,
        states: Collection[ObligationState] = (),
        limit: int = 50,
        before: UUID | None = None,
    ) -> Page[Obligation]:
        """Return what is owed to the organisation, the newest first."""
        where = [obligations.c.creditor_id == creditor_id, *_in(states)]
        return self._page(*where, limit=limit, before=before)

    def of_source(
        self, document_id: UUID, key: str | None = None, *, limit: int = 10 * AT_MOST
    ) -> list[Obligation]:
        """Return what the order set (the task `key` alone): the cells of an office's matrix."""
        where = [obligations.c.source_document_id == document_id]
        if key is not None:
            where.append(obligations.c.key == key)
        return self._some(*where, limit=limit)

    def of_case(self, case_id: UUID) -> list[Obligation]:
        """Return the obligations that arose from a case."""
        return self._some(obligations.c.case_id == case_id)

    def awaiting_calendar(self, year: int, *, limit: int = 100) -> list[Obligation]:
        """Return open obligations whose day waits for the calendar of a year up to `year`."""
        return self._some(
            obligations.c.state.in_(STILL_OPEN),
            obligations.c.due_now_on.is_(None),
            obligations.c.uncovered_year <= year,
            limit=limit,
        )

    def of_cases(self, case_ids: Iterable[UUID]) -> dict[UUID, list[Obligation]]:
        """Return the obligations that arose from each of these cases."""
        found: dict[UUID, list[Obligation]] = {case_id: [] for case_id in case_ids}
        for some in chunks(list(found)):
            query = sa.select(obligations).where(obligations.c.case_id.in_(some))
            for one in self._read(query.order_by(obligations.c.id)):
                if one.case_id is not None:
                    found[one.case_id].append(one)
        return found

    def open_for(self, debtor_id: UUID, type_code: str) -> list[Obligation]:
        """Return what the debtor still owes, or must send again, by a document of the type."""
        return self._some(
            obligations.c.debtor_id == debtor_id,
            obligations.c.type_code == type_code,
            obligations.c.state.in_(STILL_OPEN),
        )

    def ending_between(
        self, first: date, last: date, *, after: UUID | None = None, limit: int = AT_MOST
    ) -> list[Obligation]:
        """Return what is still owed by a day from `first` to `last`, both included, by id.

        What was returned comes along whatever its day: its day of repair stands elsewhere. The
        id of the last one, handed back as `after`, asks for those that follow.
        """
        state, due = obligations.c.state, obligations.c.due_now_on
        in_time = sa.and_(state == ObligationState.OPEN, due.between(first, last))
        where = [sa.or_(in_time, state == ObligationState.RETURNED)]
        where += [obligations.c.id > after] if after else []
        return self._some(*where, limit=limit)

    def met_by(self, submission_ids: Iterable[UUID]) -> list[Obligation]:
        """Return the obligations that name one of these submissions as an arrival."""
        found: list[Obligation] = []
        for some in chunks(list(dict.fromkeys(submission_ids))):
            arrived = sa.select(obligation_fulfilments.c.obligation_id).where(
                obligation_fulfilments.c.submission_id.in_(some)
            )
            found += self._some(obligations.c.id.in_(arrived))
        return found

    def _some(self, *where: sa.ColumnElement[bool], limit: int = AT_MOST) -> list[Obligation]:
        query = sa.select(obligations).where(*where)
        return self._read(query.order_by(obligations.c.id).limit(limit))

    def _row(self, value: Obligation) -> dict[str, Any]:
        own = {f.name: getattr(value, f.name) for f in fields(value) if f.name not in _CHILDREN}
        own["due_on"] = own.pop("due")
        return {
            **own,
            "state": state_of(value),
            "due_now_on": value.due_now,
            "first_arrival_at": value.first_arrival,
        }

    def _values(self, found: Sequence[sa.Row[Any]]) -> list[Obligation]:
        ids = [row.id for row in found]
        changes = children(self.connection, obligation_changes, "obligation_id", ids)
        arrivals = children(self.connection, obligation_fulfilments, "obligation_id", ids)
        return [
            within(
                row,
                Obligation,
                due=row.due_on,
                changes=tuple(_change(one) for one in changes[row.id]),
                fulfilments=tuple(within(f, Fulfilment, at=f.arrived_at) for f in arrivals[row.id]),
            )
            for row in found
        ]

    def _save_children(self, new: Obligation, loaded: Obligation | None) -> None:
        append(
            self.connection,
            obligation_changes,
            after=_change_rows(new),
            before=_change_rows(loaded) if loaded else [],
        )
        append(
            self.connection,
            obligation_fulfilments,
            after=_fulfilment_rows(new),
            before=_fulfilment_rows(loaded) if loaded else [],
            changeable=frozenset({"accepted_at"}),
        )


def _in(states: Collection[ObligationState]) -> list[sa.ColumnElement[bool]]:
    return [obligations.c.state.in_(states)] if states else []


def _change(row: sa.Row[Any]) -> Change:
    return Change(row.kind, row.made_at, row.made_by, row.ground, row.due_on)


def _change_rows(obligation: Obligation) -> list[dict[str, Any]]:
    return [
        {
            "obligation_id": obligation.id,
            "position": position,
            "kind": change.kind,
            "made_at": change.at,
            "made_by": change.by,
            "ground": change.ground,
            "due_on": change.due,
        }
        for position, change in enumerate(obligation.changes)
    ]


def _fulfilment_rows(obligation: Obligation) -> list[dict[str, Any]]:
    return [
        {
            "obligation_id": obligation.id,
            "position": position,
            "arrived_at": arrival.at,
            "evidence": arrival.evidence,
            "submission_id": arrival.submission_id,
            "document_id": arrival.document_id,
            "on_paper": arrival.on_paper,
            "accepted_at": arrival.accepted_at,
        }
        for position, arrival in enumerate(obligation.fulfilments)
    ]
