"""The check tells somebody with Word what is broken, and where."""

from __future__ import annotations

import pytest
from docx.document import Document
from docx.oxml import OxmlElement

from templates_docs.check import Problem, check_template
from templates_docs.known import ORGANISATION, PERSON, PLAIN, list_of, record
from tests.unit.templates_docs.word import docx_of, made
from web.words import russian

FIELDS = {
    "curator": PERSON,
    "duties": list_of(record({"text": PLAIN})),
    "basis": PLAIN,
    "partner": ORGANISATION,
}


def check(*lines: str, **blocks: bytes) -> list[Problem]:
    return check_template(docx_of(*lines), blocks=blocks, fields=FIELDS)


def codes(*lines: str) -> list[tuple[str, int]]:
    return [(problem.code, problem.paragraph) for problem in check(*lines)]


def test_a_sound_template_has_no_problems() -> None:
    assert not check(
        '{{p block("letterhead") }}',
        "На основании {{ basis }}{% if partner %}, с {{ partner.short_тв }}{% endif %}",
        "Назначить {{ curator.fio_вин }} с {{ reg.date|дата_или_пропуск }}",
        "{%p for d in duties %}",
        "{{ loop.index }}. {{ d.text }}{% if not loop.last %};{% endif %}",
        "{%p endfor %}",
        letterhead=docx_of("{{ org.full_name }}"),
    )


@pytest.mark.parametrize(
    "line", ["{{ basis }", "{{ basis", "{ { basis }}", "basis }}", "{% if basis"]
)
def test_a_tag_that_is_not_closed(line: str) -> None:
    assert ("template.tag_not_closed", 2) in codes("первый", line)


def test_the_problem_shows_the_beginning_of_its_paragraph() -> None:
    line = "Назначить ответственным за работу с молодыми {{ curatr.fio }}"
    (problem,) = check("первый", line)
    assert problem.paragraph == 2
    assert problem.beginning == line[:39] + "…"


def test_a_tag_over_two_paragraphs_is_not_closed_in_either() -> None:
    assert codes("{{ basis", "}}") == [
        ("template.tag_not_closed", 1),
        ("template.tag_not_closed", 2),
    ]


def test_a_tag_split_by_a_tracked_change() -> None:
    def build(document: Document) -> None:
        paragraph = document.add_paragraph("{{ ba")
        inserted = OxmlElement("w:ins")
        run = paragraph.add_run("sis }}")
        inserted.append(run._r)
        paragraph._p.append(inserted)

    (problem,) = check_template(made(build), blocks={}, fields=FIELDS)
    assert problem.code == "template.tag_split"


def test_an_unknown_field_with_a_guess() -> None:
    (problem,) = check("{{ curatr.fio }}")
    assert problem.params == {"name": "curatr", "guess": "curator"}
    (problem,) = check("{{ curator.fio_винн }}")
    assert problem.params == {"name": "fio_винн", "owner": "curator", "guess": "fio_вин"}


def test_an_unknown_field_far_from_any_other_has_no_guess() -> None:
    (problem,) = check("{{ zzzzzz }}")
    assert problem.params == {"name": "zzzzzz"}


def test_fields_of_the_items_of_a_list_are_known() -> None:
    (problem,) = check("{%p for d in duties %}", "{{ d.txt }}", "{%p endfor %}")
    assert (problem.paragraph, problem.params["guess"]) == (2, "text")


def test_the_name_of_an_item_ends_with_its_loop() -> None:
    (problem,) = check("{%p for d in duties %}", "{{ d.text }}", "{%p endfor %}", "{{ d.text }}")
    assert problem.paragraph == 4


def test_neighbours_in_a_loop_have_the_fields_of_an_item() -> None:
    line = "{% if loop.first or d.text != loop.previtem.{} %}x{% endif %}"
    lines = ["{%p for d in duties %}", line.replace("{}", "text", 1), "{%p endfor %}"]
    assert not check(*lines)
    lines[1] = line.replace("{}", "nothing", 1)
    assert [problem.params["name"] for problem in check(*lines)] == ["nothing"]


