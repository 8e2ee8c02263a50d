"""The catalogue that is read when it is needed."""

from __future__ import annotations

from pathlib import Path

import pytest

from web.words import CatalogueError, load, russian

HEADER = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=utf-8\\n"\n\n'


def _write(folder: Path, name: str, english: str, russian: str) -> None:
    (folder / name).write_text(f'{HEADER}msgid "{english}"\nmsgstr "{russian}"\n')


def test_files_of_all_rooms_are_one_catalogue(tmp_path: Path) -> None:
    _write(tmp_path, "one.po", "Sign", "Подписать")
    _write(tmp_path, "two.po", "Send to {who}", "Отправить: {who}")
    words = load(tmp_path)
    assert words.text("Sign") == "Подписать"
    assert words.text("Send to {who}", who="отдел") == "Отправить: отдел"


def test_two_files_may_say_the_same_but_not_differ(tmp_path: Path) -> None:
    _write(tmp_path, "one.po", "Sign", "Подписать")
    _write(tmp_path, "two.po", "Sign", "Подписать")
    assert load(tmp_path).text("Sign") == "Подписать"
    _write(tmp_path, "two.po", "Sign", "Подпишите")
    with pytest.raises(CatalogueError, match=r"two\.po: 'Sign'"):
        load(tmp_path)


def test_unknown_sentence_comes_out_in_english(tmp_path: Path) -> None:
    assert load(tmp_path).text("Not there yet, {name}", name="X") == "Not there yet, X"


def test_nothing_said_stays_nothing() -> None:
    assert russian().text("") == ""
    assert russian().text("", who="куратор") == ""


@pytest.mark.parametrize(
    ("number", "form"), [(1, "рабочий день"), (3, "рабочих дня"), (11, "рабочих дней")]
)
def test_numbers_take_the_russian_form(number: int, form: str) -> None:
    one, many = "done on {date}, {n} working day late", "done on {date}, {n} working days late"
    assert russian().plural(one, many, number, date="1 мая").endswith(f"{number} {form}")
