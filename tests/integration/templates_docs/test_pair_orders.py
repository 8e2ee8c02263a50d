"""Consents, agreements and orders about mentor pairs on paper: assembled, converted, read."""

from __future__ import annotations

import io
import re
from collections.abc import Callable

import pytest
from docx import Document
from docx.shared import Mm

from templates_docs.assemble import assemble
from templates_docs.convert import Converted, PdfProfile
from templates_docs.errors import MissingFieldError
from templates_docs.fields import RegistrationFacts
from tests.integration.templates_docs.library_pages import flowing, pages, printed
from tests.integration.templates_docs.library_samples import common_blocks
from tests.integration.templates_docs.pair_people import MALE_MENTOR
from tests.integration.templates_docs.pair_samples import (
    DAY_IN_WORDS,
    KINDS,
    NUMBER,
    NUMBERED,
    RELEASED,
    TEMPLATES,
    facts,
    line,
)

ORDERS = ("D14", "D20", "D25", "D43", "D44")
GROUNDS = {
    "resignation": "в связи с досрочным отказом наставника",
    "cancellation": "в связи с досрочной отменой поручения работодателем",
    "petition": "по ходатайству наставляемого",
    "representation": "по представлению куратора",
    "mutual": "по обоюдному решению наставника и наставляемого",
    "dismissal": "в связи с увольнением",
    "transfer": "в связи с переводом на другую работу",
    "leave": "в связи с длительным отсутствием",
    "completed": "в связи с истечением срока и выполнением плана наставничества",
}


def _made(code: str, said: dict[str, object]) -> bytes:
    return assemble(TEMPLATES[code].read_bytes(), said, common_blocks())


def _written(content: bytes) -> list[str]:
    """The paragraphs of a Word file, those of tables too."""
    return [
        "".join(node.text or "" for node in paragraph.iter() if node.tag.endswith("}t"))
        for paragraph in Document(io.BytesIO(content)).element.body.iter()
        if paragraph.tag.endswith("}p")
    ]


def _said(code: str, said: dict[str, object]) -> str:
    return " ".join(_written(_made(code, said))).replace("\u00a0", " ")


@pytest.fixture(scope="module")
def papers() -> dict[str, Converted]:
    """Every document in every filling, by «D14 full»."""
    names = [(code, kind) for code in TEMPLATES for kind in KINDS]
    return printed({f"{code} {kind}": _made(code, facts(code, kind)) for code, kind in names})


@pytest.fixture(scope="module")
def text(papers: dict[str, Converted]) -> Callable[[str], str]:
    return lambda name: flowing(papers[name].pdf)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("code", TEMPLATES)
def test_a_document_opens_and_holds_no_leftovers(code: str, kind: str) -> None:
    written = _written(_made(code, facts(code, kind)))

    assert any(written)
    for paragraph in written:
        found = re.search(r"\{\{|\{%|None|  |\s[,.;:)]|\(\s|\.\.|,,", paragraph)
        assert not found, paragraph


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("code", TEMPLATES)
def test_pages_are_numbered_and_none_holds_a_signature_alone(
    papers: dict[str, Converted], code: str, kind: str
) -> None:
    sheets = pages(papers[f"{code} {kind}"].pdf)

    assert sheets[0][0] != "1"
    for number, sheet in enumerate(sheets[1:], start=2):
        assert sheet[0] == str(number)
        assert len(sheet) > 3


@pytest.mark.parametrize("code", TEMPLATES)
def test_a_document_bears_its_day_and_number_and_blanks_before(
    text: Callable[[str], str], code: str
) -> None:
    undated = facts(code, "minimal") | {"reg": RegistrationFacts()}

    assert DAY_IN_WORDS in text(f"{code} minimal")
    assert (f"№ {NUMBER}" in text(f"{code} minimal")) == (code in NUMBERED)
    assert "____" not in text(f"{code} minimal")
    assert "____" in _said(code, undated)


