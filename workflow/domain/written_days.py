"""A day as people write it: 01.09.2020, 1/9/2020, 2020-09-01."""

from __future__ import annotations

import re
from datetime import date

_RUSSIAN = re.compile(r"(\d{1,2})[./](\d{1,2})[./](\d{4})(?: г\.?)?", re.ASCII)
_ISO = re.compile(r"(\d{4})-(\d{2})-(\d{2})", re.ASCII)


class NotADayError(ValueError):
    """The text is no day, month and year."""


class NoSuchDayError(ValueError):
    """The calendar has no such day (31.02.2026)."""


def read_day(text: str) -> date:
    """Return the day that is written; raises NotADayError or NoSuchDayError."""
    if russian := _RUSSIAN.fullmatch(text):
        day, month, year = map(int, russian.groups())
    elif iso := _ISO.fullmatch(text):
        year, month, day = map(int, iso.groups())
    else:
        raise NotADayError(text)
    try:
        return date(year, month, day)
    except ValueError as error:
        raise NoSuchDayError(text) from error
