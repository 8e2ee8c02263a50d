"""Fill a Word template with facts: bytes and plain values in, the bytes of a .docx out.

docxtpl knows how Jinja lives inside WordprocessingML (tags split over runs, `{%p`, `{%tr`); its
`patch_xml` is used, once for a template. Compiling and rendering is the sandbox's.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType

import jinja2
from docxtpl import DocxTemplate
from lxml import etree

from templates_docs.errors import N_, BrokenTemplateError, TooMuchError
from templates_docs.fields import refuse_unknown_values
from templates_docs.fragments import attach_block
from templates_docs.grammar import parse, syntax_error
from templates_docs.mend import mend
from templates_docs.package import (
    WORD,
    parse_xml,
    read_package,
    write_package,
)
from templates_docs.properties import NO_PROPERTIES, DocumentProperties, put_properties
from templates_docs.sandbox import TemplateSandbox, make_environment, with_budget

__all__ = ["DocumentProperties", "assemble", "compile_template"]

# Characters of one part; the XML parser itself refuses a text of 10 MB.
MAX_RENDERED = 8 * 2**20
RENDERED_PARTS = re.compile(r"word/(document|header\d*|footer\d*|footnotes)\.xml")
_TAG = re.compile(r"\{\{.*?\}\}|\{%.*?%\}", re.DOTALL)


@dataclass(frozen=True, slots=True)
class CompiledTemplate:
    """A template whose blocks are in and whose tags are code; `fixed` parts are copied."""

    fixed: Mapping[str, bytes]
    parts: Mapping[str, jinja2.Template]


def assemble(
    template: bytes,
    context: Mapping[str, object],
    blocks: Mapping[str, bytes],
    *,
    properties: DocumentProperties = NO_PROPERTIES,
) -> bytes:
    """Return the .docx that `template` makes of `context`; equal input gives equal bytes.

    `context` holds what `fields.refuse_unknown_values` lets through; `blocks` are the .docx
    fragments that `{{p block("name") }}` may name, rendered with the same context. `issuer` is
    whose letterhead it is; where the context has none, the document's own `org`.

    Raises NotADocumentError, BrokenTemplateError (with the paragraph), MissingFieldError (with the
    field), UnprintableValueError, TooMuchError. A template that somebody has uploaded goes through
    `confine.assemble_confined`.
    """
    refuse_unknown_values(context)
    if "org" in context:
        context = {"issuer": context["org"], **context}
    compiled = compile_template(template, frozenset(blocks.items()))
    parts = dict(compiled.fixed)
    for name, part in compiled.parts.items():
        parts[name] = mend(_render(part, context))
    put_properties(parts, properties)
    return write_package(parts)


@lru_cache(maxsize=64)
def compile_template(template: bytes, blocks: frozenset[tuple[str, bytes]]) -> CompiledTemplate:
    """Compile every part of a template that can hold tags; remembered for equal input."""
    parts = read_package(template)
    fragments = dict(blocks)
    environment = make_environment()
    compiled: dict[str, jinja2.Template] = {}
    for name in [name for name in parts if RENDERED_PARTS.fullmatch(name)]:
        compiled[name] = _compile_part(environment, parts, name, fragments)
    return CompiledTemplate(
        fixed=MappingProxyType({name: p for name, p in parts.items() if name not in compiled}),
        parts=MappingProxyType(compiled),
    )


def _compile_part(
    environment: TemplateSandbox,
    parts: dict[str, bytes],
    name: str,
    fragments: Mapping[str, bytes],
) -> jinja2.Template:
    sources: dict[str, str] = {}

    def block_source(block: str) -> str | None:
        if block not in fragments:
            return None
        if block not in sources:
            body = attach_block(parts, name, block, fragments[block])
            sources[block] = "".join(jinja_source(child) for child in body)
        return sources[block]

    source = jinja_source(parse_xml(parts[name]))
    tree = parse(environment, source, block_source)
    try:
        code = environment.compile(tree, name=name, filename=name)
    except jinja2.TemplateSyntaxError as error:
        raise syntax_error(error) from error
    return jinja2.Template.from_code(environment, code, {})


def jinja_source(element: etree._Element) -> str:
    """Return the XML of a part as Jinja text with a newline before each paragraph, none elsewhere.

    So the parser's line numbers are paragraph numbers.
    """
    if element.nsmap.get("w") != WORD:
        raise BrokenTemplateError(
            N_("The document is not in the usual Word format. Save it in Word as .docx.")
        )
    xml = etree.tostring(element, encoding="unicode", with_tail=False).replace("\n", " ")
    xml = re.sub(r"<w:p(?=[ >/])", r"\n<w:p", xml)
    return _TAG.sub(lambda tag: plain_quotes(tag.group()), DocxTemplate(None).patch_xml(xml))


def plain_quotes(tag: str) -> str:
    """Undo what Word's autocorrection does to a tag while it is typed."""
    text = tag.replace("\u00a0", " ")
    return text if '"' in text else re.sub("[«»“”„]", '"', text)


def _render(template: jinja2.Template, context: Mapping[str, object]) -> str:
    chunks: list[str] = []
    size = 0
    try:
        for chunk in template.generate(with_budget(context)):
            size += len(chunk)
            if size > MAX_RENDERED:
                raise TooMuchError(N_("The document becomes larger than a document may be."))
            chunks.append(chunk)
    except (jinja2.TemplateError, TypeError) as error:
        raise BrokenTemplateError(
            N_("The template compares values that cannot be compared.")
        ) from error
    return "".join(chunks)
