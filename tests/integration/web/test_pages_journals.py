"""Journals kept by hand: rows, corrections, numbering; print, workbook, list of files."""

from __future__ import annotations

import io
from datetime import date, datetime
from uuid import UUID

import pytest
from flask import Flask
from openpyxl import load_workbook

from marshrut.demonstration.town import done
from tests.integration.web.signing_site import (
    Browser,
    browser_of,
    fixed_appointment,
    programme,
    signed,
)
from tests.world import World
from workflow.domain.registers import Entry, EntryState, Register, RowText
from workflow.usecases.journals import annul_row, correct_row, enter_row

PDF = b"%PDF-1.4 scan"
DANGEROUS = "=HYPERLINK(1)"


def register(world: World, key: str, place: str = "school-1") -> Register:
    with world.services.uow.reading() as tx:
        found = tx.registers.find(world.place(place).id, key)
    assert found is not None
    return found


def entered(world: World, key: str = "core", summary: str = "О графике дежурств") -> Entry:
    text = RowText("", world.clock().date(), summary, executor="Зайцева Н. П.")
    clerk = world.actor("zaytseva")
    return done(enter_row(world.services, clerk, register(world, key).id, text))


def stored(world: World, entry_id: UUID) -> Entry:
    with world.services.uow.reading() as tx:
        return tx.entries.load(entry_id)


def sent_to(answer_location: str) -> UUID:
    return UUID(answer_location.rsplit("/", 1)[1])


# --- Rows by hand --------------------------------------------------------------------------


def test_clerk_writes_a_row_with_its_scan(clerk: Browser, world: World) -> None:
    address = f"/registers/{register(world, 'incoming').id}/new"
    page = clerk.read(address)
    for label in ("Входящий №", "Дата поступления", "От кого", "Кому передан"):
        assert label in page
    answer = clerk.send(
        address,
        page,
        dated="04.05.2026",
        correspondent="Управление образования",
        their_number="от 30.04.2026 № 118",
        summary="О сроках отчёта",
        scan=(io.BytesIO(PDF), "письмо.pdf"),
    )
    assert answer.status_code == 303, answer.text
    entry = stored(world, sent_to(answer.location))
    assert (entry.number, entry.correspondent) == ("1-вх", "Управление образования")
    row = clerk.read(answer.location)
    assert "О сроках отчёта" in row
    assert "от 30.04.2026 № 118" in row
    assert clerk.client.get(f"{answer.location}/scan").data == PDF


def test_refused_row_keeps_what_was_typed(clerk: Browser, world: World) -> None:
    journal = register(world, "core")
    number = entered(world).number
    address = f"/registers/{journal.id}/new"
    page = clerk.read(address)
    said = {"number": number, "dated": "04.05.2026", "summary": "О режиме работы"}
    double = clerk.send(address, page, **said)
    assert double.status_code == 409
    assert f"Номер {number} в журнале уже есть" in double.text
    assert "О режиме работы" in double.text
    unread = clerk.send(address, page, **{**said, "dated": "31.02.2026", "summary": ""})
    assert unread.status_code == 422
    assert "31.02.2026" in unread.text
    no_pdf = (io.BytesIO(b"MZ"), "скан.pdf")
    wrong = clerk.send(address, page, **{**said, "number": "", "scan": no_pdf})
    assert wrong.status_code == 422
    assert "О режиме работы" in wrong.text


def test_correction_shows_what_stood_there(clerk: Browser, world: World) -> None:
    entry = entered(world, summary="О графике дежурств")
    address = f"/registers/rows/{entry.id}/correct"
    page = clerk.read(address)
    assert "О графике дежурств" in page
    answer = clerk.send(
        address, page, number=entry.number, dated="04.05.2026", summary="О графике отпусков"
    )
    assert answer.status_code == 303, answer.text
    row = clerk.read(answer.location)
    assert row.index("О графике отпусков") < row.index("История записи")
    assert row.index("История записи") < row.index("О графике дежурств")


def test_annulled_row_stays_everywhere_with_its_reason(clerk: Browser, world: World) -> None:
    entry = entered(world)
    address = f"/registers/rows/{entry.id}/annul"
    page = clerk.read(address)
    assert clerk.send(address, page, reason="").status_code == 422
    assert stored(world, entry.id).state is EntryState.REGISTERED
    answer = clerk.send(address, page, reason="внесён дважды")
    assert answer.status_code == 303
    for shown in (
        clerk.read(answer.location),
        clerk.read(f"/registers/{entry.register_id}"),
        clerk.read(f"/registers/{entry.register_id}/print"),
    ):
        assert "внесён дважды" in shown
    again = clerk.send(address, page, reason="ещё раз")
    assert again.status_code == 409
    assert "Запись уже аннулирована" in again.text


