"""The library on paper: assembled, converted by LibreOffice, read page by page."""

from __future__ import annotations

import io
import re
import subprocess
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from docx import Document

from templates_docs.assemble import assemble
from templates_docs.convert import Converted, PdfProfile
from templates_docs.fields import ApprovalFacts, Declension, RegistrationFacts
from tests.integration.templates_docs.library_pages import (
    assembled,
    flowing,
    pages,
    printed,
    with_block,
)
from tests.integration.templates_docs.library_samples import (
    ACTING_HEAD,
    APPROVED,
    BARE_ORG,
    DAY_IN_WORDS,
    HEAD,
    KINDERGARTEN,
    NUMBER,
    SCHOOL,
    TEMPLATES,
    annexes,
    common_blocks,
    context,
    texts,
)

KINDS = ("full", "minimal", "long")


def _document(code: str, kind: str) -> bytes:
    if kind == "long":
        return assembled(code, context(code, full=True, org=SCHOOL, head=ACTING_HEAD))
    return assembled(code, context(code, full=kind == "full"))


@pytest.fixture(scope="module")
def library() -> dict[str, Converted]:
    """Every template in three fillings, by «D02 full»."""
    names = [(code, kind) for code in TEMPLATES for kind in KINDS]
    return printed({f"{code} {kind}": _document(code, kind) for code, kind in names})


@pytest.fixture(scope="module")
def text(library: dict[str, Converted]) -> Callable[[str], str]:
    return lambda name: flowing(library[name].pdf)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("code", TEMPLATES)
def test_a_rendered_template_opens_and_holds_no_leftovers(code: str, kind: str) -> None:
    document = Document(io.BytesIO(_document(code, kind)))
    written = [
        "".join(node.text or "" for node in paragraph.iter() if node.tag.endswith("}t"))
        for paragraph in document.element.body.iter()
        if paragraph.tag.endswith("}p")
    ]

    assert any(written)
    for line in written:
        assert not re.search(r"\{\{|\{%|None|  |\s[,.;:)]|\(\s|\.\.", line), line


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("code", TEMPLATES)
def test_pages_are_numbered_from_the_second_and_none_is_empty(
    library: dict[str, Converted], code: str, kind: str
) -> None:
    sheets = pages(library[f"{code} {kind}"].pdf)

    assert sheets[0][0] != "1"
    for number, sheet in enumerate(sheets[1:], start=2):
        assert sheet[0] == str(number)
        assert len(sheet) > 1


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("code", ["D02", "D06", "D33", *APPROVED])
def test_number_and_date_are_printed_in_the_order_and_in_its_annexes(
    text: Callable[[str], str], code: str, kind: str
) -> None:
    assert re.search(rf"{DAY_IN_WORDS}\s+№ {NUMBER}", text(f"{code} {kind}"))


def test_before_registration_number_and_date_are_blanks_to_fill_in() -> None:
    draft = context("D02", full=True) | {"reg": RegistrationFacts()}
    annex = context("D03", full=True) | {"approval": ApprovalFacts(annex=1)}

    converted = printed({"D02": assembled("D02", draft), "D03": assembled("D03", annex)})

    for outcome in converted.values():
        first_page = " ".join(pages(outcome.pdf)[0])
        assert re.search(r"____\s+№ ______", first_page)
        assert DAY_IN_WORDS not in first_page[:300]


def test_an_order_numbers_its_annexes_and_each_annex_says_which_it_is(
    text: Callable[[str], str],
) -> None:
    order = text("D02 full")

    assert "1.1. Положение о системе наставничества" in order
    assert "(приложение 1); 1.2. план мероприятий (дорожную карту)" in order
    assert "(приложение 2); 1.3. Программу наставничества" in order
    assert "(приложение 3). 2. Ввести утверждённые документы" in order
    for number, code in enumerate(APPROVED, start=1):
        assert text(f"{code} full").startswith(f"Приложение {number} УТВЕРЖД")


