from __future__ import annotations

from workflow.domain.cases import stage_of
from workflow.domain.routes import DocumentState
from workflow.packs import load

PROGRAMME = load("tetyushi").case_kinds["programme"]
IN_FORCE = dict.fromkeys(("D06", "D03", "D04", "D05"), DocumentState.IN_FORCE)
NOBODY: frozenset[str] = frozenset()


def test_a_programme_begins_in_its_preparatory_stage() -> None:
    assert stage_of(PROGRAMME, {}, NOBODY) == "preparatory"
    assert stage_of(PROGRAMME, IN_FORCE | {"D05": DocumentState.TO_SIGN}, NOBODY) == "preparatory"


def test_the_main_stage_begins_when_its_documents_are_in_force() -> None:
    assert stage_of(PROGRAMME, IN_FORCE, NOBODY) == "main"
    assert stage_of(PROGRAMME, IN_FORCE | {"D04": DocumentState.AMENDED}, NOBODY) == "main"


def test_the_final_stage_waits_for_the_end_of_the_term() -> None:
    ended = frozenset({"case.ends"})
    assert stage_of(PROGRAMME, IN_FORCE, NOBODY, ended) == "final"
    assert stage_of(PROGRAMME, {}, NOBODY, ended) == "preparatory"
