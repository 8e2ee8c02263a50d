"""Acknowledging (ознакомление): one's own, and the clerk's sheet for those who did it on paper."""

from __future__ import annotations

from uuid import UUID

from flask import Response, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from web.access import signed_in
from web.actor import current_actor
from web.buttons import Action, Button, button
from web.components import Cell, Confirmation, Mark, Notice, Table, Tag
from web.current import _, services, surroundings
from web.dates import moment, short_date
from web.forms import FieldError
from web.forms.scans import read_day, read_scan
from web.refusals import tell
from web.views.document_story import CALLED_OFF
from web.views.on_document import (
    crumbs,
    document_address,
    notice_of,
    previews,
    safe_name,
    stored_file,
)
from web.views.sign import DIGEST_LENGTH
from workflow.domain.documents import Verdict
from workflow.domain.refusals import N_, Refusal
from workflow.domain.simple_signatures import SIGNATURE_NEEDED
from workflow.queries.acknowledgement_sheet import (
    AcknowledgementPage,
    AcknowledgementSheet,
    SheetLine,
    acknowledgement_page,
    acknowledgement_sheet,
    scan_of,
    statement_of,
)
from workflow.usecases.acknowledge import ON_PAPER, PaperEntry, acknowledge, enter_acknowledgement
from workflow.usecases.acknowledge_simply import begin_acknowledging

TITLE = N_("Acknowledging")
JSON = "application/json"
SHEET = N_("Acknowledgement sheet")
ENTRY_DATE = N_("Date on the paper")
REMARK_AT_MOST = 500  # characters
WORDS = {
    Verdict.ACKNOWLEDGED: Tag(N_("acknowledged"), Mark.DONE),
    Verdict.ACKNOWLEDGED_ON_PAPER: Tag(N_("on paper"), Mark.PAPER),
    Verdict.ABSENT: Tag(N_("is absent"), Mark.WAITING),
    Verdict.REFUSED: Tag(N_("has refused"), Mark.PROBLEM),
    Verdict.COLLAPSED: Tag(N_("not needed: has signed it"), Mark.DONE),
}
CHOICES = (
    (Verdict.ACKNOWLEDGED_ON_PAPER, N_("Acknowledged on paper: a scan of the signed sheet")),
    (Verdict.ABSENT, N_("Is absent: on leave, ill, on a journey")),
    (Verdict.REFUSED, N_("Has refused: a scan of the act")),
)
DATE_CODES = ("acknowledge.in_future", "acknowledge.before_document")


@signed_in
def page(document_id: UUID) -> Response:
    """Show the document that is to be read and confirmed."""
    return _page(acknowledgement_page(services().work, current_actor(), document_id))


@signed_in
def act(document_id: UUID) -> AnyResponse:
    """Confirm having read it; the same form again finds the confirmation.

    Whoever has an agreement on simple signatures goes on to the page that asks for the password.
    """
    work, actor = services().work, current_actor()
    seen = request.form.get("seen", "")[:DIGEST_LENGTH]
    done = acknowledge(work, actor, document_id, seen)
    if isinstance(done, Refusal) and done.code == SIGNATURE_NEEDED:
        return _begin_to_sign(document_id, seen)
    if isinstance(done, Refusal):
        shown = acknowledgement_page(work, actor, document_id)
        if shown.mark is None or done.code != "step.done":
            return _page(shown, done)
    return redirect(url_for("signing.acknowledge_page", document_id=document_id), code=303)


def _begin_to_sign(document_id: UUID, seen: str) -> AnyResponse:
    work, actor = services().work, current_actor()
    begun = begin_acknowledging(work, actor, document_id, seen)
    if isinstance(begun, Refusal):
        return _page(acknowledgement_page(work, actor, document_id), begun)
    address = url_for(
        "signing.acknowledge_simply_page", document_id=document_id, attempt_id=begun.attempt.id
    )
    return redirect(address, code=303)


def _page(shown: AcknowledgementPage, refusal: Refusal | None = None) -> Response:
    closed = refusal or (shown.refusal if shown.mark is None else None)
    page = render_template(
        "signing/acknowledge.html",
        shown=shown,
        crumbs=crumbs(shown.heading, TITLE),
        notices=(notice_of(closed, shown.heading),) if closed else (),
        done=_confirmation(shown),
        previews=previews(shown.heading, shown.files),
        document_url=document_address(shown.heading.document_id),
    )
    return make_response(page, 409 if refusal else 200)


def _confirmation(shown: AcknowledgementPage) -> Confirmation | None:
    if shown.mark is None:
        return None
    if shown.mark.verdict is Verdict.ACKNOWLEDGED:
        at = moment(shown.mark.at, shown.heading.zone)
        how = N_("You acknowledged the document on {at}.")
        if shown.mark.evidence:
            how = N_("You acknowledged the document on {at} with a simple electronic signature.")
        return Confirmation(_(how, at=at))
    words = _(WORDS[shown.mark.verdict].label)
    return Confirmation(_(N_("The clerk has entered for you: {words}."), words=words))


@signed_in
def sheet(document_id: UUID) -> Response:
    """Show who has acknowledged the document and who has not."""
    shown = acknowledgement_sheet(services().work, current_actor(), document_id)
    page = render_template(
        "signing/sheet.html",
        shown=shown,
        crumbs=crumbs(shown.heading, SHEET),
        table=_table(shown),
        waiting=_waiting(shown),
        notice=Notice(_(N_("It is entered.")), mark=Mark.DONE)
        if "entered" in request.args
        else None,
    )
    return make_response(page)


def _table(shown: AcknowledgementSheet) -> Table:
    columns = (N_("Name"), N_("Post"), N_("Acknowledgement"), N_("Date"), N_("What proves it"))
    return Table(
        _(SHEET),
        tuple(_(name) for name in columns),
        tuple(_row(shown, line) for line in shown.lines),
        empty=_(N_("Nobody is named in this document for acknowledgement.")),
    )


