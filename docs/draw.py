"""Draws the generated parts of docs/architecture.md from the code: `make docs`.

A part stands between `<!-- drawn: name -->` and `<!-- end of name -->`; what is between them is
replaced. A test fails while the file does not show what the code says.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import pairwise
from pathlib import Path

from workflow.domain.routes import TRANSITIONS, TRANSITIONS_WITH_ORDER, Act, DocumentState

ROOT = Path(__file__).parents[1]
ARCHITECTURE = ROOT / "docs" / "architecture.md"

Transitions = Mapping[tuple[DocumentState, Act], frozenset[DocumentState]]


class MissingPartError(Exception):
    """The file has no place for a part that is drawn, or names a part that nobody draws."""


def redrawn(text: str) -> str:
    """Return the text of the file with every generated part drawn anew.

    Raises MissingPartError when the parts of the file are not those that are drawn.
    """
    named = re.findall(r"<!-- drawn: (\S+) -->", text)
    if sorted(named) != sorted(PARTS):
        raise MissingPartError(f"the file has the parts {named}, drawn are {list(PARTS)}")
    for name, draw in PARTS.items():
        begin, end = f"<!-- drawn: {name} -->", f"<!-- end of {name} -->"
        before, _, rest = text.partition(begin)
        _, found, after = rest.partition(end)
        if not found:
            raise MissingPartError(f"the part {name} has no end")
        text = "\n".join((f"{before}{begin}", *draw(), f"{end}{after}"))
    return text


def _state_diagram(transitions: Transitions) -> Iterator[str]:
    """The table as mermaid: one arrow for each pair of states, with every act that leads along."""
    yield "```mermaid"
    yield "stateDiagram-v2"
    yield f"    [*] --> {DocumentState.DRAFT}"
    for state in DocumentState:
        for following in DocumentState:
            acts = [
                act.value.replace("_", " ")
                for act in Act
                if following in transitions.get((state, act), frozenset())
            ]
            if acts:
                yield f"    {state} --> {following}: {', '.join(acts)}"
    for state in _ends(transitions):
        yield f"    {state} --> [*]"
    yield "```"


def _ends(transitions: Transitions) -> Iterator[DocumentState]:
    """The states that nothing leads out of."""
    begun = {state for state, _ in transitions}
    reached = {state for after in transitions.values() for state in after}
    return (state for state in DocumentState if state in reached - begun)


def _layers() -> Iterator[str]:
    """Who may import whom, from the contracts that the test run checks."""
    yield "```mermaid"
    yield "flowchart TD"
    for contract in _contracts("layers"):
        layers = [str(layer).split(" | ") for layer in contract["layers"]]
        for upper, lower in pairwise(layers):
            yield from _arrows(upper, lower)
    yield "```"


def _arrows(upper: Iterable[str], lower: Iterable[str]) -> Iterator[str]:
    for above in upper:
        for below in lower:
            yield f"    {above} --> {below}"


def _walls() -> Iterator[str]:
    """What must not be imported at all, one line for each contract."""
    for contract in _contracts("forbidden"):
        sources = ", ".join(f"`{name}`" for name in contract["source_modules"])
        forbidden = ", ".join(f"`{name}`" for name in contract["forbidden_modules"])
        yield f"- *{contract['name']}*: {sources} must not import {forbidden}."


def _contracts(kind: str) -> list[dict[str, list[str]]]:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    contracts = settings["tool"]["importlinter"]["contracts"]
    return [contract for contract in contracts if contract["type"] == kind]


PARTS: Mapping[str, Callable[[], Iterator[str]]] = {
    "layers": _layers,
    "walls": _walls,
    "life": lambda: _state_diagram(TRANSITIONS),
    "life-with-order": lambda: _state_diagram(TRANSITIONS_WITH_ORDER),
}


def main() -> None:
    """Draw the generated parts of the file anew."""
    text = ARCHITECTURE.read_text("utf-8")
    ARCHITECTURE.write_text(redrawn(text), "utf-8")


if __name__ == "__main__":
    main()
