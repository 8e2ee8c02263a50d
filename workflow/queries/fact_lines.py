"""Facts of a document as people read them: ids replaced by names."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from workflow.domain.regulations import FieldKind, FieldSpec
from workflow.store.unit_of_work import Repositories
from workflow.usecases.wording import document_named

#: One thing that was said: text, a number, a day, yes or no.
Said = str | int | bool | date


@dataclass(frozen=True)
class FactLine:
    """A field and what stands in it.

    `rows` holds one row of cells for each person, document or row of a table, and a single cell
    for everything else; it is empty when nothing was filled in, as a cell is then None.
    `headings` are those of a table.
    """

    key: str
    label: str
    kind: FieldKind
    required: bool
    rows: tuple[tuple[Said | None, ...], ...]
    headings: tuple[str, ...] = ()


@dataclass(frozen=True)
class Names:
    """What ids in facts stand for."""

    people: Mapping[str, str] = field(default_factory=dict)
    documents: Mapping[str, str] = field(default_factory=dict)


def names_in(
    tx: Repositories, fields: Sequence[FieldSpec], some: Iterable[Mapping[str, object]]
) -> Names:
    """Look up everybody and everything that these facts name, in few queries."""
    posts: set[UUID] = set()
    documents: set[UUID] = set()
    for facts in some:
        for kind, value in _ids(fields, facts):
            (documents if kind is FieldKind.DOCUMENTS else posts).add(UUID(value))
    employments = tx.employments.load_many(sorted(posts))
    people = tx.people.load_many([e.person_id for e in employments.values()])
    found = tx.documents.load_many(sorted(documents))
    return Names(
        {str(e.id): f"{people[e.person_id].short_name}, {e.post}" for e in employments.values()},
        {str(d.id): document_named(d) for d in found.values()},
    )


def _ids(
    fields: Sequence[FieldSpec], facts: Mapping[str, object]
) -> Iterable[tuple[FieldKind, str]]:
    for spec in fields:
        value = facts.get(spec.key)
        if not value:
            continue
        if spec.kind is FieldKind.PERSON:
            yield spec.kind, str(value)
        elif spec.kind in (FieldKind.PEOPLE, FieldKind.DOCUMENTS):
            for one in _each(value):
                yield spec.kind, str(one)
        elif spec.kind is FieldKind.ROWS:
            for row in _each(value):
                assert isinstance(row, Mapping)
                yield from _ids(spec.columns, row)


def fact_lines(
    fields: Sequence[FieldSpec], facts: Mapping[str, object], names: Names
) -> tuple[FactLine, ...]:
    """Return a line for each field that people fill in, in the order of the form."""
    return tuple(
        FactLine(
            key=spec.key,
            label=spec.label,
            kind=spec.kind,
            required=spec.required,
            rows=_rows(spec, facts.get(spec.key), names),
            headings=tuple(column.label for column in spec.columns),
        )
        for spec in fields
        if spec.source != "system"
    )


def _rows(spec: FieldSpec, value: object, names: Names) -> tuple[tuple[Said | None, ...], ...]:
    if value in (None, "", ()):
        return ()
    if spec.kind is FieldKind.ROWS:
        return tuple(
            tuple(_said(column, row.get(column.key), names) for column in spec.columns)
            for row in _each(value)
            if isinstance(row, Mapping)
        )
    if spec.kind in (FieldKind.PEOPLE, FieldKind.DOCUMENTS):
        return tuple((_said(spec, one, names),) for one in _each(value))
    return ((_said(spec, value, names),),)


def _said(spec: FieldSpec, value: object, names: Names) -> Said | None:
    match spec.kind:
        case FieldKind.PERSON | FieldKind.PEOPLE:
            # Several people stand in one cell of a table.
            return "; ".join(names.people.get(str(one), "") for one in _each(value))
        case FieldKind.DOCUMENTS:
            return names.documents.get(str(value), "")
        case FieldKind.CHOICE:
            return next((c.label for c in spec.choices if c.key == value), "")
        case _:
            return value if isinstance(value, str | int | date) else None


def _each(value: object) -> tuple[object, ...]:
    return tuple(value) if isinstance(value, list | tuple) else (value,)
