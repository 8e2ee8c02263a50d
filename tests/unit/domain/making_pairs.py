"""Pairs and their turns, as short as a test can say them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

from tests import factories as make
from workflow.domain.pairs import Cause, Pair, Proposal, Turn, TurnKind

MENTOR, SECOND_MENTOR = make.new_id(), make.new_id()
MENTEE, SECOND_MENTEE = make.new_id(), make.new_id()
HEAD = make.new_id()
#: The first and the last day of the ordered term.
SINCE, UNTIL = date(2026, 9, 1), date(2027, 8, 31)
MOMENT = datetime(2026, 8, 20, 3, tzinfo=UTC)


def pair(*turns: Turn, **changed: Any) -> Pair:
    """A teacher who needs a mentor for a school year."""
    wanted = Pair(
        id=make.new_id(),
        organisation_id=make.new_id(),
        kind="traditional",
        form="teacher_teacher",
        need="подготовка к урокам",
        mentees=(MENTEE,),
        since=SINCE,
        until=UNTIL,
        requested_at=MOMENT,
        requested_by=HEAD,
        turns=turns,
    )
    return replace(wanted, **changed)


def turn(kind: TurnKind, day: date, cause: Cause = Cause.ORDER, **changed: Any) -> Turn:
    return Turn(make.new_id(), kind, day, cause, MOMENT, **changed)


def begun(since: date = SINCE, until: date = UNTIL, **changed: Any) -> Turn:
    return turn(TurnKind.BEGUN, since, **{"mentor": MENTOR, "until": until, **changed})


def replaced(since: date, until: date = UNTIL, **changed: Any) -> Turn:
    return turn(TurnKind.REPLACED, since, **{"mentor": SECOND_MENTOR, "until": until, **changed})


def notice(day: date, **changed: Any) -> Turn:
    return turn(TurnKind.NOTICE, day, Cause.RESIGNATION, **changed)


def away(since: date, who: UUID = MENTOR) -> Turn:
    return _absent(TurnKind.SUSPENDED, since, who)


def back(day: date, who: UUID = MENTOR) -> Turn:
    return _absent(TurnKind.RESUMED, day, who)


def _absent(kind: TurnKind, day: date, who: UUID) -> Turn:
    named = {"mentor": who} if who in (MENTOR, SECOND_MENTOR) else {"mentee": who}
    return turn(kind, day, Cause.LEAVE, **named)


def withdrawn(fallen: Turn) -> Turn:
    """The turn after the signature behind it did not hold."""
    return replace(fallen, withdrawn_at=MOMENT + timedelta(days=1))


def proposal(mentor: UUID = MENTOR) -> Proposal:
    return Proposal(mentor, SINCE, UNTIL, MOMENT, HEAD)
