"""The list of an organisation’s powers of attorney, and what their codes mean."""

from __future__ import annotations

from uuid import UUID
from zoneinfo import ZoneInfo

from flask import Response, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from web.access import OPERATOR, needs, signed_in
from web.actor import current_actor
from web.components import Cell, Link, Table, Tag
from web.current import _, services, surroundings
from web.dates import moment, short_date
from web.refusals import tell
from web.views.admin.layout import Card, Section, page_mark, show
from web.views.powers.blueprint import (
    STATES,
    TITLE,
    leads,
    list_crumbs,
    pages,
)
from workflow.domain.refusals import N_, Refusal
from workflow.queries.powers import (
    PowerLine,
    meaning_page,
    power_list,
    power_places,
)
from workflow.usecases.powers.meaning import say_what_a_code_means


@pages.get("")
@needs("head", "acting_head", "clerk", "officer", OPERATOR)
def index() -> AnyResponse:
    """Lead to the only organisation, or list those whose powers the person looks at."""
    places = power_places(services().work, current_actor())
    if len(places) == 1:
        url = url_for("powers.of_organisation", organisation_id=places[0].organisation_id)
        return redirect(url, code=303)
    rows = tuple(
        (Cell(p.name, url_for("powers.of_organisation", organisation_id=p.organisation_id)),)
        for p in places
    )
    table = Table(
        _("Choose the organisation"), (_("Name of the organisation"),), rows, _("Nothing here.")
    )
    return Response(render_template("staff/places.html", title=_(TITLE), table=table))


@pages.get("/of/<uuid:organisation_id>")
@signed_in
def of_organisation(organisation_id: UUID) -> str:
    """List the powers of an organisation, the newest first."""
    shown = power_list(services().work, current_actor(), organisation_id, page_mark())
    zone = ZoneInfo(shown.time_zone)
    table = Table(
        _("Given powers"),
        (_("To whom and which"), _("Until when"), _("Registry asked"), _("State")),
        tuple(_row(line, zone) for line in shown.lines),
        empty=_("No powers of attorney yet. Load the file with its signature."),
    )
    following = ""
    if shown.following:
        following = url_for(
            "powers.of_organisation", organisation_id=organisation_id, before=shown.following
        )
    return show(
        Card(
            title=_(TITLE),
            above=shown.name,
            lead=_(
                "By a power of attorney a worker signs where the head would. Each one is checked: "
                "who gave it, what it lets sign, whether it has been revoked."
            ),
            crumbs=(Link(_(TITLE)),),
            buttons=(
                leads(
                    N_("Load a power of attorney"),
                    url_for("powers.new", organisation_id=organisation_id),
                    shown.keep_refusal,
                    main=True,
                ),
                leads(
                    N_("Codes of powers"),
                    url_for("powers.codes", organisation_id=organisation_id),
                    None,
                ),
            ),
            sections=(Section(table),),
            next_url=following,
        )
    )


def _row(line: PowerLine, zone: ZoneInfo) -> tuple[Cell, ...]:
    label, mark = STATES[line.state]
    return (
        Cell(
            line.holder,
            url_for("powers.page", power_id=line.power.id),
            note=_("№ {number}", number=line.power.number),
        ),
        Cell(short_date(line.power.until)),
        Cell(moment(line.asked_at, zone) if line.asked_at else "—"),
        Cell(tag=Tag(_(label), mark)),
    )


@pages.get("/of/<uuid:organisation_id>/codes")
@signed_in
def codes(organisation_id: UUID) -> str:
    """Show what codes of powers let one sign, with a form for one of them."""
    return _codes(organisation_id)


@pages.post("/of/<uuid:organisation_id>/codes")
@signed_in
def say(organisation_id: UUID) -> Response:
    """Say what one code lets one sign in the organisation."""
    done = say_what_a_code_means(
        services().work,
        current_actor(),
        organisation_id,
        request.form.get("code", ""),
        request.form.getlist("types"),
        for_all=bool(request.form.get("for_all")),
    )
    if isinstance(done, Refusal):
        return make_response(_codes(organisation_id, done), 409)
    url = url_for("powers.codes", organisation_id=organisation_id)
    return make_response(redirect(url, code=303))


def _codes(organisation_id: UUID, refusal: Refusal | None = None) -> str:
    shown = meaning_page(services().work, current_actor(), organisation_id)
    titles = dict(shown.types)
    table = Table(
        _("What was said"),
        (_("Code of the power"), _("Documents that may be signed"), _("Where it counts")),
        tuple(
            (
                Cell(one.code),
                Cell("; ".join(titles.get(t, t) for t in one.types) or _("nothing")),
                Cell(_("here") if one.organisation_id else _("in all organisations")),
            )
            for one in shown.meanings
        ),
        empty=_("Nothing has been said yet."),
    )
    standing = refusal or shown.refusal
    chosen = request.values.get("code", "")
    said = {one.code: one.types for one in shown.meanings}
    return render_template(
        "powers/codes.html",
        title=_("Codes of powers"),
        name=shown.name,
        crumbs=list_crumbs(organisation_id, shown.name, _("Codes of powers")),
        table=table,
        shown=shown,
        chosen=chosen,
        ticked=request.form.getlist("types") or said.get(chosen, ()),
        refused=tell(standing, surroundings().words) if standing else None,
        operator=current_actor().operator,
    )
