"""Adding and removing rows of a table without JavaScript: buttons that send the form."""

from __future__ import annotations

from collections.abc import Sequence

from web.forms.names import ROWS_AT_MOST, Entered, cell_name, count_name, row_count
from workflow.domain.regulations import FieldKind, FieldSpec

ADD = "add-row"  # value: the key of the table
DROP = "drop-row"  # value: key, colon, number of the row


def change_rows(fields: Sequence[FieldSpec], entered: Entered) -> Entered | None:
    """Return the form with a row more or less; None when no such button was pressed.

    Nothing else that was entered changes.
    """
    tables = {spec.key: spec for spec in fields if spec.kind is FieldKind.ROWS}
    if table := tables.get(entered.get(ADD, "")):
        changed = entered.copy()
        count = row_count(entered, table.key)
        changed[count_name(table.key)] = str(min(count + 1, ROWS_AT_MOST))
        return changed
    key, _, number = entered.get(DROP, "").partition(":")
    if (table := tables.get(key)) and number.isascii() and number.isdigit():
        return _without_row(table, entered, int(number))
    return None


def _without_row(table: FieldSpec, entered: Entered, dropped: int) -> Entered:
    count = row_count(entered, table.key)
    if dropped >= count:
        return entered.copy()
    changed = entered.copy()
    for column in table.columns:
        for number in range(dropped, count - 1):
            moved = entered.getlist(cell_name(table.key, number + 1, column.key))
            changed.setlist(cell_name(table.key, number, column.key), moved)
        changed.poplist(cell_name(table.key, count - 1, column.key))
    changed[count_name(table.key)] = str(count - 1)
    return changed
