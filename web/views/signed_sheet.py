"""A printed acknowledgement sheet that several people have signed, entered at once."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from flask import Response, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from web.access import signed_in
from web.actor import current_actor
from web.current import services, surroundings
from web.forms import FieldError
from web.forms.scans import read_day, read_scan
from web.refusals import tell
from web.views.on_document import crumbs, notice_of
from workflow.domain.refusals import N_, Refusal
from workflow.queries.acknowledgement_sheet import (
    AcknowledgementSheet,
    SheetLine,
    acknowledgement_sheet,
)
from workflow.usecases.acknowledge import SignedSheet, enter_sheet

TITLE = N_("Signed sheet")
DATE_CODES = ("acknowledge.in_future", "acknowledge.before_document")


@signed_in
def page(document_id: UUID) -> Response:
    """Ask for the dates beside the names and for the scan of the sheet."""
    return _page(acknowledgement_sheet(services().work, current_actor(), document_id))


@signed_in
def act(document_id: UUID) -> AnyResponse:
    """Enter everybody who has signed the sheet."""
    work, actor = services().work, current_actor()
    shown = acknowledgement_sheet(work, actor, document_id)
    dates, errors = _read(shown)
    scan, wrong = read_scan(request.files.get("scan"))
    errors += wrong
    if errors:
        return _page(shown, errors)
    done = enter_sheet(work, actor, document_id, SignedSheet(scan, dates))
    if isinstance(done, Refusal):
        if done.code in DATE_CODES:
            told = tell(done, surroundings().words, shown.heading.zone)
            return _page(shown, (FieldError("day_1", told.what),))
        return _page(shown, refusal=done)
    return redirect(
        url_for("signing.acknowledgement_sheet", document_id=document_id, entered=1), code=303
    )


def _fields(shown: AcknowledgementSheet) -> tuple[tuple[str, SheetLine], ...]:
    waiting = [line for line in shown.lines if line.is_waiting]
    return tuple((f"day_{number}", line) for number, line in enumerate(waiting, start=1))


def _read(shown: AcknowledgementSheet) -> tuple[dict[UUID, date], tuple[FieldError, ...]]:
    dates: dict[UUID, date] = {}
    errors: tuple[FieldError, ...] = ()
    for name, line in _fields(shown):
        if not request.form.get(name, "").strip():
            continue
        day, wrong = read_day(request.form, name, line.name, shown.heading.today)
        errors += wrong
        if day is not None:
            dates[line.employment_id] = day
    if not dates and not errors:
        text = N_("Enter the date beside the name of each person who has signed the sheet.")
        errors = (FieldError("day_1", text),)
    return dates, errors


def _page(
    shown: AcknowledgementSheet,
    errors: tuple[FieldError, ...] = (),
    refusal: Refusal | None = None,
) -> Response:
    closed = refusal or shown.refusal
    page = render_template(
        "signing/signed_sheet.html",
        shown=shown,
        crumbs=crumbs(shown.heading, TITLE),
        notices=(notice_of(closed, shown.heading),) if closed else (),
        fields=[
            (name, line.name, line.post, request.form.get(name, ""))
            for name, line in _fields(shown)
        ],
        errors=errors,
    )
    return make_response(page, 422 if errors else 409 if refusal else 200)
