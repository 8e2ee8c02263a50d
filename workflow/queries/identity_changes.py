"""Changes of names and identifiers that wait for a second person, and what became of others."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import tzinfo
from uuid import UUID

from workflow.domain.identity_changes import (
    IdentityChange,
    may_decide_identity,
)
from workflow.domain.mandates import Actor
from workflow.domain.organisations import Organisation
from workflow.domain.people import Person
from workflow.domain.refusals import Refusal
from workflow.domain.regulations import Role
from workflow.store.unit_of_work import Repositories
from workflow.usecases import desk as desks
from workflow.usecases.change_identity import above, identity_laid
from workflow.usecases.services import Services
from workflow.usecases.staff_desk import missing_is_not_found

MOST_ORGANISATIONS = 1000


@dataclass(frozen=True)
class IdentityLine:
    """A proposal in a list."""

    id: UUID
    name: str
    organisation: str
    change: IdentityChange
    proposed_by: str
    zone: tzinfo


@dataclass(frozen=True)
class IdentityPage:
    """One proposal with who made and who decided it (empty: nobody yet).

    `employment_id` is a post of the person in the organisation, for the way to the card; None when
    the card is not for the actor. `decide` says why the actor may not decide.
    """

    line: IdentityLine
    decided_by: str
    decide: Refusal | None
    employment_id: UUID | None


def identity_page(services: Services, actor: Actor, change_id: UUID) -> IdentityPage:
    """Return a proposal; NotFoundError for other eyes and for what is not there."""
    with services.uow.reading() as tx, missing_is_not_found():
        change, organisation, known = identity_laid(tx, services, actor, change_id)
        named = tx.people.load_many(
            [
                change.person_id,
                change.proposed_by,
                *([change.decided_by] if change.decided_by else []),
            ]
        )
        posts = tx.employments.of_person(change.person_id)
    today = organisation.local_day(services.clock())
    here = [e.id for e in posts if e.organisation_id == organisation.id]
    keeps = known.operator or known.works_in(organisation.id, today)
    return IdentityPage(
        line=_line(change, organisation, named),
        decided_by=named[change.decided_by].short_name if change.decided_by else "",
        decide=may_decide_identity(change, known, today, above(organisation)),
        employment_id=here[-1] if here and keeps else None,
    )


def identity_waiting(services: Services, actor: Actor) -> tuple[IdentityLine, ...]:
    """Return what waits for the actor's decision, the oldest first."""
    with services.uow.reading() as tx:
        known = desks.actor_of(tx, actor.person_id)
        organisations = {one.id: one for one in _decided_for(tx, known)}
        changes = [
            one
            for one in tx.identity_changes.pending(organisations)
            if may_decide_identity(
                one,
                known,
                organisations[one.organisation_id].local_day(services.clock()),
                above(organisations[one.organisation_id]),
            )
            is None
        ]
        named = tx.people.load_many(
            person for one in changes for person in (one.person_id, one.proposed_by)
        )
    return tuple(_line(one, organisations[one.organisation_id], named) for one in changes)


def _decided_for(tx: Repositories, actor: Actor) -> Iterable[Organisation]:
    """The organisations for which the actor may decide anything at all."""
    if actor.operator:
        return tx.organisations.page(limit=MOST_ORGANISATIONS).items
    heads = [m.organisation_id for m in actor.mandates if m.role in (Role.HEAD, Role.ACTING_HEAD)]
    offices = [m.organisation_id for m in actor.mandates if m.role is Role.OFFICER]
    below = [
        one
        for office in dict.fromkeys(offices)
        for one in (*tx.organisations.reporting_to(office), *tx.organisations.founded_by(office))
    ]
    return (*tx.organisations.load_many(dict.fromkeys(heads)).values(), *below)


def _line(
    change: IdentityChange, organisation: Organisation, named: dict[UUID, Person]
) -> IdentityLine:
    return IdentityLine(
        id=change.id,
        name=change.before.full_name,
        organisation=organisation.short_name,
        change=change,
        proposed_by=named[change.proposed_by].short_name,
        zone=organisation.zone,
    )
