"""A pair gets another mentor; an order is amended, and cancelled, for one line of several.

ТК РФ, ст. 351.8; Положение of Yurga, п. 4.1, 5.1–5.4, 6.1.
"""

from __future__ import annotations

import re
from datetime import date
from uuid import UUID

import pytest
from playwright.sync_api import Locator, expect

from tests.e2e.conftest import Apart
from tests.e2e.desks import SAVE, Desk, desk_of, sign_simply
from tests.e2e.office import Office, working
from tests.e2e.pair_pages import (
    ASSOCIATION,
    CLERK,
    CURATOR,
    HEAD,
    MY_PAIRS,
    PAIRS,
    conclude_agreement,
    consent_as_mentee,
    consent_as_mentor,
    have_order_agreed,
    on_day,
    prepare_agreement,
    put_in_force,
    typed,
)
from tests.integration.pairs import deeds
from tests.world import World

WIDTH, HEIGHT = 360, 740
TEAMS = (("zotova", "golubeva"), ("komarov", "nikitin"), ("belyaeva", "rudenko"))
FOLLOWER = "maltseva"
#: Monday; 26, 27 and 28 May are the three full working days; from Friday the mentor is free.
MONDAY, TOO_EARLY, FRIDAY = date(2026, 5, 25), date(2026, 5, 28), date(2026, 5, 29)
NEXT_MONDAY = date(2026, 6, 1)
RIGHT = "ТК РФ, ст. 351.8"


def ordered_pairs(world: World) -> tuple[str, ...]:
    """Three pairs, named by one order in force, which work since 18 May; their pages' paths."""
    deeds.experienced(world, FOLLOWER, in_field=12)
    cases = [_ready(world, mentor, mentee) for mentor, mentee in TEAMS]
    deeds.order_in_force(world, deeds.order_begun(world, *cases).id)
    return tuple(f"{PAIRS}/{case_id}" for case_id in cases)


def _ready(world: World, mentor: str, mentee: str) -> UUID:
    deeds.experienced(world, mentor, in_field=18)
    deeds.experienced(world, mentee, pedagogical=1)
    case_id = deeds.requested(world, mentee)
    deeds.proposed(world, case_id, mentor)
    deeds.consented(world, case_id, mentor, mentee)
    return case_id


@pytest.fixture
def pairs(town: Office, apart: Apart) -> tuple[str, ...]:
    """The paths of the three pairs, as their order names them."""
    made = apart(ordered_pairs, town.world)
    assert isinstance(made, tuple)
    return made


def phone_of(town: Office, key: str) -> Desk:
    return Desk(town.at(key, WIDTH, HEIGHT), town, key)


def fits(phone: Desk) -> None:
    """The page is as wide as the screen."""
    width = phone.page.evaluate("document.documentElement.scrollWidth")
    assert width <= WIDTH, f"{phone.page.url} is {width} pixels wide"


def line(desk: Desk, *words: str | re.Pattern[str]) -> Locator:
    """The one line of a list in which all of this stands."""
    found = desk.main.locator("li")
    for one in words:
        found = found.filter(has_text=one)
    return found


# --- Another mentor -------------------------------------------------------------------------


def test_mentor_resigns_and_another_one_follows(town: Office, pairs: tuple[str, ...]) -> None:
    pair = pairs[0]
    on_day(town, MONDAY)
    with working(town.world):
        statement = lay_down(phone_of(town, "zotova"))
        head_reads_what_cannot_be_refused(desk_of(town, HEAD), pair, statement)
    on_day(town, FRIDAY)
    with working(town.world):
        clerk, curator, head = desk_of(town, CLERK), desk_of(town, CURATOR), desk_of(town, HEAD)
        clerk.open(pair)
        clerk.shows("Ожидает наставника")
        propose_from_the_first_page(desk_of(town, ASSOCIATION), FOLLOWER, NEXT_MONDAY)
        consent_as_mentor(phone_of(town, FOLLOWER))
        consent_as_mentee(desk_of(town, "golubeva"))
        agreement = prepare_agreement(clerk, pair, "21", date(2019, 8, 26))
        conclude_agreement(phone_of(town, FOLLOWER), head, agreement)
        order = begin_replacement(clerk, pair, "заявления Зотовой Н.Л. от 25 мая 2026 г.")
        have_order_agreed(clerk, curator, order)
        put_in_force(clerk, head, order)
        clerk.open(order)
        clerk.shows("Действует", "№ 2-л/с от 29 мая 2026 г.")
        head.open(pair)
        terms_have_moved(head)
        former_mentor_owes_the_report_alone(phone_of(town, "zotova"))
    on_day(town, NEXT_MONDAY)
    with working(town.world):
        phone = phone_of(town, FOLLOWER)
        phone.open(MY_PAIRS)
        phone.shows("Идёт", "до субботы, 6 июня (осталось 5 рабочих дней)")
        phone.press("Составить план")
        fits(phone)


