"""Who enters a meeting, of which day, and who may read it."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

import pytest

from tests import factories as make
from tests.unit.domain.making_pairs import (
    MENTEE,
    MENTOR,
    MOMENT,
    SECOND_MENTOR,
    SINCE,
    UNTIL,
    begun,
    notice,
    pair,
    replaced,
)
from workflow.domain.meetings import (
    LONGEST_TOPIC,
    Meeting,
    MeetingForm,
    is_complete,
    may_enter_meeting,
    sees_meeting,
)
from workflow.domain.pairs import life_of

TODAY = date(2027, 5, 20)
CHANGE = date(2027, 5, 12)
LIFE = life_of(pair(begun(), replaced(CHANGE)), TODAY)


def code(who: UUID, held_on: date, today: date = TODAY) -> str:
    refusal = may_enter_meeting(LIFE, [who], held_on, today)
    return refusal.code if refusal else ""


@pytest.mark.parametrize(
    ("who", "held_on", "expected"),
    [
        (MENTOR, SINCE, ""),
        (MENTOR, CHANGE - timedelta(days=1), ""),
        (MENTOR, CHANGE, "meeting.outside_term"),
        (MENTOR, SINCE - timedelta(days=1), "meeting.outside_term"),
        (SECOND_MENTOR, CHANGE, ""),
        (SECOND_MENTOR, TODAY, ""),
        (SECOND_MENTOR, CHANGE - timedelta(days=1), "meeting.outside_term"),
        (SECOND_MENTOR, TODAY + timedelta(days=1), "meeting.in_future"),
        (MENTEE, CHANGE, "meeting.not_yours"),
    ],
)
def test_each_mentor_enters_what_happened_in_the_own_time(
    who: UUID, held_on: date, expected: str
) -> None:
    assert code(who, held_on) == expected


def test_after_the_term_what_was_held_within_it_may_still_be_entered() -> None:
    later = UNTIL + timedelta(days=3)
    assert code(SECOND_MENTOR, UNTIL, later) == ""
    assert code(SECOND_MENTOR, UNTIL + timedelta(days=1), later) == "meeting.outside_term"


def test_nobody_enters_meetings_of_a_time_that_never_began() -> None:
    never = life_of(pair(begun(), notice(SINCE - timedelta(days=5))), TODAY)
    refusal = may_enter_meeting(never, [MENTOR], SINCE, TODAY)
    assert refusal is not None
    assert refusal.code == "meeting.outside_term"


@pytest.mark.parametrize(
    ("who", "curator", "sees"),
    [
        (MENTOR, False, True),
        (MENTEE, False, True),
        (SECOND_MENTOR, False, False),
        (SECOND_MENTOR, True, True),
    ],
)
def test_a_meeting_is_read_by_its_mentor_the_mentees_and_the_curator(
    who: UUID, curator: bool, sees: bool
) -> None:
    of = pair(begun(), replaced(CHANGE))
    held = Meeting(
        make.new_id(), of.id, MENTOR, SINCE, MeetingForm.LESSON, "Урок", "", MOMENT, make.new_id()
    )
    assert sees_meeting(held, of, [who], is_curator=curator) is sees


@pytest.mark.parametrize(
    ("topic", "recommendations", "expected"),
    [
        ("Рабочая программа", "", None),
        ("  ", "Посетить урок", "meeting.topic"),
        ("т" * (LONGEST_TOPIC + 1), "", "meeting.too_long"),
        ("Тема", "р" * 5_001, "meeting.too_long"),
    ],
)
def test_a_meeting_needs_a_topic_that_fits_the_journal(
    topic: str, recommendations: str, expected: str | None
) -> None:
    refusal = is_complete(topic, recommendations)
    assert (refusal.code if refusal else None) == expected
