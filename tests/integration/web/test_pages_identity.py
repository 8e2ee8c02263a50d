"""Another name or number: the clerk proposes it, somebody else confirms or refuses it."""

from __future__ import annotations

import io
from html import unescape
from uuid import UUID

import pytest
from flask import Flask

from tests.integration.web.admin_site import Site
from tests.integration.web.signing_site import Browser, browser_of
from tests.world import World, one_page_pdf
from workflow.domain.people import Person
from workflow.usecases.confirm_forms import SUFFIXES

GROUND = "свидетельство о заключении брака от 14.02.2026 № 123456"


def person(world: World, key: str) -> Person:
    with world.services.uow.reading() as tx:
        return tx.people.load(world.person(key).person_id)


def form_of(world: World, key: str) -> str:
    return f"/staff/workers/{world.person(key).employment_id}/identity"


def entered(world: World, key: str, **changed: object) -> dict[str, object]:
    one = person(world, key)
    card = {name: getattr(one, name) for name in ("last", "first", "middle", "snils", "inn")}
    return {**card, "since": "14.02.2026", "ground": GROUND, **changed}


def proposed(browser: Browser, world: World, key: str, **changed: object) -> str:
    """Propose a change; return the address of its page."""
    address = form_of(world, key)
    answer = browser.send(address, browser.read(address), **entered(world, key, **changed))
    assert answer.status_code == 303, unescape(answer.text)
    return str(answer.location)


def test_a_marriage_goes_from_the_clerk_to_the_head_onto_the_card(
    clerk: Browser, head: Browser, world: World
) -> None:
    page = proposed(clerk, world, "mironova", last="Орлова")
    assert person(world, "mironova").last == "Миронова"
    card = unescape(clerk.read(f"/staff/workers/{world.person('mironova').employment_id}"))
    assert "Предложено изменить имя или номер" in card
    assert "1 изменение имени или номера ждёт вашего решения" in unescape(head.read("/inbox"))
    assert page in head.read("/staff/identity")
    assert "Миронова → Орлова" in unescape(head.read(page))
    assert head.send(f"{page}/confirm", head.read(page)).status_code == 303
    renamed = person(world, "mironova")
    assert (renamed.last, renamed.forms_confirmed) == ("Орлова", False)
    assert [suffix for suffix, _ in renamed.forms] == list(SUFFIXES)
    shown = unescape(head.read(f"/staff/workers/{world.person('mironova').employment_id}"))
    assert "до 13.02.2026 — Миронова Анна Петровна" in shown
    assert "ждёт вашего решения" not in unescape(head.read("/inbox"))


def test_clerk_sees_why_the_own_proposal_waits_for_somebody_else(
    clerk: Browser, world: World
) -> None:
    page = proposed(clerk, world, "mironova", last="Орлова")
    assert "Это изменение предложили вы" in unescape(clerk.read(page))
    answer = clerk.send(f"{page}/confirm", clerk.read(form_of(world, "mironova")))
    assert answer.status_code == 409
    assert person(world, "mironova").last == "Миронова"


def test_change_confirmed_twice_is_refused_the_second_time(
    clerk: Browser, head: Browser, world: World
) -> None:
    page = proposed(clerk, world, "mironova", last="Орлова")
    form = head.read(page)
    assert head.send(f"{page}/confirm", form).status_code == 303
    assert head.send(f"{page}/confirm", form).status_code == 409
    assert head.send(f"{page}/refuse", form, reason="Ошибка").status_code == 409


def test_refusal_needs_a_reason_and_leaves_the_card(
    clerk: Browser, head: Browser, world: World
) -> None:
    page = proposed(clerk, world, "mironova", last="Орлова")
    form = head.read(page)
    assert head.send(f"{page}/refuse", form, reason=" ").status_code == 409
    assert head.send(f"{page}/refuse", form, reason="Нет оригинала").status_code == 303
    assert "Нет оригинала" in unescape(clerk.read(page))
    assert person(world, "mironova").last == "Миронова"
    proposed(clerk, world, "mironova", last="Орлова")


