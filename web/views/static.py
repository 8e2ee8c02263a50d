"""Style sheets and scripts."""

from __future__ import annotations

from pathlib import Path

from flask import Blueprint, send_file, send_from_directory
from werkzeug.wrappers import Response

from web.access import public, signed_in
from web.current import settings
from workflow.usecases.errors import NotFoundError

STATIC = Path(__file__).parent.parent / "static"

pages = Blueprint("files", __name__)


@public
def static_file(filename: str) -> Response:
    """Answer a file of web/static; its address changes with its content."""
    return send_from_directory(STATIC, filename)


@signed_in
def browser_plugin() -> Response:
    """Answer the maker's script that speaks with the browser plug-in, as the operator put it."""
    script = settings().cades_plugin
    if script is None or not script.is_file():
        raise NotFoundError("there is no script of the browser plug-in")
    return send_file(script, mimetype="text/javascript", conditional=False)


pages.add_url_rule("/plugin/cadesplugin.js", "browser_plugin", browser_plugin)
pages.add_url_rule("/static/<path:filename>", "static", static_file)
