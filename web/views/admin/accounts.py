"""Accounts: opened with a password made here, given anew, closed."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from uuid import UUID

from flask import Response, make_response, redirect, render_template, request, url_for
from markupsafe import Markup

from web.access import OPERATOR, needs
from web.actor import current_actor
from web.buttons import Button
from web.components import Cell, Fact, Link, Mark, Table, Tag
from web.current import _, services, settings
from web.dates import moment
from web.form_page import FormPage, draw, read_fields
from web.forms import entered_from
from web.second_factor import provisioning_uri, qr_picture, typed_secret
from web.views.admin.blueprint import pages
from web.views.admin.layout import (
    Card,
    Question,
    Section,
    ask,
    crumbs,
    opens,
    page_mark,
    show,
    text,
)
from workflow.domain.refusals import N_, Refusal
from workflow.domain.regulations import FieldKind, FieldSpec
from workflow.queries.admin_people import AccountLine, account_card, account_list, person_card
from workflow.usecases.accounts import NewAccount, close_account, open_account, reset_password

#: 24 letters and digits without those that look alike: 118 bits, and readable aloud.
ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"
GROUPS, GROUP = 6, 4


@pages.get("/accounts")
@needs(OPERATOR)
def accounts() -> str:
    """List all accounts, the newest first."""
    found = account_list(services().work, current_actor(), page_mark())
    return show(
        Card(
            title=_("Accounts"),
            lead=_("An account is opened on a person's card."),
            crumbs=crumbs(Link(_("Accounts"))),
            buttons=(opens(N_("Find a person"), url_for("admin.people")),),
            sections=(Section(account_table(_("All accounts"), found.lines)),),
            next_url=url_for("admin.accounts", before=found.following) if found.following else "",
        )
    )


def account_table(caption: str, lines: Sequence[AccountLine]) -> Table:
    """Return accounts as a table with their states."""
    return Table(
        caption,
        (_("Login"), _("Account holder"), _("State")),
        tuple(
            (
                Cell(line.login, url_for("admin.account", account_id=line.id)),
                Cell(line.name, url_for("admin.person", person_id=line.person_id)),
                Cell(tag=_state(line), note=_("operator") if line.operator else ""),
            )
            for line in lines
        ),
        empty=_("There is no account: this person cannot sign in."),
    )


def _state(line: AccountLine) -> Tag:
    if line.closed_at:
        return Tag(_("Account: closed"))
    if line.locked_until:
        return Tag(_("Account: locked for a while"), Mark.WAITING)
    return Tag(_("Account: open"), Mark.DONE)


@pages.get("/accounts/<uuid:account_id>")
@needs(OPERATOR)
def account(account_id: UUID) -> str:
    """Show an account and what can be done with it."""
    line = account_card(services().work, current_actor(), account_id)
    zone = settings().zone
    facts = [Fact(_("Account holder"), line.name), Fact(_("Login"), line.login)]
    if line.locked_until:
        facts.append(Fact(_("Locked until"), moment(line.locked_until, zone)))
    if line.closed_at:
        facts.append(Fact(_("Closed at"), moment(line.closed_at, zone)))
    return show(
        Card(
            title=line.login,
            above=line.name,
            tag=_state(line),
            crumbs=_crumbs(Link(line.login)),
            facts=tuple(facts),
            buttons=() if line.closed_at else _buttons(account_id),
        )
    )


def _buttons(account_id: UUID) -> tuple[Button, ...]:
    reset = url_for("admin.reset_account", account_id=account_id)
    shut = url_for("admin.shut_account", account_id=account_id)
    return (
        opens(N_("Give a new password"), reset, main=True),
        opens(N_("Close the account"), shut, grave=True),
    )


@pages.route("/people/<uuid:person_id>/account/new", methods=["GET", "POST"])
@needs(OPERATOR)
def new_account(person_id: UUID) -> Response:
    """Ask for a login; then show the password and the second factor, once."""
    who = person_card(services().work, current_actor(), person_id).person
    page = FormPage(
        title=_("New account"),
        above=who.full_name,
        label=_("Open the account"),
        lead=_("The password is made by the system and shown once, on the next page."),
        fields=(
            FieldSpec(
                "login",
                _("Login"),
                FieldKind.TEXT,
                required=True,
                hint=_("For example, the surname in Latin letters"),
            ),
        ),
        crumbs=crumbs(
            Link(_("People"), url_for("admin.people")),
            Link(who.short_name, url_for("admin.person", person_id=person_id)),
            Link(_("New account")),
        ),
    )
    if request.method == "GET":
        return draw(page, entered_from(page.fields, {}))
    reading = read_fields(page)
    if reading.errors:
        return draw(page, request.form, reading.errors)
    password = made_password()
    login = text(reading.values, "login")
    made = open_account(services().work, current_actor(), person_id, login, password)
    if isinstance(made, Refusal):
        return draw(page, request.form, refusal=made)
    return _shown_once(made, password, who.full_name)


@pages.get("/accounts/<uuid:account_id>/reset")
@needs(OPERATOR)
def reset_account(account_id: UUID) -> Response:
    """Ask once more before password and second factor are given anew."""
    return ask(_reset_question(account_card(services().work, current_actor(), account_id)))


@pages.post("/accounts/<uuid:account_id>/reset")
@needs(OPERATOR)
def do_reset_account(account_id: UUID) -> Response:
    """Give a new password and second factor, and show them once."""
    line = account_card(services().work, current_actor(), account_id)
    password = made_password()
    made = reset_password(services().work, current_actor(), account_id, password)
    if isinstance(made, Refusal):
        return ask(_reset_question(line), made)
    return _shown_once(made, password, line.name)


@pages.get("/accounts/<uuid:account_id>/close")
@needs(OPERATOR)
def shut_account(account_id: UUID) -> Response:
    """Ask once more before an account is closed."""
    return ask(_close_question(account_card(services().work, current_actor(), account_id)))


@pages.post("/accounts/<uuid:account_id>/close")
@needs(OPERATOR)
def do_shut_account(account_id: UUID) -> Response:
    """Close an account: sessions end, documents stay."""
    line = account_card(services().work, current_actor(), account_id)
    done = close_account(services().work, current_actor(), account_id)
    if isinstance(done, Refusal):
        return ask(_close_question(line), done)
    return make_response(redirect(url_for("admin.account", account_id=account_id), code=303))


def made_password() -> str:
    """Return a password that nobody can guess and anybody can type."""
    letters = [secrets.choice(ALPHABET) for _each in range(GROUPS * GROUP)]
    return "-".join("".join(letters[i : i + GROUP]) for i in range(0, len(letters), GROUP))


def _shown_once(made: NewAccount, password: str, name: str) -> Response:
    """Answer the secrets at once: after a redirect they would have to be kept somewhere."""
    login = made.account.login
    address = provisioning_uri(made.second_factor, login, _("Marshrut"))
    page = render_template(
        "admin/secrets.html",
        name=name,
        login=login,
        password=password,
        secret=typed_secret(made.second_factor),
        picture=Markup(qr_picture(address)),  # noqa: S704 - drawn by segno from our own address
        sign_in=url_for("login.password", _external=True),
        crumbs=_crumbs(Link(login)),
        back=url_for("admin.person", person_id=made.account.person_id),
    )
    return make_response(page)


def _reset_question(line: AccountLine) -> Question:
    return Question(
        title=_("Give a new password?"),
        text=_("The old password and the old codes stop working at once; sessions end."),
        label=_("Give a new password"),
        back=url_for("admin.account", account_id=line.id),
        crumbs=_line_crumbs(line, _("Give a new password")),
        facts=(Fact(_("Account holder"), line.name), Fact(_("Login"), line.login)),
        grave=False,
    )


def _close_question(line: AccountLine) -> Question:
    return Question(
        title=_("Close the account?"),
        text=_("The person can no longer sign in. Documents and signatures stay."),
        label=_("Close the account"),
        back=url_for("admin.account", account_id=line.id),
        crumbs=_line_crumbs(line, _("Close the account")),
        facts=(Fact(_("Account holder"), line.name), Fact(_("Login"), line.login)),
    )


def _crumbs(*links: Link) -> tuple[Link, ...]:
    return crumbs(Link(_("Accounts"), url_for("admin.accounts")), *links)


def _line_crumbs(line: AccountLine, here: str) -> tuple[Link, ...]:
    return _crumbs(Link(line.login, url_for("admin.account", account_id=line.id)), Link(here))
