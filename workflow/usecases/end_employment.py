"""Somebody leaves a post: dismissed, or transferred to another one."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

from workflow.domain.mandates import Actor
from workflow.domain.people import Departure, Employment
from workflow.domain.refusals import N_, Refusal
from workflow.store.unit_of_work import Transaction
from workflow.usecases import leavers
from workflow.usecases.confirmed_posts import post_forms
from workflow.usecases.services import Services
from workflow.usecases.staff_desk import StaffDesk, follow_departure, keep_worker


def end_employment(
    services: Services, actor: Actor, employment_id: UUID, last_day: date, ground: str
) -> Employment | Refusal:
    """Dismiss: the post ends with `last_day` on the `ground` of a document.

    Authorities end with the post. When the last day is over and the person holds no other post,
    the accounts are closed (the documents stay): now, or by the schedule on the day after it.
    """

    def act(tx: Transaction, desk: StaffDesk, before: Employment) -> Employment | Refusal:
        after = _left(desk, before, last_day, ground, Departure.DISMISSAL)
        if isinstance(after, Refusal):
            return after
        saved = _save(tx, desk, after, before)
        if last_day < desk.today:
            leavers.close_accounts_of_leaver(tx, services, saved.person_id)
            leavers.ask(tx, saved)  # it is done, and will not be asked for again
        return saved

    return keep_worker(services, actor, employment_id, act)


def transfer(
    services: Services, actor: Actor, employment_id: UUID, post: str, since: date, ground: str
) -> Employment | Refusal:
    """End a post and begin another one in the same organisation from the day `since` on.

    Returns the new employment, with a copy of the card: years and categories are the worker's.
    """

    def act(tx: Transaction, desk: StaffDesk, before: Employment) -> Employment | Refusal:
        if not post.strip():
            return Refusal("employment.post", N_("Write the new post."))
        after = _left(desk, before, since - timedelta(days=1), ground, Departure.TRANSFER)
        if isinstance(after, Refusal):
            return after
        _save(tx, desk, after, before)
        forms, confirmed = post_forms(tx, services, desk.organisation.id, post.strip())
        begun = Employment(
            id=services.new_id(),
            person_id=before.person_id,
            organisation_id=before.organisation_id,
            post=post.strip(),
            since=since,
            forms=forms,
            forms_confirmed=confirmed,
        )
        saved = tx.employments.save(begun)
        card = tx.staff_cards.of(before.id)
        if card is not None:
            copy = replace(card, id=services.new_id(), employment_id=saved.id, changes=())
            tx.staff_cards.save(replace(copy, version=0))
        tx.audit.add(desk.organisation.id, "employment.added", {"employment": str(saved.id)})
        return saved

    return keep_worker(services, actor, employment_id, act)


def _left(
    desk: StaffDesk, before: Employment, last_day: date, ground: str, how: Departure
) -> Employment | Refusal:
    if before.until is not None and before.until < desk.today:
        return Refusal(
            "employment.over",
            N_("The post was left already, on {until}."),
            params={"until": before.until},
        )
    if last_day < before.since:
        return Refusal("employment.dates", N_("The post ends before it begins. Check the dates."))
    if not ground.strip():
        return Refusal(
            "employment.ground",
            N_("The ground is missing: which document says so?"),
            N_("Write for example: order of 12 January 2026 № 4-k."),
        )
    return replace(before, until=last_day, departure=how, end_ground=ground.strip())


def _save(tx: Transaction, desk: StaffDesk, after: Employment, before: Employment) -> Employment:
    saved = tx.employments.save(after, before)
    follow_departure(tx, saved)
    tx.audit.add(
        desk.organisation.id,
        "employment.ended",
        {"employment": str(saved.id), "how": str(saved.departure)},
    )
    return saved
