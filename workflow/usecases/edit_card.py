"""Change what the staff card of a worker says; who changed what is kept with the card."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from workflow.domain.mandates import Actor
from workflow.domain.people import Employment
from workflow.domain.refusals import Refusal
from workflow.domain.staff_cards import StaffCard, check_card, with_history
from workflow.store.unit_of_work import Transaction
from workflow.usecases.services import Services
from workflow.usecases.staff_desk import StaffDesk, keep_worker


def edit_card(
    services: Services,
    actor: Actor,
    employment_id: UUID,
    change: Callable[[StaffCard], StaffCard],
) -> StaffCard | Refusal:
    """Save what `change` makes of the card, an empty one where nobody has filled one in yet.

    A card that says nothing new is not saved. NotFoundError for strangers.
    """

    def act(tx: Transaction, desk: StaffDesk, employment: Employment) -> StaffCard | Refusal:
        loaded = tx.staff_cards.of(employment.id)
        before = loaded or StaffCard(services.new_id(), employment.id)
        after = change(before)
        refusal = check_card(after, desk.today)
        if refusal or after == before:
            return refusal or before
        changed = with_history(before, after, desk.actor.person_id, services.clock())
        saved = tx.staff_cards.save(changed, loaded)
        tx.audit.add(desk.organisation.id, "staff_card.changed", {"card": str(saved.id)})
        return saved

    return keep_worker(services, actor, employment_id, act)
