"""People: the list, the card, entering, changing, case forms of the name."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

from flask import Response, render_template, request, url_for

from web.access import OPERATOR, needs
from web.actor import current_actor
from web.buttons import Button
from web.components import Cell, Fact, Link, Mark, Notice, Table, Tag
from web.current import _, services
from web.form_page import FormPage, draw
from web.forms import entered_from
from web.views.admin import case_forms
from web.views.admin.accounts import account_table
from web.views.admin.blueprint import pages
from web.views.admin.layout import (
    Card,
    Section,
    Values,
    crumbs,
    digits,
    opens,
    page_mark,
    period,
    show,
    submitted,
    text,
)
from web.views.document_words import role_name
from workflow.domain.people import Gender, Person
from workflow.domain.refusals import N_, Refusal
from workflow.domain.regulations import Choice, FieldKind, FieldSpec
from workflow.queries.admin_people import (
    HeldMandate,
    PersonCard,
    PersonLine,
    PostLine,
    person_card,
    person_list,
)
from workflow.usecases import staff

SEARCH_AT_MOST = 100  # characters


@pages.get("/people")
@needs(OPERATOR)
def people() -> str:
    """List people, those entered last first, or those whose surname begins as asked."""
    surname = request.args.get("surname", "").strip()[:SEARCH_AT_MOST]
    found = person_list(services().work, current_actor(), surname, page_mark())
    table = Table(
        _("Found by the surname “{surname}”", surname=surname) if surname else _("All people"),
        (_("Full name"), _("Posts held")),
        tuple(_line(line) for line in found.lines),
        empty=_("Nobody was found. Check the surname."),
    )
    card = Card(
        title=_("People"),
        crumbs=crumbs(Link(_("People"))),
        buttons=(opens(N_("Add a person"), url_for("admin.new_person"), main=True),),
        sections=(Section(table),),
        next_url=url_for("admin.people", before=found.following) if found.following else "",
    )
    return render_template("admin/people.html", card=card, surname=surname)


def _line(line: PersonLine) -> tuple[Cell, ...]:
    posts = "; ".join(f"{post.employment.post}, {post.organisation}" for post in line.posts)
    url = url_for("admin.person", person_id=line.person.id)
    return Cell(line.person.full_name, url), Cell(posts or _("no post"))


@pages.get("/people/<uuid:person_id>")
@needs(OPERATOR)
def person(person_id: UUID) -> str:
    """Show the card of a person."""
    card = person_card(services().work, current_actor(), person_id)
    return show(
        Card(
            title=card.person.full_name,
            crumbs=crumbs(Link(_("People"), url_for("admin.people")), Link(card.person.short_name)),
            notices=_notices(card.person),
            facts=_facts(card.person),
            buttons=_buttons(card),
            sections=(
                Section(_posts(card.posts)),
                Section(_mandates(card.mandates)),
                Section(account_table(_("Accounts"), card.accounts)),
            ),
        )
    )


def _buttons(card: PersonCard) -> tuple[Button, ...]:
    """The next step first: a post, then an account."""
    who = card.person.id
    post = opens(N_("Add a post"), url_for("admin.new_post", person_id=who), main=not card.posts)
    account = opens(
        N_("Open an account"), url_for("admin.new_account", person_id=who), main=bool(card.posts)
    )
    change = opens(N_("Change the card"), url_for("admin.change_person", person_id=who))
    has_account = any(one.closed_at is None for one in card.accounts)
    return (post, *(() if has_account else (account,)), change, *_other_name(card))


def _other_name(card: PersonCard) -> tuple[Button, ...]:
    """The way to propose another name, from a post that is held."""
    held = [line.employment for line in card.posts if line.held][:1]
    return tuple(
        opens(N_("Propose another name or number"), url_for("staff.propose", employment_id=one.id))
        for one in held
    )


def _notices(one: Person) -> tuple[Notice, ...]:
    if one.snils or one.inn:
        return ()
    return (
        Notice(
            _(
                "A signature is compared with СНИЛС or ИНН: without them a signature of this "
                "person cannot be accepted."
            ),
            _("СНИЛС and ИНН are missing"),
            Mark.WAITING,
            Link(_("Fill them in"), url_for("admin.change_person", person_id=one.id)),
        ),
    )


def _facts(one: Person) -> tuple[Fact, ...]:
    forms = dict(one.forms)
    return (
        Fact(_("СНИЛС"), shown_snils(one.snils)),
        Fact(_("INN"), one.inn),
        Fact(_("E-mail"), one.email, url_for("admin.change_person", person_id=one.id)),
        Fact(
            _("Case forms"),
            "\n".join(forms[suffix] for suffix in case_forms.CASES if forms.get(suffix)),
            url_for("admin.person_forms", person_id=one.id),
        ),
    )


def shown_snils(snils: str) -> str:
    """Return «112-233-445 95»."""
    if len(snils) != 11:
        return snils
    return f"{snils[:3]}-{snils[3:6]}-{snils[6:9]} {snils[9:]}"


def _posts(posts: tuple[PostLine, ...]) -> Table:
    def cells(line: PostLine) -> tuple[Cell, ...]:
        post = line.employment
        return (
            Cell(post.post, url_for("admin.post", employment_id=post.id)),
            Cell(
                line.organisation,
                url_for("admin.organisation", organisation_id=post.organisation_id),
            ),
            Cell(period(post.since, post.until)),
            Cell(
                tag=Tag(_("Post: held now"), Mark.DONE)
                if line.held
                else Tag(_("Post: not held now"))
            ),
        )

    return Table(
        _("Posts held"),
        (_("Post"), _("Organisation"), _("Post: term"), _("State")),
        tuple(cells(line) for line in posts),
        empty=_("No post has been entered. Authorities and documents rest on a post."),
    )


def _mandates(held: tuple[HeldMandate, ...]) -> Table:
    def state(line: HeldMandate) -> Tag:
        if line.mandate.withdrawn_at:
            return Tag(_("Authority: withdrawn"))
        return (
            Tag(_("Authority: in force now"), Mark.DONE)
            if line.in_force
            else Tag(_("Authority: not in force now"))
        )

    def cells(line: HeldMandate) -> tuple[Cell, ...]:
        one = line.mandate
        withdraw = url_for("admin.withdraw_mandate", mandate_id=one.id)
        return (
            Cell(role_name(one.role), note=line.organisation),
            Cell(
                period(one.since, one.until),
                "" if one.withdrawn_at else url_for("admin.end_mandate", mandate_id=one.id),
            ),
            Cell(one.ground),
            Cell(tag=state(line)),
            Cell() if one.withdrawn_at else Cell(_("Withdraw the authority"), withdraw),
        )

    return Table(
        _("Authorities"),
        (_("Role"), _("Authority: term"), _("Ground"), _("State"), _("What to do with it")),
        tuple(cells(line) for line in held),
        empty=_("No authority has been entered. Open a post to add one."),
    )


@pages.route("/people/new", methods=["GET", "POST"])
@needs(OPERATOR)
def new_person() -> Response:
    """Ask for a new person and enter the card; the case forms are confirmed next."""
    page = FormPage(
        title=_("New person"),
        label=_("Go on to the case forms"),
        lead=_(
            "Copy name, СНИЛС and ИНН from the documents: a later change needs a second person."
        ),
        fields=_new_fields(),
        crumbs=crumbs(Link(_("People"), url_for("admin.people")), Link(_("New person"))),
    )
    if request.method == "GET":
        return draw(page, entered_from(page.fields, {}))

    def act(values: Values) -> Person | Refusal:
        new = staff.NewPerson(
            last=text(values, "last"),
            first=text(values, "first"),
            middle=text(values, "middle"),
            female=text(values, "gender") == Gender.FEMALE,
            snils=digits(values, "snils"),
            inn=digits(values, "inn"),
            email=text(values, "email"),
        )
        return staff.add_person(services().work, current_actor(), new)

    return submitted(page, act, lambda made: url_for("admin.person_forms", person_id=made.id))


def _new_fields() -> tuple[FieldSpec, ...]:
    genders = (Choice(Gender.FEMALE, _("Female")), Choice(Gender.MALE, _("Male")))
    line = FieldKind.TEXT
    return (
        FieldSpec("last", _("Surname"), line, required=True),
        FieldSpec("first", _("First name"), line, required=True),
        FieldSpec("middle", _("Patronymic"), line),
        FieldSpec("gender", _("Gender"), FieldKind.CHOICE, required=True, choices=genders),
        *_identifiers(),
        FieldSpec("email", _("E-mail"), line),
    )


def _identifiers() -> tuple[FieldSpec, FieldSpec]:
    return (
        FieldSpec("snils", _("СНИЛС"), FieldKind.TEXT, hint=_("Eleven digits")),
        FieldSpec("inn", _("INN"), FieldKind.TEXT, hint=_("Twelve digits")),
    )


@pages.route("/people/<uuid:person_id>/change", methods=["GET", "POST"])
@needs(OPERATOR)
def change_person(person_id: UUID) -> Response:
    """Ask for what may still change: the e-mail, and identifiers that are empty."""
    before = person_card(services().work, current_actor(), person_id).person
    missing = tuple(spec for spec in _identifiers() if not getattr(before, spec.key))
    page = FormPage(
        title=_("Change the card"),
        above=before.full_name,
        label=_("Save"),
        lead=_(
            "Signatures are compared with name, СНИЛС and ИНН. A change is proposed on the "
            "worker's card and confirmed by a second person."
        ),
        fields=(*missing, FieldSpec("email", _("E-mail"), FieldKind.TEXT)),
        crumbs=_crumbs(before, _("Change the card")),
    )
    if request.method == "GET":
        return draw(page, entered_from(page.fields, {"email": before.email}))

    def act(values: Values) -> Person | Refusal:
        after = replace(
            before,
            snils=before.snils or digits(values, "snils"),
            inn=before.inn or digits(values, "inn"),
            email=text(values, "email"),
        )
        return staff.change_person(services().work, current_actor(), after)

    return submitted(page, act, lambda saved: url_for("admin.person", person_id=saved.id))


@pages.route("/people/<uuid:person_id>/forms", methods=["GET", "POST"])
@needs(OPERATOR)
def person_forms(person_id: UUID) -> Response:
    """Show the case forms of the name; a person corrects and confirms them."""
    before = person_card(services().work, current_actor(), person_id).person
    proposed = services().work.assembler.propose_person(
        before.last, before.first, before.middle, before.gender is Gender.FEMALE
    )
    page = FormPage(
        title=_("Case forms of the name"),
        above=before.full_name,
        label=_("Confirm the forms"),
        lead=case_forms.lead(proposed),
        fields=case_forms.form_fields(),
        crumbs=_crumbs(before, _("Case forms")),
    )
    if request.method == "GET":
        return draw(page, entered_from(page.fields, case_forms.as_entered(before.forms, proposed)))

    def act(values: Values) -> Person | Refusal:
        after = replace(before, forms=case_forms.as_stored(values), forms_confirmed=True)
        return staff.change_person(services().work, current_actor(), after)

    return submitted(page, act, lambda saved: url_for("admin.person", person_id=saved.id))


def _crumbs(one: Person, here: str) -> tuple[Link, ...]:
    return crumbs(
        Link(_("People"), url_for("admin.people")),
        Link(one.short_name, url_for("admin.person", person_id=one.id)),
        Link(here),
    )
