"""Days that differ from the production calendar: entered and taken back by the operator."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from workflow.domain.administration import may_administer
from workflow.domain.installation import CalendarOverride, Installation
from workflow.domain.mandates import Actor
from workflow.domain.refusals import N_, Refusal
from workflow.store.audit import INSTALLATION
from workflow.store.errors import MissingRowError
from workflow.store.unit_of_work import Transaction
from workflow.usecases import desk as desks
from workflow.usecases.errors import NotFoundError
from workflow.usecases.services import Services
from workflow.usecases.work_calendars import COMPLETE, complete_years


@dataclass(frozen=True)
class NewDay:
    """A day off that is worked, or a working day that is off, with the act it rests on.

    For one organisation, or for a region ("" is the whole country).
    """

    day: date
    working: bool
    source: str
    region: str = ""
    organisation_id: UUID | None = None


def enter_day(services: Services, actor: Actor, new: NewDay) -> CalendarOverride | Refusal:
    """Enter a day; deadlines are counted by it from now on."""
    with services.uow() as tx:
        refusal = may_administer(desks.actor_of(tx, actor.person_id)) or _checked(tx, new)
        if refusal:
            return refusal
        override = CalendarOverride(
            id=services.new_id(),
            region="" if new.organisation_id else new.region,
            organisation_id=new.organisation_id,
            day=new.day,
            working=new.working,
            source=new.source.strip(),
            added_at=services.clock(),
            added_by=actor.person_id,
        )
        saved = tx.calendar_overrides.save(override)
        tx.audit.add(INSTALLATION, "calendar.day_entered", {"day": new.day.isoformat()})
        tx.commit()
        return saved


def _checked(tx: Transaction, new: NewDay) -> Refusal | None:
    if not new.source.strip():
        return Refusal(
            "calendar.source_missing",
            N_("The ground is missing: which act changes the day?"),
            N_("Name the decree or the order."),
        )
    try:
        known = (
            tx.calendar_overrides.of_organisation(tx.organisations.load(new.organisation_id).id)
            if new.organisation_id
            else tx.calendar_overrides.of_region(new.region)
        )
    except MissingRowError as error:
        raise NotFoundError(str(error)) from error
    if any(override.day == new.day for override in known):
        return Refusal(
            "calendar.day_known",
            N_("This day has been entered already."),
            N_("Remove the entry first if it is wrong."),
        )
    return None


def remove_day(services: Services, actor: Actor, override_id: UUID) -> Refusal | None:
    """Take a day back: it is again as the production calendar says."""
    with services.uow() as tx:
        refusal = may_administer(desks.actor_of(tx, actor.person_id))
        if refusal:
            return refusal
        try:
            override = tx.calendar_overrides.load(override_id)
            tx.calendar_overrides.remove(override)
        except MissingRowError as error:
            raise NotFoundError(str(error)) from error
        tx.audit.add(INSTALLATION, "calendar.day_removed", {"day": override.day.isoformat()})
        tx.commit()
    return None


def complete_year(
    services: Services, actor: Actor, region: str, year: int
) -> Installation | Refusal:
    """Say that all days of a region are entered for a year, so that its days can be counted."""
    with services.uow() as tx:
        refusal = may_administer(desks.actor_of(tx, actor.person_id))
        if refusal:
            return refusal
        if not region:
            return Refusal(
                "calendar.no_region",
                N_("Only the days of a region can be complete; the country's come with updates."),
                N_("Choose a region."),
            )
        before = tx.installations.find()
        if before is None:
            raise NotFoundError("there is no installation")
        known = complete_years(before.settings.get(COMPLETE))
        known[region] = known.get(region, frozenset()) | {year}
        entries = sorted(f"{place}:{one}" for place, years in known.items() for one in years)
        after = replace(before, settings={**before.settings, COMPLETE: entries})
        saved = tx.installations.save(after, before)
        tx.audit.add(INSTALLATION, "calendar.year_complete", {"region": region, "year": year})
        tx.commit()
        return saved