@pytest.mark.parametrize("code", TEMPLATES)
def test_blocks_find_their_styles_in_a_document(code: str) -> None:
    host = {style.style_id: style.name for style in Document(str(TEMPLATES[code])).styles}

    for name, block in common_blocks().items():
        for style in Document(io.BytesIO(block)).styles:
            assert host.get(style.style_id) == style.name, name


@pytest.mark.parametrize("code", ["D14", "D20", "D25", "D44"])
def test_five_pairs_stand_in_a_table_whose_words_do_not_break(
    papers: dict[str, Converted], code: str
) -> None:
    sheets = pages(papers[f"{code} long"].pdf)
    words = " ".join(row for sheet in sheets for row in sheet)

    assert "Христорождественский" in words
    assert "Константинопольская" in words
    assert "приказа" in words or code != "D44"
    assert Document(io.BytesIO(_made(code, facts(code, "long")))).tables
    assert not Document(io.BytesIO(_made(code, facts(code, "full")))).tables[2:]


@pytest.mark.parametrize("code", TEMPLATES)
def test_what_is_kept_for_decades_leaves_room_for_the_binding(code: str) -> None:
    """30 mm for more than ten years (ГОСТ Р 7.0.97-2025); a consent to processing is kept three."""
    margin = Document(str(TEMPLATES[code])).sections[0].left_margin

    assert margin is not None
    assert abs(margin - Mm(20 if code == "D11" else 30)) < Mm(0.1)


@pytest.mark.parametrize(("code", "times"), [("D14", 5), ("D25", 5)])
def test_a_date_in_a_row_stays_in_one_line(
    papers: dict[str, Converted], code: str, times: int
) -> None:
    rows = " ".join(row for sheet in pages(papers[f"{code} long"].pdf) for row in sheet)

    assert rows.count("25 августа 2026 г.;") == times


def test_a_consent_agrees_with_the_person_and_names_the_other(text: Callable[[str], str]) -> None:
    assert "учитель физики, согласен участвовать в наставничестве" in text("D10 minimal")
    assert "воспитатель, согласна участвовать" in text("D10 full")
    assert "закреплением за мной наставником учителя математики Ивановой" in text("D10 minimal")
    assert "наставничеству ознакомлен." in text("D09 minimal")


def test_a_consent_to_processing_says_what_it_is_given_for_and_until_when(
    text: Callable[[str], str],
) -> None:
    """The parts that 152-ФЗ, ст. 9, ч. 4 asks for."""
    narrow, wide = text("D11 minimal"), text("D11 full")

    assert "даю оператору персональных данных, названному ниже, согласие" in narrow
    assert "на следующих условиях. Оператор персональных данных: " in narrow
    assert "Персональные данные третьим лицам не передаются." in narrow
    assert "СНИЛС" not in narrow
    assert "Согласие действует в течение срока наставничества и трёх лет" in narrow
    assert "передача (предоставление, доступ) лицам" in wide
    assert "Управлению образованием, адрес: г. Юрга, пр. Победы, 13." in wide
    assert "Согласие действует по 31 декабря 2027 г. 6." in wide
    assert "наставником" not in wide, "a document of its own"


def test_an_agreement_names_the_pay_or_why_there_is_none(text: Callable[[str], str]) -> None:
    assert "не устанавливается (0 рублей) на основании пункта 3.4" in text("D13 minimal")
    assert "в размере 10 процентов должностного оклада" in text("D13 full")
    assert "Экземпляр соглашения получен" in text("D13 full")
    assert "заключено в форме электронного документа" in text("D13 minimal")


@pytest.mark.parametrize(("paid", "missing"), [(True, "pay_size"), (False, "no_pay_ground")])
def test_an_agreement_without_pay_or_ground_is_not_made(paid: bool, missing: str) -> None:
    said = facts("D13", "minimal") | {"paid": paid, "no_pay_ground": None}

    with pytest.raises(MissingFieldError) as error:
        _made("D13", said)
    assert error.value.params["field"] == missing


