"""From the need to the order: Положение of Yurga, п. 2.1–2.6; ТК РФ, ст. 351.8."""

from __future__ import annotations

from datetime import date

from tests.integration.pairs.deeds import (
    begun,
    experienced,
    life,
    owed,
    proposed,
    requested,
)
from tests.world import World
from workflow.domain.obligations import ObligationState, state_of
from workflow.domain.pairs import PairStatus


def test_a_pair_waits_for_a_mentor_then_for_its_papers_then_for_its_first_day(
    kedrovsk: World,
) -> None:
    experienced(kedrovsk, "zotova", in_field=18)
    experienced(kedrovsk, "golubeva", pedagogical=1)
    case_id = requested(kedrovsk, "golubeva")
    assert life(kedrovsk, case_id).status is PairStatus.WAITING_FOR_MENTOR
    proposed(kedrovsk, case_id, "zotova")
    assert life(kedrovsk, case_id).status is PairStatus.MATCHING


def test_the_order_begins_the_pair_and_sets_the_terms(kedrovsk: World) -> None:
    experienced(kedrovsk, "zotova", in_field=18)
    experienced(kedrovsk, "golubeva", pedagogical=1)
    case_id = begun(kedrovsk, "zotova", "golubeva")
    lived = life(kedrovsk, case_id)
    assert lived.status is PairStatus.WAITING_TO_BEGIN
    assert lived.mentor == kedrovsk.person("zotova").employment_id
    duties = owed(kedrovsk, case_id)
    plan = duties["D16", "sign_mentor"]
    assert plan.due == date(2026, 5, 23)  # a six-day week: 19–23 May, a Saturday
    assert plan.employment_id == kedrovsk.person("zotova").employment_id
    assert state_of(plan) is ObligationState.OPEN
    assert duties["D26", "sign_mentor"].due == date(2027, 5, 22)
    assert duties["D27", "sign"].employment_id == kedrovsk.person("golubeva").employment_id
