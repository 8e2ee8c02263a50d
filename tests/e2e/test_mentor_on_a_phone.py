"""A mentor and a mentee with a telephone (360×740): from the consent to the signed report."""

from __future__ import annotations

import re
from dataclasses import dataclass
from uuid import UUID

from playwright.sync_api import Page, expect

from tests.e2e.conftest import Apart
from tests.e2e.office import Office, working
from tests.integration.web.my_pairs_site import (
    MENTEE,
    MENTOR,
    on_day,
    ordered,
    papers_given,
    proposed_pair,
)
from tests.world import World

WIDTH, HEIGHT = 360, 740
THUMB = 44  # pixels, the least a thumb hits
SIGN = "Всё верно, перейти к подписи"
SIMPLY = "Перейти к подписанию"


@dataclass
class Phone:
    """Somebody's telephone: after each step the page is as wide as the screen, buttons as high
    as a thumb."""

    page: Page
    office: Office
    key: str

    def open(self, path: str) -> None:
        self.page.goto(f"{self.office.address}{path}")
        self.fits()

    def press(self, label: str | re.Pattern[str]) -> None:
        """Press a button or follow a link of the page's main part."""
        main = self.page.locator("main")
        found = main.get_by_role("button", name=label).or_(main.get_by_role("link", name=label))
        found.first.click()
        self.page.wait_for_load_state()
        self.fits()

    def fill(self, label: str, text: str) -> None:
        self.page.get_by_label(re.compile(f"^{label}")).fill(text)

    def shows(self, text: str) -> None:
        expect(self.page.locator("main")).to_contain_text(text)
        self.fits()

    def fits(self) -> None:
        width = self.page.evaluate("document.documentElement.scrollWidth")
        assert width <= WIDTH, f"{self.page.url} is {width} pixels wide"
        for button in self.page.locator("main .main-action:visible").all():
            box = button.bounding_box()
            assert box is not None
            assert box["height"] >= THUMB, f"{self.page.url}: {button.inner_text()}"

    def sign(self) -> None:
        """From the page where everything is checked to the result, back to the pair."""
        self.press(SIGN)
        simply = self.page.get_by_role("button", name=SIMPLY)
        # The paper is being assembled: the page goes on by itself, or asks once more.
        expect(simply.or_(self.page.get_by_role("button", name=SIGN)).first).to_be_visible()
        if not simply.is_visible():
            self.press(SIGN)
        expect(simply).to_be_visible()
        self.fits()
        simply.click()
        proof = self.office.world.proof(self.key)
        self.fill("Ваш пароль для входа", proof.password)
        if proof.code:
            self.fill("Код", proof.code)
        self.fits()
        self.page.locator("main button.main-action").click()
        expect(self.page.locator("main h1")).to_contain_text("Подписано")
        self.fits()
        self.press("К паре")


def phone_of(town: Office, key: str) -> Phone:
    """A telephone in which somebody signs in anew: a session does not last for months."""
    if key in town.signed_in:
        town.leave(key)
    return Phone(town.at(key, WIDTH, HEIGHT), town, key)


def led_pair(world: World) -> UUID:
    case_id = proposed_pair(world)
    papers_given(world, case_id, MENTOR, MENTEE)
    ordered(world, case_id)
    return case_id


def test_a_mentor_goes_from_the_consent_to_the_signed_report(town: Office, apart: Apart) -> None:
    world = town.world
    case_id = apart(proposed_pair, world)
    with working(world):
        consent(phone_of(town, MENTOR))
    apart(papers_given, world, case_id, MENTEE)
    apart(ordered, world, case_id)
    on_day(world, 1)
    with working(world):
        phone = phone_of(town, MENTOR)
        acknowledge_the_order(phone)
        draw_up_the_plan(phone)
        add_a_meeting(phone)
    apart(curator_signs_the_plan, world, case_id)
    on_day(world, 366)
    with working(world):
        write_the_report(phone_of(town, MENTOR))


