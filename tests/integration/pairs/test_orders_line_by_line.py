"""An order is refused for each line that is not ready, and a line can be taken out.

ТК РФ, ст. 351.8; Положение of Yurga, п. 2.1–2.6.
"""

from __future__ import annotations

from datetime import date
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
    on_day,
    order_agreed,
    order_begun,
    order_in_force,
    owed,
    proposed,
    refused,
    requested,
    signed_paper,
)
from tests.integration.workflow.acts import entries, fixed, load, register, signed, state
from tests.told_once import told_once
from tests.world import World
from workflow.domain.pairs import PairStatus
from workflow.domain.refusals import Refusal
from workflow.domain.registers import EntryState
from workflow.domain.routes import DocumentState
from workflow.usecases.fix import fix
from workflow.usecases.pairs.orders import put_line_in, take_line_out
from workflow.usecases.pairs.request import (
    confirm_early_start,
    give_reason,
    note_contract_clause,
)
from workflow.usecases.prepare import save_facts
from workflow.usecases.return_for_rework import return_for_rework

CONTRACT = "трудовой договор от 1 сентября 2020 г. № 14, п. 2.7"
CONSENT = "ТК РФ, ст. 351.8"


@pytest.fixture
@told_once
def office(kedrovsk: World) -> World:
    experienced(kedrovsk, "zotova", in_field=18)
    experienced(kedrovsk, "komarov", in_field=12)
    for mentee in ("golubeva", "nikitin", "rudenko"):
        experienced(kedrovsk, mentee, pedagogical=1)
    return kedrovsk


@told_once
def matched(
    world: World, mentor: str, *mentees: str, since: date = SINCE, until: date = UNTIL
) -> UUID:
    case_id = requested(world, *mentees, since=since, until=until)
    proposed(world, case_id, mentor, since, until)
    return case_id


def made_ready(world: World, *case_ids: UUID) -> Refusal:
    """What the clerk is told who wants to number the order of these pairs."""
    order = order_begun(world, *case_ids)
    order_agreed(world, order.id)
    return refused(world, lambda: fix(world.services, world.actor("titova"), order.id))


def whose(answer: Refusal) -> str:
    """Whose paper is missing, with plain spaces."""
    return str(answer.params["person"]).replace("\xa0", " ")


# --- The gates ------------------------------------------------------------------------------


def test_each_paper_opens_one_gate_until_the_order_is_ready(office: World) -> None:
    case_id = matched(office, "zotova", "golubeva")
    clerk = office.actor("titova")
    order = order_begun(office, case_id)
    order_agreed(office, order.id)

    def answer() -> Refusal:
        return refused(office, lambda: fix(office.services, clerk, order.id))

    first = answer()
    assert (first.code, first.article) == ("line.consent_mentor", CONSENT)
    assert whose(first) == "Зотова Н. Л."
    signed_paper(office, case_id, "D09", "zotova", mentees_elsewhere=0)
    second = answer()
    assert (second.code, second.article) == ("line.consent_mentee", "ТК РФ, ст. 60")
    assert whose(second) == "Голубева Д. М."
    signed_paper(office, case_id, "D10", "golubeva")
    third = answer()
    assert (third.code, third.article) == ("line.agreement", CONSENT)
    done(note_contract_clause(office.services, clerk, case_id, CONTRACT))
    assert answer().code == "line.changed"  # it cites no consent yet: the lines are taken anew
    done(return_for_rework(office.services, clerk, order.id, "даны согласия"))
    done(save_facts(office.services, clerk, order.id, load(office, order.id).facts))
    office.work()
    order_agreed(office, order.id)
    fixed(office, order.id, SCHOOL)
    signed(office, order.id, SCHOOL)
    assert state(office, order.id) is DocumentState.IN_FORCE
    assert life(office, case_id).status is PairStatus.WAITING_TO_BEGIN


def test_a_clause_of_one_mentors_contract_does_not_serve_the_next_one(office: World) -> None:
    case_id = matched(office, "zotova", "golubeva")
    done(note_contract_clause(office.services, office.actor("titova"), case_id, CONTRACT))
    proposed(office, case_id, "komarov")
    signed_paper(office, case_id, "D09", "komarov", mentees_elsewhere=0)
    signed_paper(office, case_id, "D10", "golubeva")
    assert made_ready(office, case_id).code == "line.agreement"


def test_a_consent_for_other_days_does_not_count(office: World) -> None:
    case_id = matched(office, "zotova", "golubeva")
    consented(office, case_id, "zotova", "golubeva")
    proposed(office, case_id, "zotova", SINCE, date(2027, 8, 31))
    answer = made_ready(office, case_id)
    assert (answer.code, answer.article) == ("line.consent_mentor", CONSENT)
    assert "another term" in answer.msgid


