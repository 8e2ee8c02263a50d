from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from web.words import russian
from workflow.calendars import TATARSTAN, work_calendar
from workflow.domain.deadline_phrases import (
    OneOff,
    PhraseError,
    Recurrence,
    Term,
    read_phrase,
)
from workflow.domain.deadlines import (
    CountFrom,
    DayOff,
    DeadlineRule,
    Due,
    Every,
    InTime,
    Late,
    LateUncounted,
    Left,
    NotYetKnown,
    PeriodicRule,
    Uncovered,
    Unit,
    add_months,
    due,
    due_on,
    lateness,
    remaining,
)
from workflow.domain.periods import periods, series

RUSSIA = work_calendar()
TATAR = work_calendar(TATARSTAN)


def rule(amount: int, unit: Unit, **terms: Any) -> DeadlineRule:
    return DeadlineRule("report", "case.ends", amount, unit, **terms)


@pytest.mark.parametrize(
    ("phrase", "meaning"),
    [
        ("5 working days after case.ends", Term(5, Unit.WORKING_DAYS, "case.ends")),
        ("1 working day after D02.signed", Term(1, Unit.WORKING_DAYS, "D02.signed")),
        ("10 calendar days after order.signed", Term(10, Unit.CALENDAR_DAYS, "order.signed")),
        ("10  days  after order.signed", Term(10, Unit.CALENDAR_DAYS, "order.signed")),
        ("2 weeks after case.starts", Term(2, Unit.WEEKS, "case.starts")),
        ("3 months after case.starts", Term(3, Unit.MONTHS, "case.starts")),
        ("1 year after case.starts", Term(12, Unit.MONTHS, "case.starts")),
        ("every half-year", Recurrence(Every.HALF_YEAR)),
        ("every quarter", Recurrence(Every.QUARTER)),
        ("until 30 January", OneOff(30, 1)),
        ("until 29 February", OneOff(29, 2)),
        ("until 1 March 2023", OneOff(1, 3, 2023)),
    ],
)
def test_a_deadline_reads_as_people_say_it(phrase: str, meaning: object) -> None:
    assert read_phrase(phrase) == meaning


@pytest.mark.parametrize(
    "phrase",
    [
        "",
        "soon",
        "5 working days",
        "five working days after case.ends",
        "0 working days after case.ends",
        "9999 years after case.ends",
        "5 working days after case",
        "every fortnight",
        "until 31 February",
        "until 29 February 2023",
        "until 1 Marchember",
        "5 working days after case.ends or so",
    ],
)
def test_a_phrase_that_says_no_date_is_refused(phrase: str) -> None:
    with pytest.raises(PhraseError):
        read_phrase(phrase)


def test_working_days_are_counted_from_the_day_after_the_event() -> None:
    answer = due(rule(5, Unit.WORKING_DAYS), date(2026, 4, 30), RUSSIA)
    assert isinstance(answer, Due)
    assert answer.day == date(2026, 5, 8)
    assert [skipped.day.day for skipped in answer.skipped] == [1, 2, 3]


def test_working_days_counted_from_the_same_day_end_one_working_day_earlier() -> None:
    same = due(rule(5, Unit.WORKING_DAYS, count_from=CountFrom.SAME_DAY), date(2026, 4, 30), RUSSIA)
    assert isinstance(same, Due)
    assert same.day == date(2026, 5, 7)


def test_counting_from_a_day_off_itself_begins_with_the_next_working_day() -> None:
    saturday = date(2026, 5, 16)
    same = due(rule(1, Unit.WORKING_DAYS, count_from=CountFrom.SAME_DAY), saturday, RUSSIA)
    following = due(rule(1, Unit.WORKING_DAYS), saturday, RUSSIA)
    assert isinstance(same, Due)
    assert isinstance(following, Due)
    assert same.day == following.day == date(2026, 5, 18)


def test_a_term_with_its_last_day_excluded_ends_a_working_day_before() -> None:
    answer = due(rule(5, Unit.WORKING_DAYS, inclusive=False), date(2026, 4, 30), RUSSIA)
    assert isinstance(answer, Due)
    assert answer.day == date(2026, 5, 7)


@pytest.mark.parametrize(
    ("day_off", "last"),
    [
        (DayOff.NEXT, date(2026, 5, 12)),
        (DayOff.PREVIOUS, date(2026, 5, 8)),
        (DayOff.KEEP, date(2026, 5, 9)),
    ],
)
def test_calendar_days_that_end_on_a_day_off_move_as_the_rule_says(
    day_off: DayOff, last: date
) -> None:
    answer = due(rule(9, Unit.CALENDAR_DAYS, day_off=day_off), date(2026, 4, 30), RUSSIA)
    assert isinstance(answer, Due)
    assert answer.day == last
    assert answer.moved_from == (None if day_off is DayOff.KEEP else date(2026, 5, 9))


