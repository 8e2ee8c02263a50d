"""What was added to a PDF after one of its revisions: nothing but signatures, or something else.

pyHanko's difference analysis compares revisions after a signature, when there is a form already.
`FirstFormRule` lets it begin with a revision that has no form yet.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any  # pyHanko's PDF objects have no better type

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.reader import HistoricalResolver, PdfFileReader
from pyhanko.sign.diff_analysis import (
    CatalogModificationRule,
    DiffResult,
    DocInfoRule,
    DSSCompareRule,
    FormUpdatingRule,
    MetadataUpdateRule,
    ModificationLevel,
    ObjectStreamRule,
    SigFieldCreationRule,
    SigFieldModificationRule,
    StandardDiffPolicy,
    SuspiciousModification,
    XrefStreamRule,
)
from pyhanko.sign.diff_analysis.form_rules_api import (
    FieldComparisonContext,
    FieldComparisonSpec,
    FormUpdate,
)
from pyhanko.sign.fields import enumerate_sig_fields

FORM_KEYS = {"/Fields", "/SigFlags", "/DA", "/DR", "/Type"}
Update = tuple[ModificationLevel, FormUpdate]


class FirstFormRule(FormUpdatingRule):
    """Judges a form that a revision adds to a document without one: signature fields only."""

    def apply(self, old: HistoricalResolver, new: HistoricalResolver) -> Iterable[Update]:
        """Yield the references that are in order; raises SuspiciousModification for others."""
        if "/AcroForm" in old.root:
            yield from super().apply(old, new)
        elif "/AcroForm" in new.root:
            yield from self._first_form(old, new)

    def _first_form(self, old: HistoricalResolver, new: HistoricalResolver) -> Iterator[Update]:
        form = new.root["/AcroForm"]
        if not isinstance(form, generic.DictionaryObject) or set(form.keys()) - FORM_KEYS:
            raise SuspiciousModification("The new form holds more than signatures")
        for holder, key in ((new.root, "/AcroForm"), (form, "/Fields")):
            value = holder.raw_get(key)
            if isinstance(value, generic.IndirectObject):
                yield _cleared(value.reference, ModificationLevel.LTA_UPDATES)
        if "/DR" in form:
            added = new.collect_dependencies(form.raw_get("/DR"), since_revision=old.revision + 1)
            for reference in added:
                yield _cleared(reference, ModificationLevel.FORM_FILLING)
        context = FieldComparisonContext(field_specs=_new_fields(form), old=old, new=new)
        for rule in self.field_rules:
            yield from rule.apply(context)


def _cleared(reference: Any, level: ModificationLevel) -> Update:
    return level, FormUpdate(updated_ref=reference, field_name=None)


def _new_fields(form: Any) -> dict[str, FieldComparisonSpec]:
    """Return the fields of a new form, all of which must be signature fields of one level."""
    fields: dict[str, FieldComparisonSpec] = {}
    for reference in form["/Fields"]:
        field = reference.get_object()
        name = str(field["/T"])
        named_kids = [kid for kid in field.get("/Kids", ()) if "/T" in kid.get_object()]
        if field.get("/FT") != "/Sig" or named_kids or name in fields:
            raise SuspiciousModification("The new form holds more than signature fields")
        fields[name] = FieldComparisonSpec(
            field_type="/Sig",
            old_field_ref=None,
            new_field_ref=reference.reference,
            old_canonical_path=None,
        )
    return fields


SIGNATURES_ONLY = StandardDiffPolicy(
    global_rules=[
        CatalogModificationRule(),  # type: ignore[no-untyped-call]  # pyHanko's
        DocInfoRule().as_qualified(ModificationLevel.LTA_UPDATES),
        XrefStreamRule().as_qualified(ModificationLevel.LTA_UPDATES),
        ObjectStreamRule().as_qualified(ModificationLevel.LTA_UPDATES),
        DSSCompareRule().as_qualified(ModificationLevel.LTA_UPDATES),
        MetadataUpdateRule().as_qualified(ModificationLevel.LTA_UPDATES),  # type: ignore[no-untyped-call]  # pyHanko's
    ],
    form_rule=FirstFormRule(  # no GenericFieldModificationRule: no other field may change
        field_rules=[
            SigFieldCreationRule(),  # type: ignore[no-untyped-call]  # pyHanko's
            SigFieldModificationRule(),
        ]
    ),
)


def signatures_added(reader: PdfFileReader, revision: int) -> ModificationLevel | None:
    """Return how far the revisions after `revision` go, None when they hold anything else.

    At most FORM_FILLING: signatures were added. LTA_UPDATES: only data for long-term keeping.
    """
    changes = SIGNATURES_ONLY.review_file(reader, revision)
    if not isinstance(changes, DiffResult):
        return None
    signature_fields = {name for name, _, _ in enumerate_sig_fields(reader)}
    if changes.modification_level > ModificationLevel.FORM_FILLING:
        return None
    return changes.modification_level if changes.changed_form_fields <= signature_fields else None


def visible_since(reader: PdfFileReader, revision: int) -> bool:
    """Say whether a signature filled in after `revision` takes any room on a page."""
    for _, value, reference in enumerate_sig_fields(reader, filled_status=True):
        signed_in = reader.xrefs.get_last_change(value.reference)
        if signed_in > revision and any(_has_room(widget) for widget in _widgets(reference)):
            return True
    return False


def _widgets(reference: Any) -> Iterator[Any]:
    field = reference.get_object()
    yield field
    for kid in field.get("/Kids", ()):
        yield kid.get_object()


def _has_room(widget: Any) -> bool:
    left, bottom, right, top = (float(number) for number in widget.get("/Rect", (0, 0, 0, 0)))
    return left != right and bottom != top
