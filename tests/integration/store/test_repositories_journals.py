"""Rows of journals: who made and signed, how many, what stood there before."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from tests import factories
from tests.factories import MORNING, TODAY, Town
from tests.stored import derived, store_document
from workflow.domain.documents import Verdict
from workflow.domain.registers import EntryChange, EntryState
from workflow.store.repositories.base import HistoryError
from workflow.store.repositories.registers import Makers, Wanted
from workflow.store.unit_of_work import UnitOfWork


def test_a_row_comes_back_with_what_stood_there_before(uow: UnitOfWork, town: Town) -> None:
    with uow() as tx:
        register = tx.registers.save(factories.register(town))
        first = tx.entries.save(factories.entry(register, by_hand=True, note="срочно"))
        change = EntryChange(MORNING, town.clerk.person.id, first.text)
        said = first.saying(replace(first.text, summary="О графике", correspondent="Школа"))
        corrected = tx.entries.save(replace(said, changes=(change,)), first)
        assert tx.entries.load(first.id) == corrected
        with pytest.raises(HistoryError):
            tx.entries.save(replace(corrected, changes=()), corrected)


def test_the_makers_of_a_row_are_those_of_its_own_fixing(uow: UnitOfWork, town: Town) -> None:
    with uow() as tx:
        register = tx.registers.save(factories.register(town))
        document = factories.draft(town)
        mine, theirs = (factories.entry(register, n, document_id=document.id) for n in (1, 2))
        stored = store_document(tx, document, town)
        mine, theirs = tx.entries.save(mine), tx.entries.save(theirs)
        fixed = document.with_fixing(factories.fixing(document, entry_id=mine.id))
        signed = factories.mark(fixed, "sign", Verdict.SIGNED, town.head, evidence="one")
        by_deputy = factories.mark(fixed, "sign", Verdict.SIGNED, town.deputy, evidence="two")
        gone = factories.mark(fixed, "sign", Verdict.WITHDRAWN, None, evidence="two")
        for mark in (signed, by_deputy, gone):
            fixed = fixed.marked(mark)
        tx.documents.save(fixed, stored, derived(fixed, town))
        makers = tx.entries.makers_of([mine, theirs])
        assert makers == {mine.id: Makers(document.created_by, (town.head.person.id,))}


def test_rows_are_counted_by_register_and_state(uow: UnitOfWork, town: Town) -> None:
    with uow() as tx:
        orders = tx.registers.save(factories.register(town))
        letters = tx.registers.save(factories.register(town, "outgoing"))
        for number in (1, 2):
            tx.entries.save(factories.entry(orders, number))
        tx.entries.save(factories.entry(orders, 3, state=EntryState.ANNULLED))
        tx.entries.save(factories.entry(orders, 4, year=2024, dated=date(2024, 5, 5)))
        counted = tx.entries.states_in([orders.id, letters.id], 2025)
        assert counted == {orders.id: {EntryState.RESERVED: 2, EntryState.ANNULLED: 1}}
        assert tx.entries.count(orders.id, Wanted(state=EntryState.ANNULLED)) == 1
        assert tx.entries.latest_day(orders.id, 2025) == TODAY
        assert tx.entries.latest_day(letters.id, 2025) is None


def test_a_row_that_is_corrected_does_not_stand_in_its_own_way(uow: UnitOfWork, town: Town) -> None:
    with uow() as tx:
        register = tx.registers.save(factories.register(town))
        entry = tx.entries.save(factories.entry(register, 12))
        assert tx.entries.number_taken(register.id, "12-О/Д", 2025)
        assert not tx.entries.number_taken(register.id, "12-О/Д", 2025, besides=entry.id)


def test_no_document_is_counted_before_it_is_in_force(uow: UnitOfWork, town: Town) -> None:
    with uow() as tx:
        store_document(tx, factories.draft(town), town)
        assert tx.documents.in_force_by_type(town.school.id, 2025) == {}
