"""How pairs stand: their life, papers, orders and terms, read for many pairs in few queries."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from workflow.domain.documents import Document
from workflow.domain.gates import LineTerms
from workflow.domain.mandates import Actor
from workflow.domain.organisations import Organisation
from workflow.domain.pairs import ASSIGNMENT, Life, Pair, life_of
from workflow.domain.regulations import DocumentType, Regulation, Verb
from workflow.queries.case_page import ENDED, IN_FORCE, DocumentLine
from workflow.queries.pair_next import Situation
from workflow.queries.pair_papers import (
    PaperLine,
    Papers,
    document_line,
    is_leaving,
    is_pending,
    order_type,
    paper_lines,
)
from workflow.queries.pair_terms import PairTerm, pair_terms
from workflow.queries.waiting import who_waits
from workflow.store.repositories.documents import Heading
from workflow.store.unit_of_work import Repositories
from workflow.usecases.pairs.reading import candidate_terms, people_named
from workflow.usecases.services import Services

#: What is sent on once the pair's work is over: reports and questionnaires.
RESULTS = ("D26", "D27")


@dataclass(frozen=True)
class Standing:
    """A pair as it stands on its organisation's day.

    `headings` are its documents, the oldest first, `lines` the same as lists show them;
    `documents` those that were read whole. `names` gives short names by employment; `terms` are
    what is owed; `order_kind` the order that the pair needs next.
    """

    pair: Pair
    life: Life
    regulation: Regulation
    today: date
    headings: tuple[Heading, ...]
    lines: Mapping[UUID, DocumentLine]
    documents: Mapping[UUID, Document]
    names: Mapping[UUID, str]
    terms: tuple[PairTerm, ...]
    order_kind: DocumentType | None

    @property
    def pending(self) -> bool:
        return is_pending(self.pair, self.life)

    @property
    def proposed_terms(self) -> LineTerms | None:
        """What an order would say of the pair; None when nobody is proposed anew."""
        return candidate_terms(self.pair, self.life) if self.pending else None

    @property
    def papers(self) -> tuple[PaperLine, ...]:
        """The papers that the order asks for, as long as somebody is proposed."""
        terms = self.proposed_terms
        if terms is None or self.order_kind is None:
            return ()
        return paper_lines(
            self.regulation,
            self.order_kind.gates,
            terms,
            self.headings,
            Papers(self.documents, self.lines),
            self.names,
        )

    @property
    def order(self) -> DocumentLine | None:
        """The order of the kind needed next that is under way."""
        if self.order_kind is None:
            return None
        under_way = [
            h for h in self.of_types(self.order_kind.code) if h.state not in (*IN_FORCE, *ENDED)
        ]
        return self.lines[under_way[-1].id] if under_way else None

    def of_types(self, *codes: str) -> tuple[Heading, ...]:
        """The documents of these types, the oldest first."""
        return tuple(h for h in self.headings if h.type_code in codes)

    @property
    def letter_kind(self) -> DocumentType | None:
        """The letter that sends the results on; None where nothing is sent."""
        kind = self.regulation.case_kinds.get(ASSIGNMENT)
        types = [self.regulation.document_types[code] for code in kind.documents] if kind else []
        return next((t for t in types if t.addressee), None)

    @property
    def letter_due(self) -> bool:
        """Whether results are in force, nobody owes more of them, and no letter is begun."""
        if self.letter_kind is None or not self.life.is_over:
            return False
        results = any(h.state in IN_FORCE for h in self.of_types(*RESULTS))
        return results and not self.of_types(self.letter_kind.code)

    @property
    def _asking(self) -> DocumentLine | None:
        """The newest petition or representation that waits for a resolution."""
        waiting = [
            line
            for line in self.lines.values()
            if any(one.verb is Verb.RESOLVE for one in line.waits)
        ]
        return waiting[-1] if waiting else None

    @property
    def situation(self) -> Situation:
        return Situation(
            status=self.life.status,
            pending=self.pending,
            leaving=is_leaving(self.life),
            asking=self._asking,
            papers=self.papers,
            order=self.order,
            terms=self.terms,
            letter_due=self.letter_due,
        )


def standings(
    tx: Repositories,
    services: Services,
    actor: Actor,
    found: Sequence[Pair],
    places: Mapping[UUID, Organisation],
    *,
    whole: bool = False,
) -> tuple[Standing, ...]:
    """Read how the pairs stand; `whole`: all their documents with their facts."""
    if not found:
        return ()
    ids = [pair.id for pair in found]
    cases = tx.cases.load_many(ids)
    headings = tx.documents.headings_of_cases(ids)
    every = {h.id for of_case in headings.values() for h in of_case}
    days = {place.id: place.local_day(services.clock()) for place in places.values()}
    waits = who_waits(tx, tx.documents.open_steps_of(every), actor, max(days.values()))
    owed = [one for some in tx.obligations.of_cases(ids).values() for one in some]
    terms = pair_terms(tx, services, owed)
    made = []
    for pair in found:
        case = cases[pair.id]
        regulation = services.packs.get(case.pack, case.pack_version)
        today = days[pair.organisation_id]
        life = life_of(pair, today)
        made.append(
            Standing(
                pair=pair,
                life=life,
                regulation=regulation,
                today=today,
                headings=tuple(headings[pair.id]),
                lines={h.id: document_line(h, waits) for h in headings[pair.id]},
                documents={},
                names={},
                terms=terms.get(pair.id, ()),
                order_kind=order_type(regulation, life),
            )
        )
    return _with_documents(tx, made, whole)


def _with_documents(
    tx: Repositories, made: Sequence[Standing], whole: bool
) -> tuple[Standing, ...]:
    """The same with the documents read whole that papers are told by, and with names."""
    wanted = {h.id for one in made for h in one.headings if whole or _is_gate(one, h)}
    documents = tx.documents.load_many(sorted(wanted))
    names = people_named(tx, [employment for one in made for employment in _named(one)])
    return tuple(
        replace(
            one,
            documents={h.id: documents[h.id] for h in one.headings if h.id in documents},
            names=names,
        )
        for one in made
    )


def _is_gate(one: Standing, heading: Heading) -> bool:
    asked = one.order_kind.gates if one.order_kind and one.pending else ()
    return any(gate.type_code == heading.type_code for gate in asked)


def _named(one: Standing) -> list[UUID]:
    pair = one.pair
    mentors = [t.mentor for t in pair.turns] + [p.mentor for p in pair.proposals]
    return [*pair.mentees, *(m for m in mentors if m)]
