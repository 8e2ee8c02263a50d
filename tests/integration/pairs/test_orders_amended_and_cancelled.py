"""A signed order is not rewritten: another one amends it (D43) or cancels it, wholly or by line
(D44). The lines that it does not name stay as they are.
"""

from __future__ import annotations

from datetime import date
from uuid import UUID

import pytest

from marshrut.demonstration.town import done
from tests.integration.pairs.deeds import (
    begun,
    consented,
    experienced,
    life,
    on_day,
    order_agreed,
    order_begun,
    order_in_force,
    order_of,
    owed,
    pair_of,
    proposed,
    refused,
    requested,
)
from tests.integration.workflow.acts import load, state
from tests.told_once import told_once
from tests.world import World
from workflow.domain.documents import Document
from workflow.domain.obligations import ObligationState, state_of
from workflow.domain.pairs import PairStatus, TurnKind
from workflow.domain.refusals import Refusal
from workflow.domain.regulations import Verb
from workflow.domain.routes import DocumentState
from workflow.queries.acknowledgement_sheet import acknowledgement_page, acknowledgement_sheet
from workflow.queries.document_page import document_page
from workflow.usecases.fix import fix
from workflow.usecases.pairs.orders import put_line_in
from workflow.usecases.prepare import save_facts
from workflow.usecases.return_for_rework import return_for_rework
from workflow.usecases.wording import document_named

TODAY = date(2026, 5, 20)
LABOUR_CODE = "ТК РФ, ст. 351.8"
WORDS = {"target_род": "приказа о назначении наставников", "ground": "в связи с ошибкой"}
CHANGES = {
    "target_вин": "приказ о назначении наставников",
    "ground": "в связи с технической ошибкой",
    "changes": (
        {"action": "replace", "item": "в строке 1", "was": "физики", "becomes": "математики"},
    ),
}
MENTORS = {"golubeva": "zotova", "nikitin": "komarov"}


@pytest.fixture
@told_once
def office(kedrovsk: World) -> World:
    experienced(kedrovsk, "zotova", in_field=18)
    experienced(kedrovsk, "komarov", in_field=12)
    for mentee in ("golubeva", "nikitin", "rudenko"):
        experienced(kedrovsk, mentee, pedagogical=1)
    return kedrovsk


@pytest.fixture
@told_once
def cases(office: World) -> list[UUID]:
    """Two pairs of one order, which work since 18 May; it is two days later."""
    found = []
    for mentee, mentor in MENTORS.items():
        case_id = requested(office, mentee)
        proposed(office, case_id, mentor)
        consented(office, case_id, mentor, mentee)
        found.append(case_id)
    order_in_force(office, order_begun(office, *found).id)
    on_day(office, TODAY)
    return found


def cancelling(world: World, *case_ids: UUID, whole: bool, **facts: object) -> Document:
    return order_begun(world, *case_ids, code="D44", whole=whole, **{**WORDS, **facts})


def made_ready(world: World, order_id: UUID) -> Refusal:
    """What the clerk is told who wants to number the order."""
    order_agreed(world, order_id)
    return refused(world, lambda: fix(world.services, world.actor("titova"), order_id))


def cancelled_lines(world: World, order_id: UUID) -> dict[UUID, UUID | None]:
    return {line.case_id: line.cancelled_by for line in load(world, order_id).lines}


# --- Amending (D43) -------------------------------------------------------------------------


def test_an_amended_order_is_marked_and_every_line_goes_on(
    office: World, cases: list[UUID]
) -> None:
    named, other = cases
    order_id = order_of(office, named)
    before = [(pair_of(office, one), owed(office, one)) for one in cases]
    amending = order_in_force(office, order_begun(office, named, code="D43", **CHANGES).id)
    assert state(office, order_id) is DocumentState.AMENDED
    (marked,) = (m for m in load(office, order_id).marks if m.evidence == str(amending.id))
    assert marked.remark == DocumentState.AMENDED
    assert [line.case_id for line in amending.lines] == [named]
    assert cancelled_lines(office, order_id) == dict.fromkeys(cases)
    assert [(pair_of(office, one), owed(office, one)) for one in (named, other)] == before
    assert [life(office, one).status for one in cases] == [PairStatus.RUNNING] * 2


