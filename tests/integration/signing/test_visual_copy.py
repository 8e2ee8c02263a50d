"""The visual copy as people see it: read back and drawn by poppler."""

from __future__ import annotations

import hashlib
import io
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import segno
from pyhanko.pdf_utils.generic import pdf_name, pdf_string
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.pdf_utils.writer import copy_into_new_writer
from pyhanko.sign import PdfSignatureMetadata, SimpleSigner, sign_pdf
from pyhanko.sign.fields import SigFieldSpec

from signing.copies.marks import SignatureMark, SimpleMark
from signing.copies.original_pages import OriginalUnreadableError, TooManyPagesError
from signing.copies.sheets import Acquaintance, AcquaintanceLine, ApprovalLine, Decision
from signing.copies.visual_copy import PageTooSmallError, VisualCopy, make_visual_copy
from signing.paper.canvas import MM
from signing.paper.objects import array, dictionary
from signing.training.authority import TrainingCA
from signing.training.subjects import SubjectFacts
from signing.verdicts import SignatureKind
from tests.integration.signing.pdf_pages import Page, full_page, grey, read_pages, typed
from web.words import russian

AT = datetime(2026, 8, 25, 9, 30, 5, tzinfo=UTC)
ADDRESS = "https://marshrut.example.ru/v/3kT9xQ2mLr7WcZp0aBvY8d"
SERIAL = "2E1196B59E880369BE126310209D67C717CFE950"
QUALIFIED = SignatureMark(
    kind=SignatureKind.QUALIFIED,
    training=False,
    serial=SERIAL,
    owner="Белова Яна Николаевна",
    not_before=datetime(2026, 1, 8, 22, 0, tzinfo=UTC),
    not_after=datetime(2027, 4, 9, tzinfo=UTC),
    signed_at=AT,
    post="Заведующий",
    short_name="Я.Н. Белова",
)
SIMPLE = SimpleMark("Зайцева Ольга Петровна", "воспитатель", AT, "7Q2K-M4XD-91PA")
COPY = VisualCopy(
    document="Приказ от 25.08.2026 № 118-о/д «О закреплении наставнических пар»",
    file_name="Приказ 118-од.pdf",
    verification_url=ADDRESS,
    zone=ZoneInfo("Europe/Moscow"),
    marks=(QUALIFIED,),
)
SHORT = typed([270, 262, 254, 200])
FULL = typed(full_page(), full_page())


def pages_of(original: bytes, copy: VisualCopy = COPY) -> list[Page]:
    return read_pages(make_visual_copy(original, copy, russian().text))


def test_copy_shows_the_pages_of_the_original_and_the_sheet_of_signatures() -> None:
    pages = pages_of(FULL)
    assert len(pages) == 3
    assert "Лист 1, строка на высоте 270 мм" in pages[0].text
    assert "Лист 2, строка на высоте 21 мм" in pages[1].text
    assert "Сведения об электронных подписях" in pages[2].text


def test_mark_says_what_the_office_rules_want() -> None:
    last = pages_of(FULL)[-1].text
    for line in (
        "ДОКУМЕНТ ПОДПИСАН ЭЛЕКТРОННОЙ ПОДПИСЬЮ",
        f"Сертификат {SERIAL}",
        "Владелец Белова Яна Николаевна",
        "Действителен с 09.01.2026 по 09.04.2027",
        "Дата и время подписания 25.08.2026 12:30:05 (UTC+3)",
    ):
        assert line in last
    assert "УЧЕБНАЯ" not in last


def test_every_page_says_that_it_is_a_copy_and_where_to_check() -> None:
    pages = pages_of(FULL)
    for number, page in enumerate(pages, start=1):
        assert "Визуальная копия электронного документа" in page.text
        assert f"Проверка: {ADDRESS}" in page.text
        assert f"Лист {number} из 3" in page.text


def test_first_page_names_the_hash_of_the_original_and_the_original_stays_as_it_was() -> None:
    before = hashlib.sha256(SHORT).hexdigest()
    first = pages_of(SHORT)[0].text
    assert f"SHA-256 подлинника: {before}" in first
    assert hashlib.sha256(SHORT).hexdigest() == before


def test_mark_stands_under_the_text_where_there_is_room() -> None:
    only_page, sheet = pages_of(SHORT)
    assert SERIAL in only_page.text
    assert SERIAL in sheet.text
    serial = next(word for word in only_page.words if word.text == SERIAL)
    assert serial.top > only_page.height - 200 * MM


