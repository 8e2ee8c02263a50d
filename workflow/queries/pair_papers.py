"""The papers that an order asks for: each with its state, whose it is and whom it waits for."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from workflow.domain.documents import Document
from workflow.domain.gates import LineTerms, open_gates
from workflow.domain.pairs import ASSIGNMENT, Life, Pair, PairStatus, TurnKind
from workflow.domain.regulations import (
    DocumentType,
    Gate,
    GateOf,
    GateUnless,
    PairEffect,
    Regulation,
)
from workflow.queries.case_page import ENDED, IN_FORCE, DocumentLine
from workflow.queries.waiting import Waits
from workflow.store.repositories.documents import Heading
from workflow.usecases.pairs.reading import employment_in, paper_of

MENTOR, MENTEE = "mentor", "mentee"
_OVER = (PairStatus.ENDED, PairStatus.CANCELLED, PairStatus.TERM_OVER)


class PaperState(StrEnum):
    """How a paper stands; IN_FORCE and CLAUSE let the order pass."""

    IN_FORCE = "in_force"
    CLAUSE = "clause"  # the contract holds the terms already
    UNDER_WAY = "under_way"
    OTHER_TERMS = "other_terms"  # in force, but given for another term, mentee or mentor
    MISSING = "missing"


@dataclass(frozen=True)
class PaperLine:
    """A paper of one person; `document` is the newest one of that person, if there is any."""

    gate: Gate
    title: str
    person_id: UUID
    person: str
    state: PaperState
    document: DocumentLine | None = None

    @property
    def passed(self) -> bool:
        return self.state in (PaperState.IN_FORCE, PaperState.CLAUSE)

    @property
    def may_be_clause(self) -> bool:
        """Whether a clause of the contract would do as well."""
        return self.gate.unless is GateUnless.CONTRACT_CLAUSE and not self.passed


@dataclass(frozen=True)
class Papers:
    """The documents of some pairs that gates ask for, and how lists show all of them."""

    documents: Mapping[UUID, Document]
    lines: Mapping[UUID, DocumentLine]


def type_with(regulation: Regulation, effect: PairEffect) -> DocumentType | None:
    """The type of document that does this to pairs; None when the regulation has none."""
    types = regulation.document_types.values()
    return next((t for t in types if t.turn is effect and t.case_kind == ASSIGNMENT), None)


def order_type(regulation: Regulation, life: Life) -> DocumentType | None:
    """The order that the pair needs next: the first one, or one on replacing the mentor."""
    first = life.spell is None
    return type_with(regulation, PairEffect.BEGIN if first else PairEffect.REPLACE_OR_END)


def is_pending(pair: Pair, life: Life) -> bool:
    """Whether somebody is proposed whom no order has named yet."""
    if life.status in _OVER or pair.proposed is None:
        return False
    return life.spell is None or pair.proposed != life.mentor


def is_leaving(life: Life) -> bool:
    """Whether the mentor's time is cut by a notice, given already, and nobody follows yet."""
    turn = life.ended_by
    return life.status not in _OVER and turn is not None and turn.kind is TurnKind.NOTICE


def document_line(heading: Heading, waits: Mapping[UUID, tuple[Waits, ...]]) -> DocumentLine:
    """A document of a pair as lists show it."""
    return DocumentLine(
        document_id=heading.id,
        title=heading.title,
        state=heading.state,
        number=heading.number,
        dated=heading.dated,
        waits=waits.get(heading.id, ()),
    )


def paper_lines(
    regulation: Regulation,
    gates: Sequence[Gate],
    terms: LineTerms,
    headings: Collection[Heading],
    papers: Papers,
    names: Mapping[UUID, str],
) -> tuple[PaperLine, ...]:
    """Return a line for each paper of each person, in the order of the pack."""
    valid = [h.id for h in headings if h.state in IN_FORCE and h.id in papers.documents]
    known = [p for p in (paper_of(papers.documents[one]) for one in valid) if p is not None]
    missing = {(g.gate.key, g.person): g for g in open_gates(gates, terms, known)}
    lines = []
    for gate in gates:
        for person in (terms.mentor,) if gate.of is GateOf.MENTOR else terms.mentees:
            own = _own(gate, person, terms, headings, papers)
            is_open = missing.get((gate.key, person))
            state = _state(gate, terms, own, is_open is None, bool(is_open and is_open.other_terms))
            lines.append(
                PaperLine(
                    gate,
                    regulation.document_types[gate.type_code].title,
                    person,
                    names.get(person, ""),
                    state,
                    papers.lines[own.id] if own else None,
                )
            )
    return tuple(lines)


def _own(
    gate: Gate,
    person: UUID,
    terms: LineTerms,
    headings: Collection[Heading],
    papers: Papers,
) -> Heading | None:
    """The newest paper of the person that is not over, of this mentor where it names one."""
    found = []
    for heading in headings:
        document = papers.documents.get(heading.id)
        if document is None or heading.type_code != gate.type_code or heading.state in ENDED:
            continue
        if _is_of(gate, person, terms.mentor, document):
            found.append(heading)
    return max(found, key=lambda heading: heading.id, default=None)


def _is_of(gate: Gate, person: UUID, mentor: UUID, document: Document) -> bool:
    """Whether the paper is this person's: a mentee's one may name the mentor it is about."""
    named = employment_in(document.facts, MENTOR)
    if gate.of is GateOf.MENTOR:
        return named == person
    return employment_in(document.facts, MENTEE) == person and named in (None, mentor)


def _state(
    gate: Gate, terms: LineTerms, own: Heading | None, passed: bool, other_terms: bool
) -> PaperState:
    if passed:
        by_clause = gate.unless is GateUnless.CONTRACT_CLAUSE and terms.clause.strip()
        return PaperState.CLAUSE if by_clause else PaperState.IN_FORCE
    if own is not None and own.state not in IN_FORCE:
        return PaperState.UNDER_WAY
    return PaperState.OTHER_TERMS if other_terms else PaperState.MISSING
