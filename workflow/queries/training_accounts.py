"""The accounts of a training installation, with everything needed to sign in by them.

Only a database that was made for training answers; that never changes for a database.
"""

from __future__ import annotations

from dataclasses import dataclass

from workflow.domain.accounts import Account
from workflow.store.unit_of_work import Repositories
from workflow.usecases.errors import NotFoundError
from workflow.usecases.services import Services

MOST = 200
_PURPOSE = "totp"


@dataclass(frozen=True)
class TrainingAccount:
    """A login with the secret of its second factor; `operator` has no post."""

    login: str
    name: str
    post: str
    organisation: str
    operator: bool
    secret: bytes


@dataclass(frozen=True)
class TrainingLogins:
    """All logins and the passwords that they share."""

    accounts: tuple[TrainingAccount, ...]
    password: str
    key_password: str


def training_logins(services: Services) -> TrainingLogins:
    """Return the logins; NotFoundError in a real installation."""
    with services.uow.reading() as tx:
        installation = tx.installations.find()
        if installation is None or not installation.training:
            raise NotFoundError("training logins")
        accounts = [a for a in tx.accounts.page(limit=MOST).items if a.closed_at is None]
        rows = [_shown(tx, services, a) for a in reversed(accounts) if a.totp_secret is not None]
        settings = installation.settings
        return TrainingLogins(
            tuple(rows), str(settings.get("password", "")), str(settings.get("key_password", ""))
        )


def _shown(tx: Repositories, services: Services, account: Account) -> TrainingAccount:
    assert account.totp_secret is not None
    person = tx.people.load(account.person_id)
    posts = tx.employments.of_person(account.person_id)
    organisation = tx.organisations.load(posts[0].organisation_id) if posts else None
    return TrainingAccount(
        login=account.login,
        name=person.full_name,
        post=posts[0].post if posts else "",
        organisation=organisation.short_name if organisation else "",
        operator=account.operator,
        secret=services.secrets.open(account.totp_secret, _PURPOSE),
    )
