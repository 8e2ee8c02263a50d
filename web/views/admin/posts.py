"""Posts: entering one, its case forms, its last day."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

from flask import Response, request, url_for

from web.access import OPERATOR, needs
from web.actor import current_actor
from web.components import Fact, Link, Mark, Tag
from web.current import _, services, today
from web.form_page import FormPage, draw
from web.forms import entered_from
from web.views.admin import case_forms
from web.views.admin.blueprint import pages
from web.views.admin.layout import (
    Card,
    Values,
    crumbs,
    day,
    identity,
    opens,
    period,
    show,
    submitted,
    text,
)
from workflow.domain.people import Employment, Person
from workflow.domain.refusals import N_, Refusal
from workflow.domain.regulations import Choice, FieldKind, FieldSpec
from workflow.queries.admin import organisation_choices
from workflow.queries.admin_people import person_card, post_card
from workflow.usecases import staff


@pages.route("/people/<uuid:person_id>/posts/new", methods=["GET", "POST"])
@needs(OPERATOR)
def new_post(person_id: UUID) -> Response:
    """Ask for a post; its case forms are confirmed next."""
    who = person_card(services().work, current_actor(), person_id).person
    places = organisation_choices(services().work, current_actor())
    page = FormPage(
        title=_("New post"),
        above=who.full_name,
        label=_("Go on to the case forms"),
        fields=(
            FieldSpec("organisation", _("Organisation"), FieldKind.PERSON, required=True),
            FieldSpec(
                "post",
                _("Post"),
                FieldKind.TEXT,
                required=True,
                hint=_("In lower case, as in the staff list"),
            ),
            FieldSpec("since", _("Holds it since"), FieldKind.DATE, required=True),
            FieldSpec("until", _("Holds it until"), FieldKind.DATE),
        ),
        crumbs=_crumbs(who, Link(_("New post"))),
        options={"organisation": tuple(Choice(str(one.id), one.name) for one in places)},
    )
    if request.method == "GET":
        return draw(page, entered_from(page.fields, {"since": today()}))

    def act(values: Values) -> Employment | Refusal:
        organisation_id, since = identity(values, "organisation"), day(values, "since")
        assert organisation_id is not None  # both fields
        assert since is not None  # are required
        new = staff.NewEmployment(
            person_id, organisation_id, text(values, "post"), since, day(values, "until")
        )
        return staff.employ(services().work, current_actor(), new)

    return submitted(page, act, lambda made: url_for("admin.post_forms", employment_id=made.id))


@pages.get("/posts/<uuid:employment_id>")
@needs(OPERATOR)
def post(employment_id: UUID) -> str:
    """Show a post and what can be done with it."""
    card = post_card(services().work, current_actor(), employment_id)
    one = card.employment
    forms = dict(one.forms)
    end_url = url_for("admin.end_post", employment_id=employment_id)
    mandate_url = url_for("admin.new_mandate", employment_id=employment_id)
    return show(
        Card(
            title=one.post,
            above=card.person.full_name,
            lead=card.organisation,
            tag=Tag(_("Post: held now"), Mark.DONE)
            if one.held_on(card.today)
            else Tag(_("Post: not held now")),
            crumbs=_crumbs(card.person, Link(one.post)),
            facts=(
                Fact(
                    _("Post: term"),
                    period(one.since, one.until),
                    end_url,
                ),
                Fact(
                    _("Case forms"),
                    "\n".join(forms[suffix] for suffix in case_forms.CASES if forms.get(suffix)),
                    url_for("admin.post_forms", employment_id=employment_id),
                ),
            ),
            buttons=(
                opens(
                    N_("Add an authority"),
                    mandate_url,
                    main=True,
                ),
            ),
        )
    )


@pages.route("/posts/<uuid:employment_id>/end", methods=["GET", "POST"])
@needs(OPERATOR)
def end_post(employment_id: UUID) -> Response:
    """Ask for the last day of a post."""
    card = post_card(services().work, current_actor(), employment_id)
    before = card.employment
    page = FormPage(
        title=_("Last day of the post"),
        above=f"{card.person.full_name}, {before.post}",
        label=_("Save"),
        lead=_("Authorities that rest on the post are withdrawn apart."),
        fields=(
            FieldSpec(
                "until", _("Holds it until"), FieldKind.DATE, hint=_("Empty: the post goes on")
            ),
        ),
        crumbs=_post_crumbs(card.person, before, _("Last day of the post")),
    )
    if request.method == "GET":
        return draw(page, entered_from(page.fields, {"until": before.until}))

    def act(values: Values) -> Employment | Refusal:
        after = replace(before, until=day(values, "until"))
        return staff.change_employment(services().work, current_actor(), after)

    return submitted(page, act, lambda saved: url_for("admin.post", employment_id=saved.id))


@pages.route("/posts/<uuid:employment_id>/forms", methods=["GET", "POST"])
@needs(OPERATOR)
def post_forms(employment_id: UUID) -> Response:
    """Show the case forms of a post; a person corrects and confirms them."""
    card = post_card(services().work, current_actor(), employment_id)
    before = card.employment
    proposed = services().work.assembler.propose_phrase(before.post)
    page = FormPage(
        title=_("Case forms of the post"),
        above=before.post,
        label=_("Confirm the forms"),
        lead=case_forms.lead(proposed),
        fields=case_forms.form_fields(),
        crumbs=_post_crumbs(card.person, before, _("Case forms")),
    )
    if request.method == "GET":
        return draw(page, entered_from(page.fields, case_forms.as_entered(before.forms, proposed)))

    def act(values: Values) -> Employment | Refusal:
        after = replace(before, forms=case_forms.as_stored(values), forms_confirmed=True)
        return staff.change_employment(services().work, current_actor(), after)

    return submitted(page, act, lambda saved: url_for("admin.post", employment_id=saved.id))


def _crumbs(who: Person, *links: Link) -> tuple[Link, ...]:
    return crumbs(
        Link(_("People"), url_for("admin.people")),
        Link(who.short_name, url_for("admin.person", person_id=who.id)),
        *links,
    )


def _post_crumbs(who: Person, one: Employment, here: str) -> tuple[Link, ...]:
    return _crumbs(who, Link(one.post, url_for("admin.post", employment_id=one.id)), Link(here))
