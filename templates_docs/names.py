"""Which names mean something at one place of a template: fields, and what loops around it give."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from jinja2 import nodes

from templates_docs.errors import N_
from templates_docs.grammar import dotted
from templates_docs.known import FieldShape, loop_over
from templates_docs.tags import Paragraph

_NOBODY_FILLS = (
    N_("Nobody fills in the field {name}."),
    N_("Nobody fills in the field {name}; perhaps {guess} was meant."),
)
_NO_PART = (
    N_("The field {owner} has no part {name}."),
    N_("The field {owner} has no part {name}; perhaps {guess} was meant."),
)


@dataclass(frozen=True, slots=True)
class Scope:
    """An open `if` or `for`: where it began and the name that a `for` gives to its items."""

    keyword: str
    paragraph: Paragraph
    name: str = ""
    shape: FieldShape | None = None


@dataclass(frozen=True, slots=True)
class Unknown:
    """A name that means nothing: how to say so without and with a guess, and what was offered."""

    msgids: tuple[str, str]
    params: Mapping[str, str]
    offered: Sequence[str]

    @property
    def meant(self) -> str | None:
        close = get_close_matches(self.params["name"], self.offered, n=1, cutoff=0.6)
        return close[0] if close else None


class Names:
    """The fields of a template and the scopes that are open while it is read.

    `complete` says that a name which is not in `fields` is filled in by nobody.
    """

    def __init__(self, fields: Mapping[str, FieldShape], *, complete: bool) -> None:
        self.fields = fields
        self.complete = complete
        self.scopes: list[Scope] = []

    def unknown_in(self, names: Sequence[str]) -> Unknown | None:
        """Return the first of the dotted `names` that means nothing, if any."""
        shape = self._named(names[0])
        if shape is None:
            nobody = self.complete and not self._given_by_loop(names[0])
            return (
                Unknown(_NOBODY_FILLS, {"name": names[0]}, tuple(self.fields)) if nobody else None
            )
        for position, name in enumerate(names[1:], start=1):
            if re.search(r"\[\d+\]$", names[position - 1]):
                return None
            offered = shape.names or {}
            if name not in offered:
                params = {"name": name, "owner": ".".join(names[:position])}
                return Unknown(_NO_PART, params, tuple(offered))
            shape = offered[name]
        return None

    def item_of(self, expression: nodes.Node) -> FieldShape | None:
        """Return the shape of the items of a list, None when it is not known."""
        names = dotted(expression).split(".")
        shape = self._named(names[0])
        for name in names[1:]:
            shape = (shape.names or {}).get(name) if shape else None
        return shape.item if shape else None

    def _named(self, name: str) -> FieldShape | None:
        for scope in reversed(self.scopes):
            if scope.keyword == "for" and name == "loop":
                return None if scope.shape is None else loop_over(scope.shape)
            if scope.name == name:
                return scope.shape
        return self.fields.get(name)

    def _given_by_loop(self, name: str) -> bool:
        return any(scope.keyword == "for" and name in ("loop", scope.name) for scope in self.scopes)


def field_chains(tree: nodes.Node) -> Iterator[nodes.Expr]:
    """Yield the outermost `a.b.c` of an expression; not the name a loop gives, nor `block`."""
    for child in tree.iter_child_nodes():
        if isinstance(child, nodes.Name) and child.ctx == "store":
            continue
        if isinstance(child, nodes.Name | nodes.Getattr | nodes.Getitem):
            yield child
        elif not isinstance(child, nodes.Call):
            yield from field_chains(child)
