"""A table of workers, as schools keep it: from cells of text to rows of facts, cell by cell.

Nothing is guessed: what cannot be read is a problem of its cell and leaves the others alone. An
empty cell says nothing: what is known stays.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from types import MappingProxyType
from typing import Any, TypeVar  # Any: what a column's reader gives, its field holds

from workflow.domain.administration import check_inn, check_snils
from workflow.domain.people import Gender
from workflow.domain.refusals import N_, Refusal
from workflow.domain.staff_cards import MOST_YEARS, CategoryKind, Education, ExperienceKind
from workflow.domain.written_days import NoSuchDayError, NotADayError, read_day

ROWS_AT_MOST = 2000
CELL_AT_MOST = 500  # characters
#: How far down the headings may stand: above them are titles and explanations.
HEADINGS_WITHIN = 20  # rows

#: Rows of a file: its number in the file (from 1), and the text of its cells.
Table = Sequence[tuple[int, Sequence[str]]]

_NOTHING: Mapping[str, object] = MappingProxyType({})

AnswerT = TypeVar("AnswerT")


@dataclass(frozen=True)
class CellProblem:
    """What is wrong in one cell; `column` is its heading (empty: the whole row)."""

    row: int
    column: str
    msgid: str
    params: Mapping[str, object] = field(default_factory=lambda: _NOTHING)


@dataclass(frozen=True)
class SheetRow:
    """One worker as the file has them; None and "" where the cell says nothing."""

    number: int
    last: str
    first: str
    middle: str
    post: str
    gender: Gender | None = None
    snils: str = ""
    inn: str = ""
    email: str = ""
    since: date | None = None
    hired_on: date | None = None
    subject: str = ""
    education: Education | None = None
    category: CategoryKind | None = None
    category_since: date | None = None
    category_order: str = ""
    experience: tuple[tuple[ExperienceKind, int, int], ...] = ()
    counted_on: date | None = None
    problems: tuple[CellProblem, ...] = ()

    @property
    def full_name(self) -> str:
        return " ".join(part for part in (self.last, self.first, self.middle) if part)


@dataclass(frozen=True)
class Sheet:
    """The rows of a file, and the headings of columns that nobody reads."""

    rows: tuple[SheetRow, ...]
    unread: tuple[str, ...]


class _UnreadableError(Exception):
    """A cell that cannot be read; carries its msgid."""

    code = "staff_sheet.cell"

    def __init__(self, msgid: str) -> None:
        super().__init__(msgid)
        self.msgid = msgid


@dataclass(frozen=True)
class Column:
    """A column of the file: the heading people see, and how a cell that is not empty is read."""

    key: str
    heading: str
    read: Callable[[str], object]
    required: bool = False
    others: tuple[str, ...] = ()


def folded_text(text: str) -> str:
    """A text as headings and names are compared: without case, «ё» as «е», single spaces."""
    return " ".join(text.casefold().replace("ё", "е").split())


def read_sheet(table: Table) -> Sheet | Refusal:
    """Read a table; its headings stand in the first row that names a surname.

    Refused are a file without the obligatory columns, with the same column twice, without workers
    and with too many of them.
    """
    place = _headings_of(table)
    if place is None:
        return Refusal(
            "staff_sheet.no_headings",
            N_("The file has no row with the headings “Фамилия”, “Имя”, “Должность”."),
            N_("Take the template, copy your workers into it and upload it."),
        )
    columns, unread = _columns_of(table[place][1])
    refusal = _check_columns(columns)
    if refusal:
        return refusal
    filled = [(number, cells) for number, cells in only_read(table)[1:] if any(map(_clean, cells))]
    if not 0 < len(filled) <= ROWS_AT_MOST:
        return _wrong_length(len(filled))
    rows = tuple(_row(number, cells, columns) for number, cells in filled)
    return Sheet(_without_doubles(rows), unread)


def only_read(table: Table) -> Table:
    """The table without the cells of columns that nobody reads: schools keep passports there."""
    place = _headings_of(table)
    if place is None:
        return ()
    number, headings = table[place]
    columns, _ = _columns_of(headings)
    return (
        (number, headings),
        *(
            (row, [cell if column else "" for column, cell in zip(columns, cells, strict=False)])
            for row, cells in table[place + 1 :]
        ),
    )


def _headings_of(table: Table) -> int | None:
    """The place of the first row that names a surname."""
    rows = enumerate(table[:HEADINGS_WITHIN])
    return next((place for place, (_, cells) in rows if _is_heading(cells)), None)


def _wrong_length(count: int) -> Refusal:
    if count:
        return Refusal(
            "staff_sheet.too_long",
            N_("There are {count} workers in the file; {most} at most are taken at once."),
            N_("Divide the file."),
            {"count": count, "most": ROWS_AT_MOST},
        )
    return Refusal(
        "staff_sheet.empty",
        N_("There are no workers in the file."),
        N_("Fill in the rows below the headings."),
    )


def _is_heading(cells: Sequence[str]) -> bool:
    return any(_BY_HEADING.get(folded_text(cell)) is _SURNAME for cell in cells)


def _columns_of(cells: Sequence[str]) -> tuple[list[Column | None], tuple[str, ...]]:
    columns = [_BY_HEADING.get(folded_text(cell)) for cell in cells]
    unread = [_clean(cell) for cell, column in zip(cells, columns, strict=True) if column is None]
    return columns, tuple(name for name in unread if name)


def _check_columns(columns: Iterable[Column | None]) -> Refusal | None:
    found = [column.key for column in columns if column]
    missing = [c.heading for c in COLUMNS if c.required and c.key not in found]
    if missing:
        return Refusal(
            "staff_sheet.columns_missing",
            N_("Columns are missing in the file: {names}."),
            N_("Add them: the headings stand in the template."),
            {"names": ", ".join(missing)},
        )
    twice = [c.heading for c in COLUMNS if found.count(c.key) > 1]
    if twice:
        return Refusal(
            "staff_sheet.column_twice",
            N_("Columns stand in the file twice: {names}."),
            N_("Leave one of them."),
            {"names": ", ".join(twice)},
        )
    return None


def _row(number: int, cells: Sequence[str], columns: Sequence[Column | None]) -> SheetRow:
    read: dict[str, Any] = {}
    problems: list[CellProblem] = []
    for column, cell in zip(columns, cells, strict=False):
        if column is None:
            continue
        text = _clean(cell)
        try:
            if text:
                read[column.key] = column.read(_bounded(text))
        except _UnreadableError as error:
            problems.append(CellProblem(number, column.heading, error.msgid))
    wrong = {problem.column for problem in problems}
    for column in COLUMNS:
        if column.required and column.key not in read and column.heading not in wrong:
            problems.append(CellProblem(number, column.heading, N_("The cell is empty.")))
    return _as_row(number, read, tuple(problems))


def _as_row(number: int, read: dict[str, Any], problems: tuple[CellProblem, ...]) -> SheetRow:
    experience = tuple((kind, *read.pop(kind)) for kind in ExperienceKind if kind in read)
    names = {key: read.pop(key, "") for key in ("last", "first", "middle", "post")}
    return SheetRow(number=number, experience=experience, problems=problems, **names, **read)


def _without_doubles(rows: Iterable[SheetRow]) -> tuple[SheetRow, ...]:
    """Mark a worker who stands in the file twice in the same post."""
    seen: dict[tuple[str, str], int] = {}
    marked: list[SheetRow] = []
    for row in rows:
        who = row.snils or f"{folded_text(row.full_name)} {row.since or row.hired_on or ''}"
        first = seen.setdefault((who, folded_text(row.post)), row.number)
        if first == row.number or row.problems:
            marked.append(row)
            continue
        text = N_("The worker stands in the file already: row {first}.")
        double = CellProblem(row.number, "", text, {"first": first})
        marked.append(replace(row, problems=(double,)))
    return tuple(marked)


# --- Cells ---------------------------------------------------------------------------------


def _clean(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", text).split())


#: What spreadsheets show instead of a value that they could not work out.
_ERROR = re.compile(r"#(?:REF!|N/A|VALUE!|DIV/0!|NAME\?|NULL!|NUM!|Н/Д|ССЫЛКА!|ЗНАЧ!|ДЕЛ/0!|ИМЯ\?)")
#: Control signs, halves of signs, unassigned ones, and those that turn the direction of writing.
_UNPRINTED = ("Cc", "Cf", "Cs", "Cn", "Co")


def _bounded(text: str) -> str:
    if text.startswith("="):
        raise _UnreadableError(N_("There is a formula in the cell: put its value there."))
    if _ERROR.fullmatch(text):
        raise _UnreadableError(N_("There is an error of the spreadsheet in the cell."))
    if len(text) > CELL_AT_MOST:
        raise _UnreadableError(N_("The text is too long."))
    if any(unicodedata.category(sign) in _UNPRINTED for sign in text):
        raise _UnreadableError(N_("The text holds signs that cannot be printed. Type it anew."))
    return text


def _text(text: str) -> str:
    return text


def _name(text: str) -> str:
    if not re.fullmatch(r"[^\W\d_]+(?:[ ’'.-]+[^\W\d_]+)*\.?", text):
        raise _UnreadableError(N_("A name is written in letters."))
    if re.search(r"[a-z]", text, re.IGNORECASE) and re.search(r"[а-яё]", text, re.IGNORECASE):
        raise _UnreadableError(N_("Latin and Russian letters are mixed. Type the name anew."))
    return text


def _gender(text: str) -> Gender:
    return _one_of(
        text,
        {"ж": Gender.FEMALE, "м": Gender.MALE, "жен": Gender.FEMALE, "муж": Gender.MALE,
         "женский": Gender.FEMALE, "мужской": Gender.MALE},
        N_("Write «ж» or «м»."),
    )  # fmt: skip


def _snils(text: str) -> str:
    return _checked(text, 11, check_snils)


def _inn(text: str) -> str:
    return _checked(text, 12, check_inn)


def _checked(text: str, length: int, check: Callable[[str], bool]) -> str:
    """A number of so many digits; programs take the zeros away that it begins with."""
    digits = re.sub(r"[\s–-]", "", text)
    if not re.fullmatch(r"[0-9]+", digits):
        raise _UnreadableError(N_("There are other signs than digits in the number."))
    if not (length - 2 <= len(digits) <= length and check(digits.zfill(length))):
        raise _UnreadableError(N_("The check number does not fit."))
    return digits.zfill(length)


def _email(text: str) -> str:
    if not re.fullmatch(r"[^@\s,;<>]+@[^@\s,;<>]+\.[^@\s,;<>.]+", text):
        raise _UnreadableError(N_("This is no e-mail address."))
    return text


def _day(text: str) -> date:
    try:
        found = read_day(text)
    except NotADayError:
        raise _UnreadableError(N_("Write the date as day, month, year: 01.09.2020.")) from None
    except NoSuchDayError:
        raise _UnreadableError(N_("The calendar has no such day.")) from None
    if not 1940 <= found.year <= 2100:
        raise _UnreadableError(N_("The year cannot be right."))
    return found


_YEARS = re.compile(
    r"(\d{1,2})(?: ?(?:лет|года|год|г\.?|л\.?))?"
    r"(?:,? (\d{1,2}) ?(?:месяцев|месяца|месяц|мес\.?|м\.?))?",
    re.ASCII,
)


def _years(text: str) -> tuple[int, int]:
    """«12», «12 лет», «12 лет 3 мес.» as years and months."""
    found = _YEARS.fullmatch(folded_text(text))
    if not found:
        raise _UnreadableError(N_("Write the years as a whole number: 12, or «12 лет 3 мес.»."))
    years, months = int(found[1]), int(found[2] or 0)
    if years > MOST_YEARS or months > 11:
        raise _UnreadableError(N_("There cannot be so many years or months."))
    return years, months


def _education(text: str) -> Education:
    return _one_of(
        text,
        {"педагогическое": Education.PEDAGOGICAL, "да": Education.PEDAGOGICAL,
         "другое": Education.OTHER, "непедагогическое": Education.OTHER, "нет": Education.OTHER},
        N_("Write «педагогическое» or «другое»."),
    )  # fmt: skip


def _category(text: str) -> CategoryKind:
    return _one_of(
        text.removesuffix(" категория").removesuffix(" кв. категория"),
        {"нет": CategoryKind.NONE, "без категории": CategoryKind.NONE,
         "первая": CategoryKind.FIRST, "высшая": CategoryKind.HIGHEST,
         "педагог-наставник": CategoryKind.MENTOR, "педагог-методист": CategoryKind.METHODIST},
        N_("Write «нет», «первая», «высшая», «педагог-наставник» or «педагог-методист»."),
    )  # fmt: skip


def _one_of(text: str, known: Mapping[str, AnswerT], msgid: str) -> AnswerT:
    try:
        return known[folded_text(text).rstrip(".")]
    except KeyError:
        raise _UnreadableError(msgid) from None


COLUMNS: tuple[Column, ...] = (
    Column("last", "Фамилия", _name, required=True),
    Column("first", "Имя", _name, required=True),
    Column("middle", "Отчество", _name),
    Column("gender", "Пол", _gender),
    Column("snils", "СНИЛС", _snils),
    Column("inn", "ИНН", _inn),
    Column("email", "Электронная почта", _email, others=("e-mail", "email", "почта")),
    Column("post", "Должность", _text, required=True),
    Column("since", "Работает с", _day, others=("в должности с",)),
    Column("hired_on", "Дата приёма", _day, others=("дата приема на работу",)),
    Column("subject", "Предмет или направление", _text, others=("предмет", "направление")),
    Column("education", "Образование", _education),
    Column("category", "Категория", _category, others=("квалификационная категория",)),
    Column("category_since", "Категория с", _day, others=("дата категории",)),
    Column("category_order", "Приказ о категории", _text),
    Column(ExperienceKind.TOTAL, "Общий стаж", _years),
    Column(ExperienceKind.PEDAGOGICAL, "Педагогический стаж", _years),
    Column(ExperienceKind.IN_FIELD, "Стаж в данной области", _years),
    Column(ExperienceKind.MANAGERIAL, "Стаж руководящей работы", _years),
    Column(ExperienceKind.METHODICAL, "Стаж методической работы", _years),
    Column("counted_on", "Стаж на дату", _day),
)
_SURNAME = COLUMNS[0]
_BY_HEADING = {
    folded_text(name): column for column in COLUMNS for name in (column.heading, *column.others)
}
HEADINGS = {column.key: column.heading for column in COLUMNS}
