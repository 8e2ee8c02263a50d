"""How far a programme is: its stages are reached in their order."""

from __future__ import annotations

import pytest

from workflow.domain.cases import stage_of
from workflow.domain.regulations import CaseKind, Stage
from workflow.domain.routes import DocumentState

PROGRAMME = CaseKind(
    key="programme",
    title="Программа наставничества",
    documents=("D06", "D03", "D04", "D33"),
    stages=(
        Stage("curator", "Назначен куратор", when_in_force=("D06",)),
        Stage("approved", "Утверждены документы", when_in_force=("D03", "D04")),
        Stage("accepted", "Приняты отделом", when_accepted=("D04",)),
        Stage("over", "Завершена", after_event="case.ends"),
    ),
)
IN_FORCE = DocumentState.IN_FORCE
APPROVED = {"D06": IN_FORCE, "D03": IN_FORCE, "D04": IN_FORCE}
ACCEPTED = frozenset({"D04"})


def test_a_programme_begins_before_its_first_stage() -> None:
    assert stage_of(PROGRAMME, {}, frozenset()) == ""


def test_a_stage_is_reached_when_all_its_documents_are_in_force() -> None:
    assert stage_of(PROGRAMME, {"D06": IN_FORCE}, frozenset()) == "curator"
    assert stage_of(PROGRAMME, {"D06": IN_FORCE, "D03": IN_FORCE}, frozenset()) == "curator"
    assert stage_of(PROGRAMME, APPROVED, frozenset()) == "approved"


@pytest.mark.parametrize("state", DocumentState)
def test_an_amended_document_still_counts_and_no_other_state_does(state: DocumentState) -> None:
    counts = state in (DocumentState.IN_FORCE, DocumentState.AMENDED)
    assert stage_of(PROGRAMME, {"D06": state}, frozenset()) == ("curator" if counts else "")


def test_acceptance_is_the_offices_own_condition() -> None:
    assert stage_of(PROGRAMME, APPROVED, ACCEPTED) == "accepted"


def test_no_stage_is_reached_past_one_that_is_not() -> None:
    assert stage_of(PROGRAMME, {"D03": IN_FORCE, "D04": IN_FORCE}, ACCEPTED) == ""
    assert stage_of(PROGRAMME, APPROVED, frozenset(), frozenset({"case.ends"})) == "approved"


def test_the_last_stage_waits_for_the_end_of_the_case() -> None:
    assert stage_of(PROGRAMME, APPROVED, ACCEPTED, frozenset({"case.begins"})) == "accepted"
    assert stage_of(PROGRAMME, APPROVED, ACCEPTED, frozenset({"case.ends"})) == "over"