def test_calendar_days_from_the_same_day_include_it() -> None:
    answer = due(
        rule(2, Unit.CALENDAR_DAYS, count_from=CountFrom.SAME_DAY), date(2026, 11, 16), RUSSIA
    )
    assert isinstance(answer, Due)
    assert answer.day == date(2026, 11, 17)


def test_weeks_and_months_end_on_the_matching_date() -> None:
    weeks = due(rule(2, Unit.WEEKS), date(2026, 11, 16), RUSSIA)
    months = due(rule(3, Unit.MONTHS), date(2026, 11, 30), RUSSIA)
    assert weeks == Due(date(2026, 11, 30))
    # 28 February 2027 is a Sunday.
    assert isinstance(months, Due)
    assert (months.moved_from, months.day) == (date(2027, 2, 28), date(2027, 3, 1))


def test_without_its_event_a_deadline_has_no_date() -> None:
    assert due(rule(5, Unit.WORKING_DAYS), None, RUSSIA) == NotYetKnown("case.ends")


def test_a_term_that_runs_into_an_uncovered_year_has_no_date() -> None:
    assert due(rule(5, Unit.WORKING_DAYS), date(2027, 12, 29), RUSSIA) == Uncovered(2028)
    assert due(rule(1, Unit.MONTHS), date(2027, 12, 29), RUSSIA) == Uncovered(2028)
    assert due(rule(5, Unit.WORKING_DAYS), date(2026, 12, 29), TATAR) == Uncovered(2027, TATARSTAN)


def test_a_named_date_that_is_a_day_off_moves_to_the_next_working_day() -> None:
    saturday = date(2027, 1, 30)
    moved = due_on(saturday, RUSSIA)
    assert (moved.day, moved.moved_from, moved.checked) == (date(2027, 2, 1), saturday, True)
    assert due_on(saturday, RUSSIA, DayOff.KEEP) == Due(saturday)
    assert due_on(saturday, RUSSIA, DayOff.PREVIOUS).day == date(2027, 1, 29)


def test_a_named_date_in_an_uncovered_year_stands_as_written() -> None:
    assert due_on(date(2028, 1, 30), RUSSIA) == Due(date(2028, 1, 30), checked=False)
    assert due_on(date(2023, 1, 30), TATAR) == Due(date(2023, 1, 30), checked=False)


def test_until_a_date_without_a_year_means_the_next_one() -> None:
    january = OneOff(30, 1)
    assert january.on_or_after(date(2022, 12, 23)) == date(2023, 1, 30)
    assert january.on_or_after(date(2023, 1, 30)) == date(2023, 1, 30)
    assert january.on_or_after(date(2023, 1, 31)) == date(2024, 1, 30)
    assert OneOff(1, 3, 2023).on_or_after(date(2026, 1, 1)) == date(2023, 3, 1)
    assert OneOff(29, 2).on_or_after(date(2026, 1, 1)) == date(2026, 2, 28)


def test_the_last_day_is_in_time_and_the_next_working_day_is_late_by_one() -> None:
    friday = date(2026, 1, 30)
    assert lateness(friday, friday, RUSSIA) == InTime()
    assert lateness(friday, date(2026, 1, 31), RUSSIA) == Late(0)
    assert lateness(friday, date(2026, 2, 2), RUSSIA) == Late(1)
    assert lateness(friday, date(2026, 2, 3), RUSSIA) == Late(2)


def test_late_in_an_uncovered_year_is_late_without_a_count() -> None:
    assert lateness(date(2028, 1, 30), date(2028, 2, 3), RUSSIA) == LateUncounted(2028)
    assert lateness(date(2028, 1, 30), date(2028, 1, 30), RUSSIA) == InTime()


@pytest.mark.parametrize(
    ("today", "state", "number", "words"),
    [
        (date(2026, 5, 5), Left.AHEAD, 3, "осталось 3 рабочих дня"),
        (date(2026, 5, 7), Left.AHEAD, 1, "остался 1 рабочий день"),
        (date(2026, 4, 24), Left.AHEAD, 9, "осталось 9 рабочих дней"),
        (date(2026, 5, 12), Left.OVERDUE, 1, "просрочено на 1 рабочий день"),
        (date(2026, 5, 14), Left.OVERDUE, 3, "просрочено на 3 рабочих дня"),
    ],
)
def test_what_remains_is_said_in_working_days(
    today: date, state: Left, number: int, words: str
) -> None:
    left = remaining(date(2026, 5, 8), today, RUSSIA)
    assert (left.state, left.working_days) == (state, number)
    assert russian().plural(left.one, left.many, number) == words


