"""Leaving a post: dismissal, transfer to another post."""

from __future__ import annotations

from uuid import UUID

from flask import Response, request

from web.access import needs
from web.actor import current_actor
from web.current import _, services
from web.form_page import FormPage, draw
from web.forms import entered_from
from web.views.admin.layout import Values, day, submitted, text
from web.views.staff.blueprint import KEEPERS, pages, worker_address, worker_crumbs
from workflow.domain.people import Employment
from workflow.domain.refusals import N_, Refusal
from workflow.domain.regulations import FieldKind, FieldSpec
from workflow.queries.staff import worker_page
from workflow.usecases.end_employment import end_employment, transfer


def _ground() -> FieldSpec:
    hint = _(N_("For example: order of 12 January 2026 № 4-k"))
    return FieldSpec("ground", _("Ground"), FieldKind.TEXT, True, hint)


@pages.route("/workers/<uuid:employment_id>/dismiss", methods=["GET", "POST"])
@needs(*KEEPERS)
def dismiss_page(employment_id: UUID) -> Response:
    """Ask for the last day of work and its ground."""
    shown = worker_page(services().work, current_actor(), employment_id)
    title = _(N_("Dismissal"))
    page = FormPage(
        title=title,
        above=f"{shown.person.full_name}, {shown.employment.post}",
        label=_(N_("Save the dismissal")),
        lead=_(
            N_(
                "The authorities of the post end with the last day; whoever has no other post "
                "cannot sign in after it. Mentor pairs get another mentor or end by an order."
            )
        ),
        fields=(
            FieldSpec("last_day", _(N_("Last day of work")), FieldKind.DATE, required=True),
            _ground(),
        ),
        crumbs=worker_crumbs(shown, title),
    )
    if request.method == "GET":
        return draw(page, entered_from(page.fields, {"last_day": shown.employment.until}))

    def act(values: Values) -> Employment | Refusal:
        last_day = day(values, "last_day")
        assert last_day is not None  # the field is required
        ground = text(values, "ground")
        return end_employment(services().work, current_actor(), employment_id, last_day, ground)

    return submitted(page, act, lambda saved: worker_address(saved.id, "dismissed"))


@pages.route("/workers/<uuid:employment_id>/transfer", methods=["GET", "POST"])
@needs(*KEEPERS)
def transfer_page(employment_id: UUID) -> Response:
    """Ask for the new post, its first day and the ground."""
    shown = worker_page(services().work, current_actor(), employment_id)
    title = _(N_("Transfer to another post"))
    page = FormPage(
        title=title,
        above=f"{shown.person.full_name}, {shown.employment.post}",
        label=_(N_("Save the transfer")),
        lead=_(N_("The present post ends on the day before; the card goes with the worker.")),
        fields=(
            FieldSpec(
                "post",
                _(N_("New post of the worker")),
                FieldKind.TEXT,
                required=True,
                hint=_("In lower case, as in the staff list"),
            ),
            FieldSpec("since", _(N_("First day in the new post")), FieldKind.DATE, required=True),
            _ground(),
        ),
        crumbs=worker_crumbs(shown, title),
    )
    if request.method == "GET":
        return draw(page, entered_from(page.fields, {}))

    def act(values: Values) -> Employment | Refusal:
        since = day(values, "since")
        assert since is not None  # the field is required
        post, ground = text(values, "post"), text(values, "ground")
        return transfer(services().work, current_actor(), employment_id, post, since, ground)

    return submitted(page, act, lambda begun: worker_address(begun.id, "transferred"))
