"""Every sentence of this room has its Russian words, with the same placeholders."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import templates_docs
from web.words import TRANSLATIONS, load

ROOM = Path(templates_docs.__file__).parent
COMMAND = ROOM.parent / "marshrut" / "cli" / "templates.py"


def sentences() -> Iterator[str]:
    for path in [*sorted(ROOM.glob("*.py")), COMMAND]:
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "N_":
                (sentence,) = node.args
                assert isinstance(sentence, ast.Constant)
                yield str(sentence.value)


def placeholders(text: str) -> set[str]:
    return set(re.findall(r"\{(\w+)\}", text))


@pytest.mark.parametrize("sentence", sorted(set(sentences())))
def test_a_sentence_is_translated_with_its_placeholders(sentence: str) -> None:
    russian = load(TRANSLATIONS / "ru").text(sentence)
    assert russian != sentence
    assert placeholders(russian) <= placeholders(sentence)
