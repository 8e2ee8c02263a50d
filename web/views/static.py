"""Style sheets and scripts."""

from __future__ import annotations

from pathlib import Path

from flask import Blueprint, send_from_directory
from werkzeug.wrappers import Response

from web.access import public

STATIC = Path(__file__).parent.parent / "static"

pages = Blueprint("files", __name__)


@public
def static_file(filename: str) -> Response:
    """Answer a file of web/static; its address changes with its content."""
    return send_from_directory(STATIC, filename)


pages.add_url_rule("/static/<path:filename>", "static", static_file)
