"""Change a person's name, СНИЛС or ИНН: one person proposes it, another one decides."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from workflow.domain.identity_changes import (
    Identity,
    IdentityChange,
    IdentityDecision,
    applied,
    check_identity,
    may_decide_identity,
)
from workflow.domain.mandates import Actor
from workflow.domain.organisations import Organisation
from workflow.domain.people import Employment, Person
from workflow.domain.refusals import N_, Refusal
from workflow.store.unit_of_work import Repositories, Transaction
from workflow.usecases import desk as desks
from workflow.usecases.confirm_forms import make_drafts_anew
from workflow.usecases.errors import NotFoundError
from workflow.usecases.services import Services
from workflow.usecases.staff import proposed_name
from workflow.usecases.staff_desk import (
    StaffDesk,
    keep_worker,
    keeps_staff_of,
    missing_is_not_found,
)


@dataclass(frozen=True)
class IdentityProposal:
    """What is to change, from which day on, by which document; `scan` is a PDF, may be empty."""

    after: Identity
    since: date
    ground: str
    scan: bytes = b""
    scan_name: str = ""


def propose_identity(
    services: Services, actor: Actor, employment_id: UUID, proposal: IdentityProposal
) -> IdentityChange | Refusal:
    """Propose the change for a worker; nothing changes until somebody else confirms it."""
    scan = services.blobs.put(proposal.scan) if proposal.scan else ""

    def act(tx: Transaction, desk: StaffDesk, employment: Employment) -> IdentityChange | Refusal:
        person = tx.people.load(employment.person_id)
        refusal = _may_propose(tx, desk, employment, proposal) or check_identity(
            person, proposal.after, proposal.since, desk.today
        )
        if refusal:
            return refusal
        change = IdentityChange(
            id=services.new_id(),
            person_id=person.id,
            organisation_id=desk.organisation.id,
            before=Identity.of(person),
            after=proposal.after,
            since=proposal.since,
            ground=proposal.ground.strip(),
            proposed_at=services.clock(),
            proposed_by=desk.actor.person_id,
            scan=scan,
            scan_name=proposal.scan_name if scan else "",
        )
        saved = tx.identity_changes.save(change)
        _trace(tx, saved, "identity.proposed")
        return saved

    return keep_worker(services, actor, employment_id, act)


def _may_propose(
    tx: Transaction, desk: StaffDesk, employment: Employment, proposal: IdentityProposal
) -> Refusal | None:
    if employment.until is not None and employment.until < desk.today:
        return Refusal(
            "identity.left",
            N_("The worker has left: the card is kept as it was."),
            N_("The organisation where the person works now may propose the change."),
        )
    if not proposal.ground.strip():
        return Refusal(
            "identity.ground",
            N_("The ground is missing: which document gives the new name or number?"),
            N_("Write for example: marriage certificate I-ЛО № 123456 of 14 February 2026."),
        )
    before = tx.identity_changes.of_person(employment.person_id)
    if any(one.decision is IdentityDecision.PENDING for one in before):
        return Refusal(
            "identity.pending",
            N_("Another change for this person waits for a decision."),
            N_("Have it confirmed or refused first."),
        )
    return None


def confirm_identity(services: Services, actor: Actor, change_id: UUID) -> IdentityChange | Refusal:
    """Confirm a proposal and apply it; the case forms of a new name wait to be confirmed.

    Files that were made stay what they are; drafts that print the old name are made anew.
    """

    def act(tx: Transaction, change: IdentityChange) -> Refusal | None:
        person = tx.people.load(change.person_id)
        if Identity.of(person) != change.before:
            return Refusal(
                "identity.outdated",
                N_("The card has changed since the proposal was made."),
                N_("Refuse it and have it proposed anew."),
            )
        refusal = check_identity(person, change.after, change.since, change.since)
        if refusal:
            return refusal
        tx.people.save(_with_proposed_forms(services, applied(person, change.after)), person)
        return None

    done = _decide(services, actor, change_id, IdentityDecision.CONFIRMED, "", act)
    if not isinstance(done, Refusal):
        _make_drafts_anew(services, done.person_id)
    return done


def refuse_identity(
    services: Services, actor: Actor, change_id: UUID, reason: str
) -> IdentityChange | Refusal:
    """Refuse a proposal with a reason; the card stays as it is."""
    if not reason.strip():
        return Refusal(
            "identity.reason",
            N_("The reason is missing."),
            N_("Write in a sentence why the change is refused."),
        )
    return _decide(
        services, actor, change_id, IdentityDecision.REFUSED, reason.strip(), lambda _tx, _one: None
    )


def _decide(
    services: Services,
    actor: Actor,
    change_id: UUID,
    decision: IdentityDecision,
    reason: str,
    apply: Callable[[Transaction, IdentityChange], Refusal | None],
) -> IdentityChange | Refusal:
    with services.uow() as tx, missing_is_not_found():
        before, organisation, known = identity_laid(tx, services, actor, change_id)
        today = organisation.local_day(services.clock())
        refusal = may_decide_identity(before, known, today, above(organisation)) or apply(
            tx, before
        )
        if refusal:
            return refusal
        decided = replace(
            before,
            decision=decision,
            decided_at=services.clock(),
            decided_by=known.person_id,
            reason=reason,
        )
        saved = tx.identity_changes.save(decided, before)
        _trace(tx, saved, f"identity.{decision}")
        tx.commit()
        return saved


def identity_laid(
    tx: Repositories, services: Services, actor: Actor, change_id: UUID
) -> tuple[IdentityChange, Organisation, Actor]:
    """A proposal, its organisation and the actor as known now.

    NotFoundError for whoever neither keeps the organisation's workers nor decides for the office
    above it. MissingRowError when there is none.
    """
    change = tx.identity_changes.load(change_id)
    organisation = tx.organisations.load(change.organisation_id)
    known = desks.actor_of(tx, actor.person_id)
    if not (
        keeps_staff_of(services, known, organisation)
        or _is_above(services, known, change, organisation)
    ):
        raise NotFoundError(f"change {change_id} is not for {actor.person_id}")
    return change, organisation, known


def _is_above(
    services: Services, actor: Actor, change: IdentityChange, organisation: Organisation
) -> bool:
    """Whether the actor could decide such a change from the office, were it not their own."""
    today = organisation.local_day(services.clock())
    fresh = replace(
        change, decision=IdentityDecision.PENDING, proposed_by=change.id, person_id=change.id
    )
    return may_decide_identity(fresh, actor, today, above(organisation)) is None


def above(organisation: Organisation) -> tuple[UUID, ...]:
    """The organisations whose officers decide for this one."""
    return tuple(one for one in (organisation.office_id, organisation.founder_id) if one)


def _with_proposed_forms(services: Services, person: Person) -> Person:
    if person.forms:
        return person
    return replace(person, forms=proposed_name(services, person))


def _make_drafts_anew(services: Services, person_id: UUID) -> None:
    with services.uow.reading() as tx:
        places = {e.organisation_id for e in tx.employments.of_person(person_id)}
    for organisation_id in sorted(places):
        make_drafts_anew(services, organisation_id)


def _trace(tx: Transaction, change: IdentityChange, event: str) -> None:
    tx.audit.add(
        change.organisation_id,
        event,
        {"change": str(change.id), "person": str(change.person_id)},
    )
