"""A mentor has at most two mentees at the same time, wherever they work (Положение, п. 2.5).

What other organisations of the installation know counts, and what the mentor declares in the
consent; a mentee who is both known and declared counts once.
"""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

import pytest

from marshrut.demonstration.town import done
from tests.integration.pairs.deeds import (
    SCHOOL,
    SINCE,
    UNTIL,
    consented,
    experienced,
    life,
    order_agreed,
    order_begun,
    order_in_force,
    proposed,
    refused,
    requested,
    wish,
)
from tests.integration.workflow.acts import fixed
from tests.told_once import told_once
from tests.world import World
from workflow.domain.documents import Document
from workflow.domain.pairs import PairStatus
from workflow.domain.refusals import Refusal
from workflow.usecases.fix import fix
from workflow.usecases.pairs.propose import propose_mentor
from workflow.usecases.pairs.request import request_mentor
from workflow.usecases.register_existing import Scanned, register_existing
from workflow.usecases.staff import NewEmployment, employ

GARDEN = "kindergarten-3"
ARTICLE = "Положение, п. 2.5"
EARLIER = date(2026, 3, 2)


@pytest.fixture
@told_once
def office(kedrovsk: World) -> World:
    experienced(kedrovsk, "zotova", in_field=18)
    for mentee in ("golubeva", "nikitin"):
        experienced(kedrovsk, mentee, pedagogical=1)
    return kedrovsk


@pytest.fixture
@told_once
def second_post(office: World) -> UUID:
    """Zotova of the school works in the kindergarten as well."""
    person, place = office.person("zotova").person_id, office.place(GARDEN).id
    post = NewEmployment(person, place, "воспитатель", date(2025, 9, 1))
    return done(employ(office.services, office.town.operator, post)).id


def led_in_the_garden(
    world: World, mentor: UUID, *mentees: str, since: date = EARLIER, until: date = UNTIL
) -> UUID:
    """A group of the kindergarten that runs already; its order is entered from paper."""
    services, place = world.services, world.place(GARDEN)
    head, clerk = world.actor("lukina"), world.actor("osipova")
    named = wish(world, *mentees, since=since, until=until)
    case_id = done(request_mentor(services, head, place.id, named)).id
    done(propose_mentor(services, head, case_id, mentor, since, until))
    scanned = Scanned(
        number="4-л/с",
        dated=since,
        title="О назначении наставника",
        signed_by="Лукина В.А.",
        signed_by_post="заведующий",
        file_name="order.pdf",
        content=b"%PDF-1.4 scan",
        in_journal=True,
        acknowledged_on=since,
    )
    entered = register_existing(services, clerk, case_id, "D14", scanned, {})
    assert isinstance(entered, Document), entered
    world.work()
    return case_id


def order_written(world: World, *mentees: str, declared: int) -> UUID:
    """The school's order that gives Zotova these mentees; she declares so many others."""
    case_id = requested(world, *mentees)
    proposed(world, case_id, "zotova")
    consented(world, case_id, "zotova", *mentees, elsewhere=declared)
    return order_begun(world, case_id).id


def order_for(world: World, *mentees: str, declared: int) -> UUID:
    """The same, agreed."""
    order_id = order_written(world, *mentees, declared=declared)
    order_agreed(world, order_id)
    return order_id


def ready(world: World, order_id: UUID) -> bool:
    return fixed(world, order_id, SCHOOL).fixing is not None


def told(world: World, order_id: UUID) -> Refusal:
    """What the clerk is told who wants to number the order; nothing has changed."""
    return refused(world, lambda: fix(world.services, world.actor("titova"), order_id))


def is_third(answer: Refusal, number: int = 3) -> bool:
    said = (answer.code, answer.article, dict(answer.params))
    return said == ("rule.mentees_at_most", ARTICLE, {"limit": 2, "number": number})


# --- Declared alone: another installation, or no installation at all ------------------------


def test_with_one_declared_elsewhere_one_may_be_added(office: World) -> None:
    assert ready(office, order_for(office, "golubeva", declared=1))


def test_with_two_declared_elsewhere_none_may_be_added(office: World) -> None:
    assert is_third(told(office, order_for(office, "golubeva", declared=2)))


def test_with_one_declared_elsewhere_a_group_of_two_is_too_many(office: World) -> None:
    assert is_third(told(office, order_for(office, "golubeva", "nikitin", declared=1)))


# --- Known here: the kindergarten of the same municipality ----------------------------------


@pytest.mark.parametrize("declared", [0, 1])
def test_with_one_in_the_kindergarten_one_may_be_added_declared_or_not(
    office: World, second_post: UUID, declared: int
) -> None:
    garden = led_in_the_garden(office, second_post, "gavrilova")
    assert life(office, garden).status is PairStatus.RUNNING
    assert ready(office, order_for(office, "golubeva", declared=declared))


@pytest.mark.parametrize("declared", [0, 2])
def test_with_two_in_the_kindergarten_none_may_be_added_declared_or_not(
    office: World, second_post: UUID, declared: int
) -> None:
    led_in_the_garden(office, second_post, "gavrilova", "sharova")
    assert is_third(told(office, order_for(office, "golubeva", declared=declared)))


def test_one_in_each_organisation_are_two_and_the_next_is_refused(
    office: World, second_post: UUID
) -> None:
    led_in_the_garden(office, second_post, "gavrilova")
    order_in_force(office, order_written(office, "golubeva", declared=1))
    assert is_third(told(office, order_for(office, "nikitin", declared=1)))


def test_more_declared_than_known_here_is_believed(office: World, second_post: UUID) -> None:
    led_in_the_garden(office, second_post, "gavrilova")
    assert is_third(told(office, order_for(office, "golubeva", declared=2)))


def test_a_mentee_whose_term_is_over_by_then_does_not_count(
    office: World, second_post: UUID
) -> None:
    last = SINCE - timedelta(days=1)
    led_in_the_garden(office, second_post, "gavrilova", "sharova", until=last)
    assert ready(office, order_for(office, "golubeva", "nikitin", declared=0))
