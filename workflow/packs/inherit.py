"""federal → region → municipality → organisation: a child says what differs.

Sections are merged word by word; a list or a single value replaces the parent's; a word with
nothing after it removes what the parent had. What the parent marks `law: true` may only become
tighter.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from workflow.domain.deadline_phrases import PhraseError, Recurrence, Term, read_phrase
from workflow.domain.periods import MONTHS_IN
from workflow.domain.refusals import N_
from workflow.domain.regulations import SignatureKind
from workflow.domain.rules import LIMITS, Tighter
from workflow.packs.explain import place_of
from workflow.packs.problems import PackProblem
from workflow.packs.read import MapNode, Node, Scalar, plain

Path = tuple[str, ...]
OF_THE_PACK_ITSELF = frozenset({"name", "title", "inherits"})
# Words that change how a rule reads, not what it demands.
FREE_WORDS = frozenset(
    {"article", "label", "hint", "title", "genitive", "default", "source", "template", "columns",
     "choices", "fields", "route", "deadlines", "nomenclature", "register", "case_kind", "approves",
     "addressee", "debtor"}
)  # fmt: skip


def merge(parent: MapNode, child: MapNode) -> MapNode:
    """Return the child's words over the parent's, in the parent's order, new ones last."""
    entries, keys = dict(parent.entries), dict(parent.keys)
    for key, value in child.entries.items():
        known = entries.get(key)
        if isinstance(value, Scalar) and value.value is None and known is not None:
            del entries[key], keys[key]
            continue
        if isinstance(value, MapNode) and isinstance(known, MapNode):
            value = merge(known, value)
        entries[key], keys[key] = value, child.keys[key]
    return MapNode(entries, keys, child.place)


def loosenings(parent: MapNode, merged: MapNode, child: MapNode) -> Iterator[PackProblem]:
    """Yield a problem for each thing that `parent` marks as law and `merged` has loosened.

    `child` is the pack that did it; it gives the place.
    """
    for path, law in _laws(parent, ()):
        now = _at(merged, path)
        for word in _loosened(path, law, now if isinstance(now, MapNode) else None):
            yield _loosening(path, word, law, now, child)


def _loosening(
    path: Path, word: str, law: MapNode, now: Node | None, child: MapNode
) -> PackProblem:
    """Name both articles: the one that fixes it and the one that was put against it."""
    where = path + ((word,) if word else ())
    fixed_by = _written(law, "article")
    own = _written(now, "article") if isinstance(now, MapNode) else ""
    msgid = (
        N_("“{what}” is fixed by law ({parent_article}); this pack loosens it ({article}).")
        if own and own != fixed_by
        else N_("“{what}” is fixed by law ({parent_article}); this pack loosens it.")
    )
    return PackProblem(
        place_of(child, where),
        "pack.loosens_law",
        msgid,
        N_("Remove the line, or write a stricter value."),
        {"what": ".".join(where), "parent_article": fixed_by or "—", "article": own},
    )


def _laws(node: Node, path: Path, above: bool = False) -> Iterator[tuple[Path, MapNode]]:
    """Yield the sections that are law; a type that is one makes its signature one (`above`)."""
    if not isinstance(node, MapNode):
        return
    law = above or _value(node, "law") is True
    if law:
        yield path, node
    for key, entry in node.entries.items():
        yield from _laws(entry, (*path, key), law and key == "signature")


def _at(node: Node, path: Path) -> Node | None:
    for key in path:
        if not isinstance(node, MapNode) or key not in node.entries:
            return None
        node = node.entries[key]
    return node


def _value(node: MapNode, word: str) -> object:
    entry = node.entries.get(word)
    return None if entry is None else plain(entry)


def _written(node: MapNode, word: str) -> str:
    value = _value(node, word)
    return value if isinstance(value, str) else ""


def _loosened(path: Path, law: MapNode, now: MapNode | None) -> Iterator[str]:
    """Yield the words under a law that became looser; an empty one when the whole is gone."""
    if now is None:
        yield ""
        return
    words = [word for word in law.entries if word not in FREE_WORDS]
    words += [word for word in now.entries if word not in law.entries and word not in FREE_WORDS]
    for word in words:
        before, after = _value(law, word), _value(now, word)
        if before != after and not _tighter(Change(path, word, before, after, law)):
            yield word


@dataclass(frozen=True)
class Change:
    """A word under a law: its value before and after."""

    path: Path
    word: str
    before: object
    after: object
    law: MapNode


def _tighter(change: Change) -> bool:
    """Tell whether a changed word demands more. What cannot be compared does not."""
    judge = JUDGES.get(change.word)
    return judge is not None and judge(change)


def _turned_on(change: Change) -> bool:
    return change.after is True


def _turned_off(change: Change) -> bool:
    return change.after in (False, None)


def _holds_more(change: Change) -> bool:
    before, after = (_names(value) for value in (change.before, change.after))
    return after >= before


def _names(value: object) -> frozenset[object]:
    if isinstance(value, list):
        return frozenset(value)
    return frozenset() if value is None else frozenset({value})


def _signature_kind_rises(change: Change) -> bool:
    order: list[object] = [kind.value for kind in SignatureKind]
    if change.path[-1] != "signature" or change.after not in order:
        return False
    return change.before in order and order.index(change.after) > order.index(change.before)


def _limit_tightens(change: Change) -> bool:
    limit = LIMITS.get(_written(change.law, "rule") or change.path[-1])
    if limit is None or not (isinstance(change.before, int) and isinstance(change.after, int)):
        return False
    if limit.tighter is Tighter.LOWER:
        return change.after < change.before
    return change.after > change.before


def _term_shortens(change: Change) -> bool:
    try:
        before, after = (read_phrase(str(value)) for value in (change.before, change.after))
    except PhraseError:
        return False
    match before, after:
        case Term(), Term():
            same = (before.unit, before.after) == (after.unit, after.after)
            return same and after.amount <= before.amount
        case Recurrence(), Recurrence():
            return MONTHS_IN[after.every] < MONTHS_IN[before.every]
        case _:
            return False


JUDGES: Mapping[str, Callable[[Change], bool]] = {
    "required": _turned_on,
    "exactly": _turned_on,
    "labour": _turned_on,
    "soft": _turned_off,
    "survives_rework": _turned_off,
    "after": _holds_more,
    "depends_on": _holds_more,
    "kind": _signature_kind_rises,
    "value": _limit_tightens,
    "due": _term_shortens,
    # It is judged by its own words, unless it is gone.
    "signature": lambda change: change.after is not None,
}
