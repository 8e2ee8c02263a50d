from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflow.calendars import TATARSTAN, Override, work_calendar
from workflow.domain.working_days import (
    SATURDAY_OFF,
    SUNDAY_OFF,
    CalendarError,
    Known,
    SkippedDay,
    UncoveredYearError,
    Unknown,
    WorkCalendar,
)

RUSSIA = work_calendar()
RUSSIA_SIX = work_calendar(week=6)
TATAR = work_calendar(TATARSTAN)


def russian(text: str) -> date:
    day, month, year = map(int, text.split("."))
    return date(2000 + year, month, day)


@pytest.mark.parametrize(
    ("start", "fifth"),
    [
        ("26.04.24", "07.05.24"),
        ("25.12.24", "10.01.25"),
        ("30.04.25", "13.05.25"),
        ("31.10.25", "10.11.25"),
        ("29.12.25", "15.01.26"),
        ("30.04.26", "08.05.26"),
        ("28.12.26", "13.01.27"),
        ("19.02.27", "01.03.27"),
        ("29.10.27", "09.11.27"),
    ],
)
def test_five_working_days_later_in_a_five_day_week(start: str, fifth: str) -> None:
    found = RUSSIA.add_working_days(russian(start), 5)
    assert isinstance(found, Known)
    assert found.day == russian(fifth)


@pytest.mark.parametrize(
    ("start", "fifth"),
    [("27.04.24", "04.05.24"), ("29.12.25", "13.01.26"), ("30.04.26", "07.05.26")],
)
def test_five_working_days_later_in_a_six_day_week(start: str, fifth: str) -> None:
    found = RUSSIA_SIX.add_working_days(russian(start), 5)
    assert isinstance(found, Known)
    assert found.day == russian(fifth)


@pytest.mark.parametrize(
    ("year", "days"), [(2022, 247), (2023, 247), (2024, 248), (2025, 247), (2026, 247), (2027, 247)]
)
def test_a_year_has_its_official_number_of_working_days(year: int, days: int) -> None:
    assert RUSSIA.working_days_between(date(year, 1, 1), date(year, 12, 31)) == days


def test_the_other_reading_of_a_six_day_week_applies_saturday_transfers() -> None:
    bridge = date(2024, 4, 29)  # moved from Saturday 27.04.2024
    assert RUSSIA_SIX.is_working(bridge)
    assert not work_calendar(week=6, saturday_transfers=True).is_working(bridge)
    assert not RUSSIA.is_working(bridge)


def test_a_saturday_holiday_is_not_moved_to_monday_in_a_six_day_week() -> None:
    monday = date(2023, 11, 6)  # moved from Saturday 04.11.2023
    assert not RUSSIA.is_working(monday)
    assert RUSSIA_SIX.is_working(monday)


def test_a_working_saturday_is_worked() -> None:
    assert RUSSIA.is_working(date(2025, 11, 1))
    assert not RUSSIA.is_working(date(2025, 11, 8))


def test_tatarstan_rests_on_its_own_days() -> None:
    bairam = date(2026, 5, 27)
    assert RUSSIA.is_working(bairam)
    off = TATAR.day_off(bairam)
    assert off is not None
    assert off.why == "Курбан-байрам"
    assert "tatarstan.ru" in off.source


def test_tatarstan_counts_past_its_own_days() -> None:
    found = TATAR.add_working_days(date(2026, 11, 3), 2)
    assert isinstance(found, Known)
    assert found.day == date(2026, 11, 9)
    assert [skipped.day.day for skipped in found.skipped] == [4, 6, 7, 8]


def test_a_year_without_tatarstan_days_is_not_counted() -> None:
    assert TATAR.add_working_days(date(2026, 12, 28), 5) == Unknown(2027, TATARSTAN)
    country = RUSSIA.add_working_days(date(2026, 12, 28), 5)
    assert isinstance(country, Known)
    assert country.day == date(2027, 1, 13)


def test_of_a_region_that_nobody_entered_no_year_is_counted() -> None:
    day = date(2026, 5, 5)
    assert work_calendar("RU-BA").next_working_day(day) == Unknown(2026, "RU-BA")
    confirmed = work_calendar("RU-BA", region_years=frozenset({2026}))
    assert confirmed.next_working_day(day) == Known(date(2026, 5, 6))


def test_a_year_without_transfers_is_said_not_guessed() -> None:
    assert RUSSIA.add_working_days(date(2027, 12, 28), 5) == Unknown(2028)
    assert RUSSIA.next_working_day(date(2021, 6, 1)) == Unknown(2021)
    assert RUSSIA.working_days_between(date(2027, 12, 1), date(2028, 1, 20)) == Unknown(2028)
    with pytest.raises(UncoveredYearError) as refused:
        RUSSIA.is_working(date(2028, 6, 1))
    assert refused.value.unknown == Unknown(2028)


