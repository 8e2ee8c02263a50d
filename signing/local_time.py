"""Times as people in an office read them."""

from __future__ import annotations

from datetime import datetime, timedelta, tzinfo


def local_date(moment: datetime, zone: tzinfo) -> str:
    """Return the day in `zone` as 20.11.2026."""
    return f"{moment.astimezone(zone):%d.%m.%Y}"


def local_moment(moment: datetime, zone: tzinfo) -> str:
    """Return day, time and time zone as 20.11.2026 12:30:05 (UTC+3)."""
    local = moment.astimezone(zone)
    offset = local.utcoffset() or timedelta(0)
    sign = "−" if offset < timedelta(0) else "+"
    hours, minutes = divmod(round(abs(offset).total_seconds()) // 60, 60)
    name = f"UTC{sign}{hours}" + (f":{minutes:02}" if minutes else "")
    return f"{local:%d.%m.%Y %H:%M:%S} ({name})"
