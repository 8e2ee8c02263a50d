"""Which fields the types of the installed packs declare for a Word template.

Packs and templates do not know each other; the entrance holds one against the other.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path

import templates_docs
from templates_docs.known import PERSON, PLAIN, FieldShape, list_of, record
from workflow.domain.regulations import DocumentType, FieldKind, FieldSpec
from workflow.packs import names, read_pack

TEMPLATES = Path(templates_docs.__file__).parent / "library"


def shapes_of(fields: Iterable[FieldSpec]) -> dict[str, FieldShape]:
    """Return the fields of a type (or the columns of a table) as a template may name them."""
    return {field.key: _shape(field) for field in fields}


def _shape(field: FieldSpec) -> FieldShape:
    match field.kind:
        case FieldKind.PERSON:
            return PERSON
        case FieldKind.PEOPLE:
            return list_of(PERSON)
        case FieldKind.ROWS:
            return list_of(record(shapes_of(field.columns)))
        case FieldKind.DOCUMENTS:
            return list_of(PLAIN)
        case _:
            return PLAIN


@cache
def installed_types() -> Mapping[str, tuple[DocumentType, ...]]:
    """Return the types of all installed packs by the path of their template in the library.

    A broken pack declares nothing; `marshrut packs check` says what is wrong with it.
    """
    found: dict[str, tuple[DocumentType, ...]] = {}
    for name in names():
        regulation = read_pack(name).regulation
        for kind in regulation.document_types.values() if regulation else ():
            if kind.template:
                found[kind.template] = (*found.get(kind.template, ()), kind)
    return found


def known_fields(template: Path) -> Mapping[str, FieldShape] | None:
    """Return what the packs' types declare for the template's file; None: no type uses it."""
    file = template.resolve()
    if not file.is_relative_to(TEMPLATES.resolve()):
        return None
    kinds = installed_types().get(file.relative_to(TEMPLATES.resolve()).as_posix())
    if not kinds:
        return None
    return {key: shape for kind in kinds for key, shape in shapes_of(kind.fields).items()}