def test_mark_does_not_stand_on_a_full_page() -> None:
    assert [SERIAL in page.text for page in pages_of(FULL)] == [False, False, True]


def test_marks_of_many_signers_go_to_the_sheet_alone() -> None:
    six = replace(COPY, marks=(QUALIFIED, SIMPLE) * 3)
    with_room_for_one = typed([270, 90])
    pages = pages_of(with_room_for_one, six)
    assert SERIAL not in pages[0].text
    assert pages[1].text.count(SERIAL) == 3


def test_simple_signature_looks_different() -> None:
    last = pages_of(FULL, replace(COPY, marks=(SIMPLE,)))[-1].text
    assert "Подписано простой электронной подписью" in last
    assert "Код подписи 7Q2K-M4XD-91PA" in last
    assert "ДОКУМЕНТ ПОДПИСАН" not in last
    assert "Сертификат" not in last


def test_advanced_signature_says_that_it_is_not_qualified() -> None:
    advanced = replace(QUALIFIED, kind=SignatureKind.ADVANCED)
    last = pages_of(FULL, replace(COPY, marks=(advanced,)))[-1].text
    assert "НЕКВАЛИФИЦИРОВАННОЙ ЭЛЕКТРОННОЙ ПОДПИСЬЮ" in last


@pytest.mark.parametrize("mark", [QUALIFIED, SIMPLE])
def test_training_signature_says_so_in_the_mark_and_on_every_page(
    mark: SignatureMark | SimpleMark,
) -> None:
    pages = pages_of(SHORT, replace(COPY, marks=(replace(mark, training=True),)))
    for page in pages:
        assert "УЧЕБНАЯ ПОДПИСЬ — юридической силы не имеет" in page.text
        largest = max(
            word.bottom - word.top
            for word in page.words
            if word.top > 97 * MM * (page is pages[0]) and word.text == "УЧЕБНАЯ"
        )
        assert largest > 11


EDGES = {
    "full pages": FULL,
    "text down to the edge": typed(full_page(3), full_page(3), full_page(12)),
    "landscape": typed([190, 100, 4], [190, 60, 21], size=(297 * MM, 210 * MM)),
    "turned": typed(full_page(5), full_page(5), rotate=90),
    "upside down": typed(full_page(5), full_page(5), rotate=180),
    "turned back": typed(full_page(5), full_page(5), rotate=270),
    "cropped": typed(full_page(40), full_page(40), crop=(40, 100, 560, 800)),
    "cropped and turned": typed(full_page(40), full_page(40), rotate=90, crop=(40, 100, 560, 800)),
    "A5": typed([190, 100, 4], [190, 180], size=(148 * MM, 210 * MM)),
}


@pytest.mark.parametrize("name", EDGES)
def test_nothing_stands_over_anything_else(name: str) -> None:
    three = replace(COPY, marks=(QUALIFIED, replace(QUALIFIED, training=True), SIMPLE))
    for page in pages_of(EDGES[name], three):
        assert page.overlapping() == []


@pytest.mark.parametrize("name", EDGES)
def test_line_stands_at_the_foot_of_the_page_as_it_is_shown(name: str) -> None:
    for page in pages_of(EDGES[name]):
        word = next(word for word in page.words if word.text == "Визуальная")
        assert page.height - 32 * MM < word.bottom < page.height - 3 * MM
        assert 18 * MM < word.left < 22 * MM


@pytest.mark.parametrize("name", EDGES)
def test_page_keeps_its_size(name: str) -> None:
    before = read_pages(EDGES[name])
    after = pages_of(EDGES[name])[: len(before)]
    assert [(page.width, page.height) for page in after] == [
        (page.width, page.height) for page in before
    ]


def dark(row: bytes) -> list[int]:
    return [column for column, pixel in enumerate(row) if pixel < 128]


def last_run(places: list[int], dots: float) -> tuple[int, int]:
    """Return first and last of the places at the end that no gap of 1.5 mm interrupts."""
    ordered = sorted(set(places))
    first = ordered[-1]
    for place in reversed(ordered):
        if first - place > 1.5 * dots:
            break
        first = place
    return first, ordered[-1]


