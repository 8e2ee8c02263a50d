"""Stand-ins for what the pages ask of the rest of the house."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import cast

from flask import Flask

from web.app import create_app
from web.auth import Account
from web.second_factor import Authenticator
from web.services import Services
from web.settings import WebSettings
from web.words import russian
from workflow.usecases.services import Services as WorkServices

MORNING = datetime(2026, 5, 4, 6, 30, tzinfo=UTC)
SECRET = b"12345678901234567890"
CLERK = Account("a1", "zaitseva", "Зайцева Т. К.", 1, frozenset({"clerk"}))
HEAD = Account("a2", "belova", "Белова Я. Н.", 1, frozenset({"head"}), second_factor=True)
PASSWORDS = {"zaitseva": "сирень под окном", "belova": "тихая гавань 7"}
NO_WORK = cast(WorkServices, None)
"""For pages that ask nothing of the workflow: touching it is an AttributeError."""
LOCK_AFTER = 3  # failures


@dataclass
class FakeClock:
    """A clock that stands until it is moved."""

    moment: datetime = MORNING

    def __call__(self) -> datetime:
        return self.moment

    def forward(self, by: timedelta) -> None:
        self.moment += by


@dataclass
class FakeAccounts:
    """Accounts in memory; locks a login for ten minutes after three failures."""

    accounts: dict[str, Account] = field(
        default_factory=lambda: {account.id: account for account in (CLERK, HEAD)}
    )
    failures: list[tuple[str, str, datetime]] = field(default_factory=list)
    successes: list[str] = field(default_factory=list)
    open_sessions: set[str] = field(default_factory=set)
    last_steps: dict[str, int] = field(default_factory=dict)
    numbers: Iterator[int] = field(default_factory=lambda: count(1))

    def change(self, account: Account, **changes: object) -> None:
        """Store a changed account under the next version."""
        changed = replace(account, version=account.version + 1, **changes)  # type: ignore[arg-type]  # a test names real fields
        self.accounts[account.id] = changed

    def find(self, login: str) -> Account | None:
        same = (a for a in self.accounts.values() if a.login == login.casefold())
        return next(same, None)

    def get(self, account_id: str) -> Account | None:
        return self.accounts.get(account_id)

    def check_password(self, account: Account | None, password: str) -> bool:
        return account is not None and PASSWORDS[account.login] == password

    def check_second_factor(self, account: Account, code: str, now: datetime) -> bool:
        step = Authenticator().step_of(SECRET, code, now)
        if step is None or step <= self.last_steps.get(account.id, 0):
            return False
        self.last_steps[account.id] = step
        return True

    def record_failure(self, login: str, address: str, now: datetime) -> None:
        self.failures.append((login, address, now))

    def record_success(self, account: Account, address: str, now: datetime) -> None:
        self.successes.append(account.id)

    def locked_until(self, login: str, address: str, now: datetime) -> datetime | None:
        failed = [at for name, _address, at in self.failures if name == login]
        if len(failed) < LOCK_AFTER:
            return None
        until = failed[-1] + timedelta(minutes=10)
        return until if until > now else None

    def open_session(self, account: Account, now: datetime) -> str:
        session_id = f"s{next(self.numbers)}"
        self.open_sessions.add(session_id)
        return session_id

    def session_is_open(self, session_id: str) -> bool:
        return session_id in self.open_sessions

    def end_session(self, session_id: str) -> None:
        self.open_sessions.discard(session_id)


def make_app(
    accounts: FakeAccounts | None = None,
    now: Callable[[], datetime] | None = None,
    work: WorkServices | None = None,
    **settings: object,
) -> Flask:
    """Return the real application over fakes; `settings` override those of a training one."""
    chosen: dict[str, object] = {
        "secret_key": b"k" * 32,
        "secure_cookies": False,
        "training": True,
        "hosts": ("localhost", "127.0.0.1"),
    }
    services = Services(
        now=now or FakeClock(), accounts=accounts or FakeAccounts(), work=work or NO_WORK
    )
    return create_app(services, russian(), WebSettings(**(chosen | settings)))  # type: ignore[arg-type]  # a test names real settings
