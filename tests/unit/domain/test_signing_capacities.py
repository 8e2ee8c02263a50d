"""As whom a person signs: heads by their mandate, each kind of signature once."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from tests import factories as make
from workflow.domain.mandates import Actor
from workflow.domain.regulations import (
    DocumentType,
    Role,
    SignatureDemand,
    SignatureFormat,
    SignatureKind,
    StepSpec,
    Verb,
    Who,
)
from workflow.domain.signing_capacities import WITH_A_KEY, Capacity, capacities_in

TOWN = make.town()
SCHOOL = TOWN.school
QUALIFIED = SignatureDemand(SignatureKind.QUALIFIED, SignatureFormat.CADES)
DAY = timedelta(days=1)


def signed_by(who: Who, *kinds: SignatureKind) -> list[DocumentType]:
    return [
        make.order_type(
            route=(StepSpec("sign", Verb.SIGN, who),),
            signature=SignatureDemand(kind, SignatureFormat.PADES),
        )
        for kind in kinds
    ]


BY_HEAD = signed_by(Who(Role.HEAD), SignatureKind.QUALIFIED, SignatureKind.ADVANCED)
BY_MENTOR = signed_by(Who(field_key="mentor"), SignatureKind.SIMPLE, SignatureKind.ADVANCED)


def kinds(found: tuple[Capacity, ...]) -> list[SignatureKind]:
    return [one.demand.kind for one in found]


def test_a_head_signs_by_the_mandate_in_each_kind_once() -> None:
    found = capacities_in(TOWN.head.actor, SCHOOL, [*BY_HEAD, *BY_HEAD, *BY_MENTOR], make.TODAY)
    assert [one.mandate for one in found] == [TOWN.head.mandate] * 2
    assert kinds(found) == [SignatureKind.ADVANCED, SignatureKind.QUALIFIED]
    assert found[1].demand == QUALIFIED


def test_an_acting_head_signs_by_that_mandate() -> None:
    acting = replace(TOWN.head.mandate, role=Role.ACTING_HEAD)
    actor = replace(TOWN.head.actor, mandates=(acting,))
    assert [c.mandate for c in capacities_in(actor, SCHOOL, BY_HEAD[1:], make.TODAY)] == [acting]


def test_who_signs_by_no_role_signs_in_their_own_name_once_for_simple_and_advanced() -> None:
    found = capacities_in(TOWN.clerk.actor, SCHOOL, [*BY_HEAD, *BY_MENTOR], make.TODAY)
    assert found == (Capacity(SCHOOL, None, WITH_A_KEY),)


def test_a_mandate_that_has_ended_leaves_ones_own_name() -> None:
    ended = replace(TOWN.head.mandate, until=make.TODAY - DAY)
    actor = replace(TOWN.head.actor, mandates=(ended,))
    assert [c.mandate for c in capacities_in(actor, SCHOOL, BY_HEAD, make.TODAY)] == [None]


def test_nobody_signs_where_they_neither_work_nor_hold_a_mandate() -> None:
    stranger = Actor(TOWN.head.person.id, "Чужая А.А.")
    assert capacities_in(stranger, SCHOOL, BY_HEAD, make.TODAY) == ()
