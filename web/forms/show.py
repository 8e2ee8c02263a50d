"""From fields and what stands in them to what the macros draw."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from web.dates import short_date
from web.forms.names import Entered, cell_name, count_name, is_asked, row_count
from web.forms.read import FieldError, Options
from workflow.domain.regulations import Choice, FieldKind, FieldSpec

RADIOS_AT_MOST = 5  # more choices than that stand in a list that opens
MANY = (FieldKind.PEOPLE, FieldKind.DOCUMENTS)


@dataclass(frozen=True)
class FieldView:
    """A field as it is drawn: what stands in it, what is wrong with it.

    `widget` is one of text, textarea, date, number, url, select, radios, scale, checkboxes, rows.
    `texts` is what was entered (several with checkboxes). `rows` are the cells of a table,
    row by row, and `headings` the labels above them.
    """

    name: str
    label: str
    widget: str
    required: bool
    hint: str = ""
    article: str = ""
    texts: tuple[str, ...] = ()
    choices: tuple[Choice, ...] = ()
    error: FieldError | None = None
    rows: tuple[tuple[FieldView, ...], ...] = ()
    headings: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        return self.texts[0] if self.texts else ""

    @property
    def pairs(self) -> tuple[tuple[str, str], ...]:
        """Return the choices as key and label."""
        return tuple((choice.key, choice.label) for choice in self.choices)


def entered_from(fields: Sequence[FieldSpec], values: Mapping[str, object]) -> Entered:
    """Return stored or proposed values as they stand in a form; defaults where there is none."""
    entered = Entered()
    for spec in filter(is_asked, fields):
        value = values.get(spec.key, spec.default)
        if spec.kind is not FieldKind.ROWS:
            entered.setlist(spec.key, _texts(value))
            continue
        rows = value if isinstance(value, list | tuple) else ()
        entered[count_name(spec.key)] = str(len(rows) or 1)
        for number, row in enumerate(rows):
            for column in spec.columns:
                name = cell_name(spec.key, number, column.key)
                entered.setlist(name, _texts(row.get(column.key, column.default)))
    return entered


def form_fields(
    fields: Sequence[FieldSpec],
    entered: Entered,
    errors: Sequence[FieldError] = (),
    options: Options | None = None,
) -> tuple[FieldView, ...]:
    """Return the fields with what was entered in them, right or wrong, and their errors."""
    wrong = {error.name: error for error in errors}
    return tuple(
        _view(spec, spec.key, entered, wrong, options or {}) for spec in filter(is_asked, fields)
    )


def _view(
    spec: FieldSpec,
    name: str,
    entered: Entered,
    wrong: Mapping[str, FieldError],
    options: Options,
) -> FieldView:
    choices = tuple(options.get(spec.key, spec.choices))
    return FieldView(
        name=name,
        label=spec.label,
        widget=_widget(spec, choices),
        required=spec.required,
        hint=spec.hint,
        article=spec.article,
        texts=tuple(entered.getlist(name)),
        choices=choices,
        error=wrong.get(name),
        rows=_row_views(spec, entered, wrong, options),
        headings=tuple(column.label for column in spec.columns),
    )


def _row_views(
    spec: FieldSpec, entered: Entered, wrong: Mapping[str, FieldError], options: Options
) -> tuple[tuple[FieldView, ...], ...]:
    if spec.kind is not FieldKind.ROWS:
        return ()
    return tuple(
        tuple(
            _view(column, cell_name(spec.key, number, column.key), entered, wrong, options)
            for column in spec.columns
        )
        for number in range(row_count(entered, spec.key))
    )


def _widget(spec: FieldSpec, choices: Sequence[Choice]) -> str:
    match spec.kind:
        case FieldKind.LONG_TEXT:
            return "textarea"
        case FieldKind.LINK:
            return "url"
        case FieldKind.PERSON:
            return "select"
        case FieldKind.CHOICE:
            return _choice_widget(choices)
        case FieldKind.PEOPLE | FieldKind.DOCUMENTS:
            return "checkboxes"
        case FieldKind.YES_NO:
            return "yes_no"
        case _:
            return spec.kind.value


def _choice_widget(choices: Sequence[Choice]) -> str:
    """Marks are a row of large numbers, few answers stand below each other."""
    if choices and all(choice.label.isdecimal() for choice in choices):
        return "scale"
    return "radios" if len(choices) <= RADIOS_AT_MOST else "select"


def _texts(value: object) -> list[str]:
    match value:
        case None:
            return []
        case bool():
            return ["yes" if value else "no"]
        case date():
            return [short_date(value)]
        case list() | tuple():
            return [str(part) for part in value]
        case _:
            return [str(value)]
