"""Agreements on simple electronic signatures: entered from paper, ended, suspended."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from workflow.domain.mandates import Actor
from workflow.domain.organisations import Organisation
from workflow.domain.refusals import N_, Refusal
from workflow.domain.simple_signatures import (
    SimpleAgreement,
    may_enter,
    may_keep_agreements,
    suspended,
)
from workflow.store.errors import MissingRowError
from workflow.store.unit_of_work import Repositories, Transaction
from workflow.usecases import desk as desks
from workflow.usecases.errors import NotFoundError
from workflow.usecases.services import Services

#: Why an agreement was suspended: somebody else has set the person's password or code.
CREDENTIALS_GIVEN = "credentials_given"


@dataclass(frozen=True)
class PaperAgreement:
    """The signed paper: its number and date, and the scan (PDF)."""

    number: str
    dated: date
    scan: bytes


def enter_agreement(
    services: Services,
    actor: Actor,
    organisation_id: UUID,
    employment_id: UUID,
    paper: PaperAgreement,
) -> SimpleAgreement | Refusal:
    """Enter a person's agreement with the organisation that they work in.

    NotFoundError for an organisation or employment that is not there or not for these eyes.
    """
    scan = services.blobs.put(paper.scan) if paper.scan else ""
    with services.uow() as tx:
        known, organisation = for_keeper(tx, services, actor, organisation_id)
        today = organisation.local_day(services.clock())
        person_id = _person(tx, organisation, employment_id, today)
        entered = SimpleAgreement(
            id=services.new_id(),
            person_id=person_id,
            organisation_id=organisation.id,
            number=paper.number.strip(),
            dated=paper.dated,
            scan=scan,
            entered_by=known.person_id,
            entered_at=services.clock(),
        )
        refusal = may_keep_agreements(known, organisation.id, today) or _complete(entered)
        beside = tx.simple_agreements.of_person(person_id)
        refusal = refusal or may_enter(entered, beside, known, organisation, today)
        if refusal:
            return refusal
        entered = tx.simple_agreements.save(entered, None)
        _tell(tx, entered, "agreement.entered")
        tx.commit()
        return entered


def for_keeper(
    tx: Repositories, services: Services, actor: Actor, organisation_id: UUID
) -> tuple[Actor, Organisation]:
    """The actor and the organisation; NotFoundError unless they work there or operate all."""
    known = desks.actor_of(tx, actor.person_id)
    try:
        organisation = tx.organisations.load(organisation_id)
    except MissingRowError as error:
        raise NotFoundError(f"organisation {organisation_id}") from error
    today = organisation.local_day(services.clock())
    if not known.operator and not known.works_in(organisation.id, today):
        raise NotFoundError(f"organisation {organisation_id} is not for {actor.person_id}")
    return known, organisation


def _person(tx: Repositories, organisation: Organisation, employment_id: UUID, today: date) -> UUID:
    try:
        employment = tx.employments.load(employment_id)
    except MissingRowError as error:
        raise NotFoundError(f"employment {employment_id}") from error
    if employment.organisation_id != organisation.id or not employment.held_on(today):
        raise NotFoundError(f"employment {employment_id} is not of {organisation.id} today")
    return employment.person_id


def _complete(entered: SimpleAgreement) -> Refusal | None:
    if not entered.number:
        return Refusal(
            "agreement.number_missing",
            N_("The number of the agreement is missing."),
            N_("Write it as it stands on the paper."),
        )
    if not entered.scan:
        return Refusal(
            "agreement.scan_missing",
            N_("The scan of the signed agreement is missing."),
            N_("Scan all its pages and attach the file."),
        )
    return None


def end_agreement(
    services: Services, actor: Actor, agreement_id: UUID, ended_on: date
) -> SimpleAgreement | Refusal:
    """End an agreement: `ended_on` is the first day on which it holds no longer.

    What was signed before stays signed.
    """
    with services.uow() as tx:
        try:
            before = tx.simple_agreements.load(agreement_id)
        except MissingRowError as error:
            raise NotFoundError(f"agreement {agreement_id}") from error
        known, organisation = for_keeper(tx, services, actor, before.organisation_id)
        today = organisation.local_day(services.clock())
        refusal = may_keep_agreements(known, organisation.id, today)
        refusal = refusal or _may_end(before, ended_on, today)
        if refusal:
            return refusal
        ended = replace(before, ended_on=ended_on, ended_by=known.person_id)
        ended = tx.simple_agreements.save(ended, before)
        _tell(tx, ended, "agreement.ended")
        tx.commit()
        return ended


def _may_end(agreement: SimpleAgreement, ended_on: date, today: date) -> Refusal | None:
    if agreement.ended_on is not None:
        return Refusal("agreement.ended", N_("The agreement has been ended already."))
    if not agreement.dated <= ended_on <= today:
        return Refusal(
            "agreement.end_date",
            N_("An agreement ends between its own date ({dated}) and today."),
            N_("Look at the date on the paper."),
            {"dated": agreement.dated},
        )
    return None


def suspend_agreements(tx: Transaction, services: Services, actor: Actor, person_id: UUID) -> None:
    """Suspend the person's agreements because the actor has set their password or code.

    Nothing happens when it is the actor's own. The clerk lifts it with a new paper agreement.
    """
    if actor.person_id == person_id:
        return
    for before in tx.simple_agreements.of_person(person_id):
        after = suspended(before, actor.person_id, services.clock(), CREDENTIALS_GIVEN)
        if after != before:
            tx.simple_agreements.save(after, before)
            _tell(tx, after, "agreement.suspended")


def _tell(tx: Transaction, agreement: SimpleAgreement, event: str) -> None:
    tx.audit.add(agreement.organisation_id, event, {"agreement": str(agreement.id)})
