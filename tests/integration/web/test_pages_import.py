"""Workers from a file: the upload, the preview, what is written and what never is."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from html import unescape
from uuid import UUID

import openpyxl
import pytest
from flask import Flask

from marshrut.demonstration.identifiers import insurance_number
from tests.integration.web.signing_site import Browser, browser_of
from tests.world import World
from workflow.domain.people import Employment, Person
from workflow.domain.staff_cards import ExperienceKind

HEAD = "Фамилия;Имя;Отчество;СНИЛС;Должность;Работает с;Стаж в данной области"
NIKITINA = f"Никитина;Ольга;Юрьевна;{insurance_number(9001)};учитель химии;01.09.2020;12 лет 3 мес."
LAPTEV = "Лаптев;Олег;Ильич;;методист;01.09.2021;"
SEEN = re.compile(r'name="seen" value="([0-9a-f]{64})"')


@pytest.fixture
def school(world: World) -> UUID:
    return world.place("school-1").id


def csv(*lines: str, encoding: str = "utf-8") -> tuple[io.BytesIO, str]:
    return io.BytesIO("\r\n".join((HEAD, *lines)).encode(encoding)), "список.csv"


def uploaded(browser: Browser, school: UUID, file: tuple[io.BytesIO, str]) -> str:
    """Upload a file that can be read; return the address of its preview."""
    address = f"/staff/{school}/import"
    answer = browser.send(address, browser.read(address), file=file)
    assert answer.status_code == 303, unescape(answer.text)
    return str(answer.location)


def refused(browser: Browser, school: UUID, file: tuple[io.BytesIO, str]) -> str:
    address = f"/staff/{school}/import"
    answer = browser.send(address, browser.read(address), file=file)
    assert answer.status_code in (409, 422)
    return unescape(answer.text)


def confirmed(browser: Browser, preview: str) -> str:
    """Confirm what the preview shows; return the page that follows."""
    page = browser.read(preview)
    found = SEEN.search(page)
    assert found
    answer = browser.send(f"{preview}/confirm", page, seen=found[1])
    assert answer.status_code == 303, unescape(answer.text)
    return unescape(browser.read(answer.location))


def people(world: World, surname: str) -> list[Person]:
    with world.services.uow.reading() as tx:
        return tx.people.beginning(surname)


def posts(world: World, person: Person) -> list[Employment]:
    with world.services.uow.reading() as tx:
        return tx.employments.of_person(person.id)


# --- From the template to the list ---------------------------------------------------------


def test_filled_template_goes_through_the_preview_onto_the_list(
    clerk: Browser, world: World, school: UUID
) -> None:
    assert f"/staff/{school}/import" in clerk.read(f"/staff/{school}")
    template = clerk.client.get("/staff/import-template.xlsx")
    book = openpyxl.load_workbook(io.BytesIO(template.data))
    sheet = book.worksheets[0]
    heading = [cell.value for cell in sheet[sheet.max_row]]
    said = {"Фамилия": "Никитина", "Имя": "Ольга", "Отчество": "Юрьевна", "Должность": "учитель"}
    said |= {"Дата приёма": "01.09.2020", "Общий стаж": "14"}
    sheet.append([said.get(str(name)) for name in heading])
    filled = io.BytesIO()
    book.save(filled)
    filled.seek(0)
    preview = uploaded(clerk, school, (filled, "workers.xlsx"))
    page = unescape(clerk.read(preview))
    assert "Внести 1 работника" in page
    assert people(world, "Никитина") == []
    assert "Добавлено: 1" in confirmed(clerk, preview)
    assert "Никитина Ольга Юрьевна" in clerk.read(f"/staff/{school}")


@pytest.mark.parametrize("encoding", ["utf-8", "windows-1251"])
def test_new_workers_are_written_with_post_card_and_forms_to_be_confirmed(
    clerk: Browser, world: World, school: UUID, encoding: str
) -> None:
    preview = uploaded(clerk, school, csv(NIKITINA, LAPTEV, encoding=encoding))
    assert "Внести 2 работников" in unescape(clerk.read(preview))
    confirmed(clerk, preview)
    (person,) = people(world, "Никитина")
    (post,) = posts(world, person)
    assert (post.post, post.organisation_id) == ("учитель химии", school)
    assert dict(person.forms)["род"] == "Никитиной Ольги Юрьевны"
    assert not person.forms_confirmed
    with world.services.uow.reading() as tx:
        card = tx.staff_cards.of(post.id)
    assert card is not None
    assert card.years_on(ExperienceKind.IN_FIELD, world.clock().date()) == 12
    assert card.changes[0].by == world.person("zaytseva").person_id
    assert "Никитина Ольга Юрьевна" in clerk.read(f"/staff/{school}/forms")


def test_post_whose_forms_are_confirmed_has_them_at_once(
    clerk: Browser, world: World, school: UUID
) -> None:
    line = NIKITINA.replace("учитель химии", "учитель математики")
    confirmed(clerk, uploaded(clerk, school, csv(line)))
    (post,) = posts(world, people(world, "Никитина")[0])
    assert post.forms_confirmed


# --- Twice ---------------------------------------------------------------------------------


def test_confirming_twice_writes_once(clerk: Browser, world: World, school: UUID) -> None:
    preview = uploaded(clerk, school, csv(NIKITINA))
    page = clerk.read(preview)
    found = SEEN.search(page)
    assert found
    for _ in range(2):
        answer = clerk.send(f"{preview}/confirm", page, seen=found[1])
        assert answer.status_code == 303
    assert len(people(world, "Никитина")) == 1


def test_same_file_again_changes_nothing(clerk: Browser, world: World, school: UUID) -> None:
    confirmed(clerk, uploaded(clerk, school, csv(NIKITINA, LAPTEV)))
    page = unescape(clerk.read(uploaded(clerk, school, csv(NIKITINA, LAPTEV))))
    assert "Вносить из этого файла нечего" in page
    assert SEEN.search(page) is None
    assert len(people(world, "Лаптев")) == 1


def test_file_is_not_kept_after_it_was_written_given_up_or_replaced(
    clerk: Browser, world: World, school: UUID
) -> None:
    written = uploaded(clerk, school, csv(NIKITINA))
    confirmed(clerk, written)
    given_up = uploaded(clerk, school, csv(LAPTEV))
    clerk.send(f"{given_up}/drop", clerk.read(given_up))
    replaced = uploaded(clerk, school, csv(LAPTEV))
    uploaded(clerk, school, csv(LAPTEV))
    for preview in (written, given_up, replaced):
        with world.services.uow.reading() as tx:
            kept = tx.staff_imports.load(UUID(preview.rsplit("/", 1)[1]))
        assert kept.content is None
    assert "Файл больше не хранится" in unescape(clerk.read(replaced))
    assert people(world, "Лаптев") == []


def test_nothing_is_written_when_a_card_has_changed_since_the_preview(
    clerk: Browser, world: World, school: UUID
) -> None:
    confirmed(clerk, uploaded(clerk, school, csv(LAPTEV)))
    preview = uploaded(clerk, school, csv(NIKITINA, LAPTEV + "7"))
    page = clerk.read(preview)
    found = SEEN.search(page)
    assert found
    (before,) = people(world, "Лаптев")
    with world.services.uow() as tx:
        tx.people.save(replace(before, email="l@school.example"), before)
        tx.commit()
    answer = clerk.send(f"{preview}/confirm", page, seen=found[1])
    assert answer.status_code == 409
    assert "Карточки работников изменились" in unescape(answer.text)
    assert people(world, "Никитина") == []
    confirmed(clerk, preview)
    assert len(people(world, "Никитина")) == 1


def test_preview_says_what_is_written_and_what_stood_there_before(
    clerk: Browser, school: UUID
) -> None:
    first = unescape(clerk.read(preview := uploaded(clerk, school, csv(NIKITINA))))
    assert "Работает с: 01.09.2020" in first
    assert "Стаж в данной области: 12 лет 3 месяца" in first
    confirmed(clerk, preview)
    other = NIKITINA.replace("12 лет 3 мес.", "14")
    second = unescape(clerk.read(uploaded(clerk, school, csv(other))))
    assert "Стаж в данной области: 12 лет 3 месяца → 14 лет" in second


# --- What is wrong -------------------------------------------------------------------------


def test_mistakes_are_told_by_cell_and_leave_the_other_lines(
    clerk: Browser, world: World, school: UUID
) -> None:
    wrong = "Рыбина;Анна;Львовна;112-233-445 96;учитель;31.02.2020;много"
    preview = uploaded(clerk, school, csv(NIKITINA, wrong))
    page = unescape(clerk.read(preview))
    assert "Строка 3, столбец «СНИЛС»: контрольное число не сходится" in page
    assert "Строка 3, столбец «Работает с»: такого дня нет" in page
    assert "Строка 3, столбец «Стаж в данной области»: напишите число полных лет" in page
    assert "Внести 1 работника, пропустить 1 строку" in page
    confirmed(clerk, preview)
    assert len(people(world, "Никитина")) == 1
    assert people(world, "Рыбина") == []


def test_name_and_numbers_on_a_card_are_not_overwritten(
    clerk: Browser, world: World, school: UUID
) -> None:
    mironova = world.person("mironova")
    line = f"Орлова;Анна;Петровна;{mironova.snils};{mironova.post};;"
    page = unescape(clerk.read(uploaded(clerk, school, csv(line))))
    assert "с подтверждением второго человека" in page
    assert SEEN.search(page) is None


def test_worker_of_another_school_is_not_taken_over(
    clerk: Browser, world: World, school: UUID
) -> None:
    shubin = world.person("shubin")
    line = f"{shubin.last};{shubin.given.replace(' ', ';')};{shubin.snils};учитель;01.09.2025;"
    page = unescape(clerk.read(uploaded(clerk, school, csv(line))))
    assert "должность внесёт администратор" in page
    assert len(posts(world, people(world, "Шубин")[0])) == 1


def test_formula_is_neither_worked_out_nor_written(
    clerk: Browser, world: World, school: UUID
) -> None:
    line = NIKITINA.replace("учитель химии", '"=HYPERLINK(""http://x"";""учитель"")"')
    page = unescape(clerk.read(uploaded(clerk, school, csv(line))))
    assert "столбец «Должность»: в ячейке формула" in page


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("a.xlsx", b"PK\x03\x04broken", "Файл не читается"),
        ("a.csv", "Имя;Отчество\nОльга;Юрьевна".encode(), "нет строки с заголовками"),
        ("a.csv", "Фамилия;Имя\nНикитина;Ольга".encode(), "не хватает столбцов: Должность"),
        ("a.csv", HEAD.encode(), "нет работников"),
        ("a.csv", b"", "пуст"),
        ("a.exe", b"MZ", ".csv, .xlsx"),
        ("a.csv", b"x" * (5 * 1024 * 1024 + 1), "больше 5"),
    ],
)
def test_file_that_is_no_list_is_refused_and_nothing_is_kept(
    clerk: Browser, world: World, school: UUID, name: str, content: bytes, said: str
) -> None:
    assert said in refused(clerk, school, (io.BytesIO(content), name))
    with world.services.uow.reading() as tx:
        assert tx.staff_imports.undecided(school) == []


# --- Who may -------------------------------------------------------------------------------


def test_import_of_another_school_is_not_there(
    clerk: Browser, app: Flask, world: World, school: UUID
) -> None:
    preview = uploaded(clerk, school, csv(NIKITINA))
    for key in ("fomina", "gareev", "kulikova"):
        other = browser_of(app, world, key)
        assert other.status(f"/staff/{school}/import") == 404, key
        assert other.status(preview) == 404, key


def test_head_may_confirm_what_the_clerk_uploaded(
    clerk: Browser, app: Flask, world: World, school: UUID
) -> None:
    preview = uploaded(clerk, school, csv(NIKITINA))
    assert "Работники внесены" in confirmed(browser_of(app, world, "belova"), preview)


def test_two_thousand_workers_are_written_in_one_go(
    clerk: Browser, world: World, school: UUID
) -> None:
    lines = [
        f"Иванов{chr(1072 + n // 32 % 32)}{chr(1072 + n % 32)};Олег;Ильич;"
        f"{insurance_number(10_000 + n)};учитель;01.09.2020;5"
        for n in range(2000)
    ]
    page = confirmed(clerk, uploaded(clerk, school, csv(*lines)))
    assert "Добавлено: 2000" in page