def test_a_mentees_consent_to_another_mentor_does_not_count(office: World) -> None:
    case_id = matched(office, "zotova", "golubeva")
    consented(office, case_id, "zotova", "golubeva")
    proposed(office, case_id, "komarov")
    signed_paper(office, case_id, "D09", "komarov", mentees_elsewhere=0)
    answer = made_ready(office, case_id)
    assert (answer.code, whose(answer)) == ("line.consent_mentee", "Голубева Д. М.")
    assert "another term or pair" in answer.msgid


# --- The checks -----------------------------------------------------------------------------


def test_too_little_experience_stops_the_order(kedrovsk: World) -> None:
    experienced(kedrovsk, "maltseva", in_field=9)
    case_id = matched(kedrovsk, "maltseva", "golubeva")
    consented(kedrovsk, case_id, "maltseva", "golubeva")
    answer = made_ready(kedrovsk, case_id)
    assert (answer.code, answer.article) == ("rule.experience_years_at_least", "Положение, п. 2.1")


def test_experience_that_nobody_entered_is_asked_for(kedrovsk: World) -> None:
    case_id = matched(kedrovsk, "maltseva", "golubeva")
    consented(kedrovsk, case_id, "maltseva", "golubeva")
    assert made_ready(kedrovsk, case_id).code == "rule.experience_years_at_least.unknown"


@pytest.mark.parametrize(
    ("until", "code"),
    [
        (date(2026, 11, 16), "rule.term_months_at_least"),
        (date(2029, 5, 18), "rule.term_months_at_most"),
    ],
)
def test_too_short_or_too_long_a_term_stops_the_order(
    office: World, until: date, code: str
) -> None:
    case_id = matched(office, "zotova", "golubeva", until=until)
    consented(office, case_id, "zotova", "golubeva")
    answer = made_ready(office, case_id)
    assert (answer.code, answer.article) == (code, "Положение, п. 2.4")


def test_a_third_mentee_at_the_same_time_stops_the_order(office: World) -> None:
    first = matched(office, "zotova", "golubeva", "nikitin")
    consented(office, first, "zotova", "golubeva", "nikitin")
    order_in_force(office, order_begun(office, first).id)
    second = matched(office, "zotova", "rudenko")
    consented(office, second, "zotova", "rudenko")
    answer = made_ready(office, second)
    assert (answer.code, answer.article) == ("rule.mentees_at_most", "Положение, п. 2.5")
    assert dict(answer.params) == {"limit": 2, "number": 3}


def test_mentees_declared_elsewhere_count_as_well(office: World) -> None:
    case_id = matched(office, "zotova", "golubeva")
    consented(office, case_id, "zotova", "golubeva", elsewhere=2)
    assert dict(made_ready(office, case_id).params) == {"limit": 2, "number": 3}


def test_a_mentee_who_has_begun_long_ago_needs_the_heads_reason(kedrovsk: World) -> None:
    experienced(kedrovsk, "zotova", in_field=18)
    experienced(kedrovsk, "golubeva", pedagogical=12)
    case_id = matched(kedrovsk, "zotova", "golubeva")
    consented(kedrovsk, case_id, "zotova", "golubeva")
    order = order_begun(kedrovsk, case_id)
    order_agreed(kedrovsk, order.id)
    clerk, services = kedrovsk.actor("titova"), kedrovsk.services
    answer = refused(kedrovsk, lambda: fix(services, clerk, order.id))
    assert (answer.code, answer.article) == ("rule.mentee_years_at_most", "Положение, п. 2.1")
    why = "назначена на новую должность"
    newly = "mentee_years_at_most"
    no_head = refused(kedrovsk, lambda: give_reason(services, clerk, case_id, newly, why))
    assert no_head.code == "pair.decide.not_yours"
    head = kedrovsk.actor("sedova")
    hard = refused(
        kedrovsk,
        lambda: give_reason(services, head, case_id, "experience_years_at_least", why),
    )
    assert (hard.code, hard.article) == ("pair.check_is_hard", "Положение, п. 2.1")
    done(give_reason(services, head, case_id, newly, why))
    fixed(kedrovsk, order.id, SCHOOL)


# --- Several lines --------------------------------------------------------------------------


