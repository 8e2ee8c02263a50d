"""The term of notice: how early a mentor may lay the duties down, or the head cancel them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from workflow.domain.refusals import N_, Refusal
from workflow.domain.rules import Rule
from workflow.domain.working_days import Unknown, WorkCalendar

NOTICE_RULE = "notice_working_days_at_least"


def earliest_release(given_on: date, notice_days: int, calendar: WorkCalendar) -> date | Unknown:
    """The first day on which the mentor is free after a notice given on a day.

    «Не менее чем за три рабочих дня»: three full working days lie between the day of the notice
    and the day named (ТК РФ, ст. 351.8). Unknown when the calendar is not approved so far.
    """
    last = calendar.add_working_days(given_on, notice_days)
    return last if isinstance(last, Unknown) else last.day + timedelta(days=1)


def notice_rule(rules: Iterable[Rule]) -> Rule | None:
    """The regulation's rule about the term of notice."""
    return next((rule for rule in rules if rule.name == NOTICE_RULE), None)


def keeps_notice(
    rule: Rule, given_on: date, effective: date, calendar: WorkCalendar
) -> Refusal | None:
    """Whether a notice given on a day may name the day `effective`."""
    earliest = earliest_release(given_on, rule.limit(), calendar)
    if isinstance(earliest, Unknown):
        return Refusal(
            "notice.calendar_unknown",
            N_("The day cannot be checked: the calendar of {year} is not approved yet."),
            N_("Name an earlier day, or enter the days off of that year."),
            {"year": earliest.year},
            article=rule.article,
        )
    if effective >= earliest:
        return None
    return Refusal(
        "notice.too_early",
        N_("{day} is too early: the other side is warned at least {limit} working days before."),
        N_("Name {earliest} or a later day."),
        {"day": effective, "limit": rule.limit(), "earliest": earliest},
        article=rule.article,
    )
