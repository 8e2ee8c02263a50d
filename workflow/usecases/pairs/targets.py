"""The earlier order that an order amends or cancels, and whether it may (D43, D44)."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from workflow.domain.documents import Document
from workflow.domain.facts import ids_in
from workflow.domain.gates import LineGap
from workflow.domain.refusals import N_, Refusal
from workflow.domain.regulations import DocumentType, PairEffect
from workflow.store.unit_of_work import Repositories
from workflow.usecases.pairs.reading import IN_FORCE

TARGET, WHOLE = "target", "whole"


def place_in_target(
    tx: Repositories, organisation_id: UUID, facts: Mapping[str, object], case_id: UUID
) -> int | None:
    """The row of the pair in the order that is cancelled; None where the order names one pair."""
    for target in _targets(tx, organisation_id, facts):
        cases = [line.case_id for line in target.lines]
        if len(cases) > 1:
            return cases.index(case_id) + 1 if case_id in cases else None
    return None


def _targets(
    tx: Repositories, organisation_id: UUID, facts: Mapping[str, object]
) -> list[Document]:
    found = tx.documents.load_many(ids_in(facts.get(TARGET))).values()
    return [d for d in found if d.organisation_id == organisation_id]


def target_gaps(tx: Repositories, document: Document, kind: DocumentType) -> tuple[LineGap, ...]:
    """Why the earlier order cannot be amended or cancelled like this.

    It must be in force and name the pairs; as a whole it is cancelled for all of them.
    """
    targets = _targets(tx, document.organisation_id, document.facts)
    states = tx.documents.states_of([target.id for target in targets])
    if any(states[target.id] not in IN_FORCE for target in targets):
        return (LineGap(document.id, _not_in_force(kind)),)
    wanted = {line.case_id for line in document.lines if line.cancelled_by is None}
    # A line that this very order has cancelled counts: a withdrawn signature is put anew.
    named = {
        line.case_id
        for target in targets
        for line in target.lines
        if line.cancelled_by in (None, document.id)
    }
    foreign = [case_id for case_id in wanted if case_id not in named]
    if foreign:
        return tuple(LineGap(case_id, _other_pair(kind)) for case_id in foreign)
    is_whole = kind.turn is PairEffect.CANCEL and bool(document.facts.get(WHOLE))
    if is_whole and named - wanted:
        return (LineGap(document.id, _names_some(kind, len(named - wanted))),)
    return ()


def _not_in_force(kind: DocumentType) -> Refusal:
    return Refusal(
        "target.not_in_force",
        N_("The order that would be changed is not in force."),
        N_("Choose the order by which the pair works now."),
        article=kind.article,
    )


def _other_pair(kind: DocumentType) -> Refusal:
    return Refusal(
        "target.other_pair",
        N_("The order that would be changed does not name this pair, or its line is cancelled."),
        N_("Choose the order that names the pair, or take the pair out."),
        article=kind.article,
    )


def _names_some(kind: DocumentType, others: int) -> Refusal:
    return Refusal(
        "target.names_some",
        N_("An order is cancelled as a whole for all its pairs; not named here: {others}."),
        N_("Put the other pairs in, or answer that only the lines named below are cancelled."),
        {"others": others},
        article=kind.article,
    )
