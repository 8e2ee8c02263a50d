"""A mentor is proposed for a pair; another one, or other days, take the proposal's place."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from uuid import UUID

from workflow.domain.mandates import Actor
from workflow.domain.matching import own_mentor
from workflow.domain.pair_permissions import is_term, may_propose_mentor
from workflow.domain.pairs import Pair, Proposal
from workflow.domain.refusals import Refusal
from workflow.usecases.pairs.request import lay_pair_locked, staff_on
from workflow.usecases.pairs.turning import save_pair
from workflow.usecases.services import Services


def propose_mentor(
    services: Services,
    actor: Actor,
    case_id: UUID,
    mentor: UUID,
    since: date,
    until: date,
    note: str = "",
) -> Pair | Refusal:
    """Propose an employee as mentor for the days `since`–`until`, both included.

    The checks of the regulation do not stop a proposal, they stop the order: a staff card may be
    mended and a consent declared meanwhile.
    """
    with services.uow() as tx:
        desk = lay_pair_locked(tx, services, actor, case_id)
        pair, now = desk.pair, services.clock()
        refusal = (
            may_propose_mentor(desk.life, desk.actor, desk.organisation, now)
            or is_term(since, until)
            or _is_other_person(pair, mentor)
            or staff_on(tx, desk.organisation, (mentor,), since)
        )
        if refusal:
            return refusal
        made = Proposal(mentor, since, until, now, desk.actor.person_id, note.strip())
        earlier = withdrawn(pair.proposals, now)
        changed = replace(pair, proposals=(*earlier, made))
        save_pair(tx, services, changed, pair)
        tx.audit.add(
            desk.organisation.id,
            "pair.mentor_proposed",
            {"case": str(pair.id), "mentor": str(mentor)},
        )
        tx.commit()
        return replace(changed, version=pair.version + 1)


def withdraw_proposal(services: Services, actor: Actor, case_id: UUID) -> Pair | Refusal:
    """Nobody is proposed any more: the pair waits for a mentor."""
    with services.uow() as tx:
        desk = lay_pair_locked(tx, services, actor, case_id)
        pair, now = desk.pair, services.clock()
        refusal = may_propose_mentor(desk.life, desk.actor, desk.organisation, now)
        if refusal:
            return refusal
        changed = replace(pair, proposals=withdrawn(pair.proposals, now))
        save_pair(tx, services, changed, pair)
        tx.audit.add(desk.organisation.id, "pair.proposal_withdrawn", {"case": str(pair.id)})
        tx.commit()
        return replace(changed, version=pair.version + 1)


def withdrawn(proposals: tuple[Proposal, ...], now: datetime) -> tuple[Proposal, ...]:
    """The proposals with none standing any more."""
    return tuple(p if p.withdrawn_at else replace(p, withdrawn_at=now) for p in proposals)


def _is_other_person(pair: Pair, mentor: UUID) -> Refusal | None:
    return own_mentor() if mentor in pair.mentees else None
