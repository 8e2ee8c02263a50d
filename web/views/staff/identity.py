"""Another name, СНИЛС or ИНН: one person proposes it, another one confirms or refuses it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from uuid import UUID

from flask import Response, abort, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from web.access import needs, signed_in
from web.actor import current_actor
from web.buttons import Action, button
from web.components import Cell, Fact, Link, Mark, Notice, Table, Tag
from web.current import _, services, surroundings
from web.dates import moment, short_date
from web.form_page import FormPage, Upload, draw, read_fields
from web.forms import entered_from
from web.forms.scans import read_scan
from web.views.admin.layout import Values, day, digits, text
from web.views.admin.people import shown_snils
from web.views.on_document import stored_file
from web.views.refusal_notice import refusal_notice
from web.views.staff.blueprint import KEEPERS, pages, worker_address, worker_crumbs
from workflow.domain.identity_changes import Identity, IdentityDecision
from workflow.domain.refusals import N_, Refusal
from workflow.domain.regulations import FieldKind, FieldSpec
from workflow.queries.identity_changes import (
    IdentityLine,
    IdentityPage,
    identity_page,
    identity_waiting,
)
from workflow.queries.staff import WorkerPage, worker_page
from workflow.usecases.change_identity import (
    IdentityProposal,
    confirm_identity,
    propose_identity,
    refuse_identity,
)

PROPOSE = N_("Propose another name or number")
WAITING = N_("Names and numbers to be confirmed")
REASON_AT_MOST = 500  # characters
SCAN_NAME_AT_MOST = 150  # characters

_LABELS: Mapping[str, str] = {
    "last": N_("Surname"),
    "first": N_("First name"),
    "middle": N_("Patronymic"),
    "snils": N_("СНИЛС"),
    "inn": N_("INN"),
}
TAGS: Mapping[IdentityDecision, tuple[str, Mark]] = {
    IdentityDecision.PENDING: (N_("Identity: waits for a second person"), Mark.WAITING),
    IdentityDecision.CONFIRMED: (N_("Identity: confirmed"), Mark.DONE),
    IdentityDecision.REFUSED: (N_("Identity: refused"), Mark.PROBLEM),
}


# --- Proposing -----------------------------------------------------------------------------


@pages.route("/workers/<uuid:employment_id>/identity", methods=["GET", "POST"])
@needs(*KEEPERS)
def propose(employment_id: UUID) -> AnyResponse:
    """Ask for the new name or numbers, since when and on what ground."""
    shown = worker_page(services().work, current_actor(), employment_id)
    page = _form(shown)
    if request.method == "GET":
        return draw(page, entered_from(page.fields, vars(Identity.of(shown.person))))
    reading = read_fields(page)
    scan, wrong_scan = read_scan(request.files.get("scan"), required=False)
    if reading.errors or wrong_scan:
        return draw(page, request.form, (*reading.errors, *wrong_scan))
    done = propose_identity(
        services().work, current_actor(), employment_id, _proposal(reading.values, scan)
    )
    if isinstance(done, Refusal):
        return draw(page, request.form, refusal=done)
    return redirect(url_for("staff.identity", change_id=done.id), code=303)


def _form(shown: WorkerPage) -> FormPage:
    line, title = FieldKind.TEXT, _(PROPOSE)
    return FormPage(
        title=title,
        above=f"{shown.person.full_name}, {shown.employment.post}",
        label=_(N_("Send it to be confirmed")),
        lead=_(
            N_(
                "Nothing changes until a second person confirms it: the head, the operator or the "
                "office. Signed documents keep the old name. A certificate for the old name fits "
                "no more then: the worker needs a new one to sign."
            )
        ),
        fields=(
            FieldSpec("last", _("Surname"), line, required=True),
            FieldSpec("first", _("First name"), line, required=True),
            FieldSpec("middle", _("Patronymic"), line),
            FieldSpec("snils", _("СНИЛС"), line, hint=_("Eleven digits")),
            FieldSpec("inn", _("INN"), line, hint=_("Twelve digits")),
            FieldSpec("since", _(N_("Since when it is so")), FieldKind.DATE, required=True),
            FieldSpec(
                "ground",
                _("Ground"),
                line,
                required=True,
                hint=_(N_("For example: marriage certificate I-ЛО № 123456 of 14 February 2026")),
            ),
        ),
        crumbs=worker_crumbs(shown, title),
        uploads=(Upload("scan", _(N_("Scan of the document")), (".pdf",), required=False),),
    )


def _proposal(values: Values, scan: bytes) -> IdentityProposal:
    since = day(values, "since")
    assert since is not None  # the field is required
    upload = request.files.get("scan")
    after = Identity(
        last=text(values, "last"),
        first=text(values, "first"),
        middle=text(values, "middle"),
        snils=digits(values, "snils"),
        inn=digits(values, "inn"),
    )
    name = (upload.filename or "") if upload else ""
    return IdentityProposal(after, since, text(values, "ground"), scan, name[:SCAN_NAME_AT_MOST])


# --- Deciding ------------------------------------------------------------------------------


@pages.get("/identity")
@signed_in
def identities() -> str:
    """List what waits for the visitor's decision."""
    waiting = identity_waiting(services().work, current_actor())
    table = Table(
        _(WAITING),
        (_("Full name"), _("Organisation"), _(N_("Identity: who proposed it"))),
        tuple(_row(line) for line in waiting),
        empty=_(N_("Nothing waits for your confirmation.")),
    )
    return render_template("staff/places.html", title=_(WAITING), table=table)


