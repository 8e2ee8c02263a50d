"""Who may be played in a training installation: logins, passwords, the codes of this moment.

Registered in training installations alone, and the query refuses in any other.
"""

from __future__ import annotations

from collections.abc import Sequence

from flask import Blueprint, render_template

from web.access import public
from web.components import Cell, Fact, Table
from web.current import _, now, services
from web.second_factor import STEP, code_at
from workflow.domain.refusals import N_
from workflow.queries.training_accounts import TrainingAccount, training_logins

pages = Blueprint("training", __name__)


pages = Blueprint("training", __name__)


@pages.get("/training")
@public
def page() -> str:
    """List the accounts by organisation with the codes of this half-minute."""
    known = training_logins(services().work)
    names = dict.fromkeys(a.organisation for a in known.accounts)
    return render_template(
        "training.html",
        tables=[
            _table(name, [a for a in known.accounts if a.organisation == name]) for name in names
        ],
        facts=(
            Fact(_(N_("Password of everybody")), known.password),
            Fact(_(N_("Password of the signing keys")), known.key_password),
        ),
        seconds=STEP - int(now().timestamp()) % STEP,
    )


def _table(organisation: str, accounts: Sequence[TrainingAccount]) -> Table:
    return Table(
        caption=organisation or _(N_("The installation")),
        columns=(_(N_("Login")), _(N_("Code now")), _(N_("Name")), _(N_("Post"))),
        rows=tuple(
            (Cell(a.login), Cell(_code(a)), Cell(a.name), Cell(a.post or _(N_("operator"))))
            for a in accounts
        ),
    )


def _code(account: TrainingAccount) -> str:
    code = code_at(account.secret, now())
    return f"{code[:3]} {code[3:]}"
