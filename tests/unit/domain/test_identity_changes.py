"""Who may change a name or a number, and what a person was called when."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from marshrut.demonstration.identifiers import insurance_number, taxpayer_person
from tests import factories
from tests.factories import MORNING, Worker
from workflow.domain.identity_changes import (
    Identity,
    IdentityChange,
    IdentityDecision,
    applied,
    check_identity,
    known_at,
    may_decide_identity,
)
from workflow.domain.mandates import Actor
from workflow.domain.refusals import Refusal
from workflow.domain.regulations import Role

TODAY = factories.TODAY
TOWN = factories.town()
NEW_NAME = "Орлова"
WEDDING = date(2025, 1, 10)


def named(person: Worker, **changed: str) -> Identity:
    return replace(Identity.of(person.person), **changed)


def change(about: Worker = TOWN.mentor, by: Worker = TOWN.clerk) -> IdentityChange:
    return IdentityChange(
        id=factories.new_id(),
        person_id=about.person.id,
        organisation_id=TOWN.school.id,
        before=named(about),
        after=named(about, last=NEW_NAME),
        since=WEDDING,
        ground="свидетельство о заключении брака",
        proposed_at=MORNING,
        proposed_by=by.person.id,
    )


def acting(worker: Worker) -> Actor:
    mandates = (worker.mandate,) if worker.mandate else ()
    return Actor(worker.person.id, worker.person.short_name, (worker.employment,), mandates)


def code(refusal: Refusal | None) -> str:
    return refusal.code if refusal else ""


# --- Who decides ---------------------------------------------------------------------------


def test_head_officer_and_operator_decide_what_the_clerk_proposed() -> None:
    operator = Actor(factories.new_id(), "Оператор", operator=True)
    assert may_decide_identity(change(), acting(TOWN.head), TODAY) is None
    assert may_decide_identity(change(), operator, TODAY) is None
    above = [TOWN.office.id]
    assert may_decide_identity(change(), acting(TOWN.officer), TODAY, above) is None


def test_nobody_decides_what_they_proposed_themselves() -> None:
    by_head = change(by=TOWN.head)
    assert code(may_decide_identity(by_head, acting(TOWN.head), TODAY)) == "identity.own_proposal"
    operator = Actor(TOWN.clerk.person.id, "Оператор", operator=True)
    assert code(may_decide_identity(change(), operator, TODAY)) == "identity.own_proposal"


def test_nobody_decides_on_their_own_name() -> None:
    about_head = change(about=TOWN.head)
    assert code(may_decide_identity(about_head, acting(TOWN.head), TODAY)) == "identity.own_name"


def test_neither_clerk_nor_another_office_decides() -> None:
    other = replace(change(), proposed_by=factories.new_id())
    assert code(may_decide_identity(other, acting(TOWN.clerk), TODAY)) == "identity.not_yours"
    assert code(may_decide_identity(other, acting(TOWN.officer), TODAY)) == "identity.not_yours"


def test_head_of_yesterday_does_not_decide() -> None:
    past = replace(TOWN.head.mandate, until=TODAY - timedelta(days=1))
    head = replace(acting(TOWN.head), mandates=(past,))
    assert code(may_decide_identity(change(), head, TODAY)) == "identity.not_yours"


def test_what_was_decided_is_not_decided_again() -> None:
    done = replace(change(), decision=IdentityDecision.REFUSED)
    assert code(may_decide_identity(done, acting(TOWN.head), TODAY)) == "identity.decided"


# --- What may change -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changed", "refused"),
    [
        ({"last": NEW_NAME}, ""),
        ({"snils": insurance_number(77), "inn": taxpayer_person(77)}, ""),
        ({}, "identity.nothing"),
        ({"last": ""}, "identity.empty"),
        ({"snils": ""}, "identity.number_gone"),
        ({"snils": "11223344596"}, "person.snils"),
        ({"inn": "500100732258"}, "person.inn"),
    ],
)
def test_a_change_says_something_new_and_possible(changed: dict[str, str], refused: str) -> None:
    person = replace(TOWN.mentor.person, snils=insurance_number(5), inn="")
    after = replace(Identity.of(person), **changed)
    assert code(check_identity(person, after, WEDDING, TODAY)) == refused


def test_a_change_of_tomorrow_is_proposed_tomorrow() -> None:
    person = replace(TOWN.mentor.person, snils="", inn="")
    after = replace(Identity.of(person), last=NEW_NAME)
    tomorrow = TODAY + timedelta(days=1)
    assert code(check_identity(person, after, tomorrow, TODAY)) == "identity.future"


def test_a_new_name_has_no_confirmed_forms_and_a_new_number_keeps_them() -> None:
    person = replace(TOWN.mentor.person, forms_confirmed=True)
    renamed = applied(person, replace(Identity.of(person), last=NEW_NAME))
    assert (renamed.forms, renamed.forms_confirmed) == ((), False)
    renumbered = applied(person, replace(Identity.of(person), inn=taxpayer_person(5)))
    assert (renumbered.forms, renumbered.forms_confirmed) == (person.forms, True)


# --- What was so when ----------------------------------------------------------------------


def test_a_signature_is_compared_with_the_card_as_it_was_when_it_was_made() -> None:
    decided = replace(change(), decision=IdentityDecision.CONFIRMED, decided_at=MORNING)
    person = applied(TOWN.mentor.person, decided.after)
    hour = timedelta(hours=1)
    assert known_at(person, [decided], MORNING - hour).last == TOWN.mentor.person.last
    assert known_at(person, [decided], MORNING + hour).last == NEW_NAME
    refused = replace(decided, decision=IdentityDecision.REFUSED)
    assert known_at(person, [refused], MORNING - hour).last == NEW_NAME


def test_of_two_changes_the_first_after_the_signature_tells_the_name() -> None:
    first = replace(change(), decision=IdentityDecision.CONFIRMED, decided_at=MORNING)
    second = replace(
        first,
        before=first.after,
        after=replace(first.after, last="Соколова"),
        decided_at=MORNING + timedelta(days=9),
    )
    person = applied(TOWN.mentor.person, second.after)
    for days, last in ((-1, TOWN.mentor.person.last), (1, NEW_NAME), (10, "Соколова")):
        assert known_at(person, [second, first], MORNING + timedelta(days=days)).last == last


def test_an_acting_head_decides_as_the_head() -> None:
    mandate = replace(TOWN.mentor.mandate, role=Role.ACTING_HEAD)
    deputy = replace(acting(TOWN.mentor), mandates=(mandate,))
    assert may_decide_identity(change(about=TOWN.clerk), deputy, TODAY) is None
