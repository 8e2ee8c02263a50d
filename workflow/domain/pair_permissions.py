"""Who may bring pairs together, and who sees them."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from workflow.domain.mandates import Actor
from workflow.domain.organisations import Organisation
from workflow.domain.pairs import Life, Pair, PairStatus
from workflow.domain.refusals import N_, Refusal
from workflow.domain.regulations import Role

#: Those who work on the pairs of their organisation.
PAIR_ROLES = (Role.HEAD, Role.DEPUTY, Role.CURATOR, Role.CLERK, Role.ASSOCIATION)
_LONGEST = timedelta(days=366 * 10)


def _holds_any(
    actor: Actor, roles: tuple[Role, ...], organisation: Organisation, now: datetime
) -> bool:
    today = organisation.local_day(now)
    return any(actor.holds(role, organisation.id, today) for role in roles)


def may_request_mentor(actor: Actor, organisation: Organisation, now: datetime) -> Refusal | None:
    """Whether the actor may name who needs a mentor: the head; deputy and clerk for the head."""
    if _holds_any(actor, (Role.HEAD, Role.DEPUTY, Role.CLERK), organisation, now):
        return None
    return Refusal(
        "pair.request.not_yours",
        N_("Who needs a mentor is decided by the head of the organisation."),
        N_("Tell the head."),
    )


def may_propose_mentor(
    life: Life, actor: Actor, organisation: Organisation, now: datetime
) -> Refusal | None:
    """Whether the actor may propose a mentor for the pair.

    It is the word of the head of the methodical association; where there is none, of the curator,
    the deputy or the head.
    """
    roles = (Role.ASSOCIATION, Role.CURATOR, Role.DEPUTY, Role.HEAD, Role.CLERK)
    if not _holds_any(actor, roles, organisation, now):
        return Refusal(
            "pair.propose.not_yours",
            N_("A mentor is proposed by the head of the methodical association or the curator."),
            N_("Tell one of them whom you mean."),
        )
    return _still_open(life)


def _still_open(life: Life) -> Refusal | None:
    if life.status in (PairStatus.ENDED, PairStatus.CANCELLED, PairStatus.TERM_OVER):
        return Refusal(
            "pair.over",
            N_("This pair has ended."),
            N_("Name anew who needs a mentor."),
        )
    return None


def may_decide_for_pair(actor: Actor, organisation: Organisation, now: datetime) -> Refusal | None:
    """Whether the actor may give reasons and confirm for the pair: the head, or the acting one."""
    if _holds_any(actor, (Role.HEAD,), organisation, now):
        return None
    return Refusal(
        "pair.decide.not_yours",
        N_("Only the head of the organisation may decide this."),
        N_("Ask the head."),
    )


def may_work_on_pairs(actor: Actor, organisation: Organisation, now: datetime) -> Refusal | None:
    """Whether the actor may enter papers and orders of pairs: the clerk, the head, the deputy."""
    if _holds_any(actor, (Role.CLERK, Role.HEAD, Role.DEPUTY), organisation, now):
        return None
    return Refusal(
        "pair.work.not_yours",
        N_("Orders on pairs are prepared by the clerk."),
        N_("Ask the clerk."),
    )


def works_on_pairs(actor: Actor, organisation: Organisation, now: datetime) -> bool:
    """Whether the actor sees all pairs of the organisation: their list and the work on them."""
    return _holds_any(actor, PAIR_ROLES, organisation, now)


def is_led(life: Life) -> Refusal | None:
    """Whether there is a mentor to lay down, replace or prolong: one whom an order has named."""
    refusal = _still_open(life)
    if refusal is None and life.mentor is None:
        return Refusal(
            "pair.not_led",
            N_("No order has named a mentor for this pair yet."),
            N_("Propose another mentor, or take the pair out of the order."),
        )
    return refusal


def sees_pair(pair: Pair, actor: Actor, organisation: Organisation, now: datetime) -> bool:
    """Whether the actor may see the pair: those who work on pairs, its mentors and mentees."""
    if works_on_pairs(actor, organisation, now):
        return True
    named = {*pair.mentees, *(t.mentor for t in pair.held if t.mentor)}
    if pair.proposed:
        named.add(pair.proposed)
    return any(actor.has_employment(one) for one in named)


def is_term(since: date, until: date) -> Refusal | None:
    """Whether two days can be a term at all."""
    if until < since:
        return Refusal(
            "pair.term_backwards",
            N_("The last day is earlier than the first one."),
            N_("Correct the days of the term."),
        )
    if until - since > _LONGEST:
        return Refusal(
            "pair.term_too_long",
            N_("The term is longer than ten years."),
            N_("Correct the days of the term."),
        )
    return None
