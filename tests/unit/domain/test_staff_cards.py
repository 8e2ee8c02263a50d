"""What a staff card says on a day, and what it cannot say."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests import factories
from tests.factories import MORNING
from workflow.domain.staff_cards import (
    CardPart,
    Category,
    CategoryKind,
    Education,
    Experience,
    ExperienceKind,
    StaffCard,
    Status,
    StatusKind,
    Training,
    check_card,
    with_history,
)

TODAY = date(2026, 3, 2)
FIELD = ExperienceKind.IN_FIELD
EMPTY = StaffCard(factories.new_id(), factories.new_id())


def with_years(years: int, months: int, as_of: date, kind: ExperienceKind = FIELD) -> StaffCard:
    return replace(EMPTY, experience=(Experience(kind, years, months, as_of),))


# --- Experience ----------------------------------------------------------------------------


def test_experience_that_nobody_entered_is_not_known_rather_than_nothing() -> None:
    assert EMPTY.years_on(FIELD, TODAY) is None
    assert with_years(12, 0, TODAY).years_on(ExperienceKind.MANAGERIAL, TODAY) is None
    assert with_years(0, 0, TODAY).years_on(FIELD, TODAY) == 0


@pytest.mark.parametrize(
    ("day", "years"),
    [
        (date(2025, 9, 1), 9),
        (date(2025, 12, 31), 9),
        (date(2026, 1, 1), 10),
        (date(2026, 12, 31), 10),
        (date(2027, 1, 1), 11),
    ],
)
def test_years_are_full_on_the_day_and_not_before(day: date, years: int) -> None:
    assert with_years(9, 8, date(2025, 9, 1)).years_on("in_field", day) == years


def test_a_month_without_such_a_day_is_full_on_its_last_day() -> None:
    card = with_years(9, 11, date(2026, 1, 31))
    assert card.years_on(FIELD, date(2026, 2, 27)) == 9
    assert card.years_on(FIELD, date(2026, 2, 28)) == 10


def test_experience_of_an_earlier_day_is_the_least_that_it_can_have_been() -> None:
    card = with_years(10, 0, date(2026, 3, 2))
    assert card.years_on(FIELD, date(2026, 3, 1)) == 9
    assert card.years_on(FIELD, date(1999, 1, 1)) == 0


@given(
    years=st.integers(0, 60),
    months=st.integers(0, 11),
    as_of=st.dates(date(1990, 1, 1), date(2030, 12, 31)),
    days=st.integers(0, 20_000),
)
def test_experience_never_shrinks_with_time(
    years: int, months: int, as_of: date, days: int
) -> None:
    one = Experience(FIELD, years, months, as_of)
    later = as_of + timedelta(days=days)
    assert one.years_on(as_of) == years
    assert years <= one.years_on(later) <= one.years_on(later + timedelta(days=1))
    assert one.years_on(later) <= years + 1 + days // 365


# --- Categories and statuses ---------------------------------------------------------------


def test_a_category_is_the_highest_in_force_on_the_day() -> None:
    first = Category(CategoryKind.FIRST, date(2019, 4, 1), "№ 12", date(2024, 4, 1))
    highest = Category(CategoryKind.HIGHEST, date(2024, 3, 1), "№ 7")
    card = replace(EMPTY, categories=(first, highest))
    assert card.category_on(date(2019, 3, 31)) is CategoryKind.NONE
    assert card.category_on(date(2020, 1, 1)) is CategoryKind.FIRST
    assert card.category_on(date(2024, 3, 15)) is CategoryKind.HIGHEST
    assert card.holds_category(CategoryKind.FIRST, date(2024, 4, 1)) is True
    assert card.holds_category(CategoryKind.FIRST, date(2024, 4, 2)) is False


def test_no_category_is_told_from_not_known() -> None:
    none = replace(EMPTY, categories=(Category(CategoryKind.NONE),))
    assert none.category_on(TODAY) is CategoryKind.NONE
    assert none.holds_category(CategoryKind.FIRST, TODAY) is False
    assert EMPTY.category_on(TODAY) is None
    assert EMPTY.holds_category(CategoryKind.FIRST, TODAY) is None


def test_a_status_counts_up_to_the_last_day_of_its_certificate() -> None:
    card = replace(EMPTY, statuses=(Status(StatusKind.MENTOR, "№ 5", "М-17", TODAY),))
    assert card.holds_status(StatusKind.MENTOR, TODAY)
    assert not card.holds_status(StatusKind.MENTOR, TODAY + timedelta(days=1))
    assert not card.holds_status(StatusKind.TUTOR, TODAY)


# --- What cannot be so ---------------------------------------------------------------------


def refused(card: StaffCard) -> str:
    refusal = check_card(card, TODAY)
    return refusal.code if refusal else ""


def test_a_card_that_can_be_so_is_taken() -> None:
    card = replace(
        EMPTY,
        hired_on=date(2010, 9, 1),
        categories=(Category(CategoryKind.HIGHEST, date(2020, 1, 1)),),
        experience=(
            Experience(ExperienceKind.TOTAL, 20, 0, TODAY),
            Experience(FIELD, 13, 6, date(2020, 1, 1)),
        ),
        statuses=(Status(StatusKind.MENTOR), Status(StatusKind.TUTOR)),
        trainings=(Training("Наставник", date(2024, 5, 1), hours=36),),
    )
    assert refused(card) == ""
    assert refused(EMPTY) == ""


def test_no_kind_of_experience_is_longer_than_all_of_it_today() -> None:
    total = Experience(ExperienceKind.TOTAL, 20, 0, TODAY)
    longer = Experience(FIELD, 15, 6, date(2020, 1, 1))
    assert refused(replace(EMPTY, experience=(total, longer))) == "staff_card.more_than_total"


@pytest.mark.parametrize(("years", "months"), [(-1, 0), (76, 0), (3, 12), (3, -1)])
def test_impossible_experience_is_refused(years: int, months: int) -> None:
    assert refused(with_years(years, months, TODAY)) == "staff_card.experience"


def test_experience_counted_up_to_tomorrow_is_refused() -> None:
    assert refused(with_years(3, 0, TODAY + timedelta(days=1))) == "staff_card.experience_day"


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"statuses": (Status(StatusKind.TUTOR), Status(StatusKind.TUTOR))}, "staff_card.twice"),
        (
            {"categories": (Category(CategoryKind.NONE), Category(CategoryKind.FIRST))},
            "staff_card.category_and_none",
        ),
        (
            {"categories": (Category(CategoryKind.FIRST, TODAY, "", date(2020, 1, 1)),)},
            "staff_card.category_dates",
        ),
        (
            {"trainings": (Training("Курс", TODAY + timedelta(days=1)),)},
            "staff_card.training_day",
        ),
        ({"trainings": (Training("Курс", TODAY, hours=0),)}, "staff_card.training_hours"),
    ],
)
def test_what_cannot_be_so_is_refused(changed: dict[str, object], code: str) -> None:
    assert refused(replace(EMPTY, **changed)) == code  # type: ignore[arg-type]  # fields by name


# --- History -------------------------------------------------------------------------------


def test_history_keeps_what_each_changed_part_said_before() -> None:
    by = factories.new_id()
    before = with_years(9, 2, TODAY)
    after = replace(before, experience=(), education=Education.OTHER)
    kept = with_history(before, after, by, MORNING)
    assert [(c.part, c.by, c.at) for c in kept.changes] == [
        (CardPart.EDUCATION, by, MORNING),
        (CardPart.EXPERIENCE, by, MORNING),
    ]
    assert kept.changes[0].before == {"education": "unknown"}
    line = {"kind": "in_field", "years": 9, "months": 2, "as_of": TODAY}
    assert kept.changes[1].before == {"experience": (line,)}


def test_nothing_changed_leaves_no_line_of_history() -> None:
    before = with_years(9, 2, TODAY)
    assert with_history(before, before, factories.new_id(), MORNING) == before
