"""Which papers must be in force before an order names the pair (ТК РФ, ст. 351.8)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from tests import factories as make
from tests.unit.domain.making_pairs import (
    MENTEE,
    MENTOR,
    SECOND_MENTEE,
    SECOND_MENTOR,
    SINCE,
    UNTIL,
)
from workflow.domain.gates import (
    LineTerms,
    OpenGate,
    Paper,
    open_gates,
    refusal_of,
    starts_in_time,
)
from workflow.packs import load

GATES = load("yurga").document_types["D14"].gates
EARLY = date(2026, 8, 20)
TERMS = LineTerms(make.new_id(), MENTOR, (MENTEE, SECOND_MENTEE), SINCE, UNTIL)
ONE_DAY = timedelta(days=1)


def paper(code: str, person: Any = MENTOR, **changed: Any) -> Paper:
    return replace(Paper(code, person, EARLY, since=SINCE, until=UNTIL), **changed)


MENTORS = paper("D09", mentees=(MENTEE, SECOND_MENTEE))
MENTEES = (
    paper("D10", MENTEE, mentor=MENTOR),
    paper("D10", SECOND_MENTEE, mentor=MENTOR),
)
AGREEMENT = paper("D13", mentees=(MENTEE, SECOND_MENTEE))
ALL = (MENTORS, *MENTEES, AGREEMENT)


def missing(*papers: Paper, terms: LineTerms = TERMS) -> list[tuple[str, Any, bool]]:
    found = open_gates(GATES, terms, papers)
    return [(one.gate.type_code, one.person, one.other_terms) for one in found]


def test_with_all_papers_every_gate_is_open_for_the_order() -> None:
    assert missing(*ALL) == []


@pytest.mark.parametrize(
    ("without", "expected"),
    [
        (MENTORS, ("D09", MENTOR, False)),
        (MENTEES[0], ("D10", MENTEE, False)),
        (MENTEES[1], ("D10", SECOND_MENTEE, False)),
        (AGREEMENT, ("D13", MENTOR, False)),
    ],
)
def test_each_paper_that_is_missing_is_named(without: Paper, expected: Any) -> None:
    assert missing(*(p for p in ALL if p is not without)) == [expected]


def test_without_any_paper_all_are_named_in_the_order_of_the_regulation() -> None:
    assert missing() == [
        ("D09", MENTOR, False),
        ("D10", MENTEE, False),
        ("D10", SECOND_MENTEE, False),
        ("D13", MENTOR, False),
    ]


@pytest.mark.parametrize(
    "changed",
    [
        {"until": UNTIL - ONE_DAY},
        {"since": SINCE + ONE_DAY},
        {"mentees": (MENTEE,)},
    ],
    ids=["ends earlier", "begins later", "another group"],
)
def test_a_consent_for_other_days_or_mentees_does_not_count(changed: dict[str, Any]) -> None:
    others = (replace(MENTORS, **changed), *MENTEES, AGREEMENT)
    assert missing(*others) == [("D09", MENTOR, True)]


def test_a_mentees_consent_to_another_mentor_does_not_count() -> None:
    other = replace(MENTEES[0], mentor=SECOND_MENTOR)
    assert missing(MENTORS, other, MENTEES[1], AGREEMENT) == [("D10", MENTEE, True)]


def test_a_consent_for_more_days_and_a_second_one_for_the_right_days_count() -> None:
    longer = replace(MENTORS, since=SINCE - ONE_DAY, until=UNTIL + ONE_DAY)
    assert missing(longer, *MENTEES, AGREEMENT) == []
    wrong = replace(MENTORS, until=UNTIL - ONE_DAY)
    assert missing(wrong, MENTORS, *MENTEES, AGREEMENT) == []


def test_a_clause_of_the_contract_stands_in_for_the_agreement_alone() -> None:
    by_contract = replace(TERMS, clause="трудовой договор № 14, п. 2.7")
    assert missing(MENTORS, *MENTEES, terms=by_contract) == []
    assert missing(*MENTEES, terms=by_contract) == [("D09", MENTOR, False)]
    blank = replace(TERMS, clause="  ")
    assert missing(MENTORS, *MENTEES, terms=blank) == [("D13", MENTOR, False)]


def test_refusals_name_the_person_and_the_article() -> None:
    refusals = [refusal_of(gate, "Зотова Н. Л.", "Бумага") for gate in open_gates(GATES, TERMS, ())]
    assert [(r.code, r.article) for r in refusals] == [
        (f"line.{gate.key}", gate.article) for gate in (GATES[0], GATES[1], GATES[1], GATES[2])
    ]
    assert all(r.article for r in refusals)
    assert {gate.key: gate.article for gate in GATES}["consent_mentor"] == "ТК РФ, ст. 351.8"
    assert {r.params["person"] for r in refusals} == {"Зотова Н. Л."}


def test_a_paper_for_other_terms_is_refused_in_other_words_than_a_missing_one() -> None:
    gate = GATES[0]
    none = refusal_of(OpenGate(gate, MENTOR), "Зотова Н. Л.", "Согласие наставника")
    other = refusal_of(
        OpenGate(gate, MENTOR, other_terms=True), "Зотова Н. Л.", "Согласие наставника"
    )
    assert none.code == other.code
    assert none.msgid != other.msgid


# --- A first day before the order -----------------------------------------------------------


def starts(ordered_on: date, *papers: Paper, reason: str = "") -> str:
    terms = replace(TERMS, early_start_reason=reason)
    refusal = starts_in_time(terms, ordered_on, papers or ALL, GATES)
    return refusal.msgid if refusal else ""


def test_a_start_on_the_day_of_the_order_or_later_is_in_time() -> None:
    assert starts(SINCE) == ""
    assert starts(SINCE - ONE_DAY) == ""


def test_a_start_before_the_order_is_refused() -> None:
    assert "before the order" in starts(SINCE + ONE_DAY)


def test_the_head_may_confirm_it_when_consent_and_agreement_are_earlier() -> None:
    late = SINCE + ONE_DAY
    assert starts(late, reason="приказ задержан из-за болезни") == ""
    assert starts(late, reason="  ") != ""


@pytest.mark.parametrize("code", ["D09", "D13"])
def test_no_reason_helps_when_a_paper_of_the_mentor_is_later_than_the_start(code: str) -> None:
    late = SINCE + ONE_DAY
    papers = [replace(p, dated=late) if p.type_code == code else p for p in ALL]
    assert starts(late, *papers, reason="приказ задержан") != ""
