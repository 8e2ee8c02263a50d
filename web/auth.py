"""Who is signed in: accounts, the session and its end.

The session cookie is signed and names an account, the account's version and a session id that
the server knows. A closed account, a changed password or role (a new version), a logout (the
session id is ended) and time (idle or altogether) each end it, on the server.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol, cast
from uuid import UUID

import flask_login
from flask import Flask, session

SEEN_EVERY = timedelta(minutes=1)  # a cookie is not written anew with every page
PENDING_FOR = timedelta(minutes=5)  # between the password and the second factor
NOBODY = UUID(int=0)  # no person has this id, so nothing is shown for it


@dataclass(frozen=True)
class Account:
    """Somebody who may sign in.

    `version` grows with each change that must end running sessions (password, second factor,
    roles, closing). `roles` are mandates held now in any organisation, and `operator`.
    `second_factor` is true when a code must be entered after the password; `person_id` is the
    human whose account it is; `regulations` are the packs of the organisations of the mandates;
    `in_pairs` says that a mentor pair names the person.
    """

    id: str
    login: str
    name: str
    version: int
    roles: frozenset[str] = frozenset()
    closed: bool = False
    second_factor: bool = False
    person_id: UUID = NOBODY
    regulations: frozenset[str] = frozenset()
    in_pairs: bool = False


class Accounts(Protocol):
    """What signing in asks of the accounts. Moments are UTC; `address` is the client's IP."""

    def find(self, login: str) -> Account | None:
        """Return the account with this login, in any letter case."""

    def get(self, account_id: str) -> Account | None: ...

    def check_password(self, account: Account | None, password: str) -> bool:
        """Say whether the password is right; takes as long when there is no account."""

    def check_second_factor(self, account: Account, code: str, now: datetime) -> bool:
        """Say whether the code is right now; a code counts once."""

    def record_failure(self, login: str, address: str, now: datetime) -> None: ...

    def record_success(self, account: Account, address: str, now: datetime) -> None: ...

    def locked_until(self, login: str, address: str, now: datetime) -> datetime | None:
        """Return when the next attempt is allowed, None when it is allowed now."""

    def open_session(self, account: Account, now: datetime) -> str:
        """Remember a new session and return its unguessable id."""

    def session_is_open(self, session_id: str) -> bool: ...

    def end_session(self, session_id: str) -> None: ...


@dataclass(frozen=True)
class Visitor:
    """The signed-in person, as flask-login knows one."""

    account: Account
    session_id: str
    is_authenticated: bool = True
    is_active: bool = True
    is_anonymous: bool = False

    def get_id(self) -> str:
        return f"{self.account.version}:{self.session_id}:{self.account.id}"


@dataclass(frozen=True)
class Lifetime:
    """How long a session lives: without a request, and altogether."""

    idle: timedelta
    longest: timedelta


def current_visitor() -> Visitor | None:
    """Return who is signed in, None for a stranger."""
    user = flask_login.current_user
    return cast(Visitor, user._get_current_object()) if user.is_authenticated else None


def begin_session(accounts: Accounts, account: Account, now: datetime) -> None:
    """Sign `account` in with a new session: nothing of the stranger's one is kept."""
    session.clear()
    session["opened_at"] = session["seen_at"] = now.timestamp()
    flask_login.login_user(Visitor(account, accounts.open_session(account, now)))


def finish_session(accounts: Accounts) -> None:
    """Sign out: the session ends on the server as well as in the browser."""
    visitor = current_visitor()
    if visitor is not None:
        accounts.end_session(visitor.session_id)
    flask_login.logout_user()
    session.clear()


def await_second_factor(account: Account, target: str, now: datetime) -> None:
    """Remember that the password of `account` was right and its code is awaited."""
    session.clear()
    session["pending"] = [account.id, account.version, now.timestamp(), target]


def awaited_account(accounts: Accounts, now: datetime) -> tuple[Account, str] | None:
    """Return the account whose code is awaited and where it goes then; None when too late."""
    pending = session.get("pending")
    if pending is None:
        return None
    account_id, version, since, target = pending
    account = accounts.get(account_id)
    in_time = 0 <= now.timestamp() - since <= PENDING_FOR.total_seconds()
    if not in_time or account is None or account.closed or account.version != version:
        return None
    return account, target


def local_target(address: str) -> str:
    """Return `address` when it is a path of this site, otherwise an empty string."""
    is_path = address.startswith("/") and not address.startswith("//")
    # Browsers read a backslash as a slash, and leave tabs and line ends out.
    return address if is_path and "\\" not in address and address.isprintable() else ""


def _load(accounts: Accounts, lifetime: Lifetime, now: datetime, user_id: str) -> Visitor | None:
    version, session_id, account_id = user_id.split(":", 2)
    if not _is_alive(lifetime, now) or not accounts.session_is_open(session_id):
        return None
    account = accounts.get(account_id)
    if account is None or account.closed or str(account.version) != version:
        return None
    if now.timestamp() - session["seen_at"] > SEEN_EVERY.total_seconds():
        session["seen_at"] = now.timestamp()
    return Visitor(account, session_id)


def _is_alive(lifetime: Lifetime, now: datetime) -> bool:
    seen: float | None = session.get("seen_at")
    opened: float | None = session.get("opened_at")
    if seen is None or opened is None:
        return False
    idle, whole = now.timestamp() - seen, now.timestamp() - opened
    return idle <= lifetime.idle.total_seconds() and whole <= lifetime.longest.total_seconds()


def guard_sessions(
    app: Flask, accounts: Callable[[], Accounts], now: Callable[[], datetime], lifetime: Lifetime
) -> None:
    """Let `app` know who is signed in; accounts and moment are asked for with each request."""
    logins = flask_login.LoginManager()
    logins.session_protection = None  # the session is bound to an account version instead
    logins.user_loader(lambda user_id: _load(accounts(), lifetime, now(), user_id))
    # No context processor: an error page must not ask the database who is signed in.
    logins.init_app(app, add_context_processor=False)