def test_row_of_a_document_has_disabled_buttons_and_leads_to_it(
    clerk: Browser, world: World
) -> None:
    order = fixed_appointment(world, programme(world))
    assert order.fixing is not None
    row = clerk.read(f"/registers/rows/{order.fixing.entry_id}")
    assert row.count('aria-disabled="true"') == 2
    assert "Запись сделана программой" in row
    assert f"/documents/{order.id}" in row
    address = f"/registers/rows/{order.fixing.entry_id}/annul"
    asked = clerk.client.get(address)
    assert asked.status_code == 409
    assert clerk.send(address, asked.text, reason="так").status_code == 409
    assert order.fixing.entry_id is not None
    assert stored(world, order.fixing.entry_id).state is EntryState.RESERVED


def test_journal_names_the_signatory_once_the_order_is_signed(clerk: Browser, world: World) -> None:
    order = fixed_appointment(world, programme(world))
    address = f"/registers/{register(world, 'personnel').id}/print"
    assert "Документ ещё не подписан" in clerk.read(address)
    signed(world, order)
    page = clerk.read(address)
    assert world.actor("belova").name in page
    assert "Документ ещё не подписан" not in page


def test_others_find_neither_rows_nor_forms(app: Flask, world: World) -> None:
    entry = entered(world)
    addresses = [f"/registers/rows/{entry.id}{end}" for end in ("", "/correct", "/annul", "/scan")]
    addresses += [f"/registers/{entry.register_id}/{end}" for end in ("new", "keeping")]
    for who in ("mironova", "gareev"):
        other = browser_of(app, world, who)
        assert {other.status(address) for address in addresses} == {404}


def test_deputy_reads_the_journal_and_is_told_who_keeps_it(app: Flask, world: World) -> None:
    entry = entered(world)
    deputy = browser_of(app, world, "safina")
    page = deputy.read(f"/registers/{entry.register_id}")
    assert page.count('aria-disabled="true"') == 2
    assert "Журналы ведут делопроизводитель и руководитель" in page
    form = deputy.client.get(f"/registers/{entry.register_id}/new")
    assert form.status_code == 409
    sent = deputy.send(
        f"/registers/{entry.register_id}/new", form.text, dated="04.05.2026", summary="О чём-то"
    )
    assert sent.status_code == 409


# --- Numbering -----------------------------------------------------------------------------


def test_clerk_sets_how_the_journal_is_kept(clerk: Browser, world: World) -> None:
    journal = register(world, "core")
    address = f"/registers/{journal.id}/keeping"
    page = clerk.read(address)
    said = {"numbering": "manual", "next_number": "41", "nomenclature": "02-01"}
    wrong = clerk.send(address, page, mask="без номера", **said)
    assert wrong.status_code == 409
    assert "без номера" in wrong.text
    assert clerk.send(address, page, mask="{n}-осн", **said).status_code == 303
    kept = register(world, "core")
    assert (kept.mask, kept.next_number, kept.nomenclature) == ("{n}-осн", 41, "02-01")
    new = clerk.read(f"/registers/{journal.id}/new")
    sent = clerk.send(f"/registers/{journal.id}/new", new, dated="04.05.2026", summary="О чём-то")
    assert sent.status_code == 422  # a register kept by hand asks for the number


# --- Finding, printing, exporting ----------------------------------------------------------


def test_journal_is_filtered_by_state(clerk: Browser, world: World) -> None:
    kept = entered(world, summary="О графике дежурств")
    gone = entered(world, summary="О графике отпусков")
    done(annul_row(world.services, world.actor("zaytseva"), gone.id, "внесён дважды"))
    page = clerk.read(f"/registers/{kept.register_id}?state=annulled")
    assert "О графике отпусков" in page
    assert "О графике дежурств" not in page
    assert "Найдено 2 записи" in clerk.read(f"/registers/{kept.register_id}?state=nonsense")


def test_journal_has_pages(clerk: Browser, world: World) -> None:
    for number in range(51):
        entered(world, summary=f"О деле {number}.")
    address = f"/registers/{register(world, 'core').id}"
    first, second = clerk.read(address), clerk.read(f"{address}?page=2")
    assert "Страница 1 из 2" in first
    assert "О деле 50." in first
    assert "О деле 0." not in first
    assert "О деле 0." in second


