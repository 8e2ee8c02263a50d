"""A pair with everything that a decision about it depends on."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from workflow.domain.cases import Case
from workflow.domain.documents import Document
from workflow.domain.gates import LineTerms, Paper
from workflow.domain.mandates import Actor
from workflow.domain.organisations import Organisation
from workflow.domain.pair_permissions import sees_pair
from workflow.domain.pairs import Life, Pair, life_of
from workflow.domain.regulations import Regulation
from workflow.domain.routes import DocumentState
from workflow.store.errors import MissingRowError
from workflow.store.unit_of_work import Repositories
from workflow.usecases.errors import NotFoundError
from workflow.usecases.known_actor import actor_of
from workflow.usecases.services import Services

IN_FORCE = (DocumentState.IN_FORCE, DocumentState.AMENDED)


@dataclass(frozen=True)
class PairDesk:
    """A pair laid on the desk: its case, organisation, pack, the actor as known now, its life."""

    case: Case
    pair: Pair
    organisation: Organisation
    regulation: Regulation
    actor: Actor
    today: date
    life: Life

    @property
    def gate_types(self) -> frozenset[str]:
        """The types of papers that orders ask for."""
        types = self.regulation.document_types.values()
        return frozenset(gate.type_code for kind in types for gate in kind.gates)


def lay_pair(tx: Repositories, services: Services, actor: Actor, case_id: UUID) -> PairDesk:
    """Load a pair for an actor; NotFoundError when it is not there or not for their eyes."""
    try:
        case = tx.cases.load(case_id)
        pair = tx.pairs.load(case_id)
    except MissingRowError as error:
        raise NotFoundError(f"pair {case_id}") from error
    organisation = tx.organisations.load(case.organisation_id)
    known = actor_of(tx, actor.person_id)
    now = services.clock()
    if not sees_pair(pair, known, organisation, now):
        raise NotFoundError(f"pair {case_id} is not for {actor.person_id}")
    regulation = services.packs.get(case.pack, case.pack_version)
    today = organisation.local_day(now)
    return PairDesk(case, pair, organisation, regulation, known, today, life_of(pair, today))


def papers_in_force(
    tx: Repositories, case_ids: Collection[UUID], types: Collection[str]
) -> dict[UUID, list[Paper]]:
    """The papers of these types in force, by the case they belong to."""
    headings = tx.documents.headings_of_cases(list(case_ids))
    wanted = {
        heading.id: case_id
        for case_id, found in headings.items()
        for heading in found
        if heading.type_code in types and heading.state in IN_FORCE
    }
    papers: dict[UUID, list[Paper]] = {case_id: [] for case_id in case_ids}
    for document in tx.documents.load_many(list(wanted)).values():
        paper = paper_of(document)
        if paper is not None:
            papers[wanted[document.id]].append(paper)
    return papers


def paper_of(document: Document) -> Paper | None:
    """What a personal paper says of itself; None when it names nobody or bears no date."""
    facts, dated = document.facts, document.dated
    mentor, mentee = employment_in(facts, "mentor"), employment_in(facts, "mentee")
    person = mentee or mentor
    if person is None or dated is None:
        return None
    return Paper(
        type_code=document.type_code,
        person=person,
        dated=dated,
        mentees=() if mentee else employments_in(facts, "mentees"),
        mentor=mentor if mentee else None,
        since=day_in(facts, "since"),
        until=day_in(facts, "until"),
    )


def employment_in(facts: Mapping[str, object], key: str) -> UUID | None:
    """The employment that a field names, None when it is empty."""
    value = facts.get(key)
    return UUID(str(value)) if value else None


def employments_in(facts: Mapping[str, object], key: str) -> tuple[UUID, ...]:
    """The employments that a field names."""
    value = facts.get(key)
    return tuple(UUID(str(one)) for one in value) if isinstance(value, list | tuple) else ()


def day_in(facts: Mapping[str, object], key: str) -> date | None:
    """The day in a field."""
    value = facts.get(key)
    return value if isinstance(value, date) else None


def candidate_terms(pair: Pair, life: Life) -> LineTerms | None:
    """What an order would say of the pair as it is proposed now; None without a mentor."""
    proposal = pair.proposal
    if proposal is None:
        return None
    own_clause = pair.clause if pair.clause_mentor == proposal.mentor else ""
    return LineTerms(
        case_id=pair.id,
        mentor=proposal.mentor,
        mentees=life.mentees or pair.mentees,
        since=proposal.since,
        until=proposal.until,
        clause=own_clause,
        early_start_reason=pair.early_start_reason,
    )


def people_named(tx: Repositories, employment_ids: Iterable[UUID]) -> dict[UUID, str]:
    """«Белова Я. Н.» for each employment."""
    employments = tx.employments.load_many(list(dict.fromkeys(employment_ids)))
    people = tx.people.load_many([e.person_id for e in employments.values()])
    return {e.id: people[e.person_id].short_name for e in employments.values()}
