"""What the operator's pages look up, on both databases."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from tests import factories
from tests.stored import store_town
from workflow.domain.installation import CalendarOverride
from workflow.domain.organisations import Organisation
from workflow.store.unit_of_work import UnitOfWork


@pytest.mark.parametrize(
    ("typed", "found"),
    [("бел", ["Белова"]), ("БЕЛОВА  анна", ["Белова"]), ("е", ["Ежова"]), ("ё", ["Ежова"])],
)
def test_people_are_found_by_how_their_name_begins(
    uow: UnitOfWork, typed: str, found: list[str]
) -> None:
    with uow() as tx:
        store_town(tx, factories.town())
        tx.commit()
    with uow.reading() as tx:
        assert [person.last for person in tx.people.beginning(typed)] == found


@pytest.mark.parametrize("typed", ["%", "_", "елова"])
def test_signs_of_a_pattern_and_other_parts_of_a_name_find_nobody(
    uow: UnitOfWork, typed: str
) -> None:
    with uow() as tx:
        store_town(tx, factories.town())
        tx.commit()
    with uow.reading() as tx:
        assert tx.people.beginning(typed) == []


def entered(day: int, region: str = "", whose: Organisation | None = None) -> CalendarOverride:
    return CalendarOverride(
        id=factories.new_id(),
        region=region,
        organisation_id=whose.id if whose else None,
        day=date(2025, 1, day),
        working=False,
        source="указ № 1",
        added_at=factories.MORNING,
        added_by=None,
    )


def test_days_of_regions_and_organisations_come_in_one_query(uow: UnitOfWork) -> None:
    town = factories.town()
    other = replace(town.office, id=factories.new_id())
    with uow() as tx:
        store_town(tx, town)
        tx.organisations.save(other)
        for one in (
            entered(20),
            entered(21, "RU-TA"),
            entered(22, "RU-KO"),
            entered(23, whose=town.school),
            entered(24, whose=other),
        ):
            tx.calendar_overrides.save(one)
        tx.commit()
    with uow.reading() as tx:
        asked = tx.calendar_overrides.of_many(["", "RU-TA"], [town.school.id])
        everything = tx.calendar_overrides.all()
    assert [override.day.day for override in asked] == [20, 21, 23]
    assert [override.day.day for override in everything] == [20, 21, 22, 23, 24]
