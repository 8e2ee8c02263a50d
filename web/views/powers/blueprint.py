"""The blueprint of the pages about powers of attorney, their words, the way to a page."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, url_for

from web.buttons import Action, Button, button
from web.components import Link, Mark
from web.current import _, surroundings
from workflow.domain.powers import AnswerStatus
from workflow.domain.refusals import N_, Refusal
from workflow.queries.powers import (
    PowerPage,
    PowerState,
)

pages = Blueprint("powers", __name__, url_prefix="/powers")

TITLE = N_("Powers of attorney")
STATES = {
    PowerState.GOOD: (N_("Power: lets sign"), Mark.DONE),
    PowerState.TO_ASK: (N_("Power: ask the registry"), Mark.WAITING),
    PowerState.TO_SAY: (N_("Power: say what it lets sign"), Mark.WAITING),
    PowerState.NOT_YET: (N_("Power: has not begun"), Mark.NEUTRAL),
    PowerState.ENDED: (N_("Power: has ended"), Mark.NEUTRAL),
    PowerState.REVOKED: (N_("Power: revoked"), Mark.PROBLEM),
}
ANSWERS = {
    AnswerStatus.IN_FORCE: N_("Registry: in force"),
    AnswerStatus.REVOKED: N_("Registry: revoked"),
    AnswerStatus.UNKNOWN: N_("Registry: not found"),
}


def leads(label: str, url: str, refusal: Refusal | None, main: bool = False) -> Button:
    """Return a button that leads to a page; `label` is a msgid."""
    return button(Action(label, url, refusal=refusal, opens=True, main=main), surroundings().words)


def list_crumbs(organisation_id: UUID, name: str, here: str = "") -> tuple[Link, ...]:
    """Return the way to a page below the list; `here` is its name."""
    back = Link(_(TITLE), url_for("powers.of_organisation", organisation_id=organisation_id))
    return (back, Link(here or name))


def card_crumbs(shown: PowerPage, here: str) -> tuple[Link, ...]:
    """Return the way to a page below the card of a power."""
    back = Link(_(TITLE), url_for("powers.of_organisation", organisation_id=shown.organisation_id))
    card = Link(shown.holder, url_for("powers.page", power_id=shown.power.id))
    return (back, card, Link(here))
