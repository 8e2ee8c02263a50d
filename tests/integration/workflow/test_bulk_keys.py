"""The key unlocked for a list: row, cookie, session and person have to belong together."""

from __future__ import annotations

from dataclasses import replace

import pytest

from marshrut.demonstration.town import KEY_PASSWORD, done
from tests.integration.web.bulk_site import (
    HEAD,
    digest_of,
    items_of,
    looked_at,
    signatures_of,
    unlocked,
    visit,
)
from tests.integration.web.test_pages_signing import QualifiedPacks
from tests.integration.workflow.acts import refused
from tests.integration.workflow.bulk_town import held_rows, sign, signed
from tests.world import World
from workflow.domain.bulk_signing import Bulk, BulkWay
from workflow.domain.documents import Document
from workflow.usecases.accounts import end_session, open_session, reset_password
from workflow.usecases.bulk_signing import (
    begin_bulk,
    confirm_with_key,
    look_at,
)
from workflow.usecases.errors import NotFoundError
from workflow.usecases.keys import remove_key
from workflow.usecases.sign_in_bulk import sign_in_bulk


@pytest.mark.parametrize("one_time_key", [b"", b"k" * 31, b"k" * 32])
def test_a_row_without_its_cookie_signs_nothing(
    town: World, orders: list[Document], bulk: Bulk, one_time_key: bytes
) -> None:
    opened = replace(unlocked(town, bulk), one_time_key=one_time_key)
    assert refused(sign(town, opened, orders[0])) == "bulk.key_locked"
    assert signatures_of(town, orders) == []
    assert not items_of(town, bulk)[0].is_done


def test_a_cookie_without_its_row_signs_nothing(
    town: World, orders: list[Document], bulk: Bulk
) -> None:
    opened = unlocked(town, bulk)
    with town.services.uow() as tx:
        tx.held_keys.remove(bulk.id)
        tx.commit()
    assert refused(sign(town, opened, orders[0])) == "bulk.key_locked"
    assert signatures_of(town, orders) == []


def test_the_cookie_of_one_list_opens_no_other(town: World, orders: list[Document]) -> None:
    first, second = looked_at(town, orders[:1]), looked_at(town, orders[1:])
    one, other = unlocked(town, first), unlocked(town, second)
    mixed = replace(other, one_time_key=one.one_time_key)
    assert refused(sign(town, mixed, orders[1])) == "bulk.key_locked"
    signed(town, other, orders[1])


def test_another_session_of_the_same_person_needs_the_password_again(
    town: World, orders: list[Document], bulk: Bulk
) -> None:
    opened = unlocked(town, bulk)
    other = visit(town, session="another browser")
    assert refused(sign(town, opened, orders[0], other)) == "bulk.key_locked"
    signed(town, opened, orders[0])


def test_the_key_is_gone_when_the_session_ends(town: World, orders: list[Document]) -> None:
    services, head = town.services, town.actor(HEAD)
    token = open_session(services, visit(town).account_id)
    browser = visit(town, session=token)
    bulk = done(begin_bulk(services, head, [orders[0].id], BulkWay.KEY_HERE, browser))
    done(look_at(services, head, bulk.id, orders[0].id, digest_of(town, orders[0].id), browser))
    opened = done(confirm_with_key(services, head, bulk.id, KEY_PASSWORD, browser))
    assert held_rows(town) == 1
    end_session(services, token)
    assert held_rows(town) == 0
    assert refused(sign(town, opened, orders[0], browser)) == "bulk.key_locked"


def test_the_key_is_gone_when_the_operator_gives_a_new_password(
    town: World, orders: list[Document], bulk: Bulk
) -> None:
    opened = unlocked(town, bulk)
    account_id = visit(town).account_id
    done(reset_password(town.services, town.town.operator, account_id, "совсем новый пароль"))
    assert held_rows(town) == 0
    assert refused(sign(town, opened, orders[0])) == "bulk.key_locked"


def test_a_key_that_its_owner_has_removed_signs_nothing_more(
    town: World, orders: list[Document], bulk: Bulk
) -> None:
    opened = unlocked(town, bulk)
    with town.services.uow.reading() as tx:
        keys = tx.person_keys.of_person(town.person(HEAD).person_id)
    for key in keys:
        remove_key(town.services, town.actor(HEAD), key.id)
    assert refused(sign(town, opened, orders[0])) == "bulk.key_locked"


def test_another_person_finds_no_such_list(town: World, orders: list[Document], bulk: Bulk) -> None:
    opened = unlocked(town, bulk)
    for key in ("petrov", "zaytseva"):
        with pytest.raises(NotFoundError):
            sign_in_bulk(
                town.services,
                town.actor(key),
                bulk.id,
                orders[0].id,
                opened.one_time_key,
                visit(town, key),
            )
    with pytest.raises(NotFoundError):
        sign(town, opened, orders[0], visit(town, "zaytseva"))
    assert signatures_of(town, orders) == []


def test_a_step_that_demands_a_qualified_signature_is_refused_whenever_it_comes_to_that(
    town: World, orders: list[Document], bulk: Bulk
) -> None:
    opened = unlocked(town, bulk)
    packs = QualifiedPacks(town.services.packs)
    strict = replace(town, services=replace(town.services, packs=packs))
    item = done(sign(strict, opened, orders[0]))
    assert item.refusal is not None
    assert item.refusal.code == "sign.key_on_server"
    chosen = [one.id for one in orders[1:]]
    head, browser = town.actor(HEAD), visit(town)
    again = begin_bulk(strict.services, head, chosen, BulkWay.KEY_HERE, browser)
    assert refused(again) == "bulk.unfit"
    assert isinstance(begin_bulk(strict.services, head, chosen, BulkWay.BROWSER, browser), Bulk)
    assert signatures_of(town, orders) == []