def test_without_a_list_of_fields_only_the_common_ones_are_checked() -> None:
    template = docx_of("{{ anything.at.all }}", "{{ org.shrt_предл }}")
    (problem,) = check_template(template, blocks={})
    assert (problem.paragraph, problem.params["guess"]) == (2, "short_предл")


def test_an_unknown_filter_with_a_guess() -> None:
    (problem,) = check("{{ basis|датa }}")
    assert problem.params == {"name": "датa", "guess": "дата"}


def test_an_unknown_block_with_a_guess() -> None:
    (problem,) = check('{{p block("leterhead") }}', letterhead=docx_of("x"))
    assert problem.params == {"name": "leterhead", "guess": "letterhead"}


def test_a_block_inside_a_sentence() -> None:
    (problem,) = check('см. {{ block("letterhead") }}', letterhead=docx_of("x"))
    assert problem.code == "template.block_not_alone"


@pytest.mark.parametrize(
    ("lines", "paragraph"),
    [
        (("{%p if basis %}", "x"), 1),
        (("{% for d in duties %}x{% if basis %}{% endfor %}",), 1),
        (("x", "{%p for d in duties %}"), 2),
    ],
)
def test_a_condition_that_is_not_closed(lines: tuple[str, ...], paragraph: int) -> None:
    assert codes(*lines) == [("template.not_closed", paragraph)]


def test_an_end_without_a_beginning() -> None:
    assert codes("{%p endif %}", "{% else %}") == [
        ("template.not_opened", 1),
        ("template.not_opened", 2),
    ]


def test_text_that_would_be_lost() -> None:
    assert codes("Текст {%p if basis %}", "{%p endif %}") == [("template.text_lost", 1)]


def test_text_that_would_be_lost_in_a_row() -> None:
    def build(document: Document) -> None:
        table = document.add_table(rows=2, cols=2)
        table.cell(0, 0).text = "{%tr for d in duties %}"
        table.cell(0, 1).text = "пропадёт"
        table.cell(1, 0).text = "{%tr endfor %}"

    (problem,) = check_template(made(build), blocks={}, fields=FIELDS)
    assert problem.code == "template.text_lost"


def test_one_mistake_hides_no_other() -> None:
    found = codes("{{ basis", "{{ curatr }}", "{% set a = 1 %}", "{{ basis | }}", "{{ basis|zz }}")
    assert [paragraph for _, paragraph in found] == [1, 2, 3, 4, 5]


def test_problems_in_the_header_name_the_header() -> None:
    def build(document: Document) -> None:
        document.sections[0].header.paragraphs[0].text = "{{ bassis }}"

    (problem,) = check_template(made(build), blocks={}, fields=FIELDS)
    assert problem.part.startswith("word/header")


def required(*lines: str, **blocks: bytes) -> list[object]:
    found = check_template(
        docx_of(*lines), blocks=blocks, fields=FIELDS, required=("basis", "curator", "duties")
    )
    return [problem.params["field"] for problem in found]


def test_required_fields_that_are_printed_nowhere() -> None:
    assert required("{% if basis %}x{% endif %}") == ["basis", "curator", "duties"]
    assert (
        required("{{ basis }} {{ curator.fio_вин }} {% for d in duties %}{{ d.text }}{% endfor %}")
        == []
    )


def test_a_required_field_may_be_printed_in_a_block() -> None:
    assert required('{{p block("b") }}', b=docx_of("{{ basis }}")) == ["curator", "duties"]


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 broken", b"%PDF-1.7"])
def test_what_is_no_document_is_one_problem(content: bytes) -> None:
    (problem,) = check_template(content, blocks={})
    assert problem.code == "template.not_a_document"


def test_the_words_are_russian() -> None:
    (problem,) = check("{{ curatr.fio }}")
    assert russian().text(problem.msgid, **problem.params) == (
        "Поле «curatr» никто не заполняет. Может быть, «curator»?"
    )
