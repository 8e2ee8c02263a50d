"""Deadlines as people say them: "5 working days after case.ends"."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class DeadlineRule:
    """When something is due, counted from an event of a case or document."""

    key: str
    after: str
    amount: int
    unit: str
    article: str = ""
