"""Agreements on simple electronic signatures: the clerk enters them from paper and ends them."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response as AnyResponse

from web.access import signed_in
from web.actor import current_actor
from web.buttons import Action, Button, button
from web.components import Cell, Link, Mark, Notice, Table, Tag
from web.current import _, services, surroundings
from web.dates import short_date
from web.form_page import FormPage, Upload, draw, read_fields
from web.forms import FieldError
from web.forms.names import Entered
from web.forms.scans import read_scan
from web.refusals import tell
from web.views.my_signature import AGREEMENT_TAGS
from web.views.on_document import stored_file
from workflow.domain.refusals import N_, Refusal
from workflow.domain.regulations import FieldKind, FieldSpec
from workflow.queries.agreements import (
    AgreementForm,
    AgreementLine,
    AgreementsPage,
    AgreementState,
    agreement,
    agreement_form,
    agreements_page,
)
from workflow.usecases.agreements import PaperAgreement, end_agreement, enter_agreement
from workflow.usecases.errors import NotFoundError

pages = Blueprint("agreements", __name__)

TITLE = N_("Agreements on simple electronic signatures")
NEW = N_("Enter an agreement")
END = N_("End the agreement")
#: Refusals that belong to an input of the form.
FIELDS = {
    "agreement.in_future": "dated",
    "agreement.too_old": "dated",
    "agreement.end_date": "ended_on",
}


@pages.get("/organisations/<uuid:organisation_id>/agreements")
@signed_in
def page(organisation_id: UUID) -> Response:
    """List the organisation's agreements, the newest first."""
    before = request.args.get("before", type=UUID)
    shown = agreements_page(services().work, current_actor(), organisation_id, before)
    return make_response(
        render_template(
            "agreements/page.html",
            shown=shown,
            crumbs=(_my_signature(), Link(_(TITLE))),
            table_of=_table(shown),
            enter=_enter_button(shown),
            notice=_notice(),
            following=_following(shown),
        )
    )


def _my_signature() -> Link:
    return Link(_(N_("My signature")), url_for("my_signature.page"))


def _notice() -> Notice | None:
    texts = {
        "entered": N_("The agreement is entered. The person may sign with a password now."),
        "ended": N_("The agreement is ended. What was signed before stays signed."),
    }
    text = texts.get(request.args.get("done", ""))
    return Notice(_(text), mark=Mark.DONE) if text else None


def _enter_button(shown: AgreementsPage) -> Button:
    address = url_for("agreements.new", organisation_id=shown.organisation_id)
    action = Action(NEW, address, shown.refusal, opens=True, main=True)
    return button(action, surroundings().words)


def _following(shown: AgreementsPage) -> str:
    if shown.following is None:
        return ""
    return url_for("agreements.page", organisation_id=shown.organisation_id, before=shown.following)


def _table(shown: AgreementsPage) -> Table:
    columns = (N_("Name"), N_("Agreement"), N_("State"), N_("Entered by"), N_("Scan"), END)
    return Table(
        _(TITLE),
        tuple(_(name) for name in columns),
        tuple(_row(shown, line) for line in shown.lines),
        empty=_(N_("No agreement has been entered yet.")),
    )


def _row(shown: AgreementsPage, line: AgreementLine) -> tuple[Cell, ...]:
    tag = AGREEMENT_TAGS[line.state]
    ended = _(N_("from {date} on"), date=short_date(line.ended_on)) if line.ended_on else ""
    paper = _(N_("No. {number} of {dated}"), number=line.number, dated=short_date(line.dated))
    end = Cell()
    if line.ended_on is None and shown.refusal is None:
        end = Cell(_(N_("End it")), url_for("agreements.ask_to_end", agreement_id=line.id))
    return (
        Cell(line.name),
        Cell(paper),
        Cell(tag=Tag(_(tag.label), tag.mark), note=ended),
        Cell(line.entered_by),
        Cell(_(N_("Scan")), url_for("agreements.scan", agreement_id=line.id)),
        end,
    )


@pages.get("/agreements/<uuid:agreement_id>.pdf")
@signed_in
def scan(agreement_id: UUID) -> Response:
    """Answer the scan of the paper to its person and to those who keep agreements."""
    found = agreement(services().work, current_actor(), agreement_id)
    return stored_file(found.scan, f"{found.name}.pdf")


# --- Entering -------------------------------------------------------------------------------


