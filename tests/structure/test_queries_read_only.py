"""A query never writes (docs/decisions/0007)."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

QUERIES = sorted((Path(__file__).parents[2] / "workflow" / "queries").glob("*.py"))


@pytest.mark.parametrize("path", QUERIES, ids=lambda p: p.stem)
def test_a_query_begins_no_write_transaction(path: Path) -> None:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            assert node.func.attr != "uow", f"{path.name}:{node.lineno} begins a write transaction"
            assert node.func.attr != "commit", f"{path.name}:{node.lineno} commits"
