"""Who may bring pairs together: each verb by each role, accepted and refused."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

import pytest

from tests import factories as make
from tests.unit.domain import making_pairs as pairs
from workflow.domain.mandates import Actor
from workflow.domain.organisations import Organisation
from workflow.domain.pair_permissions import (
    is_led,
    is_term,
    may_decide_for_pair,
    may_propose_mentor,
    may_request_mentor,
    may_work_on_pairs,
    sees_pair,
    works_on_pairs,
)
from workflow.domain.pairs import Pair, PairStatus, Turn, TurnKind, life_of
from workflow.domain.regulations import Role

NOW = make.MORNING
SCHOOL, OTHER = make.organisation(), make.organisation("МБДОУ № 3")
LIVING = life_of(pairs.pair(), NOW.date())


def acting(role: Role | None, where: Organisation = SCHOOL) -> Actor:
    """Somebody who works in the organisation, with a role or none."""
    who = make.worker(where, role or Role.CLERK, "Кто-то")
    return who.actor if role else Actor(who.person.id, "Кто-то", (who.employment,))


def may(verb: str, actor: Actor) -> bool:
    match verb:
        case "request":
            return may_request_mentor(actor, SCHOOL, NOW) is None
        case "propose":
            return may_propose_mentor(LIVING, actor, SCHOOL, NOW) is None
        case "decide":
            return may_decide_for_pair(actor, SCHOOL, NOW) is None
        case "prepare orders":
            return may_work_on_pairs(actor, SCHOOL, NOW) is None
    return works_on_pairs(actor, SCHOOL, NOW)


ALLOWED = {
    "request": {Role.HEAD, Role.ACTING_HEAD, Role.DEPUTY, Role.CLERK},
    "propose": {
        Role.ASSOCIATION,
        Role.CURATOR,
        Role.DEPUTY,
        Role.HEAD,
        Role.ACTING_HEAD,
        Role.CLERK,
    },
    "decide": {Role.HEAD, Role.ACTING_HEAD},
    "prepare orders": {Role.HEAD, Role.ACTING_HEAD, Role.DEPUTY, Role.CLERK},
    "see all": {
        Role.HEAD,
        Role.ACTING_HEAD,
        Role.DEPUTY,
        Role.CURATOR,
        Role.CLERK,
        Role.ASSOCIATION,
    },
}


@pytest.mark.parametrize("role", [*Role, None], ids=lambda role: str(role or "no role"))
@pytest.mark.parametrize("verb", ALLOWED)
def test_each_verb_belongs_to_its_roles(verb: str, role: Role | None) -> None:
    assert may(verb, acting(role)) is (role in ALLOWED[verb])


@pytest.mark.parametrize("verb", ALLOWED)
def test_the_head_of_another_organisation_may_nothing(verb: str) -> None:
    assert not may(verb, acting(Role.HEAD, OTHER))


@pytest.mark.parametrize(
    ("turn", "status"),
    [
        (pairs.turn(TurnKind.ENDED, pairs.SINCE), PairStatus.ENDED),
        (pairs.turn(TurnKind.CANCELLED, pairs.SINCE), PairStatus.CANCELLED),
        (None, PairStatus.TERM_OVER),
    ],
)
def test_for_a_pair_that_is_over_nobody_is_proposed(turn: Turn | None, status: PairStatus) -> None:
    turns = (pairs.begun(), turn) if turn else (pairs.begun(),)
    over = life_of(pairs.pair(*turns), pairs.UNTIL + timedelta(days=1))
    assert over.status is status
    refusal = may_propose_mentor(over, acting(Role.HEAD), SCHOOL, NOW)
    assert refusal is not None
    assert refusal.code == "pair.over"


def test_only_a_pair_with_an_ordered_mentor_is_led() -> None:
    def code(of: Pair, day: date) -> str:
        refusal = is_led(life_of(of, day))
        return refusal.code if refusal else ""

    assert code(pairs.pair(), pairs.SINCE) == "pair.not_led"
    assert code(pairs.pair(pairs.begun()), pairs.SINCE) == ""
    assert code(pairs.pair(pairs.begun()), pairs.UNTIL + timedelta(days=1)) == "pair.over"


def employed(employment_id: UUID) -> Actor:
    post = make.employment(make.person(), SCHOOL, id=employment_id)
    return Actor(post.person_id, "Кто-то", (post,))


@pytest.mark.parametrize(
    ("who", "sees"),
    [
        (pairs.MENTOR, True),
        (pairs.MENTEE, True),
        (pairs.SECOND_MENTOR, True),  # proposed now
        (pairs.SECOND_MENTEE, False),
    ],
)
def test_besides_those_who_work_on_pairs_its_own_people_see_it(who: UUID, sees: bool) -> None:
    of = pairs.pair(pairs.begun(), proposals=(pairs.proposal(pairs.SECOND_MENTOR),))
    assert sees_pair(of, employed(who), SCHOOL, NOW) is sees


def test_a_term_goes_forwards_and_not_beyond_ten_years() -> None:
    first = date(2026, 9, 1)
    assert is_term(first, first) is None
    backwards = is_term(first, first - timedelta(days=1))
    endless = is_term(first, date(2037, 9, 1))
    assert backwards is not None
    assert endless is not None
    assert (backwards.code, endless.code) == ("pair.term_backwards", "pair.term_too_long")
