"""From when to when an authority was accredited (article 11 of the law 63-FZ, part 1).

A qualified certificate counts when the authority that issued it was accredited on the day of
issue; what became of the accreditation afterwards does not matter.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone
from typing import Any  # JSON as it comes from json.loads has no better type

MOSCOW = timezone(timedelta(hours=3))
"""The days of the list are those of the ministry that publishes it."""


@dataclass(frozen=True)
class Period:
    """`since` is its first day; `until` the first day that is no longer in it, None while open.

    The day on which an accreditation ends is not in it: on that day it no longer held whole.
    """

    since: date
    until: date | None = None

    def __post_init__(self) -> None:
        if self.until is not None and self.until <= self.since:
            raise ValueError("a period has at least one day")

    def covers(self, day: date) -> bool:
        """Say whether `day` is in the period."""
        return self.since <= day and (self.until is None or day < self.until)


@dataclass(frozen=True)
class Accreditation:
    """What the list of version `list_version` says of one certificate of an authority.

    `authority` is the SHA-256 of that certificate. Another certificate of the same authority has
    an accreditation of its own.
    """

    authority: str
    periods: tuple[Period, ...]
    list_version: int

    def covers(self, day: date) -> bool:
        """Say whether the authority was accredited on `day`."""
        return any(period.covers(day) for period in self.periods)


def day_of_issue(not_before: datetime) -> date:
    """Return the day on which a certificate valid from this moment was issued, in Moscow."""
    return not_before.astimezone(MOSCOW).date()


def periods_out(periods: tuple[Period, ...]) -> list[list[str | None]]:
    """Return the JSON form of periods."""
    return [
        [each.since.isoformat(), None if each.until is None else each.until.isoformat()]
        for each in periods
    ]


def periods_in(stored: list[list[Any]]) -> tuple[Period, ...]:
    """Read what `periods_out` wrote; raises ValueError or TypeError."""
    return tuple(
        Period(date.fromisoformat(since), None if until is None else date.fromisoformat(until))
        for since, until in stored
    )


def accreditation_out(accreditation: Accreditation | None) -> dict[str, Any] | None:
    """Return the JSON form, null for none."""
    if accreditation is None:
        return None
    return {
        "authority": accreditation.authority,
        "periods": periods_out(accreditation.periods),
        "list_version": accreditation.list_version,
    }


def accreditation_in(stored: dict[str, Any] | None) -> Accreditation | None:
    """Read what `accreditation_out` wrote; raises LookupError, ValueError or TypeError."""
    if stored is None:
        return None
    return Accreditation(
        str(stored["authority"]), periods_in(stored["periods"]), int(stored["list_version"])
    )
