"""The production calendar of an organisation, with the days that the operator has entered."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from workflow.domain.installation import CalendarOverride
from workflow.domain.organisations import Organisation
from workflow.domain.working_days import WorkCalendar
from workflow.store.unit_of_work import Repositories
from workflow.usecases.services import Services

#: In the settings of the installation: years whose regional days are all entered, «RU-TA:2027».
COMPLETE = "calendar.complete"


def calendar_of(tx: Repositories, services: Services, organisation: Organisation) -> WorkCalendar:
    """Return the calendar that the organisation's deadlines are counted by."""
    return calendars_of(tx, services, [organisation])[organisation.id]


def calendars_of(
    tx: Repositories, services: Services, organisations: Iterable[Organisation]
) -> dict[UUID, WorkCalendar]:
    """Return the calendars by organisation, in two queries for all of them.

    Days of the organisation go before those of its region, these before those of the country.
    """
    asked = {organisation.id: organisation for organisation in organisations}
    regions = {"", *(organisation.region for organisation in asked.values())}
    entered = tx.calendar_overrides.of_many(regions, asked)
    installation = tx.installations.find()
    complete = complete_years(installation.settings.get(COMPLETE) if installation else None)
    return {
        organisation.id: services.calendars.calendar(
            organisation.region,
            organisation.week,
            _overrides(entered, organisation),
            complete.get(organisation.region, frozenset()),
        )
        for organisation in asked.values()
    }


def complete_years(stored: object) -> dict[str, frozenset[int]]:
    """Return the years of each region from the setting as it is stored."""
    years: dict[str, set[int]] = {}
    for entry in stored if isinstance(stored, list | tuple) else ():
        region, _, year = str(entry).rpartition(":")
        years.setdefault(region, set()).add(int(year))
    return {region: frozenset(found) for region, found in years.items()}


def _overrides(
    entered: Iterable[CalendarOverride], organisation: Organisation
) -> tuple[CalendarOverride, ...]:
    def rank(override: CalendarOverride) -> int:
        if override.organisation_id is not None:
            return 2
        return 1 if override.region else 0

    own = [
        override
        for override in entered
        if override.organisation_id == organisation.id
        or (override.organisation_id is None and override.region in ("", organisation.region))
    ]
    by_day = {override.day: override for override in sorted(own, key=rank)}
    return tuple(by_day[day] for day in sorted(by_day))