@pytest.mark.parametrize("original", [SHORT, FULL], ids=["short", "full"])
def test_qr_code_in_the_corner_holds_the_address_of_the_check(original: bytes) -> None:
    rows = grey(make_visual_copy(original, COPY, russian().text), dpi=300)
    dots = 300 / 25.4
    strip = rows[-int(17 * dots) :]
    left, right = last_run([column for row in strip for column in dark(row)], dots)
    corner = [row[left : right + 1] for row in rows]
    top, bottom = last_run([y for y, row in enumerate(corner) if dark(row)], dots)
    side = right - left + 1
    expected = [list(row) for row in segno.make(ADDRESS, error="m", micro=False).matrix]
    module = side / len(expected)
    seen = [
        [
            int(corner[int(top + (y + 0.5) * module)][int((x + 0.5) * module)] < 128)
            for x in range(len(expected))
        ]
        for y in range(len(expected))
    ]
    assert bottom - top + 1 == pytest.approx(side, abs=2)
    assert side >= 15 * dots - 2
    assert seen == expected


def test_long_names_wrap_and_nothing_of_them_is_lost() -> None:
    owner = "Константинопольская-Преображенская Александра-Елизавета Владиславовна Младшая"
    long = replace(
        QUALIFIED,
        owner=owner,
        post="Исполняющий обязанности заведующего муниципального дошкольного учреждения",
        short_name="А.В. Константинопольская-Преображенская-Архангельская",
    )
    last = pages_of(FULL, replace(COPY, marks=(long,)))[-1]
    assert f"Владелец {owner}" in last.text
    assert last.overlapping() == []
    assert max(word.right for word in last.words) < last.width - 9 * MM
    together = last.text.replace(" ", "")
    assert "Константинопольская-Преображенская-Архангельская" in together


def test_endless_name_in_a_certificate_does_not_push_the_mark_off_the_sheet() -> None:
    endless = replace(QUALIFIED, owner="Х" * 30_000, post="П" * 30_000, short_name="И" * 30_000)
    page = pages_of(FULL, replace(COPY, marks=(endless,)))[-1]
    assert page.overlapping() == []
    assert max(word.bottom for word in page.words) < page.height - 3 * MM
    assert "Дата и время подписания" in page.text


def test_tatar_names_are_written_with_their_letters() -> None:
    names = "Җәмилә Өмет Үзәк Һинд Ңңәөүҗһ Ёлкина"
    last = pages_of(FULL, replace(COPY, marks=(replace(QUALIFIED, owner=names),)))[-1].text
    assert f"Владелец {names}" in last


def test_approval_sheet_has_a_row_for_each_visa() -> None:
    lines = (
        ApprovalLine("Заместитель заведующего", "Кузнецова М.И.", Decision.AGREED, AT),
        ApprovalLine(
            "Юрисконсульт", "Орлов П.С.", Decision.WITH_REMARKS, AT, "Уточнить срок", "простая ЭП"
        ),
    )
    sheet = pages_of(FULL, replace(COPY, approvals=lines))[2].text
    assert "Лист согласования Приказ от 25.08.2026 № 118-о/д" in sheet
    for words in ("Кузнецова М.И.", "Орлов П.С.", "замечаниями", "Уточнить срок", "12:30:05"):
        assert words in sheet


def test_acknowledgement_sheet_says_how_each_person_was_acquainted() -> None:
    lines = (
        AcquaintanceLine("Зайцева О.П.", "воспитатель", Acquaintance.ELECTRONIC, AT, "простая ЭП"),
        AcquaintanceLine("Ким В.Д.", "воспитатель", Acquaintance.ABSENT),
    )
    sheet = pages_of(FULL, replace(COPY, acquaintances=lines))[2].text
    assert "С документом ознакомлены:" in sheet
    assert "Ознакомлен(а)" in sheet
    assert "Отсутствует" in sheet


def test_ink_on_an_acknowledgement_sheet_has_a_day_and_no_hour() -> None:
    day = AT.date()
    line = AcquaintanceLine("Ким В.Д.", "воспитатель", Acquaintance.ON_PAPER, day)
    sheet = pages_of(FULL, replace(COPY, acquaintances=(line,)))[2].text
    assert f"{day:%d.%m.%Y}" in sheet
    assert "UTC" not in sheet


def test_long_sheet_goes_on_and_repeats_its_heading() -> None:
    lines = tuple(
        AcquaintanceLine(f"Работников {number}", "воспитатель", Acquaintance.WAITED_FOR)
        for number in range(1, 81)
    )
    pages = pages_of(SHORT, replace(COPY, acquaintances=lines))[1:-1]
    assert len(pages) > 2
    assert all("Фамилия И.О. Должность" in page.text for page in pages)
    assert sum(page.text.count("Работников") for page in pages) == 80
    assert [page.overlapping() for page in pages] == [[]] * len(pages)