def test_a_count_from_the_last_day_of_an_uncovered_year_touches_the_new_one_only() -> None:
    assert RUSSIA.working_days_between(date(2021, 12, 31), date(2022, 1, 10)) == 1


def test_skipped_days_say_why() -> None:
    found = RUSSIA.add_working_days(date(2026, 5, 8), 1)
    assert isinstance(found, Known)
    assert found.day == date(2026, 5, 12)
    assert [skipped.why for skipped in found.skipped] == [
        "День Победы",
        SUNDAY_OFF,
        "Выходной перенесён с 09.05.2026",
    ]
    plain = RUSSIA.next_working_day(date(2026, 5, 15))
    assert isinstance(plain, Known)
    assert plain.skipped == (
        SkippedDay(date(2026, 5, 16), SATURDAY_OFF),
        SkippedDay(date(2026, 5, 17), SUNDAY_OFF),
    )


def test_three_full_working_days_of_notice() -> None:
    free = RUSSIA.free_after_notice(date(2026, 11, 16), 3)
    assert free == Known(date(2026, 11, 20))


def test_an_override_with_its_source_goes_before_everything_else() -> None:
    decree = "Указ Президента РФ (учебный пример)"
    calendar = work_calendar(
        overrides=(
            Override(date(2026, 5, 12), False, decree),
            Override(date(2026, 5, 16), True, decree),
        )
    )
    found = calendar.add_working_days(date(2026, 5, 11), 4)
    assert isinstance(found, Known)
    assert found.day == date(2026, 5, 16)
    assert found.skipped == (SkippedDay(date(2026, 5, 12), "Изменено вручную", decree),)


def test_an_override_without_a_source_is_refused() -> None:
    with pytest.raises(CalendarError):
        work_calendar(overrides=(Override(date(2026, 5, 12), False, "  "),))


def test_regional_days_entered_for_a_year_make_it_covered() -> None:
    bairam = Override(date(2027, 3, 9), False, "распоряжение (учебный пример)")
    calendar = work_calendar(TATARSTAN, overrides=(bairam,), region_years=frozenset({2027}))
    found = calendar.next_working_day(date(2027, 3, 8))
    assert isinstance(found, Known)
    assert found.day == date(2027, 3, 10)
    assert calendar.next_working_day(date(2028, 3, 5)) == Unknown(2028)


def test_a_day_off_moves_forward_or_back() -> None:
    saturday = date(2027, 1, 30)
    after = RUSSIA.on_or_after(saturday)
    assert isinstance(after, Known)
    assert after.day == date(2027, 2, 1)
    assert [skipped.day for skipped in after.skipped] == [saturday, date(2027, 1, 31)]
    before = RUSSIA.on_or_before(saturday)
    assert isinstance(before, Known)
    assert before.day == date(2027, 1, 29)
    friday = date(2026, 1, 30)
    assert RUSSIA.on_or_after(friday) == RUSSIA.on_or_before(friday) == Known(friday)


def test_calendar_questions_that_make_no_sense_are_refused() -> None:
    with pytest.raises(CalendarError):
        WorkCalendar(week=7)
    with pytest.raises(CalendarError):
        RUSSIA.add_working_days(date(2026, 1, 1), -1)
    with pytest.raises(CalendarError):
        RUSSIA.working_days_between(date(2026, 1, 2), date(2026, 1, 1))


days = st.dates(date(2022, 1, 1), date(2027, 6, 30))


@given(days, st.integers(1, 90), st.sampled_from([RUSSIA, RUSSIA_SIX]))
def test_adding_and_counting_working_days_agree(
    start: date, number: int, calendar: WorkCalendar
) -> None:
    found = calendar.add_working_days(start, number)
    assert isinstance(found, Known)
    assert calendar.is_working(found.day)
    assert calendar.working_days_between(start, found.day) == number
    assert len(found.skipped) + number == (found.day - start).days
    assert not any(calendar.is_working(skipped.day) for skipped in found.skipped)


@given(days, st.integers(0, 30), st.integers(0, 30))
def test_working_days_add_up(start: date, first: int, second: int) -> None:
    halfway = RUSSIA.add_working_days(start, first)
    assert isinstance(halfway, Known)
    whole = RUSSIA.add_working_days(start, first + second)
    again = RUSSIA.add_working_days(halfway.day, second)
    assert isinstance(whole, Known)
    assert isinstance(again, Known)
    assert whole.day == again.day


@given(days)
def test_no_week_is_without_a_day_off_and_no_gap_is_longer_than_the_new_year(day: date) -> None:
    found = RUSSIA.next_working_day(day)
    assert isinstance(found, Known)
    assert len(found.skipped) <= 12
    week = [day + timedelta(days=n) for n in range(14)]
    assert any(not RUSSIA.is_working(one) for one in week)
