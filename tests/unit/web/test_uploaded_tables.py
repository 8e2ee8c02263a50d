"""Files that are said to be tables: those that people have, and those that somebody made up."""

from __future__ import annotations

import io
import socket
import time
import zipfile
from collections.abc import Mapping, Sequence
from datetime import date, datetime

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl.packaging.relationship import Relationship
from openpyxl.workbook.external_link.external import (
    ExternalBook,
    ExternalLink,
    ExternalSheetNames,
)
from openpyxl.worksheet.formula import ArrayFormula

from web.forms.files import UploadedFile
from web.forms.tables import ROWS_AT_MOST, TEXT_AT_MOST, Rows, read_table

SHEET = "xl/worksheets/sheet1.xml"
HEAD = ["Фамилия", "Имя", "Должность"]
NIKITINA = ["Никитина", "Ольга", "учитель; химик, биолог"]


def read(name: str, content: bytes) -> Rows:
    rows, error = read_table(UploadedFile(name, content), "file")
    assert error is None, error
    return rows


def refused(name: str, content: bytes) -> str:
    rows, error = read_table(UploadedFile(name, content), "file")
    assert rows == []
    assert error is not None
    return error.msgid


def workbook(*rows: Sequence[object]) -> bytes:
    book = openpyxl.Workbook()
    for row in rows:
        book.worksheets[0].append(list(row))
    saved = io.BytesIO()
    book.save(saved)
    return saved.getvalue()


def rewritten(content: bytes, parts: Mapping[str, bytes]) -> bytes:
    """The workbook with some of its parts replaced or added."""
    saved = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(saved, "w", 8) as new:
        for name in {*old.namelist(), *parts}:
            new.writestr(name, parts[name] if name in parts else old.read(name))
    return saved.getvalue()


def sheet_xml(rows: str) -> bytes:
    space = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    return f'<worksheet xmlns="{space}"><sheetData>{rows}</sheetData></worksheet>'.encode()


# --- What people have ----------------------------------------------------------------------


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "windows-1251", "utf-16"])
@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
def test_csv_of_any_program_is_read(encoding: str, delimiter: str) -> None:
    lines = [delimiter.join(HEAD), delimiter.join([*NIKITINA[:2], f'"{NIKITINA[2]}"'])]
    found = read("список.CSV", "\r\n".join(lines).encode(encoding))
    assert found == [(1, HEAD), (2, NIKITINA)]


def test_workbook_is_read_with_its_own_row_numbers() -> None:
    found = read("список.xlsx", workbook(["Список"], [], HEAD, [], NIKITINA))
    assert [number for number, _ in found] == [1, 3, 5]
    assert found[2][1][:3] == NIKITINA


def test_dates_and_numbers_come_as_they_are_written() -> None:
    moment = datetime.fromisoformat("2020-09-01T07:30")
    row = [date(2020, 9, 1), moment, 11223344595, 12.0, 2.5, True]
    assert read("a.xlsx", workbook(row))[0][1] == [
        "01.09.2020", "01.09.2020", "11223344595", "12", "2.5", "да",
    ]  # fmt: skip


def test_formula_is_not_worked_out() -> None:
    assert read("a.xlsx", workbook(["=1+1", "=HYPERLINK(1)"]))[0][1] == ["=1+1", "=HYPERLINK(1)"]


def test_formula_over_several_cells_is_a_formula() -> None:
    book = openpyxl.Workbook()
    book.worksheets[0]["A1"] = ArrayFormula("A1:A2", "=TRIM(B1:B2)")
    book.worksheets[0]["A2"] = "учитель"
    saved = io.BytesIO()
    book.save(saved)
    assert read("a.xlsx", saved.getvalue()) == [(1, ["="]), (2, ["учитель"])]


def test_commas_inside_cells_do_not_part_a_table_of_semicolons() -> None:
    text = "Список, МБОУ, школа, на 1 сентября\nФамилия;Имя\nОрлова;Анна, Яна, Ия и другие"
    assert read("a.csv", text.encode())[1:] == [
        (2, ["Фамилия", "Имя"]), (3, ["Орлова", "Анна, Яна, Ия и другие"]),
    ]  # fmt: skip


def test_workbook_is_known_by_what_it_is_and_not_by_its_name() -> None:
    assert read("a.csv", workbook(HEAD)) == [(1, HEAD)]


def test_hidden_sheet_is_passed_by() -> None:
    book = openpyxl.Workbook()
    book.worksheets[0].append(["скрыто"])
    book.worksheets[0].sheet_state = "hidden"
    book.create_sheet().append(["видно"])
    saved = io.BytesIO()
    book.save(saved)
    assert read("a.xlsx", saved.getvalue()) == [(1, ["видно"])]


def test_line_break_in_quotes_stays_in_its_cell() -> None:
    text = 'Имя;Должность\nОльга;"учитель\nхимии"\n\nАнна;методист'
    assert read("a.csv", text.encode())[1:] == [
        (2, ["Ольга", "учитель\nхимии"]), (4, ["Анна", "методист"]),
    ]  # fmt: skip


