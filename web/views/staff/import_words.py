"""How the preview of a file with workers speaks of a line: what is written, what is wrong."""

from __future__ import annotations

from collections.abc import Iterator

from web.current import _, surroundings
from web.dates import short_date
from web.refusals import tell
from web.views.admin.people import shown_snils
from web.views.staff.words import EDUCATION, category_words, years_words
from workflow.domain.refusals import N_, Refusal
from workflow.domain.staff_cards import StaffCard
from workflow.domain.staff_import_plan import PlannedRow, Worker
from workflow.domain.staff_sheets import HEADINGS, CellProblem


def line_words(row: PlannedRow) -> Iterator[str]:
    """Yield «Категория: первая → высшая» for each cell that is written, and what is not taken."""
    for key in row.touched:
        before, after = _value(row.before, key), _value(row.after, key)
        said = _(N_("{before} → {after}"), before=before, after=after) if before else after
        yield f"{HEADINGS[key]}: {said}"
    for problem in (*row.remarks, *row.problems):
        what = _what(problem)
        yield f"{problem.column}: {what}" if problem.column else what


def problem_words(problem: CellProblem) -> str:
    """Return «Строка 5, столбец «СНИЛС»: контрольное число не сходится»."""
    what = _what(problem)
    if not problem.column:
        return _(N_("Line {row}: {what}"), row=problem.row, what=what)
    return _(
        N_("Line {row}, column “{column}”: {what}"),
        row=problem.row,
        column=problem.column,
        what=what,
    )


def _what(problem: CellProblem) -> str:
    refusal = Refusal("staff_import", problem.msgid, params=problem.params)
    return tell(refusal, surroundings().words).what


def _value(worker: Worker | None, key: str) -> str:
    """What a worker's card says in a column of the file; empty where it says nothing."""
    if worker is None:
        return ""
    match key:
        case "since":
            return short_date(worker.employment.since)
        case "snils":
            return shown_snils(worker.person.snils)
        case "inn":
            return worker.person.inn
        case "email":
            return worker.person.email
        case _:
            return _card_value(worker.card, key) if worker.card else ""


def _card_value(card: StaffCard, key: str) -> str:
    match key:
        case "hired_on":
            return short_date(card.hired_on) if card.hired_on else ""
        case "subject":
            return card.subject
        case "education":
            return _(EDUCATION[card.education]) if card.education in EDUCATION else ""
        case "category":
            return ", ".join(map(category_words, card.categories))
        case _:
            return next((years_words(one) for one in card.experience if one.kind == key), "")
