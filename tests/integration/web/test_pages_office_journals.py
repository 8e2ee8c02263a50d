"""Registering the order, the journals, the register of heads."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import date
from uuid import UUID, uuid4

import pytest
from flask import Flask
from openpyxl import load_workbook

from tests.integration.web.office_site import KINDERGARTEN, ROADMAP, Ordered, ordered
from tests.integration.web.signing_site import Browser, browser_of
from tests.told_once import told_once
from tests.world import World
from web import sheets
from workflow.domain.cases import school_year_of
from workflow.domain.registers import Entry, EntryState, Register
from workflow.queries.office_board import office_board


@pytest.fixture
def officer(app: Flask, world: World) -> Browser:
    return browser_of(app, world, "gareev")


# --- The order -----------------------------------------------------------------------------


def _entered(page: str) -> dict[str, object]:
    """The form as it is proposed, with what only the office knows."""
    names = {
        "order_number": "789-о/д",
        "order_date": "30.04.2026",
        "subject": "Об организации работы по внедрению наставничества",
        "signer": "начальник отдела Орлова Н. В.",
        "day_off": "next",
        "tasks-rows": "2",
        "tasks-0-key": "2.5-1",
        "tasks-0-text": "Представить дорожную карту",
        "tasks-0-due": "30.05.2026",
        "tasks-0-evidence": "submission",
        "tasks-0-type_code": "D04",
        "tasks-1-key": "2.6",
        "tasks-1-text": "Создать раздел сайта",
        "tasks-1-evidence": "link",
    }
    assert all(f'name="{name}"' in page for name in ("order_number", "tasks-0-key", "scan"))
    return dict(names)


def _scan() -> tuple[io.BytesIO, str]:
    return io.BytesIO(b"%PDF-1.4 order"), "приказ.pdf"


def test_order_is_proposed_with_the_tasks_of_the_pack(officer: Browser, world: World) -> None:
    page = officer.read(f"/orders/new/{world.place('office').id}")
    assert "Представить план мероприятий (дорожную карту) в отдел образования" in page
    assert "Пункт приказа" not in page


def test_registered_order_sets_its_tasks_to_every_school(officer: Browser, world: World) -> None:
    address = f"/orders/new/{world.place('office').id}"
    page = officer.read(address)
    answer = officer.send(address, page, scan=_scan(), **_entered(page))
    assert answer.status_code == 303, answer.text
    done = officer.read(answer.location)
    assert "Поручения поставлены 4 организациям" in done
    order_id = UUID(answer.location.split("/")[2])
    board = office_board(world.services, world.actor("gareev"), order_id)
    assert [c.article for c in board.columns] == [
        "приказ № 789-о/д, п. 2.5",
        "приказ № 789-о/д, п. 2.6",
    ]
    # 30 May 2026 is a Saturday: the term moves to Monday.
    assert [c.due for c in board.columns] == [date(2026, 6, 1), None]
    assert officer.client.get(f"/orders/{order_id}/file").data == b"%PDF-1.4 order"


def test_order_without_scan_keeps_what_was_typed(officer: Browser, world: World) -> None:
    address = f"/orders/new/{world.place('office').id}"
    page = officer.read(address)
    entered = {**_entered(page), "tasks-0-due": "31.02.2026"}
    answer = officer.send(address, page, **entered)
    assert answer.status_code == 422
    assert "Выберите файл." in answer.text
    assert "31.02.2026" in answer.text
    assert answer.text.count("field-error") == 2
    assert "Создать раздел сайта" in answer.text


def test_order_of_tomorrow_is_refused(officer: Browser, world: World) -> None:
    address = f"/orders/new/{world.place('office').id}"
    page = officer.read(address)
    entered = {**_entered(page), "order_date": "05.05.2026"}
    answer = officer.send(address, page, scan=_scan(), **entered)
    assert answer.status_code == 409
    assert "789-о/д" in answer.text


def test_rows_are_added_without_losing_the_rest(officer: Browser, world: World) -> None:
    address = f"/orders/new/{world.place('office').id}"
    page = officer.read(address)
    answer = officer.send(address, page, **_entered(page), **{"add-row": "tasks"})
    assert answer.status_code == 200
    assert 'name="tasks-2-key"' in answer.text
    assert "Создать раздел сайта" in answer.text


def test_order_form_is_the_offices_own(clerk: Browser, world: World) -> None:
    assert clerk.status(f"/orders/new/{world.place('office').id}") == 404
    assert clerk.status(f"/orders/new/{world.place('school-1').id}") == 404


def test_schools_read_the_order_that_sets_their_tasks(
    clerk: Browser, app: Flask, world: World
) -> None:
    order_id = ordered(world).order_id
    assert clerk.client.get(f"/orders/{order_id}/file").mimetype == "application/pdf"
    assert clerk.status(f"/orders/{order_id}/registered") == 404
    teacher = browser_of(app, world, "mironova")
    assert teacher.status(f"/orders/{order_id}/file") == 404


def test_a_school_year_begins_in_september() -> None:
    assert school_year_of(date(2022, 12, 23)) == "2022/2023"
    assert school_year_of(date(2023, 8, 31)) == "2022/2023"
    assert school_year_of(date(2023, 9, 1)) == "2023/2024"


# --- Journals ------------------------------------------------------------------------------


@pytest.fixture
@told_once
def journal(world: World) -> Register:
    """The office's incoming journal with rows of two years."""
    with world.services.uow() as tx:
        found = tx.registers.find(world.place("office").id, "incoming")
        assert found is not None
        for number, year, summary in (
            ("1-вх", 2025, "Ёлочный базар: письмо школы"),
            ("2-вх", 2026, "=ГИПЕРССЫЛКА(1)"),
            ("3-вх", 2026, "О Берёзовской школе 100%"),
        ):
            tx.entries.save(_entry(world, found, number, year, summary), None)
        tx.commit()
    return found


