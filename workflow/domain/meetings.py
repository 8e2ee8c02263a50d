"""Meetings of a mentor with the mentees: what the journal of meetings (D18) is made of."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from workflow.domain.pairs import Life, Pair
from workflow.domain.refusals import N_, Refusal

LONGEST_TOPIC = 500
LONGEST_RECOMMENDATION = 5_000


class MeetingForm(StrEnum):
    """How they met."""

    IN_PERSON = "in_person"
    ONLINE = "online"
    LESSON = "lesson"  # attending a lesson


@dataclass(frozen=True)
class Meeting:
    """One meeting of a pair (case) with the mentor of that time; removed ones are kept."""

    id: UUID
    case_id: UUID
    mentor: UUID
    held_on: date
    form: MeetingForm
    topic: str
    recommendations: str
    entered_at: datetime
    entered_by: UUID
    removed_at: datetime | None = None
    version: int = 0


def may_enter_meeting(
    life: Life, posts: Collection[UUID], held_on: date, today: date
) -> Refusal | None:
    """Whether somebody with these employments may enter a meeting of that day.

    The mentor enters what happened within the own time with the pair.
    """
    own = [s for s in life.spells if s.mentor in posts]
    if not own:
        return Refusal(
            "meeting.not_yours",
            N_("Meetings are entered by the mentor of the pair."),
            N_("Ask the mentor."),
        )
    if held_on > today:
        return Refusal(
            "meeting.in_future",
            N_("The date lies in the future."),
            N_("Enter the meeting when it has taken place."),
        )
    if not any(spell.holds_on(held_on) for spell in own):
        return Refusal(
            "meeting.outside_term",
            N_("On that day the mentoring had not begun or was over."),
            N_("Check the date of the meeting."),
        )
    return None


def sees_meeting(
    meeting: Meeting, pair: Pair, posts: Collection[UUID], *, is_curator: bool
) -> bool:
    """Whether somebody with these employments may read the meeting.

    What is spoken of there is between the two of them and the curator: the mentor who held it,
    the pair's mentees.
    """
    return is_curator or meeting.mentor in posts or any(one in posts for one in pair.mentees)


def is_complete(topic: str, recommendations: str) -> Refusal | None:
    """Whether what was typed can stand in the journal."""
    if not topic.strip():
        return Refusal(
            "meeting.topic", N_("The topic is missing."), N_("Write what the meeting was about.")
        )
    if len(topic) > LONGEST_TOPIC or len(recommendations) > LONGEST_RECOMMENDATION:
        return Refusal(
            "meeting.too_long", N_("The text is too long for the journal."), N_("Shorten it.")
        )
    return None
