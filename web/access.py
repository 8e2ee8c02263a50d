"""Who may use a view: stated beside each one, enforced in one place, closed by default."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from flask import Flask, Response, abort, current_app, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from web.auth import Account, current_visitor, local_target

View = TypeVar("View", bound=Callable[..., Any])  # views take what their address holds

OPERATOR = "operator"  # runs the installation; not a mandate of an organisation


@dataclass(frozen=True)
class Access:
    """Who may use a view: anybody, whoever is signed in, or holders of one of `roles`."""

    anybody: bool = False
    roles: frozenset[str] = frozenset()

    def allows(self, account: Account | None) -> bool:
        if self.anybody:
            return True
        return account is not None and (not self.roles or bool(self.roles & account.roles))


def public(view: View) -> View:
    """Anybody may use this view."""
    return _state(view, Access(anybody=True))


def signed_in(view: View) -> View:
    """Whoever is signed in may use this view; what it shows is scoped by its query."""
    return _state(view, Access())


def needs(*roles: str) -> Callable[[View], View]:
    """Only holders of one of `roles` may use this view; to others it does not exist."""
    if not roles:
        raise ValueError("name a role, or use signed_in")
    return lambda view: _state(view, Access(roles=frozenset(roles)))


def stated_access(view: Callable[..., Any]) -> Access | None:
    """Return what was stated beside `view`, None when nothing was."""
    return getattr(view, "stated_access", None)


def _state(view: View, access: Access) -> View:
    view.stated_access = access  # type: ignore[attr-defined]  # read by `guard`
    return view


def guard_views(app: Flask) -> None:
    """Refuse every request whose view does not allow it."""
    app.before_request(_guard)


def _guard() -> AnyResponse | None:
    if request.endpoint is None:
        return None
    access = stated_access(current_app.view_functions[request.endpoint])
    if access is not None and access.anybody:
        return None  # without asking the database who it is
    visitor = current_visitor()
    account = visitor.account if visitor else None
    if access is not None and access.allows(account):
        return None
    if access is None or account is not None:
        abort(404)  # what one may not see is not there
    return _ask_to_sign_in()


def _ask_to_sign_in() -> AnyResponse:
    if request.path.startswith("/api/"):
        abort(401)
    come_back = local_target(request.full_path.rstrip("?")) if request.method == "GET" else ""
    address = url_for("login.password", next=come_back or None)
    if request.headers.get("HX-Request"):
        return Response(status=401, headers={"HX-Redirect": url_for("login.password")})
    return redirect(address, code=303)
