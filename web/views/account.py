"""A person's own account."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from web import auth
from web.access import signed_in
from web.actor import current_actor
from web.auth import Account, current_visitor
from web.components import Fact, Link, Mark, Notice
from web.current import _, now, services, settings, surroundings
from web.forms import FieldError
from web.refusals import tell
from web.views.login import PASSWORD_AT_MOST
from workflow.domain.refusals import N_, Refusal
from workflow.usecases.accounts import SHORTEST_PASSWORD
from workflow.usecases.change_password import change_password

pages = Blueprint("account", __name__)

CHANGE = N_("Change the password")
OLD, NEW, AGAIN = "old_password", "new_password", "new_password_again"
#: Refusals that belong to an input of the form.
FIELDS = {
    "password.wrong_old": OLD,
    "password.same": NEW,
    "account.password_short": NEW,
}


@pages.get("/account")
@signed_in
def page() -> str:
    """Show under which account one is signed in."""
    account = _account()
    second = N_("code from an application") if account.second_factor else N_("not set up")
    facts = (
        Fact(_(N_("Name")), account.name),
        Fact(_(N_("Login")), account.login),
        Fact(_(N_("Second factor")), _(second)),
    )
    changed = _(N_("The password is changed. Wherever else you were signed in, you are no more."))
    notice = Notice(changed, mark=Mark.DONE) if request.args.get("changed") == "1" else None
    return render_template("account.html", facts=facts, notice=notice)


@pages.get("/account/password")
@signed_in
def password() -> Response:
    """Ask for the old password and, twice, for the new one."""
    return _password_page()


@pages.post("/account/password")
@signed_in
def save_password() -> AnyResponse:
    """Change one's own password; the browser at hand stays signed in, all others do not."""
    old, new, again = (request.form.get(name, "")[:PASSWORD_AT_MOST] for name in (OLD, NEW, AGAIN))
    errors = _errors(old, new, again)
    if errors:
        return _password_page(errors)
    account_id = UUID(_account().id)
    done = change_password(services().work, current_actor(), account_id, old, new)
    if isinstance(done, Refusal):
        return _refused(done)
    account = services().accounts.get(str(done.id))
    assert account is not None  # it was saved just now
    auth.begin_session(services().accounts, account, now())
    return redirect(url_for("account.page", changed=1), code=303)


def _errors(old: str, new: str, again: str) -> tuple[FieldError, ...]:
    wrong = []
    if not old:
        wrong.append(FieldError(OLD, N_("Enter the password you have now.")))
    if not new:
        wrong.append(FieldError(NEW, N_("Enter the new password.")))
    elif new != again:
        wrong.append(FieldError(AGAIN, N_("The two new passwords differ. Type both anew.")))
    return tuple(wrong)


def _refused(refusal: Refusal) -> Response:
    if refusal.code not in FIELDS:
        return _password_page(refusal=refusal)
    told = tell(refusal, surroundings().words)
    text = " ".join(part for part in (told.what, told.todo) if part)
    return _password_page((FieldError(FIELDS[refusal.code], text),))


def _password_page(errors: tuple[FieldError, ...] = (), refusal: Refusal | None = None) -> Response:
    told = tell(refusal, surroundings().words, settings().zone) if refusal else None
    page = render_template(
        "account_password.html",
        crumbs=(Link(_(N_("My account")), url_for("account.page")), Link(_(CHANGE))),
        errors=errors,
        refused=told,
        login=_account().login,
        least=SHORTEST_PASSWORD,
        names={"old": OLD, "new": NEW, "again": AGAIN},
    )
    return make_response(page, 422 if errors else 409 if refusal else 200)


def _account() -> Account:
    visitor = current_visitor()
    assert visitor is not None  # the guard let nobody else in
    return visitor.account
