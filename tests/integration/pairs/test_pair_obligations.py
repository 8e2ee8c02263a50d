"""Who owes what, and which act meets it (Положение of Yurga, п. 4.1, 6.1)."""

from __future__ import annotations

from datetime import date
from uuid import UUID

import pytest

from marshrut.demonstration.town import done
from tests.integration.pairs.deeds import (
    SCHOOL,
    SINCE,
    begun,
    experienced,
    life,
    on_day,
    order_begun,
    order_in_force,
    owed,
    paper,
    refused,
    requested,
    signed_paper,
)
from tests.integration.workflow.acts import load, renew_lists, seen, signed, state
from tests.told_once import told_once
from tests.world import World
from workflow.domain.obligations import ObligationState, state_of
from workflow.domain.pairs import PairStatus
from workflow.domain.regulations import Role
from workflow.domain.routes import DocumentState
from workflow.usecases.pairs.meet import Held, change_meeting, enter_meeting, remove_meeting
from workflow.usecases.pairs.propose import propose_mentor
from workflow.usecases.prepare import save_facts, start_document, submit
from workflow.usecases.sign_simply import begin_simple_signing

UNTIL = date(2026, 11, 17)  # six months exactly
DONE = ({"text": "Знакомство", "due": "первая неделя", "done": "выполнено"},)
REPORT = {
    "rows": DONE,
    "meetings_count": 3,
    "summary": "Научилась планировать урок.",
    "readiness": "sufficient",
}
MET, OPEN = ObligationState.MET, ObligationState.OPEN


@pytest.fixture
@told_once
def led(kedrovsk: World) -> UUID:
    """Zotova leads Golubeva for six months; it is the first day."""
    experienced(kedrovsk, "zotova", in_field=18)
    experienced(kedrovsk, "golubeva", pedagogical=1)
    case_id = begun(kedrovsk, "zotova", "golubeva", until=UNTIL)
    on_day(kedrovsk, SINCE)
    return case_id


def states(world: World, case_id: UUID) -> dict[str, ObligationState]:
    return {f"{code}.{step}": state_of(o) for (code, step), o in owed(world, case_id).items()}


def test_the_order_makes_everybody_owe_the_own_signature(kedrovsk: World, led: UUID) -> None:
    found = owed(kedrovsk, led)
    mentor, mentee = (kedrovsk.person(k).employment_id for k in ("zotova", "golubeva"))
    debtors = {key: (o.employment_id, o.role, o.due_now) for key, o in found.items()}
    assert debtors == {
        ("D16", "sign_mentor"): (mentor, None, date(2026, 5, 23)),
        ("D16", "sign_curator"): (None, Role.CURATOR, date(2026, 5, 23)),
        ("D26", "sign_mentor"): (mentor, None, date(2026, 11, 23)),
        ("D27", "sign"): (mentee, None, date(2026, 11, 23)),
    }


def test_mentor_and_curator_each_meet_the_plan_by_signing_it(kedrovsk: World, led: UUID) -> None:
    plan = signed_paper(kedrovsk, led, "D16", "zotova")
    assert (
        states(kedrovsk, led)["D16.sign_mentor"],
        states(kedrovsk, led)["D16.sign_curator"],
    ) == (
        MET,
        OPEN,
    )
    kedrovsk.sign_simply("kuzina", plan.id)
    kedrovsk.work()
    assert states(kedrovsk, led)["D16.sign_curator"] is MET


def test_the_report_is_met_by_its_author_and_approved_without_a_date(
    kedrovsk: World, led: UUID
) -> None:
    on_day(kedrovsk, date(2026, 11, 18))
    renew_lists(kedrovsk)
    assert life(kedrovsk, led).status is PairStatus.TERM_OVER
    report = signed_paper(kedrovsk, led, "D26", "zotova", **REPORT)
    assert states(kedrovsk, led)["D26.sign_mentor"] is MET
    approval = owed(kedrovsk, led)["D26", "sign_head"]
    assert (approval.role, approval.due_now, state_of(approval)) == (Role.HEAD, None, OPEN)
    signed(kedrovsk, report.id, SCHOOL)
    assert states(kedrovsk, led)["D26.sign_head"] is MET
    assert state(kedrovsk, report.id) is DocumentState.IN_FORCE


def test_the_mentees_questionnaire_is_not_met_by_the_mentors_report(
    kedrovsk: World, led: UUID
) -> None:
    on_day(kedrovsk, date(2026, 11, 18))
    signed_paper(kedrovsk, led, "D26", "zotova", **REPORT)
    assert states(kedrovsk, led)["D27.sign"] is OPEN


