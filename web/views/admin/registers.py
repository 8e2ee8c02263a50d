"""How a register is kept: by the system or by hand, from which number, by which mask."""

from __future__ import annotations

from uuid import UUID

from flask import Response, request, url_for

from web.access import OPERATOR, needs
from web.actor import current_actor
from web.components import Link
from web.current import _, services
from web.form_page import FormPage, draw
from web.forms import entered_from
from web.views.admin import choices
from web.views.admin.blueprint import pages
from web.views.admin.layout import Values, crumbs, submitted, text
from workflow.domain.refusals import Refusal
from workflow.domain.registers import Numbering, Register
from workflow.domain.regulations import FieldKind, FieldSpec
from workflow.queries.admin_organisations import register_card
from workflow.usecases.staff import set_register


@pages.route("/registers/<uuid:register_id>", methods=["GET", "POST"])
@needs(OPERATOR)
def register(register_id: UUID) -> Response:
    """Ask how the register is kept."""
    card = register_card(services().work, current_actor(), register_id)
    one, place = card.register, card.organisation
    back = url_for("admin.organisation", organisation_id=place.id)
    page = FormPage(
        title=one.title,
        above=place.short_name,
        label=_("Save"),
        fields=_fields(one),
        crumbs=crumbs(
            Link(_("Organisations"), url_for("admin.organisations")),
            Link(place.short_name, back),
            Link(one.title),
        ),
    )
    if request.method == "GET":
        stored = {
            "numbering": one.numbering.value,
            "next_number": one.next_number,
            "mask": one.mask,
        }
        return draw(page, entered_from(page.fields, stored))

    def act(values: Values) -> Register | Refusal:
        return set_register(
            services().work,
            current_actor(),
            register_id,
            Numbering(text(values, "numbering")),
            int(text(values, "next_number") or 0),
            text(values, "mask"),
        )

    return submitted(page, act, lambda _saved: back)


def _fields(one: Register) -> tuple[FieldSpec, ...]:
    return (
        FieldSpec(
            "numbering",
            _("Who gives the numbers"),
            FieldKind.CHOICE,
            required=True,
            hint=_("By hand where the register holds other documents, too"),
            choices=choices.numberings(),
        ),
        FieldSpec(
            "next_number",
            _("Next number"),
            FieldKind.NUMBER,
            required=True,
            hint=_("A register may go on from any number"),
        ),
        FieldSpec(
            "mask",
            _("Mask of the number"),
            FieldKind.TEXT,
            required=True,
            hint=_(
                "{n} stands for the number, {year} for the year: now {example}",
                n="{n}",
                year="{year}",
                example=one.mask,
            ),
        ),
    )
