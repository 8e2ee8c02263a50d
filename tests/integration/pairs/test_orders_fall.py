"""A line is cancelled by a later order (D44); what it did to the pair follows."""

from __future__ import annotations

from datetime import date

from tests.integration.pairs.deeds import (
    SINCE,
    begun,
    experienced,
    life,
    on_day,
    order_begun,
    order_in_force,
    owed,
)
from tests.world import World
from workflow.domain.obligations import ObligationState, state_of
from workflow.domain.pairs import PairStatus


def test_a_cancelled_order_leaves_nobody_owing_anything(kedrovsk: World) -> None:
    experienced(kedrovsk, "zotova", in_field=18)
    experienced(kedrovsk, "golubeva", pedagogical=1)
    case_id = begun(kedrovsk, "zotova", "golubeva")
    on_day(kedrovsk, date(2026, 5, 12))
    words = {"target_род": "приказа о назначении наставников", "ground": "ошибка в приказе"}
    order = order_begun(kedrovsk, case_id, code="D44", whole=True, effective=SINCE, **words)
    order_in_force(kedrovsk, order.id)
    assert {state_of(o) for o in owed(kedrovsk, case_id).values()} == {ObligationState.CANCELLED}
    on_day(kedrovsk, SINCE)
    assert life(kedrovsk, case_id).status is PairStatus.CANCELLED
