"""Forms made from the fields of a document type."""

from __future__ import annotations

import io
from datetime import date

import pytest
from werkzeug.datastructures import FileStorage, MultiDict

from web.forms import change_rows, entered_from, form_fields, read_form, told_by_domain
from web.forms.files import read_file
from workflow.domain.facts import check_facts
from workflow.domain.regulations import Choice, FieldKind, FieldSpec

PEOPLE = (Choice("e1", "Соколова М. Ю."), Choice("e2", "Ильина В. П."))
OPTIONS = {"one": PEOPLE, "who": PEOPLE}
EVENTS = FieldSpec(
    "events",
    "Мероприятия",
    FieldKind.ROWS,
    required=True,
    columns=(
        FieldSpec("what", "Мероприятие", FieldKind.TEXT, required=True),
        FieldSpec("until", "Срок", FieldKind.DATE, required=True),
    ),
)


def _read(kind: FieldKind, *texts: str, required: bool = True) -> object:
    spec = FieldSpec("one", "Поле", kind, required, choices=(Choice("a", "А"), Choice("b", "Б")))
    values, errors = read_form((spec,), MultiDict([("one", text) for text in texts]), OPTIONS)
    return errors[0].msgid if errors else values["one"]


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [
        (FieldKind.TEXT, "  О назначении ", "О назначении"),
        (FieldKind.TEXT, "й", "й"),  # composed, as the letter is stored everywhere
        (FieldKind.LONG_TEXT, "Первый\r\nвторой", "Первый\nвторой"),
        (FieldKind.DATE, "30.01.2026", date(2026, 1, 30)),
        (FieldKind.DATE, "1.9.2026", date(2026, 9, 1)),
        (FieldKind.DATE, "2026-01-30", date(2026, 1, 30)),
        (FieldKind.NUMBER, "1 200", 1200),
        (FieldKind.NUMBER, "1\N{NO-BREAK SPACE}200", 1200),
        (FieldKind.PERSON, "e2", "e2"),
        (FieldKind.CHOICE, "b", "b"),
        (FieldKind.YES_NO, "no", False),
        (FieldKind.LINK, "https://school.example/mentoring", "https://school.example/mentoring"),
    ],
)
def test_right_entry_becomes_a_value(kind: FieldKind, text: str, value: object) -> None:
    assert _read(kind, text) == value


@pytest.mark.parametrize(
    ("kind", "text", "error"),
    [
        (FieldKind.TEXT, "", "Fill in this field."),
        (FieldKind.TEXT, "a\nb", "Write it in one line."),
        (FieldKind.TEXT, "x" * 501, "Shorten the text: {most} characters at most."),
        (FieldKind.LONG_TEXT, "a\x07b", "The text holds invisible characters. Type it anew."),
        (FieldKind.DATE, "", "Enter the date."),
        (FieldKind.DATE, "завтра", "Write the date as day, month, year: 30.01.2026."),
        (FieldKind.DATE, "31.02.2026", "There is no such day in the calendar. Check the date."),
        (FieldKind.NUMBER, "пять", "Write a whole number in digits."),
        (FieldKind.NUMBER, "-1", "Write a whole number in digits."),
        (FieldKind.NUMBER, "1.5", "Write a whole number in digits."),
        (FieldKind.NUMBER, "9" * 5000, "Write a whole number in digits."),
        (FieldKind.PERSON, "e9", "Choose one of the list."),
        (FieldKind.PERSON, "", "Choose a person."),
        (FieldKind.CHOICE, "c", "Choose one of the list."),
        (FieldKind.YES_NO, "maybe", "Choose one of the list."),
        (
            FieldKind.LINK,
            "javascript:alert(1)",
            "Write the whole address, beginning with https://.",
        ),
        (FieldKind.LINK, "https://[", "Write the whole address, beginning with https://."),
        (FieldKind.PEOPLE, "", "Choose at least one."),
    ],
)
def test_wrong_entry_is_told(kind: FieldKind, text: str, error: str) -> None:
    assert _read(kind, text) == error


def test_field_that_may_be_empty_is_none_when_empty() -> None:
    assert _read(FieldKind.DATE, "  ", required=False) is None
    assert _read(FieldKind.PEOPLE, required=False) == ()


def test_several_people_are_each_of_the_list() -> None:
    assert _read(FieldKind.PEOPLE, "e2", "e1", "e2") == ("e2", "e1")
    assert _read(FieldKind.PEOPLE, "e1", "e9") == "Choose one of the list."


def _rows(*cells: tuple[str, str], count: str | None = None) -> MultiDict[str, str]:
    entered: MultiDict[str, str] = MultiDict({"events-rows": count or str(len(cells))})
    for number, (what, until) in enumerate(cells):
        entered[f"events-{number}-what"] = what
        entered[f"events-{number}-until"] = until
    return entered


def test_rows_become_mappings_and_empty_rows_are_left_out() -> None:
    values, errors = read_form((EVENTS,), _rows(("Сбор", "01.09.2026"), ("", " ")))
    assert not errors
    assert values["events"] == ({"what": "Сбор", "until": date(2026, 9, 1)},)


def test_error_in_a_row_names_the_cell_and_the_line() -> None:
    _values, errors = read_form((EVENTS,), _rows(("Сбор", "01.09.2026"), ("Итоги", "")))
    assert [(e.name, e.label) for e in errors] == [("events-1-until", "Мероприятия (2): Срок")]


def test_table_that_must_have_lines_says_so() -> None:
    values, errors = read_form((EVENTS,), _rows(("", "")))
    assert [e.msgid for e in errors] == ["Add at least one line."]
    assert "events" not in values


