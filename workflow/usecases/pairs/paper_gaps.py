"""Whether a personal paper of a pair may still be signed: its line may be gone meanwhile."""

from __future__ import annotations

from workflow.domain.documents import Document
from workflow.domain.gates import LineGap, is_still_asked, line_is_cancelled
from workflow.domain.organisations import Organisation
from workflow.domain.pairs import ASSIGNMENT, PairStatus, life_of
from workflow.domain.regulations import DocumentType, Regulation
from workflow.store.unit_of_work import Repositories
from workflow.usecases.pairs.reading import employment_in
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
    if kind.case_kind != ASSIGNMENT or not (is_gate or kind.deadlines):
        return ()
    gaps: list[LineGap] = []
    for pair in tx.pairs.find([line.case_id for line in document.lines]).values():
        life = life_of(pair, organisation.local_day(services.clock()))
        mentor = employment_in(document.facts, "mentor")
        refusal = is_still_asked(pair, life, mentor, kind.article) if is_gate else None
        if not is_gate and life.status is PairStatus.CANCELLED:
            refusal = line_is_cancelled(kind.article)
        if refusal:
            gaps.append(LineGap(pair.id, refusal))
    return tuple(gaps)
