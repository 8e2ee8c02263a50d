"""How a register is kept: by the system or by hand, from which number, by which mask."""

from __future__ import annotations

from uuid import UUID

from flask import Response, request, url_for

from web.access import OPERATOR, needs
from web.actor import current_actor
from web.components import Link
from web.current import _, services
from web.form_page import FormPage, draw
from web.register_keeping import keeping_entered, keeping_fields, keeping_of
from web.views.admin.blueprint import pages
from web.views.admin.layout import Values, crumbs, submitted
from workflow.domain.refusals import Refusal
from workflow.domain.registers import Register
from workflow.queries.admin_organisations import register_card
from workflow.usecases.journals import set_register


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
        fields=keeping_fields(one),
        crumbs=crumbs(
            Link(_("Organisations"), url_for("admin.organisations")),
            Link(place.short_name, back),
            Link(one.title),
        ),
    )
    if request.method == "GET":
        return draw(page, keeping_entered(one))

    def act(values: Values) -> Register | Refusal:
        return set_register(services().work, current_actor(), register_id, keeping_of(values))

    return submitted(page, act, lambda _saved: back)
