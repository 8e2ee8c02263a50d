"""A change that mentor and mentees agree on between themselves: a longer or shorter term (D19)."""

from __future__ import annotations

from datetime import date
from enum import StrEnum

from workflow.domain.refusals import N_, Refusal

#: The sheet of changes, as the regulations name it.
CHANGE_SHEET = "D19"


class TermChange(StrEnum):
    """What a sheet of changes says of the term, as the regulation's pack names the choices."""

    EXTENSION = "extension"
    REDUCTION = "reduction"
    CORRECTION = "correction"


def term_changes_as_said(
    change: TermChange, until: date, until_new: date | None, today: date, article: str
) -> Refusal | None:
    """Whether the new last day is what the words of the sheet promise; None if it is.

    `until` is the last day by the order in force. A correction of the plan leaves the term alone.
    A term is not shortened to a day that has passed: the mentoring of those days took place.
    """
    facts = {"day": until}
    if change is TermChange.CORRECTION:
        if until_new is None or until_new == until:
            return None
        return Refusal(
            "term.not_changed_here",
            N_("The sheet corrects the plan only, yet it names a new last day."),
            N_("Leave the new last day empty, or choose that the term is changed."),
            facts,
            article=article,
        )
    if until_new is None:
        return Refusal(
            "term.new_day_missing",
            N_("The sheet changes the term, but no new last day is named."),
            N_("Write the new last day of the term."),
            facts,
            article=article,
        )
    if change is TermChange.EXTENSION and until_new <= until:
        return Refusal(
            "term.not_longer",
            N_("The term is extended, but the new last day is not later than {day}."),
            N_("Write a later day, or choose that the term is shortened."),
            facts,
            article=article,
        )
    if change is TermChange.REDUCTION and not today <= until_new < until:
        return Refusal(
            "term.not_shorter",
            N_("The term is shortened, but the new last day is not between today and {day}."),
            N_("Write a day before the present last day that has not passed."),
            facts,
            article=article,
        )
    return None