def lay_down(phone: Desk) -> str:
    """The mentor's statement (D21) on a telephone: a day too early is refused, then accepted."""
    phone.open(MY_PAIRS)
    phone.press(re.compile("^Открыть пару"))
    phone.press("Сложить обязанности")
    phone.shows("Причину называть не нужно, отказать вам не могут")
    fits(phone)
    phone.fill("С какого дня", typed(TOO_EARLY))
    phone.press("Перейти к подписи")
    phone.shows(f"{typed(TOO_EARLY)} — слишком рано", f"({RIGHT}). Укажите {typed(FRIDAY)}")
    fits(phone)
    phone.fill("С какого дня", typed(FRIDAY))
    phone.press("Перейти к подписи")
    document = f"/documents/{phone.page.url.rpartition('/')[2]}"
    fits(phone)
    phone.press("Всё верно, перейти к подписи")
    sign_simply(phone, document)
    phone.press("К паре")
    phone.shows(f"18.05.2026 – {typed(TOO_EARLY)}")
    fits(phone)
    return document


def head_reads_what_cannot_be_refused(head: Desk, pair: str, statement: str) -> None:
    """The head is told on the first page and in the pair; the statement offers no verdict."""
    head.open("/inbox")
    head.shows(f"наставник освобождается с {typed(FRIDAY)}")
    head.open(pair)
    head.shows("Идёт", "согласие руководителя не требуется")
    head.press(re.compile("^Заявление о сложении обязанностей"))
    assert head.document() == statement
    head.shows("Действует")
    expect(head.main.get_by_role("button")).to_have_count(0)
    head.open(f"{statement}/return")
    expect(head.main.get_by_role("button", name="Вернуть на доработку")).to_have_count(0)


def propose_from_the_first_page(association: Desk, mentor: str, since: date) -> None:
    """Who has to propose finds the pair at once; nobody is chosen in advance."""
    association.open("/inbox")
    association.press("Предложить наставника")
    first_day = association.page.get_by_label("Первый день наставничества")
    expect(first_day).to_have_value(typed(FRIDAY))
    first_day.fill(typed(since))
    choice = association.page.get_by_label("Наставник", exact=True)
    expect(choice).to_have_value("")
    choice.select_option(association.office.world.employment(mentor))
    association.press("Проверить выбор")
    association.press("Предложить наставника")
    association.shows("Подбирается наставник")


def begin_replacement(clerk: Desk, pair: str, basis: str) -> str:
    """The order on another mentor (D25), filled in from the statement; return its path."""
    clerk.open(pair)
    clerk.press("Подготовить приказ")
    clerk.press("Начать приказ")
    order = clerk.document()
    clerk.shows("замена наставника", "досрочный отказ наставника", "заявления о сложении")
    clerk.open(f"{order}/facts/main")
    clerk.fill("Основание", basis)
    clerk.press(SAVE)
    clerk.open(order)
    clerk.shows("Новый наставник: Мальцева Ю. А.")
    return order


def terms_have_moved(head: Desk) -> None:
    """The new mentor owes the plan; what the former one owes no longer says why."""
    head.shows("Мальцева Ю. А. — Голубева Д. М.", "Ожидает начала")
    plan, why = "Индивидуальный план наставничества", "Больше не требуется. Причина: Заявление"
    expect(line(head, f"{plan}: Зотова Н. Л.", why)).to_have_count(1)
    new = line(head, f"{plan}: Мальцева Ю. А.", "считается от 01.06.2026")
    expect(new).to_contain_text("до субботы, 6 июня")
    expect(
        line(head, "Отчёт наставника: Зотова Н. Л.", "Срок перенесён на 03.06.2026")
    ).to_have_count(1)
    expect(line(head, "Анкета оценки наставничества: Голубева Д. М.", why)).to_have_count(1)