# --- What somebody made up -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.xlsx", b"Not a workbook"),
        ("a.xlsx", b"PK\x03\x04 broken"),
        ("a.xlsx", workbook(HEAD)[:900]),
        ("a.csv", b"\x98\x98;\xff"),
        ("a.csv", "Имя;\x00".encode()),
        ("a.csv", b"\xff\xfe\x00"),
        ("a.csv", b'"' + b"x" * 200_000),
        ("a.xlsx", rewritten(workbook(HEAD), {SHEET: b"<worksheet><sheetData><row>"})),
        ("a.xlsx", rewritten(workbook(HEAD), {SHEET: b"<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>"})),
        ("a.xlsx", rewritten(workbook(HEAD), {SHEET: "<!DOCTYPE a><a/>".encode("utf-16")})),
        ("a.xlsx", rewritten(workbook(HEAD), {"[Content_Types].xml": b"<Types/>"})),
        ("a.xlsx", rewritten(workbook(HEAD), {"xl/workbook.xml": sheet_xml("")})),
        ("a.xlsx", rewritten(workbook(HEAD), {SHEET: sheet_xml('<row r="x"><c r="A1"/></row>')})),
    ],
)
def test_what_is_no_table_is_refused_in_words(name: str, content: bytes) -> None:
    assert refused(name, content)


@settings(max_examples=150, deadline=None)
@given(data=st.data(), part=st.sampled_from([SHEET, "xl/workbook.xml", "xl/styles.xml"]))
def test_workbook_with_damaged_parts_is_read_or_refused(data: st.DataObject, part: str) -> None:
    whole = workbook(HEAD, NIKITINA)
    with zipfile.ZipFile(io.BytesIO(whole)) as packed:
        good = packed.read(part)
    place = data.draw(st.integers(0, len(good) - 1))
    put_in = data.draw(st.binary(max_size=8))
    removed = data.draw(st.integers(0, 30))
    damaged = good[:place] + put_in + good[place + removed :]
    rows, error = read_table(UploadedFile("a.xlsx", rewritten(whole, {part: damaged})), "file")
    assert error is None or rows == []


def test_archive_that_unpacks_to_too_much_is_refused_before_it_is_unpacked() -> None:
    bomb = rewritten(workbook(HEAD), {SHEET: sheet_xml(" " * 60_000_000)})
    assert len(bomb) < 200_000
    began = time.monotonic()
    assert "more than a list" in refused("a.xlsx", bomb)
    assert time.monotonic() - began < 1


def test_archive_of_very_many_parts_is_refused() -> None:
    parts = {f"xl/media/{number}.bin": b"" for number in range(300)}
    assert "more than a list" in refused("a.xlsx", rewritten(workbook(HEAD), parts))


def test_sheet_of_very_many_cells_is_refused_before_they_are_counted() -> None:
    wide = sheet_xml("<row>" + "<c/>" * 1_000_000 + "</row>")
    began = time.monotonic()
    assert "more than a list" in refused("a.xlsx", rewritten(workbook(HEAD), {SHEET: wide}))
    assert time.monotonic() - began < 1


def test_text_that_is_shown_in_very_many_cells_is_refused() -> None:
    once = "я" * 2000
    rows = [[once] * 50] * (TEXT_AT_MOST // 100_000 + 1)
    book = workbook(*rows)
    assert len(book) < 100_000
    assert "more than a list" in refused("a.xlsx", book)


def test_links_to_other_files_are_not_followed_and_come_as_formulas() -> None:
    with socket.create_server(("127.0.0.1", 0)) as elsewhere:
        elsewhere.settimeout(0.3)
        target = f"http://127.0.0.1:{elsewhere.getsockname()[1]}/list.xlsx"
        ((_, cells),) = read("a.xlsx", linked_workbook(target))
        with pytest.raises(TimeoutError):
            elsewhere.accept()
    assert cells == ["=[1]Sheet1!A1", "учитель"]


def linked_workbook(target: str) -> bytes:
    book = openpyxl.Workbook()
    book.worksheets[0].append(["=[1]Sheet1!A1", "учитель"])
    link = ExternalLink(ExternalBook(ExternalSheetNames(("Sheet1",)), id="rId1"))
    link.file_link = Relationship(
        "rId1", type="externalLinkPath", Target=target, TargetMode="External"
    )
    book._external_links.append(link)  # type: ignore[attr-defined]  # there is no public way
    saved = io.BytesIO()
    book.save(saved)
    return saved.getvalue()


def test_row_far_below_is_refused_and_not_counted_up_to() -> None:
    far = sheet_xml(
        '<row r="999999999"><c r="A999999999" t="inlineStr"><is><t>я</t></is></c></row>'
    )
    began = time.monotonic()
    assert "more than a list" in refused("a.xlsx", rewritten(workbook(HEAD), {SHEET: far}))
    assert time.monotonic() - began < 5


def test_cell_far_to_the_right_is_not_read() -> None:
    cell = '<c r="XFD1" t="inlineStr"><is><t>далеко</t></is></c>'
    near = '<c r="A1" t="inlineStr"><is><t>близко</t></is></c>'
    book = rewritten(workbook(HEAD), {SHEET: sheet_xml(f'<row r="1">{near}{cell}</row>')})
    ((_, cells),) = read("a.xlsx", book)
    assert [one for one in cells if one] == ["близко"]


def test_too_many_rows_are_refused() -> None:
    assert "more than a list" in refused("a.csv", b"x;y\n" * (ROWS_AT_MOST + 1))


def test_size_that_a_sheet_claims_is_not_believed() -> None:
    space = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    cell = '<row r="1"><c r="A1" t="inlineStr"><is><t>я</t></is></c></row>'
    claimed = (
        f'<worksheet xmlns="{space}"><dimension ref="A1:XFD1048576"/>'
        f"<sheetData>{cell}</sheetData></worksheet>"
    ).encode()
    found = read("a.xlsx", rewritten(workbook(HEAD), {SHEET: claimed}))
    assert [cells[0] for _, cells in found] == ["я"]
