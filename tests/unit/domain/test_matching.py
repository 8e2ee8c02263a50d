"""Does the mentor suit: each check of the regulation of Yurga met and not met."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from workflow.domain.matching import (
    EXPERIENCE,
    MENTEES_AT_MOST,
    MENTOR_IS_MENTEE,
    NEWLY_BEGUN,
    TERM_AT_LEAST,
    TERM_AT_MOST,
    Candidate,
    Check,
    Outcome,
    checks_of,
    may_be_ordered,
)
from workflow.packs import load

RULES = load("yurga").rules
SUITABLE = Candidate(
    mentoring="traditional",
    since=date(2026, 9, 1),
    until=date(2027, 8, 31),
    mentees=1,
    experience={"in_field": 10},
    mentees_elsewhere=0,
    mentee_experience=({"pedagogical": 3},),
)


def check(key: str, reason: str = "", **changed: Any) -> Check:
    reasons = {key: reason} if reason else {}
    (made,) = [c for c in checks_of(RULES, replace(SUITABLE, **changed), reasons) if c.key == key]
    return made


def test_whoever_meets_every_rule_may_be_ordered_and_each_rule_is_shown_with_its_article() -> None:
    checks = checks_of(RULES, SUITABLE)
    assert [(c.key, c.outcome, c.article) for c in checks] == [
        (MENTOR_IS_MENTEE, Outcome.MET, "ТК РФ, ст. 351.8"),
        (EXPERIENCE, Outcome.MET, "Положение, п. 2.1"),
        (MENTEES_AT_MOST, Outcome.MET, "Положение, п. 2.5"),
        (TERM_AT_LEAST, Outcome.MET, "Положение, п. 2.4"),
        (TERM_AT_MOST, Outcome.MET, "Положение, п. 2.4"),
        (NEWLY_BEGUN, Outcome.MET, "Положение, п. 2.1"),
    ]
    assert may_be_ordered(checks) is None


BEYOND = [
    (EXPERIENCE, {"experience": {"in_field": 9}}, 10, 9, "Положение, п. 2.1"),
    (MENTEES_AT_MOST, {"mentees_here": 2}, 2, 3, "Положение, п. 2.5"),
    (MENTEES_AT_MOST, {"mentees_here": 1, "mentees_elsewhere": 1}, 2, 3, "Положение, п. 2.5"),
    (MENTEES_AT_MOST, {"mentees_known": 2}, 2, 3, "Положение, п. 2.5"),
    (MENTEES_AT_MOST, {"mentees_known": 1, "mentees_elsewhere": 2}, 2, 3, "Положение, п. 2.5"),
    (MENTEES_AT_MOST, {"mentees": 3}, 2, 3, "Положение, п. 2.5"),
    (TERM_AT_LEAST, {"until": date(2027, 2, 27)}, 6, 5, "Положение, п. 2.4"),
    (TERM_AT_MOST, {"until": date(2029, 9, 1)}, 36, 37, "Положение, п. 2.4"),
    (NEWLY_BEGUN, {"mentee_experience": ({"pedagogical": 4},)}, 3, 4, "Положение, п. 2.1"),
]


@pytest.mark.parametrize(("key", "changed", "limit", "number", "article"), BEYOND)
def test_a_rule_that_is_not_kept_stops_the_order_and_names_its_article(
    key: str, changed: dict[str, Any], limit: int, number: int, article: str
) -> None:
    refusal = may_be_ordered(checks_of(RULES, replace(SUITABLE, **changed)))
    assert refusal is not None
    assert (refusal.code, refusal.article) == (f"rule.{key}", article)
    assert dict(refusal.params) == {"limit": limit, "number": number}


@pytest.mark.parametrize(
    ("key", "changed"),
    [
        (EXPERIENCE, {"experience": {"in_field": 10}}),
        (MENTEES_AT_MOST, {"mentees_here": 1}),
        (MENTEES_AT_MOST, {"mentees_elsewhere": 1}),
        (MENTEES_AT_MOST, {"mentees_known": 1, "mentees_elsewhere": 1}),
        (MENTEES_AT_MOST, {"mentees_known": 1, "mentees_here": 1}),
        (MENTEES_AT_MOST, {"mentees": 2}),
        (TERM_AT_LEAST, {"until": date(2027, 2, 28)}),
        (TERM_AT_MOST, {"until": date(2029, 8, 31)}),
        (NEWLY_BEGUN, {"mentee_experience": ({"pedagogical": 3}, {"pedagogical": 0})}),
    ],
)
def test_the_limit_itself_keeps_the_rule(key: str, changed: dict[str, Any]) -> None:
    assert check(key, **changed).outcome is Outcome.MET


@pytest.mark.parametrize(
    ("key", "changed"),
    [
        (EXPERIENCE, {"experience": {"total": 30, "pedagogical": 25}}),
        (MENTEES_AT_MOST, {"mentees_elsewhere": None}),
    ],
)
def test_what_is_not_known_is_asked_for_and_stops_the_order(
    key: str, changed: dict[str, Any]
) -> None:
    unknown = check(key, **changed)
    assert (unknown.outcome, unknown.stops) == (Outcome.UNKNOWN, True)
    assert unknown.refusal is not None
    assert unknown.refusal.code == f"rule.{key}.unknown"
    assert unknown.refusal.article == unknown.article != ""


def test_a_soft_check_gives_way_to_the_heads_reason() -> None:
    newly_appointed: dict[str, Any] = {"mentee_experience": ({"pedagogical": 12},)}
    assert check(NEWLY_BEGUN, **newly_appointed).stops
    passed = check(NEWLY_BEGUN, "назначена на новую должность", **newly_appointed)
    assert (passed.outcome, passed.stops) == (Outcome.PASSED_OVER, False)
    assert passed.reason == "назначена на новую должность"
    assert check(NEWLY_BEGUN, "   ", **newly_appointed).stops


def test_a_hard_check_gives_way_to_no_reason() -> None:
    assert check(EXPERIENCE, "хороший учитель", experience={"in_field": 9}).stops


def test_a_soft_check_that_cannot_be_made_stops_nothing() -> None:
    unknown = check(NEWLY_BEGUN, mentee_experience=({},))
    assert (unknown.outcome, unknown.stops) == (Outcome.UNKNOWN, False)


def test_nobody_is_the_own_mentor() -> None:
    refusal = may_be_ordered(checks_of(RULES, replace(SUITABLE, same_person=True)))
    assert refusal is not None
    assert (refusal.code, refusal.article) == ("pair.mentor_is_mentee", "ТК РФ, ст. 351.8")


def test_each_kind_of_mentoring_has_its_own_limits() -> None:
    leading = replace(SUITABLE, mentoring="leadership", experience={"managerial": 5}, mentees=5)
    assert may_be_ordered(checks_of(RULES, leading)) is None
    assert may_be_ordered(checks_of(RULES, replace(leading, mentees=6))) is not None
    too_new = may_be_ordered(checks_of(RULES, replace(leading, experience={"managerial": 4})))
    assert too_new is not None
    assert too_new.params["limit"] == 5
