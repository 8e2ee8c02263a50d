"""Two people fill in two pages of one form at the same moment."""

from __future__ import annotations

from marshrut.demonstration.town import done
from tests.integration.web.signing_site import programme
from tests.world import World
from workflow.usecases.prepare import save_facts, start_document


def test_each_page_keeps_what_the_other_has_saved(world: World) -> None:
    clerk, case_id = world.actor("zaytseva"), programme(world)
    document = done(start_document(world.services, clerk, case_id, "D06"))
    seen = dict(document.facts)  # both have opened the form
    curator, payment = world.employment("safina"), "в размере 10 процентов должностного оклада"
    first = {**seen, "curator": curator}
    second = {**seen, "payment": payment}
    done(save_facts(world.services, clerk, document.id, first, ["basis", "curator", "date_from"]))
    saved = done(save_facts(world.services, clerk, document.id, second, ["payment", "sysadmin"]))
    assert saved.document.facts["curator"] == curator
    assert saved.document.facts["payment"] == payment


def test_a_page_takes_an_answer_back_without_touching_the_others(world: World) -> None:
    clerk, case_id = world.actor("zaytseva"), programme(world)
    document = done(start_document(world.services, clerk, case_id, "D06"))
    done(save_facts(world.services, clerk, document.id, {"goal": "учёбы"}, ["goal"]))
    saved = done(save_facts(world.services, clerk, document.id, {}, ["goal"]))
    assert "goal" not in saved.document.facts
    assert saved.document.facts["basis"] == document.facts["basis"]
