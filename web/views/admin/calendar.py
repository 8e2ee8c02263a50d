"""Days that differ from the production calendar, of a region or of one organisation."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from flask import Response, make_response, redirect, request, url_for

from web.access import OPERATOR, needs
from web.actor import current_actor
from web.components import Cell, Fact, Link, Mark, Table, Tag
from web.current import _, services, today
from web.dates import short_date
from web.form_page import FormPage, draw
from web.forms import entered_from
from web.views.admin import choices
from web.views.admin.blueprint import pages
from web.views.admin.layout import (
    Card,
    Question,
    Section,
    Values,
    ask,
    crumbs,
    day,
    opens,
    show,
    submitted,
    text,
)
from workflow.domain.installation import CalendarOverride, Installation
from workflow.domain.refusals import N_, Refusal
from workflow.domain.regulations import Choice, FieldKind, FieldSpec
from workflow.queries.admin import organisation_choices
from workflow.queries.admin_calendar import CalendarPage, EnteredDay, calendar_page
from workflow.usecases.calendar_days import NewDay, complete_year, enter_day, remove_day
from workflow.usecases.errors import NotFoundError

COUNTRY = "country"
REGION, ORGANISATION = "region:", "organisation:"


@pages.get("/calendar")
@needs(OPERATOR)
def calendar() -> str:
    """List the days that were entered, and the years whose regional days are complete."""
    found = calendar_page(services().work, current_actor())
    return show(
        Card(
            title=_("Working calendar"),
            lead=_(
                "The country's days off and transfers are in the system already. Enter what an "
                "act of the region or of an organisation changes."
            ),
            crumbs=crumbs(Link(_("Working calendar"))),
            sections=(
                Section(
                    _days(found), (opens(N_("Enter a day"), url_for("admin.new_day"), main=True),)
                ),
                Section(
                    _complete(found),
                    (opens(N_("Mark a year as complete"), url_for("admin.new_complete_year")),),
                ),
            ),
        )
    )


def _days(found: CalendarPage) -> Table:
    return Table(
        _("Days that differ"),
        (
            _("Calendar: day"),
            _("Calendar: whose day"),
            _("Calendar: working or not"),
            _("Ground"),
            _("What to do with it"),
        ),
        tuple(
            (
                Cell(short_date(line.override.day)),
                Cell(_whose(line)),
                Cell(tag=_working(line.override.working)),
                Cell(line.override.source),
                Cell(_("Remove the day"), url_for("admin.drop_day", override_id=line.override.id)),
            )
            for line in found.days
        ),
        empty=_("No day has been entered: the production calendar holds."),
    )


def _complete(found: CalendarPage) -> Table:
    return Table(
        _("Years whose regional days are complete"),
        (_("Region"), _("Calendar: years")),
        tuple(
            (Cell(choices.region_name(region)), Cell(", ".join(map(str, sorted(years)))))
            for region, years in sorted(found.complete.items())
        ),
        empty=_("None has been marked. Until then working days of such a year are not counted."),
    )


def _whose(line: EnteredDay) -> str:
    if line.organisation:
        return line.organisation
    return choices.region_name(line.override.region) or _("The whole country")


def _working(working: bool) -> Tag:
    return Tag(_("Day: working")) if working else Tag(_("Day: off"), Mark.NEXT)


@pages.route("/calendar/new", methods=["GET", "POST"])
@needs(OPERATOR)
def new_day() -> Response:
    """Ask for a day, whose it is, and the act that changes it."""
    page = FormPage(
        title=_("Enter a day"),
        label=_("Enter the day"),
        fields=(
            FieldSpec("day", _("Calendar: day"), FieldKind.DATE, required=True),
            FieldSpec("working", _("Is it a working day?"), FieldKind.YES_NO, required=True),
            FieldSpec("whose", _("Whose day is it?"), FieldKind.PERSON, required=True),
            FieldSpec(
                "source",
                _("Ground"),
                FieldKind.TEXT,
                required=True,
                hint=_("The act that changes the day, with its date and number"),
            ),
        ),
        crumbs=_crumbs(_("Enter a day")),
        options={"whose": _whose_choices()},
    )
    if request.method == "GET":
        return draw(page, entered_from(page.fields, {}))

    def act(values: Values) -> CalendarOverride | Refusal:
        when, whose = day(values, "day"), text(values, "whose")
        assert when is not None  # the field is required
        is_organisations = whose.startswith(ORGANISATION)
        new = NewDay(
            day=when,
            working=bool(values["working"]),
            source=text(values, "source"),
            region=whose.removeprefix(REGION) if whose.startswith(REGION) else "",
            organisation_id=UUID(whose.removeprefix(ORGANISATION)) if is_organisations else None,
        )
        return enter_day(services().work, current_actor(), new)

    return submitted(page, act, lambda _made: url_for("admin.calendar"))


def _whose_choices() -> tuple[Choice, ...]:
    places = organisation_choices(services().work, current_actor())
    return (
        Choice(COUNTRY, _("The whole country")),
        *(Choice(f"{REGION}{one.key}", one.label) for one in choices.regions()),
        *(Choice(f"{ORGANISATION}{one.id}", one.name) for one in places),
    )


@pages.get("/calendar/<uuid:override_id>/remove")
@needs(OPERATOR)
def drop_day(override_id: UUID) -> Response:
    """Ask once more before a day is taken back."""
    return ask(_drop_question(_entered(override_id)))


@pages.post("/calendar/<uuid:override_id>/remove")
@needs(OPERATOR)
def do_drop_day(override_id: UUID) -> Response:
    """Take a day back."""
    line = _entered(override_id)
    refusal = remove_day(services().work, current_actor(), override_id)
    if refusal:
        return ask(_drop_question(line), refusal)
    return make_response(redirect(url_for("admin.calendar"), code=303))


def _entered(override_id: UUID) -> EnteredDay:
    days = calendar_page(services().work, current_actor()).days
    found = next((line for line in days if line.override.id == override_id), None)
    if found is None:
        raise NotFoundError(f"day {override_id}")
    return found


def _drop_question(line: EnteredDay) -> Question:
    return Question(
        title=_("Remove the day?"),
        text=_("It is again as the production calendar says. Dates set already do not change."),
        label=_("Remove the day"),
        back=url_for("admin.calendar"),
        crumbs=_crumbs(_("Remove the day")),
        facts=(
            Fact(_("Calendar: day"), short_date(line.override.day)),
            Fact(_("Calendar: whose day"), _whose(line)),
            Fact(_("Ground"), line.override.source),
        ),
    )


@pages.route("/calendar/complete", methods=["GET", "POST"])
@needs(OPERATOR)
def new_complete_year() -> Response:
    """Ask for a region and a year of which all days are entered."""
    this_year: date = today()
    years = tuple(
        Choice(str(year), str(year)) for year in range(this_year.year - 4, this_year.year + 3)
    )
    page = FormPage(
        title=_("Mark a year as complete"),
        label=_("Mark the year"),
        lead=_("Mark a year when all days off of the region are entered for it."),
        fields=(
            FieldSpec("region", _("Region"), FieldKind.PERSON, required=True),
            FieldSpec("year", _("Calendar: year"), FieldKind.PERSON, required=True),
        ),
        crumbs=_crumbs(_("Mark a year as complete")),
        options={"region": choices.regions(), "year": years},
    )
    if request.method == "GET":
        return draw(page, entered_from(page.fields, {}))

    def act(values: Values) -> Installation | Refusal:
        year = int(text(values, "year"))
        return complete_year(services().work, current_actor(), text(values, "region"), year)

    return submitted(page, act, lambda _saved: url_for("admin.calendar"))


def _crumbs(here: str) -> tuple[Link, ...]:
    return crumbs(Link(_("Working calendar"), url_for("admin.calendar")), Link(here))
