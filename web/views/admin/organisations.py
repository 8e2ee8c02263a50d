"""Organisations: the list and the card."""

from __future__ import annotations

from uuid import UUID

from flask import url_for

from web.access import OPERATOR, needs
from web.actor import current_actor
from web.components import Cell, Fact, Link, Mark, Table, Tag
from web.current import _, services
from web.dates import short_date
from web.views.admin import choices
from web.views.admin.blueprint import pages
from web.views.admin.layout import (
    Card,
    Section,
    crumbs,
    opens,
    page_mark,
    period,
    show,
)
from web.views.document_words import role_name
from workflow.domain.organisations import Organisation
from workflow.domain.refusals import N_
from workflow.domain.registers import Numbering, Register
from workflow.domain.regulations import Role
from workflow.queries.admin_organisations import (
    MandateLine,
    OrganisationCard,
    OrganisationLine,
    organisation_card,
    organisation_list,
)


@pages.get("/organisations")
@needs(OPERATOR)
def organisations() -> str:
    """List all organisations, those entered last first."""
    found = organisation_list(services().work, current_actor(), page_mark())
    table = Table(
        _("All organisations"),
        (_("Name of the organisation"), _("Kind of organisation"), _("Reports to"), _("Founder")),
        tuple(_line(line) for line in found.lines),
        empty=_("There are no organisations yet. Enter the education office first."),
    )
    return show(
        Card(
            title=_("Organisations"),
            crumbs=crumbs(Link(_("Organisations"))),
            buttons=(
                opens(N_("Add an organisation"), url_for("admin.new_organisation"), main=True),
            ),
            sections=(Section(table),),
            next_url=url_for("admin.organisations", before=found.following)
            if found.following
            else "",
        )
    )


def _line(line: OrganisationLine) -> tuple[Cell, ...]:
    one = line.organisation
    closed = Tag(_("Organisation: closed")) if one.closed_on else None
    return (
        Cell(one.short_name, url_for("admin.organisation", organisation_id=one.id), tag=closed),
        Cell(_(choices.KINDS[one.kind])),
        Cell(line.office),
        Cell(line.founder),
    )


@pages.get("/organisations/<uuid:organisation_id>")
@needs(OPERATOR)
def organisation(organisation_id: UUID) -> str:
    """Show the card of an organisation."""
    card = organisation_card(services().work, current_actor(), organisation_id)
    one = card.organisation
    name = one.name_on(card.today)
    change_url = url_for("admin.change_organisation", organisation_id=one.id)
    new_name_url = url_for("admin.new_name", organisation_id=one.id)
    return show(
        Card(
            title=name.short,
            above=_(choices.KINDS[one.kind]),
            lead=name.full,
            crumbs=crumbs(
                Link(_("Organisations"), url_for("admin.organisations")), Link(name.short)
            ),
            tag=Tag(_("Organisation: closed on {date}", date=short_date(one.closed_on)))
            if one.closed_on
            else None,
            facts=_facts(card),
            buttons=(
                opens(
                    N_("Change the card"),
                    change_url,
                ),
                opens(N_("Workers"), url_for("staff.workers", organisation_id=one.id)),
            ),
            sections=(
                Section(
                    _names(one),
                    (opens(N_("Add a name"), new_name_url),),
                ),
                Section(_staff(card)),
                Section(_mandates(card.mandates)),
                Section(_registers(card.registers)),
            ),
        )
    )


def _facts(card: OrganisationCard) -> tuple[Fact, ...]:
    one, own = card.organisation, card.organisation.requisites
    visas = ", ".join(role_name(Role(role)) for role in one.visa_roles)
    zone = choices.ZONES.get(one.time_zone)
    return (
        Fact(_("INN"), own.inn),
        Fact(_("KPP"), own.kpp),
        Fact(_("OGRN"), own.ogrn),
        Fact(_("OKPO"), own.okpo),
        Fact(_("Place of the organisation"), own.place),
        Fact(_("Postal address"), own.address),
        Fact(_("Telephone"), own.phone),
        Fact(_("E-mail"), own.email),
        Fact(_("Website"), own.site),
        Fact(_("Founder"), card.founder),
        Fact(_("Reports to"), card.office),
        Fact(_("Regulation"), choices.pack_title(one.pack) if one.pack else ""),
        Fact(_("Working week"), _("Six days") if one.week == 6 else _("Five days")),
        Fact(_("Region"), choices.region_name(one.region) or _("without days of its own")),
        Fact(_("Time zone"), _(zone) if zone else one.time_zone),
        Fact(_("Own list of visas"), visas or _("as the regulation says")),
        *((Fact(_("Successor"), card.successor),) if card.successor else ()),
    )


def _names(one: Organisation) -> Table:
    def cells(number: int) -> tuple[Cell, ...]:
        name = one.names[number]
        forms = url_for("admin.name_forms", organisation_id=one.id, number=number)
        return (
            Cell(name.short, note=name.full),
            Cell(short_date(name.since)),
            Cell(_("Case forms"), forms),
        )

    return Table(
        _("Names of the organisation"),
        (_("Name of the organisation"), _("Name: used since"), _("Case forms")),
        tuple(cells(number) for number in range(len(one.names))),
    )


def _staff(card: OrganisationCard) -> Table:
    return Table(
        _("Who works here"),
        (_("Full name"), _("Post"), _("Holds it since")),
        tuple(
            (
                Cell(line.name, url_for("admin.person", person_id=line.employment.person_id)),
                Cell(line.employment.post),
                Cell(short_date(line.employment.since)),
            )
            for line in card.staff
        ),
        empty=_("Nobody has a post here yet. Open a person's card and add a post."),
    )


def _mandates(lines: tuple[MandateLine, ...]) -> Table:
    def state(line: MandateLine) -> Tag:
        if line.mandate.withdrawn_at:
            return Tag(_("Authority: withdrawn"))
        if line.mandate.role in (Role.HEAD, Role.ACTING_HEAD) and not line.mandate.confirmed_by:
            return Tag(_("Not confirmed by the office"), Mark.WAITING)
        return Tag(_("Authority: entered"), Mark.DONE)

    return Table(
        _("Authorities"),
        (_("Full name"), _("Role"), _("Authority: term"), _("Ground"), _("State")),
        tuple(
            (
                Cell(
                    line.name,
                    url_for("admin.person", person_id=line.mandate.person_id),
                    note=line.post,
                ),
                Cell(role_name(line.mandate.role)),
                Cell(period(line.mandate.since, line.mandate.until)),
                Cell(line.mandate.ground),
                Cell(tag=state(line)),
            )
            for line in lines
        ),
        empty=_("No authority has been entered."),
    )


def _registers(registers: tuple[Register, ...]) -> Table:
    return Table(
        _("Registers (journals)"),
        (
            _("Register (journal)"),
            _("Who gives the numbers"),
            _("Next number"),
            _("Mask of the number"),
        ),
        tuple(
            (
                Cell(one.title, url_for("admin.register", register_id=one.id)),
                Cell(_(choices.NUMBERINGS[one.numbering])),
                Cell(
                    str(one.next_number) if one.numbering is Numbering.AUTOMATIC else "—",
                    number=True,
                ),
                Cell(one.mask),
            )
            for one in registers
        ),
        empty=_("There are no registers: choose the regulation that the organisation works by."),
    )