def _row(shown: AcknowledgementSheet, line: SheetLine) -> tuple[Cell, ...]:
    mark = line.mark
    if mark is None:
        asked = N_("is waited for") if line.is_waiting else N_("not asked yet")
        state = Cell(tag=Tag(_(CALLED_OFF if line.called_off else asked)))
        return (Cell(line.name), Cell(line.post), state, Cell(), Cell())
    known = WORDS.get(mark.verdict, Tag(N_("is waited for")))
    entered = _(N_("entered by {name}"), name=line.entered_by) if line.entered_by else ""
    state = Cell(
        tag=Tag(_(known.label), known.mark), note=" ".join(filter(None, (entered, mark.remark)))
    )
    when = short_date(mark.happened_on or mark.at.astimezone(shown.heading.zone).date())
    return (Cell(line.name), Cell(line.post), state, Cell(when), _proof(shown, line))


def _proof(shown: AcknowledgementSheet, line: SheetLine) -> Cell:
    """What proves it: the scan of the paper, or the sealed statement."""
    if line.scan:
        return Cell(_(N_("Scan")), _scan_address(shown, line.scan))
    if not line.statement:
        return Cell()
    address = url_for(
        "signing.acknowledged_statement",
        document_id=shown.heading.document_id,
        sha256=line.statement,
    )
    return Cell(_(N_("Simple electronic signature")), address)


def _scan_address(shown: AcknowledgementSheet, sha256: str) -> str:
    return url_for("signing.scan", document_id=shown.heading.document_id, sha256=sha256)


def _waiting(shown: AcknowledgementSheet) -> tuple[tuple[str, Button], ...]:
    """The people for whom something may be entered, each with the button that leads there."""
    return tuple((line.name, _entry_button(shown, line)) for line in shown.lines if line.is_waiting)


def _entry_button(shown: AcknowledgementSheet, line: SheetLine) -> Button:
    address = url_for(
        "signing.acknowledgement_entry",
        document_id=shown.heading.document_id,
        employment_id=line.employment_id,
    )
    action = Action(N_("Enter into the sheet"), address, shown.refusal, opens=True)
    return button(action, surroundings().words)


@signed_in
def entry(document_id: UUID, employment_id: UUID) -> Response:
    """Ask the clerk what happened on paper."""
    shown = acknowledgement_sheet(services().work, current_actor(), document_id)
    return _entry_page(shown, shown.line(employment_id))


@signed_in
def enter(document_id: UUID, employment_id: UUID) -> AnyResponse:
    """Enter that somebody acknowledged on paper, was absent or refused."""
    work, actor = services().work, current_actor()
    shown = acknowledgement_sheet(work, actor, document_id)
    line = shown.line(employment_id)
    read, errors = _read(shown, employment_id)
    if read is None:
        return _entry_page(shown, line, errors)
    done = enter_acknowledgement(work, actor, document_id, read)
    if isinstance(done, Refusal):
        if done.code in DATE_CODES:
            told = tell(done, surroundings().words, shown.heading.zone)
            return _entry_page(shown, line, (FieldError("happened_on", told.what),))
        return _entry_page(shown, line, refusal=done)
    return redirect(
        url_for("signing.acknowledgement_sheet", document_id=document_id, entered=1), code=303
    )


def _read(
    shown: AcknowledgementSheet, employment_id: UUID
) -> tuple[PaperEntry | None, tuple[FieldError, ...]]:
    chosen = request.form.get("verdict", "")
    known = {verdict.value: verdict for verdict in ON_PAPER}
    errors: tuple[FieldError, ...] = ()
    if chosen not in known:
        errors += (FieldError("verdict", N_("Choose what happened.")),)
    day, wrong_day = read_day(request.form, "happened_on", _(ENTRY_DATE), shown.heading.today)
    needs_scan = chosen in known and ON_PAPER[known[chosen]]
    scan, wrong_scan = read_scan(request.files.get("scan"), required=needs_scan)
    errors += wrong_day + wrong_scan
    if errors or day is None:
        return None, errors
    remark = request.form.get("remark", "").strip()[:REMARK_AT_MOST]
    return PaperEntry(employment_id, known[chosen], day, scan, remark), ()


def _entry_page(
    shown: AcknowledgementSheet,
    line: SheetLine,
    errors: tuple[FieldError, ...] = (),
    refusal: Refusal | None = None,
) -> Response:
    closed = refusal or shown.refusal
    page = render_template(
        "signing/acknowledgement_entry.html",
        shown=shown,
        line=line,
        crumbs=crumbs(shown.heading, SHEET),
        notices=(notice_of(closed, shown.heading),) if closed else (),
        choices=[(verdict.value, _(label)) for verdict, label in CHOICES],
        chosen=request.form.get("verdict", ""),
        happened_on=request.form.get("happened_on", short_date(shown.heading.today)),
        remark=request.form.get("remark", ""),
        errors=errors,
    )
    return make_response(page, 422 if errors else 409 if refusal else 200)


@signed_in
def scan(document_id: UUID, sha256: str) -> Response:
    """Answer the scan of a paper that was entered for a document."""
    heading = scan_of(services().work, current_actor(), document_id, sha256)
    return stored_file(sha256, f"{heading.named}.pdf")


@signed_in
def statement(document_id: UUID, sha256: str) -> Response:
    """Answer a sealed acknowledgement, to be checked elsewhere."""
    heading = statement_of(services().work, current_actor(), document_id, sha256)
    name = f"{heading.named}.simple.json"
    return stored_file(sha256, safe_name(name), JSON, download=True)