def former_mentor_owes_the_report_alone(phone: Desk) -> None:
    phone.open(MY_PAIRS)
    phone.shows("Вы были наставником", f"18.05.2026 – {typed(TOO_EARLY)}")
    expect(phone.main).not_to_contain_text("Составить план")
    fits(phone)
    phone.press("Составить отчёт")
    fits(phone)
    phone.open(f"{phone.document()}/facts")
    phone.shows("18.05.2026", typed(TOO_EARLY), "приказа МБОУ «СОШ № 7» от 4 мая 2026 г. № 1-л/с")


# --- One line of an order -------------------------------------------------------------------


def test_one_line_is_amended_and_another_one_is_cancelled(
    town: Office, pairs: tuple[str, ...]
) -> None:
    first, second, third = pairs
    on_day(town, MONDAY)
    with working(town.world):
        clerk, curator, head = desk_of(town, CLERK), desk_of(town, CURATOR), desk_of(town, HEAD)
        amending = begin_amendment(clerk, second)
        have_order_agreed(clerk, curator, amending)
        put_in_force(clerk, head, amending)
        clerk.open(second)
        clerk.press(re.compile("^Приказ о назначении наставников"))
        order = clerk.document()
        clerk.wait_for(order, "Изменён")
        expect(line(clerk, "Отменена")).to_have_count(0)
        cancelling = begin_cancellation(clerk, third)
        have_order_agreed(clerk, curator, cancelling)
        put_in_force(clerk, head, cancelling)
        clerk.wait_for(order, "Отменена")
        clerk.shows("Изменён")
        cancelled = line(clerk, re.compile("Отменена"))
        expect(cancelled).to_have_count(1)
        expect(cancelled).to_contain_text("Беляева И. О. — Руденко П. И.")
        expect(line(clerk, "Не требуется: строка приказа отменена")).to_have_count(2)
        for pair in (first, second):
            clerk.open(pair)
            clerk.shows("Идёт")
            expect(clerk.main.locator("#terms")).not_to_contain_text("Больше не требуется")
        clerk.open(third)
        nothing_is_owed_in_a_cancelled_pair(clerk)
        phone = phone_of(town, "belyaeva")
        phone.open(MY_PAIRS)
        phone.shows("Отменена")
        fits(phone)


def begin_change(clerk: Desk, pair: str, title: str) -> str:
    """Say what has happened, and so begin the document for it; return its path."""
    clerk.open(pair)
    clerk.press("Что случилось?")
    line(clerk, title).get_by_role("button").click()
    return clerk.document()


def begin_amendment(clerk: Desk, pair: str) -> str:
    """An order on a mistake in one line (D43)."""
    order = begin_change(clerk, pair, "Исправить ошибку в приказе")
    clerk.shows("приказ от 4 мая 2026 г. № 1-л/с", "Комаров С. П.")
    expect(clerk.main).not_to_contain_text("Зотова")
    clerk.open(f"{order}/facts/main")
    clerk.fill("Причина", "в связи с технической ошибкой")
    clerk.press(SAVE)
    clerk.main.get_by_label("Что сделать").select_option(label="заменить слова")
    clerk.fill("Что изменяется", "в строке 2 таблицы пункта 1")
    clerk.fill("Было", "ведение документации")
    clerk.fill("Стало", "подготовка к лабораторным работам")
    clerk.press(SAVE)
    return order


def begin_cancellation(clerk: Desk, pair: str) -> str:
    """An order that cancels one line (D44); it names the row of the earlier order."""
    order = begin_change(clerk, pair, "Отменить приказ")
    clerk.shows("приказа от 4 мая 2026 г. № 1-л/с")
    expect(clerk.main.locator("tr").filter(has_text="Беляева И. О.")).to_contain_text("3")
    clerk.open(f"{order}/facts/main")
    clerk.main.get_by_label("Нет", exact=True).check()
    clerk.fill("Причина", "в связи с ошибкой при подготовке приказа")
    clerk.press(SAVE)
    return order


def nothing_is_owed_in_a_cancelled_pair(clerk: Desk) -> None:
    """Every term of the pair is cancelled, with the order that did it."""
    clerk.shows("Отменена", "Строка приказа отменена с 25 мая 2026 г.")
    terms = clerk.main.locator("#terms li")
    why = terms.filter(has_text="Больше не требуется. Причина: Приказ об отмене приказа")
    assert terms.count() > 0
    expect(why.filter(has_text="№ 3-л/с")).to_have_count(terms.count())
