"""What is said of the proven time of a signature."""

from __future__ import annotations

from datetime import datetime, tzinfo

from web.current import _
from web.dates import moment


def time_words(proven_at: datetime | None, authority: str, zone: tzinfo) -> str:
    """Return the proven time and who proves it, "" where nothing is proven."""
    if proven_at is None:
        return ""
    at = moment(proven_at, zone)
    if not authority:
        return _("Time proven: {at}", at=at)
    return _("Time proven by a timestamp: {at} ({authority})", at=at, authority=authority)
