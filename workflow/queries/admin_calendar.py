"""Days that the operator has entered against the production calendar."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from workflow.domain.installation import CalendarOverride
from workflow.domain.mandates import Actor
from workflow.domain.organisations import Organisation
from workflow.queries.admin import operators_reading
from workflow.usecases.services import Services
from workflow.usecases.work_calendars import COMPLETE, complete_years


@dataclass(frozen=True)
class EnteredDay:
    """`organisation` is its short name, empty for a region's or the country's day."""

    override: CalendarOverride
    organisation: str


@dataclass(frozen=True)
class CalendarPage:
    """The days in their order; `complete` names years whose regional days are all entered."""

    days: tuple[EnteredDay, ...]
    complete: Mapping[str, frozenset[int]]


def calendar_page(services: Services, actor: Actor) -> CalendarPage:
    """Return every day that was entered."""
    with operators_reading(services, actor) as tx:
        days = tx.calendar_overrides.all()
        places = tx.organisations.load_many(d.organisation_id for d in days if d.organisation_id)
        installation = tx.installations.find()
    return CalendarPage(
        tuple(EnteredDay(day, _name(places, day.organisation_id)) for day in days),
        complete_years(installation.settings.get(COMPLETE) if installation else None),
    )


def _name(places: Mapping[UUID, Organisation], organisation_id: UUID | None) -> str:
    place = places.get(organisation_id) if organisation_id else None
    return place.short_name if place else ""
