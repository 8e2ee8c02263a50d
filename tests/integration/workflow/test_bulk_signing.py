"""Many documents signed after one confirmation, on both databases: nothing is lost or doubled."""

from __future__ import annotations

import threading
from dataclasses import replace

from marshrut.demonstration.town import KEY_PASSWORD, done
from tests.integration.web.bulk_site import (
    HEAD,
    digest_of,
    items_of,
    looked_at,
    signatures_of,
    unlocked,
)
from tests.integration.workflow.acts import refused
from tests.integration.workflow.bulk_town import COUNT, held_rows, restarted, sign, signed, state
from tests.world import Clock, World
from workflow.domain.bulk_signing import Bulk, BulkItem
from workflow.domain.documents import Document
from workflow.domain.refusals import Refusal
from workflow.domain.routes import DocumentState
from workflow.domain.signatures import SignatureStatus
from workflow.usecases.fix import fix
from workflow.usecases.record_signature import record_signature
from workflow.usecases.return_for_rework import return_for_rework
from workflow.usecases.sign import begin_signing, sign_with_stored_key
from workflow.usecases.staff import withdraw_mandate


def test_one_confirmation_and_each_document_has_its_own_accepted_signature(
    town: World, orders: list[Document], bulk: Bulk
) -> None:
    opened = unlocked(town, bulk)
    items = [signed(town, opened, one) for one in orders]
    made = signatures_of(town, orders)
    assert [s.id for s in made] == [i.signature_id for i in items]
    assert {s.status for s in made} == {SignatureStatus.ACCEPTED}
    assert {state(town, one) for one in orders} == {DocumentState.IN_FORCE}
    assert held_rows(town) == 0


def test_same_request_again_finds_the_first_answer(
    town: World, orders: list[Document], bulk: Bulk
) -> None:
    opened = unlocked(town, bulk)
    first = signed(town, opened, orders[0])
    assert [sign(town, opened, orders[0]) for _click in range(3)] == [first] * 3
    assert len(signatures_of(town, orders)) == 1


def test_two_tabs_at_the_same_moment_sign_once(
    town: World, orders: list[Document], bulk: Bulk
) -> None:
    opened = unlocked(town, bulk)
    answers: list[object] = []

    def ask() -> None:
        for one in orders:
            answers.append(sign(town, opened, one))

    tabs = [threading.Thread(target=ask) for _tab in range(2)]
    for tab in tabs:
        tab.start()
    for tab in tabs:
        tab.join()
    assert len(answers) == 2 * COUNT
    assert {a.id for a in answers if isinstance(a, BulkItem) and a.signature_id} == {
        item.id for item in items_of(town, bulk)
    }
    assert len(signatures_of(town, orders)) == COUNT


def test_a_restart_in_the_middle_loses_and_doubles_nothing(
    town: World, orders: list[Document], bulk: Bulk
) -> None:
    opened = unlocked(town, bulk)
    first = signed(town, opened, orders[0])
    again = restarted(town)
    assert sign(again, opened, orders[0]) == first
    for one in orders[1:]:
        signed(again, opened, one)
    assert len(signatures_of(again, orders)) == COUNT
    again.services.uow.engine.dispose()


def test_what_was_signed_and_not_noted_before_a_crash_is_found_and_not_signed_again(
    town: World, orders: list[Document], bulk: Bulk
) -> None:
    opened = unlocked(town, bulk)
    item = signed(town, opened, orders[0])
    # As if the process had ended between the signature and the note in the list.
    with town.services.uow() as tx:
        stored = tx.bulk_items.load(item.id)
        tx.bulk_items.save(replace(stored, signature_id=None, done_at=None), stored)
        tx.commit()
    again = signed(restarted(town), opened, orders[0])
    assert again.signature_id == item.signature_id
    assert len(signatures_of(town, orders)) == 1


def test_document_signed_on_its_own_page_in_between_counts_as_signed(
    town: World, orders: list[Document], bulk: Bulk
) -> None:
    opened = unlocked(town, bulk)
    alone = done(
        sign_with_stored_key(
            town.services,
            town.actor(HEAD),
            orders[0].id,
            digest_of(town, orders[0].id),
            KEY_PASSWORD,
        )
    )
    assert signed(town, opened, orders[0]).signature_id == alone.id
    assert len(signatures_of(town, orders)) == 1


def test_a_signing_that_is_open_elsewhere_does_not_hinder(
    town: World, orders: list[Document], bulk: Bulk
) -> None:
    begun = begin_signing(
        town.services, town.actor(HEAD), orders[0].id, digest_of(town, orders[0].id)
    )
    assert not isinstance(begun, Refusal)
    signed(town, unlocked(town, bulk), orders[0])
    late = record_signature(town.services, town.actor(HEAD), begun.attempt.id, [b"other"])
    assert isinstance(late, Refusal)
    assert len(signatures_of(town, orders)) == 1


def test_one_that_changed_is_refused_and_the_others_are_signed(
    town: World, orders: list[Document], bulk: Bulk
) -> None:
    opened = unlocked(town, bulk)
    done(return_for_rework(town.services, town.actor("zaytseva"), orders[1].id, "Ошибка"))
    answers = [done(sign(town, opened, one)) for one in orders]
    assert [a.signature_id is None for a in answers] == [False, True, False]
    assert answers[1].refusal is not None
    assert sign(town, opened, orders[1]) == answers[1]
    assert held_rows(town) == 0


def test_document_dated_anew_after_the_confirmation_is_refused(
    town: World, orders: list[Document]
) -> None:
    assert isinstance(town.clock, Clock)
    town.clock.advance(hours=14, minutes=25)  # five minutes to midnight
    opened = unlocked(town, looked_at(town, orders))
    town.clock.advance(minutes=6)
    done(fix(town.services, town.actor(HEAD), orders[0].id))
    town.work()
    item = done(sign(town, opened, orders[0]))
    assert item.refusal is not None
    assert item.refusal.code == "document.changed_meanwhile"
    assert signatures_of(town, orders) == []


def test_after_ten_minutes_the_password_is_asked_for_again_and_nothing_is_lost(
    town: World, orders: list[Document], bulk: Bulk
) -> None:
    assert isinstance(town.clock, Clock)
    opened = unlocked(town, bulk)
    first = signed(town, opened, orders[0])
    town.clock.advance(minutes=10)
    assert refused(sign(town, opened, orders[1])) == "bulk.key_locked"
    assert sign(town, opened, orders[0]) == first
    anew = unlocked(town, bulk)
    assert anew.one_time_key != opened.one_time_key
    assert refused(sign(town, opened, orders[1])) == "bulk.key_locked"
    for one in orders[1:]:
        signed(town, anew, one)
    assert len(signatures_of(town, orders)) == COUNT


def test_who_has_lost_the_authority_meanwhile_signs_nothing(
    town: World, orders: list[Document], bulk: Bulk
) -> None:
    opened, head = unlocked(town, bulk), town.actor(HEAD)
    for mandate in head.mandates:
        done(withdraw_mandate(town.services, town.town.operator, mandate.id))
    answers = [done(sign(town, opened, one)) for one in orders]
    assert {a.refusal.code for a in answers if a.refusal} == {"bulk.document_gone"}
    assert signatures_of(town, orders) == []
