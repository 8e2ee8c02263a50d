"""«Не менее чем за три рабочих дня» (ТК РФ, ст. 351.8)."""

from __future__ import annotations

from datetime import date

import pytest

from workflow.calendars import work_calendar
from workflow.domain.notice import keeps_notice, notice_rule
from workflow.domain.rules import Rule
from workflow.packs import load

MONDAY, FRIDAY = date(2026, 9, 14), date(2026, 9, 18)
WEEK_OF_SIX = work_calendar(week=6)


@pytest.fixture
def rule() -> Rule:
    found = notice_rule(load("yurga").rules)
    assert found is not None
    return found


@pytest.mark.parametrize("effective", [FRIDAY, date(2026, 9, 21), date(2026, 12, 31)])
def test_given_on_monday_it_may_name_friday_or_any_later_day(rule: Rule, effective: date) -> None:
    assert keeps_notice(rule, MONDAY, effective, WEEK_OF_SIX) is None


@pytest.mark.parametrize("effective", [date(2026, 9, 17), MONDAY, date(2026, 9, 1)])
def test_an_earlier_day_is_refused_with_the_article_and_the_first_possible_day(
    rule: Rule, effective: date
) -> None:
    refusal = keeps_notice(rule, MONDAY, effective, WEEK_OF_SIX)
    assert refusal is not None
    assert (refusal.code, refusal.article) == ("notice.too_early", "ТК РФ, ст. 351.8")
    assert refusal.params["earliest"] == FRIDAY
    assert refusal.params["limit"] == 3


def test_beyond_the_known_calendar_it_says_so(rule: Rule) -> None:
    refusal = keeps_notice(rule, date(2027, 12, 29), date(2028, 3, 1), WEEK_OF_SIX)
    assert refusal is not None
    assert (refusal.code, refusal.params["year"]) == ("notice.calendar_unknown", 2028)
    assert refusal.article == "ТК РФ, ст. 351.8"


def test_other_rules_say_nothing_about_notice() -> None:
    assert notice_rule([Rule("mentees_at_most", {"value": 2})]) is None
