"""Long absences: entering one, its last day, an entry made by mistake."""

from __future__ import annotations

from uuid import UUID

from flask import Response, make_response, redirect, request

from web.access import needs
from web.actor import current_actor
from web.components import Fact
from web.current import _, services
from web.form_page import FormPage, draw
from web.forms import entered_from
from web.views.admin.layout import Question, Values, ask, day, submitted, text
from web.views.staff.blueprint import KEEPERS, pages, worker_address, worker_crumbs
from web.views.staff.words import ABSENCES, absence_words
from workflow.domain.people import Absence
from workflow.domain.refusals import N_, Refusal
from workflow.domain.regulations import Choice, FieldKind, FieldSpec
from workflow.queries.staff import WorkerPage, absence_of, worker_page
from workflow.usecases.absences import end_absence, record_absence, withdraw_absence


@pages.route("/workers/<uuid:employment_id>/absences/new", methods=["GET", "POST"])
@needs(*KEEPERS)
def new_absence(employment_id: UUID) -> Response:
    """Ask for a long absence and enter it."""
    shown = worker_page(services().work, current_actor(), employment_id)
    kinds = tuple(Choice(str(kind), _(label)) for kind, label in ABSENCES.items())
    title = _(N_("A long absence"))
    page = FormPage(
        title=title,
        above=f"{shown.person.full_name}, {shown.employment.post}",
        label=_("Save"),
        lead=_(N_("Mentor pairs of the worker are suspended for a long absence by an order.")),
        fields=(
            FieldSpec("kind", _(N_("Kind of absence")), FieldKind.CHOICE, True, choices=kinds),
            FieldSpec("since", _(N_("First day")), FieldKind.DATE, required=True),
            _last_day(),
            FieldSpec("ground", _("Ground"), FieldKind.TEXT, True, _ground_hint()),
        ),
        crumbs=worker_crumbs(shown, title),
    )
    if request.method == "GET":
        return draw(page, entered_from(page.fields, {}))

    def act(values: Values) -> Absence | Refusal:
        since = day(values, "since")
        assert since is not None  # the field is required
        kind, ground = text(values, "kind"), text(values, "ground")
        return record_absence(
            services().work,
            current_actor(),
            employment_id,
            kind,
            since,
            day(values, "until"),
            ground,
        )

    return submitted(page, act, lambda _saved: worker_address(employment_id, "absence"))


def _last_day(required: bool = False) -> FieldSpec:
    hint = "" if required else _(N_("Empty: nobody knows yet"))
    return FieldSpec("until", _(N_("Last day")), FieldKind.DATE, required, hint)


def _ground_hint() -> str:
    return _(N_("For example: order of 12 January 2026 № 4-k"))


@pages.route("/absences/<uuid:absence_id>/end", methods=["GET", "POST"])
@needs(*KEEPERS)
def end_absence_page(absence_id: UUID) -> Response:
    """Ask for the last day of an absence: somebody is back, or stays away longer."""
    shown, absence = _found(absence_id)
    title = _(N_("Last day of the absence"))
    page = FormPage(
        title=title,
        above=f"{shown.person.full_name}: {absence_words(absence)}",
        label=_("Save"),
        fields=(_last_day(required=True),),
        crumbs=worker_crumbs(shown, title),
    )
    if request.method == "GET":
        return draw(page, entered_from(page.fields, {"until": absence.until}))

    def act(values: Values) -> Absence | Refusal:
        until = day(values, "until")
        assert until is not None  # the field is required
        return end_absence(services().work, current_actor(), absence_id, until)

    return submitted(page, act, lambda _saved: worker_address(shown.employment.id, "absence"))


@pages.route("/absences/<uuid:absence_id>/withdraw", methods=["GET", "POST"])
@needs(*KEEPERS)
def withdraw_page(absence_id: UUID) -> Response:
    """Ask once more before an absence counts as entered by mistake."""
    shown, absence = _found(absence_id)
    title = _(N_("The absence was entered by mistake"))
    question = Question(
        title=title,
        text=_(N_("It stays on the card, marked so, and counts no more.")),
        label=_(N_("Mark it as a mistake")),
        back=worker_address(shown.employment.id),
        crumbs=worker_crumbs(shown, title),
        facts=(Fact(shown.person.full_name, absence_words(absence)),),
    )
    if request.method == "GET":
        return ask(question)
    done = withdraw_absence(services().work, current_actor(), absence_id)
    if isinstance(done, Refusal):
        return ask(question, done)
    return make_response(redirect(worker_address(shown.employment.id, "absence"), code=303))


def _found(absence_id: UUID) -> tuple[WorkerPage, Absence]:
    work, actor = services().work, current_actor()
    absence = absence_of(work, actor, absence_id)
    return worker_page(work, actor, absence.employment_id), absence
