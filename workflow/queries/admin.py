"""What the operator sees first: what has been set up, what wants attention."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from workflow.domain.administration import may_administer
from workflow.domain.evidence_records import RecordState
from workflow.domain.mandates import Actor
from workflow.store.errors import MissingRowError
from workflow.store.outbox import FailedTask, failed_tasks
from workflow.store.unit_of_work import Snapshot
from workflow.usecases.desk import actor_of
from workflow.usecases.errors import NotFoundError
from workflow.usecases.services import Services
from workflow.usecases.trust import trusted_anchors

PAGE = 50


@contextmanager
def operators_reading(services: Services, actor: Actor) -> Iterator[Snapshot]:
    """Read for the operator; NotFoundError for anybody else and for what is not there."""
    with services.uow.reading() as tx:
        if may_administer(actor_of(tx, actor.person_id)):
            raise NotFoundError(f"{actor.person_id} is no operator")
        try:
            yield tx
        except MissingRowError as error:
            raise NotFoundError(str(error)) from error


@dataclass(frozen=True)
class Overview:
    """`organisations` and `people` say whether there are any; the rest is counted.

    `timestamps` says whether an authority is set up; `interrupted` are evidence records that were
    not renewed in time, `without_time` signatures that wait for a timestamp.
    """

    organisations: bool
    people: bool
    anchors: int
    outdated_lists: int
    failed: int
    timestamps: bool = False
    interrupted: int = 0
    without_time: int = 0


def overview(services: Services, actor: Actor) -> Overview:
    """Return the state of the set-up."""
    now = services.clock()
    with operators_reading(services, actor) as tx:
        lists = tx.crls.newest_of_each()
        return Overview(
            organisations=bool(tx.organisations.page(limit=1).items),
            people=len(tx.people.page(limit=2).items) > 1,  # the operator is there from the start
            anchors=len(trusted_anchors(tx)),
            without_time=len(tx.signatures.waiting_for_time()),
            outdated_lists=sum(is_outdated(one.next_update, now) for one in lists),
            failed=len(failed_tasks(tx.connection)),
            timestamps=services.timestamps is not None,
            interrupted=tx.evidence_records.in_state(RecordState.INTERRUPTED),
        )


def is_outdated(next_update: datetime | None, now: datetime) -> bool:
    """Whether a newer revocation list ought to be there by now."""
    return next_update is not None and next_update <= now


def failed_work(services: Services, actor: Actor) -> tuple[FailedTask, ...]:
    """Return the background tasks that were given up, the latest first."""
    with operators_reading(services, actor) as tx:
        return tuple(failed_tasks(tx.connection))


@dataclass(frozen=True)
class OrganisationChoice:
    """An organisation to choose from a list."""

    id: UUID
    name: str


def organisation_choices(services: Services, actor: Actor) -> tuple[OrganisationChoice, ...]:
    """Return all organisations by name, for lists to choose from."""
    with operators_reading(services, actor) as tx:
        found = tx.organisations.page(limit=1000).items
    choices = [OrganisationChoice(one.id, one.short_name) for one in found]
    return tuple(sorted(choices, key=lambda choice: choice.name))