@pytest.mark.parametrize(
    ("key", "columns"),
    [
        ("core", ["№ п/п", "Номер", "Дата", "Заголовок", "Кто подписал", "Исполнитель"]),
        ("personnel", ["№ п/п", "Номер", "Дата", "Заголовок", "Кто подписал", "Исполнитель"]),
        (
            "outgoing",
            ["№ п/п", "Исходящий №", "Дата", "Кому", "Краткое содержание", "Кто подписал"],
        ),
        (
            "incoming",
            ["№ п/п", "Входящий №", "Дата поступления", "От кого", "Дата и № отправителя"],
        ),
        ("receipts", ["№ п/п", "Номер", "Дата", "Кому", "Краткое содержание", "Кто выдал"]),
    ],
)
def test_each_journal_is_printed_with_the_columns_people_expect(
    clerk: Browser, world: World, key: str, columns: list[str]
) -> None:
    page = clerk.read(f"/registers/{register(world, key).id}/print")
    head = page[page.index("<thead>") : page.index("</thead>")]
    places = [head.index(name) for name in [*columns, "Примечание"]]
    assert places == sorted(places)


def test_workbook_has_dates_as_dates_and_formulas_as_text(clerk: Browser, world: World) -> None:
    first = entered(world, summary=DANGEROUS)
    said = stored(world, first.id).text
    done(correct_row(world.services, world.actor("zaytseva"), first.id, said))
    gone = entered(world, summary="-1+2")
    done(annul_row(world.services, world.actor("zaytseva"), gone.id, "@внесён дважды"))
    saved = clerk.client.get(f"/registers/{first.register_id}/journal.xlsx")
    rows = list(load_workbook(io.BytesIO(saved.data)).worksheets[0].iter_rows(min_row=5))
    assert [cell.value for cell in rows[0]][:4] == [
        "№ п/п",
        "Номер",
        "Дата",
        "Заголовок",
    ]
    ordinal, number, dated, heading = rows[1][:4]
    assert (ordinal.value, number.value) == (1, first.number)
    assert dated.value == datetime(2026, 5, 4)  # noqa: DTZ001 - a workbook knows no zones
    assert dated.number_format == "DD.MM.YYYY"
    assert (heading.value, heading.data_type, heading.quotePrefix) == (DANGEROUS, "s", True)
    assert rows[2][3].quotePrefix
    assert rows[2][3].data_type == "s"
    assert "внесён дважды" in str(rows[2][-1].value)


# --- List of files -------------------------------------------------------------------------


def test_list_of_files_says_what_is_kept_under_which_index(clerk: Browser, world: World) -> None:
    entered(world)
    gone = entered(world)
    done(annul_row(world.services, world.actor("zaytseva"), gone.id, "внесён дважды"))
    page = clerk.read("/registers/nomenclature")
    line = page[page.index(f"/registers/{gone.register_id}?year=2026") :]
    line = line[: line.index("</tr>")]
    assert '<td class="number">2' in line
    assert "из них 1 аннулирована" in line
    assert "постоянно (ст. 182 перечня № 236)" in line
    assert page.index("01-03") < page.index("01-10") < page.index("01-11")
    before = clerk.read("/registers/nomenclature?year=2025")
    line = before[before.index(f"/registers/{gone.register_id}?year=2025") :]
    assert '<td class="number">0' in line[: line.index("</tr>")]


def test_documents_in_force_are_counted_under_their_index(clerk: Browser, world: World) -> None:
    order = fixed_appointment(world, programme(world))
    title = "Приказ о назначении куратора"

    def counted() -> str:
        page = clerk.read("/registers/nomenclature")
        line = page[page.index(f"<td>{title}</td>") :]
        return line[line.index('<td class="number">') : line.index("</tr>")]

    assert counted().startswith('<td class="number">0')
    signed(world, order)
    assert counted().startswith('<td class="number">1')


def test_list_of_files_is_for_those_who_read_journals(app: Flask, world: World) -> None:
    assert browser_of(app, world, "mironova").status("/registers/nomenclature") == 404
    assert browser_of(app, world, "belova").status("/registers/nomenclature") == 200


def test_a_row_of_tomorrow_is_refused(clerk: Browser, world: World) -> None:
    address = f"/registers/{register(world, 'core').id}/new"
    page = clerk.read(address)
    tomorrow = date(2026, 5, 5).strftime("%d.%m.%Y")
    answer = clerk.send(address, page, dated=tomorrow, summary="О графике")
    assert answer.status_code == 409
    assert "регистрируют в день" in answer.text
