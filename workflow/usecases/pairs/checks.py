"""The rules of a regulation held against mentors who are proposed, for one pair or for many."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from workflow.domain.documents import Document
from workflow.domain.gates import LineTerms
from workflow.domain.matching import Candidate, Check, checks_of
from workflow.domain.pairs import Pair, Spell, life_of, mentees_at_once
from workflow.domain.regulations import Regulation
from workflow.domain.staff_cards import ExperienceKind, StaffCard
from workflow.store.unit_of_work import Repositories
from workflow.usecases.pairs.reading import IN_FORCE, employment_in

#: The field of a mentor's consent that declares mentees elsewhere.
ELSEWHERE = "mentees_elsewhere"
#: At most so many pairs are read for each person who is proposed.
MOST_NAMING = 1000


@dataclass(frozen=True)
class Proposed:
    """A pair as an order would name it."""

    pair: Pair
    regulation: Regulation
    terms: LineTerms


def checks_for(
    tx: Repositories, pair: Pair, regulation: Regulation, terms: LineTerms
) -> tuple[Check, ...]:
    """Hold the regulation's rules against mentor, mentees and days."""
    return checks_of_pairs(tx, [Proposed(pair, regulation, terms)])[pair.id]


def checks_of_pairs(
    tx: Repositories, proposed: Sequence[Proposed]
) -> dict[UUID, tuple[Check, ...]]:
    """Return the same for many pairs, by pair, in as many queries as for one."""
    named = {e for one in proposed for e in (one.terms.mentor, *one.terms.mentees)}
    employments = tx.employments.load_many(named)
    people = {e.id: e.person_id for e in employments.values()}
    cards = tx.staff_cards.of_many(named)
    posts: dict[UUID, set[UUID]] = {people[one.terms.mentor]: set() for one in proposed}
    for held in tx.employments.of_people(posts):
        posts[held.person_id].add(held.id)
    every = {post for of_person in posts.values() for post in of_person}
    others = tx.pairs.naming(every, limit=MOST_NAMING * max(1, len(posts)))
    declared = _consents(tx, [one.pair.id for one in proposed])
    made = {}
    for one in proposed:
        pair, terms = one.pair, one.terms
        person = people[terms.mentor]
        here, known = _mentees_known(others, posts[person], pair, terms)
        candidate = Candidate(
            mentoring=pair.kind,
            since=terms.since,
            until=terms.until,
            mentees=len(terms.mentees),
            experience=years_of(cards.get(terms.mentor), terms.since),
            mentees_here=here,
            mentees_known=known,
            mentees_elsewhere=_declared(declared[pair.id], terms),
            mentee_experience=tuple(years_of(cards.get(m), terms.since) for m in terms.mentees),
            same_person=any(people[m] == person for m in terms.mentees),
        )
        reasons = {reason.check: reason.text for reason in pair.reasons}
        made[pair.id] = checks_of(one.regulation.rules, candidate, reasons)
    return made


def years_of(card: StaffCard | None, day: date) -> dict[str, int]:
    """Full years of each kind of experience that the card knows of."""
    if card is None:
        return {}
    known = {kind.value: card.years_on(kind.value, day) for kind in ExperienceKind}
    return {kind: years for kind, years in known.items() if years is not None}


def _mentees_known(
    pairs: Iterable[Pair], posts: Collection[UUID], pair: Pair, terms: LineTerms
) -> tuple[int, int]:
    """The mentor's other mentees at the same time: in the pair's organisation, and in all."""
    others: list[tuple[Spell, int]] = []
    own: list[tuple[Spell, int]] = []
    for other in pairs:
        if other.id == pair.id:
            continue
        life = life_of(other, terms.since)
        spells = [(s, len(life.mentees)) for s in life.spells if s.mentor in posts]
        others += spells
        own += spells if other.organisation_id == pair.organisation_id else []
    here, known = (mentees_at_once(s, terms.since, terms.until) for s in (own, others))
    return here, known


def _consents(tx: Repositories, case_ids: Sequence[UUID]) -> dict[UUID, list[Document]]:
    """The papers in force of each pair that declare mentees elsewhere."""
    headings = tx.documents.headings_of_cases(case_ids)
    ids = {case: [h.id for h in headings[case] if h.state in IN_FORCE] for case in case_ids}
    documents = tx.documents.load_many([one for of_case in ids.values() for one in of_case])
    return {
        case: [documents[one] for one in of_case if ELSEWHERE in documents[one].facts]
        for case, of_case in ids.items()
    }


def _declared(consents: Iterable[Document], terms: LineTerms) -> int | None:
    """The number that the mentor's newest consent declares; None without one in force."""
    own = [d for d in consents if employment_in(d.facts, "mentor") == terms.mentor]
    newest = max(own, key=lambda d: d.created_at, default=None)
    declared = newest.facts[ELSEWHERE] if newest else None
    return declared if isinstance(declared, int) else None
