"""Staff cards as they are kept."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
import sqlalchemy as sa

from tests import factories
from tests.factories import MORNING, Town
from workflow.domain.staff_cards import (
    Category,
    CategoryKind,
    Education,
    Experience,
    ExperienceKind,
    StaffCard,
    Status,
    StatusKind,
    Training,
    with_history,
)
from workflow.store.repositories.base import HistoryError
from workflow.store.unit_of_work import UnitOfWork

DAY = date(2025, 1, 20)


def full_card(town: Town) -> StaffCard:
    return StaffCard(
        id=factories.new_id(),
        employment_id=town.mentor.employment.id,
        hired_on=date(2010, 9, 1),
        subject="математика",
        education=Education.PEDAGOGICAL,
        categories=(Category(CategoryKind.HIGHEST, date(2020, 4, 1), "№ 12"),),
        experience=(
            Experience(ExperienceKind.TOTAL, 20, 3, DAY),
            Experience(ExperienceKind.IN_FIELD, 15, 0, DAY),
        ),
        statuses=(Status(StatusKind.MENTOR, "№ 5", "М-17", date(2027, 1, 1)),),
        trainings=(
            Training("Наставник в школе", date(2023, 5, 1), "Институт", 36, "К-1"),
            Training("Тьютор", date(2024, 5, 1)),
        ),
    )


def test_a_card_comes_back_with_all_its_lines_and_history(uow: UnitOfWork, town: Town) -> None:
    made = full_card(town)
    with uow() as tx:
        saved = tx.staff_cards.save(made)
        fewer = replace(saved, experience=saved.experience[:1], trainings=(), subject="физика")
        changed = tx.staff_cards.save(
            with_history(saved, fewer, town.clerk.person.id, MORNING), saved
        )
        tx.commit()
    with uow.reading() as snapshot:
        found = snapshot.staff_cards.of(town.mentor.employment.id)
    assert found == changed == replace(changed, version=2)
    assert len(changed.changes) == 3


def test_who_has_no_card_is_left_out(uow: UnitOfWork, town: Town) -> None:
    with uow() as tx:
        saved = tx.staff_cards.save(full_card(town))
        tx.commit()
    both = [town.mentor.employment.id, town.head.employment.id]
    with uow.reading() as snapshot:
        assert snapshot.staff_cards.of_many(both) == {both[0]: saved}
        assert snapshot.staff_cards.of(both[1]) is None


def test_an_employment_has_one_card(uow: UnitOfWork, town: Town) -> None:
    with uow() as tx:
        tx.staff_cards.save(full_card(town))
        with pytest.raises(sa.exc.IntegrityError):
            tx.staff_cards.save(full_card(town))


def test_the_history_of_a_card_is_not_rewritten(uow: UnitOfWork, town: Town) -> None:
    with uow() as tx:
        saved = tx.staff_cards.save(full_card(town))
        other = replace(saved, subject="физика")
        changed = tx.staff_cards.save(
            with_history(saved, other, town.clerk.person.id, MORNING), saved
        )
        with pytest.raises(HistoryError):
            tx.staff_cards.save(replace(changed, changes=()), changed)
