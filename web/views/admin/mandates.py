"""Authorities: a role from–to on the ground of a document; withdrawn when entered by mistake."""

from __future__ import annotations

from uuid import UUID

from flask import Response, make_response, redirect, request, url_for

from web.access import OPERATOR, needs
from web.actor import current_actor
from web.components import Fact, Link
from web.current import _, services, today
from web.form_page import FormPage, draw
from web.forms import entered_from
from web.views.admin import choices
from web.views.admin.blueprint import pages
from web.views.admin.layout import Question, Values, ask, crumbs, day, period, submitted, text
from web.views.document_words import role_name
from workflow.domain.mandates import Mandate
from workflow.domain.refusals import Refusal
from workflow.domain.regulations import FieldKind, FieldSpec
from workflow.queries.admin_people import MandateCard, mandate_card, post_card
from workflow.usecases import staff
from workflow.usecases.end_mandate import end_mandate as set_last_day


@pages.route("/posts/<uuid:employment_id>/mandates/new", methods=["GET", "POST"])
@needs(OPERATOR)
def new_mandate(employment_id: UUID) -> Response:
    """Ask for a role, its term and the document it rests on."""
    card = post_card(services().work, current_actor(), employment_id)
    back = url_for("admin.person", person_id=card.person.id)
    page = FormPage(
        title=_("New authority"),
        above=f"{card.person.full_name}, {card.employment.post}, {card.organisation}",
        label=_("Add the authority"),
        lead=_("A head's authority counts for the office once the office has confirmed it."),
        fields=_fields(),
        crumbs=crumbs(
            Link(_("People"), url_for("admin.people")),
            Link(card.person.short_name, back),
            Link(_("New authority")),
        ),
    )
    if request.method == "GET":
        return draw(page, entered_from(page.fields, {"since": today()}))

    def act(values: Values) -> Mandate | Refusal:
        since = day(values, "since")
        assert since is not None  # the field is required
        return staff.give_mandate(
            services().work,
            current_actor(),
            employment_id,
            text(values, "role"),
            since,
            day(values, "until"),
            text(values, "ground"),
        )

    return submitted(page, act, lambda _made: back)


def _fields() -> tuple[FieldSpec, ...]:
    return (
        FieldSpec("role", _("Role"), FieldKind.CHOICE, required=True, choices=choices.roles()),
        FieldSpec("since", _("Authority: in force since"), FieldKind.DATE, required=True),
        FieldSpec(
            "until",
            _("Authority: in force until"),
            FieldKind.DATE,
            hint=_("Empty: until further notice"),
        ),
        FieldSpec(
            "ground",
            _("Ground"),
            FieldKind.TEXT,
            required=True,
            hint=_("For example: приказ от 12.01.2023 № 3-к"),
        ),
    )


@pages.route("/mandates/<uuid:mandate_id>/end", methods=["GET", "POST"])
@needs(OPERATOR)
def end_mandate(mandate_id: UUID) -> Response:
    """Ask for the last day of an authority."""
    card = mandate_card(services().work, current_actor(), mandate_id)
    back = url_for("admin.person", person_id=card.person.id)
    page = FormPage(
        title=_("Last day of the authority"),
        above=f"{card.person.full_name}, {role_name(card.mandate.role)}, {card.organisation}",
        label=_("Save"),
        lead=_("What is done until that day stays done by this authority."),
        fields=(FieldSpec("until", _("Authority: in force until"), FieldKind.DATE, required=True),),
        crumbs=_crumbs(card, _("Last day of the authority")),
    )
    if request.method == "GET":
        return draw(page, entered_from(page.fields, {"until": card.mandate.until}))

    def act(values: Values) -> Mandate | Refusal:
        until = day(values, "until")
        assert until is not None  # the field is required
        return set_last_day(services().work, current_actor(), mandate_id, until)

    return submitted(page, act, lambda _saved: back)


@pages.get("/mandates/<uuid:mandate_id>/withdraw")
@needs(OPERATOR)
def withdraw_mandate(mandate_id: UUID) -> Response:
    """Ask once more before an authority is withdrawn."""
    return ask(_question(mandate_card(services().work, current_actor(), mandate_id)))


@pages.post("/mandates/<uuid:mandate_id>/withdraw")
@needs(OPERATOR)
def do_withdraw_mandate(mandate_id: UUID) -> Response:
    """Withdraw an authority; what was done by it stays in the history."""
    card = mandate_card(services().work, current_actor(), mandate_id)
    done = staff.withdraw_mandate(services().work, current_actor(), mandate_id)
    if isinstance(done, Refusal):
        return ask(_question(card), done)
    return make_response(redirect(url_for("admin.person", person_id=card.person.id), code=303))


def _question(card: MandateCard) -> Question:
    one, back = card.mandate, url_for("admin.person", person_id=card.person.id)
    return Question(
        title=_("Withdraw the authority?"),
        text=_(
            "Withdraw only what was entered by mistake. What was done by it stays in the "
            "history. When a term has ended, set its last day instead."
        ),
        label=_("Withdraw the authority"),
        back=back,
        crumbs=_crumbs(card, _("Withdraw the authority")),
        facts=(
            Fact(_("Full name"), card.person.full_name),
            Fact(_("Role"), role_name(one.role)),
            Fact(_("Organisation"), card.organisation),
            Fact(_("Authority: term"), period(one.since, one.until)),
            Fact(_("Ground"), one.ground),
        ),
    )


def _crumbs(card: MandateCard, here: str) -> tuple[Link, ...]:
    return crumbs(
        Link(_("People"), url_for("admin.people")),
        Link(card.person.short_name, url_for("admin.person", person_id=card.person.id)),
        Link(here),
    )
