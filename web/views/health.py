"""Whether the pages can work, for whoever starts them anew or sends requests elsewhere."""

from __future__ import annotations

from flask import Blueprint, Response

from web.access import public
from web.current import services
from workflow.usecases import installation

pages = Blueprint("health", __name__)


@pages.get("/health")
@public
def page() -> Response:
    """Answer 200 when the database has answered; whatever goes wrong is 500 or 503, no details."""
    ready = installation.is_begun(services().work)
    return Response(
        "ok\n" if ready else "not ready\n", 200 if ready else 503, mimetype="text/plain"
    )
