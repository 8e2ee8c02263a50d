"""Every check, gate and notice of pairs: once accepted, once refused, the article in the message.

The table is held against the source of the domain and the packs: a new refusal, rule or gate that
has no row here fails the test.
"""

from __future__ import annotations

import ast
import inspect
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from fnmatch import fnmatchcase
from typing import Any

import pytest

from tests.unit.domain.making_pairs import (
    MENTEE,
    MENTOR,
    SECOND_MENTOR,
    SINCE,
    UNTIL,
    begun,
    pair,
    turn,
)
from web.refusals import tell
from web.words import russian
from workflow.calendars import work_calendar
from workflow.domain import gates, matching, notice
from workflow.domain.gates import (
    LineTerms,
    Paper,
    is_still_asked,
    is_waiting,
    open_gates,
    refusal_of,
    starts_in_time,
)
from workflow.domain.matching import (
    EXPERIENCE,
    MENTEES_AT_MOST,
    MENTOR_IS_MENTEE,
    NEWLY_BEGUN,
    RULES_IN_WORDS,
    SHOWN,
    TERM_AT_LEAST,
    TERM_AT_MOST,
    Candidate,
    Outcome,
    checks_of,
)
from workflow.domain.notice import NOTICE_RULE, keeps_notice, notice_rule
from workflow.domain.pairs import ASSIGNMENT, Pair, TurnKind, life_of
from workflow.domain.refusals import Refusal
from workflow.domain.regulations import Gate, GateOf, Regulation
from workflow.packs import load, names

LABOUR_CODE = "ТК РФ, ст. 351.8"
YURGA = load("yurga")
WEEK_OF_SIX = work_calendar(week=6)
ONE_DAY = timedelta(days=1)
GIVEN_ON = date(2026, 9, 14)

Answer = Refusal | None


@dataclass(frozen=True)
class Held:
    """A row: the article of the rule, what is accepted by it and what is refused."""

    article: str
    accepted: Callable[[], Answer]
    refused: Callable[[], Answer]


# --- Checks (matching.py) -------------------------------------------------------------------

SUITABLE = Candidate(
    mentoring="traditional",
    since=SINCE,
    until=UNTIL,
    mentees=1,
    experience={"in_field": 10},
    mentees_elsewhere=0,
    mentee_experience=({"pedagogical": 3},),
)


def checked(key: str, **changed: Any) -> Answer:
    """What the check says of the suitable candidate, changed like this."""
    made = checks_of(YURGA.rules, replace(SUITABLE, **changed))
    return next(check.refusal for check in made if check.key == key)


def check(key: str, article: str, **wrong: Any) -> Held:
    return Held(article, lambda: checked(key), lambda: checked(key, **wrong))


CHECKS = {
    f"pair.{MENTOR_IS_MENTEE}": check(MENTOR_IS_MENTEE, LABOUR_CODE, same_person=True),
    f"rule.{EXPERIENCE}": check(EXPERIENCE, "Положение, п. 2.1", experience={"in_field": 9}),
    f"rule.{EXPERIENCE}.unknown": check(EXPERIENCE, "Положение, п. 2.1", experience={}),
    f"rule.{MENTEES_AT_MOST}": check(MENTEES_AT_MOST, "Положение, п. 2.5", mentees=3),
    f"rule.{MENTEES_AT_MOST}.unknown": check(
        MENTEES_AT_MOST, "Положение, п. 2.5", mentees_elsewhere=None
    ),
    f"rule.{TERM_AT_LEAST}": check(TERM_AT_LEAST, "Положение, п. 2.4", until=date(2027, 2, 27)),
    f"rule.{TERM_AT_MOST}": check(TERM_AT_MOST, "Положение, п. 2.4", until=date(2029, 9, 1)),
    f"rule.{NEWLY_BEGUN}": check(
        NEWLY_BEGUN, "Положение, п. 2.1", mentee_experience=({"pedagogical": 4},)
    ),
    f"rule.{NEWLY_BEGUN}.unknown": check(NEWLY_BEGUN, "Положение, п. 2.1", mentee_experience=({},)),
}

# --- Gates (gates.py) -----------------------------------------------------------------------

PROPOSED = pair()
TERMS = LineTerms(PROPOSED.id, MENTOR, (MENTEE,), SINCE, UNTIL)
EARLY = SINCE - 10 * ONE_DAY


def paper_for(one: Gate) -> Paper:
    person, mentor = (MENTOR, None) if one.of is GateOf.MENTOR else (MENTEE, MENTOR)
    return Paper(one.type_code, person, EARLY, mentor=mentor, since=SINCE, until=UNTIL)


def passed(one: Gate, *papers: Paper) -> Answer:
    missing = open_gates((one,), TERMS, papers)
    return refusal_of(missing[0], "Зотова Н. Л.", "Бумага") if missing else None


def gate(key: str, article: str) -> Held:
    """A gate of the order (D14): open without its paper."""
    one = next(g for g in YURGA.document_types["D14"].gates if g.key == key)
    return Held(article, lambda: passed(one, paper_for(one)), lambda: passed(one))


def begins(ordered_on: date) -> Answer:
    asked = YURGA.document_types["D14"].gates
    return starts_in_time(TERMS, ordered_on, [paper_for(one) for one in asked], asked)


def brought_together(about: Pair) -> Answer:
    return is_waiting(life_of(about, CANCELLED_ON), LABOUR_CODE)


def asked_for(mentor: Any, on: date = SINCE, *, about: Pair | None = None) -> Answer:
    led = about or pair(begun())
    return is_still_asked(led, life_of(led, on), mentor, LABOUR_CODE)