def test_nobody_signs_what_has_been_signed(kedrovsk: World, led: UUID) -> None:
    plan = signed_paper(kedrovsk, led, "D16", "zotova")
    mentor, digest = kedrovsk.actor("zotova"), seen(kedrovsk, plan.id)
    refused(kedrovsk, lambda: begin_simple_signing(kedrovsk.services, mentor, plan.id, digest))


def test_nobody_signs_for_the_mentor(kedrovsk: World, led: UUID) -> None:
    plan = paper(kedrovsk, led, "D16", "zotova")
    digest = seen(kedrovsk, plan.id)
    clerk = kedrovsk.actor("titova")
    refused(kedrovsk, lambda: begin_simple_signing(kedrovsk.services, clerk, plan.id, digest))
    assert states(kedrovsk, led)["D16.sign_mentor"] is OPEN


# --- Extension (п. 2.4) ---------------------------------------------------------------------


def test_a_sheet_that_does_not_say_what_it_does_is_not_sent_on(kedrovsk: World, led: UUID) -> None:
    mentor = kedrovsk.actor("zotova")
    sheet = done(start_document(kedrovsk.services, mentor, led, "D19"))
    facts = {**load(kedrovsk, sheet.id).facts, "change": "extension", "until_new": SINCE}
    done(save_facts(kedrovsk.services, mentor, sheet.id, facts))
    kedrovsk.work()
    refusal = refused(kedrovsk, lambda: submit(kedrovsk.services, mentor, sheet.id))
    assert refusal.code == "term.not_longer"
    assert state(kedrovsk, sheet.id) is DocumentState.DRAFT


def test_an_extension_moves_the_report_with_the_reason(kedrovsk: World, led: UUID) -> None:
    later = date(2027, 2, 17)
    sheet = signed_paper(kedrovsk, led, "D19", "zotova", change="extension", until_new=later)
    kedrovsk.sign_simply("golubeva", sheet.id)
    kedrovsk.sign_simply("kuzina", sheet.id)
    kedrovsk.work()
    assert life(kedrovsk, led).spells[0].until == UNTIL  # consent alone prolongs nothing
    order = order_in_force(kedrovsk, order_begun(kedrovsk, led, code="D20").id)
    assert life(kedrovsk, led).spells[0].until == later
    report = owed(kedrovsk, led)["D26", "sign_mentor"]
    assert (report.due, report.due_now) == (date(2026, 11, 23), date(2027, 2, 24))
    assert order.fixing is not None
    assert order.fixing.printed_number in report.changes[-1].ground
    assert owed(kedrovsk, led)["D16", "sign_mentor"].changes == ()


# --- Meetings -------------------------------------------------------------------------------


def test_meetings_are_entered_by_the_mentor_within_the_term(kedrovsk: World, led: UUID) -> None:
    mentor, services = kedrovsk.actor("zotova"), kedrovsk.services
    first = Held.of(SINCE, "in_person", "Рабочая программа", "Посетить урок")
    meeting = done(enter_meeting(services, mentor, led, first))
    early = Held.of(date(2026, 5, 17), "online", "Тема", "")
    late = Held.of(date(2026, 5, 19), "online", "Тема", "")
    blank = Held.of(SINCE, "online", " ", "")
    for held, code in ((early, "outside_term"), (late, "in_future"), (blank, "topic")):
        answer = refused(kedrovsk, lambda held=held: enter_meeting(services, mentor, led, held))  # type: ignore[misc]  # bound now
        assert answer.code == f"meeting.{code}"
    curator = kedrovsk.actor("kuzina")
    others = refused(kedrovsk, lambda: enter_meeting(services, curator, led, first))
    assert others.code == "meeting.not_yours"
    changed = done(
        change_meeting(services, mentor, led, meeting.id, Held.of(SINCE, "lesson", "Урок", ""))
    )
    assert changed.topic == "Урок"
    assert done(remove_meeting(services, mentor, led, meeting.id)).removed_at is not None


# --- Who names whom -------------------------------------------------------------------------


def test_a_mentor_from_elsewhere_or_the_mentee_is_not_proposed(kedrovsk: World) -> None:
    case_id = requested(kedrovsk, "golubeva")
    actor = kedrovsk.actor("orlov")
    own = kedrovsk.person("golubeva").employment_id
    foreign = kedrovsk.person("gavrilova").employment_id
    for one, code in ((own, "pair.mentor_is_mentee"), (foreign, "pair.foreign")):
        answer = refused(
            kedrovsk,
            lambda one=one: propose_mentor(  # type: ignore[misc]  # bound now
                kedrovsk.services, actor, case_id, one, SINCE, UNTIL
            ),
        )
        assert answer.code == code
