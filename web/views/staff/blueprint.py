"""The blueprint of the pages about workers, who keeps them, and the way to a page."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, url_for

from web.access import OPERATOR
from web.components import Link
from web.current import _
from workflow.domain.refusals import N_
from workflow.queries.staff import WorkerPage

pages = Blueprint("staff", __name__, url_prefix="/staff")

#: Mandates whose holders keep the cards (see `administration.may_keep_staff`), and the operator.
MANDATES = ("clerk", "head", "acting_head")
KEEPERS = (*MANDATES, OPERATOR)

TITLE = N_("Workers")


def list_crumbs(organisation_id: UUID, *links: Link) -> tuple[Link, ...]:
    """Return the way to a page below the list of an organisation's workers."""
    return (Link(_(TITLE), url_for("staff.workers", organisation_id=organisation_id)), *links)


def worker_crumbs(shown: WorkerPage, here: str) -> tuple[Link, ...]:
    """Return the way to a page below the card of a worker; `here` is the page's own name."""
    card = Link(shown.person.short_name, worker_address(shown.employment.id))
    return list_crumbs(shown.organisation_id, card, Link(here))


def worker_address(employment_id: UUID, done: str = "") -> str:
    """Return the address of a worker's card, which may say what has just been done."""
    return url_for("staff.worker", employment_id=employment_id, done=done or None)
