"""Enter the years of experience on a staff card: the checks of pairs ask for them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from uuid import UUID

from workflow.domain.mandates import Actor
from workflow.domain.people import Employment
from workflow.domain.refusals import Refusal
from workflow.domain.staff_cards import (
    Experience,
    ExperienceKind,
    StaffCard,
    check_card,
    with_history,
)
from workflow.store.unit_of_work import Transaction
from workflow.usecases.services import Services
from workflow.usecases.staff_desk import StaffDesk, keep_worker


def enter_experience(
    services: Services, actor: Actor, employment_id: UUID, years: Mapping[str, int]
) -> StaffCard | Refusal:
    """Enter full years by kind of experience, counted up to today; other kinds stay.

    ValueError for an unknown kind.
    """
    entered = {ExperienceKind(kind): full for kind, full in years.items()}

    def act(tx: Transaction, desk: StaffDesk, employment: Employment) -> StaffCard | Refusal:
        loaded = tx.staff_cards.of(employment.id)
        before = loaded or StaffCard(services.new_id(), employment.id)
        kept = tuple(one for one in before.experience if one.kind not in entered)
        added = tuple(Experience(kind, full, 0, desk.today) for kind, full in entered.items())
        after = replace(before, experience=(*kept, *added))
        refusal = check_card(after, desk.today)
        if refusal:
            return refusal
        changed = with_history(before, after, desk.actor.person_id, services.clock())
        saved = tx.staff_cards.save(changed, loaded)
        tx.audit.add(desk.organisation.id, "staff_card.changed", {"card": str(saved.id)})
        return saved

    return keep_worker(services, actor, employment_id, act)
