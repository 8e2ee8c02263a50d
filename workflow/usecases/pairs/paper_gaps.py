"""Whether a personal paper of a pair may still be signed: its line may be gone meanwhile."""

from __future__ import annotations

from datetime import date

from workflow.domain.documents import Document
from workflow.domain.gates import LineGap, is_still_asked, line_is_cancelled
from workflow.domain.organisations import Organisation
from workflow.domain.pairs import ASSIGNMENT, PairStatus, life_of
from workflow.domain.refusals import Refusal
from workflow.domain.regulations import DocumentType, Regulation
from workflow.domain.term_changes import CHANGE_SHEET, TermChange, term_changes_as_said
from workflow.store.unit_of_work import Repositories
from workflow.usecases.pairs.reading import day_in, employment_in
from workflow.usecases.services import Services


def paper_gaps(
    tx: Repositories,
    services: Services,
    document: Document,
    kind: DocumentType,
    regulation: Regulation,
    organisation: Organisation,
) -> tuple[LineGap, ...]:
    """Whether a paper of the pair is still wanted: asked for by an order, or owed by a day."""
    types = regulation.document_types.values()
    is_gate = any(gate.type_code == kind.code for other in types for gate in other.gates)
    is_change = kind.code == CHANGE_SHEET
    if kind.case_kind != ASSIGNMENT or not (is_gate or is_change or kind.deadlines):
        return ()
    gaps: list[LineGap] = []
    today = organisation.local_day(services.clock())
    for pair in tx.pairs.find([line.case_id for line in document.lines]).values():
        life = life_of(pair, today)
        mentor = employment_in(document.facts, "mentor")
        refusal = is_still_asked(pair, life, mentor, kind.article) if is_gate else None
        if not is_gate and life.status is PairStatus.CANCELLED:
            refusal = line_is_cancelled(kind.article)
        if refusal is None and is_change and life.spell is not None:
            refusal = _change_gap(document, life.spell.until, today, kind.article)
        if refusal:
            gaps.append(LineGap(pair.id, refusal))
    return tuple(gaps)


def _change_gap(document: Document, until: date, today: date, article: str) -> Refusal | None:
    """Whether the sheet of changes means what it says; a draft that says nothing yet may wait."""
    change = document.facts.get("change")
    if not isinstance(change, str):
        return None
    until_new = day_in(document.facts, "until_new")
    return term_changes_as_said(TermChange(change), until, until_new, today, article)
