"""One person in two roles acts once: one signature, one visa, one acknowledgement."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from uuid import UUID

import pytest

from marshrut.demonstration.town import done
from tests.integration.pairs.deeds import (
    SCHOOL,
    SINCE,
    begun,
    consented,
    experienced,
    life,
    on_day,
    order_begun,
    order_in_force,
    owed,
    proposed,
    refused,
    requested,
    signed_paper,
)
from tests.integration.workflow.acts import (
    fixed,
    load,
    renew_lists,
    seen,
    signatures,
    signed,
    state,
)
from tests.told_once import told_once
from tests.world import World
from workflow.domain.documents import Verdict
from workflow.domain.obligations import ObligationState, state_of
from workflow.domain.pairs import PairStatus
from workflow.domain.routes import DocumentState
from workflow.usecases.agree import agree
from workflow.usecases.prepare import submit
from workflow.usecases.sign_simply import begin_simple_signing
from workflow.usecases.staff import change_organisation, give_mandate

MENTOR_AND_CURATOR, MENTEE = "kuzina", "golubeva"
UNTIL = date(2026, 11, 17)
REPORT = {
    "rows": ({"text": "Знакомство", "due": "первая неделя", "done": "выполнено"},),
    "meetings_count": 3,
    "summary": "Научилась планировать урок.",
    "readiness": "sufficient",
}


@pytest.fixture
@told_once
def led(kedrovsk: World) -> UUID:
    """The deputy, who is the curator as well, leads Golubeva; it is the first day."""
    experienced(kedrovsk, MENTOR_AND_CURATOR, in_field=20)
    experienced(kedrovsk, MENTEE, pedagogical=1)
    case_id = begun(kedrovsk, MENTOR_AND_CURATOR, MENTEE, until=UNTIL)
    on_day(kedrovsk, SINCE)
    return case_id


def verdicts(world: World, document_id: UUID, step: str) -> list[Verdict]:
    return [m.verdict for m in load(world, document_id).marks if m.step.partition(":")[0] == step]


def test_a_curator_who_is_mentor_signs_the_plan_once_and_owes_it_no_longer_in_either_role(
    kedrovsk: World, led: UUID
) -> None:
    plan = signed_paper(kedrovsk, led, "D16", MENTOR_AND_CURATOR)
    assert state(kedrovsk, plan.id) is DocumentState.IN_FORCE
    assert len(signatures(kedrovsk, plan.id)) == 1
    for step in ("sign_mentor", "sign_curator"):
        assert verdicts(kedrovsk, plan.id, step) == [Verdict.SIGNED]
        assert state_of(owed(kedrovsk, led)["D16", step]) is ObligationState.MET
    actor, digest = kedrovsk.actor(MENTOR_AND_CURATOR), seen(kedrovsk, plan.id)
    refused(kedrovsk, lambda: begin_simple_signing(kedrovsk.services, actor, plan.id, digest))


def test_who_signs_before_and_after_the_mentee_signs_once(kedrovsk: World, led: UUID) -> None:
    later = date(2027, 2, 17)
    sheet = signed_paper(
        kedrovsk, led, "D19", MENTOR_AND_CURATOR, change="extension", until_new=later
    )
    assert state(kedrovsk, sheet.id) is DocumentState.TO_SIGN
    kedrovsk.sign_simply(MENTEE, sheet.id)
    kedrovsk.work()
    assert state(kedrovsk, sheet.id) is DocumentState.IN_FORCE
    assert len(signatures(kedrovsk, sheet.id)) == 2
    order_in_force(kedrovsk, order_begun(kedrovsk, led, code="D20").id)
    assert life(kedrovsk, led).spells[0].until == later


def test_the_order_names_and_asks_the_person_once(kedrovsk: World, led: UUID) -> None:
    with kedrovsk.services.uow.reading() as tx:
        (heading,) = (h for h in tx.documents.headings_of_cases([led])[led] if h.type_code == "D14")
    involved = load(kedrovsk, heading.id).facts["involved"]
    assert involved == (kedrovsk.employment(MENTOR_AND_CURATOR), kedrovsk.employment(MENTEE))
    kedrovsk.acknowledge(MENTOR_AND_CURATOR, heading.id)
    assert verdicts(kedrovsk, heading.id, "acknowledge") == [Verdict.ACKNOWLEDGED]


def test_the_whole_work_of_a_mentor_in_two_roles(kedrovsk: World, led: UUID) -> None:
    signed_paper(kedrovsk, led, "D16", MENTOR_AND_CURATOR)
    on_day(kedrovsk, date(2026, 11, 18))
    renew_lists(kedrovsk)
    assert life(kedrovsk, led).status is PairStatus.TERM_OVER
    report = signed_paper(kedrovsk, led, "D26", MENTOR_AND_CURATOR, **REPORT)
    assert not report.by_founder  # a deputy is not the head
    signed(kedrovsk, report.id, SCHOOL)
    assert state(kedrovsk, report.id) is DocumentState.IN_FORCE
    still_owed = {k for k, o in owed(kedrovsk, led).items() if state_of(o) is ObligationState.OPEN}
    assert still_owed == {("D27", "sign")}


# --- Visas ----------------------------------------------------------------------------------


def ordered(world: World) -> UUID:
    """An order on Zotova and Golubeva that waits to be sent on its way."""
    experienced(world, "zotova", in_field=18)
    experienced(world, MENTEE, pedagogical=1)
    case_id = requested(world, MENTEE)
    proposed(world, case_id, "zotova")
    consented(world, case_id, "zotova", MENTEE)
    return order_begun(world, case_id).id


def test_a_clerk_who_is_curator_agrees_by_sending_the_own_order(kedrovsk: World) -> None:
    operator, clerk = kedrovsk.town.operator, kedrovsk.person("titova")
    ground = "приказ от 4 мая 2026 г. № 20-о/д"
    today = kedrovsk.clock().date()
    done(
        give_mandate(
            kedrovsk.services, operator, clerk.employment_id, "curator", today, None, ground
        )
    )
    order_id = ordered(kedrovsk)
    done(submit(kedrovsk.services, kedrovsk.actor("titova"), order_id))
    assert verdicts(kedrovsk, order_id, "agree") == [Verdict.COLLAPSED]
    fixed(kedrovsk, order_id, SCHOOL)
    signed(kedrovsk, order_id, SCHOOL)
    assert state(kedrovsk, order_id) is DocumentState.IN_FORCE


def test_a_deputy_who_is_curator_agrees_once_for_both(kedrovsk: World) -> None:
    services = kedrovsk.services
    with services.uow.reading() as tx:
        school = tx.organisations.load(kedrovsk.place(SCHOOL).id)
    wanted = replace(school, visa_roles=("deputy", "curator"))
    done(change_organisation(services, kedrovsk.town.operator, wanted))
    order_id = ordered(kedrovsk)
    done(submit(services, kedrovsk.actor("titova"), order_id))
    kedrovsk.work()
    actor, digest = kedrovsk.actor(MENTOR_AND_CURATOR), seen(kedrovsk, order_id)
    done(agree(services, actor, order_id, digest))
    assert verdicts(kedrovsk, order_id, "agree") == [Verdict.AGREED, Verdict.AGREED]
    assert refused(kedrovsk, lambda: agree(services, actor, order_id, digest)).code
    fixed(kedrovsk, order_id, SCHOOL)
    signed(kedrovsk, order_id, SCHOOL)
    with services.uow.reading() as tx:
        assert tx.documents.states_of([order_id]) == {order_id: DocumentState.IN_FORCE}
