"""Go on after the schema's complaints, so that everything wrong with a pack is told at once.

What the schema refuses is left out, and the rest is checked. What follows only from the leaving
out is not told.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from pydantic import ValidationError

from workflow.packs.explain import KEY_ITSELF, Path, section_at, words_of
from workflow.packs.problems import PackProblem
from workflow.packs.schema import PackModel

STANDS_FOR_A_WORD = "\ufffd"
MOST_ATTEMPTS = 10

Written = dict[str, Any]  # Any: what YAML holds; the schema judges it


def mended(written: Written) -> tuple[PackModel | None, frozenset[str]]:
    """Return the pack without what the schema refuses, and the names that were left out.

    `written` is changed. None: too little is left to be checked.
    """
    left_out = {STANDS_FOR_A_WORD}
    for _ in range(MOST_ATTEMPTS):
        try:
            return PackModel.model_validate(written), frozenset(left_out)
        except ValidationError as refused:
            for error in refused.errors(include_url=False, include_input=False):
                gone = _leave_out(written, error["loc"])
                if gone is None:
                    return None, frozenset()
                left_out.add(gone)
    return None, frozenset()


def independent(
    found: Iterable[PackProblem], refused: Iterable[PackProblem], left_out: frozenset[str]
) -> list[PackProblem]:
    """Return what was `found` beside the schema's complaints and does not follow from them."""
    places = {problem.place for problem in refused}
    return [
        problem
        for problem in found
        if problem.place not in places
        and not any(str(value) in left_out for value in problem.params.values())
    ]


def _leave_out(written: Written, path: Path) -> str | None:
    """Take the refused value out; return the name of what is gone, None if that is everything."""
    if path[-1] == KEY_ITSELF:
        path = path[:-1]
    section = section_at(path[:-1])
    info = words_of(section).get(str(path[-1])) if section else None
    if info is not None and info.is_required():
        if info.annotation is str:
            holder = _at(written, path[:-1])
            if isinstance(holder, dict):
                holder[str(path[-1])] = STANDS_FOR_A_WORD
                return STANDS_FOR_A_WORD
        return _remove(written, path[:-1])
    return _remove(written, path)


def _remove(written: Written, path: Path) -> str | None:
    """Remove the value at `path`; a list goes as a whole, what is gone already stays gone."""
    if not path:
        return None
    holder = _at(written, path[:-1])
    if isinstance(holder, list):
        return _remove(written, path[:-1])
    if isinstance(holder, dict):
        holder.pop(str(path[-1]), None)
    return str(path[-1])


def _at(written: object, path: Path) -> object:
    for part in path:
        match written:
            case dict() if part in written:
                written = written[part]
            case list() if isinstance(part, int) and part < len(written):
                written = written[part]
            case _:
                return None
    return written
