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


@dataclass(frozen=True)
class Piece:
    """A run of words that stayed, came or went."""

    difference: Difference
    text: str


@dataclass(frozen=True)
class RowChange:
    """A row that came or went; `number` is its place from 1 where it stands or stood."""

    difference: Difference
    number: int
    cells: tuple[Said, ...]


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
    return FieldChange(after.label, rows=tuple(_row_changes(before.rows, after.rows)))


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


def _row_changes(
    before: Sequence[tuple[Said, ...]], after: Sequence[tuple[Said, ...]]
) -> list[RowChange]:
    found: list[RowChange] = []
    for tag, i, j, k, m in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if tag == "equal":
            continue
        found += [RowChange(Difference.REMOVED, n + 1, before[n]) for n in range(i, j)]
        found += [RowChange(Difference.ADDED, n + 1, after[n]) for n in range(k, m)]
    return found


def changed_annexes(before: Manifest | None, after: Manifest | None) -> tuple[str, ...]:
    """Return the names of annexes that came or say something else."""
    if before is None or after is None:
        return ()
    known = {f.document_id: f.content for f in before.files[1:]}
    return tuple(f.name for f in after.files[1:] if known.get(f.document_id) != f.content)
