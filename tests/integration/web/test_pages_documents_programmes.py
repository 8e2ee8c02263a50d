"""What waits for a person, and a programme as a task list."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID, uuid4

import sqlalchemy as sa
from flask import Flask

from marshrut.demonstration.town import done
from tests.integration.web.signing_site import (
    Browser,
    browser_of,
    fixed,
    fixed_appointment,
    fixed_approval,
    forward,
    order_the_town,
    prepared,
    signed,
    signed_letter,
    stranger,
    visa,
)
from tests.integration.web.test_pages_documents import words
from tests.world import World
from workflow.queries.case_page import case_page
from workflow.queries.inbox import AT_ONCE, Ask, inbox
from workflow.usecases.deliver import deliver
from workflow.usecases.prepare import start_document


def asks(world: World, key: str) -> list[tuple[Ask, str]]:
    found = inbox(world.services, world.actor(key)).items
    return [(item.ask, item.type_code) for item in found]


# --- What waits ----------------------------------------------------------------------------


def test_a_stranger_is_asked_to_sign_in(app: Flask) -> None:
    answer = stranger(app).client.get("/inbox")
    assert answer.status_code == 303
    assert "/login" in answer.location


def test_whom_nothing_waits_for_is_told_so_kindly(app: Flask, world: World) -> None:
    teacher = browser_of(app, world, "mironova")
    assert "Сейчас вас ничего не ждёт" in words(teacher.read("/inbox"))
    assert teacher.client.get("/").location == "/inbox"


def test_an_order_of_the_office_asks_first_to_open_a_programme(
    world: World, clerk: Browser
) -> None:
    order_the_town(world, world.clock().date() + timedelta(days=4))
    assert asks(world, "zaytseva") == [(Ask.OPEN_CASE, ""), (Ask.ANSWER, "")]
    page = words(clerk.read("/inbox"))
    assert "Следующий шаг Программа наставничества организации" in page
    assert "до пятницы, 8 мая (осталось 4 рабочих дня)" in page


def test_documents_that_are_owed_are_to_be_begun(world: World, case_id: UUID) -> None:
    assert asks(world, "zaytseva")[:4] == [(Ask.BEGIN, f"D0{n}") for n in (3, 4, 5, 6)]
    done(start_document(world.services, world.actor("zaytseva"), case_id, "D06"))
    assert (Ask.BEGIN, "D06") not in asks(world, "zaytseva")
    assert (Ask.PREPARE, "D06") in asks(world, "zaytseva")


def test_what_is_to_be_signed_waits_for_the_head_alone(world: World, case_id: UUID) -> None:
    fixed_appointment(world, case_id)
    assert asks(world, "belova")[0] == (Ask.SIGN, "D06")
    assert (Ask.SIGN, "D06") not in asks(world, "zaytseva")
    assert asks(world, "petrov")[0] == (Ask.OPEN_CASE, "")


def test_whoever_is_named_is_asked_to_acknowledge(app: Flask, world: World, case_id: UUID) -> None:
    order = fixed_appointment(world, case_id)
    assert asks(world, "ershov") == []
    signed(world, order)
    assert asks(world, "ershov") == [(Ask.ACKNOWLEDGE, "D06")]
    page = browser_of(app, world, "ershov").read("/inbox")
    assert f"/documents/{order.id}/acknowledge" in page


def test_an_order_inherits_the_terms_of_what_it_approves(world: World, case_id: UUID) -> None:
    fixed_approval(world, case_id)
    first = inbox(world.services, world.actor("belova")).items[0]
    assert (first.ask, first.type_code) == (Ask.SIGN, "D02")
    assert first.term is not None
    assert first.term.last == world.clock().date() + timedelta(days=30)


def test_a_letter_is_asked_for_when_what_it_sends_is_in_force(world: World, case_id: UUID) -> None:
    order = fixed_approval(world, case_id)
    assert (Ask.BEGIN, "D33") not in asks(world, "zaytseva")
    signed(world, order)
    assert (Ask.BEGIN, "D33") in asks(world, "zaytseva")
    done(start_document(world.services, world.actor("zaytseva"), case_id, "D33"))
    assert (Ask.BEGIN, "D33") not in asks(world, "zaytseva")


def test_a_package_that_arrived_waits_for_the_officer(
    app: Flask, world: World, case_id: UUID
) -> None:
    letter = signed_letter(world, case_id)
    assert (Ask.DELIVER, "D33") in asks(world, "zaytseva")
    package = done(deliver(world.services, world.actor("zaytseva"), letter.id))
    assert (Ask.DELIVER, "D33") not in asks(world, "zaytseva")
    assert asks(world, "gareev") == [(Ask.ACCEPT, "D33")]
    page = browser_of(app, world, "gareev").read("/inbox")
    assert f'href="/submissions/{package.id}"' in page


def test_what_is_overdue_says_so(app: Flask, world: World, case_id: UUID) -> None:
    forward(world, days=40)
    page = words(browser_of(app, world, "zaytseva").read("/inbox"))
    assert "Просрочено" in page
    assert "срок истёк 3 июня" in page


def test_a_long_list_goes_on_on_further_pages(world: World, clerk: Browser, case_id: UUID) -> None:
    for _ in range(AT_ONCE):
        done(start_document(world.services, world.actor("zaytseva"), case_id, "D33"))
    first = inbox(world.services, world.actor("zaytseva"), 1)
    last = inbox(world.services, world.actor("zaytseva"), 99)
    assert (first.pages, len(first.items), last.page) == (2, AT_ONCE, 2)
    assert len(last.items) == first.total - AT_ONCE
    assert "Страница 1 из 2" in words(clerk.read("/inbox"))
    assert "Страница 2 из 2" in words(clerk.read("/inbox?page=2"))


def test_more_documents_cost_no_more_queries(world: World, case_id: UUID) -> None:
    asked: list[str] = []
    engine = world.services.uow.engine
    sa.event.listen(engine, "before_cursor_execute", lambda *a: asked.append(a[2]))
    actor = world.actor("zaytseva")
    done(start_document(world.services, actor, case_id, "D33"))
    counts = []
    for _ in range(2):
        asked.clear()
        inbox(world.services, actor)
        for_inbox = len(asked)
        case_page(world.services, actor, case_id)
        counts.append((for_inbox, len(asked) - for_inbox))
        for _ in range(5):
            done(start_document(world.services, actor, case_id, "D33"))
    assert counts[0] == counts[1]


# --- Programmes ----------------------------------------------------------------------------


def test_a_programme_is_opened_once_for_a_school_year(world: World, clerk: Browser) -> None:
    form = clerk.read("/programmes/new")
    place = f"{world.place('school-1').id}|programme"
    opened = clerk.send("/programmes/new", form, place=place, year="2025/2026")
    assert opened.status_code == 303
    assert "Программа открыта" in words(clerk.read(opened.location))
    twice = clerk.send("/programmes/new", form, place=place, year="2025/2026")
    assert twice.status_code == 409
    assert "2025/2026" in words(twice.text)
    assert "2025/2026" in words(clerk.read("/programmes"))


def test_only_what_is_offered_can_be_opened(world: World, clerk: Browser) -> None:
    form = clerk.read("/programmes/new")
    place = f"{world.place('school-2').id}|programme"
    answer = clerk.send("/programmes/new", form, place=place, year="1812/1813")
    assert answer.status_code == 422
    assert "Выберите учебный год" in words(answer.text)


def test_programmes_are_for_those_who_work_on_documents(
    app: Flask, world: World, case_id: UUID
) -> None:
    page = f"/programmes/{case_id}"
    seen = {key: browser_of(app, world, key).status(page) for key in ("zaytseva", "belova")}
    assert set(seen.values()) == {200}
    hidden = {key: browser_of(app, world, key).status(page) for key in ("fomina", "mironova")}
    assert set(hidden.values()) == {404}
    assert browser_of(app, world, "mironova").status("/programmes") == 404
    assert browser_of(app, world, "zaytseva").status(f"/programmes/{uuid4()}") == 404


def test_the_task_list_says_what_is_done_and_what_waits_for_whom(
    world: World, clerk: Browser, case_id: UUID
) -> None:
    signed(world, fixed_appointment(world, case_id))
    prepared(world, case_id, "D04", {"period": "2026 год"})
    page = words(clerk.read(f"/programmes/{case_id}"))
    assert "Подготовительный этап — идёт сейчас" in page
    assert "Приказ о назначении куратора № 1-л/с от 4 мая 2026 г." in page
    assert "приказ № 789-о/д, п. 2.1: исполнено 4 мая" in page
    assert "Ждёт согласования: Сафина Г. Р." in page
    assert "Сначала: Приказ об утверждении" in page
    assert "Подготовить: Положение о системе наставничества" in page


def test_the_stage_moves_when_everything_it_asks_for_is_in_force(
    world: World, clerk: Browser, case_id: UUID
) -> None:
    signed(world, fixed_appointment(world, case_id))
    facts: dict[str, dict[str, object]] = {
        "D03": {},
        "D04": {"period": "2026 год"},
        "D05": {
            "period_from": date(2026, 9, 1),
            "period_to": date(2027, 5, 31),
            "developers": ({"fio": "Сафина Гузель Рашидовна", "post": "куратор"},),
        },
    }
    annexes = [prepared(world, case_id, code, some) for code, some in facts.items()]
    for annex in annexes:
        visa(world, annex)
    order = prepared(world, case_id, "D02", {"approves": tuple(str(a.id) for a in annexes)})
    visa(world, order)
    assert "Подготовительный этап — идёт сейчас" in words(clerk.read(f"/programmes/{case_id}"))
    signed(world, fixed(world, order))
    page = words(clerk.read(f"/programmes/{case_id}"))
    assert "Подготовительный этап — пройден" in page
    assert "Основной этап — идёт сейчас" in page


def test_a_document_is_begun_by_those_who_may_prepare_it(
    app: Flask, world: World, clerk: Browser, case_id: UUID
) -> None:
    address = f"/programmes/{case_id}/documents/D03"
    begun = clerk.send(address, clerk.read(address))
    assert begun.status_code == 303
    assert begun.location.endswith("/facts")
    assert "Положение о системе наставничества" in words(clerk.read(begun.location))
    head = browser_of(app, world, "belova")
    page = head.read(address)
    assert 'aria-disabled="true"' in page
    assert head.send(address, page).status_code == 409
    assert clerk.status(f"/programmes/{case_id}/documents/D99") == 404
    own = clerk.read("/programmes/new")
    assert clerk.send(f"/programmes/{uuid4()}/documents/D03", own).status_code == 404