def _entry(world: World, register: Register, number: str, year: int, summary: str) -> Entry:
    return Entry(
        id=world.services.new_id(),
        register_id=register.id,
        sequence=int(number[0]),
        year=year,
        number=number,
        dated=date(year, 3, 1),
        state=EntryState.REGISTERED,
        document_id=None,
        summary=summary,
        entered_at=world.clock(),
        entered_by=world.person("lapina").person_id,
    )


def test_journals_are_listed_with_their_index(officer: Browser, journal: Register) -> None:
    page = officer.read("/registers")
    assert "Журнал регистрации входящих документов" in page
    assert "Индекс по номенклатуре дел: 01-11" in page


@pytest.mark.parametrize("sought", ["елочный", "ЁЛОЧНЫЙ  БАЗАР", "1-ВХ"])
def test_search_knows_cyrillic_case_and_yo(
    officer: Browser, journal: Register, sought: str
) -> None:
    page = officer.read(f"/registers/{journal.id}?q={sought}")
    assert "Ёлочный базар" in page
    assert "Берёзовской" not in page
    assert "Найдена 1 запись" in page


def test_percent_sign_is_looked_for_as_it_stands(officer: Browser, journal: Register) -> None:
    page = officer.read(f"/registers/{journal.id}?q=100%25")
    assert "Найдена 1 запись" in page
    assert "Ничего" not in page


def test_year_narrows_the_journal(officer: Browser, journal: Register) -> None:
    page = officer.read(f"/registers/{journal.id}?year=2026")
    assert "Найдено 2 записи" in page
    assert "Ёлочный" not in page
    assert "Найдено 3 записи" in officer.read(f"/registers/{journal.id}?year=abcd")


def test_annulled_number_keeps_its_row_with_the_reason(
    officer: Browser, journal: Register, world: World
) -> None:
    with world.services.uow() as tx:
        entry = _entry(world, journal, "9-вх", 2026, "Письмо по ошибке")
        entry = replace(entry, state=EntryState.ANNULLED, reason="занят по ошибке")
        tx.entries.save(entry, None)
        tx.commit()
    page = officer.read(f"/registers/{journal.id}")
    assert "Аннулирован" in page
    assert "занят по ошибке" in page


def test_printed_journal_begins_with_the_first_row(officer: Browser, journal: Register) -> None:
    page = officer.read(f"/registers/{journal.id}/print")
    assert page.index("1-вх") < page.index("2-вх") < page.index("3-вх")


def test_workbook_holds_text_where_a_formula_was_written(
    officer: Browser, journal: Register
) -> None:
    saved = officer.client.get(f"/registers/{journal.id}/journal.xlsx?year=2026")
    assert saved.mimetype == sheets.MIME
    sheet = load_workbook(io.BytesIO(saved.data)).worksheets[0]
    cell = next(c for row in sheet.iter_rows() for c in row if str(c.value).startswith("="))
    assert cell.data_type == "s"
    assert cell.quotePrefix


def test_journals_of_another_organisation_are_not_there(
    clerk: Browser, app: Flask, world: World, journal: Register
) -> None:
    for page in ("", "/print", "/journal.xlsx"):
        assert clerk.status(f"/registers/{journal.id}{page}") == 404
    assert clerk.status(f"/registers/{uuid4()}") == 404
    teacher = browser_of(app, world, "mironova")
    assert teacher.status("/registers") == 404


def test_what_came_stands_in_the_journal_with_its_sender(
    officer: Browser, world: World, journal: Register
) -> None:
    town: Ordered = ordered(world)
    town.came_on_paper(KINDERGARTEN, ROADMAP, world.clock().date())
    page = officer.read(f"/registers/{journal.id}?q=рябинка")
    assert "Дорожная карта" in page


# --- Heads ---------------------------------------------------------------------------------


def test_heads_stand_with_their_ground(officer: Browser, world: World) -> None:
    page = officer.read("/office/heads")
    assert "Белова Яна Николаевна" in page
    assert "приказ от" in page


def test_new_head_waits_for_confirmation_and_is_confirmed_once(
    officer: Browser, world: World
) -> None:
    mandate = _unconfirmed(world, "belova")
    assert "1 руководитель ждёт подтверждения" in officer.read("/office/heads")
    page = officer.read(f"/office/heads/{mandate}")
    answer = officer.send(f"/office/heads/{mandate}", page)
    assert answer.status_code == 303
    assert "Руководитель подтверждён" in officer.read(answer.location)
    assert "Подтвердить руководителя" not in officer.read(f"/office/heads/{mandate}")


def _unconfirmed(world: World, key: str) -> UUID:
    with world.services.uow() as tx:
        held = tx.mandates.of_person(world.person(key).person_id)
        tx.mandates.save(replace(held[0], confirmed_by=None), held[0])
        tx.commit()
    return held[0].id


def test_clerk_of_the_office_cannot_confirm_and_is_told_why(app: Flask, world: World) -> None:
    mandate = _unconfirmed(world, "belova")
    lapina = browser_of(app, world, "lapina")
    page = lapina.read(f"/office/heads/{mandate}")
    assert 'aria-disabled="true"' in page
    assert "подтверждает учредитель или отдел" in page


def test_head_of_a_school_does_not_see_the_register_of_heads(app: Flask, world: World) -> None:
    mandate = _unconfirmed(world, "belova")
    assert browser_of(app, world, "belova").status(f"/office/heads/{mandate}") == 404
    assert browser_of(app, world, "belova").status(f"/office/heads/{mandate}/confirmed") == 404
