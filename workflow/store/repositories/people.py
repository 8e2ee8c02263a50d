"""People and the posts they hold."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from workflow.domain.people import Absence, Employment, Person
from workflow.store.repositories.base import AT_MOST, Aggregates, Page, chunks
from workflow.store.tables.accounts import accounts
from workflow.store.tables.people import absences, employments, people
from workflow.store.types import folded


class People(Aggregates[Person]):
    """All people whom the installation knows."""

    table = people
    value = Person

    def page(self, *, limit: int = 50, before: UUID | None = None) -> Page[Person]:
        """Return all people, those entered last first."""
        return self._page(limit=limit, before=before)

    def named(self, full_name: str, *, limit: int = 50) -> list[Person]:
        """Return the people with this full name, without regard to case and «ё»."""
        query = sa.select(people).where(people.c.folded_name == folded(full_name))
        return self._read(query.order_by(people.c.id).limit(limit))

    def beginning(self, text: str, *, limit: int = 50) -> list[Person]:
        """Return the people whose full name begins with `text`, by name."""
        query = sa.select(people).where(
            people.c.folded_name.startswith(folded(text), autoescape=True)
        )
        return self._read(query.order_by(people.c.folded_name, people.c.id).limit(limit))

    def with_snils(self, numbers: Iterable[str]) -> list[Person]:
        """Return the people with one of these insurance numbers (eleven digits)."""
        found: list[Person] = []
        for some in chunks([one for one in dict.fromkeys(numbers) if one]):
            found += self._read(sa.select(people).where(people.c.snils.in_(some)))
        return found

    def of_organisation(
        self, organisation_id: UUID, on: date, *, limit: int = AT_MOST
    ) -> list[Person]:
        """Return who works in the organisation on the day, by name."""
        working = sa.select(employments.c.person_id).where(
            employments.c.organisation_id == organisation_id, _held(on)
        )
        query = sa.select(people).where(people.c.id.in_(working))
        return self._read(query.order_by(people.c.folded_name, people.c.id).limit(limit))

    def _row(self, value: Person) -> dict[str, Any]:
        return {**super()._row(value), "folded_name": folded(value.full_name)}


class Employments(Aggregates[Employment]):
    """Posts held from–to."""

    table = employments
    value = Employment

    def of_person(self, person_id: UUID) -> list[Employment]:
        """Return every post the person has held, the oldest first."""
        return self._of(employments.c.person_id == person_id)

    def of_people(self, person_ids: Iterable[UUID]) -> list[Employment]:
        """Return every post of these people, the oldest first for each of them."""
        found: list[Employment] = []
        for some in chunks(list(dict.fromkeys(person_ids))):
            query = sa.select(employments).where(employments.c.person_id.in_(some))
            found += self._read(query.order_by(employments.c.since, employments.c.id))
        return found

    def of_organisation(
        self, organisation_id: UUID, on: date | None = None, *, limit: int = AT_MOST
    ) -> list[Employment]:
        """Return the posts in the organisation held on the day (all of them without a day)."""
        where = [employments.c.organisation_id == organisation_id]
        return self._of(*where, *([] if on is None else [_held(on)]), limit=limit)

    def not_left(
        self, organisation_id: UUID, on: date, name: str = "", *, limit: int, offset: int = 0
    ) -> list[Employment]:
        """Return the posts held on the day or later, by the name of who holds them.

        With `name` only of those whose full name begins so.
        """
        query = sa.select(employments).select_from(_WITH_PEOPLE)
        query = query.where(*_not_left(organisation_id, on, name))
        ordered = query.order_by(people.c.folded_name, employments.c.id)
        return self._read(ordered.limit(limit).offset(offset))

    def count_not_left(self, organisation_id: UUID, on: date, name: str = "") -> int:
        """Return how many posts `not_left` has without a limit."""
        query = sa.select(sa.func.count()).select_from(_WITH_PEOPLE)
        query = query.where(*_not_left(organisation_id, on, name))
        return int(self.connection.execute(query).scalar_one())

    def left_with_account(self, since: date, before: date, *, limit: int) -> list[Employment]:
        """Return posts whose last day lies in [since, before) and whose holder can still sign in.

        Operators are left out: their account does not come with a post.
        """
        opens = sa.exists().where(
            accounts.c.person_id == employments.c.person_id,
            accounts.c.closed_at.is_(None),
            accounts.c.operator.is_(False),
        )
        until = employments.c.until
        query = sa.select(employments).where(until >= since, until < before, opens)
        return self._read(query.order_by(until, employments.c.id).limit(limit))

    def _of(self, *where: sa.ColumnElement[bool], limit: int = AT_MOST) -> list[Employment]:
        query = sa.select(employments).where(*where)
        return self._read(query.order_by(employments.c.since, employments.c.id).limit(limit))


class Absences(Aggregates[Absence]):
    """Who is away for long; nothing is removed."""

    table = absences
    value = Absence

    def of_employments(self, employment_ids: Iterable[UUID]) -> list[Absence]:
        """Return the absences of these employments, the earliest first for each of them."""
        found: list[Absence] = []
        for some in chunks(list(dict.fromkeys(employment_ids))):
            query = sa.select(absences).where(absences.c.employment_id.in_(some))
            found += self._read(query.order_by(absences.c.since, absences.c.id))
        return found


_WITH_PEOPLE = employments.join(people, people.c.id == employments.c.person_id)


def _not_left(organisation_id: UUID, on: date, name: str) -> list[sa.ColumnElement[bool]]:
    until = employments.c.until
    where = [employments.c.organisation_id == organisation_id, sa.or_(until.is_(None), until >= on)]
    if name:
        where.append(people.c.folded_name.startswith(folded(name), autoescape=True))
    return where


def _held(on: date) -> sa.ColumnElement[bool]:
    until = employments.c.until
    return sa.and_(employments.c.since <= on, sa.or_(until.is_(None), until >= on))
