"""Facts of a document: what a person filled in, checked against the fields of its type."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from urllib.parse import urlsplit
from uuid import UUID

from workflow.domain.refusals import N_
from workflow.domain.regulations import FieldKind, FieldSpec

LONGEST_TEXT = 20_000
LONGEST_LINK = 2_000
MOST_ROWS = 500


@dataclass(frozen=True)
class FactProblem:
    """What is wrong with one fact; `path` is the field's key, for a row `rows.3.text`."""

    path: str
    msgid: str
    params: Mapping[str, object] = field(default_factory=dict)


def check_facts(
    fields: Sequence[FieldSpec], facts: Mapping[str, object], prefix: str = ""
) -> tuple[FactProblem, ...]:
    """All problems at once, in the order of the fields; empty when the facts are complete."""
    problems: list[FactProblem] = []
    for spec in fields:
        path = prefix + spec.key
        value = facts.get(spec.key)
        if _is_empty(value):
            if spec.required and not _filled_by_system(spec):
                problems.append(FactProblem(path, N_("Fill in “{label}”."), {"label": spec.label}))
            continue
        problems.extend(_check_value(spec, value, path))
    return tuple(problems)


def _is_empty(value: object) -> bool:
    """Whether nothing was filled in; blanks say nothing either."""
    return not value.strip() if isinstance(value, str) else value in (None, (), [])


def _filled_by_system(spec: FieldSpec) -> bool:
    """A fact that nobody is asked for: it is worked out when the document is assembled."""
    return not spec.asked


def _check_value(spec: FieldSpec, value: object, path: str) -> tuple[FactProblem, ...]:
    match spec.kind:
        case FieldKind.TEXT | FieldKind.LONG_TEXT:
            return _check_text(spec, value, path)
        case FieldKind.DATE:
            good = isinstance(value, date) and not isinstance(value, datetime)
        case FieldKind.NUMBER:
            good = isinstance(value, int) and not isinstance(value, bool) and value >= 0
        case FieldKind.YES_NO:
            good = isinstance(value, bool)
        case FieldKind.CHOICE:
            good = any(choice.key == value for choice in spec.choices)
        case FieldKind.PERSON:
            good = _is_id(value)
        case FieldKind.PEOPLE | FieldKind.DOCUMENTS:
            good = isinstance(value, tuple) and all(_is_id(one) for one in value)
        case FieldKind.LINK:
            return _check_link(spec, value, path)
        case FieldKind.ROWS:
            return _check_rows(spec, value, path)
    return () if good else (_filled_wrongly(spec, path),)


def _filled_wrongly(spec: FieldSpec, path: str) -> FactProblem:
    return FactProblem(path, N_("“{label}” is not filled in properly."), {"label": spec.label})


def _check_text(spec: FieldSpec, value: object, path: str) -> tuple[FactProblem, ...]:
    if not isinstance(value, str) or len(value) > LONGEST_TEXT:
        return (
            FactProblem(
                path,
                N_("“{label}” is longer than {most} characters."),
                {"label": spec.label, "most": LONGEST_TEXT},
            ),
        )
    if any(ord(c) < 32 and c not in "\n\r\t" for c in value):
        return (
            FactProblem(
                path,
                N_("“{label}” holds characters that cannot be printed."),
                {"label": spec.label},
            ),
        )
    return ()


def _check_link(spec: FieldSpec, value: object, path: str) -> tuple[FactProblem, ...]:
    if isinstance(value, str) and len(value) < LONGEST_LINK and _is_web_address(value):
        return ()
    message = N_("“{label}” must be an address that begins with https:// or http://.")
    return (FactProblem(path, message, {"label": spec.label}),)


def _is_web_address(value: str) -> bool:
    try:
        parts = urlsplit(value)
        return parts.scheme in ("http", "https") and bool(parts.hostname)
    except ValueError:  # a bracket that is not closed
        return False


def _check_rows(spec: FieldSpec, value: object, path: str) -> tuple[FactProblem, ...]:
    if not isinstance(value, tuple) or len(value) > MOST_ROWS:
        message = N_("“{label}” has more than {most} rows.")
        return (FactProblem(path, message, {"label": spec.label, "most": MOST_ROWS}),)
    return tuple(
        problem
        for number, row in enumerate(value)
        for problem in _check_row(spec, row, f"{path}.{number}")
    )


def _check_row(spec: FieldSpec, row: object, path: str) -> tuple[FactProblem, ...]:
    if isinstance(row, Mapping):
        return check_facts(spec.columns, row, f"{path}.")
    return (_filled_wrongly(spec, path),)


def ids_in(value: object) -> tuple[UUID, ...]:
    """The ids in a field that names people or documents; what is none is left out."""
    named = value if isinstance(value, list | tuple) else ()
    return tuple(UUID(str(one)) for one in named if _is_id(str(one)))


def _is_id(value: object) -> bool:
    try:
        UUID(str(value))
    except ValueError:
        return False
    return True
