"""What is wrong with a pack: always a place, a sentence, and what would be right."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType

_NOTHING: Mapping[str, object] = MappingProxyType({})


@dataclass(frozen=True, order=True)
class Place:
    """A line of a file; lines count from 1."""

    file: str
    line: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}"


@dataclass(frozen=True)
class PackProblem:
    """One mistake. `msgid` says what is wrong, `todo` what would be right (may be empty)."""

    place: Place
    code: str
    msgid: str
    todo: str = ""
    params: Mapping[str, object] = field(default_factory=lambda: _NOTHING)


class PackError(Exception):
    """A pack cannot be used; `problems` are all that was found, in the order of their places."""

    code = "pack"

    def __init__(self, problems: Sequence[PackProblem]) -> None:
        first = problems[0]
        sentence = first.msgid.format(**first.params)
        super().__init__(f"{first.place}: {sentence} ({len(problems)} problems)")
        self.problems = tuple(problems)


def in_order(problems: Iterable[PackProblem]) -> list[PackProblem]:
    """Return the problems in the order of their places, each once."""
    seen: dict[tuple[Place, str, str], PackProblem] = {}
    for problem in problems:
        seen.setdefault((problem.place, problem.code, str(dict(problem.params))), problem)
    return sorted(seen.values(), key=lambda problem: problem.place)
