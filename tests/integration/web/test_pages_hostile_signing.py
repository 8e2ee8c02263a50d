"""What somebody may send to the addresses of signing many, other than what the pages send."""

from __future__ import annotations

import pytest
from flask import Flask

from tests.integration.web.bulk_pages import (
    COOKIE,
    ask,
    confirmed,
    cookie_in,
    looked_at,
    press,
)
from tests.integration.web.bulk_site import HEAD, fixed_appointments, signatures_of
from tests.integration.web.signing_site import Browser, browser_of, programme
from tests.integration.workflow.bulk_town import held_rows
from tests.told_once import told_once
from tests.world import World
from workflow.domain.documents import Document
from workflow.queries.my_keys import my_keys
from workflow.usecases.keys import remove_key

ATTEMPT = "019df1ad-ea40-7000-87bd-13c02cfc798c"
ACTS = (
    "",
    "/{at}/confirm",
    "/{at}/certificates",
    "/{at}/documents/{document}/seen",
    "/{at}/documents/{document}/out",
    "/{at}/documents/{document}/sign",
    "/{at}/documents/{document}/begin",
    "/{at}/documents/{document}/signatures/" + ATTEMPT,
)


@pytest.fixture
@told_once
def orders(world: World) -> list[Document]:
    return fixed_appointments(world, programme(world), 2)


@pytest.mark.parametrize("act", ACTS)
def test_nothing_is_done_without_the_token_of_a_page(
    head: Browser, orders: list[Document], world: World, act: str
) -> None:
    at = looked_at(head, orders)
    confirmed(head, at)
    address = "/sign-many" + act.format(at=at.rpartition("/")[2], document=orders[0].id)
    for data in ({}, {"csrf_token": "another"}):
        answer = head.client.post(address, data=data, headers={"Accept": "application/json"})
        assert answer.status_code == 400
    assert signatures_of(world, orders) == []
    assert held_rows(world) == 1


@pytest.mark.parametrize("act", [act for act in ACTS if act])
def test_nothing_is_done_by_following_a_link(
    head: Browser, orders: list[Document], act: str
) -> None:
    at = looked_at(head, orders)
    address = "/sign-many" + act.format(at=at.rpartition("/")[2], document=orders[0].id)
    assert head.client.get(address).status_code == 405


@pytest.mark.parametrize("page", ["-1", "0", "9" * 40, "x", ""])
def test_a_page_that_is_not_there_is_the_nearest_one(
    head: Browser, orders: list[Document], page: str
) -> None:
    assert str(orders[0].id) in head.read(f"/sign-many?page={page}")


def test_documents_that_are_none_or_too_many_make_no_list(
    head: Browser, orders: list[Document]
) -> None:
    page = head.read("/sign-many")
    for sent in (["../../etc/passwd"], [ATTEMPT]):
        assert head.send("/sign-many", page, document=sent).status_code == 404
    many = [str(orders[0].id)] * 250
    assert head.send("/sign-many", page, document=many).status_code == 409


def test_the_cookie_opens_nothing_after_the_key_was_removed(
    head: Browser, orders: list[Document], world: World
) -> None:
    at = looked_at(head, orders)
    value = cookie_in(confirmed(head, at)).partition("=")[2].partition(";")[0]
    actor = world.actor(HEAD)
    for key in my_keys(world.services, actor):
        remove_key(world.services, actor, key.id)
    assert held_rows(world) == 0
    head.client.set_cookie(COOKIE, value, path=at)
    assert ask(head, at, orders[0]).json["code"] == "bulk.key_locked"
    assert signatures_of(world, orders) == []


def test_the_cookie_is_of_no_use_to_another_browser_of_the_same_person(
    head: Browser, orders: list[Document], world: World, app: Flask
) -> None:
    at = looked_at(head, orders)
    value = cookie_in(confirmed(head, at)).partition("=")[2].partition(";")[0]
    other = browser_of(app, world, HEAD)
    other.client.set_cookie(COOKIE, value, path=at)
    assert ask(other, at, orders[0]).json["code"] == "bulk.key_locked"
    assert signatures_of(world, orders) == []
    assert ask(head, at, orders[0]).json["mark"] == "done"


def test_a_digest_that_nobody_was_shown_opens_no_way_to_the_confirmation(
    head: Browser, orders: list[Document], world: World
) -> None:
    at = looked_at(head, orders[:1])
    page = head.read(f"{at}/documents/{orders[0].id}")
    for seen in ("", "0" * 64, "x" * 5000):
        assert press(head, page, "/seen", seen=seen).status_code == 409
    assert signatures_of(world, orders) == []
