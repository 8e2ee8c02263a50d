"""What an assembled document looks like."""

from __future__ import annotations

import zipfile
from datetime import UTC, date, datetime
from io import BytesIO

import pytest
from docx.document import Document
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from templates_docs.assemble import assemble
from templates_docs.errors import (
    BrokenTemplateError,
    MissingFieldError,
    TooMuchError,
    UnprintableValueError,
)
from templates_docs.fields import RegistrationFacts
from templates_docs.properties import DocumentProperties
from tests.unit.templates_docs.word import ANNA, SCHOOL, docx_of, lines_of, made, opened, part_of

JANUARY = date(2023, 1, 25)


def printed(template: str, **context: object) -> str:
    return "\n".join(lines_of(assemble(docx_of(template), context, {})))


def test_a_field_is_printed_in_the_case_that_the_template_asks_for() -> None:
    text = printed("Назначить {{ c.fio_вин }}, {{ c.post_вин }}; поручить {{ c.fio_дат }}.", c=ANNA)
    assert text == "Назначить Иванову Анну Петровну, методиста; поручить Ивановой Анне Петровне."


def test_initials_stand_before_the_surname_and_are_not_torn_off() -> None:
    assert printed("{{ c.initials }}", c=ANNA) == "А.П.\u00a0Иванова"


def test_surname_with_initials_is_inflected() -> None:
    assert printed("{{ c.last_initials_дат }}", c=ANNA) == "Ивановой\u00a0А.П."


def test_an_abbreviated_organisation_keeps_its_quotation_marks() -> None:
    assert printed("в {{ org.short_предл }}", org=SCHOOL) == "в МБОУ «Школа №\u00a03»"


def test_a_date_in_words_does_not_break_over_lines() -> None:
    assert printed("{{ d|дата }}", d=JANUARY) == "25\u00a0января\u00a02023\u00a0г."
    assert printed("{{ d }}", d=JANUARY) == "25\u00a0января\u00a02023\u00a0г."
    assert printed("{{ d|дата_цифрами }}", d=JANUARY) == "25.01.2023"


@pytest.mark.parametrize(
    ("number", "printed_number"), [("12-о/д", "№\u00a012-о/д"), ("", "№\u00a0______")]
)
def test_a_number_has_its_sign_or_a_blank(number: str, printed_number: str) -> None:
    reg = RegistrationFacts(number=number)
    assert printed("{{ reg.number|номер }}", reg=reg) == printed_number


def test_a_draft_leaves_room_for_the_date() -> None:
    assert printed("{{ reg.date|дата_или_пропуск }}", reg=RegistrationFacts()) == "____________"
    dated = RegistrationFacts(date=JANUARY)
    assert printed("{{ reg.date|дата_или_пропуск }}", reg=dated).startswith("25")


@pytest.mark.parametrize(
    "value",
    ["Школа & сад", "<w:p>", "a < b > c", "{{ x }}", "{% if %}", "😀 ёж", "й" * 5000, "\"'«»"],
)
def test_text_is_printed_as_it_was_typed(value: str) -> None:
    assert printed("{{ value }}", value=value) == value


def test_control_characters_are_left_out_and_line_ends_kept() -> None:
    assert printed("{{ value }}", value="один\x00\x01\x0b\x1f\nдва\r\nтри\tчетыре\ufffe") == (
        "один\nдва\nтри\tчетыре"
    )