def test_an_order_that_does_not_name_the_pair_is_not_amended_for_it(
    office: World, cases: list[UUID]
) -> None:
    foreign = begun(office, "zotova", "rudenko", since=TODAY, until=date(2027, 5, 19))
    target = (str(order_of(office, foreign)),)
    order = order_begun(office, cases[0], code="D43", **{**CHANGES, "target": target})
    answer = made_ready(office, order.id)
    assert (answer.code, answer.article) == ("target.other_pair", LABOUR_CODE)
    assert state(office, order_of(office, foreign)) is DocumentState.IN_FORCE


def test_an_order_that_is_cancelled_is_not_amended(office: World, cases: list[UUID]) -> None:
    order_id = order_of(office, cases[0])
    amending = order_begun(office, cases[0], code="D43", **CHANGES)
    order_in_force(office, cancelling(office, *cases, whole=True).id)
    answer = made_ready(office, amending.id)
    assert (answer.code, answer.article) == ("target.not_in_force", LABOUR_CODE)
    assert state(office, order_id) is DocumentState.CANCELLED


# --- One line cancelled (D44) ---------------------------------------------------------------


def test_a_cancelled_line_takes_its_own_pair_and_leaves_the_others(
    office: World, cases: list[UUID]
) -> None:
    wrong, right = cases
    order_id = order_of(office, wrong)
    before = (pair_of(office, right), owed(office, right))
    order = order_in_force(office, cancelling(office, wrong, whole=False).id)
    assert order.facts["lines"][0]["number"] == 1  # type: ignore[index]  # rows of the order
    assert state(office, order_id) is DocumentState.AMENDED
    assert cancelled_lines(office, order_id) == {wrong: order.id, right: None}
    assert life(office, wrong).status is PairStatus.CANCELLED
    (turn,) = (t for t in pair_of(office, wrong).held if t.kind is TurnKind.CANCELLED)
    assert (turn.document_id, turn.day) == (order.id, TODAY)
    ended = owed(office, wrong).values()
    assert {state_of(o) for o in ended} == {ObligationState.CANCELLED}
    assert all(order.number in o.changes[-1].ground for o in ended)
    assert life(office, right).status is PairStatus.RUNNING
    assert (pair_of(office, right), owed(office, right)) == before


def test_with_its_last_line_the_order_itself_is_cancelled(office: World, cases: list[UUID]) -> None:
    first, second = cases
    order_id = order_of(office, first)
    order_in_force(office, cancelling(office, first, whole=False).id)
    order_in_force(office, cancelling(office, second, whole=False).id)
    assert state(office, order_id) is DocumentState.CANCELLED
    assert [life(office, one).status for one in cases] == [PairStatus.CANCELLED] * 2


def test_a_line_is_not_cancelled_twice(office: World, cases: list[UUID]) -> None:
    again = cancelling(office, cases[0], whole=False)
    order_in_force(office, cancelling(office, cases[0], whole=False).id)
    answer = made_ready(office, again.id)
    assert (answer.code, answer.article) == ("target.other_pair", LABOUR_CODE)


# --- The whole order cancelled (D44) --------------------------------------------------------


def test_an_order_is_cancelled_as_a_whole_for_all_its_pairs(
    office: World, cases: list[UUID]
) -> None:
    order_id = order_of(office, cases[0])
    order = order_in_force(office, cancelling(office, *cases, whole=True).id)
    assert state(office, order_id) is DocumentState.CANCELLED
    assert cancelled_lines(office, order_id) == dict.fromkeys(cases, order.id)
    assert [life(office, one).status for one in cases] == [PairStatus.CANCELLED] * 2
    for case_id in cases:
        assert {state_of(o) for o in owed(office, case_id).values()} == {ObligationState.CANCELLED}


