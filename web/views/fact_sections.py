"""A long form in pages: one thing on each of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from web.forms.names import is_asked
from workflow.domain.refusals import N_
from workflow.domain.regulations import FieldKind, FieldSpec

MAIN = "main"
MORE = "more"
MAIN_TITLE = N_("Main facts")
MORE_TITLE = N_("Further facts, if needed")
KNOWN = "known"
KNOWN_TITLE = N_("What is known of the pair")
#: Sections whose title is a sentence of the catalogue.
TITLED = (MAIN, MORE, KNOWN)

#: What fills a page by itself: a table, a list of people or of documents.
_ALONE = frozenset({FieldKind.ROWS, FieldKind.PEOPLE, FieldKind.DOCUMENTS})


@dataclass(frozen=True)
class Section:
    """A page of the form; `title` is a msgid for those TITLED, else the field's own label."""

    key: str
    title: str
    fields: tuple[FieldSpec, ...]


def sections_of(fields: Sequence[FieldSpec], *, personal: bool = False) -> tuple[Section, ...]:
    """Divide the fields that people fill in.

    First the documents that it is all about, then the obligatory single facts, then each table or
    list by itself, at last what may be left out. In a `personal` paper what the pair says stands
    apart: its author is asked for the rest alone.
    """
    asked = [spec for spec in fields if is_asked(spec)]
    known = [spec for spec in asked if personal and _is_said_by_pair(spec)]
    asked = [spec for spec in asked if spec not in known]
    alone = [Section(spec.key, spec.label, (spec,)) for spec in asked if spec.kind in _ALONE]
    about = [one for one in alone if one.fields[0].kind is FieldKind.DOCUMENTS]
    single = [spec for spec in asked if spec.kind not in _ALONE]
    main = Section(MAIN, MAIN_TITLE, tuple(spec for spec in single if spec.required))
    more = Section(MORE, MORE_TITLE, tuple(spec for spec in single if not spec.required))
    pair = Section(KNOWN, KNOWN_TITLE, tuple(known))
    ordered = (*about, main, *(one for one in alone if one not in about), more, pair)
    return tuple(section for section in ordered if section.fields)


def _is_said_by_pair(spec: FieldSpec) -> bool:
    return spec.source.startswith("pair.") and spec.kind is not FieldKind.ROWS


def relaxed(fields: Sequence[FieldSpec]) -> tuple[FieldSpec, ...]:
    """The same fields with nothing obligatory: for keeping what is not complete yet."""
    return tuple(replace(spec, required=False, columns=relaxed(spec.columns)) for spec in fields)
