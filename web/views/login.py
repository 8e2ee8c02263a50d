"""Signing in, in two steps, and out."""

from __future__ import annotations

from datetime import datetime

from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from web import auth, current
from web.access import public, signed_in
from web.auth import Account
from web.dates import moment
from web.forms import FieldError
from workflow.domain.refusals import N_

pages = Blueprint("login", __name__)

LOGIN_AT_MOST = 200  # characters
PASSWORD_AT_MOST = 1000  # characters: argon2 need not chew on megabytes
WRONG_PASSWORD = N_("The login or the password is wrong. Check both and the keyboard layout.")
WRONG_CODE = N_("The code is wrong or was used already. Wait for the next one and enter it.")


@pages.get("/login")
@public
def password() -> AnyResponse:
    """Ask for login and password."""
    target = auth.local_target(request.args.get("next", ""))
    if auth.current_visitor() is not None:
        return redirect(target or url_for("start.page"), code=303)
    return _password_page(target=target, late=request.args.get("late") == "1")


@pages.post("/login")
@public
def check_password() -> AnyResponse:
    """Check login and password; go on to the code where the account has one."""
    accounts, now = current.services().accounts, current.now()
    login = request.form.get("login", "").strip()[:LOGIN_AT_MOST]
    secret = request.form.get("password", "")[:PASSWORD_AT_MOST]
    target = auth.local_target(request.form.get("next", ""))
    empty = _empty_fields(login, secret)
    if empty:
        return _password_page(login, target, empty, status=422)
    if until := accounts.locked_until(login, _address(), now):
        return _locked_page(until, now)
    account = accounts.find(login)
    is_right = accounts.check_password(account, secret)
    if account is None or account.closed or not is_right:
        accounts.record_failure(login, _address(), now)
        return _password_page(login, target, (FieldError("login", WRONG_PASSWORD),), status=422)
    if account.second_factor:
        auth.await_second_factor(account, target, now)
        return redirect(url_for("login.code"), code=303)
    return _begin(account, target, now)


@pages.get("/login/code")
@public
def code() -> AnyResponse:
    """Ask for the second factor."""
    if auth.awaited_account(current.services().accounts, current.now()) is None:
        return redirect(url_for("login.password", late="1"), code=303)
    return _code_page()


@pages.post("/login/code")
@public
def check_code() -> AnyResponse:
    """Check the second factor and begin the session."""
    accounts, now = current.services().accounts, current.now()
    awaited = auth.awaited_account(accounts, now)
    if awaited is None:
        return redirect(url_for("login.password", late="1"), code=303)
    account, target = awaited
    if until := accounts.locked_until(account.login, _address(), now):
        return _locked_page(until, now)
    if not accounts.check_second_factor(account, request.form.get("code", "")[:20], now):
        accounts.record_failure(account.login, _address(), now)
        return _code_page((FieldError("code", WRONG_CODE),), status=422)
    return _begin(account, target, now)


@pages.post("/logout")
@signed_in
def logout() -> AnyResponse:
    """End the session on the server and in the browser."""
    auth.finish_session(current.services().accounts)
    response = redirect(url_for("login.signed_out"), code=303)
    response.headers["Clear-Site-Data"] = '"cache", "storage"'
    return response


@pages.get("/logout/done")
@public
def signed_out() -> str:
    """Say that the session has ended."""
    return render_template("login/signed_out.html")


def _begin(account: Account, target: str, now: datetime) -> AnyResponse:
    accounts = current.services().accounts
    accounts.record_success(account, _address(), now)
    auth.begin_session(accounts, account, now)
    return redirect(target or url_for("start.page"), code=303)


def _empty_fields(login: str, secret: str) -> tuple[FieldError, ...]:
    wrong = []
    if not login:
        wrong.append(FieldError("login", N_("Enter your login.")))
    if not secret:
        wrong.append(FieldError("password", N_("Enter your password.")))
    return tuple(wrong)


def _password_page(
    login: str = "",
    target: str = "",
    errors: tuple[FieldError, ...] = (),
    status: int = 200,
    late: bool = False,
) -> Response:
    page = render_template(
        "login/password.html", login=login, target=target, errors=errors, late=late
    )
    return make_response(page, status)


def _code_page(errors: tuple[FieldError, ...] = (), status: int = 200) -> Response:
    return make_response(render_template("login/code.html", errors=errors), status)


def _locked_page(until: datetime, now: datetime) -> Response:
    shown = moment(until, current.settings().zone)
    response = make_response(render_template("login/locked.html", until=shown), 429)
    response.headers["Retry-After"] = str(max(1, round((until - now).total_seconds())))
    return response


def _address() -> str:
    return request.remote_addr or ""
