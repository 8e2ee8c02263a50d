"""What a list of workers would change, and what it may not."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from marshrut.demonstration.identifiers import insurance_number, taxpayer_person
from tests import factories
from workflow.domain.people import Gender
from workflow.domain.staff_cards import (
    Category,
    CategoryKind,
    Experience,
    ExperienceKind,
    StaffCard,
)
from workflow.domain.staff_import_card import gender_of
from workflow.domain.staff_import_plan import (
    Fate,
    KnownStaff,
    PlannedRow,
    Worker,
    plan_import,
)
from workflow.domain.staff_sheets import SheetRow

TODAY = date(2026, 5, 4)
SINCE = date(2020, 9, 1)
NUMBER = insurance_number(5)
TOWN = factories.town()
PERSON = replace(factories.person("Никитина", "Ольга", "Юрьевна"), snils=NUMBER, version=1)
POST = replace(factories.employment(PERSON, TOWN.school, "учитель химии", since=SINCE), version=1)
CARD = StaffCard(
    factories.new_id(),
    POST.id,
    hired_on=date(2019, 1, 9),
    experience=(
        Experience(ExperienceKind.IN_FIELD, 12, 2, date(2026, 1, 1)),
        Experience(ExperienceKind.TOTAL, 20, 0, date(2026, 1, 1)),
    ),
    version=1,
)
KNOWN = Worker(PERSON, POST, CARD)
YESTERDAY = TODAY - timedelta(days=1)
LEFT = replace(KNOWN, employment=replace(POST, until=YESTERDAY))


def row(number: int = 2, **changed: object) -> SheetRow:
    one = SheetRow(number, "Никитина", "Ольга", "Юрьевна", "учитель химии", snils=NUMBER)
    return replace(one, **changed)  # type: ignore[arg-type]  # fields by name


def staff(*workers: Worker, **more: object) -> KnownStaff:
    known = KnownStaff(TOWN.school.id, workers)
    return replace(known, **more)  # type: ignore[arg-type]  # fields by name


def planned(*rows: SheetRow, known: KnownStaff | None = None) -> tuple[PlannedRow, ...]:
    return plan_import(rows, known or staff(KNOWN), TODAY, factories.new_id)


def wrong(one: SheetRow, known: KnownStaff | None = None) -> tuple[str, str]:
    """The column and the msgid of what is wrong with the row."""
    (result,) = planned(one, known=known)
    assert (result.fate, result.after) == (Fate.WRONG, None)
    (problem,) = result.problems
    return problem.column, problem.msgid


# --- Who it is -----------------------------------------------------------------------------


def test_worker_is_known_by_the_number_and_unchanged_if_nothing_new_is_said() -> None:
    (result,) = planned(row())
    assert (result.fate, result.touched) == (Fate.UNCHANGED, ())


def test_worker_without_number_is_known_by_the_name_and_a_day_of_the_card() -> None:
    by_post = row(snils="", since=SINCE)
    by_hiring = row(snils="", hired_on=CARD.hired_on)
    assert [one.fate for one in planned(by_post, by_hiring)] == [Fate.UNCHANGED] * 2


@pytest.mark.parametrize("since", [None, date(2021, 9, 1)])
def test_namesake_is_not_guessed(since: date | None) -> None:
    assert "Somebody of this name" in wrong(row(snils="", since=since))[1]


def test_name_is_compared_without_case_and_yo() -> None:
    person = replace(PERSON, last="Королёва")
    known = staff(replace(KNOWN, person=person))
    assert planned(row(last="КОРОЛЕВА"), known=known)[0].fate is Fate.UNCHANGED


def test_namesake_with_another_number_is_somebody_else() -> None:
    (result,) = planned(row(snils=insurance_number(6), since=SINCE))
    assert result.fate is Fate.NEW
    assert result.after is not None
    assert result.after.person.id != PERSON.id


# --- What is never overwritten -------------------------------------------------------------


def test_another_name_with_the_same_number_is_wrong() -> None:
    column, said = wrong(row(last="Орлова"))
    assert column == "Фамилия"
    assert "second person" in said


def test_another_taxpayer_number_is_wrong() -> None:
    known = staff(replace(KNOWN, person=replace(PERSON, inn=taxpayer_person(1))))
    assert wrong(row(inn=taxpayer_person(2)), known)[0] == "ИНН"


@pytest.mark.parametrize("key", ["snils", "inn"])
def test_number_that_a_card_lacks_is_left_to_a_second_person_and_the_rest_is_taken(
    key: str,
) -> None:
    person = replace(PERSON, snils="") if key == "snils" else PERSON
    inn = taxpayer_person(2) if key == "inn" else ""
    (result,) = planned(
        row(since=SINCE, subject="химия", inn=inn), known=staff(replace(KNOWN, person=person))
    )
    assert (result.fate, result.touched) == (Fate.CHANGED, ("subject",))
    assert result.after is not None
    assert result.after.person == person
    (remark,) = result.remarks
    assert remark.column == {"snils": "СНИЛС", "inn": "ИНН"}[key]
    assert "second person" in remark.msgid


def test_number_alone_does_not_lead_to_a_card_that_lacks_it() -> None:
    known = staff(replace(KNOWN, person=replace(PERSON, snils="")))
    assert wrong(row(), known)[0] == "Работает с"


def test_email_is_written_and_nothing_else_of_a_person() -> None:
    (result,) = planned(row(email="n@school.example"))
    assert result.touched == ("email",)
    assert result.after is not None
    assert result.after.person == replace(PERSON, email="n@school.example")


def test_person_of_another_organisation_is_left_to_the_operator() -> None:
    assert wrong(row(since=SINCE), staff(elsewhere=frozenset({NUMBER})))[0] == "СНИЛС"


def test_what_another_organisation_shares_is_not_changed() -> None:
    known = staff(KNOWN, shared=frozenset({PERSON.id}))
    assert "operator" in wrong(row(email="n@school.example"), known)[1]
    assert planned(row(), known=known)[0].fate is Fate.UNCHANGED


def test_another_post_is_a_transfer_and_no_import() -> None:
    column, _ = wrong(row(post="методист"))
    assert column == "Должность"


def test_another_first_day_of_the_post_is_wrong() -> None:
    assert wrong(row(since=date(2021, 9, 1)))[0] == "Работает с"
    assert planned(row(since=CARD.hired_on))[0].fate is Fate.UNCHANGED


# --- Somebody new --------------------------------------------------------------------------


def test_new_worker_gets_a_post_and_a_card_with_what_is_known() -> None:
    one = row(
        since=SINCE, category=CategoryKind.FIRST, experience=((ExperienceKind.IN_FIELD, 12, 3),)
    )
    (result,) = planned(one, known=staff())
    assert result.fate is Fate.NEW
    worker = result.after
    assert worker is not None
    assert (worker.person.gender, worker.person.snils) == (Gender.FEMALE, NUMBER)
    assert (worker.employment.post, worker.employment.since) == ("учитель химии", SINCE)
    assert worker.card is not None
    assert worker.card.years_on(ExperienceKind.IN_FIELD, TODAY) == 12
    assert worker.card.years_on(ExperienceKind.TOTAL, TODAY) is None
    assert worker.card.category_on(TODAY) is CategoryKind.FIRST


def test_new_worker_of_whom_only_the_name_is_known_has_no_card() -> None:
    (result,) = planned(row(since=SINCE), known=staff())
    assert result.after is not None
    assert result.after.card is None


def test_new_worker_needs_a_first_day_and_a_gender() -> None:
    assert wrong(row(), staff())[0] == "Работает с"
    assert wrong(row(middle="", since=SINCE), staff())[0] == "Пол"
    one = row(middle="", gender=Gender.MALE, hired_on=SINCE)
    assert planned(one, known=staff())[0].fate is Fate.NEW


def test_two_posts_of_one_new_worker_make_one_person() -> None:
    first, second = planned(row(since=SINCE), row(3, post="методист", since=SINCE), known=staff())
    assert first.after is not None
    assert second.after is not None
    assert (first.fate, second.fate) == (Fate.NEW, Fate.NEW)
    assert first.after.person == second.after.person
    assert first.after.employment.id != second.after.employment.id


def test_who_left_and_comes_back_is_the_same_person() -> None:
    (result,) = planned(row(since=TODAY), known=staff(LEFT))
    assert result.fate is Fate.NEW
    assert result.after is not None
    assert result.after.person == PERSON
    assert result.after.employment.id != POST.id


@pytest.mark.parametrize("number", [NUMBER, ""])
def test_an_old_list_takes_nobody_on_again_who_has_left(number: str) -> None:
    column, said = wrong(row(snils=number, since=SINCE), staff(LEFT))
    assert column == "Работает с"
    assert "left on" in said


def test_namesake_of_somebody_who_left_is_not_guessed() -> None:
    assert "worked here" in wrong(row(snils="", since=TODAY), staff(LEFT))[1]


def test_who_left_and_works_elsewhere_now_is_left_to_the_operator() -> None:
    known = staff(LEFT, shared=frozenset({PERSON.id}))
    assert "operator" in wrong(row(since=TODAY), known)[1]


def test_post_from_which_somebody_was_transferred_is_not_given_back() -> None:
    moved = replace(
        KNOWN, employment=replace(POST, id=factories.new_id(), post="методист", since=TODAY)
    )
    column, said = wrong(row(since=SINCE), staff(LEFT, moved))
    assert (column, "transfer" in said) == ("Должность", True)


def test_the_same_list_a_second_time_changes_nothing() -> None:
    rows = (
        row(since=SINCE, experience=((ExperienceKind.TOTAL, 20, 0),), category=CategoryKind.NONE),
        row(3, first="Анна", snils="", since=SINCE, post="методист", subject="химия"),
    )
    known = staff()
    first = planned(*rows, known=known)
    assert [one.fate for one in first] == [Fate.NEW, Fate.NEW]
    again = plan_import(
        rows, staff(*(one.after for one in first if one.after)), date(2026, 5, 20), factories.new_id
    )
    assert [one.fate for one in again] == [Fate.UNCHANGED, Fate.UNCHANGED]


# --- The card ------------------------------------------------------------------------------


def test_years_that_have_grown_by_themselves_are_no_change() -> None:
    same = row(experience=((ExperienceKind.IN_FIELD, 12, 0),))
    assert planned(same)[0].fate is Fate.UNCHANGED
    exactly = row(experience=((ExperienceKind.IN_FIELD, 12, 6),))
    assert planned(exactly)[0].fate is Fate.UNCHANGED


def test_years_without_a_date_may_be_those_of_an_old_list() -> None:
    one = row(experience=((ExperienceKind.IN_FIELD, 12, 2),))
    (later,) = plan_import([one], staff(KNOWN), date(2028, 5, 4), factories.new_id)
    assert later.fate is Fate.UNCHANGED
    dated = replace(one, counted_on=date(2028, 5, 1))
    (said,) = plan_import([dated], staff(KNOWN), date(2028, 5, 4), factories.new_id)
    assert said.touched == (ExperienceKind.IN_FIELD,)


def test_other_years_are_counted_up_to_the_day_of_the_file() -> None:
    day = date(2026, 3, 1)
    (result,) = planned(row(experience=((ExperienceKind.IN_FIELD, 14, 0),), counted_on=day))
    assert result.touched == (ExperienceKind.IN_FIELD,)
    assert result.after is not None
    assert result.after.card is not None
    assert Experience(ExperienceKind.IN_FIELD, 14, 0, day) in result.after.card.experience
    assert result.after.card.years_on(ExperienceKind.TOTAL, TODAY) == 20


def test_years_that_cannot_be_so_are_wrong() -> None:
    column, said = wrong(row(experience=((ExperienceKind.IN_FIELD, 40, 0),)))
    assert (column, said) == ("Общий стаж", "One kind of experience is longer than all of it.")
    tomorrow = row(
        experience=((ExperienceKind.IN_FIELD, 1, 0),), counted_on=TODAY + timedelta(days=1)
    )
    assert wrong(tomorrow)[0] == "Стаж на дату"


def test_category_joins_others_and_no_category_replaces_them() -> None:
    highest = Category(CategoryKind.HIGHEST, date(2024, 3, 1), "№ 7")
    known = staff(replace(KNOWN, card=replace(CARD, categories=(highest,))))
    (mentor,) = planned(row(category=CategoryKind.MENTOR, category_order="№ 9"), known=known)
    assert mentor.after is not None
    assert mentor.after.card is not None
    assert mentor.after.card.categories == (highest, Category(CategoryKind.MENTOR, None, "№ 9"))
    (none,) = planned(row(category=CategoryKind.NONE), known=known)
    assert none.after is not None
    assert none.after.card is not None
    assert none.after.card.categories == (Category(CategoryKind.NONE),)
    assert planned(row(category=CategoryKind.HIGHEST), known=known)[0].fate is Fate.UNCHANGED
    no = staff(replace(KNOWN, card=replace(CARD, categories=(Category(CategoryKind.NONE, SINCE),))))
    assert planned(row(category=CategoryKind.NONE), known=no)[0].fate is Fate.UNCHANGED


def test_order_of_a_category_that_is_not_named_is_wrong() -> None:
    assert wrong(row(category_order="№ 9"))[0] == "Категория"


@pytest.mark.parametrize(
    ("middle", "gender"),
    [
        ("Юрьевна", Gender.FEMALE), ("Ильинична", Gender.FEMALE), ("Али кызы", Gender.FEMALE),
        ("Ильич", Gender.MALE), ("Олегович", Gender.MALE), ("Али оглы", Gender.MALE),
        ("", None), ("Ли", None),
    ],
)  # fmt: skip
def test_patronymic_tells_the_gender_or_does_not(middle: str, gender: Gender | None) -> None:
    assert gender_of(middle) is gender
