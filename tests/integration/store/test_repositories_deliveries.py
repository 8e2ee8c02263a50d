"""Registers, obligations, submissions."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
import sqlalchemy as sa

from tests import factories
from tests.factories import MORNING, Town
from tests.stored import store_document
from workflow.domain.obligations import Change, ChangeKind, Fulfilment, ObligationState
from workflow.domain.refusals import Refusal
from workflow.domain.registers import EntryState, Numbering
from workflow.domain.routes import DocumentState
from workflow.domain.submissions import SubmissionState
from workflow.store.errors import StaleError
from workflow.store.repositories.base import HistoryError
from workflow.store.tables.obligations import obligations
from workflow.store.unit_of_work import UnitOfWork

# --- Registers -----------------------------------------------------------------------------


def test_a_register_is_found_by_its_key(uow: UnitOfWork, town: Town) -> None:
    with uow() as tx:
        orders = tx.registers.save(factories.register(town))
        letters = tx.registers.save(factories.register(town, "outgoing", title="Исходящие"))
        tx.commit()
    with uow.reading() as snapshot:
        assert snapshot.registers.find(town.school.id, "orders") == orders
        assert snapshot.registers.find(town.office.id, "orders") is None
        assert snapshot.registers.of_organisation(town.school.id) == [orders, letters]


def test_two_who_take_the_next_number_do_not_both_get_it(uow: UnitOfWork, town: Town) -> None:
    with uow() as tx:
        register = tx.registers.save(factories.register(town))
        taken = replace(register, next_number=2)
        assert tx.registers.save(taken, register).version == 2
        with pytest.raises(StaleError):
            tx.registers.save(taken, register)


def test_rows_of_a_register_are_shown_entered_last_first(uow: UnitOfWork, town: Town) -> None:
    with uow() as tx:
        register = tx.registers.save(factories.register(town))
        rows = [tx.entries.save(factories.entry(register, n)) for n in (1, 2, 3)]
        last_year = tx.entries.save(factories.entry(register, 60, year=2024))
        page = tx.entries.of_register(register.id, year=2025, limit=2)
        assert page.items == (rows[2], rows[1])
        following = tx.entries.of_register(register.id, year=2025, before=page.following)
        assert (following.items, following.following) == ((rows[0],), None)
        assert tx.entries.of_register(register.id).items[0] == last_year


@pytest.mark.parametrize("number", ["12-О/Д", " 12-о/д "])
def test_a_number_is_taken_however_it_is_typed(uow: UnitOfWork, town: Town, number: str) -> None:
    with uow() as tx:
        register = tx.registers.save(factories.register(town))
        annulled = factories.entry(register, 12, state=EntryState.ANNULLED, reason="не подписан")
        tx.entries.save(annulled)
        assert tx.entries.number_taken(register.id, number)
        assert tx.entries.number_taken(register.id, number, year=2025)
        assert not tx.entries.number_taken(register.id, number, year=2026)
        assert not tx.entries.number_taken(register.id, "13-о/д")


def test_the_database_itself_refuses_a_double_number(uow: UnitOfWork, town: Town) -> None:
    with uow() as tx:
        register = tx.registers.save(factories.register(town))
        tx.entries.save(factories.entry(register, 1, number="12-о/д"))
        with pytest.raises(sa.exc.IntegrityError, match=r"number"):
            tx.entries.save(factories.entry(register, 2, number="12-О/Д"))


def test_a_later_registered_number_of_the_series_is_seen(uow: UnitOfWork, town: Town) -> None:
    with uow() as tx:
        register = tx.registers.save(factories.register(town))
        first = tx.entries.save(factories.entry(register, 1))
        second = tx.entries.save(factories.entry(register, 2))
        assert not tx.entries.later_registered(first)
        second = tx.entries.save(replace(second, state=EntryState.REGISTERED), second)
        assert tx.entries.later_registered(first)
        assert not tx.entries.later_registered(second)
        next_year = factories.entry(register, 1, year=2026, state=EntryState.REGISTERED)
        tx.entries.save(next_year)
        assert tx.entries.later_registered(second)


def test_in_a_manual_register_later_is_what_was_entered_afterwards(
    uow: UnitOfWork, town: Town
) -> None:
    with uow() as tx:
        register = tx.registers.save(factories.register(town, numbering=Numbering.MANUAL))
        first = tx.entries.save(factories.entry(register, 0, number="12/1"))
        assert not tx.entries.later_registered(first)
        later = {"entered_at": MORNING + timedelta(hours=1), "state": EntryState.REGISTERED}
        tx.entries.save(factories.entry(register, 0, number="12/2", **later))
        assert tx.entries.later_registered(first)


def test_a_document_knows_its_annulled_numbers(uow: UnitOfWork, town: Town) -> None:
    with uow() as tx:
        document = store_document(tx, factories.draft(town), town)
        register = tx.registers.save(factories.register(town))
        lost = factories.entry(register, 1, document_id=document.id, state=EntryState.ANNULLED)
        kept = factories.entry(register, 2, document_id=document.id)
        rows = [tx.entries.save(entry) for entry in (lost, kept)]
        tx.entries.save(factories.entry(register, 3))
        assert tx.entries.of_document(document.id) == rows


# --- Obligations ---------------------------------------------------------------------------

POSTPONED = Change(ChangeKind.POSTPONED, MORNING, None, "письмо от 13.01.2025", date(2025, 2, 7))
ARRIVED = Fulfilment(MORNING + timedelta(days=1), "дорожная карта")


def test_an_obligation_comes_back_with_its_history(uow: UnitOfWork, town: Town) -> None:
    with uow() as tx:
        first = tx.obligations.save(factories.obligation(town))
        second = tx.obligations.save(
            replace(first, changes=(POSTPONED,), fulfilments=(ARRIVED,)), first
        )
        accepted = replace(ARRIVED, accepted_at=MORNING + timedelta(days=2))
        third = tx.obligations.save(replace(second, fulfilments=(accepted,)), second)
        tx.commit()
    with uow.reading() as snapshot:
        assert snapshot.obligations.load(first.id) == third
    assert (third.version, third.due_now) == (3, date(2025, 2, 7))


def test_what_the_office_has_decided_is_not_rewritten(uow: UnitOfWork, town: Town) -> None:
    with uow() as tx:
        saved = tx.obligations.save(factories.obligation(town, changes=(POSTPONED,)))
        with pytest.raises(HistoryError):
            tx.obligations.save(replace(saved, changes=()), saved)
    with uow() as tx:
        saved = tx.obligations.save(factories.obligation(town, fulfilments=(ARRIVED,)))
        earlier = replace(ARRIVED, at=MORNING)
        with pytest.raises(HistoryError):
            tx.obligations.save(replace(saved, fulfilments=(earlier,)), saved)


def test_state_term_and_first_arrival_stand_beside_for_queries(uow: UnitOfWork, town: Town) -> None:
    with uow() as tx:
        saved = tx.obligations.save(factories.obligation(town))
        second = Fulfilment(MORNING + timedelta(days=3), "дорожная карта")
        moved = replace(saved, changes=(POSTPONED,), fulfilments=(ARRIVED, second))
        tx.obligations.save(moved, saved)
        beside = tx.connection.execute(sa.select(obligations)).one()
    assert beside.state is ObligationState.ARRIVED
    assert (beside.due_on, beside.due_now_on) == (date(2025, 1, 30), date(2025, 2, 7))
    assert beside.first_arrival_at == ARRIVED.at


def test_obligations_are_found_by_who_owes_whom_what_and_why(uow: UnitOfWork, town: Town) -> None:
    with uow() as tx:
        order = store_document(tx, factories.existing_document(town), town)
        case = tx.cases.save(factories.case(town))
        roadmap = tx.obligations.save(
            factories.obligation(town, source_document_id=order.id, case_id=case.id)
        )
        site = tx.obligations.save(
            factories.obligation(town, key="site", type_code="", source_document_id=order.id)
        )
        met = replace(ARRIVED, accepted_at=MORNING)
        done = tx.obligations.save(factories.obligation(town, fulfilments=(met,)))
        tx.commit()
    with uow.reading() as snapshot:
        find = snapshot.obligations
        assert find.of_debtor(town.school.id).items == (done, site, roadmap)
        assert find.of_debtor(town.school.id, states=[ObligationState.MET]).items == (done,)
        assert find.of_creditor(town.office.id, limit=1).items == (done,)
        assert find.of_creditor(town.school.id).items == ()
        assert find.of_source(order.id) == [roadmap, site]
        assert find.of_source(order.id, "site") == [site]
        assert find.of_case(case.id) == [roadmap]
        assert find.open_for(town.school.id, "D04") == [roadmap]


# --- Submissions ---------------------------------------------------------------------------


def test_a_submission_comes_back_with_every_file_and_signature(uow: UnitOfWork, town: Town) -> None:
    with uow() as tx:
        order = factories.document_in(DocumentState.IN_FORCE, town)
        order = store_document(tx, order, town)
        letter = factories.document_in(DocumentState.IN_FORCE, town)
        letter = store_document(tx, letter, town)
        made = factories.submission(town, order, letter, letter_id=letter.id, reason_late="болезнь")
        annexes = factories.manifest(order.id, "fixed", annexes=2)
        files = tuple(factories.signed_file(file) for file in annexes.files)
        item = replace(made.items[0], manifest=annexes, signatures=files)
        saved = tx.submissions.save(replace(made, items=(item, made.items[1])))
        tx.commit()
    with uow.reading() as snapshot:
        assert snapshot.submissions.load(saved.id) == saved
        assert snapshot.submissions.of_document(order.id) == [saved]
        assert snapshot.submissions.of_document(letter.id) == [saved]


def test_the_receiver_adds_verdicts_and_a_receipt(uow: UnitOfWork, town: Town) -> None:
    revoked = Refusal("signature.revoked", "The certificate was revoked.", params={"serial": "01"})
    with uow() as tx:
        order = factories.document_in(DocumentState.IN_FORCE, town)
        order = store_document(tx, order, town)
        sent = tx.submissions.save(factories.submission(town, order))
        item = replace(
            sent.items[0],
            verdict="invalid",
            report=factories.digest("report"),
            explanation=revoked,
            signatures=tuple(factories.examined(file) for file in sent.items[0].signatures),
        )
        examined = replace(sent, items=(item,), examined_at=MORNING, incoming_number="118-вх")
        examined = tx.submissions.save(examined, sent)
        back = factories.receipt(
            town, accepted=False, reason="Подпись отозвана.", repair_due=date(2025, 2, 10)
        )
        returned = tx.submissions.save(replace(examined, receipt=back), examined)
        tx.commit()
    with uow.reading() as snapshot:
        assert snapshot.submissions.load(sent.id) == returned
    assert returned.state is SubmissionState.RETURNED


def test_what_was_sent_is_never_changed(uow: UnitOfWork, town: Town) -> None:
    with uow() as tx:
        order = factories.document_in(DocumentState.IN_FORCE, town)
        order = store_document(tx, order, town)
        sent = tx.submissions.save(factories.submission(town, order))
        tx.commit()
    other_files = factories.manifest(order.id, "other bytes")
    item = sent.items[0]
    for changed in (
        replace(item, number="13-о/д"),
        replace(item, manifest=other_files),
        replace(item, signatures=()),
    ):
        with uow() as tx, pytest.raises(HistoryError):
            tx.submissions.save(replace(sent, items=(changed,)), sent)


def test_submissions_are_found_by_receiver_sender_and_state(uow: UnitOfWork, town: Town) -> None:
    with uow() as tx:
        arrived = tx.submissions.save(factories.submission(town))
        accepted = tx.submissions.save(
            factories.submission(town, receipt=factories.receipt(town), previous_id=arrived.id)
        )
        tx.commit()
    with uow.reading() as snapshot:
        find = snapshot.submissions
        assert find.of_receiver(town.office.id).items == (accepted, arrived)
        new = find.of_receiver(town.office.id, states=[SubmissionState.ARRIVED])
        assert new.items == (arrived,)
        assert find.of_sender(town.school.id, states=[SubmissionState.ACCEPTED]).items == (
            accepted,
        )
        assert find.of_sender(town.office.id).items == ()


def test_an_obligation_is_found_by_the_submission_that_met_it(uow: UnitOfWork, town: Town) -> None:
    with uow() as tx:
        sent = tx.submissions.save(factories.submission(town))
        arrival = replace(ARRIVED, submission_id=sent.id)
        met = tx.obligations.save(factories.obligation(town, fulfilments=(arrival,)))
        tx.obligations.save(factories.obligation(town))
        assert tx.obligations.met_by([sent.id]) == [met]
