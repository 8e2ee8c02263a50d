"""A task of one organisation in the words of the office: «с опозданием на 2 рабочих дня»."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from web.components import Mark, Tag
from web.dates import long_date, short_date
from web.refusals import tell
from web.words import Words
from workflow.domain.deadlines import InTime, Late, Lateness, LateUncounted, Remaining
from workflow.domain.obligations import Evidence, ObligationState
from workflow.domain.refusals import N_
from workflow.queries.cells import Cell, Seen, Standing, is_postponed

STANDINGS: dict[Standing, str] = {
    Standing.IN_TIME: N_("Met in time"),
    Standing.LATE: N_("Met late"),
    Standing.CHECKING: N_("Being examined by the office"),
    Standing.RETURNED: N_("Returned to be mended"),
    Standing.WAITING: N_("Not sent"),
    Standing.OVERDUE: N_("The term has passed"),
    Standing.NOT_REQUIRED: N_("Not required"),
}
_MARKS: dict[Standing, Mark] = {
    Standing.IN_TIME: Mark.DONE,
    Standing.LATE: Mark.WAITING,
    Standing.CHECKING: Mark.WAITING,
    Standing.RETURNED: Mark.PROBLEM,
    Standing.WAITING: Mark.NEUTRAL,
    Standing.OVERDUE: Mark.PROBLEM,
    Standing.NOT_REQUIRED: Mark.NEUTRAL,
}


def cell_tag(words: Words, cell: Cell) -> Tag:
    """Return how the task stands, in one or two words."""
    if cell.on_paper and cell.state is ObligationState.MET:
        return Tag(words.text(N_("On paper")), Mark.PAPER)
    return Tag(words.text(_label(cell)), _MARKS[cell.standing])


def _label(cell: Cell) -> str:
    if cell.state is ObligationState.CANCELLED:
        return N_("Called off")
    if cell.standing in (Standing.WAITING, Standing.OVERDUE):
        sent = cell.obligation.evidence is Evidence.SUBMISSION
        return N_("Not sent") if sent else N_("Not done")
    if cell.standing is Standing.IN_TIME and cell.lateness is None:
        return N_("The task is done")
    return STANDINGS[cell.standing]


def cell_notes(words: Words, cell: Cell, today: date) -> tuple[str, ...]:
    """Return what stands under the tag, line by line; `today` is the office's day."""
    return tuple(_notes(words, cell, today))


def _notes(words: Words, cell: Cell, today: date) -> Iterator[str]:
    if cell.standing is Standing.NOT_REQUIRED:
        yield cell.ground
        return
    if cell.left and cell.due:
        yield _due(words, cell, today)
        yield left_words(words, cell.left)
    elif cell.state is ObligationState.OPEN:
        yield words.text(N_("no date is set"))
    if is_postponed(cell.obligation) and cell.state is not ObligationState.RETURNED:
        yield words.text(N_("the term was postponed"))
    if cell.arrived_on and cell.standing is not Standing.RETURNED:
        yield from _arrival(words, cell)
    yield from _signature(words, cell)
    if cell.changed_since:
        yield words.text(N_("changed after the acceptance"))


def _due(words: Words, cell: Cell, today: date) -> str:
    assert cell.due is not None
    on = long_date(cell.due, today)
    if cell.state is ObligationState.RETURNED:
        return words.text(N_("mend by {date}"), date=on)
    return words.text(N_("due by {date}"), date=on)


def left_words(words: Words, left: Remaining) -> str:
    """Return «осталось 3 рабочих дня», «просрочено на 2 рабочих дня»."""
    if left.working_days is None or not left.one:
        return words.text(left.plain)
    return words.plural(left.one, left.many, left.working_days)


def _arrival(words: Words, cell: Cell) -> Iterator[str]:
    assert cell.arrived_on is not None
    yield words.text(N_("arrived on {date}"), date=short_date(cell.arrived_on))
    is_plain = cell.standing is Standing.IN_TIME and not cell.on_paper
    if cell.lateness is not None and not is_plain:
        yield lateness_words(words, cell.lateness)


def lateness_words(words: Words, lateness: Lateness) -> str:
    """Return «в срок», «с опозданием на 2 рабочих дня», or why it cannot be counted."""
    match lateness:
        case InTime():
            return words.text(N_("came in time"))
        case Late(working_days=0):
            return words.text(N_("late, on a day off right after the last day"))
        case Late(working_days=number):
            return words.plural("{n} working day late", "{n} working days late", number)
        case LateUncounted(year=year):
            return words.text(
                N_("late, days not counted: the calendar of {year} is not approved"), year=year
            )


_SEEN: dict[Seen, str] = {
    Seen.EXAMINING: N_("the signatures are being checked"),
    Seen.VALID: N_("the signature is valid"),
    Seen.INVALID: N_("the signature is not accepted"),
    Seen.UNDECIDED: N_("the signature could not be checked yet"),
    Seen.ON_PAPER: N_("on paper"),
}


def _signature(words: Words, cell: Cell) -> Iterator[str]:
    if cell.seen is Seen.NOTHING or (cell.seen is Seen.ON_PAPER and cell.on_paper):
        return
    said = words.text(_SEEN[cell.seen])
    if cell.why is not None and cell.seen is not Seen.VALID:
        yield f"{said}: {tell(cell.why, words).what}"
    else:
        yield said
