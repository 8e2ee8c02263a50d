"""A person's own account."""

from __future__ import annotations

from flask import Blueprint, render_template

from web.access import signed_in
from web.auth import current_visitor
from web.components import Fact
from web.current import _
from workflow.domain.refusals import N_

pages = Blueprint("account", __name__)


@pages.get("/account")
@signed_in
def page() -> str:
    """Show under which account one is signed in."""
    visitor = current_visitor()
    assert visitor is not None  # the guard let nobody else in
    account = visitor.account
    second = N_("code from an application") if account.second_factor else N_("not set up")
    facts = (
        Fact(_(N_("Name")), account.name),
        Fact(_(N_("Login")), account.login),
        Fact(_(N_("Second factor")), _(second)),
    )
    return render_template("account.html", facts=facts)
