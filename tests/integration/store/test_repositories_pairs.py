"""Pairs as lists ask for them: by organisation and status, page by page; what is owed in them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from tests import factories
from tests.factories import MORNING, Town
from workflow.domain.pairs import Pair, PairStatus, Proposal, life_of
from workflow.store.unit_of_work import Transaction, UnitOfWork

SINCE, UNTIL = date(2025, 2, 1), date(2026, 1, 31)


def _pair(tx: Transaction, town: Town, *, proposed: bool = False) -> Pair:
    case = tx.cases.save(factories.case(town, kind="assignment"))
    proposal = Proposal(town.mentor.employment.id, SINCE, UNTIL, MORNING, town.curator.person.id)
    pair = Pair(
        id=case.id,
        organisation_id=town.school.id,
        kind="traditional",
        form="teacher_teacher",
        need="подготовка к урокам",
        mentees=(town.clerk.employment.id,),
        since=SINCE,
        until=UNTIL,
        requested_at=MORNING,
        requested_by=town.head.person.id,
        proposals=(proposal,) if proposed else (),
    )
    return tx.pairs.save_living(pair, None, life_of(pair, date(2025, 1, 13)))


def test_pairs_are_found_by_status_the_newest_first_and_in_parts(
    uow: UnitOfWork, town: Town
) -> None:
    with uow() as tx:
        waiting = [_pair(tx, town) for _ in range(3)]
        matching = _pair(tx, town, proposed=True)
        tx.commit()
    places, status = [town.school.id], (PairStatus.WAITING_FOR_MENTOR,)
    with uow.reading() as snapshot:
        assert snapshot.pairs.search(places) == [matching, *reversed(waiting)]
        assert snapshot.pairs.search(places, status, limit=2) == [waiting[2], waiting[1]]
        assert snapshot.pairs.search(places, status, limit=2, offset=2) == [waiting[0]]
        assert snapshot.pairs.search([town.office.id]) == []
        assert snapshot.pairs.search([]) == []


def test_pairs_are_counted_by_status(uow: UnitOfWork, town: Town) -> None:
    with uow() as tx:
        _pair(tx, town)
        _pair(tx, town)
        _pair(tx, town, proposed=True)
        tx.commit()
    with uow.reading() as snapshot:
        assert snapshot.pairs.counted([town.school.id]) == {
            PairStatus.WAITING_FOR_MENTOR: 2,
            PairStatus.MATCHING: 1,
        }
        assert snapshot.pairs.counted([town.office.id]) == {}


def test_what_is_owed_is_found_for_many_pairs_at_once(uow: UnitOfWork, town: Town) -> None:
    with uow() as tx:
        first, second = _pair(tx, town), _pair(tx, town)
        owed = tx.obligations.save(factories.obligation(town, case_id=first.id))
        other = factories.obligation(town, key="other")
        tx.obligations.save(replace(other, case_id=None))
        tx.commit()
    with uow.reading() as snapshot:
        found = snapshot.obligations.of_cases([first.id, second.id])
        assert found == {first.id: [owed], second.id: []}