def test_as_a_whole_for_some_of_its_pairs_is_refused(office: World, cases: list[UUID]) -> None:
    named, other = cases
    order = cancelling(office, named, whole=True)
    answer = made_ready(office, order.id)
    assert (answer.code, answer.article) == ("target.names_some", LABOUR_CODE)
    assert answer.params["others"] == 1
    assert [life(office, one).status for one in cases] == [PairStatus.RUNNING] * 2
    assert state(office, order_of(office, other)) is DocumentState.IN_FORCE


@pytest.mark.parametrize("way", ["the other pair is put in", "the line alone is cancelled"])
def test_after_the_refusal_there_are_two_ways_on(
    office: World, cases: list[UUID], way: str
) -> None:
    named, other = cases
    target = order_of(office, named)
    order = cancelling(office, named, whole=True)
    made_ready(office, order.id)
    clerk, services = office.actor("titova"), office.services
    done(return_for_rework(services, clerk, order.id, "названы не все пары"))
    if way == "the other pair is put in":
        done(put_line_in(services, clerk, order.id, other))
    else:
        done(
            save_facts(services, clerk, order.id, {**load(office, order.id).facts, "whole": False})
        )
    office.work()
    order_in_force(office, order.id)
    partly = way == "the line alone is cancelled"
    becomes = DocumentState.AMENDED if partly else DocumentState.CANCELLED
    assert state(office, target) is becomes
    assert life(office, named).status is PairStatus.CANCELLED
    assert life(office, other).status is (PairStatus.RUNNING if partly else PairStatus.CANCELLED)


def test_a_pair_whose_line_is_cancelled_already_need_not_be_named(
    office: World, cases: list[UUID]
) -> None:
    first, second = cases
    order_in_force(office, cancelling(office, first, whole=False).id)
    order_in_force(office, cancelling(office, second, whole=True).id)
    assert [life(office, one).status for one in cases] == [PairStatus.CANCELLED] * 2


# --- Who acknowledges what ------------------------------------------------------------------


def asked(world: World, order_id: UUID) -> set[str]:
    """Whom the order still waits for, to acknowledge it."""
    with world.services.uow.reading() as tx:
        (steps,) = tx.documents.open_steps_of([order_id]).values()
    named = {step.employment_id for step in steps if step.verb is Verb.ACKNOWLEDGE}
    everybody = (*MENTORS, *MENTORS.values(), "kuzina")
    return {key for key in everybody if world.person(key).employment_id in named}


def test_people_of_a_cancelled_line_acknowledge_the_cancelling_order_alone(
    office: World, cases: list[UUID]
) -> None:
    wrong = cases[0]
    order_id = order_of(office, wrong)
    assert asked(office, order_id) == {"golubeva", "zotova", "nikitin", "komarov", "kuzina"}
    cancelling_order = order_in_force(office, cancelling(office, wrong, whole=False).id)
    assert asked(office, order_id) == {"nikitin", "komarov", "kuzina"}
    assert {"golubeva", "zotova"} <= asked(office, cancelling_order.id)
    mentor = office.actor("zotova")
    page = acknowledgement_page(office.services, mentor, order_id)
    assert page.refusal is not None
    assert page.refusal.code == "step.line_cancelled"
    sheet = acknowledgement_sheet(office.services, office.actor("titova"), order_id)
    off = {line.employment_id for line in sheet.lines if line.called_off}
    assert off == {office.person(key).employment_id for key in ("golubeva", "zotova")}
    shown = document_page(office.services, office.actor("titova"), order_id)
    closed = [line.done for line in shown.route if line.done and line.done.called_off]
    assert len(closed) == 2
    assert {done.remark for done in closed} == {document_named(cancelling_order)}


def test_mentor_of_another_line_still_acknowledges_the_order(office: World) -> None:
    found = []
    for mentee in ("golubeva", "rudenko"):
        case_id = requested(office, mentee)
        proposed(office, case_id, "zotova")
        consented(office, case_id, "zotova", mentee)
        found.append(case_id)
    order = order_in_force(office, order_begun(office, *found).id)
    order_in_force(office, cancelling(office, found[0], whole=False).id)
    named = asked(office, order.id)
    assert "zotova" in named
    assert "golubeva" not in named
