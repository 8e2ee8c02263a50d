"""Lists of documents to sign at once: put together, looked at, confirmed, forgotten."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

import pytest

from marshrut.demonstration.town import KEY_PASSWORD, done
from tests.integration.web.bulk_site import (
    HEAD,
    digest_of,
    looked_at,
    unlocked,
    visit,
)
from tests.integration.workflow.acts import refused
from tests.integration.workflow.bulk_town import held_rows, sign, signed, state
from tests.world import Clock, World
from workflow.domain.bulk_signing import MOST_AT_ONCE, Bulk, BulkWay
from workflow.domain.documents import Document
from workflow.domain.routes import DocumentState
from workflow.usecases.bulk_signing import (
    begin_bulk,
    confirm_with_key,
    look_at,
    take_out,
)
from workflow.usecases.due import forget_what_is_over
from workflow.usecases.errors import NotFoundError
from workflow.usecases.fix import fix
from workflow.usecases.return_for_rework import return_for_rework
from workflow.usecases.sign_in_bulk import sign_in_bulk


def test_document_that_changed_after_it_was_looked_at_is_not_confirmed(
    town: World, orders: list[Document]
) -> None:
    assert isinstance(town.clock, Clock)
    town.clock.advance(hours=14, minutes=25)
    bulk = looked_at(town, orders)
    town.clock.advance(minutes=6)
    for one in orders:
        done(fix(town.services, town.actor(HEAD), one.id))
    town.work()
    browser, head = visit(town), town.actor(HEAD)
    said = confirm_with_key(town.services, head, bulk.id, KEY_PASSWORD, browser)
    assert refused(said) == "bulk.not_seen"
    for one in orders:
        digest = digest_of(town, one.id)
        done(look_at(town.services, head, bulk.id, one.id, digest, browser))
    opened = unlocked(town, bulk)
    assert [signed(town, opened, one).manifest for one in orders] == [
        digest_of(town, one.id) for one in orders
    ]


def test_wrong_password_confirms_nothing(town: World, orders: list[Document], bulk: Bulk) -> None:
    said = confirm_with_key(town.services, town.actor(HEAD), bulk.id, "не тот", visit(town))
    assert refused(said) == "signing.wrong_password"
    assert held_rows(town) == 0
    with town.services.uow.reading() as tx:
        assert tx.bulks.load(bulk.id).confirmed_at is None


def test_every_document_has_to_be_looked_at_or_taken_out(
    town: World, orders: list[Document]
) -> None:
    services, head, browser = town.services, town.actor(HEAD), visit(town)
    chosen = [one.id for one in orders]
    bulk = done(begin_bulk(services, head, chosen, BulkWay.KEY_HERE, browser))
    for one in orders[:2]:
        done(look_at(services, head, bulk.id, one.id, digest_of(town, one.id), browser))
    said = confirm_with_key(services, head, bulk.id, KEY_PASSWORD, browser)
    assert refused(said) == "bulk.not_seen"
    for _click in range(2):
        assert take_out(services, head, bulk.id, orders[2].id, browser) is None
    opened = done(confirm_with_key(services, head, bulk.id, KEY_PASSWORD, browser))
    for one in orders[:2]:
        signed(town, opened, one)
    with pytest.raises(NotFoundError):
        sign(town, opened, orders[2])
    assert state(town, orders[2]) is DocumentState.TO_SIGN


def test_after_the_confirmation_nothing_is_exchanged_or_taken_out(
    town: World, orders: list[Document], bulk: Bulk
) -> None:
    unlocked(town, bulk)
    services, head, browser = town.services, town.actor(HEAD), visit(town)
    assert take_out(services, head, bulk.id, orders[0].id, browser) is not None
    said = look_at(services, head, bulk.id, orders[0].id, digest_of(town, orders[0].id), browser)
    assert refused(said) == "bulk.confirmed"


def test_nothing_is_signed_before_the_confirmation(
    town: World, orders: list[Document], bulk: Bulk
) -> None:
    said = sign_in_bulk(
        town.services, town.actor(HEAD), bulk.id, orders[0].id, b"k" * 32, visit(town)
    )
    assert refused(said) == "bulk.not_confirmed"


@pytest.mark.parametrize(("count", "code"), [(0, "bulk.none_chosen"), (101, "bulk.too_many")])
def test_list_has_some_documents_and_not_too_many(world: World, count: int, code: str) -> None:
    assert MOST_AT_ONCE == 100
    chosen = [UUID(int=one) for one in range(count)]
    head = world.actor(HEAD)
    said = begin_bulk(world.services, head, chosen, BulkWay.KEY_HERE, visit(world))
    assert refused(said) == code


def test_what_cannot_be_signed_now_is_not_taken_into_a_list(
    town: World, orders: list[Document]
) -> None:
    services, head, browser = town.services, town.actor(HEAD), visit(town)
    done(return_for_rework(services, town.actor("zaytseva"), orders[0].id, "Ошибка"))
    chosen = [one.id for one in orders]
    said = begin_bulk(services, head, chosen, BulkWay.KEY_HERE, browser)
    assert refused(said) == "bulk.unfit"
    with pytest.raises(NotFoundError):
        begin_bulk(services, town.actor("petrov"), chosen, BulkWay.KEY_HERE, visit(town, "petrov"))


def test_the_schedule_sweeps_keys_whose_minutes_are_over_and_old_lists(
    town: World, orders: list[Document], bulk: Bulk
) -> None:
    assert isinstance(town.clock, Clock)
    unlocked(town, bulk)
    for minutes, left in ((9, 1), (1, 0)):
        town.clock.advance(minutes=minutes)
        sweep(town)
        assert held_rows(town) == left
    town.clock.advance(days=31)
    sweep(town)
    with pytest.raises(NotFoundError):
        unlocked(town, bulk)


def sweep(world: World) -> None:
    with world.services.uow() as tx:
        forget_what_is_over(world.services)(tx)
        tx.commit()


def test_a_key_on_a_token_is_never_held_unlocked(
    town: World, orders: list[Document], bulk: Bulk
) -> None:
    with town.services.uow() as tx:
        key = tx.person_keys.of_person(town.person(HEAD).person_id)[0]
        tx.person_keys.save(replace(key, token="Рутокен в сейфе"), key)
        tx.commit()
    head, browser = town.actor(HEAD), visit(town)
    said = confirm_with_key(town.services, head, bulk.id, KEY_PASSWORD, browser)
    assert refused(said) == "bulk.key_on_token"
    chosen = [one.id for one in orders]
    again = begin_bulk(town.services, head, chosen, BulkWay.KEY_HERE, browser)
    assert refused(again) == "bulk.unfit"
