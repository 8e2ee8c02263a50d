"""The office's matrix, its cells and the decisions about them."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID, uuid4

import pytest
from flask import Flask
from openpyxl import load_workbook

from marshrut.demonstration.town import KEY_PASSWORD, done
from signing.keys import open_pkcs12
from signing.sign import sign_detached
from tests.integration.web.office_site import (
    BIRCH,
    FIRST,
    KINDERGARTEN,
    PROGRAMME,
    ROADMAP,
    SECOND,
    SITE,
    Ordered,
    delivered,
    ordered,
)
from tests.integration.web.signing_site import Browser, browser_of, forward, site
from tests.world import World, holder
from workflow.domain.deadlines import Late
from workflow.domain.obligations import ObligationState, state_of
from workflow.domain.routes import DocumentState
from workflow.queries.cells import Cell, Seen, Standing
from workflow.queries.task_page import task_page
from workflow.store.repositories.documents import DerivedDocument
from workflow.usecases.accept import accept, return_package
from workflow.usecases.tasks import give_evidence, postpone, waive


@pytest.fixture
def town(world: World) -> Ordered:
    return ordered(world)


@pytest.fixture
def officer(app: Flask, world: World) -> Browser:
    return browser_of(app, world, "gareev")


@pytest.fixture
def clerk(app: Flask, world: World) -> Browser:
    """The clerk of school 1."""
    return browser_of(app, world, "zaytseva")


def _cell(town: Ordered, school: str, key: str) -> Cell:
    officer = town.world.actor("gareev")
    return task_page(town.world.services, officer, town.task(school, key)).cell


# --- The matrix ----------------------------------------------------------------------------


def test_one_order_leads_straight_to_its_matrix(officer: Browser, town: Ordered) -> None:
    answer = officer.client.get("/office")
    assert answer.location.endswith(f"/office/orders/{town.order_id}")


def test_tasks_stand_as_in_the_order_and_schools_by_name(town: Ordered) -> None:
    board = town.board()
    assert [c.key for c in board.columns] == ["2.1", "2.2", "2.3", "2.4", "2.5-1", "2.5-2", "2.6"]
    assert [row.name for row in board.rows] == sorted(row.name for row in board.rows)


def test_matrix_is_not_there_for_a_school(clerk: Browser, town: Ordered) -> None:
    for page in ("", "/print", "/matrix.xlsx"):
        assert clerk.status(f"/office/orders/{town.order_id}{page}") == 404
    assert clerk.status("/office") == 404
    assert clerk.status("/office/heads") == 404


def test_nothing_sent_says_how_many_working_days_are_left(officer: Browser, town: Ordered) -> None:
    page = officer.read(f"/office/orders/{town.order_id}")
    assert "Не отправлено" in page
    assert "осталось" in page


def test_after_the_term_the_matrix_says_by_how_much(
    app: Flask, town: Ordered, world: World
) -> None:
    forward(world, days=32)
    page = browser_of(app, world, "gareev").read(f"/office/orders/{town.order_id}")
    assert "просрочено на 2 рабочих дня" in page
    assert _cell(town, BIRCH, ROADMAP).standing is Standing.OVERDUE


def test_package_in_time_is_examined_by_the_office_itself(world: World, app: Flask) -> None:
    town, _sent = delivered(world)
    assert _cell(town, FIRST, ROADMAP).seen is Seen.EXAMINING
    world.work()
    cell = _cell(town, FIRST, ROADMAP)
    assert (cell.standing, cell.seen) == (Standing.CHECKING, Seen.VALID)
    page = browser_of(app, world, "gareev").read(f"/office/orders/{town.order_id}")
    assert "На проверке" in page
    assert "1 поручение ждёт вашего решения" in page


def test_accepted_late_package_stays_late(world: World) -> None:
    town, sent = delivered(world, days_later=32, reason="болел директор")
    world.work()
    done(accept(world.services, world.actor("gareev"), sent.id))
    cell = _cell(town, FIRST, ROADMAP)
    assert cell.standing is Standing.LATE
    assert cell.lateness == Late(2)


def test_repair_after_the_term_is_still_in_time(world: World) -> None:
    town, sent = delivered(world)
    world.work()
    officer = world.actor("gareev")
    repair = world.clock().date() + timedelta(days=40)
    done(return_package(world.services, officer, sent.id, "Нет срока в п. 3", repair))
    returned = _cell(town, FIRST, ROADMAP)
    assert (returned.standing, returned.due) == (Standing.RETURNED, repair)
    forward(world, days=35)
    town.came_on_paper(FIRST, ROADMAP, world.clock().date())
    assert _cell(town, FIRST, ROADMAP).standing is Standing.IN_TIME


def test_a_year_without_calendar_is_said_and_not_counted(
    officer: Browser, town: Ordered, world: World
) -> None:
    task = town.task(BIRCH, ROADMAP)
    done(postpone(world.services, world.actor("gareev"), task, date(2029, 3, 1), "письмо № 4"))
    page = officer.read(f"/tasks/{task}")
    assert "рабочие дни не подсчитаны" in page
    forward(world, days=1060)
    town.came_on_paper(BIRCH, ROADMAP, date(2029, 3, 20))
    late = browser_of(site(world), world, "gareev").read(f"/tasks/{task}")
    assert "срок без счёта дней: календарь 2029 года не утверждён" in late


def test_paper_is_called_paper_and_never_checked(
    officer: Browser, town: Ordered, world: World
) -> None:
    sent = town.came_on_paper(KINDERGARTEN, ROADMAP, world.clock().date())
    page = officer.read(f"/tasks/{town.task(KINDERGARTEN, ROADMAP)}")
    assert "На бумаге" in page
    assert "подпись действительна" not in page
    assert sent.items[0].verdict == "on_paper"


def test_an_amended_document_is_marked_as_changed(world: World) -> None:
    town, sent = delivered(world)
    world.work()
    done(accept(world.services, world.actor("gareev"), sent.id))
    assert not _cell(town, FIRST, ROADMAP).changed_since
    forward(world, hours=1)
    _new_roadmap_in_force(world, sent.items[1].document_id)
    assert _cell(town, FIRST, ROADMAP).changed_since


def _new_roadmap_in_force(world: World, accepted_id: UUID) -> None:
    """A copy of the accepted roadmap comes into force under an id of its own."""
    with world.services.uow() as tx:
        old = tx.documents.load(accepted_id)
        marks = tuple(replace(m, id=world.services.new_id()) for m in old.marks)
        new = replace(old, id=world.services.new_id(), marks=marks, version=0)
        tx.documents.save(new, None, DerivedDocument(DocumentState.IN_FORCE))
        tx.commit()


def test_sums_count_every_cell_of_a_column(town: Ordered, world: World) -> None:
    town.came_on_paper(KINDERGARTEN, ROADMAP, world.clock().date())
    waived = town.task(SECOND, ROADMAP)
    done(waive(world.services, world.actor("gareev"), waived, "приказ № 130-о/д"))
    column = next(c for c in town.board().columns if c.key == ROADMAP)
    assert dict(column.sums) == {
        Standing.IN_TIME: 1,
        Standing.NOT_REQUIRED: 1,
        Standing.WAITING: 2,
    }


def test_filter_shows_the_schools_that_stand_so(
    officer: Browser, town: Ordered, world: World
) -> None:
    done(waive(world.services, world.actor("gareev"), town.task(SECOND, ROADMAP), "приказ № 1"))
    page = officer.read(f"/office/orders/{town.order_id}?show=not_required&task={ROADMAP}")
    assert "СОШ № 2" in page
    assert BIRCH not in page
    assert "2.2." not in page.partition("<table")[2]
    empty = officer.read(f"/office/orders/{town.order_id}?show=returned")
    assert "Таких организаций нет." in empty


def test_unknown_filter_narrows_nothing(officer: Browser, town: Ordered) -> None:
    page = officer.read(f"/office/orders/{town.order_id}?show=%3Cscript%3E&task=9")
    assert BIRCH in page
    assert "<script>" not in page


def test_matrix_prints_without_links_and_saves_as_a_workbook(
    officer: Browser, town: Ordered, world: World
) -> None:
    answer = "https://school1.example/наставники"
    done(give_evidence(world.services, world.actor("zaytseva"), town.task(FIRST, SITE), answer))
    printed = officer.read(f"/office/orders/{town.order_id}/print")
    assert "/tasks/" not in printed.partition("<table")[2]
    saved = officer.client.get(f"/office/orders/{town.order_id}/matrix.xlsx")
    sheet = load_workbook(io.BytesIO(saved.data)).worksheets[0]
    texts = [str(cell.value) for row in sheet.iter_rows() for cell in row if cell.value]
    assert any(answer in text for text in texts)
    assert any("118-о/д" in text for text in texts)


# --- Decisions about a cell ----------------------------------------------------------------


def _state(world: World, task: UUID) -> ObligationState:
    with world.services.uow.reading() as tx:
        return state_of(tx.obligations.load(task))


def test_postponing_asks_for_the_ground_and_keeps_what_was_typed(
    officer: Browser, town: Ordered
) -> None:
    address = f"/tasks/{town.task(BIRCH, SITE)}/postpone"
    page = officer.read(address)
    refused = officer.send(address, page, due="01.07.2026", ground="")
    assert refused.status_code == 422
    assert "01.07.2026" in refused.text
    sent = officer.send(address, page, due="01.07.2026", ground="письмо школы № 41")
    assert sent.status_code == 303
    shown = officer.read(f"/tasks/{town.task(BIRCH, SITE)}")
    assert "Срок перенесён на" in shown
    assert "письмо школы № 41" in shown


def test_the_same_day_is_refused_with_the_reason(officer: Browser, town: Ordered) -> None:
    address = f"/tasks/{town.task(BIRCH, SITE)}/postpone"
    page = officer.read(address)
    same = officer.send(address, page, due=f"{town.due:%d.%m.%Y}", ground="письмо")
    assert same.status_code == 409
    assert "Этот срок уже установлен" in same.text


def test_waiver_can_be_taken_back(officer: Browser, town: Ordered, world: World) -> None:
    task = town.task(BIRCH, PROGRAMME)
    page = officer.read(f"/tasks/{task}/waive")
    assert officer.send(f"/tasks/{task}/waive", page, ground="приказ № 5").status_code == 303
    assert _state(world, task) is ObligationState.NOT_REQUIRED
    shown = officer.read(f"/tasks/{task}")
    assert "приказ № 5" in shown
    page = officer.read(f"/tasks/{task}/require")
    assert officer.send(f"/tasks/{task}/require", page, ground="приказ № 6").status_code == 303
    assert _state(world, task) is ObligationState.OPEN


def test_clerk_of_the_office_sees_why_the_decisions_are_not_hers(
    app: Flask, world: World, town: Ordered
) -> None:
    page = browser_of(app, world, "lapina").read(f"/tasks/{town.task(BIRCH, SITE)}")
    assert page.count('aria-disabled="true"') == 3
    assert "Это решают только специалисты" in page


def test_decisions_of_the_office_are_not_there_for_a_school(clerk: Browser, town: Ordered) -> None:
    own = town.task(FIRST, SITE)
    for page in ("postpone", "waive", "require", "paper"):
        assert clerk.status(f"/tasks/{own}/{page}") == 404


def test_task_of_another_school_is_not_there(clerk: Browser, town: Ordered) -> None:
    assert clerk.status(f"/tasks/{town.task(BIRCH, SITE)}") == 404
    assert clerk.status(f"/tasks/{uuid4()}") == 404


def test_paper_arrival_gets_an_incoming_number(
    officer: Browser, town: Ordered, world: World
) -> None:
    task = town.task(KINDERGARTEN, ROADMAP)
    page = officer.read(f"/tasks/{task}/paper")
    entered = {"arrived_on": "04.05.2026", "title": "Дорожная карта", "number": "14"}
    missing = officer.send(f"/tasks/{task}/paper", page, **entered)
    assert missing.status_code == 422
    assert "Дорожная карта" in missing.text
    scan = (io.BytesIO(b"%PDF-1.4 plan"), "plan.pdf")
    sent = officer.send(f"/tasks/{task}/paper", page, scan=scan, **entered)
    assert sent.status_code == 303
    shown = officer.read(sent.location)
    assert "1-вх" in shown
    assert _state(world, task) is ObligationState.MET


def test_signature_that_came_by_mail_is_examined(
    officer: Browser, town: Ordered, world: World
) -> None:
    sent = town.came_on_paper(SECOND, ROADMAP, world.clock().date(), signature=b"no signature")
    assert sent.items[0].verdict == "invalid"
    assert _state(world, town.task(SECOND, ROADMAP)) is ObligationState.ARRIVED
    shown = officer.read(f"/submissions/{sent.id}")
    assert "Подпись не принята" in shown
    assert 'aria-disabled="true"' in shown


def test_a_good_signature_that_came_by_mail_is_confirmed(
    officer: Browser, town: Ordered, world: World
) -> None:
    head, school = world.person("petrov"), world.place("school-2")
    container = world.authorities.key_file(holder(head, school), KEY_PASSWORD, world.clock())
    key = open_pkcs12(container, KEY_PASSWORD)
    signature = sign_detached(b"%PDF-1.4 plan", key, world.clock())
    sent = town.came_on_paper(SECOND, ROADMAP, world.clock().date(), signature=signature)
    assert (sent.items[0].verdict, sent.items[0].explanation) == ("valid", None)
    assert _state(world, town.task(SECOND, ROADMAP)) is ObligationState.MET
    assert "Подпись действительна" in officer.read(f"/submissions/{sent.id}")


def test_earlier_paper_entered_later_decides_in_time(world: World) -> None:
    town, sent = delivered(world, days_later=32, reason="нет связи")
    world.work()
    done(accept(world.services, world.actor("gareev"), sent.id))
    town.came_on_paper(FIRST, ROADMAP, town.due)
    assert _cell(town, FIRST, ROADMAP).standing is Standing.IN_TIME


# --- The school's side ---------------------------------------------------------------------


def test_school_sees_its_own_tasks(clerk: Browser, town: Ordered) -> None:
    page = clerk.read("/tasks")
    assert "Представить план мероприятий" in page
    assert str(town.task(FIRST, SITE)) in page
    assert str(town.task(BIRCH, SITE)) not in page


def test_section_of_the_site_is_met_by_its_address(
    clerk: Browser, town: Ordered, world: World
) -> None:
    task = town.task(FIRST, SITE)
    assert f"/tasks/{task}/answer" in clerk.read(f"/tasks/{task}")
    page = clerk.read(f"/tasks/{task}/answer")
    wrong = clerk.send(f"/tasks/{task}/answer", page, answer="сайт школы")
    assert wrong.status_code == 422
    assert "сайт школы" in wrong.text
    sent = clerk.send(f"/tasks/{task}/answer", page, answer="https://school1.example/n")
    assert sent.status_code == 303
    assert _state(world, task) is ObligationState.MET
    assert "https://school1.example/n" in clerk.read(f"/tasks/{task}")


def test_a_task_met_by_a_document_has_no_answer_form(clerk: Browser, town: Ordered) -> None:
    assert clerk.status(f"/tasks/{town.task(FIRST, ROADMAP)}/answer") == 404


def test_officer_is_led_from_tasks_to_the_matrix(officer: Browser, town: Ordered) -> None:
    assert officer.client.get("/tasks").location.endswith("/office")