@pytest.mark.parametrize(
    ("kind", "heading", "item", "word"),
    [
        ("D03", "Об утверждении Положения", "прилагаемое Положение", "УТВЕРЖДЕНО"),
        ("D04", "Об утверждении плана мероприятий", "прилагаемый план", "УТВЕРЖДЁН"),
        ("D05", "Об утверждении Программы", "прилагаемую Программу", "УТВЕРЖДЕНА"),
    ],
)
def test_an_order_on_one_document_agrees_with_its_gender(
    text: Callable[[str], str], kind: str, heading: str, item: str, word: str
) -> None:
    facts = context("D02", full=False) | {"annexes": annexes(kind)}

    order = flowing(printed({"order": assembled("D02", facts)})["order"].pdf)

    assert heading in order
    assert f"1. Утвердить {item}" in order
    assert "приложение" not in order.lower()
    assert text(f"{kind} minimal").startswith(f"{word} приказом МБДОУ")


def test_items_that_fall_away_leave_no_gap_in_the_numbering(text: Callable[[str], str]) -> None:
    assert "3. Признать утратившим силу приказ от 1 сентября" in text("D02 full")
    assert "5. Контроль за исполнением настоящего приказа возложить" in text("D02 full")
    assert "4. Контроль за исполнением настоящего приказа оставляю" in text("D02 minimal")
    assert "6. Контроль" in text("D06 full")
    assert "4. Контроль" in text("D06 minimal")


def test_the_regulation_has_fourteen_chapters_or_thirteen_without_electronic_documents(
    text: Callable[[str], str],
) -> None:
    assert "13. Документы в электронном виде" in text("D03 full")
    assert "14. Заключительные положения" in text("D03 full")
    assert "13. Заключительные положения" in text("D03 minimal")


def test_the_regulation_prints_the_values_of_the_municipality(text: Callable[[str], str]) -> None:
    regulation = text("D03 full")

    assert "от 3 месяцев до 1 года" in regulation
    assert "не менее 2 наставляемых" in regulation
    assert "не менее чем за 3 рабочих дня" in regulation
    assert "подготовительный, основной и заключительный" in regulation
    assert "формируется совет наставников" in regulation
    assert "при обоюдном желании наставника и наставляемого" in regulation


def test_people_stand_in_the_right_case(text: Callable[[str], str]) -> None:
    assert "Назначить заместителя заведующего" in text("D06 full")
    assert "Петрову Анну Сергеевну куратором" in text("D06 full")
    assert "Делопроизводителю Гараевой Лилии Рустамовне ознакомить" in text("D06 full")
    assert "Заместителю заведующего по воспитательной и методической" in text("D02 full")
    assert "Тихонову П.А." in text("D33 full")
    assert "Исполняющий обязанности директора" in text("D02 long")


def test_the_roadmap_repeats_its_header_row_and_names_each_stage_once(
    library: dict[str, Converted],
) -> None:
    sheets = pages(library["D04 full"].pdf)
    whole = " ".join(line for sheet in sheets for line in sheet)

    assert len(sheets) > 2
    for sheet in sheets:
        assert sum(line.startswith("№ п/п") for line in sheet) == 1
    for stage in ("1. Подготовительный этап", "2. Основной этап", "3. Заключительный этап"):
        assert whole.count(stage) == 1
    assert re.search(r"\b3\.8\.", whole)
    # A stage's heading never ends a page.
    assert not any(sheet[-1].endswith(" этап") for sheet in sheets)


def test_a_letter_lists_enclosures_with_sheets_and_copies(text: Callable[[str], str]) -> None:
    assert "Приложения: 1. Приказ от 25 января 2023 г." in text("D33 full")
    assert "3. Приказ" in text("D33 full")
    assert "Приложение: Дорожная карта на 3 л. в 1 экз." in text("D33 minimal")
    assert text("D33 full").endswith("В.И. Соколова Петрова Анна Сергеевна (84300) 2-00-07")
    assert "На № 17 от 18 января 2023 г." in text("D33 full")


