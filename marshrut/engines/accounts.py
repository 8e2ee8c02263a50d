"""Who may sign in, as the pages ask it (`web.auth.Accounts`), answered by the use cases."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from marshrut.engines.throttle import FailureWindow, network_of
from web.access import OPERATOR
from web.auth import Account
from workflow.domain import accounts as domain
from workflow.domain.administration import needs_second_factor
from workflow.domain.mandates import Mandate, filling
from workflow.domain.organisations import Organisation
from workflow.domain.regulations import Role
from workflow.store.errors import MissingRowError
from workflow.store.types import folded
from workflow.store.unit_of_work import Repositories
from workflow.usecases import accounts
from workflow.usecases.services import Services

#: A school sits behind one address: its people together may err more often than one of them.
FREE_ATTEMPTS_OF_ADDRESS = 30


class StoredAccounts:
    """Fills `web.auth.Accounts` from the accounts of the installation."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._by_login = FailureWindow(accounts.FREE_ATTEMPTS)
        self._by_address = FailureWindow(FREE_ATTEMPTS_OF_ADDRESS)

    def find(self, login: str) -> Account | None:
        """See `web.auth.Accounts`; spaces around the login do not count."""
        with self._services.uow.reading() as tx:
            found = tx.accounts.find(login.strip())
            return None if found is None else self._shown(tx, found)

    def get(self, account_id: str) -> Account | None:
        """See `web.auth.Accounts`."""
        try:
            identity = UUID(account_id)
        except ValueError:
            return None
        with self._services.uow.reading() as tx:
            try:
                return self._shown(tx, tx.accounts.load(identity))
            except MissingRowError:
                return None

    def check_password(self, account: Account | None, password: str) -> bool:
        """See `web.auth.Accounts`."""
        known = None
        if account is not None:
            with self._services.uow.reading() as tx:
                known = tx.accounts.load(UUID(account.id))
        # Outside the transaction: argon2 is slow on purpose.
        return accounts.password_is_right(self._services, known, password)

    def check_second_factor(self, account: Account, code: str, now: datetime) -> bool:
        """See `web.auth.Accounts`; the use case reads the same clock as the caller."""
        del now
        return accounts.code_is_right(self._services, UUID(account.id), code)

    def record_failure(self, login: str, address: str, now: datetime) -> None:
        """See `web.auth.Accounts`."""
        self._by_login.record(folded(login), now)
        self._by_address.record(network_of(address), now)
        accounts.count_failure(self._services, login.strip())

    def record_success(self, account: Account, address: str, now: datetime) -> None:
        """See `web.auth.Accounts`.

        The address is not forgiven: an own account must not buy further tries at others'.
        """
        del address, now
        self._by_login.forget(folded(account.login))

    def locked_until(self, login: str, address: str, now: datetime) -> datetime | None:
        """See `web.auth.Accounts`; the latest of what login, account and address say."""
        moments = [
            self._by_login.locked_until(folded(login), now),
            self._by_address.locked_until(network_of(address), now),
        ]
        with self._services.uow.reading() as tx:
            found = tx.accounts.find(login.strip())
        if found is not None and accounts.is_locked(found, now):
            moments.append(found.locked_until)
        return max((moment for moment in moments if moment is not None), default=None)

    def open_session(self, account: Account, now: datetime) -> str:
        """See `web.auth.Accounts`."""
        del now
        return accounts.open_session(self._services, UUID(account.id))

    def session_is_open(self, session_id: str) -> bool:
        return accounts.session_is_open(self._services, session_id)

    def end_session(self, session_id: str) -> None:
        accounts.end_session(self._services, session_id)

    def _shown(self, tx: Repositories, account: domain.Account) -> Account:
        person = tx.people.load(account.person_id)
        held, places = self._held_today(tx, account.person_id)
        # Whoever signs needs the code; without a secret no code is right, so nobody gets in.
        signs = any(needs_second_factor([mandate], mandate.since) for mandate in held)
        return Account(
            id=str(account.id),
            login=account.login,
            name=person.short_name,
            version=account.credentials,
            person_id=person.id,
            roles=roles_of(held) | ({OPERATOR} if account.operator else set()),
            closed=account.closed_at is not None,
            second_factor=account.totp_secret is not None or signs or account.operator,
            regulations=frozenset(place.pack for place in places if place.pack),
            in_pairs=tx.pairs.names_one_of([e.id for e in tx.employments.of_person(person.id)]),
        )

    def _held_today(
        self, tx: Repositories, person_id: UUID
    ) -> tuple[list[Mandate], list[Organisation]]:
        """Return the mandates in force on the local day of their organisations, and these."""
        mandates = tx.mandates.of_person(person_id)
        places = tx.organisations.load_many(m.organisation_id for m in mandates)
        now = self._services.clock()
        held = [m for m in mandates if m.in_force(places[m.organisation_id].local_day(now))]
        return held, [places[one] for one in {m.organisation_id for m in held}]


def roles_of(held: list[Mandate]) -> frozenset[str]:
    """Return the roles that these mandates fill: an acting head is a head, too."""
    roles = {mandate.role for mandate in held}
    return frozenset(role.value for role in Role if roles.intersection(filling(role)))
