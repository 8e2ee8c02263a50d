"""What is written down for the same moment is told in the order of a document's life."""

from __future__ import annotations

from datetime import UTC, datetime

from workflow.queries.history import Happening, in_order

AT = datetime(2026, 5, 4, 3, tzinfo=UTC)


def told(*keys: str) -> list[str]:
    """The keys in the order in which things happened, all at one moment."""
    return [one.key for one in sorted((Happening(k, AT, "", 1) for k in keys), key=in_order)]


def test_visa_that_nobody_could_give_is_passed_over_before_the_number_is_given() -> None:
    assert told("fixed", "vacant", "prepare", "revision") == [
        "revision",
        "prepare",
        "vacant",
        "fixed",
    ]


def test_document_is_acknowledged_after_it_was_signed() -> None:
    assert told("acknowledged", "signed", "fixed") == ["fixed", "signed", "acknowledged"]
