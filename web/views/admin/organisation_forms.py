"""Entering an organisation and changing its card."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

from flask import Response, request, url_for

from web.access import OPERATOR, needs
from web.actor import current_actor
from web.components import Link
from web.current import _, services, today
from web.form_page import FormPage, draw
from web.forms import entered_from
from web.views.admin import choices
from web.views.admin.blueprint import pages
from web.views.admin.layout import Values, crumbs, day, digits, identity, submitted, text
from workflow.domain.organisations import Organisation, OrganisationKind, Requisites
from workflow.domain.refusals import Refusal
from workflow.domain.regulations import Choice, FieldKind, FieldSpec, Role
from workflow.queries.admin import organisation_choices
from workflow.queries.admin_organisations import organisation_card
from workflow.usecases import staff

NOT_FOR_VISAS = (Role.EMPLOYEE, Role.OFFICER)


@pages.route("/organisations/new", methods=["GET", "POST"])
@needs(OPERATOR)
def new_organisation() -> Response:
    """Ask for a new organisation and enter it; its case forms are confirmed next."""
    page = _form(_("New organisation"), _("Add the organisation"), Link(_("New organisation")))
    page = replace(page, fields=(*_name_fields(), *page.fields))
    if request.method == "GET":
        return draw(page, entered_from(page.fields, {"since": today()}))

    def act(values: Values) -> Organisation | Refusal:
        since = day(values, "since")
        assert since is not None  # the field is required
        own = _requisites(values)
        new = staff.NewOrganisation(
            kind=text(values, "kind"),
            full_name=text(values, "full_name"),
            short_name=text(values, "short_name"),
            since=since,
            inn=own.inn,
            kpp=own.kpp,
            ogrn=own.ogrn,
            okpo=own.okpo,
            address=own.address,
            place=own.place,
            phone=own.phone,
            email=own.email,
            site=own.site,
            time_zone=text(values, "time_zone"),
            week=int(text(values, "week")),
            region=text(values, "region"),
            founder_id=identity(values, "founder"),
            office_id=identity(values, "office"),
            pack=text(values, "pack"),
            visa_roles=_visa_roles(values),
        )
        return staff.add_organisation(services().work, current_actor(), new)

    return submitted(
        page, act, lambda made: url_for("admin.name_forms", organisation_id=made.id, number=0)
    )


@pages.route("/organisations/<uuid:organisation_id>/change", methods=["GET", "POST"])
@needs(OPERATOR)
def change_organisation(organisation_id: UUID) -> Response:
    """Ask for what changes on the card; names have dates and a page of their own."""
    before = organisation_card(services().work, current_actor(), organisation_id).organisation
    back = url_for("admin.organisation", organisation_id=organisation_id)
    page = _form(
        _("Change the card"), _("Save"), Link(before.short_name, back), Link(_("Change the card"))
    )
    page = replace(page, fields=(*page.fields, *_closing_fields()))
    if request.method == "GET":
        return draw(page, entered_from(page.fields, _stored(before)))

    def act(values: Values) -> Organisation | Refusal:
        after = replace(
            before,
            kind=OrganisationKind(text(values, "kind")),
            requisites=_requisites(values),
            time_zone=text(values, "time_zone"),
            week=int(text(values, "week")),
            region=text(values, "region"),
            founder_id=identity(values, "founder"),
            office_id=identity(values, "office"),
            pack=text(values, "pack"),
            visa_roles=_visa_roles(values),
            closed_on=day(values, "closed_on"),
            successor_id=identity(values, "successor"),
        )
        return staff.change_organisation(services().work, current_actor(), after)

    return submitted(page, act, lambda _saved: back)


def _stored(one: Organisation) -> dict[str, object]:
    own = one.requisites
    return {
        "kind": one.kind.value,
        "inn": own.inn,
        "kpp": own.kpp,
        "ogrn": own.ogrn,
        "okpo": own.okpo,
        "place": own.place,
        "address": own.address,
        "phone": own.phone,
        "email": own.email,
        "site": own.site,
        "founder": one.founder_id,
        "office": one.office_id,
        "pack": one.pack or None,
        "week": str(one.week),
        "region": one.region or None,
        "time_zone": one.time_zone,
        "visas": one.visa_roles,
        "closed_on": one.closed_on,
        "successor": one.successor_id,
    }


def _form(title: str, label: str, *links: Link) -> FormPage:
    organisations = tuple(
        Choice(str(one.id), one.name)
        for one in organisation_choices(services().work, current_actor())
    )
    return FormPage(
        title=title,
        label=label,
        fields=_card_fields(),
        crumbs=crumbs(Link(_("Organisations"), url_for("admin.organisations")), *links),
        options={
            "founder": organisations,
            "office": organisations,
            "successor": organisations,
            "visas": choices.roles(*NOT_FOR_VISAS),
        },
    )


def _name_fields() -> tuple[FieldSpec, ...]:
    return (
        FieldSpec("full_name", _("Full name as in the charter"), FieldKind.TEXT, required=True),
        FieldSpec("short_name", _("Short name as in the charter"), FieldKind.TEXT, required=True),
        FieldSpec("since", _("Since when the name is used"), FieldKind.DATE, required=True),
    )


def _card_fields() -> tuple[FieldSpec, ...]:
    packs = tuple(Choice(name, choices.pack_title(name)) for name in services().work.packs.names())
    line, choice = FieldKind.TEXT, FieldKind.CHOICE
    return (
        FieldSpec(
            "kind", _("Kind of organisation"), choice, required=True, choices=choices.kinds()
        ),
        FieldSpec("inn", _("INN"), line, hint=_("Ten digits")),
        FieldSpec("kpp", _("KPP"), line, hint=_("Nine digits")),
        FieldSpec("ogrn", _("OGRN"), line, hint=_("Thirteen digits")),
        FieldSpec("okpo", _("OKPO"), line),
        FieldSpec(
            "place",
            _("Place of the organisation"),
            line,
            hint=_("As documents print it: г. Лесногорск"),
        ),
        FieldSpec("address", _("Postal address"), line),
        FieldSpec("phone", _("Telephone"), line),
        FieldSpec("email", _("E-mail"), line),
        FieldSpec("site", _("Website"), FieldKind.LINK),
        FieldSpec("founder", _("Founder"), FieldKind.PERSON),
        FieldSpec(
            "office",
            _("Reports to"),
            FieldKind.PERSON,
            hint=_("Whom packages are sent to; not always the founder"),
        ),
        FieldSpec("pack", _("Regulation"), choice, choices=packs),
        FieldSpec(
            "week", _("Working week"), choice, required=True, default="5", choices=choices.weeks()
        ),
        FieldSpec(
            "region",
            _("Region"),
            choice,
            hint=_("Only where the region has days off of its own"),
            choices=choices.regions(),
        ),
        FieldSpec(
            "time_zone",
            _("Time zone"),
            choice,
            required=True,
            default="Europe/Moscow",
            choices=choices.zones(),
        ),
        FieldSpec(
            "visas",
            _("Own list of visas"),
            FieldKind.PEOPLE,
            hint=_("Who agrees documents where the regulation names nobody"),
        ),
    )


def _closing_fields() -> tuple[FieldSpec, ...]:
    return (
        FieldSpec("closed_on", _("Organisation: closed on"), FieldKind.DATE),
        FieldSpec(
            "successor",
            _("Successor"),
            FieldKind.PERSON,
            hint=_("Open tasks move there when an organisation is closed or merged"),
        ),
    )


def _requisites(values: Values) -> Requisites:
    return Requisites(
        inn=digits(values, "inn"),
        kpp=digits(values, "kpp"),
        ogrn=digits(values, "ogrn"),
        okpo=digits(values, "okpo"),
        address=text(values, "address"),
        place=text(values, "place"),
        phone=text(values, "phone"),
        email=text(values, "email"),
        site=text(values, "site"),
    )


def _visa_roles(values: Values) -> tuple[str, ...]:
    chosen = values.get("visas")
    return tuple(str(role) for role in chosen) if isinstance(chosen, tuple) else ()
