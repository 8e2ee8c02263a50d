"""What is broken in a template, each problem with its paragraph, for somebody who has Word.

Nothing is rendered: tags are read paragraph by paragraph, so that one mistake hides no other.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field

import jinja2
from jinja2 import nodes

from templates_docs.assemble import RENDERED_PARTS, compile_template, plain_quotes
from templates_docs.errors import (
    N_,
    BrokenTemplateError,
    NotADocumentError,
    TemplateError,
    UnknownNameError,
)
from templates_docs.filters import FILTERS
from templates_docs.grammar import (
    BLOCK_ALONE,
    MAX_BLOCK_DEPTH,
    block_name,
    dotted,
    problems,
    syntax_error,
)
from templates_docs.known import COMMON_FIELDS, PLAIN, FieldShape, guess, loop_over
from templates_docs.package import MAIN_PART, parse_xml, read_package
from templates_docs.sandbox import make_environment
from templates_docs.tags import Paragraph, Tag, paragraphs, without_tags

# `{% vm %}` merges the cells of a repeated column (docxtpl).
_ENDS = {"endif": "if", "endfor": "for"}


@dataclass(frozen=True, slots=True)
class Problem:
    """One mistake; `Words.text(msgid, **params)` is the sentence.

    `part` is the file inside the .docx; `paragraph` counts from 1 in it, 0 for the whole part.
    """

    code: str
    msgid: str
    params: Mapping[str, object] = field(default_factory=dict)
    part: str = MAIN_PART
    paragraph: int = 0
    beginning: str = ""


@dataclass(frozen=True, slots=True)
class Scope:
    """An open `if` or `for`: where it began and the name that a `for` gives to its items."""

    keyword: str
    paragraph: Paragraph
    name: str = ""
    shape: FieldShape | None = None


def check_template(
    template: bytes,
    *,
    blocks: Mapping[str, bytes],
    fields: Mapping[str, FieldShape] | None = None,
    required: Collection[str] = (),
) -> list[Problem]:
    """Return everything that is wrong with a template, in the order of its paragraphs.

    `fields` are the type's own fields, to which the common ones are added; None means that they
    are not known, and then only the common ones are checked. `required` are dotted names that the
    document has to print. Uploaded templates go through `confine.check_confined`.
    """
    try:
        parts = read_package(template)
    except NotADocumentError as error:
        return [_problem(error)]
    reading = _Reading(blocks, fields)
    for name in parts:
        if RENDERED_PARTS.fullmatch(name):
            reading.read_part(name, list(paragraphs(parse_xml(parts[name]))))
    found = sorted(reading.problems, key=lambda problem: (problem.part, problem.paragraph))
    found = found or list(_compiled(template, blocks))
    return [*found, *reading.never_printed(required)]


def _compiled(template: bytes, blocks: Mapping[str, bytes]) -> Iterator[Problem]:
    """Compile a template in which the reading found nothing; it is the last word."""
    try:
        compile_template(template, frozenset(blocks.items()))
    except TemplateError as error:
        yield _problem(error)


def _problem(error: TemplateError) -> Problem:
    paragraph = error.paragraph if isinstance(error, BrokenTemplateError) else 0
    return Problem(error.code, error.msgid, error.params, paragraph=paragraph)


class _Reading:
    """Reads a template's paragraphs and gathers problems and the fields that are printed."""

    def __init__(
        self, blocks: Mapping[str, bytes], fields: Mapping[str, FieldShape] | None
    ) -> None:
        self.environment = make_environment()
        self.blocks = blocks
        self.complete = fields is not None
        self.fields = {**COMMON_FIELDS, **(fields or {})}
        self.problems: list[Problem] = []
        self.printed: set[str] = set()
        self.part = MAIN_PART
        self.scopes: list[Scope] = []
        self.inside: list[str] = []

    def read_part(self, part: str, text: list[Paragraph]) -> None:
        self.part, self.scopes = part, []
        self._read(text)

    def never_printed(self, required: Collection[str]) -> Iterator[Problem]:
        for name in required:
            if not any(p == name or p.startswith((f"{name}.", f"{name}_")) for p in self.printed):
                yield Problem(
                    "template.never_printed",
                    N_("The required field {field} is printed nowhere."),
                    {"field": name},
                )

    def _read(self, text: list[Paragraph]) -> None:
        depth = len(self.scopes)
        for paragraph in text:
            self._read_paragraph(paragraph)
        for scope in self.scopes[depth:]:
            self._unclosed(scope)
        del self.scopes[depth:]

    def _report(self, paragraph: Paragraph, code: str, msgid: str, **params: object) -> None:
        # A mistake inside a block is the block's own: it is reported when the block is checked.
        if not self.inside:
            self.problems.append(
                Problem(code, msgid, params, self.part, paragraph.number, paragraph.beginning)
            )

    def _read_paragraph(self, paragraph: Paragraph) -> None:
        if paragraph.unclosed:
            self._report(
                paragraph,
                "template.tag_not_closed",
                N_("A tag is not closed in its paragraph, or its braces are not paired."),
            )
        self._check_removed_text(paragraph)
        for tag in paragraph.tags:
            if tag.split:
                self._report(
                    paragraph,
                    "template.tag_split",
                    N_("The tag is split by a link or a tracked change. Type it anew in one go."),
                )
            else:
                self._read_tag(paragraph, tag)

    def _check_removed_text(self, paragraph: Paragraph) -> None:
        levels = [tag.level for tag in paragraph.tags if tag.level in ("p", "tr")]
        if not levels:
            return
        around = paragraph.row if "tr" in levels and paragraph.row else paragraph.text
        if without_tags(around).strip() or ("p" in levels and len(paragraph.tags) > 1):
            self._report(
                paragraph,
                "template.text_lost",
                N_("Text beside the tag would be lost: leave the tag alone in its line or row."),
            )

    def _read_tag(self, paragraph: Paragraph, tag: Tag) -> None:
        text = plain_quotes(tag.text)
        if not tag.statement:
            self._read_expression(paragraph, tag, "{{ " + text + " }}")
            return
        keyword = text.split(maxsplit=1)[0] if text else ""
        if keyword in _ENDS:
            self._close(paragraph, keyword)
        elif keyword in ("else", "elif") and not self.scopes:
            self._unopened(paragraph, keyword)
        elif keyword == "elif":
            self._read_expression(paragraph, tag, "{% " + text[2:] + " %}{% endif %}")
        elif keyword == "if":
            self._read_expression(paragraph, tag, "{% " + text + " %}{% endif %}")
            self.scopes.append(Scope("if", paragraph))
        elif keyword == "for":
            self._open_loop(paragraph, tag, text)
        elif keyword not in ("else", "vm"):
            self._report(
                paragraph,
                "template.forbidden",
                N_("Templates may not use {construct}."),
                construct=keyword or "{% %}",
            )

    def _close(self, paragraph: Paragraph, keyword: str) -> None:
        opened = _ENDS[keyword]
        if not any(scope.keyword == opened for scope in self.scopes):
            self._unopened(paragraph, keyword)
            return
        while (scope := self.scopes.pop()).keyword != opened:
            self._unclosed(scope)

    def _unclosed(self, scope: Scope) -> None:
        self._report(
            scope.paragraph,
            "template.not_closed",
            N_("{{% {keyword} %}} is opened here and not closed where it should be."),
            keyword=scope.keyword,
        )

    def _unopened(self, paragraph: Paragraph, keyword: str) -> None:
        self._report(
            paragraph,
            "template.not_opened",
            N_("{{% {keyword} %}} closes what is not open here."),
            keyword=keyword,
        )

    def _open_loop(self, paragraph: Paragraph, tag: Tag, text: str) -> None:
        tree = self._read_expression(paragraph, tag, "{% " + text + " %}{% endfor %}")
        loop = None if tree is None else tree.find(nodes.For)
        name, item = "", None
        if loop is not None and isinstance(loop.target, nodes.Name):
            name = loop.target.name
            shape = self._shape(loop.iter)
            item = None if shape is None else shape.item
        self.scopes.append(Scope("for", paragraph, name, item))

    def _read_expression(
        self, paragraph: Paragraph, tag: Tag, source: str
    ) -> nodes.Template | None:
        """Parse one tag alone, made whole; report what is wrong in it."""
        try:
            tree = self.environment.parse(source)
        except jinja2.TemplateSyntaxError as error:
            self._report_error(paragraph, syntax_error(error))
            return None
        wrong = list(problems(tree))
        for problem in wrong:
            self._report_error(paragraph, problem)
        if not wrong:
            self._read_blocks(paragraph, tag, tree)
            self._read_fields(paragraph, tag, tree)
        return tree

    def _report_error(self, paragraph: Paragraph, error: BrokenTemplateError) -> None:
        if isinstance(error, UnknownNameError):
            self._report_unknown(
                paragraph,
                error.code,
                (
                    N_("There is no filter {name}."),
                    N_("There is no filter {name}; perhaps {guess} was meant."),
                ),
                name=str(error.params["name"]),
                candidates=FILTERS,
            )
        else:
            self._report(paragraph, error.code, error.msgid, **error.params)

    def _report_unknown(
        self,
        paragraph: Paragraph,
        code: str,
        msgids: tuple[str, str],
        *,
        name: str,
        candidates: Mapping[str, object],
        **params: object,
    ) -> None:
        meant = guess(name, candidates)
        if meant is None:
            self._report(paragraph, code, msgids[0], name=name, **params)
        else:
            self._report(paragraph, code, msgids[1], name=name, guess=meant, **params)

    def _read_blocks(self, paragraph: Paragraph, tag: Tag, tree: nodes.Template) -> None:
        for call in tree.find_all(nodes.Call):
            name = block_name(call)
            assert name is not None
            if tag.level != "p" or tag.statement:
                self._report(
                    paragraph,
                    "template.block_not_alone",
                    BLOCK_ALONE,
                    construct=f'{{{{p block("{name}") }}}}',
                )
            elif name not in self.blocks:
                self._report_unknown(
                    paragraph,
                    "template.unknown_name",
                    (
                        N_("There is no block {name}."),
                        N_("There is no block {name}; perhaps {guess} was meant."),
                    ),
                    name=name,
                    candidates=self.blocks,
                )
            else:
                self._follow(paragraph, name)

    def _follow(self, paragraph: Paragraph, name: str) -> None:
        """Read the block for the fields that it prints."""
        if name in self.inside or len(self.inside) >= MAX_BLOCK_DEPTH:
            return
        try:
            root = parse_xml(read_package(self.blocks[name])[MAIN_PART])
        except NotADocumentError as error:
            self._report(paragraph, error.code, error.msgid, **error.params)
            return
        self.inside.append(name)
        self._read(list(paragraphs(root)))
        self.inside.pop()

    def _read_fields(self, paragraph: Paragraph, tag: Tag, tree: nodes.Template) -> None:
        for chain in _chains(tree):
            self._check_chain(paragraph, chain)
            if not tag.statement:
                self.printed.add(dotted(chain))
        for loop in tree.find_all(nodes.For):
            self.printed.add(dotted(loop.iter))

    def _check_chain(self, paragraph: Paragraph, chain: nodes.Expr) -> None:
        names = self._as_item(dotted(chain).split("."))
        shape = self._named(names[0])
        if shape is None:
            if self.complete and not self._given_by_loop(names[0]):
                self._report_unknown(
                    paragraph,
                    "template.unknown_field",
                    (
                        N_("Nobody fills in the field {name}."),
                        N_("Nobody fills in the field {name}; perhaps {guess} was meant."),
                    ),
                    name=names[0],
                    candidates=self.fields,
                )
            return
        for position, name in enumerate(names[1:], start=1):
            if shape is None or re.search(r"\[\d+\]$", names[position - 1]):
                return
            owner = ".".join(names[:position])
            offered = shape.names or {}
            if name not in offered:
                self._report_unknown(
                    paragraph,
                    "template.unknown_field",
                    (
                        N_("The field {owner} has no part {name}."),
                        N_("The field {owner} has no part {name}; perhaps {guess} was meant."),
                    ),
                    name=name,
                    candidates=offered,
                    owner=owner,
                )
                return
            shape = offered[name]

    def _as_item(self, names: list[str]) -> list[str]:
        """Read `loop.previtem.…`, the item before, as the item itself: it has the same fields."""
        loops = [scope for scope in self.scopes if scope.keyword == "for"]
        if loops and names[:2] == ["loop", "previtem"]:
            return [loops[-1].name, *names[2:]]
        return names

    def _named(self, name: str) -> FieldShape | None:
        for scope in reversed(self.scopes):
            if scope.keyword == "for" and name == "loop":
                return None if scope.shape is None else loop_over(scope.shape)
            if scope.name == name:
                return scope.shape
        return self.fields.get(name)

    def _given_by_loop(self, name: str) -> bool:
        return any(scope.keyword == "for" and name in ("loop", scope.name) for scope in self.scopes)

    def _shape(self, expression: nodes.Node) -> FieldShape | None:
        """Return the shape of a field, None when it is not known."""
        names = dotted(expression).split(".")
        shape = self._named(names[0])
        for name in names[1:]:
            shape = (shape.names or {}).get(name) if shape else None
        return shape


def _chains(tree: nodes.Node) -> Iterator[nodes.Expr]:
    """Yield the outermost `a.b.c` of an expression; not the name a loop gives, nor `block`."""
    for child in tree.iter_child_nodes():
        if isinstance(child, nodes.Name) and child.ctx == "store":
            continue
        if isinstance(child, nodes.Name | nodes.Getattr | nodes.Getitem):
            yield child
        elif not isinstance(child, nodes.Call):
            yield from _chains(child)


__all__ = ["PLAIN", "FieldShape", "Problem", "check_template"]
