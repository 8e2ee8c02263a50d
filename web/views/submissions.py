"""Packages: what came to the office and what a school has sent; examination, answer, notice."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from web import security
from web.access import needs, signed_in
from web.actor import current_actor
from web.components import Link
from web.current import _, services, surroundings
from web.dates import long_date, moment
from web.errors import unless_refused
from web.form_page import FormPage, draw, read_fields
from web.forms import entered_from
from web.package_words import (
    is_late,
    item_reason,
    notice_facts,
    package_buttons,
    package_facts,
    package_step,
    package_table,
    state_tag,
    verdict_tag,
)
from web.refusals import tell
from web.views.office import as_download
from workflow.domain.refusals import N_, Refusal
from workflow.domain.regulations import FieldKind, FieldSpec
from workflow.domain.submissions import SubmissionState
from workflow.queries.submissions import (
    PackagePage,
    file_report,
    package_file,
    package_long_term,
    package_page,
    package_record,
    package_signature,
    received_packages,
    sent_packages,
)
from workflow.usecases.accept import accept, return_package
from workflow.usecases.errors import NotFoundError
from workflow.usecases.examine_again import examine_again

pages = Blueprint("submissions", __name__, url_prefix="/submissions")

#: What may be chosen above the list: the key in the address, the words, the states.
SHOWN: tuple[tuple[str, str, tuple[SubmissionState, ...]], ...] = (
    ("", N_("all"), ()),
    ("open", N_("not answered yet"), (SubmissionState.ARRIVED, SubmissionState.EXAMINED)),
    ("accepted", N_("packages accepted"), (SubmissionState.ACCEPTED,)),
    ("returned", N_("packages returned"), (SubmissionState.RETURNED,)),
)


@pages.get("")
@needs("head", "acting_head", "deputy", "curator", "clerk", "officer")
def index() -> str:
    """List what came to the visitor's office and what the visitor's schools have sent."""
    actor, words = current_actor(), surroundings().words
    show, before = request.args.get("show", ""), _cursor(request.args.get("before", ""))
    states: Sequence[SubmissionState] = next((s for key, _l, s in SHOWN if key == show), ())
    received = received_packages(services().work, actor, states, before)
    sent = sent_packages(services().work, actor, before)
    return render_template(
        "submissions/index.html",
        received=[(package_table(words, one, True), one.following) for one in received],
        sent=[(package_table(words, one, False), one.following) for one in sent],
        shown=[(key, _(label)) for key, label, _states in SHOWN],
        show=show,
        is_first=before is None,
    )


def _cursor(text: str) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError:
        raise NotFoundError("no such page of the list") from None


@pages.get("/<uuid:submission_id>")
@signed_in
def page(submission_id: UUID) -> str:
    """Show a package: its letter, its documents, what was found, what to do."""
    words = surroundings().words
    shown = package_page(services().work, current_actor(), submission_id)
    examined = shown.submission.examined_at is not None
    items = [
        (
            place,
            verdict_tag(words, place.item, examined),
            *item_reason(words, shown, place.item),
        )
        for place in shown.items
    ]
    return render_template(
        "submissions/page.html",
        page=shown,
        state=state_tag(words, shown.submission.state),
        step=package_step(words, shown),
        facts=package_facts(words, shown),
        items=items,
        buttons=package_buttons(words, shown),
        late=is_late(shown),
        checking=shown.submission.state is SubmissionState.ARRIVED,
        crumbs=_crumbs(shown),
    )


def _crumbs(shown: PackagePage, last: str = "") -> tuple[Link, ...]:
    first = Link(_("Packages"), url_for("submissions.index"))
    name = shown.sender if shown.is_receiver else shown.submission.number
    if not last:
        return (first, Link(name))
    own = url_for("submissions.page", submission_id=shown.submission.id)
    return (first, Link(name, own), Link(last))


@pages.post("/<uuid:submission_id>/accept")
@signed_in
def accept_package(submission_id: UUID) -> AnyResponse:
    """Accept the package and lead to its numbered notice."""
    unless_refused(accept(services().work, current_actor(), submission_id))
    return redirect(url_for("submissions.notice", submission_id=submission_id), code=303)


@pages.route("/<uuid:submission_id>/return", methods=["GET", "POST"])
@signed_in
def send_back(submission_id: UUID) -> AnyResponse:
    """Ask for the remarks and the day by which they are to be mended; return the package."""
    shown = package_page(services().work, current_actor(), submission_id)
    if not shown.is_receiver:
        raise NotFoundError(f"package {submission_id} is answered by its receiver")
    form = _return_form(shown)
    if request.method == "GET":
        found = [
            tell(i.item.explanation, surroundings().words).what
            for i in shown.items
            if i.item.explanation
        ]
        proposed = {"reason": "\n".join(found)}
        return draw(form, entered_from(form.fields, proposed), refusal=shown.send_back)
    reading = read_fields(form)
    if reading.errors:
        return draw(form, request.form, reading.errors)
    reason, due = str(reading.values["reason"]), reading.values["repair_due"]
    assert isinstance(due, date)
    outcome = return_package(services().work, current_actor(), submission_id, reason, due)
    if isinstance(outcome, Refusal):
        return draw(form, request.form, refusal=outcome)
    return redirect(url_for("submissions.notice", submission_id=submission_id), code=303)


def _return_form(shown: PackagePage) -> FormPage:
    title = _("Return with remarks")
    return FormPage(
        title,
        _("Return with the remarks"),
        (
            FieldSpec(
                "reason",
                _("What has to be changed"),
                FieldKind.LONG_TEXT,
                required=True,
                hint=_("the document, the item, what is wrong with it"),
            ),
            FieldSpec("repair_due", _("To be mended by"), FieldKind.DATE, required=True),
        ),
        _crumbs(shown, title),
        _("The sender will see your remarks at once. The first arrival still decides the term."),
        f"{shown.sender} · № {shown.submission.number}",
    )


@pages.post("/<uuid:submission_id>/again")
@signed_in
def again(submission_id: UUID) -> AnyResponse:
    """Ask for the signatures to be checked again."""
    unless_refused(examine_again(services().work, current_actor(), submission_id))
    return redirect(url_for("submissions.page", submission_id=submission_id), code=303)


@pages.get("/<uuid:submission_id>/notice")
@signed_in
def notice(submission_id: UUID) -> str:
    """Show the numbered notice of acceptance or return, ready for the printer."""
    shown = package_page(services().work, current_actor(), submission_id)
    receipt = shown.submission.receipt
    if receipt is None:
        raise NotFoundError(f"package {submission_id} has not been answered")
    return render_template(
        "submissions/notice.html",
        page=shown,
        receipt=receipt,
        on=long_date(receipt.at.astimezone(shown.zone).date()),
        at=moment(receipt.at, shown.zone),
        facts=notice_facts(surroundings().words, shown),
        crumbs=_crumbs(shown, _("Notice № {number}", number=receipt.number)),
    )


@pages.get("/<uuid:submission_id>/files/<int:item>/<int:file>")
@signed_in
def file(submission_id: UUID, item: int, file: int) -> Response:
    """Answer a file of the package as it was signed."""
    found = package_file(services().work, current_actor(), submission_id, item, file)
    security.allow_own_frame()
    response = make_response(found.content)
    response.mimetype = "application/pdf"
    response.headers.set("Content-Disposition", "inline", filename=found.name)
    return response


@pages.get("/<uuid:submission_id>/files/<int:item>/<int:file>/signature")
@signed_in
def signature(submission_id: UUID, item: int, file: int) -> Response:
    """Answer the detached signature over a file."""
    found = package_signature(services().work, current_actor(), submission_id, item, file)
    return as_download(found.content, found.name, "application/pkcs7-signature")


@pages.get("/<uuid:submission_id>/files/<int:item>/<int:file>/record.ers")
@signed_in
def record(submission_id: UUID, item: int, file: int) -> Response:
    """Answer the evidence record that came with a file (RFC 4998)."""
    found = package_record(services().work, current_actor(), submission_id, item, file)
    return as_download(found.content, found.name, "application/octet-stream")


@pages.get("/<uuid:submission_id>/files/<int:item>/<int:file>/long-term.pdf")
@signed_in
def long_term(submission_id: UUID, item: int, file: int) -> Response:
    """Answer the copy for long keeping that came with a file."""
    found = package_long_term(services().work, current_actor(), submission_id, item, file)
    return as_download(found.content, found.name, "application/pdf")


@pages.get("/<uuid:submission_id>/files/<int:item>/<int:file>/report")
@signed_in
def report(submission_id: UUID, item: int, file: int) -> str:
    """Show the receiver's own report about a file."""
    shown = package_page(services().work, current_actor(), submission_id)
    found = file_report(services().work, current_actor(), submission_id, item, file)
    lines = unless_refused(found.lines)
    return render_template(
        "submissions/report.html",
        page=shown,
        name=found.file_name,
        lines=lines,
        item=item,
        file=file,
        crumbs=_crumbs(shown, _("Report on the check")),
    )


@pages.get("/<uuid:submission_id>/files/<int:item>/<int:file>/report.json")
@signed_in
def report_json(submission_id: UUID, item: int, file: int) -> Response:
    """Answer the receiver's own report as JSON."""
    found = file_report(services().work, current_actor(), submission_id, item, file)
    return as_download(found.report, f"{found.file_name}.report.json", "application/json")


@pages.get("/<uuid:submission_id>/files/<int:item>/<int:file>/report.pdf")
@signed_in
def report_pdf(submission_id: UUID, item: int, file: int) -> Response:
    """Answer the receiver's own report as PDF."""
    work = services().work
    found = file_report(work, current_actor(), submission_id, item, file)
    pdf = unless_refused(work.visual_copies.report_pdf(found.report, found.time_zone))
    return as_download(pdf, f"{found.file_name}.report.pdf", "application/pdf")
