"""A printed document that was signed with ink: the clerk enters the date and the scan."""

from __future__ import annotations

from uuid import UUID

from flask import Response, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from web.access import signed_in
from web.actor import current_actor
from web.components import Confirmation, Fact
from web.current import _, services, surroundings
from web.dates import long_date, short_date
from web.forms import FieldError
from web.forms.scans import read_day, read_scan
from web.refusals import tell
from web.views.on_document import crumbs, document_address, download_names, file_address, notice_of
from workflow.domain.refusals import N_, Refusal
from workflow.queries.paper_page import PaperPage, paper_page
from workflow.usecases.paper import InkSignature, enter_ink_signature

TITLE = N_("Signed on paper")
INK_DATE = N_("Date beside the signature")
DATE_CODES = ("paper.another_day",)


@signed_in
def page(document_id: UUID) -> Response:
    """Show what to print and what to enter once it is signed."""
    shown = paper_page(services().work, current_actor(), document_id)
    if request.args.get("entered") == "1" and shown.heading.on_paper:
        return _done(shown)
    dated = shown.heading.dated
    return _page(shown, typed=short_date(dated) if dated else "")


@signed_in
def act(document_id: UUID) -> AnyResponse:
    """Enter the ink signature."""
    work, actor = services().work, current_actor()
    shown = paper_page(work, actor, document_id)
    typed = request.form.get("signed_on", "")
    day, errors = read_day(request.form, "signed_on", _(INK_DATE), shown.heading.today)
    scan, wrong = read_scan(request.files.get("scan"))
    errors += wrong
    if errors or day is None:
        return _page(shown, typed, errors)
    done = enter_ink_signature(work, actor, document_id, InkSignature(day, scan))
    if isinstance(done, Refusal):
        return _page(shown, typed, *_where(done))
    return redirect(url_for("signing.paper_page", document_id=document_id, entered=1), code=303)


def _where(refusal: Refusal) -> tuple[tuple[FieldError, ...], Refusal | None]:
    if refusal.code not in DATE_CODES:
        return (), refusal
    told = tell(refusal, surroundings().words)
    return (FieldError("signed_on", told.what),), None


def _page(
    shown: PaperPage,
    typed: str = "",
    errors: tuple[FieldError, ...] = (),
    refusal: Refusal | None = None,
) -> Response:
    closed = refusal or shown.refusal
    names = download_names(shown.files)
    page = render_template(
        "signing/paper.html",
        shown=shown,
        crumbs=crumbs(shown.heading, TITLE),
        notices=(notice_of(closed, shown.heading),) if closed else (),
        facts=_facts(shown),
        files=[
            (name, file_address(shown.heading, file))
            for name, file in zip(names, shown.files, strict=True)
        ],
        errors=errors,
        typed=typed,
    )
    return make_response(page, 422 if errors else 409 if refusal else 200)


def _facts(shown: PaperPage) -> tuple[Fact, ...]:
    dated = shown.heading.dated
    return (
        Fact(_(N_("Document")), shown.heading.named),
        Fact(_(N_("Printed date")), long_date(dated) if dated else ""),
        Fact(_(N_("Who signs")), shown.signer),
    )


def _done(shown: PaperPage) -> Response:
    document_id = shown.heading.document_id
    done = Confirmation(
        _(N_("Entered. {document} is signed on paper."), document=shown.heading.named),
        what_next=(_(N_("Keep the paper original: it is the document, the scan is its image.")),),
    )
    page = render_template(
        "signing/paper_done.html",
        done=done,
        crumbs=crumbs(shown.heading, TITLE),
        document_url=document_address(document_id),
        sheet_url=url_for("signing.acknowledgement_sheet", document_id=document_id),
    )
    return make_response(page)
