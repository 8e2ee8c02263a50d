"""The acts of those who keep an organisation's workers: operator, clerk, head."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from typing import TypeVar
from uuid import UUID

from workflow.domain.administration import may_keep_staff
from workflow.domain.mandates import Actor
from workflow.domain.organisations import Organisation
from workflow.domain.people import Employment
from workflow.domain.refusals import Refusal
from workflow.store.errors import MissingRowError
from workflow.store.unit_of_work import Repositories, Snapshot, Transaction
from workflow.usecases import desk as desks
from workflow.usecases.errors import NotFoundError
from workflow.usecases.pairs import staff_events
from workflow.usecases.services import Services

DoneT = TypeVar("DoneT")


@dataclass(frozen=True)
class StaffDesk:
    """Who acts, for which organisation, on which of its days."""

    actor: Actor
    organisation: Organisation
    today: date


def keep_staff(
    services: Services,
    actor: Actor,
    organisation_id: UUID,
    act: Callable[[Transaction, StaffDesk], DoneT | Refusal],
) -> DoneT | Refusal:
    """Run an act in one transaction for whoever keeps the organisation's workers.

    NotFoundError for anybody who has nothing to do with the organisation, and for what is not
    there; the refusal of `may_keep_staff` for those who work there. A refusal writes nothing.
    """
    with services.uow() as tx:
        with missing_is_not_found():
            desk = _desk(tx, services, actor, organisation_id)
            _check_seen(desk)
            refusal = may_keep_staff(desk.actor, desk.organisation, desk.today)
            if refusal:
                return refusal
            done = act(tx, desk)
        if not isinstance(done, Refusal):
            tx.commit()
        return done


def keep_worker(
    services: Services,
    actor: Actor,
    employment_id: UUID,
    act: Callable[[Transaction, StaffDesk, Employment], DoneT | Refusal],
) -> DoneT | Refusal:
    """The same for an act on one employment."""
    with services.uow.reading() as tx, missing_is_not_found():
        place = tx.employments.load(employment_id).organisation_id
    return keep_staff(
        services, actor, place, lambda tx, desk: act(tx, desk, tx.employments.load(employment_id))
    )


@contextmanager
def staff_reading(
    services: Services, actor: Actor, organisation_id: UUID
) -> Iterator[tuple[Snapshot, StaffDesk]]:
    """Read for those who keep the organisation's workers; NotFoundError for anybody else."""
    with services.uow.reading() as tx, missing_is_not_found():
        desk = _desk(tx, services, actor, organisation_id)
        if may_keep_staff(desk.actor, desk.organisation, desk.today):
            raise NotFoundError(f"workers of {organisation_id} are not for {actor.person_id}")
        yield tx, desk


def keeps_staff_of(services: Services, actor: Actor, organisation: Organisation) -> bool:
    """Whether the actor keeps the workers of the organisation today."""
    return may_keep_staff(actor, organisation, organisation.local_day(services.clock())) is None


@contextmanager
def missing_is_not_found() -> Iterator[None]:
    """Turn a row that is not there into NotFoundError."""
    try:
        yield
    except MissingRowError as error:
        raise NotFoundError(str(error)) from error


def _desk(tx: Repositories, services: Services, actor: Actor, organisation_id: UUID) -> StaffDesk:
    organisation = tx.organisations.load(organisation_id)
    known = desks.actor_of(tx, actor.person_id)
    return StaffDesk(known, organisation, organisation.local_day(services.clock()))


def _check_seen(desk: StaffDesk) -> None:
    """Raise NotFoundError for strangers: they learn nothing of the organisation."""
    if desk.actor.operator or desk.actor.works_in(desk.organisation.id, desk.today):
        return
    raise NotFoundError(f"{desk.organisation.id} is not for {desk.actor.person_id}")


def follow_departure(tx: Transaction, employment: Employment) -> None:
    """What follows when the last day of a post is known: no authority outlives the post.

    The one place for whatever else depends on a post that somebody leaves.
    """
    staff_events.ask(tx, employment.id)
    for mandate in tx.mandates.of_person(employment.person_id):
        if mandate.employment_id != employment.id:
            continue
        until = within_post(mandate.until, employment)
        if until != mandate.until:
            tx.mandates.save(replace(mandate, until=until), mandate)
            tx.audit.add(
                mandate.organisation_id, "mandate.ended_with_post", {"mandate": str(mandate.id)}
            )


def within_post(until: date | None, employment: Employment) -> date | None:
    """The last day of an authority: not after that of the post."""
    days = [day for day in (until, employment.until) if day is not None]
    return min(days, default=None)
