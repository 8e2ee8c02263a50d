"""By which power of attorney somebody signs, in words: what is said before the signing."""

from __future__ import annotations

from flask import url_for

from web.components import Link, Mark, Notice
from web.current import _, services
from web.dates import short_date
from workflow.domain.powers import PowerKnown
from workflow.domain.refusals import N_


def power_words(known: PowerKnown) -> str:
    """Name the power: number, day of giving, last day."""
    power = known.power
    return _(
        N_("power of attorney № {number} of {issued}, in force until {until}"),
        number=power.number,
        issued=short_date(power.issued),
        until=short_date(power.until),
    )


def power_notice(known: PowerKnown) -> Notice:
    """Say by which power the reader signs, and that the registry has to be asked first."""
    link = Link(
        _(N_("Open the power of attorney")), url_for("powers.page", power_id=known.power.id)
    )
    title = _(N_("You sign by power of attorney № {number}"), number=known.power.number)
    if known.answer_is_fresh(services().work.clock()):
        text = _(
            N_("It was given on {issued} and ends on {until}. It is kept with the signature."),
            issued=short_date(known.power.issued),
            until=short_date(known.power.until),
        )
        return Notice(text, title, Mark.NEUTRAL, link)
    text = _(
        N_(
            "The registry’s answer is missing or older than {days} days: the signature will be "
            "received, but will not count until a fresh answer is entered. Ask the clerk to enter "
            "it first."
        ),
        days=known.days,
    )
    return Notice(text, title, Mark.WAITING, link)