def _row(line: IdentityLine) -> tuple[Cell, ...]:
    url = url_for("staff.identity", change_id=line.id)
    return Cell(line.name, url), Cell(line.organisation), Cell(line.proposed_by)


@pages.get("/identity/<uuid:change_id>")
@signed_in
def identity(change_id: UUID) -> Response:
    """Show what would change, and offer to confirm or refuse it."""
    return _draw(identity_page(services().work, current_actor(), change_id))


@pages.post("/identity/<uuid:change_id>/confirm")
@signed_in
def confirm_change(change_id: UUID) -> AnyResponse:
    """Confirm the change: the card is changed at once."""
    return _decided(change_id, confirm_identity(services().work, current_actor(), change_id))


@pages.post("/identity/<uuid:change_id>/refuse")
@signed_in
def refuse_change(change_id: UUID) -> AnyResponse:
    """Refuse the change with a reason: the card stays as it is."""
    reason = request.form.get("reason", "")[:REASON_AT_MOST]
    return _decided(change_id, refuse_identity(services().work, current_actor(), change_id, reason))


@pages.get("/identity/<uuid:change_id>/scan")
@signed_in
def identity_scan(change_id: UUID) -> Response:
    """Answer the scan of the document that the change rests on."""
    change = identity_page(services().work, current_actor(), change_id).line.change
    if not change.scan:
        abort(404)
    return stored_file(change.scan, change.scan_name, download=True)


def _decided(change_id: UUID, done: object) -> AnyResponse:
    if isinstance(done, Refusal):
        shown = identity_page(services().work, current_actor(), change_id)
        return _draw(shown, refusal_notice(done, N_("Nothing has been changed by this.")))
    return redirect(url_for("staff.identity", change_id=change_id), code=303)


def _draw(shown: IdentityPage, notice: Notice | None = None) -> Response:
    change, words = shown.line.change, surroundings().words
    label, mark = TAGS[change.decision]
    confirm = Action(
        N_("Confirm the change"),
        url_for("staff.confirm_change", change_id=change.id),
        shown.decide,
        main=True,
    )
    page = render_template(
        "staff/identity.html",
        shown=shown,
        title=_(N_("Change of name or number")),
        crumbs=_crumbs(shown),
        state=Tag(_(label), mark),
        facts=tuple(_facts(shown)),
        notice=notice,
        confirm=button(confirm, words) if change.decision is IdentityDecision.PENDING else None,
        refuse_url=url_for("staff.refuse_change", change_id=change.id)
        if shown.decide is None
        else "",
        reason=request.form.get("reason", ""),
    )
    return make_response(page, 409 if notice else 200)


def _crumbs(shown: IdentityPage) -> tuple[Link, ...]:
    here = Link(_(N_("Change of name or number")))
    if shown.employment_id is None:
        return Link(_(WAITING), url_for("staff.identities")), here
    return Link(shown.line.name, worker_address(shown.employment_id)), here


def _facts(shown: IdentityPage) -> Iterator[Fact]:
    change, zone = shown.line.change, shown.line.zone
    for field in change.touched:
        before, after = (_said(field, one) for one in (change.before, change.after))
        yield Fact(_(_LABELS[field]), _(N_("{before} → {after}"), before=before, after=after))
    yield Fact(_(N_("Since when it is so")), short_date(change.since))
    yield Fact(_("Ground"), change.ground)
    by = _(
        N_("Identity: {who}, {when}"),
        who=shown.line.proposed_by,
        when=moment(change.proposed_at, zone),
    )
    yield Fact(_(N_("Identity: who proposed it")), by)
    if change.decided_at is not None:
        decided = _(
            N_("Identity: {who}, {when}"),
            who=shown.decided_by,
            when=moment(change.decided_at, zone),
        )
        yield Fact(
            _(N_("Identity: who decided it")),
            "\n".join(part for part in (decided, change.reason) if part),
        )


def _said(field: str, identity_: Identity) -> str:
    value = str(getattr(identity_, field))
    if not value:
        return _(N_("Identity: empty"))
    return shown_snils(value) if field == "snils" else value
