"""Tripwires: what grew too long, what catches too much, what knows no time zone, what says nothing.

A limit that is reached asks for the missing word, not for a greater limit.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PRODUCT = ("marshrut", "web", "queues", "workflow", "templates_docs", "signing")
#: Rooms whose public names others build upon: each says what it is.
EXPLAINED = ("workflow/domain", "workflow/usecases", "signing")
LONGEST_FILE = 500
LONGEST_FUNCTION = 80

#: Files that may be longer, and why.
LONG_FILES = {
    "tests/factories.py": "one short function for each value of the office, in one place",
}
#: Written by a tool and read by it: a migration lists the tables.
GENERATED = ROOT / "workflow" / "store" / "migrations" / "versions"

Function = ast.FunctionDef | ast.AsyncFunctionDef
Findings = Iterator[str]


def sources(*folders: str) -> list[Path]:
    found = (path for folder in folders for path in (ROOT / folder).rglob("*.py"))
    return sorted(path for path in found if GENERATED not in path.parents)


def too_long(text: str) -> Findings:
    """Functions that nobody reads in one go."""
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, Function):
            lines = (node.end_lineno or node.lineno) - node.lineno + 1
            if lines > LONGEST_FUNCTION:
                yield f"{node.lineno}: {node.name} has {lines} lines"


def catches_everything(text: str) -> Findings:
    """`except Exception` that neither gives its reason in a comment nor raises again."""
    lines = text.splitlines()
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.ExceptHandler) and _is_broad(node.type):
            here, above = lines[node.lineno - 1], lines[node.lineno - 2].strip()
            raises_again = isinstance(node.body[-1], ast.Raise) and node.body[-1].exc is None
            if not ("#" in here or above.startswith("#") or raises_again):
                yield f"{node.lineno}: {here.strip()}"


def _is_broad(caught: ast.expr | None) -> bool:
    if isinstance(caught, ast.Tuple):
        return any(_is_broad(one) for one in caught.elts)
    return caught is None or (
        isinstance(caught, ast.Name) and caught.id in ("Exception", "BaseException")
    )


def knows_no_zone(text: str) -> Findings:
    """Moments and days of the machine's own clock and place: `datetime.now()`, `date.today()`."""
    for node in ast.walk(ast.parse(text)):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
            continue
        name, of = node.func.attr, ast.unparse(node.func.value)
        naive = {
            "now": of.endswith("datetime") and not node.args and not node.keywords,
            "utcnow": True,
            "utcfromtimestamp": True,
            "today": of.endswith(("date", "datetime")) and not node.args,
        }
        if naive.get(name):
            yield f"{node.lineno}: {ast.unparse(node)}"


def says_nothing(text: str) -> Findings:
    """Public functions and classes without a docstring."""
    for node in ast.parse(text).body:
        if not isinstance(node, Function | ast.ClassDef) or node.name.startswith("_"):
            continue
        if not ast.get_docstring(node):
            yield f"{node.lineno}: {node.name}"


def found_in(paths: list[Path], look: Callable[[str], Findings]) -> list[str]:
    return [
        f"{path.relative_to(ROOT)}:{finding}"
        for path in paths
        for finding in look(path.read_text("utf-8"))
    ]


def test_no_file_is_longer_than_one_idea() -> None:
    long = {
        str(path.relative_to(ROOT))
        for path in sources(*PRODUCT, "tests", "docs")
        if len(path.read_text("utf-8").splitlines()) > LONGEST_FILE
    }
    assert long <= LONG_FILES.keys()
    assert LONG_FILES.keys() <= long, "these became short: take them off the list"


def test_no_function_is_too_long_to_read() -> None:
    assert found_in(sources(*PRODUCT, "tests", "docs"), too_long) == []


def test_nothing_catches_everything_without_a_reason() -> None:
    assert found_in(sources(*PRODUCT), catches_everything) == []


def test_no_moment_is_without_its_zone() -> None:
    assert found_in(sources(*PRODUCT), knows_no_zone) == []


def test_public_names_of_domain_use_cases_and_signing_are_explained() -> None:
    assert found_in(sources(*EXPLAINED), says_nothing) == []


@pytest.mark.parametrize(
    ("look", "bad", "good"),
    [
        (too_long, "def f():\n" + "    a = 1\n" * 80, "def f():\n" + "    a = 1\n" * 79),
        (
            catches_everything,
            "try:\n    f()\nexcept (ValueError, Exception) as e:\n    log(e)\n",
            "try:\n    f()\n# The edge: it is written down.\nexcept Exception as e:\n    log(e)\n",
        ),
        (
            catches_everything,
            "try:\n    f()\nexcept:\n    raise ValueError\n",
            "try:\n    f()\nexcept BaseException:\n    undo()\n    raise\n",
        ),
        (knows_no_zone, "datetime.now()", "datetime.now(UTC)"),
        (knows_no_zone, "datetime.date.today()", "current.today()"),
        (says_nothing, "class Open:\n    a = 1\n", "def _closed():\n    return 1\n"),
    ],
)
def test_the_tripwires_trip(look: Callable[[str], Findings], bad: str, good: str) -> None:
    assert list(look(bad))
    assert not list(look(good))
