"""Dated names of an organisation and their case forms."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

from flask import Response, abort, request, url_for

from web.access import OPERATOR, needs
from web.actor import current_actor
from web.components import Link
from web.current import _, services
from web.form_page import FormPage, draw
from web.forms import entered_from
from web.views.admin import case_forms
from web.views.admin.blueprint import pages
from web.views.admin.layout import Values, crumbs, day, submitted, text
from workflow.domain.organisations import Organisation, OrganisationName
from workflow.domain.refusals import Refusal
from workflow.domain.regulations import FieldKind, FieldSpec
from workflow.queries.admin_organisations import organisation_card
from workflow.usecases.staff import change_organisation, rename_organisation


@pages.route("/organisations/<uuid:organisation_id>/names/new", methods=["GET", "POST"])
@needs(OPERATOR)
def new_name(organisation_id: UUID) -> Response:
    """Ask for a further name and the day from which it is used; the old names stay."""
    before = organisation_card(services().work, current_actor(), organisation_id).organisation
    page = FormPage(
        title=_("New name"),
        label=_("Go on to the case forms"),
        lead=_("Documents made before that day keep the old name."),
        fields=(
            FieldSpec("full", _("Full name as in the charter"), FieldKind.TEXT, required=True),
            FieldSpec("short", _("Short name as in the charter"), FieldKind.TEXT, required=True),
            FieldSpec("since", _("Since when the name is used"), FieldKind.DATE, required=True),
        ),
        crumbs=_crumbs(before, _("New name")),
    )
    if request.method == "GET":
        return draw(page, entered_from(page.fields, {}))

    def act(values: Values) -> Organisation | Refusal:
        since = day(values, "since")
        assert since is not None  # the field is required
        short = text(values, "short")
        forms = services().work.assembler.propose_phrase(short).forms
        name = OrganisationName(text(values, "full"), short, since, forms)
        return change_organisation(
            services().work, current_actor(), rename_organisation(before, name)
        )

    return submitted(page, act, lambda saved: _forms_url(saved, len(saved.names) - 1))


@pages.route(
    "/organisations/<uuid:organisation_id>/names/<int:number>/forms", methods=["GET", "POST"]
)
@needs(OPERATOR)
def name_forms(organisation_id: UUID, number: int) -> Response:
    """Show the case forms of a short name; a person corrects and confirms them."""
    before = organisation_card(services().work, current_actor(), organisation_id).organisation
    if number >= len(before.names):
        abort(404)
    name = before.names[number]
    proposed = services().work.assembler.propose_phrase(name.short)
    page = FormPage(
        title=_("Case forms of the short name"),
        above=name.short,
        label=_("Confirm the forms"),
        lead=case_forms.lead(proposed),
        fields=case_forms.form_fields(),
        crumbs=_crumbs(before, _("Case forms")),
    )
    if request.method == "GET":
        return draw(page, entered_from(page.fields, case_forms.as_entered(name.forms, proposed)))

    def act(values: Values) -> Organisation | Refusal:
        names = list(before.names)
        names[number] = replace(name, forms=case_forms.as_stored(values), forms_confirmed=True)
        after = replace(before, names=tuple(names))
        return change_organisation(services().work, current_actor(), after)

    return submitted(
        page, act, lambda saved: url_for("admin.organisation", organisation_id=saved.id)
    )


def _forms_url(organisation: Organisation, number: int) -> str:
    return url_for("admin.name_forms", organisation_id=organisation.id, number=number)


def _crumbs(organisation: Organisation, here: str) -> tuple[Link, ...]:
    return crumbs(
        Link(_("Organisations"), url_for("admin.organisations")),
        Link(
            organisation.short_name, url_for("admin.organisation", organisation_id=organisation.id)
        ),
        Link(here),
    )
