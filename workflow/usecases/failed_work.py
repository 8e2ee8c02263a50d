"""Background work that was given up: the operator looks at the reason and asks for it again."""

from __future__ import annotations

from uuid import UUID

from workflow.domain.administration import may_administer
from workflow.domain.mandates import Actor
from workflow.domain.refusals import Refusal
from workflow.store.audit import INSTALLATION
from workflow.usecases import desk as desks
from workflow.usecases.errors import NotFoundError
from workflow.usecases.services import Services


def try_again(services: Services, actor: Actor, task_id: UUID) -> Refusal | None:
    """Open a failed task anew, as if it had never been tried."""
    with services.uow() as tx:
        refusal = may_administer(desks.actor_of(tx, actor.person_id))
        if refusal:
            return refusal
        if not tx.outbox.ring_again(task_id):
            raise NotFoundError(f"task {task_id} has not failed")
        tx.audit.add(INSTALLATION, "task.tried_again", {"task": str(task_id)})
        tx.commit()
    return None
