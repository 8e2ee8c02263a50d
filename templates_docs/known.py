"""Which fields a template may name: the common ones here, the type's own handed in.

A shape says what may stand after a field's name: nothing (a plain value), a dot and the names of a
record, or, inside a repetition, the item of a list.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from templates_docs.fields import (
    ApprovalFacts,
    OrgFacts,
    PersonFacts,
    RegistrationFacts,
    names_of,
)


@dataclass(frozen=True, slots=True)
class FieldShape:
    """A plain value unless `names` (a record) or `item` (a list) is given."""

    names: Mapping[str, FieldShape] | None = None
    item: FieldShape | None = None


PLAIN = FieldShape()

# What `loop` offers inside a repetition: numbers and yes/no, and the items before and after.
LOOP_FIELDS = ("index", "index0", "first", "last", "length", "revindex", "revindex0")
LOOP_NEIGHBOURS = ("previtem", "nextitem")


def record(names: Mapping[str, FieldShape]) -> FieldShape:
    return FieldShape(names=names)


def list_of(item: FieldShape) -> FieldShape:
    return FieldShape(item=item)


def loop_over(item: FieldShape) -> FieldShape:
    """Return the shape of `loop` in a repetition over such items."""
    return record(dict.fromkeys(LOOP_FIELDS, PLAIN) | dict.fromkeys(LOOP_NEIGHBOURS, item))


def _facts(kind: type) -> FieldShape:
    return record(dict.fromkeys(names_of(kind), PLAIN))


ORGANISATION = _facts(OrgFacts)
PERSON = _facts(PersonFacts)
REGISTRATION = _facts(RegistrationFacts)
APPROVAL = _facts(ApprovalFacts)
# What every document has, whatever its type.
COMMON_FIELDS: Mapping[str, FieldShape] = {
    "org": ORGANISATION,
    "issuer": ORGANISATION,
    "head": PERSON,
    "reg": REGISTRATION,
    "approval": APPROVAL,
}
