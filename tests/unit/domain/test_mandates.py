"""Roles held from–to on the ground of a document; what was known when."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from tests import factories as make
from workflow.domain.mandates import Actor, filling, holder_of
from workflow.domain.regulations import Role

TOWN = make.town()
SCHOOL = TOWN.school.id
DAY = timedelta(days=1)
JANUARY = replace(TOWN.head.mandate, since=date(2025, 1, 13), until=date(2025, 1, 31))
LEARNED = datetime(2025, 1, 20, 9, tzinfo=UTC)


@pytest.mark.parametrize(
    ("on", "held"),
    [
        (date(2025, 1, 12), False),
        (date(2025, 1, 13), True),
        (date(2025, 1, 31), True),
        (date(2025, 2, 1), False),
    ],
)
def test_a_mandate_holds_from_its_first_to_its_last_day(on: date, held: bool) -> None:
    assert JANUARY.in_force(on) is held


def test_a_mandate_without_an_end_holds_on() -> None:
    assert replace(JANUARY, until=None).in_force(date(2099, 1, 1))


def test_what_was_entered_later_was_not_known_before() -> None:
    """The order is of 13 January; it was entered on the 20th."""
    entered = replace(JANUARY, recorded_at=LEARNED)
    assert not entered.in_force(make.TODAY, known_at=LEARNED - DAY)
    assert entered.in_force(make.TODAY, known_at=LEARNED)
    assert entered.in_force(make.TODAY)


def test_what_was_withdrawn_held_as_far_as_was_known_then() -> None:
    wrong = replace(JANUARY, withdrawn_at=LEARNED)
    assert wrong.in_force(make.TODAY, known_at=LEARNED - DAY)
    assert not wrong.in_force(make.TODAY, known_at=LEARNED)
    assert not wrong.in_force(make.TODAY)


def test_an_acting_head_goes_before_the_head_who_is_away() -> None:
    acting = make.mandate(TOWN.deputy.employment, Role.ACTING_HEAD, since=make.TODAY)
    held = [TOWN.head.mandate, acting]
    assert holder_of(held, Role.HEAD, SCHOOL, make.TODAY) == acting
    assert holder_of(held[::-1], Role.HEAD, SCHOOL, make.TODAY) == acting
    assert holder_of(held, Role.HEAD, SCHOOL, make.TODAY - DAY) == TOWN.head.mandate


def test_an_acting_head_goes_before_a_head_who_was_appointed_later() -> None:
    """A new head is away from the first day."""
    acting = make.mandate(TOWN.deputy.employment, Role.ACTING_HEAD, since=date(2024, 12, 1))
    new = make.mandate(TOWN.curator.employment, Role.HEAD, since=make.TODAY)
    assert holder_of([acting, new], Role.HEAD, SCHOOL, make.TODAY) == acting


def test_nobody_stands_for_an_acting_head_or_for_another_role() -> None:
    assert holder_of([TOWN.head.mandate], Role.ACTING_HEAD, SCHOOL, make.TODAY) is None
    assert filling(Role.CURATOR) == (Role.CURATOR,)


def test_of_two_holders_the_one_appointed_last_holds_the_role() -> None:
    newer = make.mandate(TOWN.deputy.employment, Role.HEAD, since=date(2025, 1, 10))
    assert holder_of([newer, TOWN.head.mandate], Role.HEAD, SCHOOL, make.TODAY) == newer
    ended = replace(newer, until=date(2025, 1, 12))
    assert holder_of([ended, TOWN.head.mandate], Role.HEAD, SCHOOL, make.TODAY) == TOWN.head.mandate


def test_a_role_is_held_in_its_own_organisation_alone() -> None:
    head = TOWN.head.actor
    assert head.holds(Role.HEAD, SCHOOL, make.TODAY)
    assert not head.holds(Role.HEAD, TOWN.office.id, make.TODAY)
    assert holder_of([TOWN.head.mandate], Role.HEAD, TOWN.office.id, make.TODAY) is None


def test_one_person_may_act_for_several_organisations() -> None:
    garden = make.organisation("МБДОУ «Радуга»")
    post = make.employment(TOWN.head.person, garden, "заведующий")
    both = Actor(
        TOWN.head.person.id,
        "Белова А. И.",
        (TOWN.head.employment, post),
        (TOWN.head.mandate, make.mandate(post, Role.HEAD)),
    )
    assert both.holds(Role.HEAD, SCHOOL, make.TODAY)
    assert both.holds(Role.HEAD, garden.id, make.TODAY)
    assert both.has_employment(post.id)
    assert not TOWN.clerk.actor.has_employment(post.id)


def test_somebody_works_where_a_post_is_held_on_the_day() -> None:
    left = replace(TOWN.clerk.employment, until=date(2025, 1, 12))
    clerk = replace(TOWN.clerk.actor, employments=(left,))
    assert clerk.works_in(SCHOOL, date(2025, 1, 12))
    assert not clerk.works_in(SCHOOL, make.TODAY)
    assert not TOWN.clerk.actor.works_in(TOWN.office.id, make.TODAY)


def test_an_operator_holds_no_role_by_being_one() -> None:
    operator = Actor(make.new_id(), "Оператор", operator=True)
    assert not any(operator.holds(role, SCHOOL, make.TODAY) for role in Role)
