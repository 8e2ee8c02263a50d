"""Naming what was added to a PDF after it was first signed, revision by revision.

Whether an addition is permitted is judged elsewhere (`signing.pdf.changes`); here each one is
named for the reader, permitted or not.
"""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from typing import Any  # pyHanko's PDF objects have no better type

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.reader import HistoricalResolver, PdfFileReader
from pyhanko.sign.fields import enumerate_sig_fields

from signing.errors import MALFORMED
from signing.pdf.objects import entry
from signing.verdicts import Remark
from signing.words import N_, harmless

MAX_OBJECTS = 20_000
MAX_PAGES = 500
SHOWN = 8
ASIDE = frozenset({"/Parent", "/Annots", "/P", "/StructParents", "/Popup", "/Dest"})
NOT_SETTINGS = frozenset({"/AcroForm", "/DSS", "/Pages", "/Metadata", "/Extensions", "/Type"})
WRITTEN_ANEW = frozenset({"/ModDate", "/Producer"})
Reference = tuple[int, int]

SIGNED = N_("Version {version} of {total}, added later: a signature in the field “{what}”.")
UNSIGNED = N_("Version {version} of {total}, added later: the signature “{what}” was taken away.")
ALTERED = N_("Version {version} of {total}, added later: the signature “{what}” was altered.")
LONG_TERM = N_("Version {version} of {total}, added later: data for long-term keeping.")
PAGES = N_(
    "Version {version} of {total}, added later: pages were added, removed, exchanged or reordered."
)
SHOWS = N_("Version {version} of {total}, added later: page {what} shows something else.")
NOTES = N_(
    "Version {version} of {total}, added later: notes, marks or fields were laid over page {what}."
)
FORM = N_("Version {version} of {total}, added later: fields of the form were changed: {what}.")
SETTINGS = N_(
    "Version {version} of {total}, added later: settings of the document were changed: {what}."
)
PROPERTIES = N_("Version {version} of {total}, added later: title or other properties of the file.")
OBJECTS = N_("Version {version} of {total}, added later: internal objects ({what}).")
UNREADABLE = N_("Version {version} of {total}, added later, cannot be taken apart.")


def later_revisions(reader: PdfFileReader) -> tuple[Remark, ...]:
    """Return at least one remark for each revision that came after the first signed one.

    A signature that was hidden later counts as signed: its own revision still shows it.
    """
    total = reader.xrefs.total_revisions
    first = next((r for r in range(total) if _signed_in(reader, r)), total)
    return tuple(
        remark
        for revision in range(first + 1, total)
        for remark in _remarks(reader, revision, total)
    )


def codes_since(reader: PdfFileReader, revision: int) -> frozenset[str]:
    """Return the codes of everything that came after this revision."""
    total = reader.xrefs.total_revisions
    later = range(revision + 1, total)
    return frozenset(each.code for number in later for each in _remarks(reader, number, total))


def _signed_in(reader: PdfFileReader, revision: int) -> bool:
    try:
        return bool(_filled(reader.get_historical_resolver(revision)))
    except MALFORMED:
        return False


def _remarks(reader: PdfFileReader, revision: int, total: int) -> Iterator[Remark]:
    where: dict[str, str | int] = {"version": revision + 1, "total": total}
    try:
        found = list(_changes(reader, revision))
    except MALFORMED:
        yield Remark("revision_unreadable", UNREADABLE, where)
        return
    for code, msgid, what in found:
        yield Remark(code, msgid, where | ({"what": what} if what else {}))


def _changes(reader: PdfFileReader, revision: int) -> Iterator[tuple[str, str, str]]:
    """Yield code, sentence and what it is about for everything that the revision changed."""
    old = reader.get_historical_resolver(revision - 1)
    new = reader.get_historical_resolver(revision)
    written = reader.xrefs.explicit_refs_in_revision(revision)
    freed = reader.xrefs.refs_freed_in_revision(revision)
    changed = {(each.idnum, each.generation) for each in (*written, *freed)}
    named = 0
    for change in (
        *_signatures(old, new, changed),
        *_long_term(old, new, changed),
        *_pages(old, new, changed),
        *_form(old, new, changed),
        *_settings(old, new, changed),
    ):
        named += 1
        yield change
    if not named:
        yield "revision_objects", OBJECTS, str(len(changed))