def consent(phone: Phone) -> None:
    phone.page.get_by_role("link", name="Мои пары").click()
    phone.shows("Вас предлагают наставником")
    phone.press("Дать согласие")
    phone.fill("Сколько ещё наставляемых", "0")
    phone.press("Сохранить и продолжить")
    phone.press("Сохранить и продолжить")  # what is paid may be left out
    phone.sign()
    phone.shows("Согласие наставника")


def acknowledge_the_order(phone: Phone) -> None:
    phone.open("/my-pairs")
    phone.press("Ознакомиться")
    phone.press("Ознакомиться")
    proof = phone.office.world.proof(phone.key)
    phone.fill("Ваш пароль для входа", proof.password)
    if proof.code:
        phone.fill("Код", proof.code)
    phone.page.locator("main button.main-action").click()
    phone.shows("простой электронной подписью")


def draw_up_the_plan(phone: Phone) -> None:
    phone.open("/my-pairs")
    phone.shows("осталось 4 рабочих дня")
    phone.press("Составить план")
    phone.press(re.compile("^Изменить — Разбор рабочих"))
    phone.fill("Срок", "до 1 июня")
    phone.press("Сохранить строку")
    phone.press(re.compile("^Удалить — Подготовка и проведение"))
    phone.press("Добавить строку")
    phone.fill("Мероприятие", "Помощь с электронным журналом")
    phone.fill("Срок", "июнь")
    phone.fill("Форма контроля", "собеседование")
    phone.press("Сохранить строку")
    phone.shows("Помощь с электронным журналом")
    phone.press("Все строки верны, дальше")
    phone.sign()
    phone.shows("Кузина")


def add_a_meeting(phone: Phone) -> None:
    phone.press("Добавить встречу")
    phone.fill("Тема", "Рабочая программа")
    phone.press("Сохранить встречу")
    phone.shows("Проведено встреч: 1")
    phone.press(re.compile("Проведено встреч"))
    phone.shows("Рабочая программа")


def curator_signs_the_plan(world: World, case_id: UUID) -> None:
    with world.services.uow.reading() as tx:
        headings = tx.documents.headings_of_cases([case_id])[case_id]
    plan = next(h.id for h in headings if h.type_code == "D16")
    world.sign_simply("kuzina", plan)
    world.work()


def write_the_report(phone: Phone) -> None:
    phone.open("/my-pairs")
    phone.press("Составить отчёт")
    phone.fill("Результаты наставничества", "Составляет рабочие программы сама.")
    phone.page.get_by_label("достаточная", exact=True).check()
    phone.press("Сохранить и продолжить")
    phone.press("Заполнить следующую строку")
    for _row in range(6):
        phone.fill("Выполнение", "выполнено")
        phone.press("Сохранить строку")
    phone.press("Все строки верны, дальше")
    phone.fill("Рекомендации наставляемому", "Провести открытый урок.")
    phone.press("Сохранить и продолжить")
    phone.sign()
    phone.shows("Отчёт подписан в срок; его утверждает руководитель.")


def test_a_mentee_answers_the_questionnaire(town: Office, apart: Apart) -> None:
    world = town.world
    apart(led_pair, world)
    on_day(world, 366)
    with working(world):
        phone = phone_of(town, MENTEE)
        phone.open("/my-pairs")
        phone.press("Ответить на анкету")
        scales = phone.page.locator(".scale")
        expect(scales).to_have_count(10)
        for place in range(9):
            give(phone, place, 9)
        phone.page.get_by_label("Да", exact=True).check()
        phone.press("Сохранить и продолжить")
        phone.shows("Проверьте")  # one question was left out
        give(phone, 9, 10)
        phone.press("Сохранить и продолжить")
        phone.fill("Что помогло больше всего", "Разбор уроков")
        phone.press("Сохранить и продолжить")
        phone.sign()
        phone.shows("Анкета оценки наставничества")


def give(phone: Phone, place: int, mark: int) -> None:
    """Touch a number of the scale, which a thumb must be able to hit."""
    choice = phone.page.locator(".scale").nth(place).locator(".choice", has_text=str(mark)).last
    box = choice.bounding_box()
    assert box is not None
    assert min(box["height"], box["width"]) >= THUMB
    choice.click()
