"""Whether signatures get timestamps, who vouches for these, and what waits for one."""

from __future__ import annotations

from flask import url_for

from web.components import Cell, Mark, Notice, Table
from web.current import _, surroundings
from web.views.admin.layout import Section, opens
from workflow.domain.refusals import N_
from workflow.queries.admin_trust import TrustPage


def stamping_section(found: TrustPage, rows: tuple[tuple[Cell, ...], ...]) -> Section:
    """Return the part of the page about trust that tells who vouches for timestamps."""
    asked = _(
        "No certificate has been added for timestamps. Authorities of the accredited list vouch "
        "for timestamps without it, in a training installation the training ones."
    )
    nobody = _(
        "No time-stamping authority is asked: signatures are judged by the time of their receipt. "
        "Whoever runs the server sets the address of an authority (MARSHRUT_TSA_URL)."
    )
    table = Table(
        _("Time-stamping authorities"),
        (
            _("Certification authority"),
            _("Certificate: valid until"),
            _("What to do with it"),
        ),
        rows,
        empty=asked if found.asks_for_time else nobody,
    )
    address = url_for("admin.new_stamper")
    return Section(table, (opens(N_("Add a certificate for timestamps"), address),))


def time_notices(found: TrustPage) -> tuple[Notice, ...]:
    """Return the warning that signatures wait for a timestamp, if any do."""
    if not found.without_time:
        return ()
    many = surroundings().words.plural(
        "{n} signature waits for a timestamp",
        "{n} signatures wait for a timestamp",
        found.without_time,
    )
    text = (
        _(
            "They are received, but not counted until the time-stamping authority answers and "
            "its certificate is trusted. What is wrong stands beside each signature."
        )
        if found.asks_for_time
        else _(
            "They are received, but not counted: the address of the time-stamping authority was "
            "taken out of the settings of the server."
        )
    )
    return (Notice(text, many, Mark.PROBLEM),)
