"""How the inputs of a form are named; shared by those who draw and those who read them."""

from __future__ import annotations

from werkzeug.datastructures import MultiDict

from workflow.domain.facts import MOST_ROWS
from workflow.domain.regulations import FieldSpec

Entered = MultiDict[str, str]  # what stands in the inputs, as the browser sends it

ROWS_AT_MOST = MOST_ROWS


def cell_name(table: str, row: int, column: str) -> str:
    """Return the name of an input in row `row` (from 0) of a table."""
    return f"{table}-{row}-{column}"


def count_name(table: str) -> str:
    """Return the name of the hidden input that holds the number of rows."""
    return f"{table}-rows"


def input_name(path: str) -> str:
    """Return the name of the input that a path of the domain means (`events.3.until`)."""
    return path.replace(".", "-")


def is_asked(spec: FieldSpec) -> bool:
    """Tell whether a form asks for the field at all; some are worked out at assembly."""
    return spec.asked


def row_count(entered: Entered, table: str) -> int:
    """Return how many rows stand in the form: never more than ROWS_AT_MOST."""
    text = entered.get(count_name(table), "0")
    count = int(text) if text.isascii() and text.isdigit() and len(text) < 4 else 0
    return min(count, ROWS_AT_MOST)
