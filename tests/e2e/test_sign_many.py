"""A head signs a hundred orders in a real browser after one confirmation."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, Route, expect

from marshrut.demonstration.town import KEY_PASSWORD
from signing.keys import SigningKey
from tests.e2e.conftest import Apart
from tests.e2e.office import Office, pages_of
from tests.e2e.test_sign_in_browser import Program
from tests.gost_training import GostAuthority
from tests.hash_signer import HashSigner
from tests.integration.web.bulk_site import (
    HEAD,
    fixed_appointments,
    signatures_of,
)
from tests.integration.web.signing_site import programme
from tests.world import World
from workflow.domain.documents import Document
from workflow.domain.signatures import SignatureStatus

SEEN = "Просмотрено, следующий"
LAST = "Просмотрено, к подтверждению"
SIGNING = 120_000  # milliseconds: a hundred signatures on a busy machine


STAND_IN = Path(__file__).parent / "cadesplugin_stand_in.js"
CANCELLED = "Действие отменено пользователем. (0x8010006E)"


@pytest.fixture
def office(
    browser: Browser, serve: Callable[[Flask], str], world: World, tmp_path: Path
) -> Iterator[Office]:
    people = Office(browser, serve(pages_of(world, tmp_path, STAND_IN)), world)
    yield people
    people.close()


def waiting(world: World, apart: Apart, count: int) -> list[Document]:
    """So many orders that wait for the head's signature."""
    made = apart(lambda: fixed_appointments(world, programme(world), count))
    assert isinstance(made, list)
    return made


def chosen(office: Office, way: str = "") -> Page:
    """Everything on the page is chosen; the first document is open."""
    page = office.at(HEAD)
    page.goto(f"{office.address}/inbox")
    page.get_by_role("link", name="Подписать несколько документов").click()
    if way:
        page.get_by_role("link", name=way).click()
    page.get_by_role("link", name="Отметить все на этой странице").click()
    page.get_by_role("button", name="Перейти к просмотру").click()
    page.get_by_role("link", name="Посмотреть следующий").click()
    return page


def look_at_all(page: Page, count: int) -> None:
    """The button has the focus: Enter alone goes through the list."""
    for place in range(1, count + 1):
        expect(page.locator(".above")).to_contain_text(f"Документ {place} из {count}")
        button = page.get_by_role("button", name=SEEN if place < count else LAST)
        expect(button).to_be_focused()
        page.keyboard.press("Enter")


def confirm_for_the_plugin(page: Page) -> None:
    page.get_by_role("button", name="Подтвердить и перейти к подписанию").click()


def confirm(page: Page) -> None:
    page.get_by_label("Пароль ключа").fill(KEY_PASSWORD)
    page.get_by_role("button", name="Подписать все").click()


def test_a_hundred_orders_are_signed_after_one_confirmation(
    office: Office, apart: Apart, world: World
) -> None:
    orders = waiting(world, apart, 100)
    complaints: list[str] = []
    office.at(HEAD).on(
        "console", lambda m: complaints.append(m.text) if m.type == "error" else None
    )
    page = chosen(office)
    look_at_all(page, 100)
    confirm(page)
    expect(page.locator("main h1")).to_have_text("Подписано 100 документов", timeout=SIGNING)
    made = signatures_of(world, orders)
    assert [s.status for s in made] == [SignatureStatus.ACCEPTED] * 100
    assert {s.document_id for s in made} == {one.id for one in orders}
    assert complaints == []


def test_lost_answers_are_asked_for_again_and_a_closed_page_goes_on_where_it_stopped(
    office: Office, apart: Apart, world: World
) -> None:
    orders = waiting(world, apart, 4)
    page = chosen(office)
    look_at_all(page, 4)
    asked: list[str] = []

    def lose_some(route: Route) -> None:
        """The first answer is lost on its way, the third never comes: then the page is closed."""
        asked.append(route.request.url)
        if len(asked) == 1:
            route.fetch()
            route.abort()
        elif len(asked) < 4:
            route.continue_()

    page.route("**/sign-many/*/documents/*/sign", lose_some)
    confirm(page)
    expect(page.locator("[data-part=done]")).to_have_text("2")
    assert asked[0] == asked[1]
    context, address = page.context, page.url
    page.close()
    assert len(signatures_of(world, orders)) == 2
    again = context.new_page()
    again.goto(address)
    expect(again.locator("main h1")).to_have_text("Подписано 4 документа")
    assert len(signatures_of(world, orders)) == 4


def test_orders_are_signed_with_the_heads_own_gost_key_chosen_once(
    office: Office, apart: Apart, world: World
) -> None:
    orders = waiting(world, apart, 3)
    program = Program(world, HashSigner((apart(own_gost_key, world),)))  # type: ignore[arg-type]  # what the thread returns
    page = chosen(office, way="В браузере (КриптоПро)")
    program.install(page)
    look_at_all(page, 3)
    confirm_for_the_plugin(page)
    expect(page.get_by_role("radio")).to_be_checked()
    program.fails_with = [CANCELLED]
    page.get_by_role("button", name="Подписать все").click()
    expect(page.get_by_role("alert")).to_contain_text("Вы отменили подписание")
    assert signatures_of(world, orders) == []
    page.get_by_role("button", name="Подписать все").click()
    expect(page.locator("main h1")).to_have_text("Подписано 3 документа")
    made = signatures_of(world, orders)
    assert [s.status for s in made] == [SignatureStatus.ACCEPTED] * 3
    assert len(set(program.signed)) == 3


def own_gost_key(world: World) -> SigningKey:
    return GostAuthority.trusted(world).key(HEAD, "school-1")
