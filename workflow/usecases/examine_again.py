"""The office asks for a package's signatures to be examined anew: a new list, a confirmed head."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

from workflow.domain.exchange import may_examine_again
from workflow.domain.mandates import Actor
from workflow.domain.refusals import Refusal
from workflow.domain.submissions import Submission
from workflow.store.errors import MissingRowError
from workflow.usecases import desk as desks
from workflow.usecases.errors import NotFoundError
from workflow.usecases.examine_submission import KIND as EXAMINE
from workflow.usecases.services import Services


def examine_again(services: Services, actor: Actor, submission_id: UUID) -> Submission | Refusal:
    """Ask for another examination; until it is done the package cannot be accepted."""
    with services.uow() as tx:
        try:
            before = tx.submissions.load(submission_id)
        except MissingRowError as error:
            raise NotFoundError(f"package {submission_id}") from error
        office = tx.organisations.load(before.receiver_id)
        known = desks.actor_of(tx, actor.person_id)
        today = office.local_day(services.clock())
        if not known.works_in(office.id, today):
            raise NotFoundError(f"package {submission_id} is not for {actor.person_id}")
        refusal = may_examine_again(before, known, office, today)
        if refusal:
            return refusal
        after = tx.submissions.save(replace(before, examined_at=None), before)
        tx.outbox.add(EXAMINE, {"submission": str(submission_id)})
        tx.audit.add(office.id, "package.examined_again", {"submission": str(submission_id)})
        tx.commit()
        return after
