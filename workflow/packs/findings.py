"""Where checks put what they find."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from workflow.domain.refusals import N_
from workflow.packs.explain import place_of
from workflow.packs.problems import PackProblem
from workflow.packs.read import MapNode


@dataclass
class Findings:
    """Problems found in one pack; a path of words gives each its line."""

    tree: MapNode
    problems: list[PackProblem] = field(default_factory=list)

    def add(
        self, path: Iterable[str | int], code: str, msgid: str, todo: str, /, **params: object
    ) -> None:
        """Note one problem at `path`; `msgid` and `todo` are filled from `params`."""
        place = place_of(self.tree, tuple(path))
        self.problems.append(PackProblem(place, code, msgid, todo, params))

    def add_unknown(self, path: Iterable[str | int], name: str, known: Iterable[str]) -> None:
        """Note that `name` refers to nothing; `known` are the names that would be right."""
        self.add(
            path,
            "pack.not_defined",
            N_("“{name}” is not defined in this pack or its parents."),
            N_("Defined: {known}."),
            name=name,
            known=", ".join(known) or "—",
        )