def _signatures(
    old: HistoricalResolver, new: HistoricalResolver, changed: set[Reference]
) -> Iterator[tuple[str, str, str]]:
    before, after = _filled(old), _filled(new)
    for name, at in sorted(after.items()):
        if name not in before:
            yield "revision_signature", SIGNED, name
        elif at in changed or before[name] != at:
            yield "revision_altered", ALTERED, name
    for name in sorted(before.keys() - after.keys()):
        yield "revision_unsigned", UNSIGNED, name


def _filled(resolver: HistoricalResolver) -> dict[str, Reference | None]:
    """Return the fields that hold a signature by name, and where each signature stands."""
    fields = enumerate_sig_fields(resolver, filled_status=True)
    return {harmless(str(name)): _at(value.get_object()) for name, value, _ in fields}


def _long_term(
    old: HistoricalResolver, new: HistoricalResolver, changed: set[Reference]
) -> Iterator[tuple[str, str, str]]:
    store = entry(new.root, "/DSS")
    if store is not None and ("/DSS" not in old.root or _touched(new.root, "/DSS", changed)):
        yield "revision_long_term", LONG_TERM, ""


def _pages(
    old: HistoricalResolver, new: HistoricalResolver, changed: set[Reference]
) -> Iterator[tuple[str, str, str]]:
    before, after = _page_list(old), _page_list(new)
    if [at for at, _ in before] != [at for at, _ in after]:
        yield "revision_pages", PAGES, ""
    signatures = _signature_widgets(new)
    there = dict(before)
    shows, notes = [], []
    for number, (at, page) in enumerate(after, start=1):
        if at not in there:
            continue
        if _reached(page, ASIDE) & changed or _own(page) != _own(there[at]):
            shows.append(number)
        laid = {ref for ref in _annotations(page) if ref not in signatures}
        gone = _annotations(there[at]) - _annotations(page)
        if gone or laid - _annotations(there[at]) or _reached_from(new, laid) & changed:
            notes.append(number)
    if shows:
        yield "revision_shows", SHOWS, _listed(shows)
    if notes:
        yield "revision_notes", NOTES, _listed(notes)


def _form(
    old: HistoricalResolver, new: HistoricalResolver, changed: set[Reference]
) -> Iterator[tuple[str, str, str]]:
    before, after = _fields(old), _fields(new)
    names = [
        name
        for name, field in after.items()
        if entry(field, "/FT") != "/Sig"
        and (name not in before or _reached(field, ASIDE) & changed or _at(field) in changed)
    ]
    names += [name for name in before if name not in after and entry(before[name], "/FT") != "/Sig"]
    if names:
        yield "revision_form", FORM, _listed(sorted(map(harmless, names)))


def _settings(
    old: HistoricalResolver, new: HistoricalResolver, changed: set[Reference]
) -> Iterator[tuple[str, str, str]]:
    keys = sorted(
        key
        for key in {*old.root.keys(), *new.root.keys()} - NOT_SETTINGS
        if _value(old.root, key) != _value(new.root, key) or _touched(new.root, key, changed)
    )
    if keys:
        yield "revision_settings", SETTINGS, _listed([harmless(key) for key in keys])
    if (
        _described(old) != _described(new)
        or _reached(entry(new.trailer_view, "/Info"), WRITTEN_ANEW) & changed
        or _value(old.root, "/Metadata") != _value(new.root, "/Metadata")
        or _touched(new.root, "/Metadata", changed)
    ):
        yield "revision_properties", PROPERTIES, ""


def _described(resolver: HistoricalResolver) -> dict[str, bytes]:
    """Return the properties of the file, apart from those that every program writes anew."""
    info = entry(resolver.trailer_view, "/Info", {})
    return {key: _value(info, key) for key in info if key not in WRITTEN_ANEW}


def _listed(items: list[Any]) -> str:
    """Return the first few as text; an ellipsis stands for the rest."""
    texts = [str(item) for item in items[:SHOWN]]
    return ", ".join(texts + ["…"] * (len(items) > SHOWN))


