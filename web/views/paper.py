"""A printed document that was signed with ink: the clerk enters who, the dates and the scan."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from flask import Response, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from web import security
from web.access import signed_in
from web.actor import current_actor
from web.buttons import Action, Button, button
from web.components import Cell, Confirmation, Fact, Mark, Notice, Table, Tag
from web.current import _, services, surroundings
from web.dates import long_date, short_date
from web.errors import unless_refused
from web.forms import FieldError
from web.forms.scans import read_day, read_scan
from web.refusals import tell
from web.views.on_document import crumbs, document_address, notice_of, safe_name
from workflow.domain.paper_acts import InkEntry
from workflow.domain.refusals import N_, Refusal
from workflow.queries.paper_page import PaperPage, SignerLine, paper_page
from workflow.queries.print_form import Printed, print_form, print_sheet
from workflow.usecases.paper import enter_ink_signatures, put_back, put_on_paper

TITLE = N_("Signed on paper")
SCAN_AGAIN = N_("Enter the scan once more")
INK_DATE = N_("Date beside the signature")
REASON_AT_MOST = 300  # characters
DATE_CODES = (
    "paper.another_day",
    "paper.signed_in_future",
    "paper.before_document",
    "paper.wrong_order",
)


@signed_in
def page(document_id: UUID) -> Response:
    """Show what to print and what to enter once it is signed."""
    shown = paper_page(services().work, current_actor(), document_id)
    if request.args.get("entered") == "1" and shown.heading.on_paper:
        return _done(shown)
    return _page(shown, _proposed(shown))


def _proposed(shown: PaperPage) -> Mapping[str, str]:
    """A one-sided act is signed on its printed date; an agreement may bear any later ones."""
    dated = shown.heading.dated
    if dated is None or not (shown.one_sided or len(shown.waited_for) == 1):
        return {}
    return {name: short_date(dated) for name, _line in _fields(shown)}


def _fields(shown: PaperPage) -> tuple[tuple[str, SignerLine], ...]:
    """The names of the date inputs with the signatures that they belong to."""
    names = ["signed_on", *(f"signed_on_{n}" for n in range(2, len(shown.waited_for) + 1))]
    return tuple(zip(names, shown.waited_for, strict=False))


@signed_in
def act(document_id: UUID) -> AnyResponse:
    """Enter the ink signatures; one scan serves all of them."""
    work, actor = services().work, current_actor()
    shown = paper_page(work, actor, document_id)
    entries, errors = _read(shown)
    scan, wrong = read_scan(request.files.get("scan"))
    errors += wrong
    if errors:
        return _page(shown, request.form, errors)
    done = enter_ink_signatures(work, actor, document_id, entries, scan)
    if isinstance(done, Refusal):
        return _page(shown, request.form, *_where(done))
    return redirect(url_for("signing.paper_page", document_id=document_id, entered=1), code=303)


def _read(shown: PaperPage) -> tuple[list[InkEntry], tuple[FieldError, ...]]:
    """The dates that were entered; where several sign, a date may still be missing."""
    entries: list[InkEntry] = []
    errors: tuple[FieldError, ...] = ()
    fields = _fields(shown)
    for name, line in fields:
        if len(fields) > 1 and not request.form.get(name, "").strip():
            continue
        day, wrong = read_day(request.form, name, _(INK_DATE), shown.heading.today)
        errors += wrong
        if day is not None:
            entries.append(InkEntry(line.step, day))
    if not entries and not errors and fields:
        text = N_("Enter the date beside at least one signature.")
        errors = (FieldError("signed_on", text, label=_(INK_DATE)),)
    return entries, errors


def _where(refusal: Refusal) -> tuple[tuple[FieldError, ...], Refusal | None]:
    if refusal.code not in DATE_CODES:
        return (), refusal
    told = tell(refusal, surroundings().words)
    return (FieldError("signed_on", told.what),), None


def _page(
    shown: PaperPage,
    typed: Mapping[str, str],
    errors: tuple[FieldError, ...] = (),
    refusal: Refusal | None = None,
) -> Response:
    page = render_template(
        "signing/paper.html",
        shown=shown,
        crumbs=crumbs(shown.heading, TITLE),
        notices=_notices(shown, refusal),
        facts=_facts(shown),
        signers=_signers(shown),
        fields=[(name, line.name, typed.get(name, "")) for name, line in _fields(shown)],
        errors=errors,
        reason=typed.get("reason", ""),
        lost=_lost(shown),
        print_url=url_for("signing.print", document_id=shown.heading.document_id),
    )
    return make_response(page, 422 if errors else 409 if refusal else 200)


def _notices(shown: PaperPage, refusal: Refusal | None) -> tuple[Notice, ...]:
    closed = refusal or (shown.refusal if shown.waited_for else None)
    notices = [paper_notice(shown.heading.paper_reason)] if shown.heading.on_paper else []
    if closed and closed.code != "paper.electronic":
        notices.append(notice_of(closed, shown.heading))
    return tuple(notices)


def paper_notice(reason: Refusal | None) -> Notice:
    """Say that the original is on paper, and why."""
    why = tell(reason, surroundings().words).what if reason else ""
    text = _(N_("The original of this document is on paper."))
    return Notice(" ".join(filter(None, (text, why))), _(N_("On paper")), Mark.PAPER)


def _facts(shown: PaperPage) -> tuple[Fact, ...]:
    dated = shown.heading.dated
    return (
        Fact(_(N_("Document")), shown.heading.named),
        Fact(_(N_("Printed date")), long_date(dated) if dated else ""),
    )


def _signers(shown: PaperPage) -> Table:
    columns = (N_("Who signs"), N_("Signature"), N_("Date"), N_("Scan of the paper"))
    rows = tuple(_row(shown, line) for line in shown.signers)
    return Table(_(N_("Who signs")), tuple(_(name) for name in columns), rows)


def _row(shown: PaperPage, line: SignerLine) -> tuple[Cell, ...]:
    if not line.is_done:
        return (Cell(line.name or "—"), Cell(tag=Tag(_(N_("is waited for")))), Cell(), Cell())
    tag = Tag(_(N_("on paper")), Mark.PAPER) if line.scan else Tag(_(N_("signed")), Mark.DONE)
    when = short_date(line.signed_on) if line.signed_on else ""
    return (Cell(line.name), Cell(tag=tag), Cell(when), _scan(shown, line))


def _scan(shown: PaperPage, line: SignerLine) -> Cell:
    if not line.scan:
        return Cell()
    document_id = shown.heading.document_id
    address = url_for("signing.scan", document_id=document_id, sha256=line.scan)
    note = _(N_("entered once more")) if line.repeated else ""
    return Cell(_(N_("Scan")), address, note=note)


def _lost(shown: PaperPage) -> tuple[tuple[str, Button], ...]:
    """The signatures whose scan can be entered once more, each with the button for it."""
    document_id, words = shown.heading.document_id, surroundings().words
    return tuple(
        (line.name, button(Action(SCAN_AGAIN, url, line.again, opens=True), words))
        for line in shown.scanned
        if (url := url_for("signing.scan_again_page", document_id=document_id, step=line.step))
    )


def _done(shown: PaperPage) -> Response:
    document_id = shown.heading.document_id
    missing = ", ".join(line.name for line in shown.waited_for if line.name)
    title = _(N_("Entered. {document} is signed on paper."), document=shown.heading.named)
    if shown.waited_for:
        title = _(N_("Entered. These have not signed yet: {names}."), names=missing or "—")
    done = Confirmation(
        title,
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


@signed_in
def switch(document_id: UUID) -> AnyResponse:
    """Switch an electronic document to paper, with the reason."""
    work, actor = services().work, current_actor()
    shown = paper_page(work, actor, document_id)
    reason = request.form.get("reason", "").strip()[:REASON_AT_MOST]
    if not reason:
        text = N_("Write why the document is made on paper.")
        return _page(shown, request.form, (FieldError("reason", text),))
    done = put_on_paper(work, actor, document_id, reason)
    if isinstance(done, Refusal):
        return _page(shown, request.form, refusal=done)
    return redirect(url_for("signing.paper_page", document_id=document_id), code=303)


@signed_in
def back(document_id: UUID) -> AnyResponse:
    """Take the clerk's switch to paper back."""
    unless_refused(put_back(services().work, current_actor(), document_id))
    return redirect(url_for("signing.paper_page", document_id=document_id), code=303)


@signed_in
def printed(document_id: UUID) -> Response:
    """Answer the PDF to print: the document with its acknowledgement sheet."""
    return _pdf(unless_refused(print_form(services().work, current_actor(), document_id)))


@signed_in
def printed_sheet(document_id: UUID) -> Response:
    """Answer the acknowledgement sheet for those who are missing on it."""
    return _pdf(unless_refused(print_sheet(services().work, current_actor(), document_id)))


def _pdf(form: Printed) -> Response:
    security.allow_own_frame()
    response = make_response(form.content)
    response.mimetype = "application/pdf"
    name = safe_name(f"{form.name}.pdf")
    response.headers.set("Content-Disposition", "inline", filename=name)
    return response
