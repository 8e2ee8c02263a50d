"""The heading to the text of an assembled document, told by its style."""

from __future__ import annotations

from templates_docs.package import MAIN_PART, WORD, parse_xml, read_package

#: Styles that the library's templates give to the heading (ГОСТ Р 7.0.97, «заголовок к тексту»).
STYLES = frozenset({"DocHeading", "LetterHeading"})


def heading_of(document: bytes) -> str:
    """Return the first paragraph in a heading's style, its words parted by single spaces.

    Empty where there is none. Raises NotADocumentError for what is no .docx.
    """
    root = parse_xml(read_package(document)[MAIN_PART])
    for paragraph in root.iter(f"{{{WORD}}}p"):
        style = paragraph.find(f"{{{WORD}}}pPr/{{{WORD}}}pStyle")
        if style is not None and style.get(f"{{{WORD}}}val") in STYLES:
            return " ".join("".join(t.text or "" for t in paragraph.iter(f"{{{WORD}}}t")).split())
    return ""