def _lengthened(code: str, lines: int) -> dict[str, object]:
    """Return facts whose text is `lines` one-line paragraphs or lines long."""
    facts = context(code, full=code == "D02", head=HEAD)
    if code == "D02":
        facts |= {"control_person": None, "old_act": "\n".join(["приказ"] * lines)}
    elif code == "D06":
        facts |= {"duties": texts(*["вести учёт"] * lines)}
    else:
        facts |= {"items": [{"name": "Приказ", "sheets": 1, "copies": 1}] * lines}
    return facts


@pytest.mark.parametrize(("code", "first"), [("D02", 1), ("D06", 16), ("D33", 22)])
def test_a_signature_never_stands_alone_on_a_page(code: str, first: int) -> None:
    lengths = range(first, first + 13)
    converted = printed({str(n): assembled(code, _lengthened(code, n)) for n in lengths})
    sheets_of = [pages(outcome.pdf) for outcome in converted.values()]

    # The range crosses the page's end, else it would prove nothing.
    assert {len(sheets) for sheets in sheets_of} == {1, 2}
    for sheets in sheets_of:
        numbered = 1 if len(sheets) > 1 else 0
        above = next(n for n, line in enumerate(sheets[-1]) if "В.И. Соколова" in line)
        assert above - numbered >= 2, sheets[-1]


def test_a_labour_order_becomes_a_tagged_pdf_in_russian(tmp_path: Path) -> None:
    order = assembled("D06", context("D06", full=True))
    pdf = printed({"order": order}, PdfProfile.A1A)["order"].pdf
    (tmp_path / "order.pdf").write_bytes(pdf)

    command = ["pdfinfo", "-struct", str(tmp_path / "order.pdf")]
    structure = subprocess.run(command, capture_output=True, check=True, timeout=60, text=True)

    assert re.search(r"^\s*H1", structure.stdout, re.MULTILINE)
    assert b"/Lang(ru-RU)" in pdf


def test_the_roadmap_tells_a_screen_reader_its_header_cells(tmp_path: Path) -> None:
    roadmap = assembled("D04", context("D04", full=False))
    pdf = printed({"roadmap": roadmap}, PdfProfile.A1A)["roadmap"].pdf
    (tmp_path / "roadmap.pdf").write_bytes(pdf)

    command = ["pdfinfo", "-struct", str(tmp_path / "roadmap.pdf")]
    structure = subprocess.run(command, capture_output=True, check=True, timeout=60, text=True)

    assert len(re.findall(r"^\s*TH\b", structure.stdout, re.MULTILINE)) == 5


def test_an_organisation_without_requisites_gets_a_clean_letterhead(
    text: Callable[[str], str],
) -> None:
    facts = context("D06", full=False) | {"org": replace(BARE_ORG, inn="1600000000")}

    with_inn = flowing(printed({"order": assembled("D06", facts)})["order"].pdf)

    assert "«Ласточка») ПРИКАЗ" in text("D06 minimal")
    assert "«Ласточка») ИНН 1600000000 ПРИКАЗ" in with_inn


def test_a_document_that_another_organisation_issues_stands_on_its_letterhead() -> None:
    name = Declension.unchanging("Управление образования города")
    founder = replace(BARE_ORG, full=name, short=name, inn="1600000001")
    order = assembled("D06", context("D06", full=False) | {"issuer": founder})

    page = flowing(printed({"order": order})["order"].pdf)

    assert page.startswith("Управление образования города")
    assert "ИНН 1600000001 ПРИКАЗ" in page


def test_an_annex_that_is_not_approved_is_captioned_with_its_order() -> None:
    template = TEMPLATES["D04"].read_bytes()
    captioned = with_block(template, "annex-caption", instead_of="approval")

    annex = assemble(captioned, context("D04", full=True), common_blocks())

    caption = flowing(printed({"annex": annex})["annex"].pdf)
    assert (
        f"Приложение 2 к приказу {KINDERGARTEN.short_name} от {DAY_IN_WORDS} № {NUMBER}" in caption
    )
