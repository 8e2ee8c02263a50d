"""Who is who in a document of pairs: mentors and mentees, and whether the head is one of them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from uuid import UUID

from workflow.domain.mandates import holder_of
from workflow.domain.obligations import ObligationState, state_of
from workflow.domain.organisations import Organisation
from workflow.domain.pairs import ASSIGNMENT, life_of
from workflow.domain.regulations import DocumentType, Role
from workflow.store.unit_of_work import Repositories
from workflow.usecases.pairs.lines import LINES
from workflow.usecases.pairs.reading import employment_in, employments_in
from workflow.usecases.services import Services

MENTOR, MENTEE, MENTEES = "mentor", "mentee", "mentees"
_OPEN = (ObligationState.OPEN, ObligationState.RETURNED)
_SINGLE = (MENTOR, MENTEE, "old_mentor", "new_mentor", "employee")


def parties_of(
    tx: Repositories, services: Services, case_ids: Collection[UUID], organisation: Organisation
) -> dict[str, frozenset[UUID]]:
    """The employments by the field of a paper that names them; empty for other cases.

    A mentor who was replaced belongs to the pair as long as the report is owed.
    """
    today = organisation.local_day(services.clock())
    mentors: set[UUID] = set()
    mentees: set[UUID] = set()
    for pair in tx.pairs.find(case_ids).values():
        life = life_of(pair, today)
        mentors |= {one for one in (pair.proposed, life.mentor) if one}
        mentors |= _owing(tx, pair.id) & {spell.mentor for spell in life.spells}
        mentees |= set(life.mentees or pair.mentees)
    if not mentors and not mentees:
        return {}
    return {
        MENTOR: frozenset(mentors),
        MENTEE: frozenset(mentees),
        MENTEES: frozenset(mentees),
        "person": frozenset(mentors | mentees),
    }


def _owing(tx: Repositories, case_id: UUID) -> set[UUID]:
    return {
        owed.employment_id
        for owed in tx.obligations.of_case(case_id)
        if owed.employment_id and state_of(owed) in _OPEN
    }


def head_is_a_party(
    tx: Repositories,
    services: Services,
    kind: DocumentType,
    organisation: Organisation,
    facts: Mapping[str, object],
) -> bool:
    """Whether the document is about the head: then the founder acts for the employer."""
    if kind.case_kind != ASSIGNMENT or organisation.founder_id is None:
        return False
    today = organisation.local_day(services.clock())
    mandates = tx.mandates.of_organisation(organisation.id)
    head = holder_of(mandates, Role.HEAD, organisation.id, today)
    if head is None:
        return False
    employments = tx.employments.load_many(named_in(facts))
    return any(e.person_id == head.person_id for e in employments.values())


def named_in(facts: Mapping[str, object]) -> list[UUID]:
    """Whom the facts name as mentor, mentee or the employee of an agreement, in lines as well."""
    rows = facts.get(LINES)
    places = [facts, *(rows if isinstance(rows, list | tuple) else ())]
    found: list[UUID] = []
    for place in places:
        found += [e for key in _SINGLE if (e := employment_in(place, key))]
        found += employments_in(place, MENTEES)
    return list(dict.fromkeys(found))
