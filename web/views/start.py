"""The address without a path."""

from __future__ import annotations

from flask import Blueprint, redirect, url_for
from werkzeug.wrappers import Response

from web.access import signed_in

HOME = "inbox.page"  # where a person arrives who came for nothing in particular

pages = Blueprint("start", __name__)


@pages.get("/")
@signed_in
def page() -> Response:
    """Lead on to where a person's day begins."""
    return redirect(url_for(HOME), code=303)
