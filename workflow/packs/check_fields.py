"""Do the fields of a type make sense: answers to choose from, columns, defaults that fit."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date
from urllib.parse import urlsplit

from workflow.domain.refusals import N_
from workflow.domain.regulations import FieldKind, Role
from workflow.packs.findings import Findings
from workflow.packs.schema import FieldModel

Path = tuple[str | int, ...]
# What a document of a pair may take from it.
PAIR_WORDS = (
    "mentor",
    "mentee",
    "mentees",
    "involved",
    "kind",
    "form",
    "need",
    "since",
    "until",
    "lines",
    "order_genitive",
    "order_instrumental",
    "own_order_genitive",
    "own_order_accusative",
    "notice_genitive",
    "notice_cause",
    "release",
    "plan",
    "meetings",
    "partial",
    "package",
    "recipients",
    "order",
)
# What FieldSpec.source may name, as people read it and as it is checked.
SOURCES = (
    "system",
    "mandate.curator",
    "order.instrumental",
    "order.genitive",
    "staff.all",
    "person.phone",
    "today",
    "today.+5",
    *(f"pair.{word}" for word in PAIR_WORDS),
    "notice.earliest",
    "signatory.basis",
)
SOURCE = re.compile(
    rf"system|mandate\.({'|'.join(Role)})|order\.(instrumental|genitive)"
    rf"|staff\.all|person\.phone|today(\.\+\d{{1,3}})?|pair\.({'|'.join(PAIR_WORDS)})"
    r"|notice\.earliest|signatory\.basis"
)
NAMES_SOMEBODY = frozenset({FieldKind.PERSON, FieldKind.PEOPLE})
WITHOUT_DEFAULT = NAMES_SOMEBODY | {FieldKind.DOCUMENTS}


def check_fields(findings: Findings, at: Path, fields: Mapping[str, FieldModel]) -> None:
    """Check the fields (or columns) that stand at `at`."""
    for key, field in fields.items():
        _check_parts(findings, (*at, key), key, field)
        if field.default is not None:
            _check_default(findings, (*at, key, "default"), key, field, field.default)
        check_fields(findings, (*at, key, "columns"), field.columns)


def _check_parts(findings: Findings, at: Path, key: str, field: FieldModel) -> None:
    for kind, word, part in (
        (FieldKind.CHOICE, "choices", field.choices),
        (FieldKind.ROWS, "columns", field.columns),
    ):
        if (field.kind is kind) == bool(part):
            continue
        if part:
            findings.add(
                (*at, word),
                "pack.field_part_unused",
                N_("The field “{key}” is no “{kind}”, so “{word}” means nothing here."),
                N_("Write “kind: {kind}” or remove “{word}”."),
                key=key,
                kind=kind.value,
                word=word,
            )
        else:
            findings.add(
                at,
                "pack.field_part_missing",
                N_("The field “{key}” has no “{word}”."),
                N_("A field of the kind “{kind}” needs them."),
                key=key,
                kind=kind.value,
                word=word,
            )
    if field.source and not SOURCE.fullmatch(field.source):
        findings.add(
            (*at, "source"),
            "pack.source_unknown",
            N_("Nothing fills a field from “{source}”."),
            N_("Possible: {known}."),
            source=field.source,
            known=", ".join(SOURCES),
        )


def _check_default(
    findings: Findings, at: Path, key: str, field: FieldModel, default: object
) -> None:
    if field.kind is FieldKind.ROWS:
        _check_rows(findings, at, field, default)
        return
    fits = FITS.get(field.kind)
    if fits is None or not fits(field, default):
        findings.add(
            at,
            "pack.default_does_not_fit",
            N_("The default of “{key}” does not fit its kind “{kind}”."),
            N_("Write a value of that kind, or remove the line."),
            key=key,
            kind=field.kind.value,
        )


def _check_rows(findings: Findings, at: Path, field: FieldModel, default: object) -> None:
    rows = default if isinstance(default, list) else [default]
    for number, row in enumerate(rows):
        if not isinstance(row, dict):
            findings.add(
                (*at, number),
                "pack.row_not_a_section",
                N_("A row has to be a section with the columns: {columns}."),
                N_("Write “- {first}: …”."),
                columns=", ".join(field.columns),
                first=next(iter(field.columns), "text"),
            )
            continue
        for word in row.keys() - field.columns.keys():
            findings.add(
                (*at, number, word),
                "pack.column_unknown",
                N_("The row names a column “{word}” that the table does not have."),
                N_("Possible: {columns}."),
                word=word,
                columns=", ".join(field.columns),
            )
        for word, column in field.columns.items():
            _check_cell(findings, (*at, number), word, column, row.get(word))


def _check_cell(findings: Findings, at: Path, word: str, column: FieldModel, value: object) -> None:
    if value is not None:
        _check_default(findings, (*at, word), word, column, value)
    elif column.required:
        findings.add(
            at,
            "pack.cell_missing",
            N_("The row has no “{word}”, and the column is required."),
            N_("Add “{word}: …”."),
            word=word,
        )


def _is_text(_: FieldModel, value: object) -> bool:
    return isinstance(value, str)


def _is_date(_: FieldModel, value: object) -> bool:
    try:
        date.fromisoformat(str(value))
    except ValueError:
        return False
    return True


def _is_link(_: FieldModel, value: object) -> bool:
    return urlsplit(str(value)).scheme in ("http", "https")


FITS: Mapping[FieldKind, Callable[[FieldModel, object], bool]] = {
    FieldKind.TEXT: _is_text,
    FieldKind.LONG_TEXT: _is_text,
    FieldKind.DATE: _is_date,
    FieldKind.NUMBER: lambda _, value: isinstance(value, int) and not isinstance(value, bool),
    FieldKind.CHOICE: lambda field, value: value in field.choices,
    FieldKind.YES_NO: lambda _, value: isinstance(value, bool),
    FieldKind.LINK: _is_link,
}