def test_second_proposal_waits_for_the_first(clerk: Browser, world: World) -> None:
    address = form_of(world, "mironova")
    proposed(clerk, world, "mironova", last="Орлова")
    answer = clerk.send(address, clerk.read(address), **entered(world, "mironova", last="Соколова"))
    assert answer.status_code == 409
    assert "ждёт решения" in unescape(answer.text)
    assert 'value="Соколова"' in answer.text


@pytest.mark.parametrize(
    ("changed", "status", "said"),
    [
        ({}, 409, "Ничего не изменилось бы"),
        ({"last": "Орлова", "since": "05.05.2026"}, 409, "ещё не наступил"),
        ({"snils": "11223344596"}, 409, "СНИЛС"),
        ({"last": ""}, 422, "Заполните"),
        ({"last": "Орлова", "ground": ""}, 422, "Заполните"),
    ],
)
def test_what_cannot_be_so_is_refused_with_what_was_typed(
    clerk: Browser, world: World, changed: dict[str, str], status: int, said: str
) -> None:
    address = form_of(world, "mironova")
    answer = clerk.send(address, clerk.read(address), **entered(world, "mironova", **changed))
    assert answer.status_code == status
    assert said in unescape(answer.text)


def test_scan_is_kept_for_who_decides_and_not_for_others(
    clerk: Browser, head: Browser, app: Flask, world: World
) -> None:
    content = one_page_pdf("marriage")
    scan = (io.BytesIO(content), "брак.pdf")
    page = proposed(clerk, world, "mironova", last="Орлова", scan=scan)
    assert head.client.get(f"{page}/scan").data == content
    stranger = browser_of(app, world, "petrov")
    assert [stranger.status(one) for one in (page, f"{page}/scan")] == [404, 404]


def test_scan_that_is_no_pdf_is_refused(clerk: Browser, world: World) -> None:
    address = form_of(world, "mironova")
    scan = (io.BytesIO(b"MZ nothing to print"), "брак.pdf")
    fields = entered(world, "mironova", last="Орлова", scan=scan)
    assert clerk.send(address, clerk.read(address), **fields).status_code == 422


def test_head_is_renamed_by_the_office(
    clerk: Browser, head: Browser, app: Flask, world: World
) -> None:
    page = proposed(clerk, world, "belova", last="Орлова")
    assert "Изменение касается вас самих" in unescape(head.read(page))
    officer = browser_of(app, world, "gareev")
    assert page in officer.read("/staff/identity")
    assert officer.send(f"{page}/confirm", officer.read(page)).status_code == 303
    assert person(world, "belova").last == "Орлова"


def test_proposal_of_another_school_is_not_there(clerk: Browser, app: Flask, world: World) -> None:
    page = proposed(clerk, world, "mironova", last="Орлова")
    other = browser_of(app, world, "fomina")
    assert other.status(page) == 404
    assert other.status(form_of(world, "mironova")) == 404
    teacher = browser_of(app, world, "kulikova")
    assert teacher.status(page) == 404
    assert "Миронова" not in teacher.read("/staff/identity")


def test_card_that_changed_meanwhile_is_not_overwritten(
    clerk: Browser, head: Browser, world: World
) -> None:
    page = proposed(clerk, world, "mironova", last="Орлова")
    form = head.read(page)
    with world.services.uow() as tx:
        before = tx.people.load(world.person("mironova").person_id)
        tx.people.save(_without_inn(before), before)
        tx.commit()
    answer = head.send(f"{page}/confirm", form)
    assert answer.status_code == 409
    assert "предложите заново" in unescape(answer.text)


def _without_inn(before: Person) -> Person:
    return Person(**{**vars(before), "inn": ""})


def test_change_that_nobody_proposed_is_not_there(head: Browser) -> None:
    assert head.status(f"/staff/identity/{UUID(int=7)}") == 404


def test_operator_is_led_from_the_person_to_the_proposal(operator: Site, world: World) -> None:
    page = operator.get(f"/admin/people/{world.person('mironova').person_id}")
    assert form_of(world, "mironova") in page
    assert "Изменить имя, СНИЛС или ИНН" in page
    assert "второй человек" in operator.get(form_of(world, "mironova"))
