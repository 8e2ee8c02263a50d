"""The papers of a pair's daily life on paper: assembled, converted, read page by page."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest
from docx import Document
from docx.shared import Mm

from templates_docs.assemble import assemble
from templates_docs.convert import Converted, PdfProfile
from templates_docs.errors import MissingFieldError
from templates_docs.fields import Declension, RegistrationFacts
from tests.integration.templates_docs.daily_samples import (
    DAY_IN_WORDS,
    KINDS,
    SCALE,
    TEMPLATES,
    facts,
    planned,
    reported,
)
from tests.integration.templates_docs.library_pages import flowing, pages, printed
from tests.integration.templates_docs.library_samples import HEAD, common_blocks, texts

LONG_ANSWER = "Больше всего помог совместный разбор уроков и занятий с наставником. " * 5
# What is signed by the person who wrote it, to the head.
STATEMENTS = ("D21", "D22", "D23", "D42E")


def _made(code: str, said: dict[str, object]) -> bytes:
    return assemble(TEMPLATES[code].read_bytes(), said, common_blocks())


def _text_of(code: str, said: dict[str, object]) -> str:
    return flowing(printed({code: _made(code, said)})[code].pdf)


@pytest.fixture(scope="module")
def papers() -> dict[str, Converted]:
    """Every paper in every filling, by «D16 full»."""
    names = [(code, kind) for code in TEMPLATES for kind in KINDS]
    return printed({f"{code} {kind}": _made(code, facts(code, kind)) for code, kind in names})


@pytest.fixture(scope="module")
def drafts() -> dict[str, Converted]:
    """Every paper before it has its day."""
    undated = {"reg": RegistrationFacts()}
    return printed({code: _made(code, facts(code, "full") | undated) for code in TEMPLATES})


@pytest.fixture(scope="module")
def text(papers: dict[str, Converted]) -> Callable[[str], str]:
    return lambda name: flowing(papers[name].pdf)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("code", TEMPLATES)
def test_a_paper_opens_and_holds_no_leftovers(code: str, kind: str) -> None:
    document = Document(io.BytesIO(_made(code, facts(code, kind))))
    written = [
        "".join(node.text or "" for node in paragraph.iter() if node.tag.endswith("}t"))
        for paragraph in document.element.body.iter()
        if paragraph.tag.endswith("}p")
    ]

    assert any(written)
    for line in written:
        assert not re.search(r"\{\{|\{%|None|  |\s[,.;:)]|\(\s|\.\.|,,", line), line


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("code", TEMPLATES)
def test_pages_are_numbered_and_none_is_empty(
    papers: dict[str, Converted], code: str, kind: str
) -> None:
    sheets = pages(papers[f"{code} {kind}"].pdf)

    assert sheets[0][0] != "1"
    for number, sheet in enumerate(sheets[1:], start=2):
        assert sheet[0] == str(number)
        assert len(sheet) > 2


@pytest.mark.parametrize(
    ("code", "left"),
    [
        # Kept with the order for more than ten years: 30 mm for the binding (ГОСТ Р 7.0.97-2025).
        *((code, 30) for code in (*STATEMENTS, "D42F")),
        *((code, 20) for code in ("D16", "D18", "D19", "D26", "D27", "D33")),
    ],
)
def test_the_left_margin_follows_the_time_of_keeping(code: str, left: int) -> None:
    section = Document(str(TEMPLATES[code])).sections[0]

    assert section.left_margin is not None
    assert abs(section.left_margin - Mm(left)) < Mm(0.1)
    assert section.different_first_page_header_footer


@pytest.mark.parametrize("code", TEMPLATES)
def test_no_line_of_a_paper_begins_with_a_dash(code: str) -> None:
    assert " — " not in _body(code)


@pytest.mark.parametrize("code", TEMPLATES)
def test_blocks_find_their_styles_in_a_paper(code: str) -> None:
    host = {style.style_id: style.name for style in Document(str(TEMPLATES[code])).styles}

    for name, block in common_blocks().items():
        for style in Document(io.BytesIO(block)).styles:
            assert host.get(style.style_id) == style.name, name


@pytest.mark.parametrize("code", TEMPLATES)
def test_a_paper_bears_the_day_when_it_was_made_ready_and_a_blank_before(
    text: Callable[[str], str], drafts: dict[str, Converted], code: str
) -> None:
    assert DAY_IN_WORDS in text(f"{code} full")
    assert "____" not in text(f"{code} full")
    assert "____________" in flowing(drafts[code].pdf)


@pytest.mark.parametrize("code", STATEMENTS)
def test_a_personal_paper_begins_with_the_addressee_and_its_author(
    text: Callable[[str], str], code: str
) -> None:
    author = {"D21": "учителя математики Ивановой Анны Петровны",
              "D22": "воспитателя Лебедевой Дарьи Олеговны",
              "D23": "заместителя заведующего по воспитательной и методической работе"
                     " Петровой Анны Сергеевны",
              "D42E": "воспитателя Лебедевой Дарьи Олеговны"}[code]  # fmt: skip
    kind = {"D21": "ЗАЯВЛЕНИЕ", "D22": "ХОДАТАЙСТВО", "D23": "ПРЕДСТАВЛЕНИЕ", "D42E": "СОГЛАСИЕ"}

    assert text(f"{code} full").startswith(
        f"Заведующему МБДОУ «Детский сад № 7 «Ласточка» Соколовой В.И. от {author} {kind[code]}"
    )
    assert text(f"{code} full").endswith(DAY_IN_WORDS)


def test_a_mentor_need_not_say_why(text: Callable[[str], str]) -> None:
    assert (
        "Прошу освободить меня от обязанностей наставника в отношении учителя физики Петрова"
        " Ивана Сергеевича с 12 октября 2026 г. Учитель математики А.П. Иванова"
    ) in text("D21 minimal")
    assert "учителя физики Петрова Ивана Сергеевича и воспитателя" in text("D21 full")
    assert "Причина: увеличение учебной нагрузки." in text("D21 full")


def test_a_petition_says_the_ground_that_was_chosen(text: Callable[[str], str]) -> None:
    assert "учителя математики Ивановой Анны Петровны. Учитель" in text("D22 minimal")
    assert "в связи с невозможностью установить личный контакт. Прошу закрепить" in text("D22 full")
    assert "в связи с переходом на работу в другой корпус." in text("D22 long")


def test_another_ground_of_a_petition_has_to_be_told() -> None:
    said = facts("D22", "minimal") | {"ground": "other", "ground_text": None}

    with pytest.raises(MissingFieldError) as error:
        _made("D22", said)
    assert error.value.params["field"] == "ground_text"


@pytest.mark.parametrize(
    ("kind", "subject", "proposal"),
    [
        ("minimal", "о корректировке индивидуального плана", "Предлагаю продолжить наставничество"),
        ("full", "о замене наставника", "Предлагаю заменить наставника: закрепить"),
        ("long", "о досрочном завершении", "Предлагаю завершить наставничество досрочно."),
    ],
)
def test_a_curators_proposal_is_headed_by_what_it_proposes(
    text: Callable[[str], str], kind: str, subject: str, proposal: str
) -> None:
    assert f"ПРЕДСТАВЛЕНИЕ {subject}" in text(f"D23 {kind}")
    assert proposal in text(f"D23 {kind}")


def test_a_change_sheet_numbers_what_was_agreed(text: Callable[[str], str]) -> None:
    extended, corrected = text("D19 minimal"), text("D19 full")

    assert "1. Продлить срок наставничества, установленный по 31 августа 2027 г., по" in extended
    assert "31 декабря 2027 г. включительно. 2. Остальные условия" in extended
    assert "1. Внести в индивидуальный план" in corrected
    assert "2. Остальные условия" in corrected
    assert "завершить наставничество 1 марта 2027 г. 2. Внести" in text("D19 long")


def test_a_change_of_the_term_needs_the_new_day() -> None:
    said = facts("D19", "minimal") | {"until_new": None}

    with pytest.raises(MissingFieldError) as error:
        _made("D19", said)
    assert error.value.params["field"] == "until_new"


def test_every_mentee_has_a_place_to_sign_a_change_sheet(text: Callable[[str], str]) -> None:
    assert text("D19 full").index("Наставляемый, учитель физики И.С. Петров") < text(
        "D19 full"
    ).index("Наставляемая, воспитатель Д.О. Лебедева")


def test_a_report_is_approved_by_the_head_and_signed_by_the_mentor(
    text: Callable[[str], str],
) -> None:
    report = text("D26 minimal")

    assert report.startswith("УТВЕРЖДАЮ Заведующий МБДОУ «Детский сад № 7 «Ласточка» В.И. Соколова")
    assert report.endswith("Наставник, учитель математики А.П. Иванова")
    assert "завершённого досрочно, за период" in text("D26 full")
    assert "досрочно" not in report


def test_a_report_approved_by_the_founder_names_the_founder() -> None:
    founder = replace(HEAD, organisation=Declension.unchanging("Управления образованием"))
    said = facts("D26", "minimal") | {"head": founder}

    assert _text_of("D26", said).startswith("УТВЕРЖДАЮ Заведующий Управления образованием")


@pytest.mark.parametrize("code", STATEMENTS)
def test_what_is_written_to_the_founder_names_the_founder(code: str) -> None:
    founder = replace(HEAD, organisation=Declension.unchanging("Управления образованием"))

    text = _text_of(code, facts(code, "minimal") | {"head": founder})

    assert text.startswith("Заведующему Управления образованием Соколовой В.И.")


def test_sections_of_a_report_that_fall_away_leave_no_gap(text: Callable[[str], str]) -> None:
    assert "3. Результаты наставничества" in text("D26 minimal")
    assert "4. Готовность к самостоятельной работе" in text("D26 minimal")
    assert "Готовность наставляемого к самостоятельной работе: достаточная." in text("D26 minimal")
    for section in ("4. Трудности", "5. Готовность", "6. Рекомендации", "7. Предложения"):
        assert section in text("D26 full")


@pytest.mark.parametrize("code", ["D16", "D18", "D26"])
def test_a_long_table_repeats_its_header_and_breaks_no_date(
    papers: dict[str, Converted], code: str
) -> None:
    sheets = pages(papers[f"{code} long"].pdf)
    headed = [sheet for sheet in sheets if any(line.startswith("12") for line in sheet)]

    assert len(sheets) > 1
    assert headed
    for sheet in headed:
        assert any("п/п" in line for line in sheet)
    for line in (line for sheet in sheets for line in sheet):
        assert not re.search(r"\b20\d?$", line), line


@pytest.mark.parametrize("kind", KINDS)
def test_a_questionnaire_is_one_page(papers: dict[str, Converted], kind: str) -> None:
    assert papers[f"D27 {kind}"].pages == 1


def test_a_talkative_questionnaire_is_still_one_page() -> None:
    said = facts("D27", "full") | dict.fromkeys(("helped", "lacking", "suggestions"), LONG_ANSWER)

    assert printed({"D27": _made("D27", said)})["D27"].pages == 1


def test_a_questionnaire_prints_each_grade_beside_its_own_question() -> None:
    grades = {key: str(number) for number, key in enumerate(SCALE, start=1)}

    answers = _text_of("D27", facts("D27", "minimal") | grades)

    assert "1 Встречи с наставником были регулярными 1 2 Встречи" in answers
    assert "7 Объяснения и советы были понятными 7 8" in answers
    assert "10 Общая оценка наставничества 10 Не рекомендую" in answers


def test_the_letter_of_a_pair_names_nobody_of_the_pair(text: Callable[[str], str]) -> None:
    """Their data go to another organisation only with their consent (ТК РФ, ст. 88)."""
    letter = text("D33 full")

    assert "направляет документы о результатах наставничества." in letter
    assert "1. Отчёт наставника от 4 сентября 2026 г. на 2 л. в 1 экз." in letter
    for field in ("mentor", "mentee", "mentees"):
        assert field not in _body("D33")


def _body(code: str) -> str:
    return "".join(node.text or "" for node in Document(str(TEMPLATES[code])).element.body.iter())


def test_consent_and_refusal_agree_with_the_person(text: Callable[[str], str]) -> None:
    assert "ОТКАЗ от взаимодействия" in text("D42E minimal")
    assert "учитель физики, не согласен на взаимодействие" in text("D42E minimal")
    assert "воспитатель, согласна на взаимодействие" in text("D42E full")
    assert "№ 30-о/д, ознакомлена." in text("D42E full")


def test_an_agreement_on_simple_signatures_says_what_the_law_asks(
    text: Callable[[str], str],
) -> None:
    """Who is taken for the signer, and that the key is kept secret (63-ФЗ, ст. 9, ч. 2)."""
    agreement = text("D42F full")

    assert agreement.startswith("СОГЛАШЕНИЕ № 27 об использовании простой электронной подписи")
    assert "Лицо, подписавшее документ, определяется" in agreement
    assert "Работник обязан хранить ключ в тайне" in agreement
    assert "вместе с одноразовым кодом второго фактора" in agreement
    assert "одноразовым кодом" not in text("D42F minimal")


def _lengthened(code: str, lines: int) -> dict[str, object]:
    """Return facts that make `lines` lines before the signature."""
    said = facts(code, "minimal")
    if code == "D42F":
        return said | {"documents": texts(*["отчёты"] * lines)}
    if code in ("D16", "D26"):
        row = (planned if code == "D16" else reported)(1)[0] | {"text": "Беседа", "note": None}
        return said | {"rows": [row | {"due": "май", "control": "отчёт", "done": "да"}] * lines}
    if code == "D23":
        fact = {"date": date(2026, 10, 12), "event": "Урок", "failure": "нет", "explanation": "нет"}
        return said | {"facts": [fact] * lines}
    meeting = {"date": date(2026, 10, 12), "form": "очно", "topic": "Урок"}
    change = {"section": "п. 1", "was": "май", "becomes": "июнь", "reason": "запрос"}
    return said | {"rows": [(meeting if code == "D18" else change)] * lines}


@pytest.mark.parametrize(
    ("code", "first"),
    [("D16", 18), ("D18", 24), ("D19", 14), ("D23", 14), ("D26", 10), ("D42F", 30)],
)
def test_a_signature_never_stands_alone(code: str, first: int) -> None:
    names = {"D16": "А.П. Иванова", "D18": "А.П. Иванова", "D19": "А.П. Иванова",
             "D23": "А.С. Петрова", "D26": "А.П. Иванова", "D42F": "И.С. Петров"}  # fmt: skip
    lengths = range(first, first + 10)
    converted = printed({str(n): _made(code, _lengthened(code, n)) for n in lengths})
    sheets_of = [pages(outcome.pdf) for outcome in converted.values()]

    # The range crosses a page's end, else it would prove nothing.
    assert len({len(sheets) for sheets in sheets_of}) == 2
    for sheets in sheets_of:
        last = [number for number, sheet in enumerate(sheets) if names[code] in " ".join(sheet)][-1]
        sheet = sheets[last]
        above = next(n for n, line in enumerate(sheet) if names[code] in line)
        assert above - (1 if last else 0) >= 2, sheet


def test_a_statement_of_labour_law_becomes_a_tagged_pdf() -> None:
    statement = _made("D21", facts("D21", "full"))

    pdf = printed({"D21": statement}, PdfProfile.A1A)["D21"].pdf

    assert b"/StructTreeRoot" in pdf
    assert b"/Lang(ru-RU)" in pdf
