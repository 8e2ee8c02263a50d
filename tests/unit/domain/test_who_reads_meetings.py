"""What mentor and mentee speak of is read by the two of them and the curator."""

from __future__ import annotations

from datetime import UTC, date, datetime
from uuid import UUID

import pytest

from workflow.domain.meetings import Meeting, MeetingForm, sees_meeting
from workflow.domain.pairs import Pair

MENTOR, FORMER, MENTEE, OTHER = (UUID(int=n) for n in range(1, 5))
NOW = datetime(2026, 5, 20, tzinfo=UTC)
PAIR = Pair(
    id=UUID(int=10),
    organisation_id=UUID(int=11),
    kind="traditional",
    form="teacher_teacher",
    need="",
    mentees=(MENTEE,),
    since=date(2026, 5, 18),
    until=date(2027, 5, 17),
    requested_at=NOW,
    requested_by=OTHER,
)
MEETING = Meeting(
    id=UUID(int=12),
    case_id=PAIR.id,
    mentor=MENTOR,
    held_on=date(2026, 5, 19),
    form=MeetingForm.LESSON,
    topic="Разбор урока",
    recommendations="",
    entered_at=NOW,
    entered_by=MENTOR,
)


@pytest.mark.parametrize(
    ("posts", "is_curator", "sees"),
    [
        ({MENTOR}, False, True),
        ({MENTEE}, False, True),
        ({OTHER}, True, True),
        ({FORMER}, False, False),  # another mentor of the same pair
        ({OTHER}, False, False),
        (set(), False, False),
    ],
)
def test_who_reads_a_meeting(posts: set[UUID], is_curator: bool, sees: bool) -> None:
    assert sees_meeting(MEETING, PAIR, posts, is_curator=is_curator) is sees