def _page_list(resolver: HistoricalResolver) -> list[tuple[Reference | None, Any]]:
    """Return the pages in their order, each with its reference; at most MAX_PAGES."""
    found: list[tuple[Reference | None, Any]] = []
    waiting: list[Any] = [resolver.root["/Pages"]]
    seen: set[Reference] = set()
    while waiting and len(found) < MAX_PAGES:
        node = waiting.pop(0)
        if "/Kids" not in node:
            found.append((_at(node), node))
            continue
        at = _at(node)
        if at is not None and at in seen:
            raise ValueError("the tree of pages has a loop")
        seen |= {at} if at else set()
        waiting = [kid.get_object() for kid in node["/Kids"]] + waiting
    return found


def _own(page: Any) -> dict[str, bytes]:
    """Return what stands in the page itself, apart from notes and its place in the tree."""
    return {key: _value(page, key) for key in page.keys() if key not in ASIDE}  # noqa: SIM118


def _annotations(page: Any) -> set[Reference]:
    raw = entry(page, "/Annots", ())
    return {_named(each) for each in raw if isinstance(each, generic.IndirectObject)}


def _signature_widgets(resolver: HistoricalResolver) -> set[Reference]:
    """Return the fields of signatures and their widgets."""
    found: set[Reference] = set()
    for _, _, reference in enumerate_sig_fields(resolver, filled_status=True):
        found.add((reference.idnum, reference.generation))
        kids = entry(reference.get_object(), "/Kids", ())
        found |= {_named(k) for k in kids if isinstance(k, generic.IndirectObject)}
    return found


def _fields(resolver: HistoricalResolver) -> dict[str, Any]:
    form = entry(resolver.root, "/AcroForm", {})
    fields = [each.get_object() for each in entry(form, "/Fields", ())]
    return {str(entry(field, "/T", "")): field for field in fields}


def _touched(holder: Any, key: str, changed: set[Reference]) -> bool:
    """Say whether the value of `key`, or what hangs on it, is among the changed objects."""
    if key not in holder:
        return False
    value = holder.raw_get(key)
    own = {_named(value)} if isinstance(value, generic.IndirectObject) else set()
    # Not `holder[key]`: pyHanko gives XMP metadata in a form that older revisions cannot take over.
    return bool((own | _reached(value.get_object(), ASIDE)) & changed)


def _reached_from(resolver: HistoricalResolver, starts: set[Reference]) -> set[Reference]:
    found = set(starts)
    for idnum, generation in starts:
        found |= _reached(resolver(generic.Reference(idnum, generation, resolver)), ASIDE)
    return found


def _reached(start: Any, aside: frozenset[str]) -> set[Reference]:
    """Return every reference that hangs on an object, except under the keys `aside`.

    Pages that are only pointed at do not hang on it. At most MAX_OBJECTS (ValueError).
    """
    found: set[Reference] = set()
    waiting: list[Any] = [start]
    while waiting:
        value: Any = waiting.pop()
        if isinstance(value, generic.IndirectObject):
            at = _named(value)
            if at in found:
                continue
            found.add(at)
            if len(found) > MAX_OBJECTS:
                raise ValueError("too many objects hang together")
            value = _pointed_at(value)
            if value is None:
                continue
            if isinstance(value, generic.DictionaryObject) and entry(value, "/Type") == "/Page":
                found.discard(at)
                continue
        if isinstance(value, generic.DictionaryObject):
            waiting += [value.raw_get(key) for key in value.keys() if key not in aside]  # noqa: SIM118
        elif isinstance(value, generic.ArrayObject):
            waiting += list(value)
    return found


def _value(holder: Any, key: str) -> bytes:
    """Return what stands under `key` as it is written in a file; references are not followed."""
    if key not in holder:
        return b""
    written = BytesIO()
    holder.raw_get(key).write_to_stream(written)  # `repr` names the same null twice differently
    return written.getvalue()


def _pointed_at(reference: Any) -> Any:
    """Return what the reference points at, None when it is nothing that can be read."""
    try:
        return reference.get_object()
    except MALFORMED:
        return None


def _at(value: Any) -> Reference | None:
    reference = value.container_ref
    at = getattr(reference, "idnum", None)
    return None if at is None else (at, reference.generation)


def _named(reference: Any) -> Reference:
    return reference.idnum, reference.generation
