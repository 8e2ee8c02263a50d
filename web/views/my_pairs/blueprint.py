"""The blueprint of a mentor's and a mentee's own pages."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, redirect, url_for
from werkzeug.wrappers import Response as AnyResponse

from web.components import Link
from web.current import _
from workflow.domain.refusals import N_

pages = Blueprint("my_pairs", __name__, url_prefix="/my-pairs")

TITLE = N_("My pairs")


def address(case_id: UUID) -> str:
    """Return the address of one's own pair."""
    return url_for("my_pairs.page", case_id=case_id)


def back(case_id: UUID, done: str) -> AnyResponse:
    """Lead to the pair, which says what has just been done."""
    return redirect(url_for("my_pairs.page", case_id=case_id, done=done), code=303)


def crumbs(case_id: UUID, name: str, here: str = "") -> tuple[Link, ...]:
    """Return the way to a page about the pair called `name`; `here` is the page's own name."""
    top = Link(_(TITLE), url_for("my_pairs.index"))
    if not here:
        return top, Link(name)
    return top, Link(name, address(case_id)), Link(here)
