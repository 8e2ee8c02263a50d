"""Whatever turns come and in whatever order: a pair's life never contradicts itself."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from tests import factories as make
from tests.unit.domain.making_pairs import MENTEE, MENTOR, SECOND_MENTEE, SECOND_MENTOR, pair, turn
from workflow.domain.pairs import Pair, PairStatus, Turn, TurnKind, life_of
from workflow.packs import load
from workflow.usecases.pairs.duties import duties_of

YURGA = load("yurga")
MENTORS, MENTEES = (MENTOR, SECOND_MENTOR, make.new_id()), (MENTEE, SECOND_MENTEE)
FIRST = date(2026, 9, 1)
ONE_DAY = timedelta(days=1)
HISTORIES = 1_000

days = st.integers(0, 60).map(lambda n: FIRST + timedelta(days=n))


@st.composite
def turns(draw: st.DrawFn) -> Turn:
    """Any turn that a document or an event of the staff may put there."""
    kind = draw(st.sampled_from(TurnKind))
    first, last = sorted((draw(days), draw(days)))
    made = turn(kind, first, ordered_on=draw(st.none() | days))
    match kind:
        case TurnKind.BEGUN | TurnKind.REPLACED:
            made = replace(made, mentor=draw(st.sampled_from(MENTORS)), until=last)
        case TurnKind.EXTENDED:
            made = replace(made, until=last)
        case TurnKind.NOTICE:  # a dismissal names whom it concerns, a notice of the pair does not
            made = replace(made, mentor=draw(st.none() | st.sampled_from(MENTORS)))
        case TurnKind.MENTEE_LEFT:
            made = replace(made, mentee=draw(st.sampled_from(MENTEES)))
        case TurnKind.SUSPENDED | TurnKind.RESUMED:
            who = draw(st.sampled_from((*MENTORS, *MENTEES)))
            named = {"mentee": who} if who in MENTEES else {"mentor": who}
            made = replace(made, **named)  # type: ignore[arg-type]  # both are employments
    fallen = draw(st.integers(0, 4)) == 0
    return replace(made, withdrawn_at=made.recorded_at) if fallen else made


histories = st.lists(turns(), max_size=8).map(lambda made: pair(*made, mentees=MENTEES))


@settings(max_examples=HISTORIES)
@given(histories, days)
def test_a_running_pair_has_one_mentor_in_the_own_time_and_somebody_to_teach(
    lived: Pair, today: date
) -> None:
    life = life_of(lived, today)
    leading = [s for s in life.spells if s.holds_on(today)]
    assert len(leading) <= 1
    if life.status is PairStatus.RUNNING:
        assert len(leading) == 1
        assert life.mentees
        assert life.suspended_by is None
    if life.status is PairStatus.SUSPENDED:
        assert life.suspended_by is not None
        assert life.suspended_by.day <= today
    if life.is_over or life.status is PairStatus.WAITING_FOR_MENTOR:
        assert not leading


@settings(max_examples=HISTORIES)
@given(histories, days)
def test_nobody_owes_anything_in_a_pair_that_they_do_not_belong_to(
    lived: Pair, today: date
) -> None:
    life = life_of(lived, today)
    duties = duties_of(YURGA, life, today)
    assert len({duty.key for duty in duties}) == len(duties)
    own = {*(s.mentor for s in life.spells), *life.mentees}
    for duty in duties:
        assert (duty.employment_id is None) != (duty.role is None)
        assert duty.employment_id is None or duty.employment_id in own
    if not life.spells:
        assert duties == ()


@settings(max_examples=HISTORIES)
@given(histories, days)
def test_withdrawn_turns_and_the_day_of_asking_leave_no_trace(lived: Pair, today: date) -> None:
    life = life_of(lived, today)
    assert life_of(replace(lived, turns=lived.held), today) == life
    for other in (today - ONE_DAY, today + ONE_DAY):
        assert life_of(lived, other).spells == life.spells


@settings(max_examples=HISTORIES)
@given(histories)
def test_the_status_changes_on_the_days_that_were_foretold(lived: Pair) -> None:
    asked = [FIRST + timedelta(days=n) for n in range(-1, 63)]
    for day, (before, after) in zip(
        asked[1:], pairwise(life_of(lived, one) for one in asked), strict=True
    ):
        if before.status is not after.status:
            assert before.changes_on == day


@settings(max_examples=HISTORIES)
@given(histories, days)
def test_each_spell_ends_before_the_next_one_begins(lived: Pair, today: date) -> None:
    spells = [s for s in life_of(lived, today).spells if s.since <= s.until]
    for one in spells:
        others = [s for s in spells if s is not one]
        assert all(s.until < one.since or s.since > one.until for s in others)
