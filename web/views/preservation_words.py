"""How the proof of a signature is kept up, in a quiet line."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import tzinfo

from web.current import _, surroundings
from web.dates import moment, short_date
from web.refusals import tell
from workflow.domain.refusals import N_
from workflow.queries.preservation import Preservation


def preservation_line(kept: Iterable[Preservation | None], zone: tzinfo) -> str:
    """Return the line for a document: of several signatures the one that is off worst.

    Empty while no record was made.
    """
    there = [one for one in kept if one is not None]
    if not there:
        return ""
    worst = min(there, key=lambda one: (not one.interrupted, one.doubt is None, one.ends_at))
    return preservation_words(worst, zone)


def preservation_words(kept: Preservation, zone: tzinfo) -> str:
    """Return «Сохранность: свидетельство от …; действует до …, продлевается само.»"""
    until = short_date(kept.ends_at.astimezone(zone).date())
    since = short_date(kept.since.astimezone(zone).date())
    if kept.interrupted:
        return _(
            N_(
                "Preservation: the proof of {since} was interrupted on {until}, because the record"
                " was not renewed in time. A new record will prove the signature from its own day"
                " on only."
            ),
            since=since,
            until=until,
        )
    if kept.doubt is not None:
        return _(
            N_(
                "Preservation: record of {since}; its timestamp could not be checked yet. {why}"
                " It is checked again every day."
            ),
            since=since,
            why=tell(kept.doubt, surroundings().words, zone).what,
        )
    at = moment(kept.renewed or kept.since, zone)
    msgid = (
        N_(
            "Preservation: record of {since}, renewed by the timestamp of {at} ({authority}); holds"
            " until {until}, is renewed by itself."
        )
        if kept.renewed
        else N_(
            "Preservation: record of {since}, timestamp of {at} ({authority}); holds until {until},"
            " is renewed by itself."
        )
    )
    return _(msgid, since=since, at=at, authority=kept.authority, until=until)
