from __future__ import annotations

import pytest

from workflow.domain.rules import Rule, RuleError, chosen_from_role, keeps_limit

AT_MOST_TWO = Rule("mentees_at_most", {"value": 2}, "Положение, п. 2.5")
FROM_DEPUTIES = Rule(
    "chosen_from_role",
    {"type": "D06", "field": "curator", "role": "deputy"},
    "Положение, п. 3.9",
    soft=True,
)


def test_a_limit_is_kept_up_to_its_number() -> None:
    assert keeps_limit(AT_MOST_TWO, 2) is None
    refusal = keeps_limit(AT_MOST_TWO, 3)
    assert refusal is not None
    assert refusal.code == "rule.mentees_at_most"
    assert refusal.article == "Положение, п. 2.5"
    assert dict(refusal.params) == {"limit": 2, "number": 3}


@pytest.mark.parametrize(("days", "kept"), [(2, False), (3, True), (4, True)])
def test_notice_may_be_longer_than_the_law_asks(days: int, kept: bool) -> None:
    notice = Rule("notice_working_days_at_least", {"value": 3})
    assert (keeps_limit(notice, days) is None) is kept


def test_a_curator_from_the_deputies_needs_no_reason() -> None:
    assert chosen_from_role(FROM_DEPUTIES, "e1", {"e1", "e2"}) is None


def test_another_curator_needs_a_reason() -> None:
    refusal = chosen_from_role(FROM_DEPUTIES, "e3", {"e1"}, reason="  ")
    assert refusal is not None
    assert refusal.article == "Положение, п. 3.9"
    assert chosen_from_role(FROM_DEPUTIES, "e3", {"e1"}, reason="Заместитель в отпуске") is None


def test_where_nobody_is_a_deputy_a_reason_is_enough() -> None:
    assert chosen_from_role(FROM_DEPUTIES, "e3", ()) is not None
    assert chosen_from_role(FROM_DEPUTIES, "e3", (), reason="Заместителей нет") is None


def test_a_hard_rule_is_not_passed_over_with_a_reason() -> None:
    hard = Rule("chosen_from_role", FROM_DEPUTIES.params)
    assert chosen_from_role(hard, "e3", {"e1"}, reason="Так удобнее") is not None


def test_a_rule_decides_only_what_it_is_for() -> None:
    with pytest.raises(RuleError):
        keeps_limit(FROM_DEPUTIES, 1)
    with pytest.raises(RuleError):
        chosen_from_role(AT_MOST_TWO, "e1", {"e1"})
    with pytest.raises(RuleError):
        Rule("mentees_at_most", {"value": "two"}).limit()
