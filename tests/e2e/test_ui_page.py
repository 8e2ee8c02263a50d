"""The components in a real browser."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from playwright.sync_api import Browser, ConsoleMessage, Page, expect

from tests.unit.web.fakes import PASSWORDS, SECRET, FakeClock, make_app
from web.second_factor import code_at

Serve = Callable[[Flask], str]


@pytest.mark.parametrize("address", ["/ui", "/ui/answers", "/ui/confirmation", "/login", "/nope"])
def test_no_page_scrolls_sideways(page: Page, serve: Serve, address: str) -> None:
    page.goto(serve(make_app()) + address)
    for width in (320, 360, 768, 1280, 1920):
        page.set_viewport_size({"width": width, "height": 800})
        assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_page_keeps_its_own_policy(page: Page, serve: Serve) -> None:
    said: list[str] = []

    def hear(message: ConsoleMessage) -> None:
        said.append(message.text)

    page.on("console", hear)
    page.goto(serve(make_app()) + "/ui")
    page.get_by_text("Готово: 8 из 25").wait_for()  # htmx works under the policy
    assert said == []


def test_progress_goes_on_without_reloading_the_page(page: Page, serve: Serve) -> None:
    page.goto(serve(make_app()) + "/ui")
    page.get_by_label("Заголовок приказа").fill("не потеряется")
    page.get_by_text("Готово: 8 из 25").wait_for()
    page.get_by_text("Готово: 9 из 25").wait_for()
    expect(page.get_by_label("Заголовок приказа")).to_have_value("не потеряется")


def test_progress_looks_again_by_itself_without_scripts(browser: Browser, serve: Serve) -> None:
    page = browser.new_context(java_script_enabled=False).new_page()
    page.goto(serve(make_app()) + "/ui/progress/7")
    assert page.locator('meta[http-equiv="refresh"]').get_attribute("content") == "5"
    expect(page.get_by_role("link", name="Обновить")).to_be_visible()
    page.goto(page.url.replace("/7", "/25"))
    expect(page.locator('meta[http-equiv="refresh"]')).to_have_count(0)
    page.context.close()


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_form_keeps_what_was_entered(browser: Browser, serve: Serve, scripts: bool) -> None:
    page = browser.new_context(java_script_enabled=scripts, locale="ru-RU").new_page()
    page.goto(serve(make_app()) + "/ui")
    page.get_by_label("Дата начала").fill("31.02.2026")
    page.get_by_label("Преамбула").fill("В целях внедрения")
    page.get_by_role("button", name="Сохранить").last.click()
    summary = page.get_by_role("alert").filter(has_text="Проверьте введённые данные")
    expect(summary.get_by_role("link", name="Дата начала. Такого дня нет")).to_be_visible()
    expect(page.get_by_label("Дата начала")).to_have_value("31.02.2026")
    expect(page.get_by_label("Преамбула")).to_have_value("В целях внедрения")
    expect(page.get_by_label("Дата начала")).to_have_attribute("aria-invalid", "true")
    page.context.close()


def test_error_summary_has_the_focus_and_leads_to_the_field(page: Page, serve: Serve) -> None:
    page.goto(serve(make_app()) + "/ui")
    page.get_by_role("button", name="Сохранить").last.click()
    assert page.evaluate("document.activeElement.className") == "errors"
    page.get_by_role("link", name="Дата начала").click()
    assert page.evaluate("document.activeElement.id") == "f-starts"


def test_rows_are_added_and_removed_without_scripts(browser: Browser, serve: Serve) -> None:
    page = browser.new_context(java_script_enabled=False).new_page()
    page.goto(serve(make_app()) + "/ui")
    page.get_by_role("button", name="Добавить строку").click()
    page.locator("#f-events-2-what").fill("Итоговая конференция")
    page.get_by_role("button", name="Удалить — Строка 1").click()
    expect(page.locator("#f-events-0-what")).to_have_value("Анкетирование наставляемых")
    expect(page.locator("#f-events-1-what")).to_have_value("Итоговая конференция")
    expect(page.locator("#f-events-2-what")).to_have_count(0)
    page.context.close()


def test_enter_in_a_field_sends_the_form_and_removes_no_row(page: Page, serve: Serve) -> None:
    page.goto(serve(make_app()) + "/ui")
    page.get_by_label("Дата начала").press("Enter")
    page.get_by_role("alert").filter(has_text="Проверьте введённые данные").wait_for()
    expect(page.locator(".row")).to_have_count(2)


def test_disabled_button_is_reached_by_keyboard_and_says_why(page: Page, serve: Serve) -> None:
    page.goto(serve(make_app()) + "/ui")
    disabled = page.locator(".refused button")
    disabled.focus()
    assert disabled.evaluate("e => e === document.activeElement")
    expect(disabled).to_have_accessible_description(
        "Документу ещё не присвоены номер и дата: нет визы куратора. Положение, п. 3.2 "
        "Запросите визу куратора."
    )
    disabled.press("Enter")
    disabled.click(force=True)
    assert page.url.endswith("/ui")


def test_keyboard_skips_to_the_content(page: Page, serve: Serve) -> None:
    page.goto(serve(make_app()) + "/ui")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Перейти к содержанию")).to_be_in_viewport()
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"


def test_schools_stay_in_view_while_the_matrix_moves(page: Page, serve: Serve) -> None:
    page.set_viewport_size({"width": 360, "height": 800})
    page.goto(serve(make_app()) + "/ui")
    frame = page.locator(".table-frame").first
    school = frame.get_by_text("Заречная школа")
    before = school.bounding_box()
    frame.evaluate("e => { e.scrollLeft = 300 }")
    after = school.bounding_box()
    assert before
    assert after
    assert before["x"] == after["x"]


def test_head_signs_in_with_a_code_and_out(page: Page, serve: Serve) -> None:
    clock = FakeClock()
    address = serve(make_app(now=clock))
    page.goto(address + "/account")
    page.get_by_label("Логин").fill("belova")
    page.get_by_label("Пароль").fill(PASSWORDS["belova"])
    page.get_by_role("button", name="Войти").click()
    page.get_by_label("Код из приложения").fill(code_at(SECRET, clock()))
    page.get_by_role("button", name="Подтвердить").click()
    expect(page.get_by_role("heading", name="Учётная запись")).to_be_visible()
    page.get_by_role("button", name="Выйти").click()
    expect(page.get_by_role("heading", name="Вы вышли из системы")).to_be_visible()
    page.goto(address + "/account")
    expect(page.get_by_role("heading", name="Вход")).to_be_visible()


def test_paper_shows_neither_buttons_nor_the_draft_mark(page: Page, serve: Serve) -> None:
    page.goto(serve(make_app()) + "/ui")
    page.emulate_media(media="print")
    expect(page.locator(".preview-mark")).to_be_hidden()
    expect(page.get_by_role("button", name="Вернуть на доработку")).to_be_hidden()
    expect(page.locator(".matrix")).to_be_visible()
