from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from marshrut.cli import main
from marshrut.cli.packs import template_exists

PACKS = Path(__file__).parents[2] / "packs"


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, arguments)


def test_the_installed_packs_are_checked_without_problems() -> None:
    result = run("packs", "check")
    assert result.exit_code == 0
    assert result.output == "Проверено регламентов: 6. Ошибок нет.\n"


def test_a_broken_pack_is_told_line_by_line_and_fails() -> None:
    result = run("packs", "check", str(PACKS / "broken_words"))
    assert result.exit_code == 1
    lines = result.output.splitlines()
    assert "broken_words/pack.yml:3: Слово «titel» в этом разделе не используется." in lines[1]
    assert lines[-1] == "Проверено регламентов: 1. Ошибок: 16."


def test_a_folder_of_packs_is_checked_as_a_whole() -> None:
    result = run("packs", "check", str(PACKS))
    assert result.exit_code == 1
    checked = len(list(PACKS.glob("*/pack.yml")))
    assert f"Проверено регламентов: {checked}." in result.output


def test_a_pack_is_checked_by_its_name() -> None:
    assert run("packs", "check", "tetyushi").exit_code == 0
    assert run("packs", "check", "no_such_pack").exit_code == 1


def test_a_pack_is_shown_as_text_and_as_a_diagram() -> None:
    result = run("packs", "show", "tetyushi")
    assert result.exit_code == 0
    assert "tetyushi ← tatarstan ← federal, редакция " in result.output
    assert "    3. подписать — руководитель\n" in result.output
    assert "D06, «Куратор»: заместитель руководителя; иначе указывается причина" in result.output
    assert "Заключительный этап — после окончания срока (Положение, п. 4.5)" in result.output
    assert "срок — 10 рабочих дней после подписания D02 (273-ФЗ, ст. 29, ч. 3)" in result.output
    diagram = result.output[result.output.index("flowchart LR") :]
    assert "    D02_fix --> D02_sign\n" in diagram
    assert "  D03 -. утверждается .-> D02\n" in diagram


def test_a_broken_pack_is_not_shown() -> None:
    result = run("packs", "show", str(PACKS / "broken_words"))
    assert result.exit_code == 1
    assert "flowchart" not in result.output
    assert "«titel»" in result.output


@pytest.mark.parametrize(
    "template", ["../check.py", "/etc/passwd", "common", "common/no-such.docx", ""]
)
def test_a_template_is_a_file_inside_the_library(template: str) -> None:
    assert not template_exists(template)


@pytest.mark.parametrize("start", ["30.04.2026", "2026-04-30"])
@pytest.mark.parametrize("number", ["+5", "5"])
def test_working_days_are_counted_with_the_days_left_out(start: str, number: str) -> None:
    result = run("workdays", start, number)
    assert result.exit_code == 0
    assert result.output.splitlines() == [
        "5 рабочих дней после 30.04.2026, четверг: 08.05.2026, пятница",
        "Пропущены:",
        "  01.05.2026 — Праздник Весны и Труда",
        "  02.05.2026 — суббота",
        "  03.05.2026 — воскресенье",
        "Основание: ТК РФ, ст. 112.",
    ]


def test_a_region_and_a_six_day_week_change_the_date() -> None:
    tatarstan = run("workdays", "05.11.2026", "+1", "--region", "RU-TA")
    assert "09.11.2026" in tatarstan.output.splitlines()[0]
    six_days = run("workdays", "05.11.2026", "+1", "--region", "RU-TA", "--week", "6")
    assert "07.11.2026" in six_days.output.splitlines()[0]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("28.12.2027", "+5"), "Счёт доходит до 2028 года"),
        (("28.12.2026", "+5", "--region", "RU-TA"), "праздничные дни за этот год не внесены"),
        (("31.02.2026", "+5"), "«31.02.2026» — не дата"),
        (("01.02.2026", "-5"), "«-5» — не число дней"),
        (("01.02.2026", "+5000"), "«+5000» — не число дней"),
        (("01.02.2026", "+5", "--region", "RU-XX"), "Праздничные дни региона «RU-XX» неизвестны"),
    ],
)
def test_what_cannot_be_counted_gets_one_clear_message(
    arguments: tuple[str, ...], said: str
) -> None:
    result = run("workdays", *arguments)
    assert result.exit_code == 2
    assert said in result.output
    assert len(result.output.splitlines()) == 1
