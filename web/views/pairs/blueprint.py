"""The blueprint of the pages about mentor pairs, and who works on them."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, redirect, url_for
from werkzeug.wrappers import Response as AnyResponse

from web.components import Link
from web.current import _
from workflow.domain.refusals import N_

pages = Blueprint("pairs", __name__)

#: Mandates whose holders work on pairs (see `pair_permissions.PAIR_ROLES`).
WORKERS = ("head", "acting_head", "deputy", "curator", "clerk", "association")

TITLE = N_("Mentor pairs")
LONGEST_TEXT = 2_000  # characters


def address(case_id: UUID) -> str:
    """Return the address of a pair's page."""
    return url_for("pairs.page", case_id=case_id)


def back(case_id: UUID, done: str) -> AnyResponse:
    """Lead to the pair's page, which says what has just been done."""
    return redirect(url_for("pairs.page", case_id=case_id, done=done), code=303)


def crumbs(case_id: UUID | None, name: str, here: str = "") -> tuple[Link, ...]:
    """Return the way to a page about a pair called `name`; `here` is the page's own name."""
    links = [Link(_(TITLE), url_for("pairs.index"))]
    if here and case_id is not None:
        links.append(Link(name, address(case_id)))
    return (*links, Link(here or name))
