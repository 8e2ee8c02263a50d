"""Which names a template prints in an oblique case: those whose forms somebody has to confirm."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from jinja2 import nodes

from templates_docs.assemble import RENDERED_PARTS, plain_quotes
from templates_docs.fields import Case
from templates_docs.grammar import block_name, dotted, read
from templates_docs.names import field_chains
from templates_docs.package import MAIN_PART, parse_xml, read_package
from templates_docs.sandbox import make_environment
from templates_docs.tags import paragraphs

_OBLIQUE = re.compile(rf"(.+)_(?:{'|'.join(c for c in Case if c is not Case.NOMINATIVE)})")
_PLACE = re.compile(r"\[\d+\]")


def oblique_names(template: bytes, blocks: Mapping[str, bytes]) -> frozenset[str]:
    """Return the dotted names without their case: `curator.fio`, `pairs.mentor.post`.

    An item of a repetition is named like the list that it comes from. Conditions are not weighed:
    what a template may print counts as printed. `blocks` as in `assemble`, of which the template
    must be one that it takes (NotADocumentError, BrokenTemplateError otherwise).
    """
    return frozenset(_Reading(blocks).read(template))


class _Reading:
    """Reads a template and the blocks it calls; knows which list each loop runs over."""

    def __init__(self, blocks: Mapping[str, bytes]) -> None:
        self.blocks = blocks
        self.environment = make_environment()
        self.lists: dict[str, str] = {}
        self.seen: set[str] = set()

    def read(self, template: bytes) -> Iterator[str]:
        parts = read_package(template)
        for name in parts:
            if RENDERED_PARTS.fullmatch(name):
                yield from self._read_part(parts[name])

    def _read_part(self, part: bytes) -> Iterator[str]:
        for paragraph in paragraphs(parse_xml(part)):
            for tag in paragraph.tags:
                text = plain_quotes(tag.text)
                if not tag.statement:
                    yield from self._read_expression("{{ " + text + " }}")
                elif text.startswith("for "):
                    self._open_loop("{% " + text + " %}{% endfor %}")

    def _open_loop(self, source: str) -> None:
        loop = read(self.environment, source).find(nodes.For)
        if loop is not None and isinstance(loop.target, nodes.Name):
            self.lists[loop.target.name] = self._from_context(dotted(loop.iter))

    def _read_expression(self, source: str) -> Iterator[str]:
        tree = read(self.environment, source)
        for call in tree.find_all(nodes.Call):
            name = block_name(call)
            if name is not None and name in self.blocks and name not in self.seen:
                self.seen.add(name)
                yield from self._read_part(read_package(self.blocks[name])[MAIN_PART])
        for chain in field_chains(tree):
            found = _OBLIQUE.fullmatch(self._from_context(dotted(chain)))
            if found:
                yield found[1]

    def _from_context(self, name: str) -> str:
        """The name as the context knows it: loops put in, places of a list left away."""
        first, dot, rest = _PLACE.sub("", name).partition(".")
        return f"{self.lists.get(first, first)}{dot}{rest}"
