"""The tags of a template as they stand in its paragraphs, before anything is rendered."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree

from templates_docs.fragments import w

# `{%p if x %}`: what is removed around the tag, then the tag's text.
_TAG = re.compile(r"\{(?P<kind>[{%])(?P<level>(?:tr|tc|p|r)(?=\s))?-?(?P<text>.*?)-?[%}]\}")
_ANY_BRACE = re.compile(r"\{\{|\{%|\{#|\}\}|%\}|#\}")
_COMMENT = re.compile(r"\{#.*?#\}")


@dataclass(frozen=True, slots=True)
class Tag:
    """`statement` is True for `{% … %}`; `level` is what docxtpl removes around it: p, tr, tc, r.

    `split` says that the tag runs over places of the document that do not belong together.
    """

    text: str
    statement: bool
    level: str
    split: bool


@dataclass(frozen=True, slots=True)
class Paragraph:
    """`number` counts from 1 in the part, cells of tables included; `row` is its row's text."""

    number: int
    text: str
    tags: tuple[Tag, ...]
    row: str | None

    @property
    def beginning(self) -> str:
        return self.text if len(self.text) <= 40 else self.text[:39] + "…"

    @property
    def unclosed(self) -> bool:
        """True when a tag begins or ends here without its other half."""
        return bool(_ANY_BRACE.search(self.plain)) or bool(re.search(r"\{ \{|\} \}", self.plain))

    @property
    def plain(self) -> str:
        """The text without its tags."""
        return _TAG.sub("", _COMMENT.sub("", self.text))


def paragraphs(root: etree._Element) -> Iterator[Paragraph]:
    """Yield the paragraphs of a part in the order in which Word shows them."""
    for number, element in enumerate(root.iter(w("p")), start=1):
        pieces = [(text.text or "", _home(text)) for text in _texts(element)]
        text = "".join(piece for piece, _ in pieces)
        yield Paragraph(number, text, tuple(_tags(text, pieces)), _row_text(element))


def _texts(paragraph: etree._Element) -> Iterator[etree._Element]:
    for text in paragraph.iter(w("t")):
        # A text box inside the paragraph has paragraphs of its own.
        if next(text.iterancestors(w("p"))) is paragraph:
            yield text


def _home(text: etree._Element) -> etree._Element | None:
    """What holds the run: the paragraph itself, a link, a tracked change."""
    run = text.getparent()
    return None if run is None else run.getparent()


def _row_text(paragraph: etree._Element) -> str | None:
    row = next(paragraph.iterancestors(w("tr")), None)
    if row is None:
        return None
    return "".join(text.text or "" for text in row.iter(w("t")))


def _tags(text: str, pieces: list[tuple[str, etree._Element | None]]) -> Iterator[Tag]:
    homes = [home for piece, home in pieces for _ in piece]
    for found in _TAG.finditer(_COMMENT.sub(lambda comment: " " * len(comment.group()), text)):
        yield Tag(
            text=found["text"].strip(),
            statement=found["kind"] == "%",
            level=found["level"] or "",
            split=len({id(home) for home in homes[found.start() : found.end()]}) > 1,
        )


def without_tags(text: str) -> str:
    """Return `text` without its tags and comments."""
    return _TAG.sub("", _COMMENT.sub("", text))
