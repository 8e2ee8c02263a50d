"""A sheet of changes means what it says."""

from __future__ import annotations

from datetime import date

import pytest

from workflow.domain.term_changes import TermChange, term_changes_as_said

UNTIL, TODAY = date(2027, 5, 31), date(2026, 12, 1)
LONGER, SHORTER, PASSED = date(2027, 8, 31), date(2027, 3, 1), date(2026, 11, 30)
EXTENSION, REDUCTION, CORRECTION = TermChange


@pytest.mark.parametrize(
    ("change", "until_new"),
    [
        (EXTENSION, LONGER),
        (REDUCTION, SHORTER),
        (REDUCTION, TODAY),
        (CORRECTION, None),
        (CORRECTION, UNTIL),
    ],
)
def test_the_new_last_day_is_what_the_sheet_promises(
    change: TermChange, until_new: date | None
) -> None:
    assert term_changes_as_said(change, UNTIL, until_new, TODAY, "п. 2.4") is None


@pytest.mark.parametrize(
    ("change", "until_new", "code"),
    [
        (EXTENSION, None, "term.new_day_missing"),
        (EXTENSION, UNTIL, "term.not_longer"),
        (EXTENSION, SHORTER, "term.not_longer"),
        (REDUCTION, None, "term.new_day_missing"),
        (REDUCTION, UNTIL, "term.not_shorter"),
        (REDUCTION, LONGER, "term.not_shorter"),
        (REDUCTION, PASSED, "term.not_shorter"),
        (CORRECTION, LONGER, "term.not_changed_here"),
    ],
)
def test_another_day_is_refused_with_the_article(
    change: TermChange, until_new: date | None, code: str
) -> None:
    refusal = term_changes_as_said(change, UNTIL, until_new, TODAY, "п. 2.4")
    assert refusal is not None
    assert (refusal.code, refusal.article) == (code, "п. 2.4")