def test_an_agreement_that_extends_changes_the_term_alone(text: Callable[[str], str]) -> None:
    longer = text("D13 long")

    assert "Изложить пункт 4 дополнительного соглашения от 26 августа 2026 г. № 3-дс" in longer
    assert "по 31 декабря 2027 г.»" in longer
    assert "Содержание работы" not in longer


def test_an_extension_names_the_former_last_day(text: Callable[[str], str]) -> None:
    assert "по 31 декабря 2027 г. (ранее установленный срок — по 31 августа 2027 г.)" in text(
        "D20 minimal"
    )


def test_a_notice_says_from_which_day_and_need_not_say_why(text: Callable[[str], str]) -> None:
    assert "отменяется с 12 октября 2026 г. Об отмене" in text("D24 minimal")
    assert "Причина: изменение учебной нагрузки." in text("D24 full")


@pytest.mark.parametrize("ground", GROUNDS)
def test_an_order_of_release_says_its_ground(ground: str) -> None:
    said = _said("D25", facts("D25", "minimal") | {"ground": ground})

    assert f"{GROUNDS[ground]}" in said


def test_an_order_of_replacement_releases_one_mentor_and_names_the_other(
    text: Callable[[str], str],
) -> None:
    order = text("D25 full")

    assert "О замене наставника" in order
    assert "1. Освободить учителя математики Иванову Анну Петровну с 12 октября 2026 г." in order
    assert "2. Назначить учителя истории и обществознания Зотова Игоря Львовича" in order
    assert "(согласие от 25 августа 2026 г., дополнительное соглашение" in order


def test_a_replacement_without_a_new_mentor_is_not_made() -> None:
    lines = [line(ends=RELEASED, new_mentor=None)]

    with pytest.raises(MissingFieldError):
        _made("D25", facts("D25", "full") | {"lines": lines})


def test_an_end_by_term_is_no_early_end() -> None:
    said = facts("D25", "minimal") | {"variant": "completion", "ground": "completed"}

    order = _said("D25", said)

    assert "О завершении наставничества" in order
    assert "досрочн" not in order


def test_an_amending_order_numbers_its_changes(text: Callable[[str], str]) -> None:
    order = text("D43 full")

    assert "1.1. пункт 2 изложить в следующей редакции: «2. Куратору" in order
    assert "1.2. дополнить пунктом 7 следующего содержания" in order
    assert "1.3. строку 3 таблицы пункта 1 исключить. 2. Изменения" in order


def test_an_order_is_cancelled_wholly_or_by_its_row(text: Callable[[str], str]) -> None:
    whole, part = text("D44 minimal"), text("D44 full")

    assert "Об отмене приказа от 28 августа" in whole
    assert "полностью с 1 сентября 2026 г." in whole
    assert "О частичной отмене приказа" in part
    assert "в части строки 2 — закрепления наставника Ивановой Анны Петровны" in part


@pytest.mark.parametrize("code", ORDERS)
def test_control_stays_with_the_head_unless_somebody_is_named(
    text: Callable[[str], str], code: str
) -> None:
    assert "приказа оставляю за собой." in text(f"{code} minimal")
    assert "приказа возложить на заместителя заведующего" in text(f"{code} full")


def test_documents_of_labour_law_become_tagged_pdfs() -> None:
    codes = [code for code in TEMPLATES if code != "D11"]
    converted = printed({c: _made(c, facts(c, "full")) for c in codes}, PdfProfile.A1A)

    for outcome in converted.values():
        assert b"/StructTreeRoot" in outcome.pdf
        assert b"/Lang(ru-RU)" in outcome.pdf


def test_a_new_mentor_stands_in_the_accusative() -> None:
    lines = [line(MALE_MENTOR)]

    assert "Назначить учителя истории и обществознания Зотова Игоря Львовича" in _said(
        "D14", facts("D14", "minimal") | {"lines": lines}
    )
