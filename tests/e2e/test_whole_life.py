"""A school's roadmap in a real browser: from the form to the office's acceptance."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect

from marshrut.demonstration.clock import StoryClock
from marshrut.demonstration.life import Life
from marshrut.demonstration.town import KEY_PASSWORD
from tests.e2e.office import Office, pages_of, until, working
from tests.world import World


@pytest.fixture
def office(
    browser: Browser, serve: Callable[[Flask], str], world: World, tmp_path: Path
) -> Iterator[Office]:
    clock = StoryClock(world.clock())
    last = (world.clock() + timedelta(weeks=6)).date()
    life = Life(world.services, world.town, clock, world.work, last)
    with ThreadPoolExecutor(1) as apart:
        apart.submit(life.order_the_district).result()
    with working(world):
        people = Office(browser, serve(pages_of(world, tmp_path)), world)
        yield people
        people.close()


SUBMIT = re.compile("Завершить|На согласование|Отправить")
PROGRAMME = re.compile("Программа наставничества")
PERIOD = re.compile("Срок действия|На какой срок")


def main_action(page: Page) -> None:
    page.locator("main .main-action:visible").first.click()


def begin(page: Page, document: str) -> str:
    """Begin a document from the programme's task list; return its address."""
    page.locator("nav.places").get_by_role("link", name="Программы").click()
    page.locator("main").get_by_role("link", name=PROGRAMME).first.click()
    page.get_by_role("link", name=document, exact=True).first.click()
    page.get_by_role("button", name="Начать документ").click()
    match = re.search(r".*/documents/[0-9a-f-]{36}", page.url)
    assert match is not None
    return match[0]


def submit(page: Page, document: str) -> None:
    until(
        page,
        document,
        lambda p: (
            p.get_by_role("button", name=re.compile("Завершить|На согласование|Отправить")).count()
            > 0
        ),
    )
    main_action(page)
    expect(page.locator("main")).to_contain_text(re.compile("Готово|согласован", re.I))


def fix_and_sign(office: Office, document: str) -> None:
    clerk, head = office.at("zaytseva"), office.at("belova")
    clerk.goto(f"{document}/fix")
    clerk.locator("main button.main-action").click()
    until(head, f"{document}/sign", lambda p: p.get_by_label("Пароль ключа").count() > 0)
    head.get_by_label("Пароль ключа").fill(KEY_PASSWORD)
    head.get_by_role("button", name="Подписать", exact=True).click()
    expect(head.locator("main h1")).to_contain_text("Подписано")


def agree(office: Office, document: str) -> None:
    curator = office.at("safina")
    curator.goto(document)
    curator.get_by_role("button", name="Согласовать", exact=True).click()
    expect(curator.locator("main")).to_contain_text("огласован")


def test_a_roadmap_goes_from_the_form_to_the_offices_acceptance(office: Office) -> None:
    clerk = office.at("zaytseva")
    main_action(clerk)  # «Открыть программу»
    clerk.get_by_role("button", name=re.compile("Открыть")).click()
    expect(clerk.locator("main")).to_contain_text("Программа открыта")

    appointment = begin(clerk, "Приказ о назначении куратора")
    clerk.goto(f"{appointment}/facts/main")
    clerk.get_by_label("Куратор").select_option(office.world.employment("safina"))
    main_action(clerk)
    submit(clerk, appointment)
    fix_and_sign(office, appointment)
    curator = office.at("safina")
    curator.goto(f"{appointment}/acknowledge")
    curator.get_by_role("button", name="Ознакомиться").click()
    proof = office.world.proof("safina")
    curator.get_by_label("Ваш пароль для входа").fill(proof.password)
    curator.get_by_label("Код подтверждения").fill(proof.code)
    main_action(curator)
    expect(curator.locator("main")).to_contain_text("простой электронной подписью")

    roadmap = begin(clerk, "План мероприятий (дорожная карта)")
    clerk.goto(f"{roadmap}/facts/main")
    clerk.get_by_label(PERIOD).first.fill("2026/2027 учебный год")
    main_action(clerk)
    submit(clerk, roadmap)
    agree(office, roadmap)

    order = begin(clerk, "Приказ об утверждении")
    clerk.goto(f"{order}/facts/approves")
    clerk.get_by_label(re.compile("План мероприятий")).check()
    main_action(clerk)
    submit(clerk, order)
    agree(office, order)
    fix_and_sign(office, order)

    letter = begin(clerk, "Сопроводительное письмо")
    clerk.goto(f"{letter}/facts/package")
    clerk.get_by_label(re.compile("Приказ об утверждении")).check()
    main_action(clerk)
    submit(clerk, letter)
    fix_and_sign(office, letter)
    clerk.goto(f"{letter}/delivery")
    clerk.locator("main button.main-action").click()
    expect(clerk.locator("main h1")).to_contain_text("тправлен")

    officer = office.at("gareev")
    officer.goto(f"{office.address}/submissions")
    officer.locator("main a[href*='/submissions/']").first.click()
    until(officer, officer.url, lambda p: p.get_by_role("button", name="Принять").is_enabled())
    officer.get_by_role("button", name="Принять", exact=True).click()
    expect(officer.locator("main")).to_contain_text("1-ув")
    clerk.goto(f"{letter}/delivery")
    expect(clerk.locator("main")).to_contain_text("1-ув")
