"""The last day of an authority: what was done until then stays done by it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from uuid import UUID

from workflow.domain.administration import may_administer
from workflow.domain.mandates import Actor, Mandate
from workflow.domain.refusals import N_, Refusal
from workflow.store.errors import MissingRowError
from workflow.usecases import desk as desks
from workflow.usecases.errors import NotFoundError
from workflow.usecases.services import Services


def end_mandate(
    services: Services, actor: Actor, mandate_id: UUID, until: date
) -> Mandate | Refusal:
    """Set the last day on which the authority is in force; the operator's act."""
    with services.uow() as tx:
        refusal = may_administer(desks.actor_of(tx, actor.person_id))
        if refusal:
            return refusal
        try:
            before = tx.mandates.load(mandate_id)
        except MissingRowError as error:
            raise NotFoundError(str(error)) from error
        if until < before.since:
            return Refusal("mandate.dates", N_("The authority ends before it begins."))
        if before.withdrawn_at is not None:
            return Refusal("mandate.withdrawn", N_("The authority has been withdrawn already."))
        after = tx.mandates.save(replace(before, until=until), before)
        tx.audit.add(
            before.organisation_id,
            "mandate.ended",
            {"mandate": str(mandate_id), "until": until.isoformat()},
        )
        tx.commit()
        return after
