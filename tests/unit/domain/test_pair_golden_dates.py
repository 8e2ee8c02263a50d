"""The days of a pair by the regulation of Yurga and the real calendar, worked out by hand.

Plan and report: «в течение пяти рабочих дней» (п. 4.1, 6.1), the day itself does not count. Notice:
three full working days lie between it and the first day without the duties (ТК РФ, ст. 351.8).
"""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from tests.unit.domain.making_pairs import MENTEE, MENTOR, begun, pair
from workflow.calendars import work_calendar
from workflow.domain.deadlines import Due, Uncovered, due
from workflow.domain.notice import earliest_release, notice_rule
from workflow.domain.pairs import life_of
from workflow.domain.regulations import Role
from workflow.domain.working_days import Unknown
from workflow.packs import load
from workflow.usecases.pairs.duties import Duty, duties_of

YURGA = load("yurga")
ONE_DAY = timedelta(days=1)
DEC_29, APRIL_30, WORKING_SATURDAY = date(2026, 12, 29), date(2026, 4, 30), date(2025, 11, 1)


def day(of: Duty, week: int) -> date:
    answer = due(of.rule, of.event, work_calendar(week=week))
    assert isinstance(answer, Due)
    return answer.day


def owed(since: date, until: date, ordered_on: date | None = None) -> dict[str, Duty]:
    life = life_of(pair(begun(since, until, ordered_on=ordered_on)), since)
    return {f"{duty.kind.code}.{duty.step.key}": duty for duty in duties_of(YURGA, life, since)}


#: What counts, in a five- and in a six-day week, and why.
FIVE_DAYS_AFTER = [
    # 30 December, then the holidays to 8 January and the moved day of 31 December;
    # 9 January is a Saturday.
    (DEC_29, date(2027, 1, 14), date(2027, 1, 13)),
    # 30 December; 9 January 2026 rests for Saturday 3 January, but not in a six-day week.
    (date(2025, 12, 29), date(2026, 1, 15), date(2026, 1, 13)),
    # 1 May; then Saturday 2 May is worked in a six-day week.
    (APRIL_30, date(2026, 5, 8), date(2026, 5, 7)),
    # Monday 3 November rests for that Saturday, but not in a six-day week; 4 November is a holiday.
    (WORKING_SATURDAY, date(2025, 11, 11), date(2025, 11, 8)),
    # The working Saturday itself counts as the second day.
    (date(2025, 10, 30), date(2025, 11, 7), date(2025, 11, 6)),
    # Nothing on the way.
    (date(2026, 9, 14), date(2026, 9, 21), date(2026, 9, 19)),
]


@pytest.mark.parametrize(("since", "in_five", "in_six"), FIVE_DAYS_AFTER)
def test_the_plan_is_due_five_working_days_after_the_start(
    since: date, in_five: date, in_six: date
) -> None:
    duties = owed(since, since + timedelta(days=250))
    for plan in (duties["D16.sign_mentor"], duties["D16.sign_curator"]):
        assert (day(plan, week=5), day(plan, week=6)) == (in_five, in_six)
        assert plan.rule.article == "Положение, п. 4.1"


@pytest.mark.parametrize(("until", "in_five", "in_six"), FIVE_DAYS_AFTER)
def test_report_and_questionnaire_are_due_five_working_days_after_the_end(
    until: date, in_five: date, in_six: date
) -> None:
    duties = owed(until - timedelta(days=250), until)
    for paper in (duties["D26.sign_mentor"], duties["D27.sign"]):
        assert (day(paper, week=5), day(paper, week=6)) == (in_five, in_six)
        assert paper.rule.article == "Положение, п. 6.1"


def test_the_days_of_the_plan_count_from_the_order_when_it_is_later() -> None:
    duties = owed(date(2026, 12, 21), date(2027, 8, 31), ordered_on=DEC_29)
    assert day(duties["D16.sign_mentor"], week=6) == date(2027, 1, 13)


@pytest.mark.parametrize(
    ("given_on", "in_five", "in_six"),
    [
        (date(2026, 9, 14), date(2026, 9, 18), date(2026, 9, 18)),  # Monday → Friday
        (date(2026, 9, 18), date(2026, 9, 24), date(2026, 9, 23)),  # Friday → Thursday, Wednesday
        (DEC_29, date(2027, 1, 13), date(2027, 1, 12)),
        (APRIL_30, date(2026, 5, 7), date(2026, 5, 6)),
        (WORKING_SATURDAY, date(2025, 11, 8), date(2025, 11, 7)),
        (date(2025, 10, 30), date(2025, 11, 6), date(2025, 11, 4)),  # free of duties on a holiday
    ],
)
def test_three_full_working_days_lie_between_notice_and_release(
    given_on: date, in_five: date, in_six: date
) -> None:
    rule = notice_rule(YURGA.rules)
    assert rule is not None
    assert (rule.limit(), rule.article) == (3, "ТК РФ, ст. 351.8")
    days = [earliest_release(given_on, rule.limit(), work_calendar(week=w)) for w in (5, 6)]
    assert days == [in_five, in_six]


def test_a_term_that_ends_beyond_the_known_calendar_has_no_day_yet() -> None:
    duties = owed(date(2026, 9, 1), date(2029, 8, 31))
    report = duties["D26.sign_mentor"]
    assert due(report.rule, report.event, work_calendar(week=6)) == Uncovered(2029)
    assert day(duties["D16.sign_mentor"], week=6) == date(2026, 9, 7)


def test_a_term_over_the_new_year_of_an_unknown_calendar_names_that_year() -> None:
    report = owed(date(2027, 3, 1), date(2027, 12, 29))["D26.sign_mentor"]
    assert due(report.rule, report.event, work_calendar(week=6)) == Uncovered(2028)
    assert earliest_release(date(2027, 12, 29), 3, work_calendar(week=6)) == Unknown(2028)


def test_everybody_owes_the_own_signature() -> None:
    duties = owed(date(2026, 9, 1), date(2027, 8, 31))
    debtors = {key: duty.employment_id or duty.role for key, duty in duties.items()}
    assert debtors == {
        "D16.sign_mentor": MENTOR,
        "D16.sign_curator": Role.CURATOR,
        "D26.sign_mentor": MENTOR,
        "D27.sign": MENTEE,
    }
