"""Recognise a person anew for one act: the password, and the code where the account has one."""

from __future__ import annotations

from dataclasses import dataclass, field
from uuid import UUID

from workflow.domain.accounts import Account
from workflow.domain.mandates import Actor
from workflow.domain.refusals import N_, Refusal
from workflow.domain.simple_signatures import Authentication
from workflow.store.unit_of_work import Repositories
from workflow.usecases import accounts
from workflow.usecases.accounts import digest_of
from workflow.usecases.services import Services


@dataclass(frozen=True)
class Proof:
    """What a person shows of being who they are.

    `account_id` names the account that they are signed in with (None: they have only one),
    `session` is the browser's session id ("" outside of a browser).
    """

    password: str = field(repr=False)
    code: str = field(default="", repr=False)
    account_id: UUID | None = None
    session: str = field(default="", repr=False)


@dataclass(frozen=True)
class Proven:
    """Who was recognised, as the account was then, and how."""

    account_id: UUID
    credentials: int
    recognised: Authentication


def prove(services: Services, actor: Actor, proof: Proof) -> Proven | Refusal:
    """Check the proof now; wrong ones are counted and make the account rest, as at signing in.

    Slow on purpose (argon2), so outside any transaction of the caller's.
    """
    with services.uow.reading() as tx:
        account = _account_of(tx, actor.person_id, proof)
    if account is None:
        return _session_over()
    if accounts.is_locked(account, services.clock()):
        return Refusal(
            "proof.locked",
            N_("Too many wrong passwords: the account rests until {until}."),
            N_("Try again later. The document has not changed."),
            {"until": account.locked_until},
        )
    if not accounts.password_is_right(services, account, proof.password):
        accounts.count_failure(services, account.login)
        return Refusal("proof.wrong_password", N_("The password is wrong."))
    if account.totp_secret is not None and not accounts.code_is_right(
        services, account.id, proof.code
    ):
        accounts.count_failure(services, account.login)
        return Refusal(
            "proof.wrong_code",
            N_("The code is wrong or has been used already."),
            N_("Wait for the next code of the application."),
        )
    recognised = Authentication(
        password=True,
        second_factor=account.totp_secret is not None,
        session=digest_of(proof.session) if proof.session else "",
    )
    return Proven(account.id, account.credentials, recognised)


def still_proven(tx: Repositories, actor: Actor, proven: Proven, proof: Proof) -> Refusal | None:
    """Whether what was proven holds in the transaction that writes: no new password since."""
    account = _account_of(tx, actor.person_id, proof)
    same = account is not None and account.id == proven.account_id
    if same and account is not None and account.credentials == proven.credentials:
        return None
    return _session_over()


def _account_of(tx: Repositories, person_id: UUID, proof: Proof) -> Account | None:
    """The person's own open account, and the session that belongs to it."""
    own = [a for a in tx.accounts.of_person(person_id) if a.closed_at is None]
    if proof.account_id is not None:
        own = [a for a in own if a.id == proof.account_id]
    if len(own) != 1:
        return None
    if proof.session:
        session = tx.sessions.find(digest_of(proof.session))
        if session is None or session.ended_at is not None or session.account_id != own[0].id:
            return None
    return own[0]


def _session_over() -> Refusal:
    return Refusal(
        "proof.nobody",
        N_("You are not signed in with this account any more."),
        N_("Sign in again. The document has not changed."),
    )
