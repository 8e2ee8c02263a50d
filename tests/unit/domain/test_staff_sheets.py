"""Cells of a list of workers: what they say, and what is wrong in which of them."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marshrut.demonstration.identifiers import insurance_number
from workflow.domain.people import Gender
from workflow.domain.refusals import Refusal
from workflow.domain.staff_cards import CategoryKind, Education, ExperienceKind
from workflow.domain.staff_sheets import (
    COLUMNS,
    ROWS_AT_MOST,
    Sheet,
    SheetRow,
    only_read,
    read_sheet,
)

HEAD = ["Фамилия", "Имя", "Отчество", "Должность"]
WHO = ["Никитина", "Ольга", "Юрьевна", "учитель химии"]


def sheet(*rows: list[str], first: int = 1) -> Sheet:
    found = read_sheet(list(enumerate(rows, start=first)))
    assert isinstance(found, Sheet), found
    return found


def one(heading: str, text: str) -> SheetRow:
    (row,) = sheet([*HEAD, heading], [*WHO, text]).rows
    return row


def refused(*rows: list[str]) -> str:
    found = read_sheet(list(enumerate(rows, start=1)))
    assert isinstance(found, Refusal)
    return found.code


# --- Headings ------------------------------------------------------------------------------


def test_headings_may_stand_below_a_title_in_any_order_and_letters() -> None:
    found = sheet(
        ["Список работников школы"],
        ["на 1 сентября"],
        ["ДОЛЖНОСТЬ", " имя ", "фамилия", "№ п/п"],
        ["учитель", "Ольга", "Никитина", "1"],
        first=4,
    )
    (row,) = found.rows
    assert (row.number, row.last, row.first, row.post) == (7, "Никитина", "Ольга", "учитель")
    assert found.unread == ("№ п/п",)


@pytest.mark.parametrize(
    ("rows", "code"),
    [
        ([], "staff_sheet.no_headings"),
        ([["Ольга", "Никитина"]], "staff_sheet.no_headings"),
        ([["Фамилия", "Имя"], ["Никитина", "Ольга"]], "staff_sheet.columns_missing"),
        ([[*HEAD, "фамилия"], [*WHO, "Орлова"]], "staff_sheet.column_twice"),
        ([[*HEAD, "Предмет", "Направление"], [*WHO, "а", "б"]], "staff_sheet.column_twice"),
        ([HEAD], "staff_sheet.empty"),
        ([HEAD, ["", " ", "", ""]], "staff_sheet.empty"),
        ([HEAD, *([WHO] * (ROWS_AT_MOST + 1))], "staff_sheet.too_long"),
    ],
)
def test_file_that_is_no_list_of_workers_is_refused(rows: list[list[str]], code: str) -> None:
    assert refused(*rows) == code


def test_every_column_has_one_heading_of_its_own() -> None:
    names = [name.casefold() for c in COLUMNS for name in (c.heading, *c.others)]
    assert len(names) == len(set(names))


def test_cells_that_nobody_reads_are_not_kept() -> None:
    table = list(
        enumerate(
            [["Список"], ["Паспорт", *HEAD], ["3210 123456", *WHO, "без заголовка"], ["3210"]], 1
        )
    )
    kept = only_read(table)
    assert kept == ((2, ["Паспорт", *HEAD]), (3, ["", *WHO]), (4, [""]))
    assert read_sheet(kept) == read_sheet(table)
    assert only_read([(1, ["Паспорт"])]) == ()


# --- Cells ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("heading", "text", "key", "value"),
    [
        ("СНИЛС", "112-233-445 95", "snils", "11223344595"),
        ("Пол", "Ж", "gender", Gender.FEMALE),
        ("Пол", "муж.", "gender", Gender.MALE),
        ("Работает с", "1.9.2020", "since", date(2020, 9, 1)),
        ("Работает с", "01.09.2020 г.", "since", date(2020, 9, 1)),
        ("Дата приема", "2020-09-01", "hired_on", date(2020, 9, 1)),
        ("Общий стаж", "12", "experience", ((ExperienceKind.TOTAL, 12, 0),)),
        ("Стаж в данной области", "1 год", "experience", ((ExperienceKind.IN_FIELD, 1, 0),)),
        ("Общий стаж", "12 лет 3 мес.", "experience", ((ExperienceKind.TOTAL, 12, 3),)),
        ("Общий стаж", "2 г., 11 месяцев", "experience", ((ExperienceKind.TOTAL, 2, 11),)),
        ("Образование", "Педагогическое", "education", Education.PEDAGOGICAL),
        ("Категория", "высшая категория", "category", CategoryKind.HIGHEST),
        ("Категория", "без категории", "category", CategoryKind.NONE),
        ("E-mail", "nikitina@school.example", "email", "nikitina@school.example"),
    ],
)
def test_cell_is_read_as_people_write_it(heading: str, text: str, key: str, value: object) -> None:
    row = one(heading, text)
    assert row.problems == ()
    assert getattr(row, key) == value


@pytest.mark.parametrize(
    ("heading", "text", "said"),
    [
        ("СНИЛС", "112-233-445 96", "check number"),
        ("СНИЛС", "112-233-445 9O", "digits"),
        ("ИНН", "7707083893", "check number"),
        ("Пол", "да", "«ж»"),
        ("Работает с", "31.02.2020", "no such day"),
        ("Работает с", "сентябрь 2020", "day, month"),
        ("Работает с", "01.09.0020", "year"),
        ("Общий стаж", "двенадцать", "whole number"),
        ("Общий стаж", "12,5", "whole number"),
        ("Общий стаж", "-3", "whole number"),
        ("Общий стаж", "99", "so many"),
        ("Общий стаж", "3 года 12 мес.", "so many"),
        ("Образование", "среднее", "педагогическое"),
        ("Категория", "соответствие", "высшая"),
        ("Электронная почта", "школа", "e-mail"),
        ("Предмет", "=HYPERLINK(1)", "formula"),
        ("Предмет", "#ССЫЛКА!", "error"),
        ("Предмет", "хим\u202eия", "cannot be printed"),
        ("Предмет", "х" * 501, "too long"),
        ("Работает с", "٠١.٠٩.٢٠٢٠", "day, month"),
    ],
)
def test_cell_that_cannot_be_read_is_named_and_the_others_are_read(
    heading: str, text: str, said: str
) -> None:
    row = one(heading, text)
    (problem,) = row.problems
    assert problem.row == 2
    assert heading.casefold() in problem.column.casefold()
    assert said in problem.msgid
    assert row.last == "Никитина"


@pytest.mark.parametrize("full", ["01122334470", "00122334462"])
def test_zeros_that_a_program_took_from_the_front_of_a_number_are_put_back(full: str) -> None:
    assert one("СНИЛС", full.lstrip("0")).snils == full


def test_number_that_lacks_more_than_zeros_is_wrong() -> None:
    assert one("СНИЛС", insurance_number(1).lstrip("0")).problems


@pytest.mark.parametrize("name", ["Салтыков-Щедрин", "Ибн Али", "О’Нил", "Мамед оглы", "Ли"])
def test_names_are_taken_as_people_bear_them(name: str) -> None:
    (row,) = sheet(HEAD, [name, *WHO[1:]]).rows
    assert (row.last, row.problems) == (name, ())


@pytest.mark.parametrize("name", ["Никитина2", "<b>", "12", "Ники_тина", "Hикитина"])
def test_name_of_other_signs_is_wrong(name: str) -> None:
    (row,) = sheet(HEAD, [name, *WHO[1:]]).rows
    assert [p.column for p in row.problems] == ["Фамилия"]


def test_obligatory_cell_that_is_empty_or_missing_is_named() -> None:
    first, second = sheet(HEAD, ["Никитина", "", "Юрьевна", "учитель"], ["Орлова"]).rows
    assert [p.column for p in first.problems] == ["Имя"]
    assert [p.column for p in second.problems] == ["Имя", "Должность"]


def test_empty_cell_says_nothing() -> None:
    row = one("Пол", "  ")
    assert (row.gender, row.problems) == (None, ())


# --- The same worker twice -----------------------------------------------------------------


def test_worker_who_stands_twice_in_one_post_is_wrong_the_second_time() -> None:
    number = insurance_number(7)
    head = [*HEAD, "СНИЛС"]
    first, second, third = sheet(
        head, [*WHO, number], [*WHO[:3], "Учитель химии", number], [*WHO[:3], "методист", number]
    ).rows
    assert (first.problems, third.problems) == ((), ())
    assert second.problems[0].params == {"first": 2}


def test_namesakes_of_different_days_are_two_workers() -> None:
    head = [*HEAD, "Работает с"]
    rows = sheet(head, [*WHO, "01.09.2020"], [*WHO, "01.09.2021"], [*WHO, "01.09.2020"]).rows
    assert [bool(row.problems) for row in rows] == [False, False, True]


@given(st.lists(st.lists(st.text(max_size=30), max_size=len(COLUMNS) + 2), max_size=5))
def test_whatever_stands_in_the_cells_is_read_or_named(cells: list[list[str]]) -> None:
    head = [column.heading for column in COLUMNS]
    found = read_sheet(list(enumerate([head, *cells], start=1)))
    assert isinstance(found, Refusal) or all(row.number > 1 for row in found.rows)
