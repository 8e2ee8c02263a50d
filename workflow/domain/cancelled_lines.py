"""Whom an order concerns no longer because another one has cancelled their lines (D44)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from uuid import UUID

from workflow.domain.documents import Document

#: The field of an order with a row for each pair, and the pair of a row.
LINES, CASE = "lines", "case"
#: The field that gathers everybody: who is named there alone was added by hand.
INVOLVED = "involved"
_PEOPLE = ("mentor", "mentees", "old_mentor", "new_mentor")


def called_off(document: Document) -> frozenset[UUID]:
    """Return the employments that only cancelled lines of the document name.

    They are not asked to acknowledge it any more: what they have to know is the cancelling order,
    which names them. Somebody whom another line, or another field of the order, names stays.
    """
    gone = {str(line.case_id) for line in document.lines if line.cancelled_by is not None}
    if not gone or not document.revisions:
        return frozenset()
    stored = document.facts.get(LINES)
    rows = [r for r in stored if isinstance(r, Mapping)] if isinstance(stored, list | tuple) else []
    leaving = _named(row for row in rows if str(row.get(CASE)) in gone)
    staying = _named(row for row in rows if str(row.get(CASE)) not in gone)
    for key, value in document.facts.items():
        if key not in (LINES, INVOLVED) and isinstance(value, str | UUID):
            staying.add(str(value))
    return frozenset(UUID(one) for one in leaving - staying)


def _named(rows: Iterable[Mapping[str, object]]) -> set[str]:
    found: set[str] = set()
    for row in rows:
        for value in (row.get(key) for key in _PEOPLE):
            many = value if isinstance(value, list | tuple) else (value,)
            found |= {str(one) for one in many if one}
    return found
