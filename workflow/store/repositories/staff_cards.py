"""Staff cards with their history."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Table

from workflow.domain.staff_cards import (
    CardChange,
    Category,
    Experience,
    StaffCard,
    Status,
    Training,
)
from workflow.store import rows
from workflow.store.repositories.base import Aggregates, append, children, chunks, within
from workflow.store.tables.staff_cards import (
    staff_card_categories,
    staff_card_changes,
    staff_card_experience,
    staff_card_statuses,
    staff_card_trainings,
    staff_cards,
)

#: Field of a card -> the table of its lines.
_LINES: Mapping[str, Table] = {
    "categories": staff_card_categories,
    "experience": staff_card_experience,
    "statuses": staff_card_statuses,
    "trainings": staff_card_trainings,
}


class StaffCards(Aggregates[StaffCard]):
    """At most one card for an employment. Changes are only added."""

    table = staff_cards
    value = StaffCard

    def of(self, employment_id: UUID) -> StaffCard | None:
        """Return the card of the employment; None while nobody has filled one in."""
        return self.of_many([employment_id]).get(employment_id)

    def of_many(self, employment_ids: Iterable[UUID]) -> dict[UUID, StaffCard]:
        """Return the cards by employment, those that there are, in few queries for all of them."""
        found: dict[UUID, StaffCard] = {}
        for some in chunks(list(dict.fromkeys(employment_ids))):
            query = sa.select(staff_cards).where(staff_cards.c.employment_id.in_(some))
            found |= {card.employment_id: card for card in self._read(query)}
        return found

    def _row(self, value: StaffCard) -> dict[str, Any]:
        names = ("id", "version", "employment_id", "hired_on", "subject", "education")
        return {name: getattr(value, name) for name in names}

    def _values(self, found: Sequence[sa.Row[Any]]) -> list[StaffCard]:
        ids = [row.id for row in found]
        lines = {name: children(self.connection, t, "card_id", ids) for name, t in _LINES.items()}
        changes = children(self.connection, staff_card_changes, "card_id", ids)
        return [
            within(
                row,
                StaffCard,
                categories=tuple(within(r, Category) for r in lines["categories"][row.id]),
                experience=tuple(within(r, Experience) for r in lines["experience"][row.id]),
                statuses=tuple(within(r, Status) for r in lines["statuses"][row.id]),
                trainings=tuple(within(r, Training) for r in lines["trainings"][row.id]),
                changes=tuple(_change(one) for one in changes[row.id]),
            )
            for row in found
        ]

    def _save_children(self, new: StaffCard, loaded: StaffCard | None) -> None:
        for name, table in _LINES.items():
            before = _line_rows(loaded, name) if loaded else []
            rows.replace_children(
                self.connection, table, after=_line_rows(new, name), before=before
            )
        append(
            self.connection,
            staff_card_changes,
            after=_change_rows(new),
            before=_change_rows(loaded) if loaded else [],
        )


def _line_rows(card: StaffCard, name: str) -> list[dict[str, Any]]:
    return [
        {"card_id": card.id, "position": position, **asdict(line)}
        for position, line in enumerate(getattr(card, name))
    ]


def _change(row: sa.Row[Any]) -> CardChange:
    return CardChange(row.part, row.made_at, row.made_by, row.before)


def _change_rows(card: StaffCard) -> list[dict[str, Any]]:
    return [
        {
            "card_id": card.id,
            "position": position,
            "part": change.part,
            "made_at": change.at,
            "made_by": change.by,
            "before": change.before,
        }
        for position, change in enumerate(card.changes)
    ]
