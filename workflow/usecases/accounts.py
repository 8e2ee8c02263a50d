"""Accounts: made by the operator, used to sign in; failures are counted and slow the next try."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from workflow.domain.accounts import Account, Session
from workflow.domain.administration import may_administer
from workflow.domain.mandates import Actor
from workflow.domain.refusals import N_, Refusal
from workflow.store.audit import INSTALLATION
from workflow.store.errors import MissingRowError
from workflow.store.unit_of_work import Transaction
from workflow.usecases import desk as desks
from workflow.usecases.agreements import suspend_agreements
from workflow.usecases.errors import NotFoundError
from workflow.usecases.services import Services

SHORTEST_PASSWORD = 10
FREE_ATTEMPTS = 5
_FIRST_LOCK = timedelta(seconds=30)
_LONGEST_LOCK = timedelta(hours=1)
_PURPOSE = "totp"


@dataclass(frozen=True)
class NewAccount:
    """An account and the secret of its second factor (bytes, shown once)."""

    account: Account
    second_factor: bytes


def open_account(
    services: Services, actor: Actor, person_id: UUID, login: str, password: str
) -> NewAccount | Refusal:
    """Make an account for a person, with a second factor.

    The operator knows its first password, so simple signatures need a new agreement after it.
    """
    with services.uow() as tx:
        known = desks.actor_of(tx, actor.person_id)
        refusal = may_administer(known)
        if refusal:
            return refusal
        try:
            tx.people.load(person_id)
        except MissingRowError as error:
            raise NotFoundError(str(error)) from error
        made = add_account(tx, services, person_id, login, password)
        if not isinstance(made, Refusal):
            suspend_agreements(tx, services, known, person_id)
            tx.commit()
        return made


def add_account(
    tx: Transaction,
    services: Services,
    person_id: UUID,
    login: str,
    password: str,
    operator: bool = False,
) -> NewAccount | Refusal:
    """Write an account inside a transaction (also the first operator's, when there is nobody)."""
    login = login.strip()
    if not login or tx.accounts.find(login) is not None:
        return Refusal(
            "account.login_taken",
            N_("The login is empty or taken."),
            N_("Choose another one."),
        )
    refusal = check_password(password)
    if refusal:
        return refusal
    secret = services.second_factor.new_secret()
    account = Account(
        id=services.new_id(),
        login=login,
        person_id=person_id,
        password_hash=services.passwords.hash(password),
        totp_secret=services.secrets.seal(secret, _PURPOSE),
        operator=operator,
    )
    account = tx.accounts.save(account, None)
    tx.audit.add(INSTALLATION, "account.opened", {"account": str(account.id)})
    return NewAccount(account, secret)


def check_password(password: str) -> Refusal | None:
    """Whether a password is long enough to be one."""
    if len(password) >= SHORTEST_PASSWORD:
        return None
    return Refusal(
        "account.password_short",
        N_("The password is shorter than {least} characters."),
        N_("Take a longer one: a few words are easy to remember."),
        {"least": SHORTEST_PASSWORD},
    )


def close_account(services: Services, actor: Actor, account_id: UUID) -> Account | Refusal:
    """Close an account: running sessions end, the documents stay."""
    with services.uow() as tx:
        known = desks.actor_of(tx, actor.person_id)
        refusal = may_administer(known)
        if refusal:
            return refusal
        before = _account(tx, account_id)
        if before.person_id == known.person_id:
            return Refusal(
                "account.own",
                N_("You cannot close your own account: nobody could open it again."),
                N_("Ask another operator."),
            )
        now = services.clock()
        after = replace(before, closed_at=now, credentials=before.credentials + 1)
        after = tx.accounts.save(after, before)
        tx.sessions.end_all(account_id, now)
        tx.audit.add(INSTALLATION, "account.closed", {"account": str(account_id)})
        tx.commit()
        return after


def _account(tx: Transaction, account_id: UUID) -> Account:
    try:
        return tx.accounts.load(account_id)
    except MissingRowError as error:
        raise NotFoundError(str(error)) from error


def reset_password(
    services: Services, actor: Actor, account_id: UUID, password: str
) -> NewAccount | Refusal:
    """Give a new password and a new second factor; running sessions end.

    When it is not one's own, the person's agreements on simple signatures are suspended.
    """
    with services.uow() as tx:
        known = desks.actor_of(tx, actor.person_id)
        refusal = may_administer(known) or check_password(password)
        if refusal:
            return refusal
        before = _account(tx, account_id)
        secret = services.second_factor.new_secret()
        after = replace(
            before,
            password_hash=services.passwords.hash(password),
            totp_secret=services.secrets.seal(secret, _PURPOSE),
            totp_step=None,
            failed_attempts=0,
            locked_until=None,
            credentials=before.credentials + 1,
        )
        after = tx.accounts.save(after, before)
        tx.sessions.end_all(account_id, services.clock())
        suspend_agreements(tx, services, known, before.person_id)
        tx.audit.add(INSTALLATION, "account.password_reset", {"account": str(account_id)})
        tx.commit()
        return NewAccount(after, secret)


def password_is_right(services: Services, account: Account | None, password: str) -> bool:
    """Whether the password is right; takes as long when there is no such account."""
    if account is None:
        services.passwords.hash(password)  # one hash, as a comparison is: time tells nothing
        return False
    right = services.passwords.matches(account.password_hash, password)
    return right and account.closed_at is None


def code_is_right(services: Services, account_id: UUID, code: str) -> bool:
    """Whether the second factor's code is right now; a code counts once."""
    with services.uow() as tx:
        account = tx.accounts.load(account_id)
        if account.totp_secret is None:
            return False
        secret = services.secrets.open(account.totp_secret, _PURPOSE)
        step = services.second_factor.step_of(secret, code, services.clock())
        if step is None or (account.totp_step is not None and step <= account.totp_step):
            return False
        tx.accounts.save(replace(account, totp_step=step), account)
        tx.commit()
        return True


def count_failure(services: Services, login: str) -> None:
    """Count a failed attempt; from the sixth on the account rests, longer each time."""
    with services.uow() as tx:
        account = tx.accounts.find(login)
        if account is None:
            return
        failures = account.failed_attempts + 1
        extra = failures - FREE_ATTEMPTS
        locked = (
            services.clock() + min(_FIRST_LOCK * 2 ** min(extra - 1, 10), _LONGEST_LOCK)
            if extra > 0
            else None
        )
        tx.accounts.save(replace(account, failed_attempts=failures, locked_until=locked), account)
        tx.audit.add(INSTALLATION, "account.attempt_failed", {"account": str(account.id)})
        tx.commit()


def open_session(services: Services, account_id: UUID) -> str:
    """Begin a session and forget failed attempts; return its unguessable id."""
    token = secrets.token_urlsafe(32)
    with services.uow() as tx:
        account = tx.accounts.load(account_id)
        now = services.clock()
        tx.sessions.add(Session(digest_of(token), account_id, now))
        tx.accounts.save(replace(account, failed_attempts=0, locked_until=None), account)
        tx.audit.add(INSTALLATION, "account.signed_in", {"account": str(account_id)})
        tx.commit()
    return token


def session_is_open(services: Services, token: str) -> bool:
    """Whether the session of a browser is known and has not been ended."""
    with services.uow.reading() as tx:
        session = tx.sessions.find(digest_of(token))
        return session is not None and session.ended_at is None


def end_session(services: Services, token: str) -> None:
    """End the session, as when somebody signs out."""
    with services.uow() as tx:
        tx.sessions.end(digest_of(token), services.clock())
        tx.commit()


def digest_of(token: str) -> str:
    """SHA-256 (hex) under which a session is kept."""
    return hashlib.sha256(token.encode()).hexdigest()


def is_locked(account: Account, now: datetime) -> bool:
    """Whether too many wrong passwords keep the account shut at `now`."""
    return account.locked_until is not None and now < account.locked_until
