"""Each broken pack of tests/packs names its mistakes in its own lines: «# ! code»."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from web.words import russian
from workflow.packs import PackError, load, read_pack

PACKS = Path(__file__).parents[2] / "packs"
BROKEN = sorted(p.parent.name for p in PACKS.glob("*/pack.yml") if "# ! " in p.read_text("utf-8"))


def template_exists(template: str) -> bool:
    return template != "common/no-such.docx"


def named_in(file: Path) -> set[tuple[int, str]]:
    lines = file.read_text("utf-8").splitlines()
    return {
        (number, code)
        for number, line in enumerate(lines, 1)
        if "# ! " in line
        for code in line.split("# ! ")[1].split()
    }


@pytest.mark.parametrize("name", BROKEN)
def test_every_mistake_is_told_at_its_line_and_nothing_else(name: str) -> None:
    reading = read_pack(PACKS / name, template_exists)
    told = {(problem.place.line, problem.code) for problem in reading.problems}
    assert told == named_in(PACKS / name / "pack.yml")
    assert reading.regulation is None
    assert {Path(problem.place.file).name for problem in reading.problems} == {"pack.yml"}


def test_the_broken_packs_make_every_mistake_that_is_checked() -> None:
    sources = (Path(read_pack.__code__.co_filename).parent).glob("*.py")
    code = re.compile(r'"(pack\.[a-z0-9_]+)"')
    checked = {found for source in sources for found in code.findall(source.read_text("utf-8"))}
    made = {code for name in BROKEN for _, code in named_in(PACKS / name / "pack.yml")}
    of_the_file_itself = {
        "pack.not_found",
        "pack.inherits_in_a_circle",
        "pack.too_large",
        "pack.not_utf8",
        "pack.not_yaml",
        "pack.not_a_mapping",
        "pack.second_document",
        "pack.anchor",
        "pack.too_many_values",
        "pack.too_deep",
        "pack.key_not_text",
    }
    checked.discard("pack.yml")
    assert checked - of_the_file_itself == made


@pytest.mark.parametrize("name", BROKEN)
def test_every_mistake_comes_out_in_russian(name: str) -> None:
    for problem in read_pack(PACKS / name, template_exists).problems:
        for msgid in (problem.msgid, problem.todo):
            sentence = russian().text(msgid, **problem.params)
            assert re.search("[а-я]", sentence.replace("о/д", "")), sentence


def test_problems_come_in_the_order_of_their_lines() -> None:
    problems = read_pack(PACKS / "broken_references", template_exists).problems
    assert [p.place for p in problems] == sorted(p.place for p in problems)


def test_loading_a_broken_pack_raises_with_all_its_problems() -> None:
    with pytest.raises(PackError) as refused:
        load(PACKS / "broken_words")
    assert refused.value.code == "pack"
    assert len(refused.value.problems) == len(named_in(PACKS / "broken_words" / "pack.yml"))


def test_without_a_template_library_templates_are_not_checked() -> None:
    told = {problem.code for problem in read_pack(PACKS / "broken_references").problems}
    assert "pack.template_not_found" not in told


def test_loosening_a_law_names_both_articles() -> None:
    problems = read_pack(PACKS / "loosens_law", template_exists).problems
    notice = next(p for p in problems if "notice" in str(p.params["what"]))
    sentence = russian().text(notice.msgid, **notice.params)
    assert "ТК РФ, ст. 351.8" in sentence
    assert "наш регламент, п. 1" in sentence
