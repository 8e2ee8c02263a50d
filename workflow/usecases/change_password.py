"""A person changes the own password: knows the old one, chooses another one."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

from workflow.domain.accounts import Account
from workflow.domain.mandates import Actor
from workflow.domain.refusals import N_, Refusal
from workflow.store.audit import INSTALLATION
from workflow.store.errors import MissingRowError
from workflow.store.unit_of_work import Repositories
from workflow.usecases import accounts
from workflow.usecases.errors import NotFoundError
from workflow.usecases.services import Services


def change_password(
    services: Services, actor: Actor, account_id: UUID, old: str, new: str
) -> Account | Refusal:
    """Give the actor's own account another password; every session of it ends.

    A wrong old password is counted and makes the account rest, as at signing in. The second
    factor stays. Agreements on simple signatures stay in force: nobody else knows the password.
    NotFoundError for an account that is not the actor's own, or is closed.
    """
    with services.uow.reading() as tx:
        account = _own(tx, actor, account_id)
    refusal = _rests(account, services) or accounts.check_password(new)
    if refusal:
        return refusal
    # Outside any transaction: argon2 is slow on purpose.
    if not accounts.password_is_right(services, account, old):
        accounts.count_failure(services, account.login)
        return Refusal("password.wrong_old", N_("The old password is wrong."))
    if new == old:
        return Refusal(
            "password.same",
            N_("The new password is the old one."),
            N_("Think of another one."),
        )
    password_hash = services.passwords.hash(new)
    with services.uow() as tx:
        before = _own(tx, actor, account_id)
        if before.credentials != account.credentials:
            return Refusal(
                "password.changed_meanwhile",
                N_("The password was changed meanwhile, so the old one is old no more."),
                N_("Sign in and try once more."),
            )
        after = replace(
            before,
            password_hash=password_hash,
            failed_attempts=0,
            locked_until=None,
            credentials=before.credentials + 1,
        )
        after = tx.accounts.save(after, before)
        tx.sessions.end_all(account_id, services.clock())
        tx.audit.add(INSTALLATION, "account.password_changed", {"account": str(account_id)})
        tx.commit()
        return after


def _own(tx: Repositories, actor: Actor, account_id: UUID) -> Account:
    try:
        account = tx.accounts.load(account_id)
    except MissingRowError as error:
        raise NotFoundError(f"account {account_id}") from error
    if account.person_id != actor.person_id or account.closed_at is not None:
        raise NotFoundError(f"account {account_id} is not of {actor.person_id}")
    return account


def _rests(account: Account, services: Services) -> Refusal | None:
    if not accounts.is_locked(account, services.clock()):
        return None
    return Refusal(
        "password.locked",
        N_("Too many wrong passwords: the account rests until {until}."),
        N_("Try again later. The password has not changed."),
        {"until": account.locked_until},
    )
