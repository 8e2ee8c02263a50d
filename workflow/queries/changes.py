"""What a new revision says otherwise than the one that was agreed or returned."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

from workflow.domain.documents import Document, Manifest, Revision, Verdict
from workflow.domain.routes import CLOSING, ORDER_FIX, ORDER_SIGN
from workflow.queries.fact_lines import FactLine, Said

_WORDS = re.compile(r"\s+|[^\s]+")
_REVIEWED = frozenset(
    {Verdict.AGREED, Verdict.AGREED_WITH_REMARKS, Verdict.RETURNED, Verdict.SIGNED}
)


class Difference(StrEnum):
    SAME = "same"
    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"


@dataclass(frozen=True)
class Piece:
    """A run of words that stayed, came or went."""

    difference: Difference
    text: str


@dataclass(frozen=True)
class CellChange:
    """A cell of a changed row: what stood there and what stands there now."""

    heading: str
    before: Said | None
    after: Said | None


@dataclass(frozen=True)
class RowChange:
    """A row that came, went or changed; `number` is its place from 1 where it stands or stood.

    `cells` are those of a row that came or went, `changed` those of a changed row that differ.
    """

    difference: Difference
    number: int
    cells: tuple[Said | None, ...] = ()
    changed: tuple[CellChange, ...] = ()


@dataclass(frozen=True)
class FieldChange:
    """A field that says something else: `pieces` for a text, `rows` for everything else."""

    label: str
    pieces: tuple[Piece, ...] = ()
    rows: tuple[RowChange, ...] = ()


@dataclass(frozen=True)
class Changes:
    """What is new since revision `since`.

    `annexes` are titles of annexes whose text is new; `moved` is true when nothing a person
    filled in has changed but the text has (the template, a name, a post).
    """

    since: int
    fields: tuple[FieldChange, ...]
    annexes: tuple[str, ...] = ()
    moved: bool = False


def last_reviewed(document: Document) -> Revision | None:
    """Return the newest earlier revision that somebody agreed, returned or signed."""
    numbers = {
        mark.revision
        for mark in document.marks
        if mark.verdict in _REVIEWED and mark.step not in (ORDER_FIX, ORDER_SIGN, CLOSING)
    }
    earlier = [r for r in document.revisions[:-1] if r.number in numbers]
    return earlier[-1] if earlier else None


def changed_fields(
    before: Sequence[FactLine], after: Sequence[FactLine]
) -> tuple[FieldChange, ...]:
    """Return the fields that differ, in the order of the form."""
    old = {line.key: line for line in before}
    return tuple(
        _change(old[line.key], line)
        for line in after
        if line.key in old and old[line.key].rows != line.rows
    )


def _change(before: FactLine, after: FactLine) -> FieldChange:
    old, new = _only_text(before), _only_text(after)
    if old is not None and new is not None:
        return FieldChange(after.label, pieces=_pieces(old, new))
    return FieldChange(after.label, rows=tuple(_row_changes(before, after)))


def _only_text(line: FactLine) -> str | None:
    match line.rows:
        case ():
            return None
        case ((str(text),),) if not line.headings:
            return text
        case _:
            return None


def _pieces(before: str, after: str) -> tuple[Piece, ...]:
    old, new = _WORDS.findall(before), _WORDS.findall(after)
    pieces: list[Piece] = []
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    for tag, i, j, k, m in matcher.get_opcodes():
        if tag == "equal":
            pieces.append(Piece(Difference.SAME, "".join(old[i:j])))
            continue
        if i < j:
            pieces.append(Piece(Difference.REMOVED, "".join(old[i:j])))
        if k < m:
            pieces.append(Piece(Difference.ADDED, "".join(new[k:m])))
    return tuple(pieces)


def _row_changes(before: FactLine, after: FactLine) -> list[RowChange]:
    old, new = before.rows, after.rows
    found: list[RowChange] = []
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    for tag, i, j, k, m in matcher.get_opcodes():
        if tag == "equal":
            continue
        # A table's row that stands in another's place is that row, changed.
        pairs = min(j - i, m - k) if after.headings else 0
        found += [_changed_row(after, k + n, old[i + n], new[k + n]) for n in range(pairs)]
        found += [RowChange(Difference.REMOVED, n + 1, old[n]) for n in range(i + pairs, j)]
        found += [RowChange(Difference.ADDED, n + 1, new[n]) for n in range(k + pairs, m)]
    return found


def _changed_row(
    line: FactLine, place: int, before: tuple[Said | None, ...], after: tuple[Said | None, ...]
) -> RowChange:
    cells = zip(line.headings, before, after, strict=True)
    changed = tuple(CellChange(*cell) for cell in cells if cell[1] != cell[2])
    return RowChange(Difference.CHANGED, place + 1, changed=changed)


def changed_annexes(before: Manifest | None, after: Manifest | None) -> tuple[str, ...]:
    """Return the names of annexes that came or say something else."""
    if before is None or after is None:
        return ()
    known = {f.document_id: f.content for f in before.files[1:]}
    return tuple(f.name for f in after.files[1:] if known.get(f.document_id) != f.content)
