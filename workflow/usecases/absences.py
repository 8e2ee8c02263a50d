"""Long absences: from–to, with the reason and its document."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from uuid import UUID

from workflow.domain.mandates import Actor
from workflow.domain.people import Absence, AbsenceKind, Employment
from workflow.domain.refusals import N_, Refusal
from workflow.store.unit_of_work import Transaction
from workflow.usecases.pairs import staff_events
from workflow.usecases.services import Services
from workflow.usecases.staff_desk import StaffDesk, keep_worker, missing_is_not_found

NO_GROUND = Refusal(
    "absence.ground",
    N_("The ground is missing: which document says so?"),
    N_("Write for example: order of 12 January 2026 № 4-k."),
)


def record_absence(
    services: Services,
    actor: Actor,
    employment_id: UUID,
    kind: AbsenceKind | str,
    since: date,
    until: date | None,
    ground: str,
) -> Absence | Refusal:
    """Enter that a worker is away from–to; `until` None: nobody knows yet until when."""

    def act(tx: Transaction, desk: StaffDesk, employment: Employment) -> Absence | Refusal:
        refusal = _check(tx, employment, since, until)
        if refusal or not ground.strip():
            return refusal or NO_GROUND
        absence = Absence(
            id=services.new_id(),
            employment_id=employment.id,
            kind=AbsenceKind(kind),
            since=since,
            until=until,
            ground=ground.strip(),
            recorded_at=services.clock(),
            recorded_by=desk.actor.person_id,
        )
        saved = tx.absences.save(absence)
        _follow(tx, desk, saved, "absence.recorded")
        return saved

    return keep_worker(services, actor, employment_id, act)


def end_absence(
    services: Services, actor: Actor, absence_id: UUID, until: date
) -> Absence | Refusal:
    """Set or move the last day of an absence (somebody came back sooner or stays away longer)."""

    def act(tx: Transaction, desk: StaffDesk, employment: Employment) -> Absence | Refusal:
        before = tx.absences.load(absence_id)
        if before.withdrawn_at is not None:
            return _withdrawn()
        refusal = _check(tx, employment, before.since, until, before)
        if refusal:
            return refusal
        saved = tx.absences.save(replace(before, until=until), before)
        _follow(tx, desk, saved, "absence.ended")
        return saved

    return keep_worker(services, actor, _employment_of(services, absence_id), act)


def withdraw_absence(services: Services, actor: Actor, absence_id: UUID) -> Absence | Refusal:
    """Say that an absence was entered by mistake; the line stays, marked so."""

    def act(tx: Transaction, desk: StaffDesk, _employment: Employment) -> Absence | Refusal:
        before = tx.absences.load(absence_id)
        if before.withdrawn_at is not None:
            return _withdrawn()
        saved = tx.absences.save(replace(before, withdrawn_at=services.clock()), before)
        _follow(tx, desk, saved, "absence.withdrawn")
        return saved

    return keep_worker(services, actor, _employment_of(services, absence_id), act)


def _employment_of(services: Services, absence_id: UUID) -> UUID:
    with services.uow.reading() as tx, missing_is_not_found():
        return tx.absences.load(absence_id).employment_id


def _check(
    tx: Transaction,
    employment: Employment,
    since: date,
    until: date | None,
    itself: Absence | None = None,
) -> Refusal | None:
    if until is not None and until < since:
        return Refusal("absence.dates", N_("The absence ends before it begins. Check the dates."))
    if since < employment.since or (employment.until and since > employment.until):
        return Refusal("absence.outside_post", N_("On that day the worker did not hold the post."))
    others = [a for a in tx.absences.of_employments([employment.id]) if a != itself]
    met = next((a for a in others if a.meets(since, until)), None)
    if met is None:
        return None
    return Refusal(
        "absence.overlaps",
        N_("Another absence is entered for these days, since {since}."),
        N_("End it first, or change the dates."),
        {"since": met.since},
    )


def _withdrawn() -> Refusal:
    return Refusal(
        "absence.withdrawn", N_("This absence was entered by mistake and counts no more.")
    )


def _follow(tx: Transaction, desk: StaffDesk, absence: Absence, event: str) -> None:
    """Leave a trace; the one place for whatever else depends on who is away."""
    staff_events.ask(tx, absence.employment_id)
    tx.audit.add(
        desk.organisation.id,
        event,
        {"absence": str(absence.id), "employment": str(absence.employment_id)},
    )
