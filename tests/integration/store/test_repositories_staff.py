"""Staff cards as they are kept."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
import sqlalchemy as sa

from tests import factories
from tests.factories import MORNING, Town
from workflow.domain.identity_changes import Identity, IdentityChange, IdentityDecision
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
from workflow.domain.staff_imports import StaffImport
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


# --- Changes of identity, uploaded files ---------------------------------------------------


def change_of(town: Town) -> IdentityChange:
    before = Identity.of(town.mentor.person)
    return IdentityChange(
        id=factories.new_id(),
        person_id=town.mentor.person.id,
        organisation_id=town.school.id,
        before=before,
        after=replace(before, last="Орлова"),
        since=DAY,
        ground="свидетельство о браке",
        proposed_at=MORNING,
        proposed_by=town.clerk.person.id,
    )


def test_a_proposed_name_comes_back_and_waits_in_its_organisation(
    uow: UnitOfWork, town: Town
) -> None:
    with uow() as tx:
        proposed = tx.identity_changes.save(change_of(town))
        tx.commit()
    with uow.reading() as snapshot:
        assert snapshot.identity_changes.of_person(town.mentor.person.id) == [proposed]
        assert snapshot.identity_changes.pending([town.school.id]) == [proposed]
        assert snapshot.identity_changes.pending([town.office.id]) == []


def test_a_decided_change_waits_no_more_and_another_one_may_be_proposed(
    uow: UnitOfWork, town: Town
) -> None:
    with uow() as tx:
        proposed = tx.identity_changes.save(change_of(town))
        decided = replace(
            proposed,
            decision=IdentityDecision.REFUSED,
            decided_at=MORNING,
            decided_by=town.head.person.id,
            reason="нет оригинала",
        )
        refused = tx.identity_changes.save(decided, proposed)
        second = tx.identity_changes.save(change_of(town))
        tx.commit()
    with uow.reading() as snapshot:
        assert snapshot.identity_changes.of_person(town.mentor.person.id) == [refused, second]
        assert snapshot.identity_changes.pending([town.school.id]) == [second]


def test_two_changes_of_one_person_do_not_wait_at_once(uow: UnitOfWork, town: Town) -> None:
    with uow() as tx:
        tx.identity_changes.save(change_of(town))
        with pytest.raises(sa.exc.IntegrityError):
            tx.identity_changes.save(change_of(town))


def test_an_uploaded_file_is_kept_until_it_is_decided(uow: UnitOfWork, town: Town) -> None:
    made = StaffImport(
        factories.new_id(),
        town.school.id,
        "список.csv",
        "0" * 64,
        MORNING,
        town.clerk.person.id,
        b"[]",
    )
    with uow() as tx:
        kept = tx.staff_imports.save(made)
        assert tx.staff_imports.undecided(town.school.id) == [kept]
        erased = tx.staff_imports.save(replace(kept, content=None, confirmed_at=MORNING), kept)
        assert tx.staff_imports.undecided(town.school.id) == []
        tx.commit()
    with uow.reading() as snapshot:
        assert snapshot.staff_imports.load(made.id) == erased
