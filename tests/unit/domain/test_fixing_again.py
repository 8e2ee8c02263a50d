"""Who may date a document anew, and when that would lose a signature."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from tests.factories import MORNING, fixed, mark, order_type, town
from tests.factories import draft as draft_of
from workflow.domain.documents import Verdict
from workflow.domain.permissions import Circumstances, may_fix
from workflow.domain.refusals import Refusal
from workflow.domain.regulations import Role, StepSpec, Verb, Who

TOWN = town()
TOMORROW = MORNING + timedelta(days=1)


def _code(answer: Refusal | None) -> str:
    return answer.code if answer else ""


def test_signatory_renews_the_date_after_midnight_and_not_before() -> None:
    document = fixed(draft_of(TOWN), TOWN)
    today = Circumstances(order_type(), TOWN.school, MORNING)
    assert _code(may_fix(document, TOWN.head.actor, today)) == "step.not_yours"
    tomorrow = replace(today, now=TOMORROW)
    assert may_fix(document, TOWN.head.actor, tomorrow) is None


def test_others_renew_no_date() -> None:
    document = fixed(draft_of(TOWN), TOWN)
    tomorrow = Circumstances(order_type(), TOWN.school, TOMORROW)
    for other in (TOWN.curator, TOWN.mentor, TOWN.officer):
        assert _code(may_fix(document, other.actor, tomorrow)) == "step.not_yours"


def test_files_that_somebody_has_signed_are_not_made_anew() -> None:
    route = (*order_type().route, StepSpec("sign2", Verb.SIGN, Who(Role.DEPUTY), ("fix",)))
    kind = order_type(route=route)
    document = fixed(draft_of(TOWN, kind=kind), TOWN)
    around = Circumstances(kind, TOWN.school, MORNING)
    assert may_fix(document, TOWN.clerk.actor, around) is None
    one = document.marked(mark(document, "sign", Verdict.SIGNED, TOWN.head))
    assert _code(may_fix(one, TOWN.clerk.actor, around)) == "fix.partly_signed"
    withdrawn = one.marked(mark(one, "sign", Verdict.WITHDRAWN, TOWN.head))
    assert may_fix(withdrawn, TOWN.clerk.actor, around) is None
