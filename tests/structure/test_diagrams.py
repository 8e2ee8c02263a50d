"""What docs/architecture.md draws is what the code says."""

from __future__ import annotations

import re

import pytest

from docs.draw import ARCHITECTURE, PARTS, ROOT, MissingPartError, redrawn
from workflow.domain.routes import DocumentState

TEXT = ARCHITECTURE.read_text("utf-8")


def test_the_drawings_are_current() -> None:
    assert redrawn(TEXT) == TEXT, "run “make docs”"


@pytest.mark.parametrize("part", PARTS)
def test_a_stale_drawing_is_noticed(part: str) -> None:
    begin = f"<!-- drawn: {part} -->\n"
    stale = TEXT.replace(begin, f"{begin}old\n")
    assert stale != TEXT
    assert redrawn(stale) == TEXT


def test_every_state_is_drawn() -> None:
    life = TEXT.partition("<!-- drawn: life -->")[2].partition("<!-- end of life -->")[0]
    assert all(re.search(rf"\b{state}\b", life) for state in DocumentState)


@pytest.mark.parametrize("mark", ["<!-- drawn: life -->", "<!-- end of life -->"])
def test_a_part_without_its_place_is_an_error(mark: str) -> None:
    with pytest.raises(MissingPartError):
        redrawn(TEXT.replace(mark, ""))


def test_the_files_that_are_named_exist() -> None:
    """Paths in code quotes that begin with a room or a folder of the checkout."""
    rooms = "marshrut|web|queues|workflow|templates_docs|signing|tests|docs|benchmarks"
    named = set(re.findall(rf"`((?:{rooms})/[\w./-]*)`", TEXT))
    assert named
    assert [path for path in sorted(named) if not (ROOT / path).exists()] == []


def test_every_decision_is_listed_with_its_title() -> None:
    decisions = sorted((ROOT / "docs" / "decisions").glob("[0-9]*.md"))
    titles = [path.read_text("utf-8").splitlines()[0].removeprefix("# ") for path in decisions]
    assert [title[:4] for title in titles] == [path.name[:4] for path in decisions]
    assert [path.name for path in decisions if f"decisions/{path.name})" not in TEXT] == []