def test_the_last_day_is_said_as_such() -> None:
    left = remaining(date(2026, 5, 8), date(2026, 5, 8), RUSSIA)
    assert left.state is Left.LAST_DAY
    assert russian().text(left.plain) == "сегодня последний день"


def test_what_remains_across_an_uncovered_year_is_not_counted() -> None:
    left = remaining(date(2028, 1, 30), date(2027, 12, 1), RUSSIA)
    assert (left.state, left.working_days) == (Left.AHEAD, None)
    assert remaining(date(2028, 1, 30), date(2028, 2, 1), RUSSIA).state is Left.OVERDUE


def test_half_years_of_a_case_that_begins_and_ends_in_between() -> None:
    found = periods(Every.HALF_YEAR, date(2026, 9, 1), date(2027, 8, 31))
    assert [(period.key, period.starts, period.ends) for period in found] == [
        ("2026-H2", date(2026, 9, 1), date(2026, 12, 31)),
        ("2027-H1", date(2027, 1, 1), date(2027, 6, 30)),
        ("2027-H2", date(2027, 7, 1), date(2027, 8, 31)),
    ]


def test_period_keys_name_the_period() -> None:
    day = date(2026, 11, 21)
    keys = [periods(every, day, day)[0].key for every in Every]
    assert keys == ["2026-11", "2026-Q4", "2026-H2", "2026"]


def test_a_case_that_ends_before_it_begins_has_no_periods() -> None:
    assert periods(Every.MONTH, date(2026, 9, 2), date(2026, 9, 1)) == ()


def test_a_periodic_duty_is_due_on_the_last_day_of_each_period() -> None:
    duty = PeriodicRule("analysis", Every.HALF_YEAR, day_off=DayOff.PREVIOUS)
    found = series(duty, date(2026, 9, 1), date(2028, 6, 30), RUSSIA)
    days = [one.due.day if isinstance(one.due, Due) else one.due for one in found]
    # 31.12.2026 and 31.12.2027 are days off (moved from weekends of January).
    assert days == [
        date(2026, 12, 30),
        date(2027, 6, 30),
        date(2027, 12, 30),
        Uncovered(2028),
    ]


days = st.dates(date(2022, 1, 1), date(2027, 3, 1))


@given(days, st.integers(1, 60))
def test_a_term_from_the_same_day_never_ends_later_than_one_from_the_next(
    event: date, amount: int
) -> None:
    following = due(rule(amount, Unit.WORKING_DAYS), event, RUSSIA)
    same = due(rule(amount, Unit.WORKING_DAYS, count_from=CountFrom.SAME_DAY), event, RUSSIA)
    assert isinstance(following, Due)
    assert isinstance(same, Due)
    assert same.day <= following.day
    assert RUSSIA.is_working(following.day)


@given(days, st.integers(1, 60))
def test_arriving_on_the_due_day_is_always_in_time(event: date, amount: int) -> None:
    answer = due(rule(amount, Unit.CALENDAR_DAYS), event, RUSSIA)
    assert isinstance(answer, Due)
    assert lateness(answer.day, answer.day, RUSSIA) == InTime()
    assert lateness(answer.day, answer.day + timedelta(days=1), RUSSIA) != InTime()


@given(st.dates(date(2020, 1, 1), date(2030, 1, 1)), st.integers(0, 60))
def test_months_later_is_the_matching_date_or_the_end_of_the_month(day: date, months: int) -> None:
    later = add_months(day, months)
    assert (later.year - day.year) * 12 + later.month - day.month == months
    assert later.day == day.day or (later + timedelta(days=1)).day == 1


@given(
    st.sampled_from(Every),
    st.dates(date(2022, 1, 1), date(2027, 1, 1)),
    st.integers(0, 900),
)
def test_periods_cover_a_case_without_gaps(every: Every, starts: date, length: int) -> None:
    ends = starts + timedelta(days=length)
    found = periods(every, starts, ends)
    assert found[0].starts == starts
    assert found[-1].ends == ends
    for earlier, later in pairwise(found):
        assert later.starts == earlier.ends + timedelta(days=1)
