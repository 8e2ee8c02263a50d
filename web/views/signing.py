"""The addresses of number and date, signing, acknowledging and paper, in the order of their use."""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint
from flask.typing import ResponseReturnValue

from web.views import (
    acknowledging,
    fixing,
    own_program,
    paper,
    scan_again,
    sign,
    sign_in_browser,
    signed_sheet,
    simple_signing,
)

pages = Blueprint("signing", __name__, url_prefix="/documents/<uuid:document_id>")


def _get(path: str, endpoint: str, view: Callable[..., ResponseReturnValue]) -> None:
    pages.add_url_rule(path, endpoint, view, methods=["GET"])


def _post(path: str, endpoint: str, view: Callable[..., ResponseReturnValue]) -> None:
    pages.add_url_rule(path, endpoint, view, methods=["POST"])


_get("/fix", "fix_page", fixing.page)
_post("/fix", "fix", fixing.act)
_get("/fix/progress", "fix_progress", fixing.progress)

_get("/sign", "sign_page", sign.page)
_post("/sign", "sign", sign.act)
_get("/signed", "result", sign.result)

_post("/sign/elsewhere", "begin", own_program.begin)
_get("/sign/elsewhere/<uuid:attempt_id>", "own_program", own_program.page)
_post("/sign/elsewhere/<uuid:attempt_id>", "hand_in", own_program.hand_in)
_get("/fixed/<int:place>.pdf", "file", own_program.file)
_get("/fixed.zip", "files", own_program.archive)

_get("/sign/browser", "sign_in_browser", sign_in_browser.page)
_post("/sign/browser/certificates", "browser_certificates", sign_in_browser.certificates)
_post("/sign/browser", "begin_in_browser", sign_in_browser.begin)
_post("/sign/browser/<uuid:attempt_id>", "hand_in_from_browser", sign_in_browser.hand_in)
_post("/sign/browser/<uuid:attempt_id>/cancel", "cancel_in_browser", sign_in_browser.cancel)

_post("/sign/simple", "begin_simply", simple_signing.begin_to_sign)
_get("/sign/simple/<uuid:attempt_id>", "sign_simply_page", simple_signing.sign_page)
_post("/sign/simple/<uuid:attempt_id>", "sign_simply", simple_signing.sign)

_get("/paper", "paper_page", paper.page)
_post("/paper", "enter_ink", paper.act)
_post("/paper/switch", "put_on_paper", paper.switch)
_post("/paper/back", "put_back", paper.back)
_get("/paper/again/<step>", "scan_again_page", scan_again.page)
_post("/paper/again/<step>", "scan_again", scan_again.act)
_get("/print.pdf", "print", paper.printed)

_get("/acknowledge", "acknowledge_page", acknowledging.page)
_post("/acknowledge", "acknowledge", acknowledging.act)
_get("/acknowledge/<uuid:attempt_id>", "acknowledge_simply_page", simple_signing.acknowledge_page)
_post("/acknowledge/<uuid:attempt_id>", "acknowledge_simply", simple_signing.acknowledge)
_get("/acknowledgements", "acknowledgement_sheet", acknowledging.sheet)
_get("/acknowledgements/sheet", "signed_sheet", signed_sheet.page)
_post("/acknowledgements/sheet", "enter_sheet", signed_sheet.act)
_get("/acknowledgements/sheet.pdf", "print_sheet", paper.printed_sheet)
_get("/acknowledgements/<uuid:employment_id>", "acknowledgement_entry", acknowledging.entry)
_post("/acknowledgements/<uuid:employment_id>", "enter_acknowledgement", acknowledging.enter)
_get("/acknowledgements/scans/<sha256>.pdf", "scan", acknowledging.scan)
_get("/acknowledgements/<sha256>.simple.json", "acknowledged_statement", acknowledging.statement)
