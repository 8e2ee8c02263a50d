"""Sending a covering letter with its package, and what the office answers."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from web.access import signed_in
from web.actor import current_actor
from web.buttons import Action, Button, button
from web.components import Cell, Confirmation, Fact, Mark, NextStep, Notice, Table
from web.current import _, services, surroundings
from web.dates import long_date, moment
from web.errors import unless_refused
from web.forms import FieldError
from web.refusals import tell
from web.views.document_words import term_phrase
from web.views.on_document import crumbs, document_address, notice_of
from workflow.domain.refusals import N_, Refusal
from workflow.domain.submissions import Submission, SubmissionState
from workflow.queries.delivery_page import DeliveryPage, Enclosure, delivery_page
from workflow.usecases.deliver import deliver
from workflow.usecases.send_again import send_again

pages = Blueprint("delivery", __name__, url_prefix="/documents/<uuid:document_id>/delivery")

TITLE = N_("Sending")
REASON_AT_MOST = 1000  # characters
REASON_MISSING = "deliver.reason_missing"


@pages.get("")
@signed_in
def page(document_id: UUID) -> Response:
    """Show the package before it is sent, and afterwards what became of it."""
    return _page(delivery_page(services().work, current_actor(), document_id))


@pages.post("")
@signed_in
def send(document_id: UUID) -> AnyResponse:
    """Send the package; a second click finds that it has been sent."""
    work, actor = services().work, current_actor()
    reason = request.form.get("reason", "").strip()[:REASON_AT_MOST]
    sent = deliver(work, actor, document_id, reason)
    if isinstance(sent, Refusal):
        shown = delivery_page(work, actor, document_id)
        if shown.sent is None:
            return _page(shown, reason, sent)
    return redirect(url_for("delivery.page", document_id=document_id), code=303)


@pages.post("/again")
@signed_in
def again(document_id: UUID) -> AnyResponse:
    """Begin a new letter after a return."""
    letter = unless_refused(send_again(services().work, current_actor(), document_id))
    return redirect(url_for("facts.page", document_id=letter.id), code=303)


def _page(shown: DeliveryPage, reason: str = "", refusal: Refusal | None = None) -> Response:
    errors = _errors(refusal)
    template = "delivery/sent.html" if shown.sent else "delivery/page.html"
    page = render_template(
        template,
        shown=shown,
        crumbs=crumbs(shown.heading, TITLE),
        errors=errors,
        notices=_notices(shown, refusal if not errors else None),
        facts=_facts(shown),
        package=_package(shown),
        tasks=[(term.title, term.article, term_phrase(term)) for term in shown.tasks],
        reason=reason,
        send=_send_button(shown),
        done=_confirmation(shown),
        next_step=_next_step(shown),
    )
    return make_response(page, 200 if refusal is None else 422 if errors else 409)


def _errors(refusal: Refusal | None) -> tuple[FieldError, ...]:
    if refusal is None or refusal.code != REASON_MISSING:
        return ()
    told = tell(refusal, surroundings().words)
    return (FieldError("reason", f"{told.what} {told.todo}"),)


def _notices(shown: DeliveryPage, refusal: Refusal | None) -> tuple[Notice, ...]:
    notices = [notice_of(refusal, shown.heading)] if refusal else []
    if shown.late and shown.sent is None:
        told = tell(shown.late, surroundings().words)
        notices.append(Notice(told.what, _(N_("The term has ended")), Mark.WAITING))
    return tuple(notices)


def _facts(shown: DeliveryPage) -> tuple[Fact, ...]:
    facts = [
        Fact(_(N_("To whom")), shown.addressee),
        Fact(_(N_("Covering letter")), shown.heading.named),
    ]
    sent = shown.sent
    if sent is not None:
        facts.append(Fact(_(N_("Sent")), moment(sent.sent_at, shown.heading.zone)))
        facts.append(Fact(_(N_("Outgoing number")), sent.number))
        facts.append(Fact(_(N_("Incoming number of the office")), sent.incoming_number))
    if sent is not None and sent.reason_late:
        facts.append(Fact(_(N_("Reason of the delay")), sent.reason_late))
    if sent is not None and sent.receipt is not None:
        facts.append(Fact(_(N_("Answer of the office")), _answer(shown, sent)))
    return tuple(facts)


def _answer(shown: DeliveryPage, sent: Submission) -> str:
    receipt = sent.receipt
    assert receipt is not None
    words = N_("Notice of acceptance № {number}, {at}")
    if not receipt.accepted:
        words = N_("Returned with remarks, № {number}, {at}")
    return _(words, number=receipt.number, at=moment(receipt.at, shown.heading.zone))


def _package(shown: DeliveryPage) -> Table:
    columns = (N_("Document"), N_("State"))
    return Table(
        _(N_("Package")),
        tuple(_(name) for name in columns),
        tuple(_row(enclosure) for enclosure in shown.enclosures),
        empty=_(N_("The letter encloses nothing.")),
    )


def _row(enclosure: Enclosure) -> tuple[Cell, ...]:
    document = Cell(enclosure.named, document_address(enclosure.document_id))
    if enclosure.refusal:
        told = tell(enclosure.refusal, surroundings().words)
        return document, Cell(_(N_("cannot be sent")), note=f"{told.what} {told.todo}")
    return document, Cell(_(N_("on paper") if enclosure.on_paper else N_("signed, in force")))


def _send_button(shown: DeliveryPage) -> Button:
    address = url_for("delivery.send", document_id=shown.heading.document_id)
    action = Action(N_("Send"), address, shown.refusal, main=True)
    return button(action, surroundings().words)


def _confirmation(shown: DeliveryPage) -> Confirmation | None:
    sent = shown.sent
    if sent is None:
        return None
    if sent.state is SubmissionState.ACCEPTED and sent.receipt is not None:
        return Confirmation(
            _(N_("The package is accepted")), sent.receipt.number, _(N_("Notice of acceptance №"))
        )
    if sent.state is SubmissionState.RETURNED:
        return None
    next_lines = (
        _(N_("The office checks the signatures and answers with a notice of acceptance.")),
        _(N_("The day of arrival decides whether the term was kept.")),
    )
    return Confirmation(_(N_("The package is sent")), sent.number, _(N_("Outgoing №")), next_lines)


def _next_step(shown: DeliveryPage) -> NextStep | None:
    """After a return: what to mend, by when, and the new letter."""
    sent = shown.sent
    if sent is None or sent.receipt is None or sent.receipt.accepted:
        return None
    if shown.is_superseded:
        return NextStep(
            _(N_("The package was returned and has been sent again")), sent.receipt.reason
        )
    due = sent.receipt.repair_due
    title = N_("The package is returned: mend it by {date} and send it again")
    address = url_for("delivery.again", document_id=shown.heading.document_id)
    action = Action(N_("Send again"), address, shown.again_refusal, main=True)
    return NextStep(
        _(title, date=long_date(due, shown.office_day) if due else "—"),
        _(N_("Remarks of the office: {reason}"), reason=sent.receipt.reason),
        button=button(action, surroundings().words),
    )
