"""Who may sign in, and the keys kept for people; secrets are encrypted before they come here."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from workflow.domain.regulations import SignatureKind


@dataclass(frozen=True)
class Account:
    """A login of a person.

    `password_hash` is argon2's own text; `totp_secret` is encrypted under a key that is not in
    the database (None: no second factor yet), `totp_step` the time step of the last code that was
    used (a code counts once). `credentials` grows with each change that must end running sessions
    (password, second factor, closing); `version`, which also counts failed attempts, does not
    serve for that.
    """

    id: UUID
    login: str
    person_id: UUID
    password_hash: str = field(repr=False)
    totp_secret: bytes | None = field(default=None, repr=False)
    totp_step: int | None = None
    operator: bool = False
    credentials: int = 1
    failed_attempts: int = 0
    locked_until: datetime | None = None
    closed_at: datetime | None = None
    version: int = 0


@dataclass(frozen=True)
class Session:
    """A signed-in browser. `token_digest` is the SHA-256 (hex) of the id that it carries."""

    token_digest: str
    account_id: UUID
    opened_at: datetime
    ended_at: datetime | None = None


@dataclass(frozen=True)
class PersonKey:
    """A PKCS#12 of a person, encrypted (`sealed`), and what its certificate says.

    `certificate` is the SHA-256 (hex) of the certificate. `kind` comes from the anchor that it
    leads to, None while it leads to none. A key on a token stays there: `token` is what the token
    is called, and `sealed` holds the way to it.
    """

    id: UUID
    person_id: UUID
    sealed: bytes = field(repr=False)
    certificate: str
    owner: str
    serial: str
    valid_from: datetime
    valid_until: datetime
    kind: SignatureKind | None
    training: bool
    added_at: datetime
    removed_at: datetime | None = None
    token: str | None = None
    version: int = 0
