"""The mentor enters meetings; the journal of meetings (D18) and the report are made of them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from workflow.domain.mandates import Actor
from workflow.domain.meetings import Meeting, MeetingForm, is_complete, may_enter_meeting
from workflow.domain.refusals import Refusal
from workflow.usecases.errors import NotFoundError
from workflow.usecases.pairs.reading import PairDesk
from workflow.usecases.pairs.request import lay_pair_locked
from workflow.usecases.services import Services


@dataclass(frozen=True)
class Held:
    """What is typed about a meeting."""

    held_on: date
    form: MeetingForm
    topic: str
    recommendations: str = ""

    @classmethod
    def of(cls, held_on: date, form: str, topic: str, recommendations: str) -> Held:
        """The same from plain values; ValueError for an unknown form."""
        return cls(held_on, MeetingForm(form), topic, recommendations)


def enter_meeting(services: Services, actor: Actor, case_id: UUID, held: Held) -> Meeting | Refusal:
    """Enter a meeting of the pair."""
    with services.uow() as tx:
        desk = lay_pair_locked(tx, services, actor, case_id)
        mentor = _mentor_on(desk, held.held_on)
        refusal = _may(desk, held)
        if refusal or mentor is None:
            assert refusal is not None
            return refusal
        meeting = Meeting(
            id=services.new_id(),
            case_id=case_id,
            mentor=mentor,
            held_on=held.held_on,
            form=held.form,
            topic=held.topic.strip(),
            recommendations=held.recommendations.strip(),
            entered_at=services.clock(),
            entered_by=desk.actor.person_id,
        )
        meeting = tx.meetings.save(meeting, None)
        tx.audit.add(desk.organisation.id, "meeting.entered", {"meeting": str(meeting.id)})
        tx.commit()
        return meeting


def change_meeting(
    services: Services, actor: Actor, case_id: UUID, meeting_id: UUID, held: Held
) -> Meeting | Refusal:
    """Correct a meeting; documents that were made of it before keep what they say."""
    with services.uow() as tx:
        desk = lay_pair_locked(tx, services, actor, case_id)
        loaded = _own(desk, tx.meetings.of_case(case_id), meeting_id)
        refusal = _may(desk, held)
        if refusal:
            return refusal
        changed = replace(
            loaded,
            held_on=held.held_on,
            form=held.form,
            topic=held.topic.strip(),
            recommendations=held.recommendations.strip(),
        )
        changed = tx.meetings.save(changed, loaded)
        tx.audit.add(desk.organisation.id, "meeting.changed", {"meeting": str(meeting_id)})
        tx.commit()
        return changed


def remove_meeting(
    services: Services, actor: Actor, case_id: UUID, meeting_id: UUID
) -> Meeting | Refusal:
    """Take a meeting that was entered by mistake out of the journal; its row is kept."""
    with services.uow() as tx:
        desk = lay_pair_locked(tx, services, actor, case_id)
        loaded = _own(desk, tx.meetings.of_case(case_id), meeting_id)
        removed = tx.meetings.save(replace(loaded, removed_at=services.clock()), loaded)
        tx.audit.add(desk.organisation.id, "meeting.removed", {"meeting": str(meeting_id)})
        tx.commit()
        return removed


def _may(desk: PairDesk, held: Held) -> Refusal | None:
    posts = [e.id for e in desk.actor.employments]
    return may_enter_meeting(desk.life, posts, held.held_on, desk.today) or is_complete(
        held.topic, held.recommendations
    )


def _mentor_on(desk: PairDesk, day: date) -> UUID | None:
    return next(
        (
            s.mentor
            for s in desk.life.spells
            if s.holds_on(day) and desk.actor.has_employment(s.mentor)
        ),
        None,
    )


def _own(desk: PairDesk, meetings: Iterable[Meeting], meeting_id: UUID) -> Meeting:
    """The meeting, if it is one of the actor's own; NotFoundError otherwise."""
    for meeting in meetings:
        if meeting.id == meeting_id and desk.actor.has_employment(meeting.mentor):
            return meeting
    raise NotFoundError(f"meeting {meeting_id}")
