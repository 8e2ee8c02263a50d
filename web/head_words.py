"""The register of heads as tables and facts."""

from __future__ import annotations

from flask import url_for

from web.components import Cell, Fact, Mark, Table, Tag
from web.dates import short_date
from web.words import Words
from workflow.domain.refusals import N_
from workflow.domain.regulations import Role
from workflow.queries.heads import HeadList, HeadRow

ROLES = {Role.HEAD: N_("in the post of head"), Role.ACTING_HEAD: N_("acting for the head")}


def head_table(words: Words, heads: HeadList) -> Table:
    """Return the heads below one office; each name leads to its page."""
    columns = (
        N_("Organisation"),
        N_("Head of the organisation"),
        N_("In office"),
        N_("Ground"),
        N_("Confirmed by the office"),
    )
    return Table(
        heads.office,
        tuple(words.text(name) for name in columns),
        tuple(_row(words, row) for row in heads.rows),
        empty=words.text(N_("No organisation reports to the office yet.")),
    )


def _row(words: Words, row: HeadRow) -> tuple[Cell, ...]:
    post = f"{row.post} ({words.text(ROLES[row.mandate.role])})"
    return (
        Cell(row.organisation),
        Cell(row.name, url_for("office.head", mandate_id=row.mandate.id), note=post),
        Cell(term(words, row)),
        Cell(row.mandate.ground),
        _confirmed(words, row),
    )


def _confirmed(words: Words, row: HeadRow) -> Cell:
    if row.confirmed_by:
        return Cell(
            tag=Tag(words.text(N_("Confirmed as the head")), Mark.DONE), note=row.confirmed_by
        )
    return Cell(tag=Tag(words.text(N_("Waits for confirmation")), Mark.WAITING))


def term(words: Words, row: HeadRow) -> str:
    """Return from when to when the mandate is held."""
    since = short_date(row.mandate.since)
    if row.mandate.until is None:
        return words.text(N_("since {since}"), since=since)
    until = short_date(row.mandate.until)
    return words.text(N_("{since} to {until}"), since=since, until=until)


def head_facts(words: Words, row: HeadRow) -> tuple[Fact, ...]:
    """Return what the office compares with the appointment before it confirms."""
    return (
        Fact(words.text(N_("Organisation")), row.organisation),
        Fact(words.text(N_("Surname, name, patronymic")), row.name),
        Fact(words.text(N_("Post")), row.post),
        Fact(words.text(N_("Authority held")), words.text(ROLES[row.mandate.role])),
        Fact(words.text(N_("In office")), term(words, row)),
        Fact(words.text(N_("Ground")), row.mandate.ground),
        Fact(
            words.text(N_("Confirmed by the office")),
            row.confirmed_by or words.text(N_("not confirmed yet")),
        ),
    )