@given(st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Co", "Cn"))))
def test_any_text_comes_out_as_it_went_in(value: str) -> None:
    assert printed("[{{ value|если_есть }}]", value=value) == f"[{value if value.strip() else ''}]"


def test_a_missing_field_is_named_when_it_is_printed() -> None:
    with pytest.raises(MissingFieldError) as caught:
        printed("{{ curator.fio_вин }}")
    assert caught.value.field == "curator.fio_вин"
    assert caught.value.code == "template.missing_field"


@pytest.mark.parametrize("empty", ["", " \u00a0\n", None])
def test_an_empty_required_field_is_named(empty: object) -> None:
    with pytest.raises(MissingFieldError) as caught:
        printed("{{ org.site|с_прописной }}", org={"site": empty})
    assert caught.value.field == "org.site"


def test_a_missing_field_is_false_in_a_condition() -> None:
    template = "Приказываю{% if council.number %}, с учётом протокола{% endif %}:"
    assert printed(template) == "Приказываю:"
    assert printed(template, council={"number": "4"}) == "Приказываю, с учётом протокола:"


def test_an_optional_field_that_is_empty_takes_its_paragraph_along() -> None:
    template = docx_of("до", "{{ org.site|если_есть }}", "после")
    assert lines_of(assemble(template, {"org": SCHOOL}, {})) == ["до", "после"]
    with_text = docx_of("Сайт: {{ org.site|если_есть }}")
    assert lines_of(assemble(with_text, {"org": SCHOOL}, {})) == ["Сайт: "]


def test_a_list_cannot_be_printed_as_a_text() -> None:
    with pytest.raises(UnprintableValueError) as caught:
        printed("{{ basis }}", basis=["а", "б"])
    assert caught.value.params["field"] == "basis"
    assert printed("{{ basis|списком }}", basis=["а", "б"]) == "а, б"


def test_a_moment_is_not_a_date() -> None:
    with pytest.raises(UnprintableValueError):
        printed("{{ d|дата }}", d=datetime(2023, 1, 25, tzinfo=UTC))


@pytest.mark.parametrize("value", [object(), b"bytes", 1.5, print, {"a": [object()]}])
def test_the_context_holds_plain_values_only(value: object) -> None:
    with pytest.raises(UnprintableValueError):
        assemble(docx_of("текст"), {"value": value}, {})


def test_paragraphs_repeat() -> None:
    template = docx_of("{%p for d in duties %}", "{{ loop.index }}) {{ d.text }}", "{%p endfor %}")
    context = {"duties": [{"text": "вести"}, {"text": "проверять"}]}
    assert lines_of(assemble(template, context, {})) == ["1) вести", "2) проверять"]


def table_template(document: Document) -> None:
    table = document.add_table(rows=4, cols=2)
    table.cell(0, 0).text, table.cell(0, 1).text = "Мероприятие", "Срок"
    table.cell(1, 0).text = "{%tr for row in rows %}"
    table.cell(2, 0).text, table.cell(2, 1).text = "{{ row.text }}", "{{ row.due }}"
    table.cell(3, 0).text = "{%tr endfor %}"


def test_rows_of_a_table_repeat() -> None:
    rows = [{"text": "Приказ", "due": "январь"}, {"text": "Сайт", "due": "март"}]
    table = opened(assemble(made(table_template), {"rows": rows}, {})).tables[0]
    assert [cell.text for cell in table.column_cells(0)] == ["Мероприятие", "Приказ", "Сайт"]


def test_a_row_of_optional_fields_goes_when_all_are_empty() -> None:
    def build(document: Document) -> None:
        table = document.add_table(rows=2, cols=2)
        table.cell(0, 0).text = "Директор"
        table.cell(1, 0).text = table.cell(1, 1).text = "{{ deputy|если_есть }}"

    assert len(opened(assemble(made(build), {}, {})).tables[0].rows) == 1
    filled = assemble(made(build), {"deputy": "Заместитель"}, {})
    assert len(opened(filled).tables[0].rows) == 2


def test_a_table_without_rows_is_left_out() -> None:
    def build(document: Document) -> None:
        table = document.add_table(rows=3, cols=1)
        for row, text in enumerate(("{%tr for r in rows %}", "{{ r }}", "{%tr endfor %}")):
            table.cell(row, 0).text = text

    assert opened(assemble(made(build), {"rows": []}, {})).tables == []


def test_a_column_that_is_left_out_leaves_no_room() -> None:
    def build(document: Document) -> None:
        table = document.add_table(rows=1, cols=4)
        texts = ("Мероприятие", "{%tc if stages %}", "Этап", "{%tc endif %}")
        for cell, text in zip(table.rows[0].cells, texts, strict=True):
            cell.text = text

    table = opened(assemble(made(build), {"stages": False}, {})).tables[0]
    assert len(table.columns) == 1
    table = opened(assemble(made(build), {"stages": True}, {})).tables[0]
    assert [cell.text for cell in table.rows[0].cells] == ["Мероприятие", "Этап"]
    assert len(table.columns) == 2


def test_a_cell_keeps_a_paragraph() -> None:
    def build(document: Document) -> None:
        cell = document.add_table(rows=1, cols=1).cell(0, 0)
        cell.text = "{%p if note %}"
        cell.add_paragraph("{{ note }}")
        cell.add_paragraph("{%p endif %}")

    cell = opened(assemble(made(build), {}, {})).tables[0].cell(0, 0)
    assert [paragraph.text for paragraph in cell.paragraphs] == [""]


def test_numbered_items_stay_numbered_by_word() -> None:
    def build(document: Document) -> None:
        document.add_paragraph("{%p if roadmap %}")
        document.add_paragraph("Утвердить дорожную карту.", style="List Number")
        document.add_paragraph("{%p endif %}")
        document.add_paragraph("Контроль оставляю за собой.", style="List Number")

    paragraphs = opened(assemble(made(build), {}, {})).paragraphs
    assert [(p.text, p.style.name if p.style else "") for p in paragraphs] == [
        ("Контроль оставляю за собой.", "List Number")
    ]


def test_tags_in_headers_are_filled_too() -> None:
    def build(document: Document) -> None:
        document.sections[0].header.paragraphs[0].text = "{{ org.short_name }}"

    document = opened(assemble(made(build), {"org": SCHOOL}, {}))
    assert document.sections[0].header.paragraphs[0].text == "МБОУ «Школа №\u00a03»"


def test_a_tag_split_over_runs_is_understood() -> None:
    def build(document: Document) -> None:
        paragraph = document.add_paragraph("{")
        paragraph.add_run("{ cur")
        paragraph.add_run("ator }").bold = True
        paragraph.add_run("}")

    assert lines_of(assemble(made(build), {"curator": "Петров"}, {})) == ["Петров"]


def test_quotation_marks_that_word_has_corrected_are_understood() -> None:
    assert printed("{% if kind == «приказ» %}да{% endif %}", kind="приказ") == "да"


def test_equal_input_gives_equal_bytes() -> None:
    properties = DocumentProperties("Приказ", "МБОУ", datetime(2026, 1, 20, 9, tzinfo=UTC))
    template = docx_of("{{ a }}")
    first, second = (
        assemble(template, {"a": "текст"}, {}, properties=properties) for _ in range(2)
    )
    assert first == second
    with zipfile.ZipFile(BytesIO(first)) as archive:
        assert {member.date_time for member in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_the_file_says_who_made_it_and_when() -> None:
    created = datetime(2026, 1, 20, 9, 30, tzinfo=UTC)
    properties = DocumentProperties("Приказ & Ко", "МБОУ «Школа № 3»", created)
    core = opened(assemble(docx_of("текст"), {}, {}, properties=properties)).core_properties
    assert (core.title, core.author, core.last_modified_by) == (
        "Приказ & Ко",
        "МБОУ «Школа № 3»",
        "МБОУ «Школа № 3»",
    )
    assert core.created == core.modified == created


def test_without_properties_nobody_is_named() -> None:
    core = part_of(assemble(docx_of("текст"), {}, {}), "docProps/core.xml")
    assert b"python-docx" not in core
    assert b"2013" not in core


def test_nothing_of_the_template_s_author_is_left() -> None:
    with zipfile.ZipFile(BytesIO(assemble(docx_of("текст"), {}, {}))) as archive:
        assert not [name for name in archive.namelist() if "thumbnail" in name]
        assert b"Microsoft" not in archive.read("docProps/app.xml")
        assert b"thumbnail" not in archive.read("_rels/.rels")


def test_a_naive_moment_is_refused() -> None:
    properties = DocumentProperties(created=datetime(2026, 1, 20))  # noqa: DTZ001 - the point
    with pytest.raises(ValueError, match="naive"):
        assemble(docx_of("текст"), {}, {}, properties=properties)


def test_a_block_tag_inside_a_sentence_is_refused_with_words() -> None:
    with pytest.raises(BrokenTemplateError):
        assemble(docx_of("до {{ block('b') }} после"), {}, {"b": docx_of("блок")})


def test_repetitions_are_counted() -> None:
    nested = "{% for a in l %}{% for b in l %}{% for c in l %}{% endfor %}{% endfor %}{% endfor %}"
    with pytest.raises(TooMuchError):
        printed(nested, l=["x"] * 200)


def test_a_document_cannot_grow_without_bound() -> None:
    with pytest.raises(TooMuchError):
        printed("{% for a in l %}{{ t }}{% endfor %}", l=["x"] * 3000, t="т" * 10_000)


def test_what_is_assembled_is_well_formed() -> None:
    content = assemble(docx_of("{{ v }}"), {"v": "<&>\x02"}, {})
    with zipfile.ZipFile(BytesIO(content)) as archive:
        for name in archive.namelist():
            if name.endswith((".xml", ".rels")):
                etree.fromstring(archive.read(name))
