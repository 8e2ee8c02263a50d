"""Each mentee answers the questionnaire once; a second one is not begun by anybody."""

from __future__ import annotations

import pytest

from tests.integration.pairs import deeds
from tests.integration.web.my_pairs_site import MENTEE, MENTOR, led_pair, on_day
from tests.world import World
from workflow.usecases.prepare import start_document

MARKS = (
    "regularity usefulness atmosphere accessibility documents lessons advice plan readiness overall"
)
ANSWERS = {**dict.fromkeys(MARKS.split(), "9"), "recommend": True}


@pytest.mark.parametrize("who", [MENTEE, "titova"])
def test_a_second_questionnaire_is_refused_and_changes_nothing(kedrovsk: World, who: str) -> None:
    case_id = led_pair(kedrovsk)
    on_day(kedrovsk, 366)
    begun = deeds.paper(kedrovsk, case_id, "D27", MENTEE, **ANSWERS)
    under_way = start_document(kedrovsk.services, kedrovsk.actor(who), case_id, "D27")
    assert deeds.refusal(under_way).code == "paper.begun"
    kedrovsk.sign_simply(MENTEE, begun.id)
    kedrovsk.work()
    again = start_document(kedrovsk.services, kedrovsk.actor(who), case_id, "D27")
    assert deeds.refusal(again).code == "paper.answered"
    with kedrovsk.services.uow.reading() as tx:
        headings = tx.documents.headings_of_cases([case_id])[case_id]
    assert [h.id for h in headings if h.type_code == "D27"] == [begun.id]


def test_other_papers_may_be_written_again(kedrovsk: World) -> None:
    case_id = led_pair(kedrovsk)
    on_day(kedrovsk, 1)
    for _again in range(2):
        begun = start_document(kedrovsk.services, kedrovsk.actor(MENTOR), case_id, "D16")
        assert getattr(begun, "type_code", begun) == "D16"
