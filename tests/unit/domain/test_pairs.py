"""How a pair lives on a day follows from its turns alone."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

import pytest

from tests.unit.domain.making_pairs import (
    MENTEE,
    MENTOR,
    SECOND_MENTEE,
    SECOND_MENTOR,
    SINCE,
    UNTIL,
    away,
    back,
    begun,
    notice,
    pair,
    proposal,
    replaced,
    turn,
    withdrawn,
)
from workflow.domain.pairs import (
    Cause,
    Pair,
    PairStatus,
    Spell,
    Turn,
    TurnKind,
    life_of,
    mentees_at_once,
    months_of,
)

IN_MAY = date(2027, 5, 12)
BEFORE = SINCE - timedelta(days=1)
AFTER = UNTIL + timedelta(days=1)


def status(of: Pair, day: date) -> PairStatus:
    return life_of(of, day).status


def times(of: Pair) -> list[tuple[UUID, date, date]]:
    return [(s.mentor, s.since, s.until) for s in life_of(of, IN_MAY).spells]


# --- From the need to the last day ---------------------------------------------------------


def test_somebody_who_needs_a_mentor_waits_for_one() -> None:
    assert status(pair(), BEFORE) is PairStatus.WAITING_FOR_MENTOR


def test_with_a_proposal_the_papers_are_collected() -> None:
    assert status(pair(proposals=(proposal(),)), BEFORE) is PairStatus.MATCHING


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (BEFORE, PairStatus.WAITING_TO_BEGIN),
        (SINCE, PairStatus.RUNNING),
        (UNTIL, PairStatus.RUNNING),
        (AFTER, PairStatus.TERM_OVER),
    ],
)
def test_an_ordered_pair_lives_from_the_first_to_the_last_day(
    day: date, expected: PairStatus
) -> None:
    assert status(pair(begun()), day) is expected


def test_terms_count_from_the_later_of_first_day_and_order() -> None:
    late = life_of(pair(begun(ordered_on=date(2026, 9, 4))), IN_MAY)
    early = life_of(pair(begun(ordered_on=date(2026, 8, 28))), IN_MAY)
    assert [s.counted_from for s in (*late.spells, *early.spells)] == [date(2026, 9, 4), SINCE]


def test_it_is_known_on_which_day_the_status_changes_by_itself() -> None:
    ordered = pair(begun())
    days = [life_of(ordered, day).changes_on for day in (BEFORE, SINCE, UNTIL, AFTER)]
    assert days == [SINCE, AFTER, AFTER, None]


# --- Extension ------------------------------------------------------------------------------


def test_an_extension_sets_another_last_day() -> None:
    longer = turn(TurnKind.EXTENDED, date(2027, 8, 1), Cause.MUTUAL, until=date(2027, 12, 31))
    assert status(pair(begun(), longer), AFTER) is PairStatus.RUNNING


def test_an_extension_does_not_undo_a_notice_given_before() -> None:
    longer = turn(TurnKind.EXTENDED, IN_MAY, Cause.MUTUAL, until=date(2027, 12, 31))
    lived = life_of(pair(begun(), notice(date(2027, 6, 1)), longer), date(2027, 6, 1))
    assert lived.status is PairStatus.WAITING_FOR_MENTOR
    assert lived.spell is not None
    assert lived.spell.until == date(2027, 5, 31)


# --- The mentor leaves ----------------------------------------------------------------------


def test_a_notice_counts_on_the_day_that_it_names() -> None:
    left = pair(begun(), notice(IN_MAY))
    assert status(left, IN_MAY - timedelta(days=1)) is PairStatus.RUNNING
    assert status(left, IN_MAY) is PairStatus.WAITING_FOR_MENTOR


def test_after_a_notice_the_old_proposal_proposes_nobody() -> None:
    left = pair(begun(), notice(IN_MAY), proposals=(proposal(MENTOR),))
    assert status(left, IN_MAY) is PairStatus.WAITING_FOR_MENTOR
    other = pair(begun(), notice(IN_MAY), proposals=(proposal(SECOND_MENTOR),))
    assert status(other, IN_MAY) is PairStatus.MATCHING


def test_a_notice_before_the_first_day_leaves_the_pair_without_a_mentor_at_once() -> None:
    never = pair(begun(), notice(date(2026, 8, 28)))
    assert status(never, date(2026, 8, 27)) is PairStatus.WAITING_FOR_MENTOR
    assert life_of(never, SINCE).spells[0].until < SINCE


def test_a_notice_for_a_day_after_the_term_looks_for_nobody() -> None:
    assert status(pair(begun(), notice(AFTER)), AFTER) is PairStatus.TERM_OVER


def test_a_replaced_mentor_goes_on_until_the_day_before_the_new_one() -> None:
    both = pair(begun(), replaced(IN_MAY))
    assert times(both) == [
        (MENTOR, SINCE, date(2027, 5, 11)),
        (SECOND_MENTOR, IN_MAY, UNTIL),
    ]
    assert status(both, IN_MAY - timedelta(days=1)) is PairStatus.RUNNING
    assert status(both, IN_MAY) is PairStatus.RUNNING


def test_between_two_mentors_the_pair_waits_to_begin() -> None:
    gap = pair(begun(), notice(IN_MAY), replaced(date(2027, 5, 20)))
    assert status(gap, IN_MAY) is PairStatus.WAITING_TO_BEGIN
    assert status(gap, date(2027, 5, 20)) is PairStatus.RUNNING


def test_two_replacements_never_leave_two_mentors_for_one_day() -> None:
    third = MENTEE  # any other employment
    changed = pair(begun(), replaced(date(2027, 5, 10)), replaced(date(2027, 5, 5), mentor=third))
    held = [s for s in life_of(changed, IN_MAY).spells if s.holds_on(date(2027, 5, 7))]
    assert [s.mentor for s in held] == [third]


# --- The pair ends --------------------------------------------------------------------------


def test_an_ended_pair_waits_for_nobody() -> None:
    over = pair(begun(), notice(IN_MAY), turn(TurnKind.ENDED, date(2027, 5, 20)))
    assert status(over, date(2027, 5, 19)) is PairStatus.WAITING_FOR_MENTOR
    assert status(over, date(2027, 5, 20)) is PairStatus.ENDED


def test_a_cancelled_line_is_cancelled_from_its_day_on() -> None:
    cancelled = pair(begun(), turn(TurnKind.CANCELLED, SINCE, Cause.MISTAKE))
    assert status(cancelled, SINCE) is PairStatus.CANCELLED


def test_a_group_goes_on_without_the_mentee_who_left_and_ends_with_the_last() -> None:
    first = turn(TurnKind.MENTEE_LEFT, date(2027, 3, 1), Cause.DISMISSAL, mentee=MENTEE)
    last = turn(TurnKind.MENTEE_LEFT, IN_MAY, Cause.DISMISSAL, mentee=SECOND_MENTEE)
    group = pair(begun(), first, mentees=(MENTEE, SECOND_MENTEE))
    assert life_of(group, IN_MAY).mentees == (SECOND_MENTEE,)
    assert status(group, IN_MAY) is PairStatus.RUNNING
    assert status(group.turned(last), IN_MAY) is PairStatus.ENDED


def test_a_mentee_who_will_leave_is_there_until_then() -> None:
    leaves = turn(TurnKind.MENTEE_LEFT, IN_MAY, Cause.DISMISSAL, mentee=MENTEE)
    lived = life_of(pair(begun(), leaves), IN_MAY - timedelta(days=1))
    assert (lived.status, lived.mentees) == (PairStatus.RUNNING, (MENTEE,))


def test_a_group_ends_when_the_last_leaves_whoever_was_entered_first() -> None:
    later = turn(TurnKind.MENTEE_LEFT, IN_MAY, Cause.DISMISSAL, mentee=MENTEE)
    sooner = turn(TurnKind.MENTEE_LEFT, date(2027, 3, 1), Cause.DISMISSAL, mentee=SECOND_MENTEE)
    group = pair(begun(), later, sooner, mentees=(MENTEE, SECOND_MENTEE))
    assert status(group, IN_MAY - timedelta(days=1)) is PairStatus.RUNNING
    assert status(group, IN_MAY) is PairStatus.ENDED


def test_nobody_looks_for_a_mentor_of_somebody_who_has_left() -> None:
    gone = turn(TurnKind.MENTEE_LEFT, date(2026, 8, 25), Cause.DISMISSAL, mentee=MENTEE)
    assert status(pair(gone, proposals=(proposal(),)), date(2026, 8, 25)) is PairStatus.ENDED
    assert status(pair(gone, begun()), SINCE) is PairStatus.ENDED


# --- Somebody is away for long --------------------------------------------------------------


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(2027, 1, 31), PairStatus.RUNNING),
        (date(2027, 2, 1), PairStatus.SUSPENDED),
        (date(2027, 3, 14), PairStatus.SUSPENDED),
        (date(2027, 3, 15), PairStatus.RUNNING),
    ],
)
@pytest.mark.parametrize("order", ["away first", "back first"])
def test_an_absence_with_a_known_end_suspends_in_between(
    order: str, day: date, expected: PairStatus
) -> None:
    turns = [away(date(2027, 2, 1)), back(date(2027, 3, 15))]
    # A corrected first day is recorded after the last one.
    recorded = turns if order == "away first" else turns[::-1]
    assert status(pair(begun(), *recorded), day) is expected


def test_the_return_of_one_does_not_end_the_absence_of_the_other() -> None:
    both = pair(
        begun(),
        away(date(2027, 2, 1), MENTOR),
        away(date(2027, 2, 8), MENTEE),
        back(date(2027, 2, 20), MENTEE),
    )
    assert status(both, date(2027, 2, 20)) is PairStatus.SUSPENDED


def test_the_absence_of_a_replaced_mentor_suspends_no_longer_that_of_a_mentee_does() -> None:
    away_since = date(2027, 2, 1)
    by_mentor = pair(begun(), away(away_since, MENTOR), replaced(date(2027, 2, 15)))
    by_mentee = pair(begun(), away(away_since, MENTEE), replaced(date(2027, 2, 15)))
    assert status(by_mentor, date(2027, 2, 15)) is PairStatus.RUNNING
    assert status(by_mentee, date(2027, 2, 15)) is PairStatus.SUSPENDED


def test_a_group_goes_on_without_the_mentee_who_is_away() -> None:
    first, second = date(2027, 2, 1), date(2027, 2, 8)
    group = pair(
        begun(),
        away(first, MENTEE),
        away(second, SECOND_MENTEE),
        back(date(2027, 3, 1), MENTEE),
        mentees=(MENTEE, SECOND_MENTEE),
    )
    lived = life_of(group, first)
    assert (lived.status, lived.absent) == (PairStatus.RUNNING, (MENTEE,))
    nobody = life_of(group, second)
    assert (nobody.status, nobody.absent) == (PairStatus.SUSPENDED, (MENTEE, SECOND_MENTEE))
    again = life_of(group, date(2027, 3, 1))
    assert (again.status, again.absent) == (PairStatus.RUNNING, (SECOND_MENTEE,))
    assert again.returned == ((MENTEE, date(2027, 3, 1)),)
    assert again.resumed_by is not None


def test_the_return_of_one_of_a_working_group_resumes_nothing() -> None:
    turns = away(date(2027, 2, 1), MENTEE), back(date(2027, 3, 1), MENTEE)
    group = pair(begun(), *turns, mentees=(MENTEE, SECOND_MENTEE))
    lived = life_of(group, date(2027, 3, 1))
    assert (lived.status, lived.absent, lived.resumed_by) == (PairStatus.RUNNING, (), None)
    assert lived.returned == ((MENTEE, date(2027, 3, 1)),)


def test_a_group_without_its_mentor_is_suspended() -> None:
    group = pair(begun(), away(date(2027, 2, 1)), mentees=(MENTEE, SECOND_MENTEE))
    assert status(group, date(2027, 2, 1)) is PairStatus.SUSPENDED


def test_a_return_counts_from_its_day_on() -> None:
    absent = pair(begun(), away(date(2027, 2, 1)), back(date(2027, 3, 15)))
    assert life_of(absent, date(2027, 1, 15)).resumed_by is None
    resumed = life_of(absent, date(2027, 3, 15)).resumed_by
    assert resumed is not None
    assert resumed.day == date(2027, 3, 15)


# --- What does not hold is as if it had never been ------------------------------------------


@pytest.mark.parametrize(
    "fallen",
    [notice(IN_MAY), replaced(IN_MAY), turn(TurnKind.CANCELLED, IN_MAY), away(IN_MAY)],
    ids=lambda one: str(one.kind),
)
def test_a_withdrawn_turn_leaves_no_trace(fallen: Turn) -> None:
    first = begun()
    assert life_of(pair(first, withdrawn(fallen)), IN_MAY) == life_of(pair(first), IN_MAY)


# --- Terms in months (Положение, п. 2.4) ----------------------------------------------------


@pytest.mark.parametrize(
    ("since", "until", "months", "days_over"),
    [
        (date(2026, 9, 1), date(2027, 8, 31), 12, False),
        (date(2026, 9, 1), date(2027, 2, 28), 6, False),
        (date(2026, 9, 1), date(2027, 2, 27), 5, True),
        (date(2026, 8, 31), date(2027, 2, 27), 6, False),
        (date(2026, 8, 31), date(2027, 2, 28), 6, True),
        (date(2026, 8, 31), date(2027, 2, 26), 5, True),
        (date(2027, 8, 31), date(2028, 2, 28), 6, False),  # a leap year: one day more
        (date(2027, 8, 31), date(2028, 2, 27), 5, True),
        (date(2027, 8, 31), date(2028, 2, 29), 6, True),
        (date(2026, 9, 1), date(2029, 8, 31), 36, False),
        (date(2026, 9, 1), date(2029, 9, 1), 36, True),
        (date(2028, 2, 29), date(2029, 2, 27), 12, False),
        (date(2026, 10, 15), date(2027, 4, 14), 6, False),
        (date(2026, 10, 15), date(2027, 4, 15), 6, True),
    ],
)
def test_months_are_counted_to_the_day_before_the_matching_one(
    since: date, until: date, months: int, days_over: bool
) -> None:
    assert months_of(since, until) == (months, days_over)


# --- Mentees at the same time (Положение, п. 2.5) --------------------------------------------


def held(since: date, until: date) -> Spell:
    return Spell(MENTOR, since, until, since, None)


def test_mentees_one_after_another_are_not_at_the_same_time() -> None:
    first = held(date(2026, 9, 1), date(2026, 12, 31))
    second = held(date(2027, 1, 1), UNTIL)
    assert mentees_at_once([(first, 1), (second, 1)], SINCE, UNTIL) == 1


def test_one_common_day_is_at_the_same_time() -> None:
    first = held(date(2026, 9, 1), date(2027, 1, 1))
    second = held(date(2027, 1, 1), UNTIL)
    assert mentees_at_once([(first, 1), (second, 2)], SINCE, UNTIL) == 3


def test_what_lies_outside_the_term_does_not_count() -> None:
    earlier = held(date(2025, 9, 1), date(2026, 8, 31))
    assert mentees_at_once([(earlier, 5)], SINCE, UNTIL) == 0
