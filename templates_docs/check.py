"""What is broken in a template, each problem with its paragraph, for somebody who has Word.

Nothing is rendered: tags are read paragraph by paragraph, so that one mistake hides no other.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field

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
    read,
    too_deep,
)
from templates_docs.known import COMMON_FIELDS, FieldShape
from templates_docs.names import Names, Scope, Unknown, field_chains
from templates_docs.package import MAIN_PART, parse_xml, read_package
from templates_docs.sandbox import make_environment
from templates_docs.tags import Paragraph, Tag, paragraphs, without_tags

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
        self.names = Names({**COMMON_FIELDS, **(fields or {})}, complete=fields is not None)
        self.problems: list[Problem] = []
        self.printed: set[str] = set()
        self.part = MAIN_PART
        self.inside: list[str] = []

    def read_part(self, part: str, text: list[Paragraph]) -> None:
        self.part = part
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
        depth = len(self.names.scopes)
        for paragraph in text:
            self._read_paragraph(paragraph)
        for scope in self.names.scopes[depth:]:
            self._unclosed(scope)
        del self.names.scopes[depth:]

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
        elif keyword in ("else", "elif") and not self.names.scopes:
            self._unopened(paragraph, keyword)
        elif keyword == "elif":
            self._read_expression(paragraph, tag, "{% " + text[2:] + " %}{% endif %}")
        elif keyword == "if":
            self._read_expression(paragraph, tag, "{% " + text + " %}{% endif %}")
            self.names.scopes.append(Scope("if", paragraph))
        elif keyword == "for":
            self._open_loop(paragraph, tag, text)
        # `{% vm %}` merges the cells of a repeated column (docxtpl).
        elif keyword not in ("else", "vm"):
            self._report(
                paragraph,
                "template.forbidden",
                N_("Templates may not use {construct}."),
                construct=keyword or "{% %}",
            )

    def _close(self, paragraph: Paragraph, keyword: str) -> None:
        opened = _ENDS[keyword]
        if not any(scope.keyword == opened for scope in self.names.scopes):
            self._unopened(paragraph, keyword)
            return
        while (scope := self.names.scopes.pop()).keyword != opened:
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
        if loop is not None and isinstance(loop.target, nodes.Name):
            item = self.names.item_of(loop.iter)
            self.names.scopes.append(Scope("for", paragraph, loop.target.name, item))
        else:
            self.names.scopes.append(Scope("for", paragraph))

    def _read_expression(
        self, paragraph: Paragraph, tag: Tag, source: str
    ) -> nodes.Template | None:
        """Parse one tag alone, made whole; report what is wrong in it."""
        try:
            tree = read(self.environment, source)
        except BrokenTemplateError as error:
            self._report_error(paragraph, error)
            return None
        except RecursionError:
            self._report_error(paragraph, too_deep(paragraph.number))
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
            msgids = (
                N_("There is no filter {name}."),
                N_("There is no filter {name}; perhaps {guess} was meant."),
            )
            unknown = Unknown(msgids, {"name": str(error.params["name"])}, tuple(FILTERS))
            self._report_unknown(paragraph, error.code, unknown)
        else:
            self._report(paragraph, error.code, error.msgid, **error.params)

    def _report_unknown(self, paragraph: Paragraph, code: str, unknown: Unknown) -> None:
        meant = unknown.meant
        if meant is None:
            self._report(paragraph, code, unknown.msgids[0], **unknown.params)
        else:
            self._report(paragraph, code, unknown.msgids[1], **unknown.params, guess=meant)

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
                msgids = (
                    N_("There is no block {name}."),
                    N_("There is no block {name}; perhaps {guess} was meant."),
                )
                unknown = Unknown(msgids, {"name": name}, tuple(self.blocks))
                self._report_unknown(paragraph, "template.unknown_name", unknown)
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
        for chain in field_chains(tree):
            unknown = self.names.unknown_in(dotted(chain).split("."))
            if unknown is not None:
                self._report_unknown(paragraph, "template.unknown_field", unknown)
            if not tag.statement:
                self.printed.add(dotted(chain))
        for loop in tree.find_all(nodes.For):
            self.printed.add(dotted(loop.iter))
