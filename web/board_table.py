"""The matrix as a table on a page, on paper and in a workbook."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from flask import url_for

from web import sheets
from web.cell_words import STANDINGS, cell_notes, cell_tag
from web.components import Cell, Table
from web.dates import long_date, short_date
from web.words import Words
from workflow.domain.obligations import Evidence
from workflow.domain.refusals import N_
from workflow.queries.cells import Cell as TaskCell
from workflow.queries.cells import Standing
from workflow.queries.office_board import Board, Column, Row

#: What may be looked for: the key in the address, the words, the standings that are meant.
FILTERS: tuple[tuple[str, str, frozenset[Standing]], ...] = (
    ("owing", N_("who have not sent"), frozenset({Standing.WAITING, Standing.OVERDUE})),
    ("overdue", N_("whose term has passed"), frozenset({Standing.OVERDUE})),
    ("checking", N_("who wait for our answer"), frozenset({Standing.CHECKING})),
    ("returned", N_("to whom it was returned"), frozenset({Standing.RETURNED})),
    ("late", N_("who sent late"), frozenset({Standing.LATE})),
    ("in_time", N_("who sent in time"), frozenset({Standing.IN_TIME})),
    ("not_required", N_("of whom it is not required"), frozenset({Standing.NOT_REQUIRED})),
)


@dataclass(frozen=True)
class BoardFilter:
    """Which organisations (`show`) and which task (`task`, a column's key) are shown."""

    show: str = ""
    task: str = ""

    @classmethod
    def of(cls, arguments: Mapping[str, str], board: Board) -> BoardFilter:
        """Read the filter of an address; what is unknown narrows nothing."""
        show, task = arguments.get("show", ""), arguments.get("task", "")
        return cls(
            show if any(show == key for key, _label, _standings in FILTERS) else "",
            task if any(task == column.key for column in board.columns) else "",
        )

    @property
    def standings(self) -> frozenset[Standing]:
        meant = (standings for key, _label, standings in FILTERS if key == self.show)
        return next(meant, frozenset(Standing))

    def places(self, board: Board) -> list[int]:
        """The columns that are shown, by their places."""
        return [n for n, c in enumerate(board.columns) if self.task in ("", c.key)]

    def rows(self, board: Board) -> list[Row]:
        """The organisations with a cell that is looked for."""
        places, standings = self.places(board), self.standings
        return [
            row
            for row in board.rows
            if any((cell := row.cells[n]) and cell.standing in standings for n in places)
        ]


@dataclass(frozen=True)
class FilterChoices:
    """What the two lists of the filter hold: key and words."""

    shows: tuple[tuple[str, str], ...]
    tasks: tuple[tuple[str, str], ...]


def filter_choices(words: Words, board: Board) -> FilterChoices:
    return FilterChoices(
        tuple((key, words.text(label)) for key, label, _standings in FILTERS),
        tuple((column.key, f"{column.key}. {column.title}") for column in board.columns),
    )


def board_table(words: Words, board: Board, chosen: BoardFilter, links: bool = True) -> Table:
    """Return the matrix; its last row sums up each column over all organisations."""
    places, rows = chosen.places(board), chosen.rows(board)
    columns = [board.columns[n] for n in places]
    body = [
        (Cell(row.name), *(_cell(words, board, row.cells[n], links) for n in places))
        for row in rows
    ]
    total = Cell(words.text(N_("Total")), note=words.text(N_("all organisations")))
    sums = (total, *(Cell(note="\n".join(_sums(words, c.sums))) for c in columns))
    return Table(
        words.text(N_("Tasks of the order by organisation")),
        (words.text(N_("Organisation")), *(_heading(words, board, c) for c in columns)),
        (*body, sums) if rows else (),
        empty=words.text(N_("No organisation stands so.")),
        sticky=True,
    )


def _heading(words: Words, board: Board, column: Column) -> str:
    named = f"{column.key}. {column.title}"
    if column.due is None:
        return named
    due = long_date(column.due, board.today)
    return words.text(N_("{task} — by {date}"), task=named, date=due)


def _cell(words: Words, board: Board, cell: TaskCell | None, links: bool) -> Cell:
    if cell is None:
        return Cell("—")
    url = url_for("tasks.page", obligation_id=cell.obligation.id) if links else ""
    notes = cell_notes(words, cell, board.today)
    return Cell(tag=cell_tag(words, cell), url=url, note="\n".join(notes))


def _sums(words: Words, sums: Mapping[Standing, int]) -> list[str]:
    return [
        words.text(N_("{standing}: {n}"), standing=words.text(STANDINGS[one]).lower(), n=sums[one])
        for one in Standing
        if sums.get(one)
    ]


def sums_line(words: Words, sums: Mapping[Standing, int]) -> str:
    """Return «в срок: 12, с опозданием: 1» over the whole matrix."""
    return ", ".join(_sums(words, sums))


def sheet_of(words: Words, board: Board, chosen: BoardFilter) -> bytes:
    """Return the matrix as a workbook (XLSX); answers stand in it in full."""
    table = board_table(words, board, chosen, links=False)
    rows = chosen.rows(board)
    places = chosen.places(board)
    body = [[row.name, *(_plain(words, board, row.cells[n]) for n in places)] for row in rows]
    total = [_said(cell) for cell in table.rows[-1]] if rows else []
    heading = [
        board.office,
        board.order.named,
        words.text(N_("As of {date}"), date=short_date(board.today)),
    ]
    title = words.text(N_("Tasks set by the office"))
    return sheets.workbook(title, heading, table.columns, [*body, total] if total else body)


def _said(cell: Cell) -> str:
    return "\n".join(part for part in (cell.text, cell.note) if part)


def _plain(words: Words, board: Board, cell: TaskCell | None) -> str:
    if cell is None:
        return "—"
    lines = [cell_tag(words, cell).label, *cell_notes(words, cell, board.today)]
    answered = (Evidence.LINK, Evidence.NUMBER, Evidence.TEXT)
    if cell.obligation.evidence in answered and cell.obligation.fulfilments:
        lines.append(cell.obligation.fulfilments[-1].evidence)
    return "\n".join(lines)
