"""The Word files of the library as files: what a person opens in Word and edits."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest
from docx import Document
from docx.shared import Mm

from templates_docs.check import check_template
from templates_docs.fields import PersonFacts
from templates_docs.known import PERSON, PLAIN, FieldShape, list_of, record
from tests.integration.templates_docs.library_samples import (
    LIBRARY,
    TEMPLATES,
    common_blocks,
    context,
)

ALL_FILES = sorted(LIBRARY.rglob("*.docx"))
COMMON_NAMES = {"org", "head", "reg", "approval"}


def _shape(value: object) -> FieldShape:
    if isinstance(value, PersonFacts):
        return PERSON
    if isinstance(value, list):
        return list_of(record(dict.fromkeys(value[0], PLAIN)))
    return PLAIN


def _part(path: Path, name: str) -> str:
    with zipfile.ZipFile(path) as package:
        return package.read(name).decode()


@pytest.mark.parametrize("code", TEMPLATES)
def test_a_template_names_only_facts_that_its_type_has(code: str) -> None:
    facts = context(code, full=True) | {"control_person": context("D02", full=True)["responsible"]}
    fields = {name: _shape(value) for name, value in facts.items() if name not in COMMON_NAMES}

    template = TEMPLATES[code].read_bytes()

    assert check_template(template, blocks=common_blocks(), fields=fields) == []


@pytest.mark.parametrize("path", ALL_FILES, ids=lambda path: path.stem)
def test_every_tag_stands_whole_in_one_run(path: Path) -> None:
    document = Document(str(path))
    runs = [node.text or "" for node in document.element.iter() if node.tag.endswith("}t")]

    assert runs
    for text in runs:
        assert text.count("{{") == text.count("}}"), text
        assert text.count("{%") == text.count("%}"), text


@pytest.mark.parametrize("path", ALL_FILES, ids=lambda path: path.stem)
def test_a_file_speaks_russian_has_a_title_and_no_traces_of_a_tool(path: Path) -> None:
    properties = _part(path, "docProps/core.xml")

    assert "python-docx" not in properties
    assert "<dc:language>ru-RU</dc:language>" in properties
    assert Document(str(path)).core_properties.title
    assert '<w:lang w:val="ru-RU"' in _part(path, "word/styles.xml")


@pytest.mark.parametrize("path", ALL_FILES, ids=lambda path: path.stem)
def test_every_paragraph_has_a_style_with_a_russian_name(path: Path) -> None:
    document = Document(str(path))
    custom = {"Heading 1", "Heading 2", "Header"}
    used = {style.name for style in document.styles if style.type is not None} - custom
    russian = {name for name in used if any("а" <= letter <= "я" for letter in name.lower())}

    for node in document.element.body.iter():
        if node.tag.endswith("}p"):
            assert node.pPr is not None
            assert node.pPr.style is not None
            name = document.styles.element.get_by_id(node.pPr.style).name_val
            assert name in russian | {"heading 1", "heading 2"}


@pytest.mark.parametrize(
    ("code", "left", "right", "top", "bottom"),
    [
        # Kept for more than ten years: 30 mm for the binding (ГОСТ Р 7.0.97-2025).
        ("D02", 30, 10, 20, 20),
        ("D03", 30, 10, 20, 20),
        ("D05", 30, 10, 20, 20),
        ("D06", 30, 10, 20, 20),
        ("D33", 20, 10, 20, 20),
        # A landscape sheet is bound by its top edge.
        ("D04", 20, 10, 30, 20),
    ],
)
def test_margins_follow_the_standard(
    code: str, left: int, right: int, top: int, bottom: int
) -> None:
    section = Document(str(TEMPLATES[code])).sections[0]
    margins = (
        section.left_margin,
        section.right_margin,
        section.top_margin,
        section.bottom_margin,
    )

    for found, wanted in zip(margins, (left, right, top, bottom), strict=True):
        assert found is not None
        assert abs(found - Mm(wanted)) < Mm(0.1)
    assert section.different_first_page_header_footer


@pytest.mark.parametrize("code", TEMPLATES)
def test_one_style_has_one_look_in_blocks_and_in_their_hosts(code: str) -> None:
    """A block takes over the styles of its host by their ids."""
    host = {style.style_id: style.name for style in Document(str(TEMPLATES[code])).styles}

    for name, block in common_blocks().items():
        for style in Document(io.BytesIO(block)).styles:
            assert host.get(style.style_id) == style.name, name
