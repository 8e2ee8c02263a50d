"""The list of workers, by name, to be searched."""

from __future__ import annotations

from uuid import UUID

from flask import abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from web.access import needs
from web.actor import current_actor
from web.components import Cell, Link, Mark, Notice, Paging, Table, Tag
from web.current import _, services, surroundings
from web.views.staff.blueprint import KEEPERS, MANDATES, TITLE, pages
from web.views.staff.words import absence_words
from workflow.domain.refusals import N_
from workflow.domain.staff_cards import ExperienceKind
from workflow.queries.staff import StaffList, WorkerLine, staff_list, staff_places

SEARCH_AT_MOST = 100  # characters


@pages.get("")
@needs(*MANDATES)
def index() -> AnyResponse | str:
    """Lead to the list of the organisation, or to the choice between several."""
    places = staff_places(services().work, current_actor())
    if not places:
        abort(404)
    if len(places) == 1:
        url = url_for("staff.workers", organisation_id=places[0].organisation_id)
        return redirect(url, code=303)
    rows = tuple(
        (Cell(one.name, url_for("staff.workers", organisation_id=one.organisation_id)),)
        for one in places
    )
    table = Table(_(N_("Choose the organisation")), (_("Name of the organisation"),), rows)
    return render_template("staff/places.html", title=_(TITLE), table=table)


@pages.get("/<uuid:organisation_id>")
@needs(*KEEPERS)
def workers(organisation_id: UUID) -> str:
    """List the workers, or those whose surname begins as asked."""
    surname = request.args.get("surname", "").strip()[:SEARCH_AT_MOST]
    page = request.args.get("page", 1, type=int)
    shown = staff_list(services().work, current_actor(), organisation_id, surname, page)
    table = Table(
        _("Found by the surname “{surname}”", surname=surname) if surname else _(N_("All workers")),
        (_("Full name"), _("Post"), _(N_("Years in the field")), _("State")),
        tuple(_line(shown, line) for line in shown.lines),
        empty=_("Nobody was found. Check the surname.") if surname else _(N_("No workers yet.")),
    )
    return render_template(
        "staff/list.html",
        title=_(TITLE),
        crumbs=(Link(_(TITLE)),),
        shown=shown,
        surname=surname,
        notice=_unconfirmed(shown),
        table=table,
        paging=_paging(shown, surname),
    )


def _line(shown: StaffList, line: WorkerLine) -> tuple[Cell, ...]:
    card = line.card
    years = card.years_on(ExperienceKind.IN_FIELD, shown.today) if card else None
    tag = Tag(absence_words(line.absence), Mark.WAITING) if line.absence else None
    return (
        Cell(line.name, url_for("staff.worker", employment_id=line.employment.id)),
        Cell(line.employment.post),
        Cell(_(N_("not entered")) if years is None else str(years)),
        Cell("" if tag else _(N_("at work")), tag=tag),
    )


def _unconfirmed(shown: StaffList) -> Notice | None:
    if not shown.unconfirmed:
        return None
    count = surroundings().words.plural(
        "{n} name or post waits", "{n} names or posts wait", shown.unconfirmed
    )
    url = url_for("staff.forms", organisation_id=shown.organisation_id)
    return Notice(
        _(N_("Until somebody confirms the case forms, documents that print them stay drafts.")),
        count,
        Mark.WAITING,
        Link(_(N_("Look at the case forms")), url),
    )


def _paging(shown: StaffList, surname: str) -> Paging:
    def url(number: int) -> str:
        place = shown.organisation_id
        return url_for("staff.workers", organisation_id=place, page=number, surname=surname or None)

    return Paging(
        shown.page,
        shown.pages,
        url(shown.page - 1) if shown.page > 1 else "",
        url(shown.page + 1) if shown.page < shown.pages else "",
    )
