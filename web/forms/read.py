"""From what was entered to values, field by field, with every problem reported at once."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple
from urllib.parse import urlsplit

from web.forms.names import Entered, cell_name, input_name, is_asked, row_count
from workflow.domain.facts import LONGEST_TEXT, FactProblem
from workflow.domain.refusals import N_
from workflow.domain.regulations import Choice, FieldKind, FieldSpec
from workflow.domain.written_days import NoSuchDayError, NotADayError, read_day

LINE_AT_MOST = 500  # characters
NUMBER_AT_MOST = 9  # digits

Options = Mapping[str, Sequence[Choice]]  # field key -> what may be chosen


@dataclass(frozen=True)
class FieldError:
    """What is wrong with the input called `name`: a msgid and its parameters.

    `label` names the field where the errors are summed up.
    """

    name: str
    msgid: str
    params: Mapping[str, object] = field(default_factory=dict)
    label: str = ""


class FormReading(NamedTuple):
    """`values` has each field that is right (None: left empty), `errors` the others."""

    values: Mapping[str, object]
    errors: tuple[FieldError, ...]


class _WrongError(Exception):
    """An entry that cannot be read; carries its msgid."""

    code = "form.wrong_entry"

    def __init__(self, msgid: str, **params: object) -> None:
        super().__init__(msgid)
        self.msgid, self.params = msgid, params


def read_form(
    fields: Sequence[FieldSpec], entered: Entered, options: Options | None = None
) -> FormReading:
    """Read `entered` by `fields`.

    `options` gives what may be chosen in PERSON, PEOPLE and DOCUMENTS fields (also those of
    columns, by the column's key); an answer that is not among them is an error. The kinds of
    values are those that FieldKind names.
    """
    values: dict[str, object] = {}
    errors: list[FieldError] = []
    for spec in filter(is_asked, fields):
        if spec.kind is FieldKind.ROWS:
            rows, wrong = _read_rows(spec, entered, options or {})
            errors.extend(wrong)
            if not wrong:
                values[spec.key] = rows
            continue
        try:
            values[spec.key] = _read_one(spec, entered.getlist(spec.key), options or {})
        except _WrongError as error:
            errors.append(FieldError(spec.key, error.msgid, error.params, spec.label))
    return FormReading(values, tuple(errors))


def told_by_domain(problems: Iterable[FactProblem]) -> tuple[FieldError, ...]:
    """Return what the domain found wrong with stored facts as errors of the form's inputs."""
    return tuple(FieldError(input_name(p.path), p.msgid, p.params) for p in problems)


def _read_rows(
    spec: FieldSpec, entered: Entered, options: Options
) -> tuple[tuple[Mapping[str, object], ...], list[FieldError]]:
    rows: list[Mapping[str, object]] = []
    errors: list[FieldError] = []
    for number in range(row_count(entered, spec.key)):
        names = {column.key: cell_name(spec.key, number, column.key) for column in spec.columns}
        if not any(text.strip() for name in names.values() for text in entered.getlist(name)):
            continue  # a row that was left empty is no row
        row: dict[str, object] = {}
        for column in spec.columns:
            name = names[column.key]
            try:
                row[column.key] = _read_one(column, entered.getlist(name), options)
            except _WrongError as error:
                label = f"{spec.label} ({number + 1}): {column.label}"
                errors.append(FieldError(name, error.msgid, error.params, label))
        rows.append(row)
    if spec.required and not rows and not errors:
        errors.append(FieldError(spec.key, N_("Add at least one line."), label=spec.label))
    return tuple(rows), errors


def _read_one(spec: FieldSpec, texts: Sequence[str], options: Options) -> object:
    cleaned = [text for text in map(_clean, texts) if text]
    if spec.kind in (FieldKind.PEOPLE, FieldKind.DOCUMENTS):
        if spec.required and not cleaned:
            raise _WrongError(N_("Choose at least one."))
        return tuple(dict.fromkeys(_one_of(text, options.get(spec.key, ())) for text in cleaned))
    if not cleaned:
        if spec.required:
            raise _WrongError(_EMPTY[spec.kind])
        return None
    if spec.kind is FieldKind.PERSON:
        return _one_of(cleaned[0], options.get(spec.key, ()))
    if spec.kind is FieldKind.CHOICE:
        return _one_of(cleaned[0], spec.choices)
    return _READERS[spec.kind](cleaned[0])


def _clean(text: str) -> str:
    return unicodedata.normalize("NFC", text.replace("\r\n", "\n")).strip()


def _one_of(text: str, choices: Sequence[Choice]) -> str:
    if all(choice.key != text for choice in choices):
        raise _WrongError(N_("Choose one of the list."))
    return text


def _line(text: str) -> str:
    if "\n" in text:
        raise _WrongError(N_("Write it in one line."))
    return _bounded(text, LINE_AT_MOST)


def _paragraphs(text: str) -> str:
    return _bounded(text, LONGEST_TEXT)


def _bounded(text: str, most: int) -> str:
    if len(text) > most:
        raise _WrongError(N_("Shorten the text: {most} characters at most."), most=most)
    # Word files cannot hold control characters; they come with text copied from elsewhere.
    if any(unicodedata.category(sign) in ("Cc", "Cs") and sign not in "\n\t" for sign in text):
        raise _WrongError(N_("The text holds invisible characters. Type it anew."))
    return text


def _date(text: str) -> date:
    try:
        return read_day(text)
    except NotADayError:
        raise _WrongError(N_("Write the date as day, month, year: 30.01.2026.")) from None
    except NoSuchDayError:
        raise _WrongError(N_("There is no such day in the calendar. Check the date.")) from None


def _number(text: str) -> int:
    digits = re.sub(r"\s", "", text)
    if not re.fullmatch(rf"\d{{1,{NUMBER_AT_MOST}}}", digits, re.ASCII):
        raise _WrongError(N_("Write a whole number in digits."))
    return int(digits)


def _yes_no(text: str) -> bool:
    if text not in ("yes", "no"):
        raise _WrongError(N_("Choose one of the list."))
    return text == "yes"


def _link(text: str) -> str:
    try:
        parts = urlsplit(_line(text))
    except ValueError:
        parts = urlsplit("")
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise _WrongError(N_("Write the whole address, beginning with https://."))
    return text


_READERS: Mapping[FieldKind, Callable[[str], object]] = {
    FieldKind.TEXT: _line,
    FieldKind.LONG_TEXT: _paragraphs,
    FieldKind.DATE: _date,
    FieldKind.NUMBER: _number,
    FieldKind.YES_NO: _yes_no,
    FieldKind.LINK: _link,
}
_EMPTY: Mapping[FieldKind, str] = {
    FieldKind.TEXT: N_("Fill in this field."),
    FieldKind.LONG_TEXT: N_("Fill in this field."),
    FieldKind.DATE: N_("Enter the date."),
    FieldKind.NUMBER: N_("Enter the number."),
    FieldKind.PERSON: N_("Choose a person."),
    FieldKind.CHOICE: N_("Choose one of the list."),
    FieldKind.YES_NO: N_("Choose “yes” or “no”."),
    FieldKind.LINK: N_("Enter the address of the page."),
}