def test_a_line_that_is_not_ready_is_taken_out_and_the_others_go_on(office: World) -> None:
    ready = matched(office, "zotova", "golubeva")
    consented(office, ready, "zotova", "golubeva")
    waiting = matched(office, "komarov", "nikitin")
    order = order_begun(office, ready, waiting)
    clerk, services = office.actor("titova"), office.services
    done(take_line_out(services, clerk, order.id, waiting))
    office.work()
    order_in_force(office, order.id)
    assert life(office, ready).status is PairStatus.WAITING_TO_BEGIN
    assert life(office, waiting).status is PairStatus.MATCHING
    assert owed(office, waiting) == {}
    rows = load(office, order.id).facts["lines"]
    assert isinstance(rows, tuple)
    assert [row["case"] for row in rows] == [str(ready)]


def test_the_line_that_is_not_ready_is_the_one_that_is_named(office: World) -> None:
    ready = matched(office, "zotova", "golubeva")
    consented(office, ready, "zotova", "golubeva")
    waiting = matched(office, "komarov", "nikitin")
    answer = made_ready(office, ready, waiting)
    assert (answer.code, whose(answer)) == ("line.consent_mentor", "Комаров С. П.")


def test_the_last_line_stays_and_nothing_is_taken_out_twice(office: World) -> None:
    first, second = (
        matched(office, "zotova", "golubeva"),
        matched(office, "komarov", "nikitin"),
    )
    order = order_begun(office, first, second)
    clerk, services = office.actor("titova"), office.services
    twice = refused(office, lambda: put_line_in(services, clerk, order.id, first))
    assert twice.code == "order.line_twice"
    done(take_line_out(services, clerk, order.id, first))
    gone = refused(office, lambda: take_line_out(services, clerk, order.id, first))
    last = refused(office, lambda: take_line_out(services, clerk, order.id, second))
    assert (gone.code, last.code) == ("order.line_gone", "order.last_line")


def test_no_line_leaves_an_order_that_is_in_force(office: World) -> None:
    pairs = [matched(office, "zotova", "golubeva"), matched(office, "komarov", "nikitin")]
    consented(office, pairs[0], "zotova", "golubeva")
    consented(office, pairs[1], "komarov", "nikitin")
    order = order_in_force(office, order_begun(office, *pairs).id)
    clerk = office.actor("titova")
    refused(office, lambda: take_line_out(office.services, clerk, order.id, pairs[0]))
    assert [life(office, one).status for one in pairs] == [PairStatus.WAITING_TO_BEGIN] * 2
    journal = register(office, "personnel", SCHOOL)
    rows = [e for e in entries(office, journal.key, SCHOOL) if e.document_id == order.id]
    assert [e.state for e in rows] == [EntryState.REGISTERED]


def test_a_pair_that_changed_since_the_order_was_written_is_noticed(office: World) -> None:
    case_id = matched(office, "zotova", "golubeva")
    consented(office, case_id, "zotova", "golubeva")
    order = order_begun(office, case_id)
    order_agreed(office, order.id)
    proposed(office, case_id, "komarov")
    clerk = office.actor("titova")
    answer = refused(office, lambda: fix(office.services, clerk, order.id))
    assert answer.code == "line.changed"


# --- A first day before the order -----------------------------------------------------------


def test_a_start_before_the_order_needs_earlier_papers_and_the_heads_reason(
    office: World,
) -> None:
    case_id = matched(office, "zotova", "golubeva", since=date(2026, 5, 6))
    consented(office, case_id, "zotova", "golubeva")
    on_day(office, date(2026, 5, 8))
    order = order_begun(office, case_id)
    order_agreed(office, order.id)
    services, clerk, head = office.services, office.actor("titova"), office.actor("sedova")
    late = refused(office, lambda: fix(services, clerk, order.id))
    assert late.code == "line.starts_before_order"
    why = "приказ задержан из-за болезни делопроизводителя"
    silent = refused(office, lambda: confirm_early_start(services, head, case_id, " "))
    other = refused(office, lambda: confirm_early_start(services, clerk, case_id, why))
    assert (silent.code, other.code) == ("pair.reason_missing", "pair.decide.not_yours")
    done(confirm_early_start(services, head, case_id, why))
    fixed(office, order.id, SCHOOL)
    signed(office, order.id, SCHOOL)
    plan = owed(office, case_id)["D16", "sign_mentor"]
    assert plan.counted_from == date(2026, 5, 8)  # of the order, which is later than the start
    assert plan.due == date(2026, 5, 15)


def test_no_reason_helps_when_the_consent_is_later_than_the_start(office: World) -> None:
    case_id = matched(office, "zotova", "golubeva", since=date(2026, 5, 6))
    on_day(office, date(2026, 5, 8))
    consented(office, case_id, "zotova", "golubeva")
    why = "приказ задержан"
    done(confirm_early_start(office.services, office.actor("sedova"), case_id, why))
    answer = made_ready(office, case_id)
    assert answer.code == "line.starts_before_order"
    assert "not earlier" in answer.todo
