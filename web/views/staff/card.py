"""The forms of a staff card, one for each part of it."""

from __future__ import annotations

from uuid import UUID

from flask import Response, abort, request

from web.access import needs
from web.actor import current_actor
from web.current import _, services
from web.form_page import FormPage, draw
from web.forms import change_rows, entered_from
from web.views.admin.layout import Values, submitted
from web.views.staff.blueprint import KEEPERS, pages, worker_address, worker_crumbs
from web.views.staff.card_parts import fields_of, lead_of, said_by, values_of
from web.views.staff.words import PARTS
from workflow.domain.refusals import Refusal
from workflow.domain.staff_cards import CardPart, StaffCard
from workflow.queries.staff import worker_page
from workflow.usecases.edit_card import edit_card


@pages.route("/workers/<uuid:employment_id>/card/<part>", methods=["GET", "POST"])
@needs(*KEEPERS)
def card_part(employment_id: UUID, part: str) -> Response:
    """Ask for one part of the card and save it."""
    if part not in list(CardPart):
        abort(404)
    chosen = CardPart(part)
    shown = worker_page(services().work, current_actor(), employment_id)
    title = _(PARTS[chosen])
    page = FormPage(
        title=title,
        above=f"{shown.person.full_name}, {shown.employment.post}",
        label=_("Save"),
        lead=lead_of(chosen),
        fields=fields_of(chosen),
        crumbs=worker_crumbs(shown, title),
    )
    if request.method == "GET":
        return draw(page, entered_from(page.fields, values_of(chosen, shown.card, shown.today)))
    changed = change_rows(page.fields, request.form)
    if changed is not None:
        return draw(page, changed)

    def act(values: Values) -> StaffCard | Refusal:
        return edit_card(
            services().work,
            current_actor(),
            employment_id,
            lambda before: said_by(chosen, before, values, shown.today),
        )

    return submitted(page, act, lambda _saved: worker_address(employment_id, "card"))
