"""The scan of an ink signature is entered once more: the first one is lost or unreadable."""

from __future__ import annotations

from uuid import UUID

from flask import Response, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from web.access import signed_in
from web.actor import current_actor
from web.components import Fact, Link
from web.current import _, services
from web.dates import long_date
from web.errors import unless_refused
from web.forms import FieldError
from web.forms.scans import read_scan
from web.views.on_document import crumbs, notice_of
from web.views.paper import SCAN_AGAIN, TITLE
from workflow.domain.paper_acts import InkEntry
from workflow.domain.refusals import N_
from workflow.queries.paper_page import PaperPage, SignerLine, paper_page
from workflow.usecases.paper import enter_scan_again


@signed_in
def page(document_id: UUID, step: str) -> Response:
    """Ask for the new scan of a signature that was entered."""
    shown = paper_page(services().work, current_actor(), document_id)
    return _page(shown, shown.scanned_line(step))


@signed_in
def act(document_id: UUID, step: str) -> AnyResponse:
    """Keep the new scan beside the first one; who signed and when stay as they are."""
    work, actor = services().work, current_actor()
    shown = paper_page(work, actor, document_id)
    line = shown.scanned_line(step)
    scan, errors = read_scan(request.files.get("scan"))
    if errors:
        return _page(shown, line, errors)
    assert line.signed_on is not None  # an ink signature always has its date
    entry = InkEntry(line.step, line.signed_on)
    unless_refused(enter_scan_again(work, actor, document_id, entry, scan))
    return redirect(url_for("signing.paper_page", document_id=document_id), code=303)


def _page(shown: PaperPage, line: SignerLine, errors: tuple[FieldError, ...] = ()) -> Response:
    document_id = shown.heading.document_id
    before, document, _here = crumbs(shown.heading, TITLE)
    paper = Link(_(TITLE), url_for("signing.paper_page", document_id=document_id))
    assert line.signed_on is not None  # an ink signature always has its date
    page = render_template(
        "signing/scan_again.html",
        shown=shown,
        crumbs=(before, document, paper, Link(_(SCAN_AGAIN))),
        notices=(notice_of(line.again, shown.heading),) if line.again else (),
        facts=(
            Fact(_(N_("Document")), shown.heading.named),
            Fact(_(N_("Who signed it")), line.name),
            Fact(_(N_("Date beside the signature")), long_date(line.signed_on)),
        ),
        closed=line.again is not None,
        errors=errors,
    )
    return make_response(page, 422 if errors else 200)
