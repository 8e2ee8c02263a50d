"""How the inputs of a form are named; shared by those who draw and those who read them."""

from __future__ import annotations

from werkzeug.datastructures import MultiDict

Entered = MultiDict[str, str]  # what stands in the inputs, as the browser sends it

ROWS_AT_MOST = 200


def cell_name(table: str, row: int, column: str) -> str:
    """Return the name of an input in row `row` (from 0) of a table."""
    return f"{table}-{row}-{column}"


def count_name(table: str) -> str:
    """Return the name of the hidden input that holds the number of rows."""
    return f"{table}-rows"


def row_count(entered: Entered, table: str) -> int:
    """Return how many rows stand in the form: never more than ROWS_AT_MOST."""
    text = entered.get(count_name(table), "0")
    count = int(text) if text.isascii() and text.isdigit() and len(text) < 4 else 0
    return min(count, ROWS_AT_MOST)
