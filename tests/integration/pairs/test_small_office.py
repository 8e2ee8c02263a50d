"""A kindergarten without deputies, union and council: its orders go their way all the same."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from uuid import UUID

import pytest

from marshrut.demonstration.town import done
from tests.integration.pairs.deeds import (
    experienced,
    life,
    on_day,
    owed,
    refused,
    signed_paper,
    wish,
)
from tests.integration.workflow.acts import fixed, load, seen, signed
from tests.told_once import told_once
from tests.world import World
from workflow.domain.documents import Document, Verdict
from workflow.domain.obligations import ObligationState, state_of
from workflow.domain.pairs import PairStatus
from workflow.domain.routes import DocumentState
from workflow.usecases.agree import agree
from workflow.usecases.fix import fix
from workflow.usecases.pairs.orders import start_order
from workflow.usecases.pairs.propose import propose_mentor
from workflow.usecases.pairs.request import note_contract_clause, request_mentor
from workflow.usecases.prepare import save_facts, submit
from workflow.usecases.staff import change_organisation, give_mandate

PLACE = "kindergarten-3"
HEAD, CLERK, SENIOR, MENTEE = "lukina", "osipova", "sharova", "gavrilova"
SINCE, UNTIL = date(2026, 5, 18), date(2026, 11, 17)
CONTRACT = "трудовой договор от 1 сентября 2020 г. № 14, п. 2.7"


@pytest.fixture
@told_once
def kindergarten(kedrovsk: World) -> World:
    """Its visas are those of a deputy, a union and a council that it does not have."""
    with kedrovsk.services.uow.reading() as tx:
        place = tx.organisations.load(kedrovsk.place(PLACE).id)
    wanted = replace(place, visa_roles=("deputy", "union", "council"))
    done(change_organisation(kedrovsk.services, kedrovsk.town.operator, wanted))
    experienced(kedrovsk, SENIOR, in_field=15)
    experienced(kedrovsk, MENTEE, pedagogical=1)
    return kedrovsk


def given(world: World, who: str, role: str) -> None:
    """Somebody gets a role by an order of the kindergarten."""
    ground, today = "приказ от 4 мая 2026 г. № 6-о/д", world.clock().date()
    employment, operator = world.person(who).employment_id, world.town.operator
    done(give_mandate(world.services, operator, employment, role, today, None, ground))


def matched(world: World) -> UUID:
    """The head names who needs a mentor and, without an association, proposes one herself."""
    services, head = world.services, world.actor(HEAD)
    place, senior = world.place(PLACE).id, world.person(SENIOR).employment_id
    case_id = done(request_mentor(services, head, place, wish(world, MENTEE, until=UNTIL))).id
    done(propose_mentor(services, head, case_id, senior, SINCE, UNTIL))
    signed_paper(world, case_id, "D09", SENIOR, mentees_elsewhere=0)
    signed_paper(world, case_id, "D10", MENTEE)
    done(note_contract_clause(services, world.actor(CLERK), case_id, CONTRACT))
    return case_id


def ordered(world: World, case_id: UUID) -> Document:
    """The order, written by the clerk and sent on its way; the senior teacher co-ordinates."""
    services, clerk = world.services, world.actor(CLERK)
    order = done(start_order(services, clerk, [case_id], "D14"))
    said = {"basis": "Положения о наставничестве", "curator": world.employment(SENIOR)}
    saved = done(save_facts(services, clerk, order.id, {**order.facts, **said}))
    assert saved.problems == ()
    world.work()
    done(submit(services, clerk, order.id))
    world.work()
    return load(world, order.id)


def stored(world: World, document_id: UUID) -> str:
    """The state as lists show it."""
    with world.services.uow.reading() as tx:
        return tx.documents.states_of([document_id])[document_id]


def test_visas_of_those_who_are_not_there_are_passed_over_and_the_route_says_so(
    kindergarten: World,
) -> None:
    case_id = matched(kindergarten)
    order = ordered(kindergarten, case_id)
    passed = [m for m in order.marks if m.verdict is Verdict.VACANT]
    assert [m.step for m in passed] == ["agree:deputy", "agree:union", "agree:council"]
    assert {m.person_id for m in passed} == {None}  # nobody has agreed anything
    assert stored(kindergarten, order.id) == DocumentState.AGREED
    fixed(kindergarten, order.id, PLACE)
    signed(kindergarten, order.id, PLACE)
    assert stored(kindergarten, order.id) == DocumentState.IN_FORCE
    assert life(kindergarten, case_id).status is PairStatus.WAITING_TO_BEGIN


def test_a_visa_of_somebody_who_is_there_is_waited_for(kindergarten: World) -> None:
    given(kindergarten, SENIOR, "union")
    order = ordered(kindergarten, matched(kindergarten))
    assert stored(kindergarten, order.id) == DocumentState.ON_APPROVAL
    clerk, services = kindergarten.actor(CLERK), kindergarten.services
    refused(kindergarten, lambda: fix(services, clerk, order.id))
    union, digest = kindergarten.actor(SENIOR), seen(kindergarten, order.id)
    done(agree(services, union, order.id, digest))
    fixed(kindergarten, order.id, PLACE)
    signed(kindergarten, order.id, PLACE)
    assert stored(kindergarten, order.id) == DocumentState.IN_FORCE


def test_the_curators_visa_is_never_passed_over(kedrovsk: World) -> None:
    """The regulation asks for a curator: the head appoints one, of whatever post."""
    experienced(kedrovsk, SENIOR, in_field=15)
    experienced(kedrovsk, MENTEE, pedagogical=1)
    order = ordered(kedrovsk, matched(kedrovsk))
    assert stored(kedrovsk, order.id) == DocumentState.ON_APPROVAL
    given(kedrovsk, SENIOR, "curator")
    done(agree(kedrovsk.services, kedrovsk.actor(SENIOR), order.id, seen(kedrovsk, order.id)))
    fixed(kedrovsk, order.id, PLACE)
    signed(kedrovsk, order.id, PLACE)
    assert stored(kedrovsk, order.id) == DocumentState.IN_FORCE


def test_from_the_order_to_the_plan_with_four_people(kindergarten: World) -> None:
    given(kindergarten, SENIOR, "curator")
    case_id = matched(kindergarten)
    order = ordered(kindergarten, case_id)
    fixed(kindergarten, order.id, PLACE)
    signed(kindergarten, order.id, PLACE)
    on_day(kindergarten, SINCE)
    signed_paper(kindergarten, case_id, "D16", SENIOR)
    plans = {step: o for (code, step), o in owed(kindergarten, case_id).items() if code == "D16"}
    assert {step: state_of(o) for step, o in plans.items()} == {
        "sign_mentor": ObligationState.MET,
        "sign_curator": ObligationState.MET,
    }
    # A five-day week: Monday 18 May is the first day, the fifth working day after it is the 25th.
    assert {o.due_now for o in plans.values()} == {date(2026, 5, 25)}