@pages.get("/organisations/<uuid:organisation_id>/agreements/new")
@signed_in
def new(organisation_id: UUID) -> Response:
    """Ask who has signed which paper."""
    form = agreement_form(services().work, current_actor(), organisation_id)
    entered: Entered = MultiDict({"employment": request.args.get("employment", "")})
    return draw(_new_page(form, organisation_id), entered, refusal=form.refusal)


@pages.post("/organisations/<uuid:organisation_id>/agreements/new")
@signed_in
def enter(organisation_id: UUID) -> AnyResponse:
    """Enter the paper with its scan."""
    work, actor = services().work, current_actor()
    asked = _new_page(agreement_form(work, actor, organisation_id), organisation_id)
    reading = read_fields(asked)
    content, wrong_scan = read_scan(request.files.get("scan"))
    errors = (*reading.errors, *wrong_scan)
    employment, dated = reading.values.get("employment"), reading.values.get("dated")
    if errors or not isinstance(dated, date):
        return draw(asked, request.form, errors)
    paper = PaperAgreement(str(reading.values["number"]), dated, content)
    done = enter_agreement(work, actor, organisation_id, UUID(str(employment)), paper)
    if isinstance(done, Refusal):
        return _draw_refused(asked, done)
    return redirect(
        url_for("agreements.page", organisation_id=organisation_id, done="entered"), code=303
    )


def _draw_refused(asked: FormPage, refusal: Refusal) -> Response:
    if refusal.code not in FIELDS:
        return draw(asked, request.form, refusal=refusal)
    told = tell(refusal, surroundings().words)
    return draw(asked, request.form, (FieldError(FIELDS[refusal.code], told.what),))


def _new_page(form: AgreementForm, organisation_id: UUID) -> FormPage:
    fields = (
        FieldSpec("employment", _(N_("Employee")), FieldKind.PERSON, required=True),
        FieldSpec("number", _(N_("Number of the agreement")), FieldKind.TEXT, required=True),
        FieldSpec("dated", _(N_("Date of the agreement")), FieldKind.DATE, required=True),
    )
    back = Link(_(TITLE), url_for("agreements.page", organisation_id=organisation_id))
    return FormPage(
        title=_(NEW),
        label=_(N_("Enter it")),
        fields=fields,
        crumbs=(_my_signature(), back, Link(_(NEW))),
        lead=_(N_("The agreement is signed on paper by both sides. Keep the paper.")),
        above=form.organisation,
        uploads=(Upload("scan", _(N_("Scan of the agreement")), (".pdf",)),),
        options={"employment": form.staff},
    )


# --- Ending ---------------------------------------------------------------------------------


@pages.get("/agreements/<uuid:agreement_id>/end")
@signed_in
def ask_to_end(agreement_id: UUID) -> Response:
    """Ask from which day on the agreement does not hold."""
    line, organisation = _kept(agreement_id)
    entered: Entered = MultiDict({"ended_on": short_date(organisation.today)})
    return draw(_end_page(line, organisation), entered, refusal=organisation.refusal)


@pages.post("/agreements/<uuid:agreement_id>/end")
@signed_in
def end(agreement_id: UUID) -> AnyResponse:
    """End the agreement."""
    line, organisation = _kept(agreement_id)
    asked = _end_page(line, organisation)
    reading = read_fields(asked)
    ended_on = reading.values.get("ended_on")
    if reading.errors or not isinstance(ended_on, date):
        return draw(asked, request.form, reading.errors)
    done = end_agreement(services().work, current_actor(), agreement_id, ended_on)
    if isinstance(done, Refusal):
        return _draw_refused(asked, done)
    address = url_for("agreements.page", organisation_id=organisation.organisation_id, done="ended")
    return redirect(address, code=303)


def _kept(agreement_id: UUID) -> tuple[AgreementLine, AgreementsPage]:
    """An agreement that has not ended, and the list that it belongs to."""
    work, actor = services().work, current_actor()
    line = agreement(work, actor, agreement_id)
    if line.state is AgreementState.ENDED:
        raise NotFoundError(f"agreement {agreement_id} has ended")
    return line, agreements_page(work, actor, line.organisation_id)


def _end_page(line: AgreementLine, shown: AgreementsPage) -> FormPage:
    field = FieldSpec(
        "ended_on", _(N_("First day without the agreement")), FieldKind.DATE, required=True
    )
    back = Link(_(TITLE), url_for("agreements.page", organisation_id=shown.organisation_id))
    return FormPage(
        title=_(END),
        label=_(END),
        fields=(field,),
        crumbs=(_my_signature(), back, Link(_(END))),
        lead=_(N_("From that day on the person signs on paper or with a key.")),
        above=f"{line.name}, № {line.number}",
    )