@pytest.mark.parametrize("count", ["-1", "x", "1000000", "", "٣"])
def test_number_of_rows_that_makes_no_sense_is_no_rows(count: str) -> None:
    entered = _rows(("Сбор", "01.09.2026"), count=count or "0")
    assert read_form((EVENTS,), entered).values.get("events", ()) == ()


def test_adding_a_row_keeps_what_was_entered() -> None:
    entered = _rows(("Сбор", "не дата"))
    entered["add-row"] = "events"
    changed = change_rows((EVENTS,), entered)
    assert changed is not None
    (view,) = form_fields((EVENTS,), changed)
    assert [[cell.text for cell in row] for row in view.rows] == [["Сбор", "не дата"], ["", ""]]


def test_removing_a_row_moves_the_others_up() -> None:
    entered = _rows(("Первое", "01.09.2026"), ("Второе", ""), ("Третье", "03.09.2026"))
    entered["drop-row"] = "events:1"
    changed = change_rows((EVENTS,), entered)
    assert changed is not None
    (view,) = form_fields((EVENTS,), changed)
    assert [row[0].text for row in view.rows] == ["Первое", "Третье"]


@pytest.mark.parametrize("pressed", ["events:7", "events:-1", "events:x", "others:0"])
def test_removing_a_row_that_is_not_there_loses_nothing(pressed: str) -> None:
    entered = _rows(("Первое", "01.09.2026"))
    entered["drop-row"] = pressed
    changed = change_rows((EVENTS,), entered) or entered
    assert form_fields((EVENTS,), changed)[0].rows[0][0].text == "Первое"


def test_form_without_a_row_button_is_just_sent() -> None:
    assert change_rows((EVENTS,), _rows(("Сбор", ""))) is None


def test_wrong_entry_stands_in_the_field_again_beside_its_error() -> None:
    spec = FieldSpec("starts", "Дата начала", FieldKind.DATE, required=True)
    entered: MultiDict[str, str] = MultiDict({"starts": "31.02.2026"})
    (view,) = form_fields((spec,), entered, read_form((spec,), entered).errors)
    assert view.text == "31.02.2026"
    assert view.error is not None
    assert view.error.label == "Дата начала"


def test_known_values_are_filled_in_and_come_back_the_same() -> None:
    fields = (
        FieldSpec("day", "День", FieldKind.DATE),
        FieldSpec("flag", "Да или нет", FieldKind.YES_NO),
        FieldSpec("who", "Кого", FieldKind.PEOPLE),
        FieldSpec("count", "Сколько", FieldKind.NUMBER, default=3),
        EVENTS,
    )
    values = {
        "day": date(2026, 1, 30),
        "flag": False,
        "who": ("e1", "e2"),
        "count": 12,
        "events": ({"what": "Сбор", "until": date(2026, 9, 1)},),
    }
    assert read_form(fields, entered_from(fields, values), OPTIONS) == (values, ())
    assert entered_from(fields, {})["count"] == "3"


def test_field_that_the_system_works_out_is_neither_shown_nor_read() -> None:
    spec = FieldSpec("total", "Итого", FieldKind.NUMBER, required=True, source="system")
    entered: MultiDict[str, str] = MultiDict({"total": "7"})
    assert form_fields((spec,), entered) == ()
    assert read_form((spec,), entered) == ({}, ())


def test_what_the_domain_finds_stands_beside_its_cell() -> None:
    stored = {"events": ({"what": "Сбор", "until": date(2026, 9, 1)}, {"what": "Итоги"})}
    errors = told_by_domain(check_facts((EVENTS,), stored))
    (view,) = form_fields((EVENTS,), entered_from((EVENTS,), stored), errors)
    assert [cell.error is not None for row in view.rows for cell in row] == [False] * 3 + [True]


def test_empty_table_is_shown_with_one_line_to_fill_in() -> None:
    (view,) = form_fields((EVENTS,), entered_from((EVENTS,), {}))
    assert len(view.rows) == 1


@pytest.mark.parametrize(("number", "widget"), [(2, "radios"), (5, "radios"), (6, "select")])
def test_few_choices_are_all_in_view(number: int, widget: str) -> None:
    choices = tuple(Choice(str(n), f"ответ {n}") for n in range(number))
    spec = FieldSpec("one", "Поле", FieldKind.CHOICE, choices=choices)
    assert form_fields((spec,), MultiDict())[0].widget == widget


def test_marks_from_one_to_ten_are_a_row_of_numbers() -> None:
    choices = tuple(Choice(str(n), str(n)) for n in range(1, 11))
    spec = FieldSpec("one", "Поле", FieldKind.CHOICE, choices=choices)
    assert form_fields((spec,), MultiDict())[0].widget == "scale"


def _upload(name: str, content: bytes) -> FileStorage:
    return FileStorage(io.BytesIO(content), filename=name)


def test_uploaded_file_loses_its_folders() -> None:
    file, error = read_file(_upload("C:\\Мои\\приказ.PDF", b"%PDF"), "scan", {".pdf"}, 100)
    assert error is None
    assert file is not None
    assert (file.name, file.content) == ("приказ.PDF", b"%PDF")


@pytest.mark.parametrize(
    ("upload", "error"),
    [
        (None, "Choose a file."),
        (_upload("a.exe", b"MZ"), "Choose a file of the kind {wanted}."),
        (_upload("a.pdf", b""), "The file is empty. Choose another one."),
        (_upload("a.pdf", b"x" * 101), "The file is larger than {most} MB."),
    ],
)
def test_file_that_cannot_be_taken_says_why(upload: FileStorage | None, error: str) -> None:
    file, wrong = read_file(upload, "scan", {".pdf"}, 100)
    assert file is None
    assert wrong is not None
    assert wrong.msgid == error


def test_file_that_need_not_be_there_may_be_missing() -> None:
    assert read_file(None, "scan", {".pdf"}, 100, required=False) == (None, None)
