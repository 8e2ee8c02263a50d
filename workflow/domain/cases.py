"""Cases: a programme of an organisation for a school year; later, mentor pairs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from workflow.domain.regulations import CaseKind
from workflow.domain.routes import DocumentState


@dataclass(frozen=True)
class Case:
    """Something with a life; it keeps the version of the pack it began with."""

    id: UUID
    kind: str
    organisation_id: UUID
    title: str
    school_year: str
    pack: str
    pack_version: str
    opened_at: datetime
    opened_by: UUID
    closed_at: datetime | None = None
    version: int = 0


def school_year_of(day: date) -> str:
    """«2022/2023» for every day from 1 September 2022 to 31 August 2023."""
    first = day.year if day.month >= 9 else day.year - 1
    return f"{first}/{first + 1}"


def stage_of(
    kind: CaseKind,
    states: Mapping[str, DocumentState],
    accepted: frozenset[str],
    events: frozenset[str] = frozenset(),
) -> str:
    """The key of the last stage whose conditions hold ("" before the first).

    `states` maps a type code to the state of its newest document; `accepted` holds the type
    codes that the addressee has accepted; `events` the events of the case that have come
    (`case.ends`). Stages are reached in their order.
    """
    reached = ""
    for stage in kind.stages:
        in_force = all(
            states.get(code) in (DocumentState.IN_FORCE, DocumentState.AMENDED)
            for code in stage.when_in_force
        )
        come = not stage.after_event or stage.after_event in events
        if not (in_force and come and accepted.issuperset(stage.when_accepted)):
            break
        reached = stage.key
    return reached
