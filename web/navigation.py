"""The main navigation: who sees which part of the site."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from flask import current_app, g, request, url_for

from web.access import stated_access
from web.auth import Account, current_visitor
from web.current import services
from workflow.domain.pairs import ASSIGNMENT
from workflow.domain.refusals import N_


@dataclass(frozen=True)
class Place:
    """A part of the site: its name (msgid) and the endpoint it begins with.

    `also` are other blueprints whose pages belong to it. With `only_if` it is shown to visitors
    of whose account that is true, besides their roles.
    """

    label: str
    endpoint: str
    also: tuple[str, ...] = ()
    only_if: Callable[[Account], bool] = lambda _account: True


@dataclass(frozen=True)
class NavigationLink:
    label: str
    url: str
    here: bool


def works_with_pairs(account: Account) -> bool:
    """Whether the regulation of one of the visitor's organisations knows mentor pairs."""
    packs = (services().work.packs.newest(name) for name in account.regulations)
    return any(ASSIGNMENT in regulation.case_kinds for regulation in packs)


PLACES: tuple[Place, ...] = (
    Place(N_("What waits for me"), "inbox.page", ("reminders", "sign_many")),
    Place(
        N_("Programmes"),
        "cases.programmes",
        ("documents", "facts", "visas", "existing_documents"),
    ),
    Place(N_("My pairs"), "my_pairs.index", only_if=lambda account: account.in_pairs),
    Place(N_("Mentor pairs"), "pairs.index", only_if=works_with_pairs),
    Place(N_("Tasks set by the office"), "tasks.index", ("office", "existing")),
    Place(N_("Packages"), "submissions.index"),
    Place(N_("Journals"), "registers.index", ("register_rows",)),
    Place(N_("Paper and electronic originals"), "paperwork.index"),
    Place(N_("Powers of attorney"), "powers.index"),
    Place(N_("Workers"), "staff.index"),
    Place(N_("Set-up"), "admin.page"),
    Place(N_("My account"), "account.page"),
)


def navigation() -> tuple[NavigationLink, ...]:
    """Return the links of those parts that the visitor may use; none for a stranger."""
    visitor = current_visitor()
    if visitor is None:
        return ()
    return tuple(
        NavigationLink(place.label, url_for(place.endpoint), _is_here(place))
        for place in PLACES
        if (access := stated_access(current_app.view_functions[place.endpoint])) is not None
        and access.allows(visitor.account)
        and place.only_if(visitor.account)
    )


def stand_in(endpoint: str) -> None:
    """Say in which part of the site the page stands, where its address alone does not tell."""
    g.place = endpoint.partition(".")[0]


def _is_here(place: Place) -> bool:
    here = g.get("place") or (request.endpoint or "").partition(".")[0]
    return here in (place.endpoint.partition(".")[0], *place.also)