CANCELLED_ON = SINCE + 10 * ONE_DAY
CANCELLED = pair(begun(), turn(TurnKind.CANCELLED, CANCELLED_ON))

GATES = {
    "line.consent_mentor": gate("consent_mentor", LABOUR_CODE),
    "line.consent_mentee": gate("consent_mentee", "ТК РФ, ст. 60"),
    "line.agreement": gate("agreement", LABOUR_CODE),
    "line.led_already": Held(
        LABOUR_CODE, lambda: brought_together(PROPOSED), lambda: brought_together(pair(begun()))
    ),
    "line.pair_over": Held(
        LABOUR_CODE, lambda: brought_together(PROPOSED), lambda: brought_together(CANCELLED)
    ),
    "line.starts_before_order": Held(
        LABOUR_CODE, lambda: begins(SINCE), lambda: begins(SINCE + ONE_DAY)
    ),
    "paper.pair_over": Held(
        LABOUR_CODE, lambda: asked_for(MENTOR, UNTIL), lambda: asked_for(MENTOR, UNTIL + ONE_DAY)
    ),
    "paper.other_mentor": Held(
        LABOUR_CODE, lambda: asked_for(MENTOR), lambda: asked_for(SECOND_MENTOR)
    ),
    "paper.line_cancelled": Held(
        LABOUR_CODE,
        lambda: asked_for(MENTOR, CANCELLED_ON - ONE_DAY, about=CANCELLED),
        lambda: asked_for(MENTOR, CANCELLED_ON, about=CANCELLED),
    ),
}

# --- Notices (notice.py) --------------------------------------------------------------------


def warned(given_on: date, effective: date) -> Answer:
    rule = notice_rule(YURGA.rules)
    assert rule is not None
    return keeps_notice(rule, given_on, effective, WEEK_OF_SIX)


FRIDAY = date(2026, 9, 18)

NOTICES = {
    "notice.too_early": Held(
        LABOUR_CODE, lambda: warned(GIVEN_ON, FRIDAY), lambda: warned(GIVEN_ON, FRIDAY - ONE_DAY)
    ),
    "notice.calendar_unknown": Held(
        LABOUR_CODE,
        lambda: warned(GIVEN_ON, date(2028, 3, 1)),
        lambda: warned(date(2027, 12, 29), date(2028, 3, 1)),
    ),
}

TABLE = CHECKS | GATES | NOTICES


# --- The rows -------------------------------------------------------------------------------


@pytest.mark.parametrize("code", TABLE)
def test_what_keeps_the_rule_is_accepted(code: str) -> None:
    assert TABLE[code].accepted() is None


@pytest.mark.parametrize("code", TABLE)
def test_what_breaks_it_is_refused_in_russian_with_the_article(code: str) -> None:
    refusal = TABLE[code].refused()
    assert refusal is not None
    assert (refusal.code, refusal.article) == (code, TABLE[code].article)
    told = tell(refusal, russian())
    assert told.article == TABLE[code].article != ""
    assert told.what != refusal.msgid
    assert "{" not in told.what + told.todo


# --- The table is complete ------------------------------------------------------------------


def codes_in(source: str) -> set[str]:
    """The codes of the refusals that a module makes; `*` stands for what is put in later."""
    calls = [
        node
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Refusal"
    ]
    return {_pattern(call.args[0] if call.args else call.keywords[0].value) for call in calls}


def _pattern(code: ast.expr) -> str:
    match code:
        case ast.Constant(value=str(text)):
            return text
        case ast.JoinedStr(values=parts):
            texts = (p.value if isinstance(p, ast.Constant) else "*" for p in parts)
            return "".join(str(text) for text in texts)
    raise AssertionError(f"a code that cannot be read: {ast.dump(code)}")


def without_row(wanted: Iterable[str]) -> list[str]:
    return sorted(w for w in wanted if not any(fnmatchcase(code, w) for code in TABLE))


@pytest.mark.parametrize("module", [matching, gates, notice], ids=lambda m: m.__name__)
def test_every_refusal_of_the_domain_has_a_row(module: Any) -> None:
    found = codes_in(inspect.getsource(module))
    assert found
    assert without_row(found) == []


def test_every_rule_that_is_shown_has_its_words_and_its_rows() -> None:
    assert set(RULES_IN_WORDS) == set(SHOWN)
    assert without_row(f"rule.{name}" for name in SHOWN) == []
    nobody_known = replace(SUITABLE, experience={}, mentees_elsewhere=None, mentee_experience=({},))
    unknown = [c.key for c in checks_of(YURGA.rules, nobody_known) if c.outcome is Outcome.UNKNOWN]
    assert unknown
    assert without_row(f"rule.{name}.unknown" for name in unknown) == []


def of_pairs() -> list[Regulation]:
    """The regulations of the library that know pairs."""
    found = [load(name) for name in names()]
    return [one for one in found if ASSIGNMENT in one.case_kinds]


@pytest.mark.parametrize("regulation", of_pairs(), ids=lambda r: r.name)
def test_every_rule_and_gate_of_a_pack_has_a_row_and_an_article(regulation: Regulation) -> None:
    rules = [rule for rule in regulation.rules if rule.name in (*SHOWN, NOTICE_RULE)]
    asked = [one for kind in regulation.document_types.values() for one in kind.gates]
    assert asked
    assert without_row(f"line.{one.key}" for one in asked) == []
    assert "" not in [rule.article for rule in rules] + [one.article for one in asked]


def test_a_new_check_without_a_row_is_noticed() -> None:
    source = 'Refusal("notice.new", "…")\nRefusal(code=f"seal.{key}", msgid="…")'
    assert without_row(codes_in(source)) == ["notice.new", "seal.*"]
