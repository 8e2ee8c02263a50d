"""What is owed in a pair: by whom, until when, or why no day is known; how it came to change."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from workflow.domain.mandates import holder_of
from workflow.domain.obligations import Change, Obligation, ObligationState
from workflow.domain.regulations import Role
from workflow.queries.terms import UNMET, Term, terms_of
from workflow.queries.waiting import short_names
from workflow.store.unit_of_work import Repositories
from workflow.usecases.pairs.reading import people_named
from workflow.usecases.services import Services


@dataclass(frozen=True)
class PairTerm:
    """An obligation of a pair.

    `debtor` is a short name (empty: nobody holds `role` now); `uncovered_year` the year whose
    calendar is not approved yet; `counted_from` the day of the event that the term counts from.
    """

    term: Term
    type_code: str
    step: str
    debtor: str
    role: Role | None
    employment_id: UUID | None
    counted_from: date | None
    uncovered_year: int | None
    changes: tuple[Change, ...]

    @property
    def is_open(self) -> bool:
        return self.term.state in UNMET

    @property
    def is_cancelled(self) -> bool:
        return self.term.state is ObligationState.CANCELLED

    @property
    def urgency(self) -> tuple[bool, date, UUID]:
        return not self.is_open, self.term.last or date.max, self.term.obligation_id


def pair_terms(
    tx: Repositories, services: Services, owed: Iterable[Obligation]
) -> dict[UUID, tuple[PairTerm, ...]]:
    """Return the terms by pair: the open ones first, the most urgent of them before the others.

    Few queries for the terms of many pairs.
    """
    obligations = [o for o in owed if o.case_id is not None]
    terms = terms_of(tx, services, obligations)
    people = people_named(tx, [o.employment_id for o in obligations if o.employment_id])
    holders = _holders(tx, services, [o for o in obligations if o.role])
    found: dict[UUID, list[PairTerm]] = {}
    for one in obligations:
        assert one.case_id is not None  # those without one were left out
        by_role = holders.get((one.debtor_id, one.role), "") if one.role else ""
        found.setdefault(one.case_id, []).append(
            PairTerm(
                term=terms[one.id],
                type_code=one.type_code,
                step=one.step,
                debtor=people[one.employment_id] if one.employment_id else by_role,
                role=one.role,
                employment_id=one.employment_id,
                counted_from=one.counted_from,
                uncovered_year=one.uncovered_year if one.due_now is None else None,
                changes=one.changes,
            )
        )
    return {
        case_id: tuple(sorted(some, key=lambda term: term.urgency))
        for case_id, some in found.items()
    }


def _holders(
    tx: Repositories, services: Services, owed: Sequence[Obligation]
) -> Mapping[tuple[UUID, Role | None], str]:
    """Who holds each role now in the organisation that owes, by short name."""
    places = tx.organisations.load_many(o.debtor_id for o in owed)
    mandates = tx.mandates.of_organisations(set(places))
    held: dict[tuple[UUID, Role | None], UUID] = {}
    for one in owed:
        assert one.role is not None  # the caller chose those with a role
        today = places[one.debtor_id].local_day(services.clock())
        holder = holder_of(mandates, one.role, one.debtor_id, today)
        if holder is not None:
            held[one.debtor_id, one.role] = holder.person_id
    names = short_names(tx, held.values())
    return {key: names[person] for key, person in held.items()}