@pytest.fixture(scope="module")
def signed() -> bytes:
    ca = TrainingCA.create(AT, 4, SignatureKind.QUALIFIED)
    facts = SubjectFacts("Белова", "Яна Николаевна", "1" * 11, "2" * 12)
    person = ca.issue(facts, AT, AT + timedelta(days=400))
    signer = SimpleSigner.load_pkcs12_data(person.pkcs12("пароль"), [], "пароль".encode())
    out = sign_pdf(
        IncrementalPdfFileWriter(io.BytesIO(SHORT)),
        PdfSignatureMetadata(field_name="Подпись"),
        signer=signer,
        new_field_spec=SigFieldSpec("Подпись", box=(300, 300, 500, 350)),
    )
    return bytes(out.getvalue())


def test_copy_of_a_signed_file_pretends_no_signature(signed: bytes) -> None:
    assert len(PdfFileReader(io.BytesIO(signed)).embedded_signatures) == 1
    copy = make_visual_copy(signed, COPY, russian().text)
    reader = PdfFileReader(io.BytesIO(copy))
    assert reader.embedded_signatures == []
    assert "/AcroForm" not in reader.root
    assert b"/ByteRange" not in copy
    assert "строка на высоте 270 мм" in read_pages(copy)[0].text


def test_what_a_visible_signature_showed_stays_visible(signed: bytes) -> None:
    copy = make_visual_copy(signed, replace(COPY, marks=()), russian().text)
    (stamp,) = PdfFileReader(io.BytesIO(copy)).root["/Pages"]["/Kids"][0]["/Annots"]
    assert stamp.get_object()["/Subtype"] == "/Stamp"


def test_what_was_cropped_away_stays_hidden_when_a_page_is_drawn_smaller() -> None:
    original = typed([270, 100.5, 60], crop=(0, 95 * MM, 595, 842))
    copy = make_visual_copy(original, replace(COPY, marks=()), russian().text)
    below = grey(copy, dpi=50)[-int(90 * 50 / 25.4) :]
    assert min(map(min, below)) == 255


def test_copy_does_nothing_when_it_is_opened() -> None:
    writer = copy_into_new_writer(PdfFileReader(io.BytesIO(SHORT)))
    script = dictionary({"/S": pdf_name("/JavaScript"), "/JS": pdf_string("app.alert(1)")})
    writer.root[pdf_name("/OpenAction")] = script
    named = dictionary({"/Names": array([pdf_string("a"), script])})
    writer.root[pdf_name("/Names")] = dictionary({"/JavaScript": named})
    out = io.BytesIO()
    writer.write(out)
    assert b"/JavaScript" in out.getvalue()
    assert b"/JavaScript" not in make_visual_copy(out.getvalue(), COPY, russian().text)


def test_copy_without_an_address_of_the_check_is_refused() -> None:
    with pytest.raises(ValueError, match="checked"):
        replace(COPY, verification_url="")


def test_copy_can_be_made_of_a_copy() -> None:
    once = make_visual_copy(SHORT, COPY, russian().text)
    assert pages_of(once)[0].overlapping() == []


@pytest.mark.parametrize(
    "junk", [b"", b"not a pdf", SHORT[: len(SHORT) // 2]], ids=["empty", "text", "half"]
)
def test_file_that_is_no_pdf_is_refused(junk: bytes) -> None:
    with pytest.raises(OriginalUnreadableError):
        make_visual_copy(junk, COPY, russian().text)


def test_page_tree_that_leads_back_into_itself_is_refused() -> None:
    writer = copy_into_new_writer(PdfFileReader(io.BytesIO(SHORT)))
    pages = writer.root.raw_get("/Pages")
    pages.get_object()["/Kids"].extend([pages, pages])
    out = io.BytesIO()
    writer.write(out)
    with pytest.raises(OriginalUnreadableError):
        make_visual_copy(out.getvalue(), COPY, russian().text)


def test_document_longer_than_a_thousand_pages_is_refused() -> None:
    with pytest.raises(TooManyPagesError):
        pages_of(typed(*[[]] * 1001))


def test_encrypted_file_is_refused() -> None:
    writer = copy_into_new_writer(PdfFileReader(io.BytesIO(SHORT)))
    writer.encrypt("владелец", "читатель")
    out = io.BytesIO()
    writer.write(out)
    with pytest.raises(OriginalUnreadableError):
        make_visual_copy(out.getvalue(), COPY, russian().text)


def test_page_too_small_for_the_line_at_its_foot_is_refused() -> None:
    with pytest.raises(PageTooSmallError):
        pages_of(typed([50], size=(90 * MM, 200 * MM)))
